// What an algorithm's name stands for (RFC 7518 §3.1). Private to core/jose.
#pragma once

#include "core/crypto/pkey.h"
#include "core/jose/jws.h"

namespace tokenlab::jose {

[[nodiscard]] crypto::Hash hashOf(Algorithm algorithm);
[[nodiscard]] crypto::Scheme schemeOf(Algorithm algorithm); // not for HS*
[[nodiscard]] int fieldBitsOf(Algorithm algorithm);         // ES*; else 0

} // namespace tokenlab::jose
