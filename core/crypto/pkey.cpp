#include "core/crypto/pkey.h"

#include "core/crypto/hash_p.h"
#include "core/crypto/openssl_p.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include <cstring>

namespace tokenlab::crypto {
namespace {

enum class Kind { Rsa, Ec, Ed25519 };
enum class Scalar { Usual, Zero, TooLarge };

int curveNid(Curve curve)
{
    switch (curve) {
    case Curve::P256:
        return NID_X9_62_prime256v1;
    case Curve::P384:
        return NID_secp384r1;
    case Curve::P521:
        return NID_secp521r1;
    }
    return NID_undef;
}

EcGroupPtr groupOf(Curve curve)
{
    return EcGroupPtr(EC_GROUP_new_by_curve_name(curveNid(curve)));
}

QByteArray uncompressed(QByteArrayView x, QByteArrayView y)
{
    QByteArray point;
    point.reserve(1 + x.size() + y.size());
    point.append('\x04').append(x).append(y);
    return point;
}

Result<PKeyPtr, CryptoError> fromData(const char *type, int selection, const ParamBldPtr &builder)
{
    const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
    const PKeyCtxPtr ctx(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY *key = nullptr;
    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx.get()) != 1 || EVP_PKEY_fromdata(ctx.get(), &key, selection, params.get()) != 1)
        return fail(openSslError(type));
    return PKeyPtr(key);
}

bool setScheme(EVP_PKEY_CTX *ctx, Scheme scheme)
{
    if (scheme != Scheme::Pss)
        return true;
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

Result<QByteArray, CryptoError> derToFixed(QByteArrayView der, qsizetype width)
{
    const unsigned char *at = bytesOf(der);
    const EcdsaSigPtr sig(d2i_ECDSA_SIG(nullptr, &at, long(der.size())));
    QByteArray fixed(2 * width, '\0');
    auto *out = reinterpret_cast<unsigned char *>(fixed.data());
    if (!sig || BN_bn2binpad(ECDSA_SIG_get0_r(sig.get()), out, int(width)) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(sig.get()), out + width, int(width)) < 0)
        return fail(openSslError("ECDSA"));
    return fixed;
}

QByteArray fixedToDer(QByteArrayView fixed)
{
    const qsizetype width = fixed.size() / 2;
    const EcdsaSigPtr sig(ECDSA_SIG_new());
    BnPtr r = toBn(fixed.first(width));
    BnPtr s = toBn(fixed.sliced(width));
    if (!sig || !r || !s || ECDSA_SIG_set0(sig.get(), r.get(), s.get()) != 1)
        return {};
    static_cast<void>(r.release()); // owned by sig now
    static_cast<void>(s.release());
    unsigned char *der = nullptr;
    const int length = i2d_ECDSA_SIG(sig.get(), &der);
    QByteArray result(reinterpret_cast<const char *>(der), length > 0 ? length : 0);
    OPENSSL_free(der);
    return result;
}

// What ECDSA becomes for d = 0: r = x(kG), s = e / k. OpenSSL refuses such a key, Go 1.25 does not.
Result<QByteArray, CryptoError> signWithZero(Curve curve, Hash hash, QByteArrayView message)
{
    const EcGroupPtr group = groupOf(curve);
    const BnCtxPtr ctx(BN_CTX_new());
    if (!group || !ctx)
        return fail(openSslError("ECDSA"));
    const BIGNUM *order = EC_GROUP_get0_order(group.get());
    const EcPointPtr point(EC_POINT_new(group.get()));
    const BnPtr k(BN_new());
    const BnPtr r(BN_new());
    const BnPtr s(BN_new());
    const BnPtr inverse(BN_new());
    const BnPtr e = toBn(digest(hash, message));
    if (!point || !k || !r || !s || !inverse || !e)
        return fail(openSslError("ECDSA"));
    const qsizetype width = fieldBytes(curve);
    QByteArray fixed(2 * width, '\0');
    auto *out = reinterpret_cast<unsigned char *>(fixed.data());
    for (int attempt = 0; attempt < 100; ++attempt) {
        if (BN_priv_rand_range(k.get(), order) != 1 || BN_is_zero(k.get()))
            continue;
        if (EC_POINT_mul(group.get(), point.get(), k.get(), nullptr, nullptr, ctx.get()) != 1 ||
            EC_POINT_get_affine_coordinates(group.get(), point.get(), r.get(), nullptr, ctx.get()) != 1 ||
            BN_nnmod(r.get(), r.get(), order, ctx.get()) != 1 || !BN_mod_inverse(inverse.get(), k.get(), order, ctx.get()) ||
            BN_mod_mul(s.get(), inverse.get(), e.get(), order, ctx.get()) != 1)
            break;
        if (BN_is_zero(r.get()) || BN_is_zero(s.get()))
            continue;
        if (BN_bn2binpad(r.get(), out, int(width)) < 0 || BN_bn2binpad(s.get(), out + width, int(width)) < 0)
            break;
        return fixed;
    }
    return fail(openSslError("ECDSA"));
}

} // namespace

