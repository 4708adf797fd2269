#include "core/crypto/certificate_p.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <QList>

#include <algorithm>
#include <bit>
#include <ctime>

namespace tokenlab::crypto {

namespace {

constexpr std::size_t MaxNamesListed = 100;

template <class T, void (*F)(T *)>
struct Releases {
    void operator()(T *p) const { F(p); }
};
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Releases<GENERAL_NAMES, GENERAL_NAMES_free>>;
using ConstraintsPtr = std::unique_ptr<NAME_CONSTRAINTS, Releases<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>>;
using UsagesPtr = std::unique_ptr<EXTENDED_KEY_USAGE, Releases<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>>;

template <class T, class Encode>
QByteArray encoded(T *object, Encode encode)
{
    const int length = encode(object, nullptr);
    if (length <= 0)
        return {};
    QByteArray out(length, Qt::Uninitialized);
    auto *at = reinterpret_cast<unsigned char *>(out.data());
    encode(object, &at);
    return out;
}

QByteArray sha256(QByteArrayView bytes)
{
    QByteArray out(32, Qt::Uninitialized);
    unsigned int size = 0;
    EVP_Digest(bytes.data(), std::size_t(bytes.size()), reinterpret_cast<unsigned char *>(out.data()), &size, EVP_sha256(), nullptr);
    return out;
}

qint64 seconds(const ASN1_TIME *time)
{
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? qint64(timegm(&parts)) : 0;
}

QByteArray bytesOf(const ASN1_STRING *text)
{
    return text ? QByteArray(reinterpret_cast<const char *>(ASN1_STRING_get0_data(text)), ASN1_STRING_length(text)) : QByteArray();
}

QByteArray nameEntry(const X509_NAME *name, int nid, bool last)
{
    int found = -1;
    for (int at = X509_NAME_get_index_by_NID(name, nid, -1); at >= 0; at = X509_NAME_get_index_by_NID(name, nid, at)) {
        found = at;
        if (!last)
            break;
    }
    if (found < 0)
        return {};
    unsigned char *utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, found)));
    QByteArray out = length > 0 ? QByteArray(reinterpret_cast<const char *>(utf8), length) : QByteArray();
    OPENSSL_free(utf8);
    return out;
}

struct AlternativeNames {
    bool present = false;
    std::vector<QByteArray> dns;
    std::vector<QByteArray> addresses; // 4 or 16 bytes
};

AlternativeNames namesOf(const X509 *certificate)
{
    AlternativeNames out;
    const NamesPtr names(static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (!names)
        return out;
    out.present = true;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) {
            out.dns.push_back(bytesOf(name->d.dNSName));
        } else if (name->type == GEN_IPADD) {
            const QByteArray bytes = bytesOf(name->d.iPAddress);
            if (bytes.size() == 4 || bytes.size() == 16)
                out.addresses.push_back(bytes);
        }
    }
    return out;
}

// An IPv4 address in IPv6 clothes is that IPv4 address.
QByteArray plain(const QByteArray &address)
{
    static const QByteArray Mapped = QByteArray(10, '\0') + "\xff\xff";
    return address.size() == 16 && address.startsWith(Mapped) ? address.sliced(12) : address;
}

std::optional<QByteArray> asAddress(QByteArrayView text)
{
    // OpenSSL reads more texts as IPv4 than four parts of digits.
    if (!text.contains(':')) {
        if (std::count(text.begin(), text.end(), '.') != 3 || text.startsWith('.') || text.endsWith('.'))
            return std::nullopt;
        for (const char c : text) {
            if (c != '.' && (c < '0' || c > '9'))
                return std::nullopt;
        }
    }
    const std::unique_ptr<ASN1_OCTET_STRING, Releases<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>> parsed(
        a2i_IPADDRESS(text.toByteArray().constData()));
    if (!parsed) {
        ERR_clear_error();
        return std::nullopt;
    }
    return plain(bytesOf(parsed.get()));
}

// RFC 5952.
QByteArray printedAddress(const QByteArray &bytes)
{
    QByteArray out;
    if (bytes.size() == 4) {
        for (const char c : bytes)
            out += (out.isEmpty() ? "" : ".") + QByteArray::number(uint(uchar(c)));
        return out;
    }
    std::vector<uint> groups;
    for (qsizetype i = 0; i + 1 < bytes.size(); i += 2)
        groups.push_back(uint(uchar(bytes[i])) << 8 | uchar(bytes[i + 1]));
    // The longest run of two or more zero groups becomes `::`.
    std::size_t bestAt = groups.size(), bestLength = 1;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::size_t length = 0;
        while (i + length < groups.size() && groups[i + length] == 0)
            ++length;
        if (length > bestLength) {
            bestAt = i;
            bestLength = length;
        }
    }
    for (std::size_t i = 0; i < groups.size();) {
        if (i == bestAt) {
            out += "::";
            i += bestLength;
            continue;
        }
        if (!out.isEmpty() && !out.endsWith(':'))
            out += ':';
        out += QByteArray::number(groups[i++], 16);
    }
    return out;
}

