#include "core/crypto/certificatekey.h"
#include "core/crypto/hash.h"
#include "core/crypto/rsacheck.h"
#include "core/jose/base64.h"
#include "core/jose/jwk_p.h"
#include "core/jose/rawjwk.h"
#include "core/support/url.h"

namespace tokenlab::jose {
namespace {

using crypto::CertificateKey;
using crypto::SecretBytes;

KeySetError goJose(const QByteArray &text, const QByteArray &member = {})
{
    return {"go-jose/go-jose: " + text, -1, member};
}

SecretBytes secretOf(const std::optional<QByteArray> &bytes)
{
    return bytes ? SecretBytes(QByteArrayView(*bytes)) : SecretBytes();
}

// Go's copy() into 32 bytes.
QByteArray fitted(const QByteArray &bytes, qsizetype size)
{
    QByteArray result = bytes.first(qMin(size, bytes.size()));
    result.append(size - result.size(), '\0');
    return result;
}

Result<void, KeySetError> buildOct(const RawJwk &raw, Key::Private &key)
{
    if (!raw.k)
        return fail(goJose("invalid OCT (symmetric) key, missing k value", "k"));
    key.type = KeyType::Oct;
    key.isPrivate = true;
    key.octets = secretOf(raw.k);
    return {};
}

Result<void, KeySetError> buildPublicRsa(const RawJwk &raw, Key::Private &key)
{
    if (!raw.n || !raw.e)
        return fail(goJose("invalid RSA key, missing n/e values", raw.n ? "e" : "n"));
    key.rsa.n = *raw.n;
    key.rsa.e = crypto::goExponent(*raw.e);
    if (crypto::publicRsaWorks(key.rsa.n, key.rsa.e))
        if (const auto handle = crypto::PKey::rsa(key.rsa))
            key.handle = *handle;
    return {};
}

Result<void, KeySetError> buildPrivateRsa(const RawJwk &raw, Key::Private &key)
{
    const struct {
        const std::optional<QByteArray> &value;
        const char *goName;
        const char *member;
    } needed[] = {{raw.n, "N", "n"}, {raw.e, "E", "e"}, {raw.d, "D", "d"}, {raw.p, "P", "p"}, {raw.q, "Q", "q"}};
    for (const auto &part : needed)
        if (!part.value)
            return fail(goJose(QByteArray("invalid RSA private key, missing ") + part.goName + " value(s)", part.member));
    const bool withCrt = raw.dp && raw.dq && raw.qi;
    const crypto::RsaNumbers numbers{*raw.n,          *raw.e,           secretOf(raw.d),  secretOf(raw.p),
                                     secretOf(raw.q), secretOf(raw.dp), secretOf(raw.dq), secretOf(raw.qi)};
    auto checked = crypto::checkRsa(numbers, withCrt);
    if (!checked)
        return fail(KeySetError{checked.error().what, -1, {}});
    key.isPrivate = true;
    key.rsa = std::move(checked->numbers);
    key.rsaSigns = checked->signs;
    if (const auto handle = crypto::PKey::rsa(key.rsa))
        key.handle = *handle;
    return {};
}

Result<void, KeySetError> buildEc(const RawJwk &raw, Key::Private &key)
{
    key.type = KeyType::Ec;
    if (raw.crv == "P-256")
        key.ec.curve = crypto::Curve::P256;
    else if (raw.crv == "P-384")
        key.ec.curve = crypto::Curve::P384;
    else if (raw.crv == "P-521")
        key.ec.curve = crypto::Curve::P521;
    else
        return fail(goJose("unsupported elliptic curve '" + raw.crv + "'", "crv"));
    const QByteArray kind = raw.d ? "private" : "public";
    if (!raw.x || !raw.y)
        return fail(
            goJose(raw.d ? "invalid EC private key, missing x/y/d values" : "invalid EC key, missing x/y values", raw.x ? "y" : "x"));
    const qsizetype width = crypto::fieldBytes(key.ec.curve);
    const struct {
        const std::optional<QByteArray> &value;
        const char *member;
    } sized[] = {{raw.x, "x"}, {raw.y, "y"}, {raw.d, "d"}};
    for (const auto &part : sized)
        if (part.value && part.value->size() != width)
            return fail(goJose("invalid EC " + kind + " key, wrong length for " + part.member, part.member));
    if (!crypto::isOnCurve(key.ec.curve, *raw.x, *raw.y))
        return fail(goJose("invalid EC key, X/Y are not on declared curve", "x"));
    key.isPrivate = raw.d.has_value();
    key.ec.x = *raw.x;
    key.ec.y = *raw.y;
    key.ec.d = secretOf(raw.d);
    if (const auto handle = crypto::PKey::ec(key.ec))
        key.handle = *handle;
    return {};
}

Result<void, KeySetError> buildOkp(const RawJwk &raw, Key::Private &key)
{
    if (raw.crv != "Ed25519" || !raw.x)
        return fail(goJose("unknown curve " + raw.crv + "'", raw.crv == "Ed25519" ? "x" : "crv"));
    key.type = KeyType::Ed25519;
    key.isPrivate = raw.d.has_value();
    key.ed.x = fitted(*raw.x, 32);
    if (raw.d) {
        QByteArray seed = fitted(*raw.d, 32);
        key.ed.seed = SecretBytes(QByteArrayView(seed));
        crypto::wipe(seed);
    }
    if (const auto handle = crypto::PKey::ed25519(key.ed))
        key.handle = *handle;
    return {};
}

struct Chain {
    QByteArray leaf; // DER
    CertificateKey key;
};

Result<std::optional<Chain>, KeySetError> readChain(const RawJwk &raw)
{
    std::optional<Chain> chain;
    for (const QByteArray &text : raw.x5c) {
        const auto der = decodeBase64(text);
        if (!der)
            return fail(goJose("failed to unmarshal x5c field: " + gatewayText(der.error()), "x5c"));
        const auto key = crypto::readCertificateKey(*der);
        if (!key)
            return fail(goJose("failed to unmarshal x5c field: " + key.error().what, "x5c"));
        if (!chain)
            chain = Chain{*der, *key};
    }
    return chain;
}

bool matches(const CertificateKey &certificate, const Key::Private &key)
{
    switch (certificate.kind) {
    case CertificateKey::Rsa:
        return key.type == KeyType::Rsa && certificate.first == withoutLeadingZeros(key.rsa.n) &&
               certificate.second == withoutLeadingZeros(key.rsa.e);
    case CertificateKey::Ec:
        return key.type == KeyType::Ec && certificate.fieldBits == crypto::fieldBits(key.ec.curve) && certificate.first == key.ec.x &&
               certificate.second == key.ec.y;
    case CertificateKey::Ed25519:
        return key.type == KeyType::Ed25519 && certificate.first == key.ed.x;
    case CertificateKey::Other:
        return false;
    case CertificateKey::Unknown:
        break;
    }
    return true;
}

// encoding/hex's complaint about a byte, with Go's %#U.
QByteArray invalidHexByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    QByteArray text = "encoding/hex: invalid byte: U+" + QByteArray::number(byte, 16).toUpper().rightJustified(4, '0');
    const bool printable = (byte >= 0x20 && byte < 0x7f) || (byte >= 0xa1 && byte != 0xad);
    if (printable)
        text += " '" + QString(QChar(ushort(byte))).toUtf8() + "'";
    return text;
}

// A thumbprint is base64url of the hash, or of its hex form; `name` is the member.
Result<QByteArray, KeySetError> readThumbprint(const QByteArray &text, const QByteArray &name, qsizetype size)
{
    QByteArrayView trimmed = text;
    while (trimmed.endsWith('='))
        trimmed.chop(1);
    const auto bytes = decodeBase64RawUrl(trimmed);
    if (!bytes)
        return fail(goJose("invalid JWK, " + name + " header has invalid encoding", name));
    if (bytes->size() != 2 * size)
        return *bytes;
    for (const char c : *bytes)
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return fail(goJose("invalid JWK, unable to hex decode " + name + ": " + invalidHexByte(c), name));
    return QByteArray::fromHex(*bytes);
}

Result<void, KeySetError> readThumbprints(const RawJwk &raw, const std::optional<Chain> &chain, Key::Private &key)
{
    const auto sha1 = readThumbprint(raw.x5t, "x5t", crypto::digestSize(crypto::Hash::Sha1));
    if (!sha1)
        return fail(sha1.error());
    const auto sha256 = readThumbprint(raw.x5tS256, "x5t#S256", crypto::digestSize(crypto::Hash::Sha256));
    if (!sha256)
        return fail(sha256.error());
    const struct {
        const QByteArray &value;
        QByteArray name;
        crypto::Hash hash;
    } thumbprints[] = {{*sha1, "x5t", crypto::Hash::Sha1}, {*sha256, "x5t#S256", crypto::Hash::Sha256}};
    for (const auto &print : thumbprints)
        if (!print.value.isEmpty() && print.value.size() != crypto::digestSize(print.hash))
            return fail(goJose("invalid JWK, " + print.name + " header is of incorrect size", print.name));
    key.x5t = *sha1;
    key.x5tS256 = *sha256;
    if (!chain)
        return {};
    for (const auto &print : thumbprints)
        if (!print.value.isEmpty() && print.value != crypto::digest(print.hash, chain->leaf))
            return fail(goJose("invalid JWK, x5c thumbprint does not match " + print.name + " value", print.name));
    return {};
}

Result<void, KeySetError> buildByType(const RawJwk &raw, bool hasCertificateKey, Key::Private &key)
{
    if (raw.kty == "EC")
        return buildEc(raw, key);
    if (raw.kty == "RSA") {
        key.type = KeyType::Rsa;
        return raw.d ? buildPrivateRsa(raw, key) : buildPublicRsa(raw, key);
    }
    if (raw.kty == "oct") {
        if (hasCertificateKey)
            return fail(goJose("invalid JWK, found 'oct' (symmetric) key with cert chain", "x5c"));
        return buildOct(raw, key);
    }
    if (raw.kty == "OKP")
        return buildOkp(raw, key);
    return fail(goJose("unknown json web key type '" + raw.kty + "'", "kty"));
}

} // namespace

Result<Key, KeySetError> buildKey(const RawJwk &raw)
{
    const auto chain = readChain(raw);
    if (!chain)
        return fail(chain.error());
    const bool hasCertificateKey = *chain && (*chain)->key.kind != CertificateKey::Unknown;
    auto key = std::make_shared<Key::Private>();
    if (const auto built = buildByType(raw, hasCertificateKey, *key); !built)
        return fail(built.error());
    if (hasCertificateKey && !matches((*chain)->key, *key))
        return fail(goJose("invalid JWK, public keys in key and x5c fields do not match", "x5c"));
    key->kid = raw.kid;
    key->alg = raw.alg;
    key->use = raw.use;
    key->keyOps = raw.keyOps;
    if (!raw.x5u.isEmpty())
        if (const auto url = Url::parse(raw.x5u); !url)
            return fail(goJose("invalid JWK, x5u header is invalid URL: " + url.error().text, "x5u"));
    if (const auto checked = readThumbprints(raw, *chain, *key); !checked)
        return fail(checked.error());
    return Key(std::move(key));
}

} // namespace tokenlab::jose
