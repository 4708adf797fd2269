#include "core/jose/jwk_p.h"

namespace tokenlab::jose {
namespace {

GenerateError errorOf(const crypto::CryptoError &error)
{
    return {error.what};
}

std::shared_ptr<Key::Private> privateKey(KeyType type, const QByteArray &kid)
{
    auto d = std::make_shared<Key::Private>();
    d->type = type;
    d->isPrivate = true;
    d->kid = kid;
    return d;
}

Result<Key, GenerateError> finish(std::shared_ptr<Key::Private> d, const Result<crypto::PKey, crypto::CryptoError> &handle)
{
    if (!handle)
        return fail(errorOf(handle.error()));
    d->handle = *handle;
    return Key(std::move(d));
}

} // namespace

Result<Key, GenerateError> generateOct(int octBytes, const QByteArray &kid)
{
    if (octBytes < 1)
        return fail(GenerateError{"an oct key needs at least one byte"});
    auto d = privateKey(KeyType::Oct, kid);
    d->octets = crypto::SecretBytes::random(octBytes);
    return Key(std::move(d));
}

Result<Key, GenerateError> generateRsa(int rsaBits, const QByteArray &kid)
{
    if (rsaBits != 2048 && rsaBits != 3072 && rsaBits != 4096)
        return fail(GenerateError{"RSA keys are made with 2048, 3072 or 4096 bits"});
    auto numbers = crypto::generateRsaNumbers(rsaBits);
    if (!numbers)
        return fail(errorOf(numbers.error()));
    auto d = privateKey(KeyType::Rsa, kid);
    d->rsa = std::move(*numbers);
    const auto handle = crypto::PKey::rsa(d->rsa);
    return finish(std::move(d), handle);
}

Result<Key, GenerateError> generateEc(QByteArrayView curve, const QByteArray &kid)
{
    auto d = privateKey(KeyType::Ec, kid);
    if (curve == "P-256")
        d->ec.curve = crypto::Curve::P256;
    else if (curve == "P-384")
        d->ec.curve = crypto::Curve::P384;
    else if (curve == "P-521")
        d->ec.curve = crypto::Curve::P521;
    else
        return fail(GenerateError{"no such curve: " + curve.toByteArray()});
    auto numbers = crypto::generateEcNumbers(d->ec.curve);
    if (!numbers)
        return fail(errorOf(numbers.error()));
    d->ec = std::move(*numbers);
    const auto handle = crypto::PKey::ec(d->ec);
    return finish(std::move(d), handle);
}

Result<Key, GenerateError> generateEd25519(const QByteArray &kid)
{
    auto numbers = crypto::generateEdNumbers();
    if (!numbers)
        return fail(errorOf(numbers.error()));
    auto d = privateKey(KeyType::Ed25519, kid);
    d->ed = std::move(*numbers);
    const auto handle = crypto::PKey::ed25519(d->ed);
    return finish(std::move(d), handle);
}

} // namespace tokenlab::jose
