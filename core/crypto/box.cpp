#include "core/crypto/box.h"

#include "core/crypto/openssl_p.h"

#include <sodium.h>

namespace tokenlab::crypto {
namespace {

bool fitsGcm(const SecretBytes &key, QByteArrayView nonce)
{
    return key.size() == 32 && nonce.size() == gcmNonceSize;
}

bool fitsBox(const SecretBytes &key, QByteArrayView nonce)
{
    return key.size() == boxKeySize && nonce.size() == boxNonceSize && sodium_init() >= 0;
}

} // namespace

Result<QByteArray, CryptoError> sealAes256Gcm(const SecretBytes &key, QByteArrayView nonce, QByteArrayView plain)
{
    if (!fitsGcm(key, nonce))
        return fail(CryptoError{"AES-256-GCM: wrong size of key or nonce"});
    const CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
    QByteArray sealed(plain.size() + gcmTagSize, '\0');
    auto *out = reinterpret_cast<unsigned char *>(sealed.data());
    int length = 0;
    int rest = 0;
    if (!ctx || EVP_EncryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytesOf(nonce)) != 1 ||
        EVP_EncryptUpdate(ctx.get(), out, &length, bytesOf(plain), int(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(ctx.get(), out + length, &rest) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, int(gcmTagSize), out + plain.size()) != 1)
        return fail(openSslError("AES-256-GCM"));
    return sealed;
}

Result<SecretBytes, CryptoError> openAes256Gcm(const SecretBytes &key, QByteArrayView nonce, QByteArrayView sealed)
{
    if (!fitsGcm(key, nonce))
        return fail(CryptoError{"AES-256-GCM: wrong size of key or nonce"});
    const qsizetype size = sealed.size() - gcmTagSize;
    if (size < 0)
        return fail(CryptoError{"AES-256-GCM: no tag"});
    const CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
    SecretBytes plain = SecretBytes::zeros(size);
    int length = 0;
    int rest = 0;
    QByteArray tag = sealed.last(gcmTagSize).toByteArray();
    if (!ctx || EVP_DecryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytesOf(nonce)) != 1 ||
        EVP_DecryptUpdate(ctx.get(), plain.mutableData(), &length, bytesOf(sealed), int(size)) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_SET_TAG, int(gcmTagSize), tag.data()) != 1 ||
        EVP_DecryptFinal_ex(ctx.get(), plain.mutableData() + length, &rest) != 1)
        return fail(openSslError("AES-256-GCM"));
    return plain;
}

Result<QByteArray, CryptoError> sealSecretBox(const SecretBytes &key, QByteArrayView nonce, QByteArrayView plain)
{
    if (!fitsBox(key, nonce))
        return fail(CryptoError{"secretbox: wrong size of key or nonce"});
    QByteArray sealed(plain.size() + qsizetype(crypto_secretbox_MACBYTES), '\0');
    if (crypto_secretbox_easy(reinterpret_cast<unsigned char *>(sealed.data()), bytesOf(plain), quint64(plain.size()), bytesOf(nonce),
                              key.data()) != 0)
        return fail(CryptoError{"secretbox: refused"});
    return sealed;
}

Result<SecretBytes, CryptoError> openSecretBox(const SecretBytes &key, QByteArrayView nonce, QByteArrayView sealed)
{
    if (!fitsBox(key, nonce))
        return fail(CryptoError{"secretbox: wrong size of key or nonce"});
    const qsizetype size = sealed.size() - qsizetype(crypto_secretbox_MACBYTES);
    if (size < 0)
        return fail(CryptoError{"secretbox: no tag"});
    SecretBytes plain = SecretBytes::zeros(size);
    if (crypto_secretbox_open_easy(plain.mutableData(), bytesOf(sealed), quint64(sealed.size()), bytesOf(nonce), key.data()) != 0)
        return fail(CryptoError{"secretbox: does not open"});
    return plain;
}

} // namespace tokenlab::crypto
