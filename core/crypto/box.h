// Sealed data: AES-256-GCM and NaCl's secretbox (XSalsa20-Poly1305), as encrypted key files use them. Specification §10.
#pragma once

#include "core/crypto/error.h"
#include "core/crypto/secretbytes.h"
#include "core/support/result.h"

namespace tokenlab::crypto {

inline constexpr qsizetype gcmNonceSize = 12;
inline constexpr qsizetype gcmTagSize = 16;
inline constexpr qsizetype boxKeySize = 32;
inline constexpr qsizetype boxNonceSize = 24;

// key 32 bytes, nonce 12; ciphertext || tag16, no additional data. An error when the tag does not fit.
[[nodiscard]] Result<QByteArray, CryptoError> sealAes256Gcm(const SecretBytes &key, QByteArrayView nonce, QByteArrayView plain);
[[nodiscard]] Result<SecretBytes, CryptoError> openAes256Gcm(const SecretBytes &key, QByteArrayView nonce, QByteArrayView sealed);

// key 32 bytes, nonce 24; tag16 || ciphertext.
[[nodiscard]] Result<QByteArray, CryptoError> sealSecretBox(const SecretBytes &key, QByteArrayView nonce, QByteArrayView plain);
[[nodiscard]] Result<SecretBytes, CryptoError> openSecretBox(const SecretBytes &key, QByteArrayView nonce, QByteArrayView sealed);

} // namespace tokenlab::crypto
