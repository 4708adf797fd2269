#include "core/crypto/keyread_p.h"

#include <openssl/asn1t.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>

#include <algorithm>

namespace tokenlab::crypto {
namespace {

constexpr uint64_t maxScryptWork = uint64_t(1) << 24; // N · r · p: some seconds
constexpr qsizetype maxInput = 8 * 1024 * 1024;
constexpr int maxRsaBits = 16384;

template <class T, auto Free>
using Owner = std::unique_ptr<T, Deleter<Free>>;
using Pkcs8Ptr = Owner<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free>;
using SigPtr = Owner<X509_SIG, &X509_SIG_free>;

// width 0: as long as the number needs.
SecretBytes numberOf(const EVP_PKEY *key, const char *name, qsizetype width = 0)
{
    BIGNUM *raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
        ERR_clear_error();
        return {};
    }
    const BnPtr number(raw);
    SecretBytes bytes = SecretBytes::zeros(width ? width : qMax(1, BN_num_bytes(number.get())));
    if (BN_bn2binpad(number.get(), bytes.mutableData(), int(bytes.size())) < 0) {
        ERR_clear_error();
        return {};
    }
    return bytes;
}

QByteArray publicOf(const EVP_PKEY *key, const char *name, qsizetype width = 0)
{
    return numberOf(key, name, width).view().toByteArray();
}

Result<KeyNumbers, KeyReadError> rsaOf(const EVP_PKEY *key, bool withSecrets)
{
    if (EVP_PKEY_get_bits(key) > maxRsaBits)
        return fail(KeyReadError{KeyReadError::UnsupportedKey, "RSA " + QByteArray::number(EVP_PKEY_get_bits(key))});
    RsaNumbers numbers;
    numbers.n = publicOf(key, OSSL_PKEY_PARAM_RSA_N);
    numbers.e = publicOf(key, OSSL_PKEY_PARAM_RSA_E);
    if (numbers.n.isEmpty() || numbers.e.isEmpty())
        return fail(malformed("RSA"));
    if (!withSecrets)
        return KeyNumbers(numbers);
    if (!numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR3).isEmpty())
        return fail(KeyReadError{KeyReadError::UnsupportedKey, "RSA of more than two primes"});
    numbers.d = numberOf(key, OSSL_PKEY_PARAM_RSA_D);
    numbers.p = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
    numbers.q = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
    numbers.dp = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
    numbers.dq = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
    numbers.qi = numberOf(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
    if (numbers.d.isEmpty() || numbers.p.isEmpty() || numbers.q.isEmpty())
        return fail(malformed("RSA"));
    return KeyNumbers(numbers);
}

Result<KeyNumbers, KeyReadError> ecOf(const EVP_PKEY *key, bool withSecrets)
{
    char group[80] = "";
    std::size_t length = 0;
    EcNumbers numbers;
    const bool named = EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1;
    switch (named ? OBJ_sn2nid(group) : NID_undef) {
    case NID_X9_62_prime256v1:
        numbers.curve = Curve::P256;
        break;
    case NID_secp384r1:
        numbers.curve = Curve::P384;
        break;
    case NID_secp521r1:
        numbers.curve = Curve::P521;
        break;
    default:
        ERR_clear_error();
        return fail(
            KeyReadError{KeyReadError::UnsupportedKey, named ? "EC " + QByteArray(group) : QByteArray("EC of a curve without name")});
    }
    const qsizetype width = fieldBytes(numbers.curve);
    numbers.x = publicOf(key, OSSL_PKEY_PARAM_EC_PUB_X, width);
    numbers.y = publicOf(key, OSSL_PKEY_PARAM_EC_PUB_Y, width);
    if (numbers.x.isEmpty() || numbers.y.isEmpty())
        return fail(malformed("EC"));
    if (!withSecrets)
        return KeyNumbers(numbers);
    numbers.d = numberOf(key, OSSL_PKEY_PARAM_PRIV_KEY, width);
    if (numbers.d.isEmpty())
        return fail(malformed("EC"));
    const PKeyCtxPtr check(EVP_PKEY_CTX_new_from_pkey(nullptr, const_cast<EVP_PKEY *>(key), nullptr));
    const bool pair = check && EVP_PKEY_pairwise_check(check.get()) == 1;
    ERR_clear_error();
    if (!pair)
        return fail(KeyReadError{KeyReadError::NotAPair, {}});
    return KeyNumbers(numbers);
}

Result<KeyNumbers, KeyReadError> edOf(const EVP_PKEY *key, bool withSecrets)
{
    EdNumbers numbers;
    numbers.x = QByteArray(32, '\0');
    std::size_t length = 32;
    if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char *>(numbers.x.data()), &length) != 1 || length != 32)
        return fail(malformed("Ed25519"));
    if (withSecrets) {
        numbers.seed = SecretBytes::zeros(32);
        if (EVP_PKEY_get_raw_private_key(key, numbers.seed.mutableData(), &length) != 1 || length != 32)
            return fail(malformed("Ed25519"));
    }
    return KeyNumbers(numbers);
}

