// What the last payload tells: names of keys_to_sign that met nothing, and claims that sign but never validate (specification §4.6, §8.7).
#include "core/problems/ruletools.h"

#include "core/json/parse.h"
#include "core/support/nearest.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tokenlab::problems {

namespace {

namespace edit = gateway::edit;

// A date after the year 5138 in seconds is one in milliseconds.
constexpr double millisecondsFrom = 1e11;

class PayloadRules
{
public:
    PayloadRules(const Input &input, Rules &rules, std::size_t index, const twin::Outcome &outcome, json::Value payload)
        : m_input(input),
          m_rules(rules),
          m_index(index),
          m_endpoint(input.service->endpoints[index]),
          m_outcome(outcome),
          m_payload(payload)
    {
        m_list = m_endpoint.signerPointer + "/keys_to_sign";
    }

    void check()
    {
        for (std::size_t i = 0; i < m_outcome.fields.size(); ++i) {
            const twin::FieldOutcome &field = m_outcome.fields[i];
            switch (field.kind) {
            case twin::FieldOutcome::Missing:
                missing(i, field);
                break;
            case twin::FieldOutcome::NotAnObject:
                notAnObject(i, field);
                break;
            case twin::FieldOutcome::Signed:
                claims(i, field, m_payload.find({field.name.constData(), std::size_t(field.name.size())}));
                break;
            case twin::FieldOutcome::AlreadySigned:
                break;
            }
        }
    }

private:
    [[nodiscard]] QByteArray pointer(std::size_t i) const
    {
        const QByteArray element = childPointer(m_list, i);
        return m_rules.tree().find(element) >= 0 ? element : m_rules.tree().find(m_list) >= 0 ? m_list : m_endpoint.signerPointer;
    }

    [[nodiscard]] bool isListed(const QByteArray &name) const
    {
        return std::any_of(m_outcome.fields.begin(), m_outcome.fields.end(),
                           [&](const twin::FieldOutcome &field) { return field.name == name; });
    }

    // Members that could be signed and are not.
    [[nodiscard]] std::vector<QByteArray> unsignedObjects() const
    {
        std::vector<QByteArray> names;
        for (const json::Member &member : m_payload.members()) {
            const QByteArray name(member.name.data(), qsizetype(member.name.size()));
            if (member.value.isMap() && !isListed(name))
                names.push_back(name);
        }
        return names;
    }

    void missing(std::size_t i, const twin::FieldOutcome &field)
    {
        const std::vector<QByteArray> candidates = unsignedObjects();
        std::optional<QByteArray> nearest = nearestName(field.name, candidates);
        if (nearest) {
            Problem &problem = m_rules.raise("key-misspelt", pointer(i), {field.name, *nearest, childPointer({}, *nearest)}, m_index);
            Rules::offer(
                problem, "rename", {field.name, *nearest},
                edit::replaceText(m_rules.tree(), m_endpoint.signerPointer, "keys_to_sign", field.name, QString::fromUtf8(*nearest)));
            return;
        }
        Problem &problem = m_rules.raise("key-missing", pointer(i), {field.name}, m_index);
        Rules::offer(problem, "remove", {field.name},
                     edit::removeElement(m_rules.tree(), m_endpoint.signerPointer, "keys_to_sign", int(i)));
    }

    void notAnObject(std::size_t i, const twin::FieldOutcome &field)
    {
        m_rules.raise("key-not-an-object", pointer(i), {field.name, json::kindName(field.found), childPointer({}, field.name)}, m_index);
    }

    Problem &claim(std::string_view id, std::size_t i, const QByteArray &field, const char *name, const QByteArray &shown)
    {
        return m_rules.raise(id, pointer(i), {childPointer(childPointer({}, field), name), name, shown}, m_index);
    }

    void claims(std::size_t i, const twin::FieldOutcome &field, json::Value payload)
    {
        if (!payload.isObject())
            return;
        for (const char *name : {"iss", "sub", "jti"})
            if (const json::Value value = payload.find(name); value.exists() && !value.isString() && !value.isNull())
                claim("claim-not-text", i, field.name, name, json::kindName(value.type()));
        if (const json::Value audience = payload.find("aud"); audience.exists()) {
            const bool texts =
                audience.isString() || (audience.isArray() && std::all_of(audience.elements().begin(), audience.elements().end(),
                                                                          [](json::Value value) { return value.isString(); }));
            if (!texts)
                claim("aud-type", i, field.name, "aud", json::kindName(audience.type()));
        }
        for (const char *name : {"exp", "nbf", "iat"})
            time(i, field.name, name, payload.find(name));
        const json::Value expiry = payload.find("exp");
        if (!expiry.exists() || expiry.isNull())
            claim("exp-missing", i, field.name, "exp", {});
    }

    void time(std::size_t i, const QByteArray &field, const char *name, json::Value value)
    {
        if (!value.exists() || value.isNull())
            return;
        if (!value.isNumber()) {
            claim("time-not-number", i, field, name, json::kindName(value.type()));
            return;
        }
        const double seconds = value.toDouble();
        if (seconds >= millisecondsFrom) {
            claim("time-milliseconds", i, field, name, value.bytes());
            return;
        }
        // A second of leeway is given in any case.
        const double now = double(m_input.now.secondsSinceEpoch);
        if (name == QByteArrayView("exp")) {
            if (seconds < now - 1)
                claim("exp-past", i, field, name, value.bytes());
        } else if (std::floor(seconds) > now + 1) {
            claim("time-in-future", i, field, name, value.bytes());
        }
    }

    const Input &m_input;
    Rules &m_rules;
    std::size_t m_index;
    const gateway::EndpointConfig &m_endpoint;
    const twin::Outcome &m_outcome;
    json::Value m_payload;
    QByteArray m_list;
};

} // namespace

void checkPayload(const Input &input, List &list)
{
    if (!input.document || !input.service)
        return;
    Rules rules(input, list);
    for (std::size_t i = 0; i < input.service->endpoints.size(); ++i) {
        const EndpointFacts *facts = rules.facts(i);
        if (!facts || !facts->lastOutcome || !signs(input.service->endpoints[i]) || facts->lastOutcome->fields.empty())
            continue;
        // Error details are no payload of the backend's.
        if (facts->lastOutcome->response.status < 200 || facts->lastOutcome->response.status > 299)
            continue;
        const auto payload = json::parse(facts->lastOutcome->payloadText);
        PayloadRules(input, rules, i, *facts->lastOutcome, payload ? payload->root() : json::Value()).check();
    }
}

std::vector<Problem> checkReplies(const Input &input)
{
    List list;
    checkPayload(input, list);
    return list;
}

} // namespace tokenlab::problems
