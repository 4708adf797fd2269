// Registered claims and header members: RFC 7519 §4.1, RFC 7515 §4.1, RFC 9068 §2.2; what the gateway's validator makes of odd ones:
// specification §8.7, §8.9.
#include "core/text/text.h"
#include "core/text/times.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>

namespace tokenlab::text {

namespace {

struct Claims {
    Q_DECLARE_TR_FUNCTIONS(Claims)
};

QString typeName(json::Type type)
{
    switch (type) {
    case json::Type::Null:
        return Claims::tr("null");
    case json::Type::Bool:
        return Claims::tr("true or false");
    case json::Type::Number:
        return Claims::tr("a number");
    case json::Type::String:
        return Claims::tr("a text");
    case json::Type::Array:
        return Claims::tr("an array");
    case json::Type::Object:
        return Claims::tr("an object");
    }
    return {};
}

// Whole seconds as the validator reads them (fractions cut off); none when out of range.
std::optional<qint64> wholeSeconds(json::Value value)
{
    const double number = value.toDouble();
    if (!std::isfinite(number) || std::fabs(number) >= 9.2e18)
        return std::nullopt;
    return qint64(number);
}

QString dateSentence(std::string_view name, qint64 seconds, Instant now)
{
    const Distance d = distance(seconds, now);
    if (name == "exp")
        return d.future ? Claims::tr("in %1").arg(spanText(d.seconds)) : Claims::tr("expired %1").arg(relativeTime(seconds, now));
    if (name == "nbf")
        return d.future ? Claims::tr("not valid yet, only in %1").arg(spanText(d.seconds))
                        : Claims::tr("valid since %1").arg(relativeTime(seconds, now));
    if (name == "iat")
        return d.future ? Claims::tr("issued in the future, in %1").arg(spanText(d.seconds))
                        : Claims::tr("issued %1").arg(relativeTime(seconds, now));
    return relativeTime(seconds, now);
}

bool looksLikeMilliseconds(qint64 seconds)
{
    return seconds > 100'000'000'000 && seconds < 100'000'000'000'000; // 1973 to 5138 as milliseconds
}

QString date(std::string_view name, json::Value value, Instant now)
{
    const bool validated = name != "auth_time";
    if (value.isString()) {
        bool isNumber = false;
        const qint64 seconds = value.bytes().toLongLong(&isNumber);
        const QString judged =
            validated ? Claims::tr("a text, not a number: auth/validator answers 401") : Claims::tr("a text, not a number");
        return isNumber ? Claims::tr("%1 · %2").arg(judged, utcTime(seconds)) : judged;
    }
    if (value.isNull())
        return Claims::tr("null counts as absent");
    if (!value.isNumber())
        return validated ? Claims::tr("%1, not a number of seconds: auth/validator answers 401").arg(typeName(value.type()))
                         : Claims::tr("%1, not a number of seconds").arg(typeName(value.type()));
    const auto seconds = wholeSeconds(value);
    if (!seconds)
        return Claims::tr("too large for a date");
    if (looksLikeMilliseconds(*seconds))
        return Claims::tr("looks like milliseconds: as such %1; taken as seconds it is %2. The claim counts seconds")
            .arg(utcTime(*seconds / 1000), utcTime(*seconds));
    QString text = Claims::tr("%1 · %2").arg(dateSentence(name, *seconds, now), utcTime(*seconds));
    if (std::trunc(value.toDouble()) < value.toDouble() || std::trunc(value.toDouble()) > value.toDouble())
        text += Claims::tr(" · the fraction is cut off");
    return text;
}

QString mustBeText(const QString &meaning, json::Value value)
{
    if (value.isString())
        return meaning;
    if (value.isNull())
        return Claims::tr("%1; null counts as absent").arg(meaning);
    return Claims::tr("%1, but it is %2: auth/validator answers 401").arg(meaning, typeName(value.type()));
}

QString audience(json::Value value)
{
    QString meaning = Claims::tr("who may accept it");
    bool fits = value.isString() || value.isArray();
    for (const json::Value element : value.elements())
        fits = fits && element.isString();
    if (fits)
        return meaning;
    return Claims::tr("%1, but it is neither a text nor a list of texts: auth/validator answers 401").arg(meaning);
}

QString algorithm(json::Value value)
{
    if (!value.isString())
        return Claims::tr("the algorithm, but it is %1").arg(typeName(value.type()));
    const std::string_view name = value.text();
    if (name == "none")
        return Claims::tr("no signature at all: anybody can write such a token");
    if (name == "EdDSA")
        return Claims::tr("Ed25519 signature: checked with the public key");
    if (name.size() == 5) {
        const QString hash = QLatin1String(name.data() + 2, 3);
        const bool known = hash == QLatin1String("256") || hash == QLatin1String("384") || hash == QLatin1String("512");
        const std::string_view family = name.substr(0, 2);
        if (known && family == "HS")
            return Claims::tr("HMAC with SHA-%1: checked with the same secret key").arg(hash);
        if (known && family == "RS")
            return Claims::tr("RSA PKCS #1 v1.5 with SHA-%1: checked with the public key").arg(hash);
        if (known && family == "PS")
            return Claims::tr("RSA-PSS with SHA-%1: checked with the public key").arg(hash);
        if (known && family == "ES")
            return Claims::tr("ECDSA with SHA-%1: checked with the public key").arg(hash);
    }
    return Claims::tr("an algorithm that KrakenD does not sign with");
}

} // namespace

QString claimMeaning(std::string_view name, json::Value value, Instant now)
{
    if (name == "exp" || name == "nbf" || name == "iat" || name == "auth_time")
        return date(name, value, now);
    if (name == "iss")
        return mustBeText(Claims::tr("who issued it"), value);
    if (name == "sub")
        return mustBeText(Claims::tr("whom it is about"), value);
    if (name == "jti")
        return mustBeText(Claims::tr("its own identifier, for revocation"), value);
    if (name == "aud")
        return audience(value);
    if (name == "roles")
        return Claims::tr("roles; auth/validator reads them with roles_key");
    if (name == "scope" || name == "scp")
        return Claims::tr("scopes, separated by blanks; auth/validator reads them with scopes_key");
    if (name == "azp" || name == "client_id")
        return Claims::tr("the application it was issued to");
    if (name == "nonce")
        return Claims::tr("ties it to one request");
    if (name == "sid")
        return Claims::tr("the session it belongs to");
    return {};
}

QString headerMeaning(std::string_view name, json::Value value)
{
    if (name == "alg")
        return algorithm(value);
    if (name == "kid")
        return value.isString() && value.text().empty() ? Claims::tr("the key to check it with: one without a name")
                                                        : Claims::tr("the key to check it with");
    if (name == "typ")
        return Claims::tr("what kind of token it is");
    if (name == "cty")
        return Claims::tr("what kind of content it carries");
    if (name == "crit")
        return Claims::tr("header members that a reader must understand, or refuse the token");
    if (name == "jku" || name == "x5u")
        return Claims::tr("a URL for the key, chosen by the sender: not to be trusted");
    if (name == "jwk" || name == "x5c")
        return Claims::tr("a key sent along by the sender: not to be trusted");
    if (name == "x5t" || name == "x5t#S256")
        return Claims::tr("thumbprint of the certificate of the key");
    if (name == "b64")
        return Claims::tr("whether the payload is base64url (RFC 7797)");
    return {};
}

} // namespace tokenlab::text
