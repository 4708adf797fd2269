// One X.509 certificate as Go's x509.ParseCertificate sees it, for the checks on `x5c` (specification §2.2).
#pragma once

#include "core/crypto/error.h"
#include "core/support/result.h"

namespace tokenlab::crypto {

struct CertificateKey {
    enum Kind { Rsa, Ec, Ed25519, Other, Unknown }; // Unknown: Go has no key type for it and compares nothing
    Kind kind = Unknown;
    QByteArray first;  // n, x; without leading zeros for RSA, of the field's width for EC
    QByteArray second; // e, y
    int fieldBits = 0; // EC
};

// The error holds Go's words for the coarse faults: `x509: malformed certificate`, `x509: trailing data`, ….
[[nodiscard]] Result<CertificateKey, CryptoError> readCertificateKey(QByteArrayView der);

} // namespace tokenlab::crypto
