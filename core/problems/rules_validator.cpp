// Validators, and whether a token that this file signs would pass them (specification §8).
#include "core/problems/ruletools.h"

#include "core/gateway/goparse.h"
#include "core/jose/base64.h"
#include "core/json/parse.h"
#include "core/problems/schema.h"
#include "core/support/nearest.h"
#include "core/support/url.h"
#include "core/twin/validator.h"

#include <QDir>

#include <algorithm>
#include <functional>
#include <set>

namespace tokenlab::problems {

namespace {

using gateway::EndpointConfig;
using gateway::SignerConfig;
using gateway::ValidatorConfig;
namespace edit = gateway::edit;

bool isSymmetric(const QByteArray &alg)
{
    return alg.startsWith("HS");
}

QByteArray listed(const std::vector<QByteArray> &texts)
{
    QByteArray out;
    for (const QByteArray &text : texts)
        out += (out.isEmpty() ? "" : ", ") + text;
    return out;
}

// `./k.json` and `keys/../k.json` are the file `k.json`.
QByteArray sameName(const QByteArray &path)
{
    return path.isEmpty() ? path : QDir::cleanPath(QString::fromUtf8(path)).toUtf8();
}

// Its keys come from where the signer's come from.
bool sameSource(const SignerConfig &signer, const ValidatorConfig &validator)
{
    if (!validator.localPath.isEmpty() || !signer.localPath.isEmpty())
        return !validator.localPath.isEmpty() && sameName(validator.localPath) == sameName(signer.localPath);
    return !signer.jwkUrl.isEmpty() && signer.jwkUrl == validator.jwkUrl;
}

QByteArray hostOf(const QByteArray &url)
{
    const auto parsed = Url::parse(url);
    return parsed ? parsed->hostName() : QByteArray();
}

class ValidatorRules
{
public:
    ValidatorRules(const Input &input, Rules &rules, std::size_t index)
        : m_input(input), m_rules(rules), m_index(index), m_endpoint(input.service->endpoints[index]), m_at(m_endpoint.validatorPointer)
    {
    }

    void check()
    {
        if (!m_endpoint.validator)
            return;
        start();
        const ValidatorConfig *config = validatorOf(m_endpoint);
        if (!config)
            return;
        names();
        settings(*config);
        keyHost();
        for (std::size_t i = 0; i < m_input.service->endpoints.size(); ++i)
            if (const SignerConfig *signer = signerOf(m_input.service->endpoints[i]))
                fit(*config, *signer, i);
    }

private:
    [[nodiscard]] QByteArray at(QByteArrayView member) const
    {
        const QByteArray pointer = childPointer(m_at, member);
        return m_rules.tree().find(pointer) >= 0 ? pointer : m_at;
    }

    Problem &raise(std::string_view id, QByteArrayView member, std::vector<QByteArray> arguments = {})
    {
        arguments.insert(arguments.begin(), m_endpoint.method + ' ' + m_endpoint.path);
        return m_rules.raise(id, at(member), std::move(arguments), m_index);
    }

    void set(Problem &problem, const QByteArray &member, const QByteArray &json)
    {
        Rules::offer(problem, "set", {member, json}, edit::setMember(m_rules.tree(), m_at, member, json));
    }

    // As built with the real files where they were looked at, else as far as the file alone decides.
    void start()
    {
        const EndpointFacts *facts = m_rules.facts(m_index);
        std::optional<twin::ValidatorError> error;
        if (facts && facts->validator) {
            error = facts->validator->error;
        } else {
            const twin::ValidatorStep step = twin::buildValidator(m_endpoint, {});
            if (const auto *state = std::get_if<twin::ValidatorState>(&step))
                error = state->error;
        }
        if (!error || error->unknown)
            return;
        Problem &problem = raise(error->crash   ? "validator-crash"
                                 : error->fatal ? "validator-fatal"
                                                : "validator-off",
                                 error->member, {error->text});
        problem.gateway = error->logLine;
        if (error->crash && problem.gateway.isEmpty())
            problem.gateway = error->text.startsWith("panic: ") ? error->text : "panic: " + error->text;
        problem.effect = error->crash ? Problem::Crash : error->fatal ? Problem::NoStart : Problem::ValidatorOff;
        if (const ValidatorConfig *config = validatorOf(m_endpoint);
            config && config->cache && !config->localPath.isEmpty() && error->fatal && error->member == "cache")
            Rules::offer(problem, "remove", {"cache"}, edit::removeAt(m_rules.tree(), at("cache")), true);
    }

