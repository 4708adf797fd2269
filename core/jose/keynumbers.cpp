#include "core/jose/keynumbers.h"

#include "core/crypto/keywrite.h"
#include "core/crypto/rsacheck.h"
#include "core/jose/jwk_p.h"

namespace tokenlab::jose {
namespace {

void label(Key::Private &d, const KeyLabels &labels)
{
    d.kid = labels.kid;
    d.alg = labels.alg;
    d.use = labels.use;
}

Result<void, KeySetError> fill(Key::Private &d, const crypto::RsaNumbers &numbers)
{
    d.type = KeyType::Rsa;
    d.isPrivate = !numbers.d.isEmpty();
    if (!d.isPrivate) {
        d.rsa.n = withoutLeadingZeros(numbers.n).toByteArray();
        d.rsa.e = crypto::goExponent(numbers.e);
        if (!crypto::publicRsaWorks(d.rsa.n, d.rsa.e))
            return {};
    } else {
        const bool withCrt = !numbers.dp.isEmpty() && !numbers.dq.isEmpty() && !numbers.qi.isEmpty();
        auto checked = crypto::checkRsa(numbers, withCrt);
        if (!checked)
            return fail(KeySetError{checked.error().what, -1, {}});
        d.rsa = std::move(checked->numbers);
        d.rsaSigns = checked->signs;
    }
    if (const auto handle = crypto::PKey::rsa(d.rsa))
        d.handle = *handle;
    return {};
}

Result<void, KeySetError> fill(Key::Private &d, const crypto::EcNumbers &numbers)
{
    d.type = KeyType::Ec;
    d.isPrivate = !numbers.d.isEmpty();
    if (!crypto::isOnCurve(numbers.curve, numbers.x, numbers.y))
        return fail(KeySetError{"go-jose/go-jose: invalid EC key, X/Y are not on declared curve", -1, "x"});
    d.ec = numbers;
    if (const auto handle = crypto::PKey::ec(d.ec))
        d.handle = *handle;
    return {};
}

Result<void, KeySetError> fill(Key::Private &d, const crypto::EdNumbers &numbers)
{
    d.type = KeyType::Ed25519;
    d.isPrivate = !numbers.seed.isEmpty();
    d.ed = numbers;
    if (const auto handle = crypto::PKey::ed25519(d.ed))
        d.handle = *handle;
    return {};
}

} // namespace

Result<Key, KeySetError> keyFrom(const crypto::KeyNumbers &numbers, const KeyLabels &labels)
{
    auto d = std::make_shared<Key::Private>();
    if (const auto filled = std::visit([&](const auto &one) { return fill(*d, one); }, numbers); !filled)
        return fail(filled.error());
    label(*d, labels);
    return Key(std::move(d));
}

Key keyFrom(const crypto::SecretBytes &secret, const KeyLabels &labels)
{
    auto d = std::make_shared<Key::Private>();
    d->type = KeyType::Oct;
    d->isPrivate = true;
    d->octets = secret;
    label(*d, labels);
    return Key(std::move(d));
}

Key withLabels(const Key &key, const KeyLabels &labels)
{
    auto d = std::make_shared<Key::Private>(*key.d());
    label(*d, labels);
    return Key(std::move(d));
}

KeyLabels labelsOf(const Key &key)
{
    return {key.kid(), key.alg(), key.use()};
}

crypto::SecretBytes octetsOf(const Key &key)
{
    return key.d()->octets;
}

QByteArray exponentOf(const Key &key)
{
    return withoutLeadingZeros(key.d()->rsa.e).toByteArray();
}

bool sameKey(const Key &a, const Key &b)
{
    if (a.type() != b.type())
        return false;
    if (a.type() == KeyType::Oct)
        return a.d()->octets.equals(b.d()->octets.view());
    return a.thumbprint() == b.thumbprint();
}

Result<crypto::SecretBytes, crypto::CryptoError> privatePem(const Key &key, const crypto::SecretBytes *passphrase)
{
    if (!key.d()->handle)
        return fail(crypto::CryptoError{"this key has no PEM form"});
    return crypto::privatePem(*key.d()->handle, passphrase);
}

Result<QByteArray, crypto::CryptoError> publicPem(const Key &key)
{
    if (!key.d()->handle)
        return fail(crypto::CryptoError{"this key has no PEM form"});
    return crypto::publicPem(*key.d()->handle);
}

} // namespace tokenlab::jose
