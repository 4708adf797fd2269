#include "core/crypto/keyread_p.h"

#include <openssl/asn1t.h>
#include <openssl/pkcs12.h>

namespace tokenlab::crypto {
namespace {

template <class T, auto Free>
using Owner = std::unique_ptr<T, Deleter<Free>>;

constexpr qsizetype maxInput = 8 * 1024 * 1024;
constexpr int maxSealed = 64; // each costs the hashing of a passphrase
constexpr int maxBags = 1000;
constexpr int maxDepth = 4; // of bags inside bags

struct FreeBags {
    void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const { sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free); }
};
struct FreeSafes {
    void operator()(STACK_OF(PKCS7) * safes) const { sk_PKCS7_pop_free(safes, PKCS7_free); }
};

class Reader
{
public:
    Reader(const char *passphrase, int length) : m_passphrase(passphrase), m_length(length) {}

    Result<Pkcs12Read, KeyReadError> read(PKCS12 *file)
    {
        const std::unique_ptr<STACK_OF(PKCS7), FreeSafes> safes(PKCS12_unpack_authsafes(file));
        if (!safes)
            return fail(malformed("PKCS#12"));
        for (int i = 0; i < sk_PKCS7_num(safes.get()) && !m_error; ++i)
            safe(sk_PKCS7_value(safes.get(), i));
        if (m_error)
            return fail(*m_error);
        return std::move(m_read);
    }

private:
    void safe(PKCS7 *content)
    {
        std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags> bags;
        if (PKCS7_type_is_data(content)) {
            bags.reset(PKCS12_unpack_p7data(content));
            if (!bags)
                return stop(malformed("PKCS#12"));
        } else if (PKCS7_type_is_encrypted(content) && content->d.encrypted && content->d.encrypted->enc_data) {
            const PKCS7_ENC_CONTENT *sealed = content->d.encrypted->enc_data;
            if (!isAllowed(sealed->algorithm))
                return;
            bags.reset(static_cast<STACK_OF(PKCS12_SAFEBAG) *>(
                PKCS12_item_decrypt_d2i_ex(sealed->algorithm, ASN1_ITEM_rptr(PKCS12_SAFEBAGS), m_passphrase, m_length, sealed->enc_data, 1,
                                           m_old.context(), nullptr)));
            if (!bags)
                return stop(decryptionError(sealed->algorithm));
        } else {
            return; // sealed for a public key: nobody's here
        }
        all(bags.get(), 0);
    }

    void all(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth)
    {
        for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && !m_error; ++i) {
            if (++m_bags > maxBags)
                return stop({KeyReadError::TooMuchWork, {}});
            bag(sk_PKCS12_SAFEBAG_value(bags, i), depth);
        }
    }

    void bag(PKCS12_SAFEBAG *one, int depth)
    {
        switch (PKCS12_SAFEBAG_get_nid(one)) {
        case NID_keyBag:
            add(numbersOf(PKCS12_SAFEBAG_get0_p8inf(one)), one);
            break;
        case NID_pkcs8ShroudedKeyBag: {
            const X509_SIG *sealed = PKCS12_SAFEBAG_get0_pkcs8(one);
            const X509_ALGOR *algorithm = nullptr;
            X509_SIG_get0(sealed, &algorithm, nullptr);
            if (!isAllowed(algorithm))
                return;
            const Owner<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free> info(
                PKCS12_decrypt_skey_ex(one, m_passphrase, m_length, m_old.context(), nullptr));
            if (!info)
                return stop(decryptionError(algorithm));
            add(numbersOf(info.get()), one);
            break;
        }
        case NID_certBag: {
            if (PKCS12_SAFEBAG_get_bag_nid(one) != NID_x509Certificate)
                return;
            const X509Ptr certificate(PKCS12_SAFEBAG_get1_cert(one));
            unsigned char *der = nullptr;
            const int length = certificate ? i2d_X509(certificate.get(), &der) : -1;
            if (length <= 0)
                return stop(malformed("certificate"));
            auto read = readCertificateDer(QByteArrayView(reinterpret_cast<const char *>(der), length));
            OPENSSL_free(der);
            if (!read)
                return stop(read.error());
            m_read.certificates.push_back(std::move(*read));
            break;
        }
        case NID_safeContentsBag:
            if (depth < maxDepth)
                all(PKCS12_SAFEBAG_get0_safes(one), depth + 1);
            break;
        default:
            break;
        }
    }

    void add(Result<KeyNumbers, KeyReadError> numbers, PKCS12_SAFEBAG *one)
    {
        if (numbers) {
            char *name = PKCS12_get_friendlyname(one);
            m_read.keys.push_back({std::move(*numbers), QByteArray(name)});
            OPENSSL_free(name);
        } else if (numbers.error().kind == KeyReadError::UnsupportedKey) {
            m_read.unsupported.push_back(numbers.error().detail);
        } else {
            stop(numbers.error());
        }
    }

    bool isAllowed(const X509_ALGOR *algorithm)
    {
        if (++m_sealed <= maxSealed && isAffordable(algorithm))
            return true;
        stop({KeyReadError::TooMuchWork, {}});
        return false;
    }

    void stop(KeyReadError error)
    {
        if (!m_error)
            m_error = std::move(error);
    }

    const char *m_passphrase;
    int m_length;
    OldCiphers m_old;
    Pkcs12Read m_read;
    std::optional<KeyReadError> m_error;
    int m_sealed = 0;
    int m_bags = 0;
};

} // namespace

Result<Pkcs12Read, KeyReadError> readPkcs12(QByteArrayView der, const SecretBytes *passphrase)
{
    ERR_clear_error();
    const unsigned char *at = bytesOf(der);
    const Owner<PKCS12, &PKCS12_free> file(der.size() > maxInput ? nullptr : d2i_PKCS12(nullptr, &at, long(der.size())));
    if (!file)
        return fail(malformed("PKCS#12"));
    const char *text = passphrase ? reinterpret_cast<const char *>(passphrase->data()) : "";
    int length = passphrase ? int(passphrase->size()) : 0;
    if (PKCS12_mac_present(file.get())) {
        const ASN1_INTEGER *iterations = nullptr;
        PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, file.get());
        int64_t count = 1;
        if (iterations && (ASN1_INTEGER_get_int64(&count, iterations) != 1 || count > maxIterations)) {
            ERR_clear_error();
            return fail(KeyReadError{KeyReadError::TooMuchWork, {}});
        }
        bool good = PKCS12_verify_mac(file.get(), text, length) == 1;
        if (!good && length == 0) { // "no passphrase" has two forms
            text = nullptr;
            good = PKCS12_verify_mac(file.get(), nullptr, 0) == 1;
        }
        ERR_clear_error();
        if (!good)
            return fail(KeyReadError{passphrase ? KeyReadError::WrongPassphrase : KeyReadError::PassphraseNeeded, {}});
    }
    auto read = Reader(text, length).read(file.get());
    ERR_clear_error();
    if (!read && !passphrase && read.error().kind == KeyReadError::WrongPassphrase)
        return fail(KeyReadError{KeyReadError::PassphraseNeeded, {}});
    return read;
}

} // namespace tokenlab::crypto
