// Throw-away certificate authorities and server certificates, for the playground over TLS and for tests. Never for anything that lasts.
#pragma once

#include "core/crypto/secretbytes.h"
#include "core/support/clock.h"
#include "core/support/result.h"

#include <QByteArray>

#include <optional>
#include <utility>
#include <vector>

namespace tokenlab::crypto {

struct TlsIdentity {
    QByteArray certificatePem;
    QByteArray certificateDer;
    SecretBytes keyPem; // PKCS#8
};

struct TlsIdentityRequest {
    enum KeyKind { Rsa2048, Rsa1024, P256, P384, P521, Ed25519, Secp256k1, Ed448 };
    enum Digest { Sha256, Sha384, Sha1, Md5 };
    KeyKind key = P256;
    Digest digest = Sha256;
    QByteArray commonName;
    std::vector<QByteArray> names; // subjectAltName: DNS names and IP addresses
    bool authority = false;        // CA:TRUE, keyCertSign; otherwise CA:FALSE
    std::optional<int> pathLength;
    bool forClientsOnly = false; // extendedKeyUsage clientAuth instead of serverAuth (not for authorities)
    // In OpenSSL's notation (`critical,digitalSignature`), instead of what would stand there; empty: the extension is left out.
    std::optional<QByteArray> keyUsage = {}, extendedKeyUsage = {};
    // In addition: name (or number) and value in OpenSSL's notation, `nameConstraints` and `critical,permitted;DNS:example`.
    std::vector<std::pair<QByteArray, QByteArray>> extensions = {};
    bool version1 = false; // without any extension
    Instant notBefore, notAfter;
    std::optional<SecretBytes> keyPem = {}; // this key once more (a certificate that was renewed), not a new one of `key`
};

struct TlsIdentityError {
    QByteArray step; // which OpenSSL call would not
};

// Signed by the issuer, or by itself.
[[nodiscard]] Result<TlsIdentity, TlsIdentityError> makeTlsIdentity(const TlsIdentityRequest &request, const TlsIdentity *issuer = nullptr);

} // namespace tokenlab::crypto