struct PKey::Private {
    Kind kind = Kind::Rsa;
    PKeyPtr key;
    bool isPrivate = false;
    Curve curve = Curve::P256;
    Scalar scalar = Scalar::Usual;
    SecretBytes edSecret; // seed || x, libsodium's form
};

int fieldBits(Curve curve)
{
    switch (curve) {
    case Curve::P256:
        return 256;
    case Curve::P384:
        return 384;
    case Curve::P521:
        return 521;
    }
    return 0;
}

qsizetype fieldBytes(Curve curve)
{
    return (fieldBits(curve) + 7) / 8;
}

bool isOnCurve(Curve curve, QByteArrayView x, QByteArrayView y)
{
    if (x.size() != fieldBytes(curve) || y.size() != fieldBytes(curve))
        return false;
    const EcGroupPtr group = groupOf(curve);
    const EcPointPtr point(group ? EC_POINT_new(group.get()) : nullptr);
    const QByteArray bytes = uncompressed(x, y);
    // Refuses coordinates outside the field and points off the curve.
    const bool on = point && EC_POINT_oct2point(group.get(), point.get(), bytesOf(bytes), std::size_t(bytes.size()), nullptr) == 1;
    ERR_clear_error();
    return on;
}

Result<PKey, CryptoError> PKey::rsa(const RsaNumbers &numbers)
{
    auto d = std::make_shared<Private>();
    d->kind = Kind::Rsa;
    d->isPrivate = !numbers.d.isEmpty();
    const ParamBldPtr builder(OSSL_PARAM_BLD_new());
    if (!builder)
        return fail(openSslError("RSA"));
    struct Part {
        const char *name;
        BnPtr number;
    };
    Part parts[] = {{OSSL_PKEY_PARAM_RSA_N, toBn(numbers.n)},
                    {OSSL_PKEY_PARAM_RSA_E, toBn(numbers.e)},
                    {OSSL_PKEY_PARAM_RSA_D, toBn(numbers.d.view())},
                    {OSSL_PKEY_PARAM_RSA_FACTOR1, toBn(numbers.p.view())},
                    {OSSL_PKEY_PARAM_RSA_FACTOR2, toBn(numbers.q.view())},
                    {OSSL_PKEY_PARAM_RSA_EXPONENT1, toBn(numbers.dp.view())},
                    {OSSL_PKEY_PARAM_RSA_EXPONENT2, toBn(numbers.dq.view())},
                    {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, toBn(numbers.qi.view())}};
    int index = 0;
    for (const Part &part : parts) {
        if (index++ >= 2 && !d->isPrivate)
            break;
        if (!part.number || OSSL_PARAM_BLD_push_BN(builder.get(), part.name, part.number.get()) != 1)
            return fail(openSslError("RSA"));
    }
    Result<PKeyPtr, CryptoError> key = fromData("RSA", d->isPrivate ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, builder);
    if (!key)
        return fail(key.error());
    d->key = std::move(*key);
    return PKey(std::move(d));
}

