#include "core/jose/jws.h"

#include "core/crypto/hmac.h"
#include "core/jose/algorithm_p.h"
#include "core/jose/base64.h"
#include "core/jose/jwk_p.h"
#include "core/json/writer.h"

namespace tokenlab::jose {
namespace {

constexpr int smallestRsaBits = 1024; // Go ≥ 1.24

// One member of the header, as go-jose's JSON writer escapes it.
void appendMember(QByteArray &out, const char *member, const QByteArray &value)
{
    out += out.isEmpty() ? '{' : ',';
    out += '"';
    out += member;
    out += "\":";
    json::appendString(out, {value.constData(), std::size_t(value.size())}, json::Escapes::JoseFork);
}

QByteArray headerOf(const QByteArray &alg, const QByteArray &kid, const QByteArray &typ)
{
    QByteArray header;
    appendMember(header, "alg", alg);
    appendMember(header, "kid", kid);
    appendMember(header, "typ", typ.isEmpty() ? QByteArray("JWT") : typ);
    return header + '}';
}

// EMSA-PSS needs room for hash, salt and two bytes (RFC 8017 §9.1.1).
bool pssFits(int modulusBits, crypto::Hash hash)
{
    return (modulusBits - 1 + 7) / 8 >= 2 * crypto::digestSize(hash) + 2;
}

QByteArray flattened(QByteArrayView payload, QByteArrayView protectedPart, QByteArrayView signature)
{
    QByteArray out;
    out.reserve(payload.size() + protectedPart.size() + signature.size() + 48);
    out += "{\"payload\":\"";
    out += payload;
    out += "\",\"protected\":\"";
    out += protectedPart;
    out += "\",\"signature\":\"";
    out += signature;
    out += "\"}";
    return out;
}

} // namespace

QByteArray gatewayText(const SignerError &error)
{
    return error.kind == SignerError::UnsupportedKey ? "go-jose/go-jose: unsupported key type/format"
                                                     : "go-jose/go-jose: unknown/unsupported algorithm";
}

QByteArray gatewayText(const SignError &error)
{
    switch (error.kind) {
    case SignError::CurveMismatch:
        return "go-jose/go-jose: expected " + QByteArray::number(error.expectedBits) + " bit key, got " +
               QByteArray::number(error.gotBits) + " bits instead";
    case SignError::KeyTooSmall:
        return "crypto/rsa: " + QByteArray::number(error.gotBits) +
               "-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)";
    case SignError::MessageTooLong:
        return "crypto/rsa: message too long for RSA key size";
    case SignError::Crypto:
        break;
    }
    return error.detail;
}

struct Signer::Private {
    Key key;
    Algorithm algorithm = Algorithm::HS256;
    bool full = false;
    QByteArray header;
    QByteArray prefix; // base64url of the header, and the dot
    std::optional<crypto::Hmac> hmac;
    std::optional<SignError> always; // what each signature fails with
};

namespace {

// What can be told before there is a payload, in the order in which the gateway would notice it.
std::optional<SignError> standingError(const Key &key, Algorithm algorithm)
{
    switch (key.type()) {
    case KeyType::Ec:
        if (fieldBitsOf(algorithm) != key.bits())
            return SignError{SignError::CurveMismatch, fieldBitsOf(algorithm), key.bits(), {}};
        break;
    case KeyType::Rsa:
        if (key.bits() < smallestRsaBits)
            return SignError{SignError::KeyTooSmall, smallestRsaBits, key.bits(), {}};
        if (schemeOf(algorithm) == crypto::Scheme::Pss && !pssFits(key.bits(), hashOf(algorithm)))
            return SignError{SignError::MessageTooLong, 0, 0, {}};
        if (!key.d()->rsaSigns)
            return SignError{SignError::Crypto, 0, 0, "crypto/rsa: decryption error"};
        break;
    default:
        break;
    }
    if (key.type() != KeyType::Oct && !key.d()->handle)
        return SignError{SignError::Crypto, 0, 0, "OpenSSL does not take this key"};
    return {};
}

} // namespace

Result<Signer, SignerError> Signer::create(const Key &key, QByteArrayView algorithmText, const QByteArray &typ, bool full)
{
    if (!key.isPrivate())
        return fail(SignerError{SignerError::UnsupportedKey});
    const std::optional<Algorithm> algorithm = algorithmFromName(algorithmText);
    if (!algorithm || keyTypeOf(*algorithm) != key.type())
        return fail(SignerError{SignerError::UnsupportedAlgorithm});
    auto d = std::make_shared<Private>(Private{key, *algorithm, full, headerOf(jose::name(*algorithm), key.kid(), typ), {}, {}, {}});
    d->prefix = encodeBase64RawUrl(d->header) + '.';
    d->always = standingError(key, *algorithm);
    if (key.type() == KeyType::Oct) {
        auto hmac = crypto::Hmac::create(hashOf(*algorithm), key.d()->octets.view());
        if (hmac)
            d->hmac = std::move(*hmac);
        else
            d->always = SignError{SignError::Crypto, 0, 0, hmac.error().what};
    }
    Signer signer;
    signer.m_d = std::move(d);
    return signer;
}

Result<QByteArray, SignError> Signer::sign(QByteArrayView payload) const
{
    const Private &d = *m_d;
    if (d.always)
        return fail(*d.always);
    QByteArray token;
    token.reserve(d.prefix.size() + payload.size() / 3 * 4 + 4 + 1 + 700);
    token += d.prefix;
    appendBase64RawUrl(token, payload);
    const qsizetype inputSize = token.size();
    if (d.hmac) {
        unsigned char tag[64];
        const auto done = d.hmac->compute(token, tag);
        if (!done)
            return fail(SignError{SignError::Crypto, 0, 0, done.error().what});
        token += '.';
        appendBase64RawUrl(token, {reinterpret_cast<const char *>(tag), d.hmac->size()});
    } else {
        const auto signature = d.key.d()->handle->sign(schemeOf(d.algorithm), hashOf(d.algorithm), token);
        if (!signature)
            return fail(SignError{SignError::Crypto, 0, 0, signature.error().what});
        token += '.';
        appendBase64RawUrl(token, *signature);
    }
    if (!d.full)
        return token;
    const QByteArrayView view = token;
    return flattened(view.sliced(d.prefix.size(), inputSize - d.prefix.size()), view.first(d.prefix.size() - 1),
                     view.sliced(inputSize + 1));
}

const Key &Signer::key() const
{
    return m_d->key;
}

Algorithm Signer::algorithm() const
{
    return m_d->algorithm;
}

bool Signer::full() const
{
    return m_d->full;
}

QByteArray Signer::headerJson() const
{
    return m_d->header;
}

bool verifySignature(const Key &key, Algorithm algorithm, QByteArrayView signingInput, QByteArrayView signature)
{
    if (keyTypeOf(algorithm) != key.type())
        return false;
    switch (key.type()) {
    case KeyType::Oct: {
        const auto hmac = crypto::Hmac::create(hashOf(algorithm), key.d()->octets.view());
        if (!hmac || signature.size() != hmac->size())
            return false;
        crypto::SecretBytes expected = crypto::SecretBytes::zeros(hmac->size());
        return hmac->compute(signingInput, expected.mutableData()) && expected.equals(signature);
    }
    case KeyType::Ec:
        if (fieldBitsOf(algorithm) != key.bits())
            return false;
        break;
    case KeyType::Rsa:
        if (key.bits() < smallestRsaBits || signature.size() != (key.bits() + 7) / 8)
            return false;
        break;
    case KeyType::Ed25519:
        break;
    }
    return key.d()->handle && key.d()->handle->verify(schemeOf(algorithm), hashOf(algorithm), signingInput, signature);
}

} // namespace tokenlab::jose