template <class T>
std::unique_ptr<T, void (*)(T *)> unpacked(const X509_ALGOR *algorithm, const ASN1_ITEM *item, void (*release)(T *))
{
    auto *value = algorithm->parameter && algorithm->parameter->type == V_ASN1_SEQUENCE
                      ? static_cast<T *>(ASN1_TYPE_unpack_sequence(item, algorithm->parameter))
                      : nullptr;
    return {value, release};
}

bool isModest(const ASN1_INTEGER *iterations)
{
    int64_t count = 0;
    const bool small = !iterations || (ASN1_INTEGER_get_int64(&count, iterations) == 1 && count >= 0 && count <= maxIterations);
    ERR_clear_error();
    return small;
}

QByteArray nameOf(const X509_ALGOR *algorithm)
{
    char text[80] = "";
    OBJ_obj2txt(text, sizeof text, algorithm->algorithm, 0);
    if (OBJ_obj2nid(algorithm->algorithm) != NID_pbes2)
        return text;
    const auto scheme = unpacked<PBE2PARAM>(algorithm, ASN1_ITEM_rptr(PBE2PARAM), &PBE2PARAM_free);
    if (scheme && scheme->encryption && scheme->encryption->algorithm)
        OBJ_obj2txt(text, sizeof text, scheme->encryption->algorithm, 0);
    ERR_clear_error();
    return text;
}

Result<KeyNumbers, KeyReadError> readPrivate(QByteArrayView der, int type)
{
    const unsigned char *at = bytesOf(der);
    const PKeyPtr key(d2i_PrivateKey(type, nullptr, &at, long(der.size())));
    if (!key)
        return fail(malformed("private key"));
    return numbersOf(key.get(), true);
}

Result<KeyNumbers, KeyReadError> readPublic(const PKeyPtr &key)
{
    if (!key)
        return fail(malformed("public key"));
    return numbersOf(key.get(), false);
}

// A key of a kind that OpenSSL does not know by itself still has a name.
std::optional<KeyReadError> unknownKind(const ASN1_OBJECT *algorithm)
{
    const int nid = OBJ_obj2nid(algorithm);
    for (const int known : {NID_rsaEncryption, NID_rsassaPss, NID_X9_62_id_ecPublicKey, NID_ED25519})
        if (nid == known)
            return {};
    char text[80] = "";
    OBJ_obj2txt(text, sizeof text, algorithm, 0);
    ERR_clear_error();
    return KeyReadError{KeyReadError::UnsupportedKey, text};
}

Result<KeyNumbers, KeyReadError> readSpki(QByteArrayView der)
{
    const unsigned char *at = bytesOf(der);
    const Owner<X509_PUBKEY, &X509_PUBKEY_free> info(d2i_X509_PUBKEY(nullptr, &at, long(der.size())));
    if (!info)
        return fail(malformed("public key"));
    ASN1_OBJECT *algorithm = nullptr;
    X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, info.get());
    if (auto unknown = unknownKind(algorithm))
        return fail(std::move(*unknown));
    const EVP_PKEY *key = X509_PUBKEY_get0(info.get());
    if (!key)
        return fail(malformed("public key"));
    return numbersOf(key, false);
}

Result<KeyNumbers, KeyReadError> readEncrypted(QByteArrayView der, const SecretBytes *passphrase)
{
    const unsigned char *at = bytesOf(der);
    const SigPtr sealed(d2i_X509_SIG(nullptr, &at, long(der.size())));
    if (!sealed)
        return fail(malformed("encrypted private key"));
    const X509_ALGOR *algorithm = nullptr;
    X509_SIG_get0(sealed.get(), &algorithm, nullptr);
    if (!passphrase)
        return fail(KeyReadError{KeyReadError::PassphraseNeeded, nameOf(algorithm)});
    if (!isAffordable(algorithm))
        return fail(KeyReadError{KeyReadError::TooMuchWork, nameOf(algorithm)});
    const OldCiphers old;
    const Pkcs8Ptr info(PKCS8_decrypt_ex(sealed.get(), reinterpret_cast<const char *>(passphrase->data()), int(passphrase->size()),
                                         old.context(), nullptr));
    if (!info)
        return fail(decryptionError(algorithm));
    return numbersOf(info.get());
}