Result<PKey, CryptoError> PKey::ec(const EcNumbers &numbers)
{
    auto d = std::make_shared<Private>();
    d->kind = Kind::Ec;
    d->isPrivate = !numbers.d.isEmpty();
    d->curve = numbers.curve;
    const EcGroupPtr group = groupOf(numbers.curve);
    const ParamBldPtr builder(OSSL_PARAM_BLD_new());
    const BnPtr scalar = toBn(numbers.d.view());
    if (!group || !builder || !scalar)
        return fail(openSslError("EC"));
    if (d->isPrivate) {
        if (BN_is_zero(scalar.get()))
            d->scalar = Scalar::Zero;
        else if (BN_ucmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0)
            d->scalar = Scalar::TooLarge;
    }
    const QByteArray point = uncompressed(numbers.x, numbers.y);
    if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, OBJ_nid2sn(curveNid(numbers.curve)), 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.constData(), std::size_t(point.size())) != 1)
        return fail(openSslError("EC"));
    const bool withScalar = d->isPrivate && d->scalar == Scalar::Usual;
    if (withScalar) {
        BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
        if (OSSL_PARAM_BLD_push_BN_pad(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get(), std::size_t(fieldBytes(numbers.curve))) != 1)
            return fail(openSslError("EC"));
    }
    Result<PKeyPtr, CryptoError> key = fromData("EC", withScalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, builder);
    if (!key)
        return fail(key.error());
    d->key = std::move(*key);
    return PKey(std::move(d));
}

Result<PKey, CryptoError> PKey::ed25519(const EdNumbers &numbers)
{
    if (numbers.x.size() != 32 || (!numbers.seed.isEmpty() && numbers.seed.size() != 32) || sodium_init() < 0)
        return fail(CryptoError{"Ed25519: wrong size"});
    auto d = std::make_shared<Private>();
    d->kind = Kind::Ed25519;
    d->key.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytesOf(numbers.x), 32));
    if (!d->key)
        return fail(openSslError("Ed25519"));
    if (!numbers.seed.isEmpty()) {
        d->isPrivate = true;
        d->edSecret = SecretBytes::zeros(64);
        unsigned char *secret = d->edSecret.mutableData();
        std::memcpy(secret, numbers.seed.data(), 32);
        std::memcpy(secret + 32, numbers.x.constData(), 32);
    }
    return PKey(std::move(d));
}

bool PKey::isPrivate() const
{
    return m_d->isPrivate;
}

Result<SecretBytes, CryptoError> PKey::privateInfo() const
{
    if (!m_d->isPrivate)
        return fail(CryptoError{"a public key has no private half"});
    if (m_d->scalar != Scalar::Usual)
        return fail(CryptoError{"EC: the private number is out of range"});
    PKeyPtr seeded;
    if (m_d->kind == Kind::Ed25519) {
        // PKCS#8 holds the seed alone: another x would come back as the one that belongs to it.
        seeded.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, m_d->edSecret.data(), 32));
        if (!seeded || EVP_PKEY_eq(seeded.get(), m_d->key.get()) != 1) {
            ERR_clear_error();
            return fail(CryptoError{"Ed25519: the public half does not belong to the private one"});
        }
    }
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Deleter<&PKCS8_PRIV_KEY_INFO_free>> info(
        EVP_PKEY2PKCS8(seeded ? seeded.get() : m_d->key.get()));
    unsigned char *der = nullptr;
    const int length = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der) : -1;
    if (length <= 0)
        return fail(openSslError("PKCS#8"));
    SecretBytes bytes(QByteArrayView(reinterpret_cast<const char *>(der), length));
    OPENSSL_clear_free(der, std::size_t(length));
    return bytes;
}

