#include "core/text/validators.h"

#include "core/text/text.h"

#include <QCoreApplication>

#include <array>

namespace tokenlab::text {

namespace {

struct Validators {
    Q_DECLARE_TR_FUNCTIONS(Validators)
};

using Rule = twin::ValidatorRule;

QString claimName(const twin::ValidatorVerdict &verdict)
{
    return inert(verdict.claim.mid(1).replace("~1", "/").replace("~0", "~"));
}

// A found value, or that there is none.
QString foundOr(const QByteArray &found, const QString &none)
{
    return found.isEmpty() ? none : QStringLiteral("\u201c%1\u201d").arg(inert(found));
}

QString seconds(const twin::ValidatorVerdict &verdict, const QString &sentence, Instant now)
{
    return sentence.arg(relativeTime(verdict.found.toLongLong(), now));
}

QString malformed(const twin::ValidatorVerdict &verdict)
{
    if (verdict.gatewayText.contains("three parts"))
        return Validators::tr("no token: a compact one has three parts with two dots between them");
    if (verdict.gatewayText.startsWith("illegal base64"))
        return Validators::tr("the token is not base64url throughout");
    return Validators::tr("the token cannot be read (%1)").arg(inert(verdict.gatewayText));
}

QString keyMissing(const twin::ValidatorVerdict &verdict)
{
    const QString identity = foundOr(verdict.found, Validators::tr("no kid"));
    return verdict.member == "jwk_local_path" ? Validators::tr("the key file has no key for %1").arg(identity)
                                              : Validators::tr("the key set has no key for %1").arg(identity);
}

QString claimTypes(const twin::ValidatorVerdict &verdict)
{
    if (verdict.claim.isEmpty())
        return Validators::tr("the payload is no object of claims (%1)").arg(inert(verdict.gatewayText));
    if (verdict.gatewayText.contains("duplicate"))
        return Validators::tr("%1 stands twice in the payload").arg(claimName(verdict));
    if (verdict.claim == "/exp" || verdict.claim == "/nbf" || verdict.claim == "/iat")
        return Validators::tr("%1 must be a number of seconds").arg(claimName(verdict));
    if (verdict.claim == "/aud")
        return Validators::tr("aud must be a text or a list of texts");
    return Validators::tr("%1 must be a text").arg(claimName(verdict));
}

QString rights(const twin::ValidatorVerdict &verdict)
{
    return Validators::tr("%1 has %2, wanted %3")
        .arg(claimName(verdict), foundOr(verdict.found, Validators::tr("nothing of use")), inert(verdict.expected));
}

struct RuleText {
    std::string_view rule;
    const char *text;
};
constexpr std::array ruleTexts{
    RuleText{"§8.1", QT_TRANSLATE_NOOP("Validators", "auth/validator cannot be set up as it is configured.")},
    RuleText{"§8.2 token", QT_TRANSLATE_NOOP("Validators", "The request brings no token, neither in the header nor in the cookie.")},
    RuleText{"§8.3 form", QT_TRANSLATE_NOOP("Validators", "What the request brings is no signed token.")},
    RuleText{"§8.4 alg", QT_TRANSLATE_NOOP("Validators", "The token's alg is not the one that the validator is configured for.")},
    RuleText{"§8.5 key", QT_TRANSLATE_NOOP("Validators", "The validator has no key for this token.")},
    RuleText{"§8.6 key kind",
             QT_TRANSLATE_NOOP("Validators", "The key is a private one. A validator wants the public half: publish a set without "
                                             "private members for it.")},
    RuleText{"§8.6 signature", QT_TRANSLATE_NOOP("Validators", "The signature does not belong to this token and key.")},
    RuleText{"§8.7 claims", QT_TRANSLATE_NOOP("Validators", "A claim has a type or a value that the validator does not take.")},
    RuleText{"§8.8 issuer", QT_TRANSLATE_NOOP("Validators", "The token's iss is not the configured issuer.")},
    RuleText{"§8.8 audience", QT_TRANSLATE_NOOP("Validators", "The token's aud lacks a configured audience; all are wanted.")},
    RuleText{"§8.9 nbf", QT_TRANSLATE_NOOP("Validators", "The token is not valid yet.")},
    RuleText{"§8.9 exp", QT_TRANSLATE_NOOP("Validators", "The token has expired.")},
    RuleText{"§8.9 iat", QT_TRANSLATE_NOOP("Validators", "The token was issued in the future.")},
    RuleText{"§8.11 roles", QT_TRANSLATE_NOOP("Validators", "The token has none of the configured roles.")},
    RuleText{"§8.12 scopes", QT_TRANSLATE_NOOP("Validators", "The token lacks the configured scopes.")},
};

} // namespace

QString validatorReason(const twin::ValidatorVerdict &verdict, Instant now)
{
    switch (verdict.decided) {
    case Rule::Passed:
        return Validators::tr("all checks pass");
    case Rule::Setup:
        return Validators::tr("the validator is not set up: %1").arg(inert(verdict.gatewayText));
    case Rule::NoToken:
        return Validators::tr("no token in the request");
    case Rule::Malformed:
        return malformed(verdict);
    case Rule::Algorithm:
        return Validators::tr("signed with %1, but the validator wants %2")
            .arg(foundOr(verdict.found, Validators::tr("no alg")), inert(verdict.expected));
    case Rule::KeyHost:
        return Validators::tr("no key set: %1").arg(inert(verdict.gatewayText));
    case Rule::KeyMissing:
        return keyMissing(verdict);
    case Rule::KeyMissingCrash:
        return Validators::tr("%1, while jwk_url answers: the gateway panics at this request").arg(keyMissing(verdict));
    case Rule::KeyKind:
        return Validators::tr("the key set holds a private key; the validator wants the public half");
    case Rule::Critical:
        return Validators::tr("the header's crit names what the gateway does not understand");
    case Rule::Signature:
        return Validators::tr("the signature does not match");
    case Rule::ClaimTypes:
        return claimTypes(verdict);
    case Rule::Issuer:
        return Validators::tr("issued by %1, wanted %2")
            .arg(foundOr(verdict.found, Validators::tr("nobody (no iss)")), inert(verdict.expected));
    case Rule::Audience:
        return Validators::tr("audience %1 lacks %2").arg(foundOr(verdict.found, Validators::tr("(no aud)")), inert(verdict.expected));
    case Rule::NotBefore:
        return seconds(verdict, Validators::tr("not valid before nbf, %1"), now);
    case Rule::Expired:
        return seconds(verdict, Validators::tr("expired %1"), now);
    case Rule::IssuedAt:
        return seconds(verdict, Validators::tr("issued in the future, %1"), now);
    case Rule::ClaimValues:
        return Validators::tr("a claim cannot be read (%1)").arg(inert(verdict.gatewayText));
    case Rule::Roles:
    case Rule::Scopes:
        return rights(verdict);
    case Rule::RolesCrash:
    case Rule::ScopesCrash:
        return Validators::tr("%1 has an element that is no text: the gateway panics at this request").arg(claimName(verdict));
    case Rule::Hangs:
        return Validators::tr("the key host stays silent, and the gateway waits for it for ever");
    case Rule::Unknown:
        return verdict.gatewayText.isEmpty() ? Validators::tr("the key set is not known here") : inert(verdict.gatewayText);
    }
    return {};
}

QString validatorSentence(const twin::ValidatorVerdict &verdict, Instant now)
{
    QString reason = validatorReason(verdict, now);
    if (!reason.isEmpty())
        reason[0] = reason[0].toUpper();
    if (verdict.decided == Rule::Passed && verdict.incomplete)
        return Validators::tr("%1, but validation/cel may still reject the token, which is not played here.").arg(reason);
    return reason + QLatin1Char('.');
}

QString sentence(const twin::EndpointVerdict &one, Instant now)
{
    const QString name = inert(one.method + ' ' + one.path);
    if (one.startError)
        return Validators::tr("%1: the gateway would not start, %2").arg(name, inert(one.startError->text));
    const QString reason = validatorReason(one.verdict, now);
    if (one.verdict.status == 0 || (one.verdict.incomplete && one.verdict.decided == Rule::Unknown))
        return Validators::tr("%1: cannot tell, %2").arg(name, reason);
    if (one.verdict.passed() && one.verdict.incomplete)
        return Validators::tr("%1: %2, unless validation/cel rejects it").arg(name).arg(one.verdict.status);
    if (one.verdict.passed())
        return Validators::tr("%1: passes").arg(name);
    return Validators::tr("%1: %2, %3").arg(name).arg(one.verdict.status).arg(reason);
}

QString sentence(const twin::ValidatorError &error)
{
    const QString text = inert(error.text);
    if (error.crash)
        return Validators::tr("The gateway crashes at its start over auth/validator: %1.").arg(text);
    if (error.fatal)
        return Validators::tr("The gateway ends at its start over auth/validator: %1.").arg(text);
    return Validators::tr("auth/validator answers 401 to everybody: %1.").arg(text);
}

QString validatorRuleSentence(QByteArrayView rule)
{
    for (const RuleText &known : ruleTexts)
        if (rule == QByteArrayView(known.rule.data(), qsizetype(known.rule.size())))
            return Validators::tr(known.text);
    return {};
}

} // namespace tokenlab::text
