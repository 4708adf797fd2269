#include "core/crypto/keywrite.h"

#include "core/crypto/openssl_p.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

namespace tokenlab::crypto {
namespace {

constexpr int iterations = 600'000;

using BioPtr = std::unique_ptr<BIO, Deleter<&BIO_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Deleter<&PKCS8_PRIV_KEY_INFO_free>>;
using SigPtr = std::unique_ptr<X509_SIG, Deleter<&X509_SIG_free>>;

// Of a BIO that wipes what it held.
SecretBytes contentOf(BIO *bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? SecretBytes(QByteArrayView(data, size)) : SecretBytes();
}

} // namespace

Result<SecretBytes, CryptoError> privatePem(const PKey &key, const SecretBytes *passphrase)
{
    const auto der = key.privateInfo();
    if (!der)
        return fail(der.error());
    const unsigned char *at = der->data();
    const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, long(der->size())));
    const BioPtr out(BIO_new(BIO_s_secmem()));
    if (!info || !out)
        return fail(openSslError("PKCS#8"));
    if (!passphrase) {
        if (PEM_write_bio_PKCS8_PRIV_KEY_INFO(out.get(), info.get()) != 1)
            return fail(openSslError("PKCS#8"));
        return contentOf(out.get());
    }
    std::unique_ptr<X509_ALGOR, Deleter<&X509_ALGOR_free>> scheme(
        PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), iterations, nullptr, 0, nullptr, NID_hmacWithSHA256));
    if (!scheme)
        return fail(openSslError("PKCS#8"));
    const SigPtr sealed(
        PKCS8_set0_pbe(reinterpret_cast<const char *>(passphrase->data()), int(passphrase->size()), info.get(), scheme.get()));
    if (!sealed)
        return fail(openSslError("PKCS#8"));
    static_cast<void>(scheme.release()); // owned by what was sealed
    if (PEM_write_bio_PKCS8(out.get(), sealed.get()) != 1)
        return fail(openSslError("PKCS#8"));
    return contentOf(out.get());
}

Result<QByteArray, CryptoError> publicPem(const PKey &key)
{
    const auto der = key.publicInfo();
    if (!der)
        return fail(der.error());
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio(out.get(), PEM_STRING_PUBLIC, "", bytesOf(*der), long(der->size())) <= 0)
        return fail(openSslError("SPKI"));
    return contentOf(out.get()).view().toByteArray();
}

} // namespace tokenlab::crypto
