#include "core/crypto/certificatekey.h"

#include "core/crypto/openssl_p.h"

#include <openssl/core_names.h>

#include <optional>

namespace tokenlab::crypto {
namespace {

struct Element {
    qsizetype header = 0;
    qsizetype length = 0;
    [[nodiscard]] qsizetype size() const { return header + length; }
};

// A DER SEQUENCE at the start of the bytes, complete and with a minimal length.
std::optional<Element> sequence(QByteArrayView bytes)
{
    if (bytes.size() < 2 || bytes[0] != '\x30')
        return {};
    const auto first = static_cast<unsigned char>(bytes[1]);
    Element element{2, first};
    if (first >= 0x80) {
        const int count = first & 0x7f;
        if (count == 0 || count > 4 || bytes.size() < 2 + count)
            return {};
        element = {2 + count, 0};
        for (int i = 0; i < count; ++i)
            element.length = element.length << 8 | static_cast<unsigned char>(bytes[2 + i]);
        if (element.length < 0x80 || (count > 1 && bytes[2] == '\0'))
            return {};
    }
    if (element.size() > bytes.size())
        return {};
    return element;
}

QByteArray numberOf(const EVP_PKEY *key, const char *name, qsizetype width)
{
    BIGNUM *raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1)
        return {};
    const BnPtr number(raw);
    QByteArray bytes(width ? width : BN_num_bytes(number.get()), '\0');
    if (BN_bn2binpad(number.get(), reinterpret_cast<unsigned char *>(bytes.data()), int(bytes.size())) < 0)
        return {};
    return bytes;
}

CryptoError goError(const char *text)
{
    ERR_clear_error();
    return {text};
}

} // namespace

Result<CertificateKey, CryptoError> readCertificateKey(QByteArrayView der)
{
    const std::optional<Element> outer = sequence(der);
    if (!outer)
        return fail(goError("x509: malformed certificate"));
    const std::optional<Element> tbs = sequence(der.sliced(outer->header, outer->length));
    if (!tbs)
        return fail(goError("x509: malformed tbs certificate"));
    const unsigned char *at = bytesOf(der);
    const X509Ptr certificate(d2i_X509(nullptr, &at, long(outer->size())));
    if (!certificate)
        return fail(goError("x509: malformed certificate"));
    CertificateKey result;
    X509_PUBKEY *info = X509_get_X509_PUBKEY(certificate.get());
    ASN1_OBJECT *algorithm = nullptr;
    X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, info);
    const int nid = OBJ_obj2nid(algorithm);
    const EVP_PKEY *key = X509_PUBKEY_get0(info);
    if (nid == NID_rsaEncryption) {
        if (!key)
            return fail(goError("x509: invalid RSA public key"));
        result = {CertificateKey::Rsa, numberOf(key, OSSL_PKEY_PARAM_RSA_N, 0), numberOf(key, OSSL_PKEY_PARAM_RSA_E, 0), 0};
    } else if (nid == NID_X9_62_id_ecPublicKey) {
        char group[64] = "";
        if (key)
            EVP_PKEY_get_group_name(key, group, sizeof group, nullptr);
        const int curve = OBJ_sn2nid(group);
        const int bits = curve == NID_secp224r1          ? 224
                         : curve == NID_X9_62_prime256v1 ? 256
                         : curve == NID_secp384r1        ? 384
                         : curve == NID_secp521r1        ? 521
                                                         : 0;
        if (!bits)
            return fail(goError("x509: unsupported elliptic curve"));
        const qsizetype width = (bits + 7) / 8;
        result = {CertificateKey::Ec, numberOf(key, OSSL_PKEY_PARAM_EC_PUB_X, width), numberOf(key, OSSL_PKEY_PARAM_EC_PUB_Y, width), bits};
    } else if (nid == NID_ED25519) {
        QByteArray x(32, '\0');
        std::size_t length = 32;
        if (!key || EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char *>(x.data()), &length) != 1)
            return fail(goError("x509: wrong Ed25519 public key size"));
        result = {CertificateKey::Ed25519, x, {}, 0};
    } else if (nid == NID_X25519 || nid == NID_dsa) {
        result.kind = CertificateKey::Other;
    }
    ERR_clear_error();
    if (outer->size() != der.size())
        return fail(goError("x509: trailing data"));
    return result;
}

} // namespace tokenlab::crypto