int passphraseFor(char *buffer, int size, int, void *given)
{
    const auto *passphrase = static_cast<const SecretBytes *>(given);
    if (passphrase->size() > size)
        return -1;
    std::copy_n(passphrase->data(), passphrase->size(), buffer);
    return int(passphrase->size());
}

} // namespace

KeyReadError malformed(const char *operation)
{
    return {KeyReadError::Malformed, openSslError(operation).what};
}

bool isAffordable(const X509_ALGOR *algorithm)
{
    const int nid = OBJ_obj2nid(algorithm->algorithm);
    if (nid != NID_pbes2) {
        const auto simple = unpacked<PBEPARAM>(algorithm, ASN1_ITEM_rptr(PBEPARAM), &PBEPARAM_free);
        ERR_clear_error();
        return !simple || isModest(simple->iter);
    }
    const auto scheme = unpacked<PBE2PARAM>(algorithm, ASN1_ITEM_rptr(PBE2PARAM), &PBE2PARAM_free);
    if (!scheme || !scheme->keyfunc || !scheme->keyfunc->algorithm) {
        ERR_clear_error();
        return true; // it fails at once
    }
    if (OBJ_obj2nid(scheme->keyfunc->algorithm) == NID_id_scrypt) {
        const auto scrypt = unpacked<SCRYPT_PARAMS>(scheme->keyfunc, ASN1_ITEM_rptr(SCRYPT_PARAMS), &SCRYPT_PARAMS_free);
        uint64_t n = 0;
        uint64_t r = 0;
        uint64_t p = 0;
        const bool read = scrypt && ASN1_INTEGER_get_uint64(&n, scrypt->costParameter) == 1 &&
                          ASN1_INTEGER_get_uint64(&r, scrypt->blockSize) == 1 &&
                          ASN1_INTEGER_get_uint64(&p, scrypt->parallelizationParameter) == 1;
        ERR_clear_error();
        if (!read || !n || !r || !p)
            return true;
        return n <= maxScryptWork && r <= maxScryptWork && p <= maxScryptWork && n * r <= maxScryptWork && n * r * p <= maxScryptWork;
    }
    const auto pbkdf2 = unpacked<PBKDF2PARAM>(scheme->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM), &PBKDF2PARAM_free);
    ERR_clear_error();
    return !pbkdf2 || isModest(pbkdf2->iter);
}

KeyReadError decryptionError(const X509_ALGOR *algorithm)
{
    bool missing = false;
    while (const unsigned long code = ERR_get_error()) {
        const int reason = ERR_GET_REASON(code);
        missing = missing || reason == ERR_R_UNSUPPORTED ||
                  (ERR_GET_LIB(code) == ERR_LIB_EVP &&
                   (reason == EVP_R_UNKNOWN_PBE_ALGORITHM || reason == EVP_R_UNSUPPORTED_CIPHER || reason == EVP_R_UNKNOWN_CIPHER ||
                    reason == EVP_R_UNSUPPORTED_PRF || reason == EVP_R_UNSUPPORTED_KEY_DERIVATION_FUNCTION));
    }
    if (missing)
        return {KeyReadError::UnsupportedCipher, nameOf(algorithm)};
    return {KeyReadError::WrongPassphrase, {}};
}

Result<KeyNumbers, KeyReadError> numbersOf(const EVP_PKEY *key, bool withSecrets)
{
    switch (const int type = EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return rsaOf(key, withSecrets);
    case EVP_PKEY_EC:
        return ecOf(key, withSecrets);
    case EVP_PKEY_ED25519:
        return edOf(key, withSecrets);
    default: {
        const char *name = OBJ_nid2sn(type);
        return fail(KeyReadError{KeyReadError::UnsupportedKey, name ? name : "unknown"});
    }
    }
}

Result<KeyNumbers, KeyReadError> numbersOf(const PKCS8_PRIV_KEY_INFO *info)
{
    const ASN1_OBJECT *algorithm = nullptr;
    PKCS8_pkey_get0(&algorithm, nullptr, nullptr, nullptr, info);
    if (auto unknown = unknownKind(algorithm))
        return fail(std::move(*unknown));
    const PKeyPtr key(EVP_PKCS82PKEY(info));
    if (!key)
        return fail(malformed("PKCS#8"));
    return numbersOf(key.get(), true);
}

