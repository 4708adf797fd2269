#include "core/crypto/clientkey.h"

#include "core/crypto/certificate_p.h"
#include "core/crypto/openssl_p.h"

#include <openssl/pem.h>

namespace tokenlab::crypto {

namespace {

struct BioFree {
    void operator()(BIO *bio) const { BIO_free(bio); }
};

int noPassphrase(char *, int, int, void *)
{
    return -1;
}

PKeyPtr readPrivateKey(QByteArrayView pem)
{
    const std::unique_ptr<BIO, BioFree> bio(BIO_new_mem_buf(pem.data(), int(pem.size())));
    PKeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr) : nullptr);
    ERR_clear_error();
    return key;
}

} // namespace

bool keyFitsCertificate(QByteArrayView certificatePem, QByteArrayView keyPem)
{
    const std::vector<QByteArray> chain = pemCertificates(certificatePem);
    const PKeyPtr key = readPrivateKey(keyPem);
    if (chain.empty() || !key)
        return false;
    const unsigned char *der = bytesOf(chain.front());
    const X509Ptr certificate(d2i_X509(nullptr, &der, long(chain.front().size())));
    const bool fits = certificate && X509_check_private_key(certificate.get(), key.get()) == 1;
    ERR_clear_error();
    return fits;
}

Qt::HANDLE privateKeyHandle(QByteArrayView keyPem)
{
    return readPrivateKey(keyPem).release();
}

} // namespace tokenlab::crypto
