// Between the files that import keys. Inside core/keys only.
#pragma once

#include "core/keys/import.h"

namespace tokenlab::keys {

inline constexpr int maxBlocks = 1000;

struct Place {
    int block = 1;
    int line = 0;
    QByteArray label;
};

[[nodiscard]] ImportError errorOf(const crypto::KeyReadError &error, Form form, const Place &place);
[[nodiscard]] ImportError errorAt(ImportError::Kind kind, Form form, const Place &place, const QByteArray &detail = {});

// What was found before it becomes entries: certificates and the private keys they belong to find each other.
class Collector
{
public:
    void add(const jose::Key &key, Form form, const Place &place, const QByteArray &name = {});
    void add(Entry entry, Form form, const Place &place);
    void add(crypto::CertificateRead certificate, const Place &place);
    void skip(ImportError error) { m_imported.skipped.push_back(std::move(error)); }
    [[nodiscard]] Imported finish();

private:
    struct Found {
        std::optional<jose::Key> key;
        std::optional<Entry> entry;
        Imported::Source source;
    };
    struct Certificate {
        crypto::CertificateRead read;
        Place place;
    };
    std::vector<Found> m_found;
    std::vector<Certificate> m_certificates;
    Imported m_imported;
};

// The body of `BEGIN OPENSSH PRIVATE KEY`.
[[nodiscard]] std::optional<ImportError> readOpenSshPrivate(QByteArrayView body, const Place &place, Collector &into);
[[nodiscard]] bool looksLikeOpenSshPublic(QByteArrayView text);
[[nodiscard]] std::optional<ImportError> readOpenSshPublic(QByteArrayView text, Collector &into);

[[nodiscard]] bool looksLikePem(QByteArrayView text);
[[nodiscard]] std::optional<ImportError> readPem(QByteArrayView text, const ImportOptions &options, Collector &into);
[[nodiscard]] std::optional<ImportError> readDer(QByteArrayView der, crypto::DerShape shape, const Place &place,
                                                 const ImportOptions &options, Collector &into);
[[nodiscard]] std::optional<ImportError> readJson(QByteArrayView text, Collector &into);

[[nodiscard]] std::vector<Reading> readingsOf(QByteArrayView text);
[[nodiscard]] Result<Reading, ImportError> readSecret(QByteArrayView file, SecretEncoding encoding);

} // namespace tokenlab::keys