Result<QByteArray, CryptoError> PKey::publicInfo() const
{
    unsigned char *der = nullptr;
    const int length = i2d_PUBKEY(m_d->key.get(), &der);
    if (length <= 0)
        return fail(openSslError("SPKI"));
    QByteArray bytes(reinterpret_cast<const char *>(der), length);
    OPENSSL_free(der);
    return bytes;
}

Result<QByteArray, CryptoError> PKey::sign(Scheme scheme, Hash hash, QByteArrayView message) const
{
    if (!m_d->isPrivate)
        return fail(CryptoError{"a public key does not sign"});
    if (m_d->kind == Kind::Ed25519) {
        if (scheme != Scheme::Ed25519)
            return fail(CryptoError{"Ed25519: wrong scheme"});
        QByteArray signature(crypto_sign_BYTES, '\0');
        crypto_sign_detached(reinterpret_cast<unsigned char *>(signature.data()), nullptr, bytesOf(message), quint64(message.size()),
                             m_d->edSecret.data());
        return signature;
    }
    if ((scheme == Scheme::Ecdsa) != (m_d->kind == Kind::Ec) || scheme == Scheme::Ed25519)
        return fail(CryptoError{"the scheme does not fit the key"});
    if (m_d->scalar == Scalar::Zero)
        return signWithZero(m_d->curve, hash, message);
    if (m_d->scalar == Scalar::TooLarge)
        return fail(CryptoError{"input overflows the modulus"}); // Go's words
    const MdCtxPtr ctx(EVP_MD_CTX_new());
    EVP_PKEY_CTX *pkeyCtx = nullptr;
    std::size_t length = 0;
    if (!ctx || EVP_DigestSignInit(ctx.get(), &pkeyCtx, evpDigest(hash), nullptr, m_d->key.get()) != 1 || !setScheme(pkeyCtx, scheme) ||
        EVP_DigestSignUpdate(ctx.get(), message.data(), std::size_t(message.size())) != 1)
        return fail(openSslError("sign"));
    length = std::size_t(EVP_PKEY_get_size(m_d->key.get()));
    QByteArray signature(qsizetype(length), '\0');
    if (EVP_DigestSignFinal(ctx.get(), reinterpret_cast<unsigned char *>(signature.data()), &length) != 1)
        return fail(openSslError("sign"));
    signature.truncate(qsizetype(length));
    if (scheme == Scheme::Ecdsa)
        return derToFixed(signature, fieldBytes(m_d->curve));
    return signature;
}

bool PKey::verify(Scheme scheme, Hash hash, QByteArrayView message, QByteArrayView signature) const
{
    const Kind needed = scheme == Scheme::Ed25519 ? Kind::Ed25519 : scheme == Scheme::Ecdsa ? Kind::Ec : Kind::Rsa;
    if (m_d->kind != needed)
        return false;
    QByteArray der;
    if (scheme == Scheme::Ecdsa) {
        if (signature.size() != 2 * fieldBytes(m_d->curve))
            return false;
        der = fixedToDer(signature);
        signature = der;
    }
    const MdCtxPtr ctx(EVP_MD_CTX_new());
    EVP_PKEY_CTX *pkeyCtx = nullptr;
    // OpenSSL's Ed25519 accepts what Go's does; libsodium refuses keys of small order besides.
    const EVP_MD *md = scheme == Scheme::Ed25519 ? nullptr : evpDigest(hash);
    const bool good =
        ctx && EVP_DigestVerifyInit(ctx.get(), &pkeyCtx, md, nullptr, m_d->key.get()) == 1 && setScheme(pkeyCtx, scheme) &&
        EVP_DigestVerify(ctx.get(), bytesOf(signature), std::size_t(signature.size()), bytesOf(message), std::size_t(message.size())) == 1;
    ERR_clear_error();
    return good;
}

} // namespace tokenlab::crypto
