// Keys as PEM, for other programs.
#pragma once

#include "core/crypto/pkey.h"

namespace tokenlab::crypto {

// PKCS#8; with a passphrase PBES2 of AES-256-CBC, PBKDF2 and HMAC-SHA-256. passphrase nullptr: in clear.
[[nodiscard]] Result<SecretBytes, CryptoError> privatePem(const PKey &key, const SecretBytes *passphrase);
// SubjectPublicKeyInfo, of private keys too.
[[nodiscard]] Result<QByteArray, CryptoError> publicPem(const PKey &key);

} // namespace tokenlab::crypto
