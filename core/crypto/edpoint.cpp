#include "core/crypto/edpoint.h"

#include <sodium.h>

namespace tokenlab::crypto {

bool isProperEd25519Point(QByteArrayView x)
{
    return x.size() == crypto_core_ed25519_BYTES && sodium_init() >= 0 &&
           crypto_core_ed25519_is_valid_point(reinterpret_cast<const unsigned char *>(x.data())) == 1;
}

} // namespace tokenlab::crypto
