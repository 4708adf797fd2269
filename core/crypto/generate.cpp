#include "core/crypto/openssl_p.h"
#include "core/crypto/pkey.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <sodium.h>

namespace tokenlab::crypto {
namespace {

// width 0: as long as the number needs.
SecretBytes numberOf(const PKeyPtr &key, const char *name, qsizetype width = 0)
{
    BIGNUM *raw = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), name, &raw) != 1)
        return {};
    const BnPtr number(raw);
    SecretBytes bytes = SecretBytes::zeros(width ? width : qMax(1, BN_num_bytes(number.get())));
    if (BN_bn2binpad(number.get(), bytes.mutableData(), int(bytes.size())) < 0)
        return {};
    return bytes;
}

} // namespace

Result<RsaNumbers, CryptoError> generateRsaNumbers(int bits, const std::atomic_bool *cancelled)
{
    if (bits < 512 || bits > 16384)
        return fail(CryptoError{"RSA: " + QByteArray::number(bits) + " bits"});
    const PKeyCtxPtr ctx(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    if (!ctx || EVP_PKEY_keygen_init(ctx.get()) != 1 || EVP_PKEY_CTX_set_rsa_keygen_bits(ctx.get(), bits) != 1)
        return fail(openSslError("RSA"));
    if (cancelled) {
        EVP_PKEY_CTX_set_app_data(ctx.get(), const_cast<std::atomic_bool *>(cancelled));
        EVP_PKEY_CTX_set_cb(ctx.get(), [](EVP_PKEY_CTX *asking) {
            return static_cast<const std::atomic_bool *>(EVP_PKEY_CTX_get_app_data(asking))->load() ? 0 : 1;
        });
    }
    EVP_PKEY *made = nullptr;
    const bool generated = EVP_PKEY_generate(ctx.get(), &made) == 1;
    const PKeyPtr key(made);
    if (cancelled && cancelled->load()) {
        ERR_clear_error();
        return fail(CryptoError{"cancelled"});
    }
    if (!generated)
        return fail(openSslError("RSA"));
    RsaNumbers numbers;
    numbers.n = numberOf(key, OSSL_PKEY_PARAM_RSA_N).view().toByteArray();
    numbers.e = numberOf(key, OSSL_PKEY_PARAM_RSA_E).view().toByteArray();
    numbers.d = numberOf(key, OSSL_PKEY_PARAM_RSA_D);
    numbers.p = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
    numbers.q = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
    numbers.dp = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
    numbers.dq = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
    numbers.qi = numberOf(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
    if (numbers.n.isEmpty() || numbers.qi.isEmpty())
        return fail(openSslError("RSA"));
    return numbers;
}

Result<EcNumbers, CryptoError> generateEcNumbers(Curve curve)
{
    const char *name = curve == Curve::P256 ? "P-256" : curve == Curve::P384 ? "P-384" : "P-521";
    const PKeyPtr key(EVP_EC_gen(name));
    if (!key)
        return fail(openSslError("EC"));
    const qsizetype width = fieldBytes(curve);
    EcNumbers numbers;
    numbers.curve = curve;
    numbers.x = numberOf(key, OSSL_PKEY_PARAM_EC_PUB_X, width).view().toByteArray();
    numbers.y = numberOf(key, OSSL_PKEY_PARAM_EC_PUB_Y, width).view().toByteArray();
    numbers.d = numberOf(key, OSSL_PKEY_PARAM_PRIV_KEY, width);
    if (numbers.x.isEmpty() || numbers.y.isEmpty() || numbers.d.isEmpty())
        return fail(openSslError("EC"));
    return numbers;
}

Result<EdNumbers, CryptoError> generateEdNumbers()
{
    if (sodium_init() < 0)
        return fail(CryptoError{"libsodium does not start"});
    EdNumbers numbers;
    numbers.seed = SecretBytes::random(crypto_sign_SEEDBYTES);
    numbers.x = QByteArray(crypto_sign_PUBLICKEYBYTES, '\0');
    SecretBytes secret = SecretBytes::zeros(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(reinterpret_cast<unsigned char *>(numbers.x.data()), secret.mutableData(), numbers.seed.data());
    return numbers;
}

} // namespace tokenlab::crypto
