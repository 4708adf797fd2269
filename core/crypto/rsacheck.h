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

// Bits of a big-endian number.
[[nodiscard]] int bitLength(QByteArrayView bigEndian);

} // namespace tokenlab::crypto