    // A name that is read as nothing, near one that would be read.
    void names()
    {
        const json::SyntaxTree &tree = m_rules.tree();
        const int node = tree.find(m_at);
        if (node < 0 || tree.node(node).type != json::Type::Object)
            return;
        const std::vector<QByteArray> known = schemaMembers("/endpoints/0/extra_config/auth~1validator");
        for (const int child : tree.node(node).children) {
            const QByteArray &name = tree.node(child).name;
            const bool read = std::any_of(known.begin(), known.end(), [&](const QByteArray &one) {
                return json::equalFold({one.constData(), std::size_t(one.size())}, {name.constData(), std::size_t(name.size())});
            });
            if (read || name.startsWith('@') || name.startsWith('$') || name.startsWith('_') || name.startsWith('#'))
                continue;
            const std::optional<QByteArray> nearest = nearestName(name, known);
            if (!nearest)
                continue;
            const QByteArray pointer = childPointer(m_at, name);
            Problem &problem =
                m_rules.raise("validator-typo", pointer, {m_endpoint.method + ' ' + m_endpoint.path, name, *nearest}, m_index);
            if (edit::member(tree, node, *nearest) < 0)
                Rules::offer(problem, "rename", {name, *nearest}, edit::renameAt(tree, pointer, *nearest));
            else
                Rules::offer(problem, "remove", {name}, edit::removeAt(tree, pointer));
        }
    }

    [[nodiscard]] const twin::ValidatorState *state() const
    {
        const EndpointFacts *facts = m_rules.facts(m_index);
        return facts && facts->validator && facts->validator->enabled && !facts->validator->error ? &*facts->validator : nullptr;
    }

    // What the validator says of a token; claims are of no concern.
    [[nodiscard]] twin::ValidatorVerdict verdictOn(const QByteArray &token) const
    {
        twin::ClientRequest request;
        const QByteArray &header = state()->config.authHeaderName;
        request.headers.append(header.isEmpty() ? QByteArray("Authorization") : header, "Bearer " + token);
        return twin::validate(*state(), request, m_input.now);
    }

    // With this header, and a signature that is none.
    [[nodiscard]] static QByteArray unsignedToken(const QByteArray &alg, const QByteArray &kid)
    {
        return jose::encodeBase64RawUrl("{\"alg\":" + edit::quotedBytes(alg) + ",\"kid\":" + edit::quotedBytes(kid) + '}') + '.' +
               jose::encodeBase64RawUrl("{}") + ".AAAA";
    }

    [[nodiscard]] std::optional<QByteArray> signedBy(std::size_t signing) const
    {
        const EndpointFacts *facts = m_rules.facts(signing);
        if (!facts || !facts->signer || !facts->signer->signer)
            return std::nullopt;
        const auto token = facts->signer->signer->sign("{}");
        return token ? std::optional(*token) : std::nullopt;
    }

    [[nodiscard]] static QByteArray logged(const twin::ValidatorState &state, const QByteArray &text)
    {
        return "ERROR [ENDPOINT: " + state.route + "][JWTValidator] Unable to validate the token: " + text;
    }

    // Whoever signed it: without a key set no token passes.
    void keyHost()
    {
        if (!state() || !(state()->download || state()->downloadHangs))
            return;
        const twin::ValidatorVerdict verdict = verdictOn(unsignedToken(state()->config.alg, "probe"));
        const bool silent = verdict.decided == twin::ValidatorRule::Hangs;
        if (!silent && verdict.decided != twin::ValidatorRule::KeyHost)
            return;
        Problem &problem =
            raise(silent ? "validator-keys-silent" : "validator-keys", "jwk_url", {twin::validatorKeyUrl(*state()), verdict.gatewayText});
        problem.effect = Problem::ValidatorOff;
        if (!silent)
            problem.gateway = logged(*state(), verdict.gatewayText);
        m_noKeys = true;
    }

