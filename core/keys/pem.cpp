// PEM (RFC 7468, and RFC 1421 for the older encryption) and DER.
#include "core/keys/import_p.h"

#include "core/jose/base64.h"

namespace tokenlab::keys {
namespace {

using crypto::DerShape;
using crypto::SecretBytes;

constexpr QByteArrayView begin = "-----BEGIN ";
constexpr QByteArrayView end = "-----END ";
constexpr QByteArrayView dashes = "-----";

// The label of `-----BEGIN X-----`; none where it is another line.
std::optional<QByteArray> labelIn(QByteArrayView line, QByteArrayView prefix)
{
    line = line.trimmed();
    if (!line.startsWith(prefix) || !line.endsWith(dashes) || line.size() < prefix.size() + dashes.size())
        return {};
    return line.sliced(prefix.size(), line.size() - prefix.size() - dashes.size()).toByteArray();
}

struct Lines {
    QByteArrayView rest;
    int number = 0;

    [[nodiscard]] bool atEnd() const { return rest.isEmpty(); }
    QByteArrayView next()
    {
        ++number;
        const qsizetype at = rest.indexOf('\n');
        const QByteArrayView line = at < 0 ? rest : rest.first(at);
        rest = at < 0 ? QByteArrayView() : rest.sliced(at + 1);
        return line;
    }
};

Form formOf(DerShape shape)
{
    switch (shape) {
    case DerShape::Pkcs1Private:
        return Form::Pkcs1Private;
    case DerShape::Pkcs1Public:
        return Form::Pkcs1Public;
    case DerShape::Sec1:
        return Form::Sec1;
    case DerShape::Pkcs8:
        return Form::Pkcs8;
    case DerShape::EncryptedPkcs8:
        return Form::EncryptedPkcs8;
    case DerShape::Spki:
        return Form::Spki;
    case DerShape::Certificate:
        return Form::Certificate;
    case DerShape::Pkcs12:
        return Form::Pkcs12;
    case DerShape::None:
        break;
    }
    return Form::Unknown;
}

Form formOf(const QByteArray &label)
{
    if (label == "RSA PRIVATE KEY")
        return Form::Pkcs1Private;
    if (label == "RSA PUBLIC KEY")
        return Form::Pkcs1Public;
    if (label == "EC PRIVATE KEY")
        return Form::Sec1;
    if (label == "PRIVATE KEY")
        return Form::Pkcs8;
    if (label == "ENCRYPTED PRIVATE KEY")
        return Form::EncryptedPkcs8;
    if (label == "PUBLIC KEY")
        return Form::Spki;
    if (label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE")
        return Form::Certificate;
    if (label == "OPENSSH PRIVATE KEY")
        return Form::OpenSshPrivate;
    return Form::Unknown;
}

// The first element of a TRUSTED CERTIFICATE is the certificate; OpenSSL's opinion follows.
QByteArrayView firstElement(QByteArrayView der)
{
    for (qsizetype size = der.size(); size > 0; --size)
        if (crypto::recogniseDer(der.first(size)) == DerShape::Certificate)
            return der.first(size);
    return der;
}

class PemReader
{
public:
    PemReader(QByteArrayView text, const ImportOptions &options, Collector &into) : m_lines{text, 0}, m_options(options), m_into(into) {}

    std::optional<ImportError> read()
    {
        while (!m_lines.atEnd()) {
            const auto label = labelIn(m_lines.next(), begin);
            if (!label)
                continue; // text between the blocks, as `openssl pkcs12` writes it
            const Place place{++m_block, m_lines.number, label->left(60)};
            if (m_block > maxBlocks)
                return errorAt(ImportError::TooMany, Form::Unknown, place);
            if (auto error = block(place, *label))
                return error;
        }
        return {};
    }

private:
    std::optional<ImportError> block(const Place &place, const QByteArray &label)
    {
        const Form form = formOf(label);
        QByteArray header;
        QByteArray body; // wiped below
        bool closed = false;
        while (!m_lines.atEnd()) {
            const QByteArrayView line = m_lines.next().trimmed();
            if (const auto ended = labelIn(line, end)) {
                if (*ended != label)
                    return wiped(body, errorAt(ImportError::Broken, form, place, "it ends as " + ended->left(60)));
                closed = true;
                break;
            }
            if (labelIn(line, begin))
                break;
            if (line.contains(':'))
                header += line.toByteArray() + '\n';
            else if (body.isEmpty() && !header.isEmpty() && header.endsWith(",\n"))
                header += line.toByteArray() + '\n'; // a header that goes on
            else
                body += line;
        }
        if (!closed)
            return wiped(body, errorAt(ImportError::Broken, form, place, "no END line"));
        auto bytes = jose::decodeBase64(body);
        crypto::wipe(body);
        if (!bytes)
            return errorAt(ImportError::Broken, form, place, jose::gatewayText(bytes.error()));
        SecretBytes der{QByteArrayView(*bytes)};
        crypto::wipe(*bytes);
        return content(place, label, form, header, der);
    }

    static ImportError wiped(QByteArray &body, ImportError error)
    {
        crypto::wipe(body);
        return error;
    }

    std::optional<ImportError> content(const Place &place, const QByteArray &label, Form form, const QByteArray &header, SecretBytes der)
    {
        if (header.contains("ENCRYPTED")) {
            auto opened = crypto::openLegacyPem(header, der.view(), m_options.passphrase);
            if (!opened)
                return errorOf(opened.error(), Form::LegacyPem, place);
            der = std::move(*opened);
            // The padding of a wrong passphrase passes once in 256 times.
            if (crypto::recogniseDer(der.view()) == DerShape::None)
                return errorAt(ImportError::WrongPassphrase, Form::LegacyPem, place);
        }
        if (form == Form::OpenSshPrivate)
            return readOpenSshPrivate(der.view(), place, m_into);
        if (form == Form::Unknown) {
            const bool key = label.endsWith("PRIVATE KEY") || label.endsWith("PUBLIC KEY");
            const ImportError error = errorAt(key ? ImportError::UnsupportedKey : ImportError::NoKey, Form::Unknown, place, label.left(60));
            m_into.skip(error);
            return {};
        }
        const QByteArrayView bytes =
            label == "TRUSTED CERTIFICATE" ? firstElement(der.view().first(qMin<qsizetype>(der.size(), 65536))) : der.view();
        const DerShape shape = crypto::recogniseDer(bytes);
        if (shape == DerShape::None)
            return errorAt(ImportError::Broken, form, place, "its content is no such key");
        return readDer(bytes, shape, place, m_options, m_into);
    }

    Lines m_lines;
    const ImportOptions &m_options;
    Collector &m_into;
    int m_block = 0;
};

} // namespace

bool looksLikePem(QByteArrayView text)
{
    Lines lines{text, 0};
    while (!lines.atEnd())
        if (labelIn(lines.next(), begin))
            return true;
    return false;
}

std::optional<ImportError> readPem(QByteArrayView text, const ImportOptions &options, Collector &into)
{
    return PemReader(text, options, into).read();
}

std::optional<ImportError> readDer(QByteArrayView der, DerShape shape, const Place &place, const ImportOptions &options, Collector &into)
{
    const Form form = formOf(shape);
    // What is no use here does not keep the rest out.
    const auto failed = [&](const crypto::KeyReadError &error) -> std::optional<ImportError> {
        ImportError told = errorOf(error, form, place);
        if (told.kind != ImportError::UnsupportedKey)
            return told;
        into.skip(std::move(told));
        return {};
    };
    const auto add = [&](const crypto::KeyNumbers &numbers, const QByteArray &name) -> std::optional<ImportError> {
        const auto key = jose::keyFrom(numbers, {});
        if (!key)
            return errorAt(ImportError::Broken, form, place, key.error().text);
        into.add(*key, form, place, name);
        return {};
    };
    if (shape == DerShape::Certificate) {
        auto read = crypto::readCertificateDer(der);
        if (!read)
            return failed(read.error());
        into.add(std::move(*read), place);
        return {};
    }
    if (shape == DerShape::Pkcs12) {
        auto read = crypto::readPkcs12(der, options.passphrase);
        if (!read)
            return failed(read.error());
        for (const crypto::Pkcs12Read::NamedKey &one : read->keys)
            if (auto error = add(one.key, one.name))
                return error;
        for (crypto::CertificateRead &certificate : read->certificates)
            into.add(std::move(certificate), place);
        for (const QByteArray &kind : read->unsupported)
            into.skip(errorAt(ImportError::UnsupportedKey, form, place, kind));
        return {};
    }
    const auto numbers = crypto::readKeyDer(der, shape, options.passphrase);
    if (!numbers)
        return failed(numbers.error());
    return add(*numbers, {});
}

} // namespace tokenlab::keys
