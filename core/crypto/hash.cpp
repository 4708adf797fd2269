#include "core/crypto/hash.h"

#include "core/crypto/hash_p.h"
#include "core/crypto/openssl_p.h"

namespace tokenlab::crypto {

const EVP_MD *evpDigest(Hash hash)
{
    switch (hash) {
    case Hash::Sha1:
        return EVP_sha1();
    case Hash::Sha256:
        return EVP_sha256();
    case Hash::Sha384:
        return EVP_sha384();
    case Hash::Sha512:
        return EVP_sha512();
    }
    return nullptr;
}

const char *digestName(Hash hash)
{
    switch (hash) {
    case Hash::Sha1:
        return "SHA1";
    case Hash::Sha256:
        return "SHA256";
    case Hash::Sha384:
        return "SHA384";
    case Hash::Sha512:
        return "SHA512";
    }
    return "";
}

qsizetype digestSize(Hash hash)
{
    switch (hash) {
    case Hash::Sha1:
        return 20;
    case Hash::Sha256:
        return 32;
    case Hash::Sha384:
        return 48;
    case Hash::Sha512:
        return 64;
    }
    return 0;
}

QByteArray digest(Hash hash, QByteArrayView bytes)
{
    QByteArray out(digestSize(hash), '\0');
    if (EVP_Digest(bytes.data(), std::size_t(bytes.size()), reinterpret_cast<unsigned char *>(out.data()), nullptr, evpDigest(hash),
                   nullptr) != 1) {
        ERR_clear_error();
        return {};
    }
    return out;
}

SecretBytes md5Hex(QByteArrayView bytes)
{
    unsigned char sum[16];
    if (EVP_Digest(bytes.data(), std::size_t(bytes.size()), sum, nullptr, EVP_md5(), nullptr) != 1) {
        ERR_clear_error();
        return {};
    }
    constexpr char digits[] = "0123456789abcdef";
    SecretBytes hex = SecretBytes::zeros(32);
    unsigned char *out = hex.mutableData();
    for (const unsigned char byte : sum) {
        *out++ = static_cast<unsigned char>(digits[byte >> 4]);
        *out++ = static_cast<unsigned char>(digits[byte & 15]);
    }
    OPENSSL_cleanse(sum, sizeof sum);
    return hex;
}

} // namespace tokenlab::crypto
