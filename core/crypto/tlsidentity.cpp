#include "core/crypto/tlsidentity.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

namespace tokenlab::crypto {

namespace {

template <class T, void (*F)(T *)>
struct Releases {
    void operator()(T *p) const { F(p); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Releases<X509, X509_free>>;
struct BioFree {
    void operator()(BIO *bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

KeyPtr newKey(TlsIdentityRequest::KeyKind kind)
{
    switch (kind) {
    case TlsIdentityRequest::Rsa2048:
        return KeyPtr(EVP_RSA_gen(2048));
    case TlsIdentityRequest::Rsa1024:
        return KeyPtr(EVP_RSA_gen(1024));
    case TlsIdentityRequest::P256:
        return KeyPtr(EVP_EC_gen("P-256"));
    case TlsIdentityRequest::P384:
        return KeyPtr(EVP_EC_gen("P-384"));
    case TlsIdentityRequest::P521:
        return KeyPtr(EVP_EC_gen("P-521"));
    case TlsIdentityRequest::Secp256k1:
        return KeyPtr(EVP_EC_gen("secp256k1"));
    case TlsIdentityRequest::Ed25519:
        return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    case TlsIdentityRequest::Ed448:
        return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
    }
    return {};
}

KeyPtr keyOf(const SecretBytes &pem)
{
    const BioPtr bio(BIO_new_mem_buf(pem.data(), int(pem.size())));
    return KeyPtr(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

bool addExtension(X509 *certificate, X509V3_CTX *context, const QByteArray &name, const QByteArray &value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf(nullptr, context, name.constData(), value.constData());
    const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

QByteArray memoryOf(BIO *bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? QByteArray(data, size) : QByteArray();
}

bool isAddress(const QByteArray &name)
{
    ASN1_OCTET_STRING *parsed = a2i_IPADDRESS(name.constData());
    ASN1_OCTET_STRING_free(parsed);
    ERR_clear_error();
    return parsed != nullptr;
}

bool addExtensions(const TlsIdentityRequest &request, X509 *signer, X509 *x, bool issued)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, x, nullptr, nullptr, 0);
    std::vector<std::pair<QByteArray, QByteArray>> all;
    QByteArray constraints = request.authority ? "critical,CA:TRUE" : "critical,CA:FALSE";
    if (request.authority && request.pathLength)
        constraints += ",pathlen:" + QByteArray::number(*request.pathLength);
    all.emplace_back("basicConstraints", constraints);
    all.emplace_back("keyUsage", request.keyUsage.value_or(request.authority ? "critical,keyCertSign,cRLSign"
                                                                             : "critical,digitalSignature,keyEncipherment"));
    all.emplace_back("subjectKeyIdentifier", "hash");
    if (issued && X509_get0_subject_key_id(signer))
        all.emplace_back("authorityKeyIdentifier", "keyid:always");
    all.emplace_back("extendedKeyUsage", request.extendedKeyUsage.value_or(request.authority        ? ""
                                                                           : request.forClientsOnly ? "clientAuth"
                                                                                                    : "serverAuth"));
    QByteArray names;
    for (const QByteArray &name : request.names)
        names += (names.isEmpty() ? "" : ",") + QByteArray(isAddress(name) ? "IP:" : "DNS:") + name;
    all.emplace_back("subjectAltName", names);
    all.insert(all.end(), request.extensions.begin(), request.extensions.end());
    return std::all_of(all.begin(), all.end(),
                       [&](const auto &one) { return one.second.isEmpty() || addExtension(x, &context, one.first, one.second); });
}

} // namespace

Result<TlsIdentity, TlsIdentityError> makeTlsIdentity(const TlsIdentityRequest &request, const TlsIdentity *issuer)
{
    const auto refuse = [](const char *step) {
        ERR_clear_error();
        return fail(TlsIdentityError{step});
    };
    const KeyPtr key = request.keyPem ? keyOf(*request.keyPem) : newKey(request.key);
    const CertificatePtr certificate(X509_new());
    if (!key || !certificate)
        return refuse("key generation");
    unsigned char serial[8];
    if (RAND_bytes(serial, sizeof serial) != 1)
        return refuse("random numbers");
    serial[0] &= 0x7f; // a serial number is positive
    serial[0] |= 0x40;
    const std::unique_ptr<BIGNUM, Releases<BIGNUM, BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
    X509 *x = certificate.get();
    if (!number || X509_set_version(x, request.version1 ? 0 : 2) != 1 || !BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)) ||
        !ASN1_TIME_set(X509_getm_notBefore(x), time_t(request.notBefore.secondsSinceEpoch)) ||
        !ASN1_TIME_set(X509_getm_notAfter(x), time_t(request.notAfter.secondsSinceEpoch)) || X509_set_pubkey(x, key.get()) != 1)
        return refuse("certificate fields");
    X509_NAME *subject = X509_get_subject_name(x);
    if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(request.commonName.constData()),
                                   int(request.commonName.size()), -1, 0) != 1)
        return refuse("subject");

    CertificatePtr issuerCertificate;
    KeyPtr issuerKey;
    if (issuer) {
        const auto *der = reinterpret_cast<const unsigned char *>(issuer->certificateDer.constData());
        issuerCertificate.reset(d2i_X509(nullptr, &der, long(issuer->certificateDer.size())));
        issuerKey = keyOf(issuer->keyPem);
        if (!issuerCertificate || !issuerKey)
            return refuse("issuer");
    }
    X509 *signer = issuer ? issuerCertificate.get() : x;
    EVP_PKEY *signingKey = issuer ? issuerKey.get() : key.get();
    if (X509_set_issuer_name(x, X509_get_subject_name(signer)) != 1)
        return refuse("issuer name");

    if (!request.version1 && !addExtensions(request, signer, x, issuer != nullptr))
        return refuse("extensions");

    const EVP_MD *digest = request.digest == TlsIdentityRequest::Sha1     ? EVP_sha1()
                           : request.digest == TlsIdentityRequest::Md5    ? EVP_md5()
                           : request.digest == TlsIdentityRequest::Sha384 ? EVP_sha384()
                                                                          : EVP_sha256();
    if (const int type = EVP_PKEY_get_base_id(signingKey); type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448)
        digest = nullptr; // they hash by themselves
    if (X509_sign(x, signingKey, digest) <= 0)
        return refuse("signature");

    TlsIdentity identity;
    const BioPtr certificateBio(BIO_new(BIO_s_mem()));
    const BioPtr keyBio(BIO_new(BIO_s_secmem()));
    if (!certificateBio || !keyBio || PEM_write_bio_X509(certificateBio.get(), x) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(keyBio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return refuse("PEM");
    identity.certificatePem = memoryOf(certificateBio.get());
    QByteArray keyPem = memoryOf(keyBio.get());
    identity.keyPem = SecretBytes(keyPem);
    wipe(keyPem);
    unsigned char *der = nullptr;
    const int size = i2d_X509(x, &der);
    if (size <= 0)
        return refuse("DER");
    identity.certificateDer = QByteArray(reinterpret_cast<const char *>(der), size);
    OPENSSL_free(der);
    return identity;
}

} // namespace tokenlab::crypto
