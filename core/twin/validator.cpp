#include "core/twin/validator.h"

#include "core/gateway/goparse.h"
#include "core/jose/base64.h"
#include "core/jose/parsedjws.h"
#include "core/twin/claims.h"
#include "core/twin/keysource.h"
#include "core/twin/tokensource.h"
#include "core/twin/trace.h"

#include <QList>

#include <algorithm>

namespace tokenlab::twin {
namespace {

using Rule = ValidatorRule;
using gateway::ValidatorConfig;

constexpr qint64 second = 1'000'000'000;

enum class Strategy { Kid, X5t, X5tS256, KidX5t };

// Anything else means kid.
Strategy strategyOf(const ValidatorConfig &config)
{
    if (config.keyIdentifyStrategy == "x5t")
        return Strategy::X5t;
    if (config.keyIdentifyStrategy == "x5t#S256")
        return Strategy::X5tS256;
    return config.keyIdentifyStrategy == "kid_x5t" ? Strategy::KidX5t : Strategy::Kid;
}

QByteArray identityOf(const jose::ParsedJws &token, Strategy strategy)
{
    switch (strategy) {
    case Strategy::X5t:
        return token.x5t().value_or(token.kid());
    case Strategy::X5tS256:
        return token.x5tS256().value_or(token.kid());
    case Strategy::KidX5t:
        return token.kid() + token.x5t().value_or(token.kid());
    case Strategy::Kid:
        break;
    }
    return token.kid();
}

QByteArray identityOf(const jose::Key &key, Strategy strategy)
{
    switch (strategy) {
    case Strategy::X5t:
        return jose::encodeBase64RawUrl(key.x5t());
    case Strategy::X5tS256:
        return jose::encodeBase64RawUrl(key.x5tS256());
    case Strategy::KidX5t:
        return key.kid() + jose::encodeBase64RawUrl(key.x5t());
    case Strategy::Kid:
        break;
    }
    return key.kid();
}

// The last one, as everywhere.
const jose::Key *findKey(const jose::KeySet &set, const QByteArray &identity, Strategy strategy)
{
    const auto found =
        std::find_if(set.keys.rbegin(), set.keys.rend(), [&](const jose::Key &key) { return identityOf(key, strategy) == identity; });
    return found == set.keys.rend() ? nullptr : &*found;
}

// Seconds since the year 1, as Go's times count; dates beyond wrap around there.
qint64 goSeconds(qint64 epochSeconds)
{
    return qint64(quint64(epochSeconds) + quint64(62'135'596'800));
}

struct Moment {
    qint64 seconds = 0; // goSeconds
    qint64 nanoseconds = 0;
};

Moment shifted(Instant now, qint64 nanoseconds)
{
    qint64 seconds = nanoseconds / second;
    qint64 rest = nanoseconds % second;
    if (rest < 0) {
        rest += second;
        --seconds;
    }
    return {goSeconds(now.secondsSinceEpoch) + seconds, rest};
}

bool isBefore(const Moment &moment, qint64 date)
{
    return moment.seconds < goSeconds(date);
}

bool isAfter(const Moment &moment, qint64 date)
{
    return moment.seconds > goSeconds(date) || (moment.seconds == goSeconds(date) && moment.nanoseconds > 0);
}

qint64 leewayOf(const ValidatorConfig &config)
{
    const auto given = gateway::parseDuration({config.leeway.constData(), std::size_t(config.leeway.size())});
    return given ? std::max(*given, second) : second;
}

QByteArray listed(const std::vector<QByteArray> &names)
{
    QByteArray out;
    for (const QByteArray &name : names)
        out += (out.isEmpty() ? "" : ", ") + name;
    return out;
}

bool contains(const std::vector<QByteArray> &list, const QByteArray &text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

class Validation
{
public:
    Validation(const ValidatorState &state, const ClientRequest &request) : m_state(state), m_config(state.config), m_request(request) {}

    [[nodiscard]] ValidatorVerdict run(Instant now)
    {
        if (m_state.enabled && checkSetup() && readToken() && checkAlgorithm() && findSigningKey() && checkSignature() &&
            checkClaims(now) && readMap() && checkRoles())
            (void)checkScopes();
        if (m_verdict.passed() && m_state.enabled && m_state.hasRejecter)
            m_verdict.incomplete = true;
        return std::move(m_verdict);
    }

    // Whether a request comes as far as asking the key host.
    [[nodiscard]] bool asksKeyHost()
    {
        if (!m_state.enabled || !checkSetup() || !readToken() || !checkAlgorithm())
            return false;
        const Strategy strategy = strategyOf(m_config);
        if (m_state.localKeys && findKey(*m_state.localKeys, identityOf(*m_token, strategy), strategy))
            return false;
        return !refusedUrl(m_config.jwkUrl);
    }

private:
    enum class Phase { Validate, Claims };

    void log(const QByteArray &text)
    {
        if (m_config.operationDebug)
            m_verdict.log.push_back("ERROR [ENDPOINT: " + m_state.route + "][JWTValidator] " + text);
    }

    bool refuse(Rule decided, const QByteArray &rule, const QByteArray &text, const QByteArray &member = {}, Phase phase = Phase::Validate)
    {
        m_verdict.status = 401;
        m_verdict.decided = decided;
        m_verdict.rule = rule;
        m_verdict.gatewayText = text;
        m_verdict.member = member;
        log((phase == Phase::Validate ? "Unable to validate the token: " : "Token sent by client is invalid: ") + text);
        return false;
    }

    bool forbid(Rule decided, const QByteArray &rule, const QByteArray &text, const QByteArray &member)
    {
        m_verdict.status = 403;
        m_verdict.decided = decided;
        m_verdict.rule = rule;
        m_verdict.gatewayText = text;
        m_verdict.member = member;
        log(text);
        return false;
    }

    bool panic(Rule decided, const QByteArray &rule, const QByteArray &text, const QByteArray &member)
    {
        m_verdict.status = 500;
        m_verdict.decided = decided;
        m_verdict.rule = rule;
        m_verdict.gatewayText = text;
        m_verdict.member = member;
        return false;
    }

    bool checkSetup()
    {
        if (!m_state.error)
            return true;
        m_verdict.status = 401;
        m_verdict.decided = m_state.error->unknown ? Rule::Unknown : Rule::Setup;
        m_verdict.incomplete = m_state.error->unknown;
        m_verdict.rule = m_state.error->rule;
        m_verdict.gatewayText = m_state.error->text;
        m_verdict.member = m_state.error->member;
        return false;
    }

    bool readToken()
    {
        const auto source = findToken(m_config, m_request);
        if (!source)
            return refuse(Rule::NoToken, QByteArrayLiteral("§8.2 token"), QByteArrayLiteral("Token not found"),
                          m_config.authHeaderName.isEmpty() ? QByteArray() : QByteArrayLiteral("auth_header_name"));
        auto token = jose::ParsedJws::parse(source->token);
        if (!token) {
            m_verdict.textIsOneOfMany = token.error().anyOfThese;
            return refuse(Rule::Malformed, QByteArrayLiteral("§8.3 form"), token.error().text);
        }
        m_token = std::move(*token);
        return true;
    }

    bool checkAlgorithm()
    {
        if (m_token->alg() == m_config.alg)
            return true;
        m_verdict.expected = m_config.alg;
        m_verdict.found = m_token->alg();
        return refuse(Rule::Algorithm, QByteArrayLiteral("§8.4 alg"), QByteArrayLiteral("algorithm is invalid"), QByteArrayLiteral("alg"));
    }

    bool findSigningKey()
    {
        const Strategy strategy = strategyOf(m_config);
        const QByteArray identity = identityOf(*m_token, strategy);
        m_verdict.found = identity;
        if (m_state.localKeys) {
            if (const jose::Key *key = findKey(*m_state.localKeys, identity, strategy)) {
                m_key = *key;
                m_verdict.found.clear();
                return true;
            }
        }
        const QByteArray member = m_state.localKeys ? QByteArrayLiteral("jwk_local_path") : QByteArrayLiteral("jwk_url");
        if (const auto refused = refusedUrl(m_config.jwkUrl))
            return refuse(m_state.localKeys ? Rule::KeyMissing : Rule::KeyHost, QByteArrayLiteral("§8.5 key"), *refused, member);
        if (m_state.downloadHangs || !m_state.download) {
            m_verdict.status = 0;
            m_verdict.decided = m_state.downloadHangs ? Rule::Hangs : Rule::Unknown;
            m_verdict.incomplete = true;
            m_verdict.rule = QByteArrayLiteral("§8.5 key");
            m_verdict.member = QByteArrayLiteral("jwk_url");
            return false;
        }
        const auto set = downloadedKeys(*m_state.download);
        if (!set) {
            m_verdict.incomplete = set.error().unknown;
            return refuse(set.error().unknown ? Rule::Unknown : Rule::KeyHost, QByteArrayLiteral("§8.5 key"), set.error().text,
                          QByteArrayLiteral("jwk_url"));
        }
        if (m_state.localKeys) {
            return panic(Rule::KeyMissingCrash, QByteArrayLiteral("§8.5 key"),
                         QByteArrayLiteral("runtime error: invalid memory address or nil pointer dereference"), member);
        }
        const jose::Key *key = findKey(*set, identity, strategy);
        if (!key) {
            return refuse(Rule::KeyMissing, QByteArrayLiteral("§8.5 key"), QByteArrayLiteral("no Keys have been found"),
                          QByteArrayLiteral("key_identify_strategy"));
        }
        m_key = *key;
        m_verdict.found.clear();
        return true;
    }

    bool checkSignature()
    {
        const auto verified = m_token->verify(*m_key);
        if (verified)
            return true;
        const jose::JwsError &error = verified.error();
        if (error.unsupportedKey)
            return refuse(Rule::KeyKind, QByteArrayLiteral("§8.6 key kind"), error.text,
                          m_state.localKeys ? QByteArrayLiteral("jwk_local_path") : QByteArrayLiteral("jwk_url"));
        return refuse(error.critical ? Rule::Critical : Rule::Signature, QByteArrayLiteral("§8.6 signature"), error.text);
    }

    bool checkClaims(Instant now)
    {
        const auto claims = readRegisteredClaims(m_token->payload());
        if (!claims) {
            m_verdict.claim = claims.error().claim.isEmpty() ? QByteArray() : pointerTo({}, claims.error().claim);
            return refuse(Rule::ClaimTypes, QByteArrayLiteral("§8.7 claims"), claims.error().text);
        }
        const qint64 leeway = leewayOf(m_config);
        const auto date = [&](Rule decided, const QByteArray &rule, const char *claim, qint64 found, const char *text) {
            m_verdict.claim = QByteArray("/") + claim;
            m_verdict.found = QByteArray::number(found);
            return refuse(decided, rule, QByteArray("go-jose/go-jose/jwt: ") + text, QByteArrayLiteral("leeway"));
        };
        if (!m_config.issuer.isEmpty() && claims->issuer != m_config.issuer) {
            m_verdict.claim = "/iss";
            m_verdict.expected = m_config.issuer;
            m_verdict.found = claims->issuer;
            return refuse(Rule::Issuer, QByteArrayLiteral("§8.8 issuer"),
                          QByteArrayLiteral("go-jose/go-jose/jwt: validation failed, invalid issuer claim (iss)"),
                          QByteArrayLiteral("issuer"));
        }
        for (const QByteArray &wanted : m_config.audience) {
            if (contains(claims->audience, wanted))
                continue;
            m_verdict.claim = "/aud";
            m_verdict.expected = wanted;
            m_verdict.found = listed(claims->audience);
            return refuse(Rule::Audience, QByteArrayLiteral("§8.8 audience"),
                          QByteArrayLiteral("go-jose/go-jose/jwt: validation failed, invalid audience claim (aud)"),
                          QByteArrayLiteral("audience"));
        }
        if (claims->notBefore && isBefore(shifted(now, leeway), *claims->notBefore))
            return date(Rule::NotBefore, QByteArrayLiteral("§8.9 nbf"), "nbf", *claims->notBefore,
                        "validation failed, token not valid yet (nbf)");
        if (claims->expiry && isAfter(shifted(now, -leeway), *claims->expiry))
            return date(Rule::Expired, QByteArrayLiteral("§8.9 exp"), "exp", *claims->expiry, "validation failed, token is expired (exp)");
        if (claims->issuedAt && isBefore(shifted(now, leeway), *claims->issuedAt))
            return date(Rule::IssuedAt, QByteArrayLiteral("§8.9 iat"), "iat", *claims->issuedAt,
                        "validation field, token issued in the future (iat)");
        return true;
    }

    bool readMap()
    {
        auto claims = readClaimMap(m_token->payload());
        if (!claims)
            return refuse(Rule::ClaimValues, QByteArrayLiteral("§8.7 claims"), claims.error().text, {}, Phase::Claims);
        m_verdict.claims = std::move(*claims);
        return true;
    }

    // A path of names to the claim it means.
    [[nodiscard]] static QByteArray pathPointer(const QByteArray &path, bool dotted)
    {
        if (!dotted)
            return pointerTo({}, path);
        QByteArray pointer;
        for (const QByteArray &name : path.split('.'))
            pointer = pointerTo(pointer, name);
        return pointer;
    }

    bool checkRoles()
    {
        if (m_config.roles.empty())
            return true;
        const bool dotted = m_config.rolesKeyIsNested && m_config.rolesKey.contains('.') && !m_config.rolesKey.startsWith("http");
        QByteArray name = m_config.rolesKey;
        json::Value holder = m_verdict.claims.root();
        if (dotted)
            holder = claimHolder(holder, m_config.rolesKey, name);
        const json::Value claim = holder.isObject() ? holder.find({name.constData(), std::size_t(name.size())}) : json::Value();
        const QByteArray rule = QByteArrayLiteral("§8.11 roles");
        if (claim.isArray()) {
            // Role by role; an element that is no text ends it where it is met.
            for (const QByteArray &role : m_config.roles) {
                for (const json::Value element : claim.elements()) {
                    if (!element.isString()) {
                        m_verdict.claim = pathPointer(m_config.rolesKey, dotted);
                        return panic(Rule::RolesCrash, rule, conversionPanic(element), QByteArrayLiteral("roles"));
                    }
                    if (element.bytes() == role)
                        return true;
                }
            }
        } else if (claim.isString()) {
            for (const QByteArray &given : claim.bytes().split(' '))
                if (contains(m_config.roles, given))
                    return true;
        }
        m_verdict.claim = pathPointer(m_config.rolesKey, dotted);
        m_verdict.expected = listed(m_config.roles);
        m_verdict.found = given(claim);
        return forbid(Rule::Roles, rule, QByteArrayLiteral("Token sent by client does not have sufficient roles"),
                      QByteArrayLiteral("roles"));
    }

    bool checkScopes()
    {
        if (m_config.scopes.empty() || m_config.scopesKey.isEmpty())
            return true;
        QByteArray name;
        const json::Value holder = claimHolder(m_verdict.claims.root(), m_config.scopesKey, name);
        const json::Value claim = holder.isObject() ? holder.find({name.constData(), std::size_t(name.size())}) : json::Value();
        const QByteArray rule = QByteArrayLiteral("§8.12 scopes");
        std::vector<QByteArray> given;
        bool usable = claim.isString();
        if (claim.isArray() && claim.size() > 0) {
            usable = true;
            for (const json::Value element : claim.elements()) {
                if (!element.isString()) {
                    m_verdict.claim = pathPointer(m_config.scopesKey, true);
                    return panic(Rule::ScopesCrash, rule, conversionPanic(element), QByteArrayLiteral("scopes"));
                }
                given.push_back(element.bytes());
            }
        } else if (claim.isString()) {
            const auto parts = claim.bytes().split(' ');
            given.assign(parts.begin(), parts.end());
        }
        const auto has = [&given](const QByteArray &scope) { return contains(given, scope); };
        const bool matches = m_config.scopesMatcher == "all" ? std::all_of(m_config.scopes.begin(), m_config.scopes.end(), has)
                                                             : std::any_of(m_config.scopes.begin(), m_config.scopes.end(), has);
        if (usable && matches)
            return true;
        m_verdict.claim = pathPointer(m_config.scopesKey, true);
        m_verdict.expected = listed(m_config.scopes);
        m_verdict.found = this->given(claim);
        return forbid(Rule::Scopes, rule, QByteArrayLiteral("Token sent by client does not have the required scopes"),
                      QByteArrayLiteral("scopes"));
    }

    [[nodiscard]] static QByteArray conversionPanic(json::Value element)
    {
        const QByteArray goType = element.isNull()     ? QByteArray("nil")
                                  : element.isNumber() ? QByteArray("float64")
                                  : element.isBool()   ? QByteArray("bool")
                                  : element.isArray()  ? QByteArray("[]interface {}")
                                                       : QByteArray("map[string]interface {}");
        return "interface conversion: interface {} is " + goType + ", not string";
    }

    // A claim of roles or scopes, for the sentence; empty: missing.
    [[nodiscard]] static QByteArray given(json::Value claim)
    {
        if (claim.isString())
            return claim.bytes();
        QByteArray out;
        for (const json::Value element : claim.elements())
            out += (out.isEmpty() ? "" : ", ") + element.bytes();
        return claim.exists() && !claim.isArray() ? json::kindName(claim.type()) : out;
    }

    const ValidatorState &m_state;
    const ValidatorConfig &m_config;
    const ClientRequest &m_request;
    std::optional<jose::ParsedJws> m_token;
    std::optional<jose::Key> m_key;
    ValidatorVerdict m_verdict;
};

NeedDownload downloadOf(const ValidatorState &state)
{
    NeedDownload need;
    need.url = state.config.jwkUrl;
    need.verify = !state.config.disableJwkSecurity;
    need.pins = state.pins;
    need.cipherSuites = state.config.cipherSuites;
    need.extraRoots = state.extraRoots;
    return need;
}

} // namespace

std::optional<NeedDownload> neededDownload(const ValidatorState &state, const ClientRequest &request)
{
    if (state.download || state.downloadHangs || !Validation(state, request).asksKeyHost())
        return std::nullopt;
    return downloadOf(state);
}

std::optional<NeedDownload> keySetDownload(const ValidatorState &state)
{
    if (!state.enabled || state.error || state.localKeys || refusedUrl(state.config.jwkUrl))
        return std::nullopt;
    return downloadOf(state);
}

ValidatorVerdict validate(const ValidatorState &state, const ClientRequest &request, Instant now)
{
    return Validation(state, request).run(now);
}

} // namespace tokenlab::twin
