// Keys from numbers, and from keys what other forms than JWK need.
#pragma once

#include "core/crypto/keyread.h"
#include "core/jose/jwk.h"

namespace tokenlab::jose {

struct KeyLabels {
    QByteArray kid, alg, use; // "": absent
};

// With the gateway's checks of a JWK with these numbers, and its words.
[[nodiscard]] Result<Key, KeySetError> keyFrom(const crypto::KeyNumbers &numbers, const KeyLabels &labels);
// An oct key; any length.
[[nodiscard]] Key keyFrom(const crypto::SecretBytes &secret, const KeyLabels &labels);

[[nodiscard]] Key withLabels(const Key &key, const KeyLabels &labels);
[[nodiscard]] KeyLabels labelsOf(const Key &key);

// The secret itself; empty for others than oct.
[[nodiscard]] crypto::SecretBytes octetsOf(const Key &key);
// The exponent of an RSA key, big-endian; empty for others.
[[nodiscard]] QByteArray exponentOf(const Key &key);
// Whether both are the same key, private or not, whatever their labels are.
[[nodiscard]] bool sameKey(const Key &a, const Key &b);

// PEM: PKCS#8, sealed where there is a passphrase, and SubjectPublicKeyInfo. An oct key has no such form.
[[nodiscard]] Result<crypto::SecretBytes, crypto::CryptoError> privatePem(const Key &key, const crypto::SecretBytes *passphrase);
[[nodiscard]] Result<QByteArray, crypto::CryptoError> publicPem(const Key &key);

} // namespace tokenlab::jose
