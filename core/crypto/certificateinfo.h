// What a person wants to know of an X.509 certificate. RFC 5280; the pin is that of specification §3.3.
#pragma once

#include "core/support/clock.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace tokenlab::crypto {

struct CertificateInfo {
    QByteArray subject, issuer;    // `CN=Token Lab,O=Example`, most specific first (RFC 4514, UTF-8); may be empty
    QByteArray name;               // of the subject: common name, else organisation, else the serial number
    QByteArray serial;             // hex, upper case, without leading zeros
    std::vector<QByteArray> names; // DNS names and addresses of subjectAltName, names first
    Instant notBefore, notAfter;
    QByteArray key;       // `RSA 2048`, `EC P-256`, `Ed25519`, else OpenSSL's name
    QByteArray signature; // OpenSSL's name of the algorithm: `ecdsa-with-SHA256`
    bool isAuthority = false;
    bool isSelfIssued = false;    // subject and issuer are one
    bool isSelfSigned = false;    // and its own key signed it
    QByteArray pin;               // 32 bytes: SHA-256 of the SubjectPublicKeyInfo
    QByteArray certificateDigest; // 32 bytes: SHA-256 of the whole certificate, which many take for the pin
};

// Nothing for bytes that are no certificate.
[[nodiscard]] std::optional<CertificateInfo> describeCertificate(QByteArrayView der);

[[nodiscard]] QByteArray certificatePem(QByteArrayView der); // RFC 7468

// DER of each certificate of a PEM text, or of a DER file; in order, blocks that do not parse left out.
[[nodiscard]] std::vector<QByteArray> certificatesOf(QByteArrayView file);

// Would this peer be trusted with that certificate as the only root? For "trust this CA".
[[nodiscard]] bool wouldVouchFor(QByteArrayView authorityDer, const std::vector<QByteArray> &sent, QByteArrayView host, Instant now);

} // namespace tokenlab::crypto
