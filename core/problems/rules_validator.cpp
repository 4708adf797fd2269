// Validators, and whether a token that this file signs would pass them (specification §8).
#include "core/problems/ruletools.h"

#include "core/gateway/goparse.h"
#include "core/json/parse.h"
#include "core/twin/validator.h"

#include <algorithm>

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

// Its keys come from where the signer's come from.
bool sameSource(const SignerConfig &signer, const ValidatorConfig &validator)
{
    if (!validator.localPath.isEmpty() || !signer.localPath.isEmpty())
        return !validator.localPath.isEmpty() && validator.localPath == signer.localPath;
    return !signer.jwkUrl.isEmpty() && signer.jwkUrl == validator.jwkUrl;
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
        settings(*config);
        std::size_t signers = 0;
        for (const EndpointConfig &endpoint : m_input.service->endpoints)
            signers += signerOf(endpoint) != nullptr;
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
        problem.effect = error->crash ? Problem::Crash : error->fatal ? Problem::NoStart : Problem::ValidatorOff;
        if (const ValidatorConfig *config = validatorOf(m_endpoint);
            config && config->cache && !config->localPath.isEmpty() && error->fatal && error->member == "cache")
            Rules::offer(problem, "remove", {"cache"}, edit::removeAt(m_rules.tree(), at("cache")), true);
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
        if (!shared && !isMeantFor(validator, signing))
            return;
        if (signer.alg != validator.alg) {
            Problem &problem = raise("fit-algorithm", "alg", {from, signer.alg, validator.alg});
            set(problem, "alg", edit::quotedBytes(signer.alg));
        } else if (shared && !isSymmetric(signer.alg)) {
            raise("fit-private-set", validator.localPath.isEmpty() ? QByteArrayView("jwk_url") : QByteArrayView("jwk_local_path"),
                  {from, signer.alg});
        } else if (!shared && isSymmetric(signer.alg)) {
            raise("fit-other-set", validator.localPath.isEmpty() ? QByteArrayView("jwk_url") : QByteArrayView("jwk_local_path"), {from});
        }
        keySet(signer, from);
        payloads(validator, signing, from);
    }

    // The only signer and a validator beside it; or a payload that names the validator's issuer.
    [[nodiscard]] bool isMeantFor(const ValidatorConfig &validator, std::size_t signing) const
    {
        const auto &endpoints = m_input.service->endpoints;
        const auto signers = std::count_if(endpoints.begin(), endpoints.end(), [](const EndpointConfig &e) { return signs(e); });
        const auto validators =
            std::count_if(endpoints.begin(), endpoints.end(), [](const EndpointConfig &e) { return e.validator.has_value(); });
        if (signers == 1 && validators == 1)
            return true;
        bool meant = false;
        eachPayload(signing, [&](const QByteArray &, json::Value claims) {
            meant = meant || (!validator.issuer.isEmpty() && claims.find("iss").bytes() == validator.issuer);
        });
        return meant;
    }

    void keySet(const SignerConfig &signer, const QByteArray &from)
    {
        const EndpointFacts *facts = m_rules.facts(m_index);
        if (!facts || !facts->validator || !facts->validator->localKeys)
            return;
        const jose::KeySet &keys = *facts->validator->localKeys;
        if (keys.find(signer.kid) == nullptr)
            raise("fit-kid-missing", "jwk_local_path", {from, signer.kid});
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