    void settings(const ValidatorConfig &config)
    {
        if (!config.leeway.isEmpty()) {
            const auto leeway = gateway::parseDuration({config.leeway.constData(), std::size_t(config.leeway.size())});
            if (!leeway || *leeway < 1'000'000'000) {
                Problem &problem = raise("leeway-one-second", "leeway", {config.leeway, leeway ? "short" : "unreadable"});
                set(problem, "leeway", "\"1s\"");
                if (!problem.fixes.empty())
                    problem.fixes.front().safe = true;
            }
        }
        if (!config.scopes.empty() && config.scopesKey.isEmpty()) {
            Problem &problem = raise("scopes-without-key", "scopes", {listed(config.scopes)});
            set(problem, "scopes_key", "\"scope\"");
        }
        if (config.scopes.empty() && !config.scopesKey.isEmpty())
            raise("scopes-key-unused", "scopes_key", {config.scopesKey});
        rolesKey(config);
        if (config.keyIdentifyStrategy.startsWith("x5t") || config.keyIdentifyStrategy == "kid_x5t") {
            if (std::any_of(m_input.service->endpoints.begin(), m_input.service->endpoints.end(), signs)) {
                Problem &problem = raise("strategy-x5t", "key_identify_strategy", {config.keyIdentifyStrategy});
                set(problem, "key_identify_strategy", "\"kid\"");
            }
        }
        if (signs(m_endpoint))
            raise("login-needs-token", {});
    }

    void rolesKey(const ValidatorConfig &config)
    {
        if (config.roles.empty())
            return;
        const bool url = config.rolesKey.startsWith("http");
        if (config.rolesKey.contains('.') && !config.rolesKeyIsNested && !url) {
            Problem &problem = raise("roles-key-flat", "roles_key", {config.rolesKey});
            set(problem, "roles_key_is_nested", "true");
        } else if (config.rolesKeyIsNested && url) {
            raise("roles-key-url", "roles_key", {config.rolesKey});
        }
    }

    void fit(const ValidatorConfig &validator, const SignerConfig &signer, std::size_t signing)
    {
        const QByteArray from = m_input.service->endpoints[signing].path;
        const bool shared = sameSource(signer, validator);
        // A validator of somebody else's tokens is none of this signer's concern.
        if (!shared && !isMeantFor(validator, signer, signing))
            return;
        const QByteArrayView place = validator.localPath.isEmpty() ? QByteArrayView("jwk_url") : QByteArrayView("jwk_local_path");
        if (!jose::algorithmFromName(signer.alg)) {
            // Nothing is signed, and its own rule says so.
        } else if (signer.alg != validator.alg) {
            Problem &problem = raise("fit-algorithm", "alg", {from, signer.alg, validator.alg});
            set(problem, "alg", edit::quotedBytes(signer.alg));
        } else if (shared && !isSymmetric(signer.alg)) {
            raise("fit-private-set", place, {from, signer.alg});
        } else if (!keySet(validator, signer, signing, shared, place) && !shared && !m_noKeys && isSymmetric(signer.alg)) {
            raise("fit-other-set", place, {from});
        }
        payloads(validator, signing, from);
    }

    // Of one signer and validators that all read the same set: those that look for its kind of tokens. Else a payload has to name the
    // validator's issuer. Beside the own login there may be an identity provider.
    [[nodiscard]] bool isMeantFor(const ValidatorConfig &validator, const SignerConfig &signer, std::size_t signing) const
    {
        const auto &endpoints = m_input.service->endpoints;
        const auto signers = std::count_if(endpoints.begin(), endpoints.end(), [](const EndpointConfig &e) { return signs(e); });
        std::set<QByteArray> sources;
        for (const EndpointConfig &endpoint : endpoints)
            if (const ValidatorConfig *one = validatorOf(endpoint))
                sources.insert(one->localPath.isEmpty() ? one->jwkUrl : '\n' + sameName(one->localPath));
        if (signers == 1 && sources.size() == 1 && (signer.alg == validator.alg || isNeighbour(validator, signer)))
            return true;
        return namesIssuer(validator, signing);
    }

    [[nodiscard]] static bool isNeighbour(const ValidatorConfig &validator, const SignerConfig &signer)
    {
        return !hostOf(validator.jwkUrl).isEmpty() && hostOf(validator.jwkUrl) == hostOf(signer.jwkUrl);
    }

    [[nodiscard]] bool namesIssuer(const ValidatorConfig &validator, std::size_t signing) const
    {
        bool meant = false;
        eachPayload(signing, [&](const QByteArray &, json::Value claims) {
            meant = meant || (!validator.issuer.isEmpty() && claims.find("iss").bytes() == validator.issuer);
        });
        return meant;
    }

