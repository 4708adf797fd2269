// A parsed X.509 certificate with the questions that peer verification asks it. Inside core/crypto only.
#pragma once

#include <openssl/x509.h>

#include <QByteArray>

#include <memory>
#include <optional>
#include <vector>

namespace tokenlab::crypto {

class Certificate
{
public:
    [[nodiscard]] static std::optional<Certificate> fromDer(QByteArrayView der);

    [[nodiscard]] const QByteArray &der() const { return m_der; }
    [[nodiscard]] const QByteArray &digest() const { return m_digest; }
    [[nodiscard]] const QByteArray &subject() const { return m_subject; } // DER of the name
    [[nodiscard]] QByteArray issuer() const;
    [[nodiscard]] QByteArray subjectKeyId() const;
    [[nodiscard]] QByteArray authorityKeyId() const;
    [[nodiscard]] qint64 notBefore() const;
    [[nodiscard]] qint64 notAfter() const;
    [[nodiscard]] bool hasUnhandledCritical() const;
    [[nodiscard]] bool hasBasicConstraints() const;
    [[nodiscard]] bool isCa() const;
    [[nodiscard]] int pathLength() const; // -1: none
    [[nodiscard]] bool allowsServerAuth() const;
    [[nodiscard]] bool isSameIdentity(const Certificate &other) const; // subject, key and alternative names
    // Why the parent did not sign this one, in the gateway's words; nothing if it did.
    [[nodiscard]] std::optional<QByteArray> notSignedBy(const Certificate &parent) const;
    // Why this is no certificate of that host; nothing if it is. Alternative names only.
    [[nodiscard]] std::optional<QByteArray> notNamed(QByteArrayView host) const;
    // Why this authority's name constraints do not let that certificate stand below it; nothing if they do. DNS names and addresses.
    [[nodiscard]] std::optional<QByteArray> notAllowing(const Certificate &below) const;
    [[nodiscard]] QByteArray displayName() const; // common name, else organisation, else serial number
    [[nodiscard]] QByteArray spkiDigest() const;
    [[nodiscard]] std::vector<QByteArray> alternativeNames() const; // DNS names and addresses, as printed
    [[nodiscard]] X509 *handle() const { return m_x509.get(); }

private:
    struct Free {
        void operator()(X509 *x) const { X509_free(x); }
    };
    std::shared_ptr<X509> m_x509;
    QByteArray m_der, m_digest, m_subject;
};

// Bytes of each CERTIFICATE block by the gateway's reading (Go's encoding/pem): a block begins and ends on lines of its own, those with
// headers, of other types or with bad base64 are skipped.
[[nodiscard]] std::vector<QByteArray> pemCertificates(QByteArrayView pem);

[[nodiscard]] QByteArray goQuoted(QByteArrayView text); // %q of plain texts

} // namespace tokenlab::crypto