bool isHostName(QByteArray name, bool pattern)
{
    if (!pattern && name.endsWith('.'))
        name.chop(1);
    if (name.isEmpty() || name == "*")
        return false;
    const QList<QByteArray> labels = name.split('.');
    for (qsizetype i = 0; i < labels.size(); ++i) {
        const QByteArray &label = labels[i];
        if (label.isEmpty() || label[0] == '-')
            return false;
        if (pattern && i == 0 && label == "*")
            continue;
        for (const char c : label) {
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
                return false;
        }
    }
    return true;
}

// Both lower case; a star stands for one whole first label.
bool matches(const QByteArray &pattern, QByteArray host)
{
    if (host.endsWith('.'))
        host.chop(1);
    if (pattern.isEmpty() || host.isEmpty())
        return false;
    if (!pattern.startsWith("*."))
        return pattern == host;
    const qsizetype dot = host.indexOf('.');
    return dot > 0 && host.sliced(dot) == pattern.sliced(1);
}

QByteArray joined(const std::vector<QByteArray> &names)
{
    QByteArray out;
    for (const QByteArray &name : names) {
        if (!out.isEmpty())
            out += ", ";
        out += name;
    }
    return out;
}

ConstraintsPtr constraintsOf(const X509 *certificate)
{
    return ConstraintsPtr(static_cast<NAME_CONSTRAINTS *>(X509_get_ext_d2i(certificate, NID_name_constraints, nullptr, nullptr)));
}

std::vector<const GENERAL_NAME *> subtrees(const STACK_OF(GENERAL_SUBTREE) * all, int type)
{
    std::vector<const GENERAL_NAME *> out;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(all); ++i) {
        const GENERAL_NAME *base = sk_GENERAL_SUBTREE_value(all, i)->base;
        if (base->type == type)
            out.push_back(base);
    }
    return out;
}

// `example` holds for itself and all below, `.example` for what is below alone, an empty one for everything.
bool isWithin(const QByteArray &constraint, const QByteArray &name)
{
    const QByteArray tree = constraint.toLower();
    const QByteArray lower = name.toLower();
    return tree.isEmpty() || lower == tree || lower.endsWith(tree.startsWith('.') ? tree : '.' + tree);
}

// An address and its mask in one, against an address of the same family.
bool isWithinNetwork(const QByteArray &network, const QByteArray &address)
{
    if (network.size() != 2 * address.size())
        return false;
    for (qsizetype i = 0; i < address.size(); ++i) {
        const char mask = network[address.size() + i];
        if ((network[i] & mask) != (address[i] & mask))
            return false;
    }
    return true;
}

QByteArray printedNetwork(const QByteArray &network)
{
    int bits = 0;
    for (const char byte : network.sliced(network.size() / 2))
        bits += std::popcount(uchar(byte));
    return printedAddress(network.first(network.size() / 2)) + '/' + QByteArray::number(bits);
}

// Why one name may not stand below these constraints.
template <class Matches, class Print>
std::optional<QByteArray> outside(const NAME_CONSTRAINTS &constraints, int type, const QByteArray &what, Matches &&matches, Print &&print)
{
    const auto value = [type](const GENERAL_NAME *one) { return bytesOf(type == GEN_DNS ? one->d.dNSName : one->d.iPAddress); };
    for (const GENERAL_NAME *one : subtrees(constraints.excludedSubtrees, type)) {
        if (matches(value(one)))
            return what + " is excluded by constraint " + goQuoted(print(value(one)));
    }
    const auto permitted = subtrees(constraints.permittedSubtrees, type);
    if (permitted.empty() || std::any_of(permitted.begin(), permitted.end(), [&](const auto *one) { return matches(value(one)); }))
        return std::nullopt;
    return what + " is not permitted by any constraint";
}

} // namespace

std::optional<Certificate> Certificate::fromDer(QByteArrayView der)
{
    const auto *at = reinterpret_cast<const unsigned char *>(der.data());
    X509 *parsed = d2i_X509(nullptr, &at, long(der.size()));
    if (!parsed) {
        ERR_clear_error();
        return std::nullopt;
    }
    Certificate out;
    out.m_x509 = std::shared_ptr<X509>(parsed, Free{});
    if (at != reinterpret_cast<const unsigned char *>(der.data()) + der.size())
        return std::nullopt;
    out.m_der = der.toByteArray();
    out.m_digest = sha256(der);
    out.m_subject = encoded(X509_get_subject_name(parsed), i2d_X509_NAME);
    return out;
}