    // Whether something was found: judged by the key set as it was seen.
    bool keySet(const ValidatorConfig &validator, const SignerConfig &signer, std::size_t signing, bool shared, QByteArrayView place)
    {
        const twin::ValidatorState *built = state();
        if (!built || m_noKeys || !(built->localKeys || built->download || built->downloadHangs) ||
            (!validator.keyIdentifyStrategy.isEmpty() && validator.keyIdentifyStrategy != "kid"))
            return false;
        const QByteArray from = m_input.service->endpoints[signing].path;
        const std::optional<QByteArray> token = signedBy(signing);
        const twin::ValidatorVerdict verdict = verdictOn(token.value_or(unsignedToken(signer.alg, signer.kid)));
        std::string_view id;
        switch (verdict.decided) {
        case twin::ValidatorRule::KeyMissing:
        case twin::ValidatorRule::KeyMissingCrash:
            id = "fit-kid-missing";
            break;
        case twin::ValidatorRule::Unknown: // nobody has looked at the URL; the file at least is known
            if (built->localKeys && built->localKeys->find(signer.kid) == nullptr)
                id = "fit-kid-missing";
            break;
        case twin::ValidatorRule::KeyKind:
            id = "fit-private-key";
            break;
        case twin::ValidatorRule::Signature:
            if (token)
                id = "fit-key-differs";
            break;
        default:
            break;
        }
        if (id.empty())
            return false;
        Problem &problem = raise(id, place, {from, signer.kid});
        problem.gateway = verdict.gatewayText.isEmpty() || verdict.status != 401 ? QByteArray() : logged(*built, verdict.gatewayText);
        // Its set may just as well be that of somebody else, who signs the tokens for it.
        if (!shared && !isSymmetric(signer.alg) && !isNeighbour(validator, signer) && !namesIssuer(validator, signing) &&
            validator.localPath.isEmpty())
            problem.severity = Severity::Hint;
        return true;
    }

    void eachPayload(std::size_t signing, const std::function<void(const QByteArray &, json::Value)> &visit) const
    {
        const EndpointFacts *facts = m_rules.facts(signing);
        if (!facts || !facts->lastOutcome)
            return;
        const auto payload = json::parse(facts->lastOutcome->payloadText);
        if (!payload)
            return;
        for (const twin::FieldOutcome &field : facts->lastOutcome->fields)
            if (field.kind == twin::FieldOutcome::Signed)
                visit(field.name, payload->root().find({field.name.constData(), std::size_t(field.name.size())}));
    }

    // Only the last payload tells which claims there are; a refresh token may be meant for others than the access token, so one that fits
    // is enough.
    void payloads(const ValidatorConfig &validator, std::size_t signing, const QByteArray &from)
    {
        bool any = false, issuerFits = validator.issuer.isEmpty(), audienceFits = validator.audience.empty();
        QByteArray issuer, audience, field;
        eachPayload(signing, [&](const QByteArray &name, json::Value claims) {
            if (!claims.isObject())
                return;
            const QByteArray iss = claims.find("iss").bytes();
            std::vector<QByteArray> aud;
            if (const json::Value value = claims.find("aud"); value.isString())
                aud.push_back(value.bytes());
            else
                for (const json::Value element : value.elements())
                    aud.push_back(element.bytes());
            issuerFits = issuerFits || iss == validator.issuer;
            audienceFits = audienceFits || std::all_of(validator.audience.begin(), validator.audience.end(), [&](const QByteArray &one) {
                               return std::find(aud.begin(), aud.end(), one) != aud.end();
                           });
            if (!any) {
                issuer = iss;
                audience = listed(aud);
                field = name;
            }
            any = true;
        });
        if (any && !issuerFits) {
            Problem &problem =
                raise("fit-issuer", "issuer", {from, validator.issuer, issuer, childPointer(childPointer({}, field), "iss")});
            if (!issuer.isEmpty())
                set(problem, "issuer", edit::quotedBytes(issuer));
        }
        if (any && !audienceFits)
            raise("fit-audience", "audience", {from, listed(validator.audience), audience, childPointer(childPointer({}, field), "aud")});
    }

    const Input &m_input;
    Rules &m_rules;
    std::size_t m_index;
    const EndpointConfig &m_endpoint;
    QByteArray m_at;
    bool m_noKeys = false; // said already
};

} // namespace

void checkValidator(const Input &input, List &list)
{
    if (!input.document || !input.service)
        return;
    Rules rules(input, list);
    for (std::size_t i = 0; i < input.service->endpoints.size(); ++i)
        ValidatorRules(input, rules, i).check();
}

} // namespace tokenlab::problems
