#include "core/jose/algorithm_p.h"

#include <array>

namespace tokenlab::jose {
namespace {

constexpr std::array<Algorithm, 13> all = {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512, Algorithm::RS256, Algorithm::RS384,
                                           Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512, Algorithm::ES256,
                                           Algorithm::ES384, Algorithm::ES512, Algorithm::EdDSA};
constexpr std::array<const char *, 13> names = {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
                                                "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"};

} // namespace

std::span<const Algorithm> allAlgorithms()
{
    return all;
}

std::optional<Algorithm> algorithmFromName(QByteArrayView text)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (text == names[i])
            return all[i];
    return {};
}

QByteArray name(Algorithm algorithm)
{
    return names[std::size_t(algorithm)];
}

KeyType keyTypeOf(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::HS256:
    case Algorithm::HS384:
    case Algorithm::HS512:
        return KeyType::Oct;
    case Algorithm::RS256:
    case Algorithm::RS384:
    case Algorithm::RS512:
    case Algorithm::PS256:
    case Algorithm::PS384:
    case Algorithm::PS512:
        return KeyType::Rsa;
    case Algorithm::ES256:
    case Algorithm::ES384:
    case Algorithm::ES512:
        return KeyType::Ec;
    case Algorithm::EdDSA:
        break;
    }
    return KeyType::Ed25519;
}

bool isRandomised(Algorithm algorithm)
{
    return keyTypeOf(algorithm) == KeyType::Ec || schemeOf(algorithm) == crypto::Scheme::Pss;
}

crypto::Hash hashOf(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::HS256:
    case Algorithm::RS256:
    case Algorithm::PS256:
    case Algorithm::ES256:
        return crypto::Hash::Sha256;
    case Algorithm::HS384:
    case Algorithm::RS384:
    case Algorithm::PS384:
    case Algorithm::ES384:
        return crypto::Hash::Sha384;
    case Algorithm::HS512:
    case Algorithm::RS512:
    case Algorithm::PS512:
    case Algorithm::ES512:
    case Algorithm::EdDSA:
        break;
    }
    return crypto::Hash::Sha512;
}

crypto::Scheme schemeOf(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::PS256:
    case Algorithm::PS384:
    case Algorithm::PS512:
        return crypto::Scheme::Pss;
    case Algorithm::ES256:
    case Algorithm::ES384:
    case Algorithm::ES512:
        return crypto::Scheme::Ecdsa;
    case Algorithm::EdDSA:
        return crypto::Scheme::Ed25519;
    default:
        return crypto::Scheme::Pkcs1;
    }
}

int fieldBitsOf(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::ES256:
        return 256;
    case Algorithm::ES384:
        return 384;
    case Algorithm::ES512:
        return 521;
    default:
        return 0;
    }
}

} // namespace tokenlab::jose