QByteArray Certificate::issuer() const
{
    return encoded(X509_get_issuer_name(m_x509.get()), i2d_X509_NAME);
}

QByteArray Certificate::subjectKeyId() const
{
    return bytesOf(X509_get0_subject_key_id(m_x509.get()));
}

QByteArray Certificate::authorityKeyId() const
{
    return bytesOf(X509_get0_authority_key_id(m_x509.get()));
}

qint64 Certificate::notBefore() const
{
    return seconds(X509_get0_notBefore(m_x509.get()));
}

qint64 Certificate::notAfter() const
{
    return seconds(X509_get0_notAfter(m_x509.get()));
}

bool Certificate::hasUnhandledCritical() const
{
    if ((X509_get_extension_flags(m_x509.get()) & EXFLAG_CRITICAL) != 0)
        return true;
    // The gateway knows constraints of four kinds of names, OpenSSL of more.
    const int at = X509_get_ext_by_NID(m_x509.get(), NID_name_constraints, -1);
    if (at < 0 || X509_EXTENSION_get_critical(X509_get_ext(m_x509.get(), at)) == 0)
        return false;
    const ConstraintsPtr constraints = constraintsOf(m_x509.get());
    for (const auto *all :
         {constraints ? constraints->permittedSubtrees : nullptr, constraints ? constraints->excludedSubtrees : nullptr}) {
        for (int i = 0; i < sk_GENERAL_SUBTREE_num(all); ++i) {
            const int type = sk_GENERAL_SUBTREE_value(all, i)->base->type;
            if (type != GEN_DNS && type != GEN_IPADD && type != GEN_EMAIL && type != GEN_URI)
                return true;
        }
    }
    return false;
}

std::optional<QByteArray> Certificate::notAllowing(const Certificate &below) const
{
    const ConstraintsPtr constraints = constraintsOf(m_x509.get());
    if (!constraints)
        return std::nullopt;
    const AlternativeNames names = namesOf(below.m_x509.get());
    for (const QByteArray &name : names.dns) {
        const auto within = [&](const QByteArray &tree) { return isWithin(tree, name); };
        const auto same = [](const QByteArray &tree) { return tree; };
        if (const auto why = outside(*constraints, GEN_DNS, "DNS name " + goQuoted(name), within, same))
            return why;
    }
    for (const QByteArray &address : names.addresses) {
        const auto within = [&](const QByteArray &network) { return isWithinNetwork(network, address); };
        if (const auto why = outside(*constraints, GEN_IPADD, "IP address " + goQuoted(printedAddress(address)), within, printedNetwork))
            return why;
    }
    return std::nullopt;
}

bool Certificate::hasBasicConstraints() const
{
    return (X509_get_extension_flags(m_x509.get()) & EXFLAG_BCONS) != 0;
}

bool Certificate::isCa() const
{
    return (X509_get_extension_flags(m_x509.get()) & EXFLAG_CA) != 0;
}

int Certificate::pathLength() const
{
    return int(X509_get_pathlen(m_x509.get()));
}

bool Certificate::allowsServerAuth() const
{
    const UsagesPtr usages(static_cast<EXTENDED_KEY_USAGE *>(X509_get_ext_d2i(m_x509.get(), NID_ext_key_usage, nullptr, nullptr)));
    if (!usages || sk_ASN1_OBJECT_num(usages.get()) == 0)
        return true;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
        const int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), i));
        if (nid == NID_anyExtendedKeyUsage || nid == NID_server_auth)
            return true;
    }
    return false;
}

bool Certificate::isSameIdentity(const Certificate &other) const
{
    if (m_subject != other.m_subject || spkiDigest() != other.spkiDigest())
        return false;
    const AlternativeNames mine = namesOf(m_x509.get());
    const AlternativeNames theirs = namesOf(other.m_x509.get());
    return mine.dns == theirs.dns && mine.addresses == theirs.addresses;
}

