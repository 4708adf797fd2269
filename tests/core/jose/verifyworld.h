// Tokens of any shape, signed with any key: what a hostile sender would make.
#pragma once

#include "core/crypto/hmac.h"
#include "core/jose/algorithm_p.h"
#include "core/jose/base64.h"
#include "core/jose/jwk_p.h"
#include "core/jose/verify.h"

#include <QList>

#include <map>

namespace verifyworld {

using namespace tokenlab;
using jose::Algorithm;
using Kind = jose::VerifyError::Kind;

inline constexpr int valid = -1;

inline QByteArray b64(const QByteArray &bytes)
{
    return jose::encodeBase64RawUrl(bytes);
}

inline QByteArray unb64(const QByteArray &text)
{
    return *jose::decodeBase64RawUrlStrict(text);
}

inline QByteArray rawSignature(const jose::Key &key, Algorithm algorithm, const QByteArray &input)
{
    if (key.type() != jose::KeyType::Oct)
        return *key.d()->handle->sign(jose::schemeOf(algorithm), jose::hashOf(algorithm), input);
    const auto hmac = crypto::Hmac::create(jose::hashOf(algorithm), key.d()->octets.view());
    QByteArray tag(hmac->size(), '\0');
    (void)hmac->compute(input, reinterpret_cast<unsigned char *>(tag.data()));
    return tag;
}

// The right signature over any header and payload.
inline QByteArray compact(const QByteArray &header, const QByteArray &payload, const jose::Key &key, Algorithm algorithm)
{
    const QByteArray input = b64(header) + '.' + b64(payload);
    return input + '.' + b64(rawSignature(key, algorithm, input));
}

inline QByteArray withSignature(const QByteArray &token, const QByteArray &signature)
{
    return token.first(token.lastIndexOf('.') + 1) + b64(signature);
}

inline QByteArray signatureOf(const QByteArray &token)
{
    return unb64(token.sliced(token.lastIndexOf('.') + 1));
}

// One of a kind for the whole run; made at first use, for RSA takes long. Kinds: `oct`, `RSA`, `P-256`, `P-384`, `P-521`, `Ed25519`; with
// a `'` behind: another one.
inline jose::Key keyOf(const QByteArray &kind)
{
    static std::map<QByteArray, jose::Key> keys;
    const auto found = keys.find(kind);
    if (found != keys.end())
        return found->second;
    const QByteArray plain = kind.endsWith('\'') ? kind.chopped(1) : kind;
    const jose::Key key = plain == "oct"       ? *jose::generateOct(64, "k")
                          : plain == "RSA"     ? *jose::generateRsa(2048, "k")
                          : plain == "Ed25519" ? *jose::generateEd25519("k")
                                               : *jose::generateEc(plain, "k");
    return keys.emplace(kind, key).first->second;
}

inline QByteArray kindFor(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::ES256:
        return "P-256";
    case Algorithm::ES384:
        return "P-384";
    case Algorithm::ES512:
        return "P-521";
    case Algorithm::EdDSA:
        return "Ed25519";
    default:
        return jose::keyTypeOf(algorithm) == jose::KeyType::Oct ? "oct" : "RSA";
    }
}

// What a verifier is given: the public half, or the secret.
inline QByteArray jwkOf(const jose::Key &key)
{
    return key.type() == jose::KeyType::Oct ? key.toPrivateJwk().view().toByteArray() : key.toPublicJwk();
}

// The same with members before the others: `"use":"enc",`.
inline QByteArray jwkWith(const jose::Key &key, const QByteArray &members)
{
    return '{' + members + jwkOf(key).sliced(1);
}

inline QByteArray setOf(const QList<QByteArray> &jwks)
{
    return "{\"keys\":[" + jwks.join(',') + "]}";
}

inline QByteArray setOfKind(const char *kind)
{
    return setOf({jwkOf(keyOf(kind))});
}

inline const QByteArray claims = "{\"sub\":\"john\"}";

inline QByteArray header(const char *alg, const QByteArray &more = {})
{
    return QByteArray("{\"alg\":\"") + alg + "\",\"kid\":\"k\"" + more + '}';
}

inline QByteArray good(const char *alg, const QByteArray &more = {})
{
    const Algorithm algorithm = *jose::algorithmFromName(alg);
    return compact(header(alg, more), claims, keyOf(kindFor(algorithm)), algorithm);
}

inline jose::KeySet keysFrom(const QByteArray &json)
{
    const auto keys = jose::readVerificationKeys(json);
    return keys ? keys->set : jose::KeySet();
}

inline QByteArray described(const jose::VerifyError &error)
{
    return "kind " + QByteArray::number(int(error.kind)) + " part " + error.part + " member " + error.member + " detail " + error.detail +
           " at " + QByteArray::number(error.at);
}

inline QByteArray part(const QByteArray &token, int index)
{
    return token.split('.')[index];
}

inline QByteArray octJwk(const QByteArray &secret, const QByteArray &more = {})
{
    return "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"" + b64(secret) + '"' + more + '}';
}

inline QByteArray hsWith(const QByteArray &secret, const QByteArray &header = verifyworld::header("HS256"))
{
    return compact(header, claims, *jose::parseKey(octJwk(secret)), Algorithm::HS256);
}

} // namespace verifyworld
