#include "core/crypto/peerverify.h"

#include "core/crypto/certificate_p.h"

#include <openssl/ssl.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QMutex>
#include <QSet>

#include <algorithm>

namespace tokenlab::crypto {

struct CertificatePool::Private {
    std::vector<Certificate> certificates;
    QSet<QByteArray> known; // digests, so that each is held once
    QMultiHash<QByteArray, std::size_t> bySubject;

    bool add(Certificate certificate)
    {
        const QByteArray digest = certificate.digest();
        if (known.contains(digest))
            return false;
        known.insert(digest);
        bySubject.insert(certificate.subject(), certificates.size());
        certificates.push_back(std::move(certificate));
        return true;
    }
};

namespace {

constexpr int MaxSignatureChecks = 100;

qsizetype addPemTo(CertificatePool::Private &pool, QByteArrayView pem)
{
    qsizetype taken = 0;
    for (const QByteArray &der : pemCertificates(pem)) {
        if (auto certificate = Certificate::fromDer(der))
            taken += pool.add(*std::move(certificate)) ? 1 : 0;
    }
    return taken;
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::shared_ptr<const CertificatePool::Private> readSystemRoots(const QByteArray &fileVariable, const QByteArray &dirVariable)
{
    auto pool = std::make_shared<CertificatePool::Private>();
    QStringList files{QStringLiteral("/etc/ssl/certs/ca-certificates.crt"),
                      QStringLiteral("/etc/pki/tls/certs/ca-bundle.crt"),
                      QStringLiteral("/etc/ssl/ca-bundle.pem"),
                      QStringLiteral("/etc/pki/tls/cacert.pem"),
                      QStringLiteral("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
                      QStringLiteral("/etc/ssl/cert.pem")};
    QStringList folders{QStringLiteral("/etc/ssl/certs"), QStringLiteral("/etc/pki/tls/certs")};
    if (!fileVariable.isEmpty())
        files = {QFile::decodeName(fileVariable)};
    if (!dirVariable.isEmpty())
        folders = QFile::decodeName(dirVariable).split(QLatin1Char(':'));
    for (const QString &path : files) {
        if (QFile::exists(path)) {
            addPemTo(*pool, readFile(path));
            break;
        }
    }
    for (const QString &folder : folders) {
        QSet<QString> seen; // hash links lead to files of the same folder
        const QFileInfoList entries = QDir(folder).entryInfoList(QDir::Files);
        for (const QFileInfo &entry : entries) {
            const QString path = entry.canonicalFilePath();
            if (seen.contains(path))
                continue;
            seen.insert(path);
            addPemTo(*pool, readFile(path));
        }
    }
    return pool;
}

QByteArray rfc3339(qint64 seconds, bool local)
{
    QDateTime time = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
    if (local) {
        const int offset = time.toLocalTime().offsetFromUtc();
        if (offset != 0)
            time = time.toOffsetFromUtc(offset);
    }
    return time.toString(Qt::ISODate).toLatin1();
}

struct Trouble {
    PeerError::Kind kind = PeerError::Other;
    QByteArray text;
};

// One verification: what is fixed during it, and the count that bounds its work.
class PathBuilder
{
public:
    PathBuilder(const CertificatePool::Private &roots, const std::vector<Certificate> &sent, Instant now)
        : m_roots(roots), m_sent(sent), m_now(now)
    {
    }

    using Path = std::vector<const Certificate *>;
    enum class Role { Leaf, Intermediate, Root };

    [[nodiscard]] std::optional<Trouble> unfit(const Certificate &certificate, Role role, const Path &path) const
    {
        if (certificate.hasUnhandledCritical())
            return Trouble{PeerError::Other, "x509: unhandled critical extension"};
        if (m_now.secondsSinceEpoch < certificate.notBefore())
            return expired("before", certificate.notBefore());
        if (m_now.secondsSinceEpoch > certificate.notAfter())
            return expired("after", certificate.notAfter());
        for (const Certificate *below : path) {
            if (const auto why = certificate.notAllowing(*below))
                return Trouble{PeerError::Other,
                               "x509: a root or intermediate certificate is not authorized to sign for this name: " + *why};
        }
        if (role == Role::Intermediate && !(certificate.hasBasicConstraints() && certificate.isCa()))
            return Trouble{PeerError::Untrusted, "x509: certificate is not authorized to sign other certificates"};
        if (certificate.hasBasicConstraints() && certificate.pathLength() >= 0 && int(path.size()) - 1 > certificate.pathLength())
            return Trouble{PeerError::Untrusted, "x509: too many intermediates for path length constraint"};
        return std::nullopt;
    }

    // All paths from the last of `path` to a root.
    std::vector<Path> build(const Path &path, std::optional<Trouble> &trouble)
    {
        std::vector<Path> found;
        const Certificate &child = *path.back();
        QByteArray hint;
        const Certificate *hintCertificate = nullptr;
        trouble.reset();
        const auto consider = [&](const Certificate &candidate, Role role) {
            if (++m_checks > MaxSignatureChecks) {
                trouble = Trouble{PeerError::Other, "x509: signature check attempts limit reached while verifying certificate chain"};
                return;
            }
            for (const Certificate *one : path) {
                if (one->isSameIdentity(candidate))
                    return;
            }
            const auto note = [&](const QByteArray &why) {
                if (!hintCertificate) {
                    hint = why;
                    hintCertificate = &candidate;
                }
            };
            if (const auto why = child.notSignedBy(candidate))
                return note(*why);
            trouble = unfit(candidate, role, path);
            if (trouble)
                return note(trouble->text);
            Path longer = path;
            longer.push_back(&candidate);
            if (role == Role::Root) {
                found.push_back(std::move(longer));
            } else {
                std::vector<Path> further = build(longer, trouble);
                found.insert(found.end(), further.begin(), further.end());
            }
        };
        for (const std::size_t index : parents(child))
            if (m_checks <= MaxSignatureChecks)
                consider(m_roots.certificates[index], Role::Root);
        for (std::size_t i = 1; i < m_sent.size() && m_checks <= MaxSignatureChecks; ++i)
            if (m_sent[i].subject() == child.issuer())
                consider(m_sent[i], Role::Intermediate);
        if (!found.empty()) {
            trouble.reset();
        } else if (!trouble) {
            trouble = Trouble{PeerError::Untrusted, "x509: certificate signed by unknown authority"};
            if (hintCertificate)
                trouble->text += " (possibly because of " + goQuoted(hint) + " while trying to verify candidate authority certificate " +
                                 goQuoted(hintCertificate->displayName()) + ')';
        }
        return found;
    }

private:
    [[nodiscard]] Trouble expired(const char *word, qint64 limit) const
    {
        return {PeerError::Expired, QByteArray("x509: certificate has expired or is not yet valid: current time ") +
                                        rfc3339(m_now.secondsSinceEpoch, true) + " is " + word + ' ' + rfc3339(limit, false)};
    }

    // Roots of the child's issuer name; those whose key identifier fits come first.
    [[nodiscard]] std::vector<std::size_t> parents(const Certificate &child) const
    {
        std::vector<std::size_t> fitting, unknown, other;
        const QByteArray wanted = child.authorityKeyId();
        QList<std::size_t> named = m_roots.bySubject.values(child.issuer());
        std::sort(named.begin(), named.end());
        for (const std::size_t index : named) {
            const QByteArray id = m_roots.certificates[index].subjectKeyId();
            (id == wanted && !id.isEmpty() ? fitting : id.isEmpty() || wanted.isEmpty() ? unknown : other).push_back(index);
        }
        fitting.insert(fitting.end(), unknown.begin(), unknown.end());
        fitting.insert(fitting.end(), other.begin(), other.end());
        return fitting;
    }

    const CertificatePool::Private &m_roots;
    const std::vector<Certificate> &m_sent;
    Instant m_now;
    int m_checks = 0;
};

bool usableForServers(const PathBuilder::Path &path)
{
    for (const Certificate *certificate : path) {
        if (!certificate->allowsServerAuth())
            return false;
    }
    return true;
}

} // namespace

CertificatePool::CertificatePool() : m_d(std::make_shared<Private>()) {}

CertificatePool CertificatePool::system()
{
    static QMutex mutex;
    static QHash<QByteArray, std::shared_ptr<const Private>> cache;
    const QByteArray file = qgetenv("SSL_CERT_FILE");
    const QByteArray folder = qgetenv("SSL_CERT_DIR");
    const QByteArray key = file + '\0' + folder;
    const QMutexLocker lock(&mutex);
    std::shared_ptr<const Private> &entry = cache[key];
    if (!entry)
        entry = readSystemRoots(file, folder);
    CertificatePool pool;
    pool.m_d = entry;
    return pool;
}

qsizetype CertificatePool::addPem(QByteArrayView pem)
{
    auto copy = std::make_shared<Private>(*m_d);
    const qsizetype taken = addPemTo(*copy, pem);
    m_d = std::move(copy);
    return taken;
}

qsizetype CertificatePool::size() const
{
    return qsizetype(m_d->certificates.size());
}

Result<VerifiedPeer, PeerError> verifyPeer(std::span<const QByteArray> sent, const CertificatePool &roots, QByteArrayView host, Instant now)
{
    if (sent.empty())
        return fail(PeerError{PeerError::NoCertificate, "tls: received empty certificates message"});
    std::vector<Certificate> certificates;
    for (const QByteArray &der : sent) {
        auto certificate = Certificate::fromDer(der);
        if (!certificate)
            return fail(PeerError{PeerError::Unparsable, "tls: failed to parse certificate from server: x509: malformed certificate"});
        certificates.push_back(*std::move(certificate));
    }
    const auto refuse = [](PeerError::Kind kind, const QByteArray &text) {
        return fail(PeerError{kind, "tls: failed to verify certificate: " + text});
    };
    const Certificate &leaf = certificates.front();
    PathBuilder builder(roots.data(), certificates, now);
    if (const auto trouble = builder.unfit(leaf, PathBuilder::Role::Leaf, {}))
        return refuse(trouble->kind, trouble->text);
    if (const auto why = leaf.notNamed(host))
        return refuse(PeerError::WrongName, *why);

    std::vector<PathBuilder::Path> paths;
    if (roots.data().known.contains(leaf.digest())) {
        paths.push_back({&leaf});
    } else {
        std::optional<Trouble> trouble;
        paths = builder.build({&leaf}, trouble);
        if (trouble)
            return refuse(trouble->kind, trouble->text);
    }
    std::erase_if(paths, [](const PathBuilder::Path &path) { return !usableForServers(path); });
    if (paths.empty())
        return refuse(PeerError::WrongUse, "x509: certificate specifies an incompatible key usage");
    VerifiedPeer verified;
    for (const Certificate *certificate : paths.front())
        verified.path.push_back(certificate->der());
    return verified;
}

std::optional<QByteArray> spkiPin(QByteArrayView der)
{
    const auto certificate = Certificate::fromDer(der);
    return certificate ? std::optional(certificate->spkiDigest()) : std::nullopt;
}

QByteArray cipherSuiteName(quint16 number)
{
    static QMutex mutex;
    static const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    const QMutexLocker lock(&mutex);
    if (!context || number >> 8 == 0x13)
        return {};
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), &SSL_free);
    const unsigned char bytes[] = {static_cast<unsigned char>(number >> 8), static_cast<unsigned char>(number & 0xff)};
    const SSL_CIPHER *cipher = ssl ? SSL_CIPHER_find(ssl.get(), bytes) : nullptr;
    // Suites that do not encrypt are of no use to anybody.
    const char *name = cipher && SSL_CIPHER_get_bits(cipher, nullptr) > 0 ? SSL_CIPHER_get_name(cipher) : nullptr;
    // The number may be known and the suite still be left out of this build.
    if (!name || SSL_set_cipher_list(ssl.get(), (QByteArray(name) + ":@SECLEVEL=0").constData()) != 1)
        return {};
    return name;
}

} // namespace tokenlab::crypto
