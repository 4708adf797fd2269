// Is this peer to be trusted? The gateway's rules (Go's crypto/x509), which are not Qt's: any certificate of the CA file is a root, names
// only from subjectAltName, RSA-1024 is taken, SHA-1 signatures are not. Specification §3.2, §3.3; RFC 5280 §6.
#pragma once

#include "core/support/clock.h"
#include "core/support/result.h"

#include <QByteArray>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace tokenlab::crypto {

// Certificates that are trusted as roots, each once. A value; copies share what they hold.
class CertificatePool
{
public:
    CertificatePool();
    // SSL_CERT_FILE and SSL_CERT_DIR, else where distributions keep theirs. Read once for each value of the two variables.
    [[nodiscard]] static CertificatePool system();
    // Takes what parses of a PEM file, as the gateway does: other blocks and broken ones are skipped. Returns how many were taken.
    qsizetype addPem(QByteArrayView pem);
    [[nodiscard]] qsizetype size() const;

    struct Private;
    [[nodiscard]] const Private &data() const { return *m_d; }

private:
    std::shared_ptr<const Private> m_d;
};

struct PeerError {
    enum Kind { NoCertificate, Unparsable, Untrusted, Expired, WrongName, WrongUse, Other };
    Kind kind = Other;
    QByteArray text; // the gateway's: `tls: failed to verify certificate: x509: certificate signed by unknown authority`
};

struct VerifiedPeer {
    std::vector<QByteArray> path; // DER, the peer's own certificate first, the root last
};

// `sent`: DER in the order in which the peer sent them. `host`: name or IP as in the URL, without brackets.
// Not checked: certificate policies, and name constraints of mail addresses and URIs.
[[nodiscard]] Result<VerifiedPeer, PeerError> verifyPeer(std::span<const QByteArray> sent, const CertificatePool &roots,
                                                         QByteArrayView host, Instant now);

// What jwk_fingerprints compares: SHA-256 over the certificate's SubjectPublicKeyInfo. Nothing for bytes that are no certificate.
[[nodiscard]] std::optional<QByteArray> spkiPin(QByteArrayView der);

// OpenSSL's name of an IANA cipher suite number; empty for TLS 1.3 suites, unknown ones and those that this OpenSSL cannot do.
[[nodiscard]] QByteArray cipherSuiteName(quint16 number);

} // namespace tokenlab::crypto
