// What a Key holds. Private to core/jose.
#pragma once

#include "core/crypto/pkey.h"
#include "core/jose/jwk.h"

#include <optional>

namespace tokenlab::jose {

struct Key::Private {
    KeyType type = KeyType::Oct;
    bool isPrivate = false;
    QByteArray kid, alg, use, x5t, x5tS256;
    std::optional<std::vector<QByteArray>> keyOps;
    crypto::SecretBytes octets; // oct
    crypto::RsaNumbers rsa;
    bool rsaSigns = true; // false: the gateway loads the key and fails at each signature
    crypto::EcNumbers ec;
    crypto::EdNumbers ed;
    std::optional<crypto::PKey> handle; // absent for oct, and where OpenSSL refuses numbers that the gateway takes
};

[[nodiscard]] QByteArrayView withoutLeadingZeros(QByteArrayView bigEndian);
[[nodiscard]] QByteArray curveName(crypto::Curve curve);

} // namespace tokenlab::jose
