#pragma once

#include "core/crypto/hash.h"

#include <openssl/evp.h>

namespace tokenlab::crypto {

[[nodiscard]] const EVP_MD *evpDigest(Hash hash);
[[nodiscard]] const char *digestName(Hash hash);

} // namespace tokenlab::crypto