std::optional<QByteArray> Certificate::notSignedBy(const Certificate &parent) const
{
    constexpr long Version3 = 2;
    const bool mayNotSign = (X509_get_version(parent.m_x509.get()) == Version3 && !parent.hasBasicConstraints()) ||
                            (parent.hasBasicConstraints() && !parent.isCa());
    const uint32_t usage = X509_get_key_usage(parent.m_x509.get()); // all bits where there is none
    if (mayNotSign || (usage != 0 && !(usage & KU_KEY_CERT_SIGN)))
        return QByteArray("x509: invalid signature: parent certificate cannot sign this kind of certificate");
    int digest = NID_undef;
    int keyType = NID_undef;
    X509_get_signature_info(m_x509.get(), &digest, &keyType, nullptr, nullptr);
    const QByteArray family = keyType == EVP_PKEY_EC ? "ECDSA" : keyType == EVP_PKEY_DSA ? "DSA" : "RSA";
    if (digest == NID_md5)
        return "x509: cannot verify signature: insecure algorithm MD5-" + family;
    if (digest == NID_sha1)
        return "x509: cannot verify signature: insecure algorithm " + (family == "RSA" ? QByteArray("SHA1-RSA") : family + "-SHA1");
    EVP_PKEY *key = X509_get0_pubkey(parent.m_x509.get());
    const int type = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
    if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC && type != EVP_PKEY_ED25519)
        return QByteArray("x509: cannot verify signature: algorithm unimplemented");
    if (X509_verify(m_x509.get(), key) == 1)
        return std::nullopt;
    ERR_clear_error();
    switch (type) {
    case EVP_PKEY_RSA:
        return QByteArray("crypto/rsa: verification error");
    case EVP_PKEY_EC:
        return QByteArray("x509: ECDSA verification failure");
    default:
        return QByteArray("x509: Ed25519 verification failure");
    }
}

std::optional<QByteArray> Certificate::notNamed(QByteArrayView host) const
{
    const AlternativeNames names = namesOf(m_x509.get());
    const QByteArray wanted = host.toByteArray();
    const QByteArray lower = wanted.toLower();
    const auto address = asAddress(host);
    if (address) {
        for (const QByteArray &one : names.addresses) {
            if (plain(one) == *address)
                return std::nullopt;
        }
    } else {
        const bool proper = isHostName(lower, false);
        for (const QByteArray &name : names.dns) {
            const QByteArray pattern = name.toLower();
            if (proper && isHostName(name, true) ? matches(pattern, lower) : pattern == lower && !pattern.isEmpty() && pattern != ".")
                return std::nullopt;
        }
    }
    const QByteArray commonName = nameEntry(X509_get_subject_name(m_x509.get()), NID_commonName, true);
    if (!names.present && isHostName(commonName, true) && isHostName(lower, false) && matches(commonName.toLower(), lower))
        return QByteArray("x509: certificate relies on legacy Common Name field, use SANs instead");
    std::vector<QByteArray> listed = names.dns;
    if (address) {
        if (names.addresses.empty())
            return "x509: cannot validate certificate for " + wanted + " because it doesn't contain any IP SANs";
        listed.clear();
        for (const QByteArray &one : names.addresses)
            listed.push_back(printedAddress(one));
    }
    if (listed.size() >= MaxNamesListed)
        return "x509: certificate is valid for " + QByteArray::number(qulonglong(listed.size())) + (address ? " IP SANs" : " names") +
               ", but none matched " + wanted;
    const QByteArray valid = joined(listed);
    if (valid.isEmpty())
        return "x509: certificate is not valid for any names, but wanted to match " + wanted;
    return "x509: certificate is valid for " + valid + ", not " + wanted;
}

QByteArray Certificate::displayName() const
{
    const X509_NAME *subject = X509_get_subject_name(m_x509.get());
    QByteArray name = nameEntry(subject, NID_commonName, true);
    if (name.isEmpty())
        name = nameEntry(subject, NID_organizationName, false);
    if (!name.isEmpty())
        return name;
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(m_x509.get()), nullptr), &BN_free);
    char *decimal = number ? BN_bn2dec(number.get()) : nullptr;
    name = "serial:" + QByteArray(decimal ? decimal : "0");
    OPENSSL_free(decimal);
    return name;
}

QByteArray Certificate::spkiDigest() const
{
    return sha256(encoded(X509_get_X509_PUBKEY(m_x509.get()), i2d_X509_PUBKEY));
}

std::vector<QByteArray> Certificate::alternativeNames() const
{
    const AlternativeNames names = namesOf(m_x509.get());
    std::vector<QByteArray> out = names.dns;
    for (const QByteArray &address : names.addresses)
        out.push_back(printedAddress(address));
    return out;
}

QByteArray goQuoted(QByteArrayView text)
{
    QByteArray out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (uchar(c) < 0x20 || c == 0x7f)
            out += "\\x" + QByteArray::number(uint(uchar(c)), 16).rightJustified(2, '0');
        else
            out += c;
    }
    return out + '"';
}

} // namespace tokenlab::crypto