Result<KeyNumbers, KeyReadError> readKeyDer(QByteArrayView der, DerShape shape, const SecretBytes *passphrase)
{
    ERR_clear_error();
    if (der.size() > maxInput)
        return fail(KeyReadError{KeyReadError::Malformed, "larger than any key"});
    const unsigned char *at = bytesOf(der);
    switch (shape) {
    case DerShape::Pkcs1Private:
        return readPrivate(der, EVP_PKEY_RSA);
    case DerShape::Sec1:
        return readPrivate(der, EVP_PKEY_EC);
    case DerShape::Pkcs8: {
        const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, long(der.size())));
        if (!info)
            return fail(malformed("PKCS#8"));
        return numbersOf(info.get());
    }
    case DerShape::EncryptedPkcs8:
        return readEncrypted(der, passphrase);
    case DerShape::Spki:
        return readSpki(der);
    case DerShape::Pkcs1Public:
        return readPublic(PKeyPtr(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, long(der.size()))));
    case DerShape::Certificate:
    case DerShape::Pkcs12:
    case DerShape::None:
        break;
    }
    return fail(KeyReadError{KeyReadError::Malformed, "no key in DER"});
}

Result<SecretBytes, KeyReadError> openLegacyPem(const QByteArray &header, QByteArrayView body, const SecretBytes *passphrase)
{
    ERR_clear_error();
    QByteArray lines = header; // written to while it is read
    EVP_CIPHER_INFO cipher{};
    if (PEM_get_EVP_CIPHER_INFO(lines.data(), &cipher) != 1) {
        ERR_clear_error();
        const qsizetype begin = header.indexOf("DEK-Info:");
        const QByteArray name = begin < 0 ? QByteArray() : header.mid(begin + 9, header.indexOf(',', begin) - begin - 9).trimmed();
        return fail(KeyReadError{KeyReadError::UnsupportedCipher, name.left(40)});
    }
    if (!passphrase)
        return fail(KeyReadError{KeyReadError::PassphraseNeeded, {}});
    SecretBytes bytes(body);
    long length = long(bytes.size());
    if (PEM_do_header(&cipher, bytes.mutableData(), &length, passphraseFor, const_cast<SecretBytes *>(passphrase)) != 1) {
        ERR_clear_error();
        return fail(KeyReadError{KeyReadError::WrongPassphrase, {}});
    }
    return SecretBytes(bytes.view().first(qBound(qsizetype(0), qsizetype(length), bytes.size())));
}

Result<CertificateRead, KeyReadError> readCertificateDer(QByteArrayView der)
{
    ERR_clear_error();
    const unsigned char *at = bytesOf(der);
    const X509Ptr certificate(der.size() > maxInput ? nullptr : d2i_X509(nullptr, &at, long(der.size())));
    if (!certificate)
        return fail(malformed("certificate"));
    CertificateRead read;
    read.der = der.toByteArray();
    const auto nameBytes = [](const X509_NAME *name) {
        unsigned char *bytes = nullptr;
        const int length = i2d_X509_NAME(name, &bytes);
        QByteArray result(reinterpret_cast<const char *>(bytes), qMax(length, 0));
        OPENSSL_free(bytes);
        return result;
    };
    read.subject = nameBytes(X509_get_subject_name(certificate.get()));
    read.issuer = nameBytes(X509_get_issuer_name(certificate.get()));
    const std::unique_ptr<BIO, Deleter<&BIO_free>> text(BIO_new(BIO_s_mem()));
    if (text && X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253) >= 0) {
        char *data = nullptr;
        const long size = BIO_get_mem_data(text.get(), &data);
        read.subjectText = QByteArray(data, qMax(size, 0L));
    }
    X509_PUBKEY *info = X509_get_X509_PUBKEY(certificate.get());
    ASN1_OBJECT *algorithm = nullptr;
    X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, info);
    if (auto unknown = unknownKind(algorithm)) {
        read.unsupported = unknown->detail;
        return read;
    }
    const EVP_PKEY *key = X509_PUBKEY_get0(info);
    if (!key)
        return fail(malformed("certificate"));
    auto numbers = numbersOf(key, false);
    if (numbers)
        read.key = std::move(*numbers);
    else if (numbers.error().kind == KeyReadError::UnsupportedKey)
        read.unsupported = numbers.error().detail;
    else
        return fail(numbers.error());
    return read;
}

} // namespace tokenlab::crypto
