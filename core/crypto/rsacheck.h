// Go's rsa.PrivateKey.Validate (1.25), with its own words: which private keys the gateway loads. Specification §2.2.
#pragma once

#include "core/crypto/pkey.h"

namespace tokenlab::crypto {

struct CheckedRsa {
    RsaNumbers numbers; // dp, dq, qi filled in where they were not given; e cut to 64 bits, as Go does
    // False where Go loads the key but finds every signature wrong (a factor that is not a prime).
    bool signs = true;
};

// withCrt: dp, dq and qi were all three given and are checked instead of computed. The error holds Go's text.
[[nodiscard]] Result<CheckedRsa, CryptoError> checkRsa(const RsaNumbers &numbers, bool withCrt);

// Whether Go verifies anything with this public key: an odd modulus, an odd exponent from 3 to 2^31 − 1.
[[nodiscard]] bool publicRsaWorks(QByteArrayView n, QByteArrayView e);

// e as Go keeps it, its low 64 bits without leading zeros.
[[nodiscard]] QByteArray goExponent(QByteArrayView e);

// Bits of a big-endian number.
[[nodiscard]] int bitLength(QByteArrayView bigEndian);

} // namespace tokenlab::crypto
