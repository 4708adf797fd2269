#include "core/crypto/certificateinfo.h"

#include "core/crypto/certificate_p.h"
#include "core/crypto/peerverify.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>

namespace tokenlab::crypto {

namespace {

QByteArray printedName(const X509_NAME *name)
{
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), &BIO_free_all);
    // RFC 2253, but UTF-8 as it is.
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) {
        ERR_clear_error();
        return {};
    }
    char *text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return size > 0 ? QByteArray(text, size) : QByteArray();
}

QByteArray printedSerial(const X509 *certificate)
{
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), &BN_free);
    char *hex = number ? BN_bn2hex(number.get()) : nullptr;
    QByteArray out(hex ? hex : "0");
    OPENSSL_free(hex);
    while (out.size() > 1 && out.startsWith('0'))
        out.remove(0, 1);
    return out;
}

QByteArray printedKey(const X509 *certificate)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (!key) {
        ERR_clear_error();
        return QByteArrayLiteral("unknown key");
    }
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return "RSA " + QByteArray::number(EVP_PKEY_get_bits(key));
    case EVP_PKEY_ED25519:
        return QByteArrayLiteral("Ed25519");
    case EVP_PKEY_EC: {
        char group[64] = {};
        EVP_PKEY_get_group_name(key, group, sizeof group, nullptr);
        const int nid = OBJ_txt2nid(group);
        const char *nist = nid == NID_undef ? nullptr : EC_curve_nid2nist(nid);
        return QByteArray("EC ") + (nist ? nist : group);
    }
    default: {
        const char *name = EVP_PKEY_get0_type_name(key);
        return name ? QByteArray(name) : QByteArrayLiteral("unknown key");
    }
    }
}

} // namespace

std::optional<CertificateInfo> describeCertificate(QByteArrayView der)
{
    const auto certificate = Certificate::fromDer(der);
    if (!certificate)
        return std::nullopt;
    const X509 *x509 = certificate->handle();
    CertificateInfo out;
    out.subject = printedName(X509_get_subject_name(x509));
    out.issuer = printedName(X509_get_issuer_name(x509));
    out.name = certificate->displayName();
    out.serial = printedSerial(x509);
    out.names = certificate->alternativeNames();
    out.notBefore = Instant{certificate->notBefore()};
    out.notAfter = Instant{certificate->notAfter()};
    out.key = printedKey(x509);
    out.signature = OBJ_nid2ln(X509_get_signature_nid(x509));
    out.isAuthority = certificate->hasBasicConstraints() && certificate->isCa();
    out.isSelfIssued = certificate->subject() == certificate->issuer();
    if (EVP_PKEY *key = X509_get0_pubkey(x509); out.isSelfIssued && key) {
        out.isSelfSigned = X509_verify(certificate->handle(), key) == 1;
        ERR_clear_error();
    }
    out.pin = certificate->spkiDigest();
    out.certificateDigest = certificate->digest();
    return out;
}

QByteArray certificatePem(QByteArrayView der)
{
    const QByteArray text = der.toByteArray().toBase64();
    QByteArray out = "-----BEGIN CERTIFICATE-----\n";
    constexpr qsizetype Line = 64;
    for (qsizetype at = 0; at < text.size(); at += Line)
        out += text.sliced(at, std::min(Line, text.size() - at)) + '\n';
    return out + "-----END CERTIFICATE-----\n";
}

std::vector<QByteArray> certificatesOf(QByteArrayView file)
{
    if (Certificate::fromDer(file))
        return {file.toByteArray()};
    std::vector<QByteArray> out = pemCertificates(file);
    std::erase_if(out, [](const QByteArray &der) { return !Certificate::fromDer(der); });
    return out;
}

bool wouldVouchFor(QByteArrayView authorityDer, const std::vector<QByteArray> &sent, QByteArrayView host, Instant now)
{
    CertificatePool roots;
    return roots.addPem(certificatePem(authorityDer)) == 1 && verifyPeer(sent, roots, host, now).ok();
}

} // namespace tokenlab::crypto
