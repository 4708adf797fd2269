// Files of other releases and editions: $schema, version, names of components that changed, members of the enterprise edition.
#include "core/problems/ruletools.h"

#include "core/gateway/components.h"

#include <algorithm>
#include <array>
#include <map>

namespace tokenlab::problems {

namespace {

namespace edit = gateway::edit;

constexpr std::array enterpriseComponents{
    "ai/mcp",
    "ai/llm",
    "auth/api-keys",
    "auth/basic",
    "auth/aws-sigv4",
    "auth/gcp",
    "auth/ntlm",
    "backend/conditional",
    "backend/grpc",
    "backend/pubsub/publisher/kafka",
    "backend/pubsub/subscriber/kafka",
    "backend/soap",
    "backend/static-filesystem",
    "documentation/openapi",
    "documentation/postman",
    "governance/processors",
    "governance/quota",
    "grpc",
    "modifier/body-generator",
    "modifier/jmespath",
    "modifier/request-body-extractor",
    "modifier/request-body-extractor/early",
    "modifier/request-body-generator",
    "modifier/response-body",
    "modifier/response-body-generator",
    "modifier/response-headers",
    "plugin/middleware",
    "qos/circuit-breaker/http",
    "qos/ratelimit/router/redis",
    "qos/ratelimit/service/redis",
    "qos/ratelimit/tiered",
    "redis",
    "security/policies",
    "server/static-filesystem",
    "server/virtualhost",
    "telemetry/moesif",
    "telemetry/newrelic",
    "telemetry/opentelemetry-security",
    "validation/response-json-schema",
    "websocket",
    "workflow",
};

// `2.7` of `https://www.krakend.io/schema/v2.7/krakend.json`; empty: none named, or the newest.
QByteArray releaseOf(const QByteArray &schema)
{
    const qsizetype at = schema.indexOf("/v");
    if (at < 0)
        return {};
    qsizetype end = at + 2;
    while (end < schema.size() && (schema[end] == '.' || (schema[end] >= '0' && schema[end] <= '9')))
        ++end;
    // `v3.json` names the format, no release.
    const QByteArray release = schema.mid(at + 2, end - at - 2);
    return release.endsWith('.') || !release.contains('.') ? QByteArray() : release;
}

class Versions
{
public:
    explicit Versions(Rules &rules) : m_rules(rules) {}

    void file()
    {
        const json::SyntaxTree &tree = m_rules.tree();
        const int schema = m_rules.exact(0, "$schema");
        const QByteArray release = releaseOf(m_rules.text(schema));
        if (!release.isEmpty() && release != "2.13") {
            Problem &problem = m_rules.raise("schema-other-release", tree.pointerOf(schema), {release});
            Rules::offer(problem, "set", {"$schema", "v2.13"},
                         edit::setMember(tree, {}, "$schema", "\"https://www.krakend.io/schema/v2.13/krakend.json\""));
        }
        const int version = m_rules.member(0, "version");
        if (version >= 0 && m_rules.text(version) != "3") {
            // Other numbers end the start; these are read as a 3.
            bool ok = false;
            const double number = m_rules.text(version).toDouble(&ok);
            if (ok && number >= 3 && number < 4) {
                Problem &problem = m_rules.raise("version-odd", tree.pointerOf(version), {m_rules.text(version)});
                problem.lint = number != 3 || tree.node(version).type == json::Type::String;
                Rules::offer(problem, "set", {"version", "3"}, std::optional(tree.replaceValue(version, "3")), true);
            }
        } else if (version >= 0 && tree.node(version).type == json::Type::String) {
            Problem &problem = m_rules.raise("version-odd", tree.pointerOf(version), {"\"3\""});
            problem.lint = true;
            Rules::offer(problem, "set", {"version", "3"}, std::optional(tree.replaceValue(version, "3")), true);
        }
    }

    void components(int owner, const char *level, std::size_t endpoint)
    {
        const json::SyntaxTree &tree = m_rules.tree();
        const int extra = m_rules.member(owner, "extra_config");
        if (extra < 0 || tree.node(extra).type != json::Type::Object)
            return;
        const QByteArray pointer = tree.pointerOf(extra);
        for (const int child : tree.node(extra).children) {
            const QByteArray &name = tree.node(child).name;
            const QByteArray at = childPointer(pointer, name);
            const QByteArray alias = gateway::publicName(name);
            if (alias != name) {
                const bool both = m_rules.exact(extra, alias) >= 0;
                Problem &problem = m_rules.raise(both ? "both-namespaces" : "legacy-namespace", at, {name, alias}, endpoint);
                problem.lint = true;
                if (both)
                    Rules::offer(problem, "remove", {name}, edit::removeAt(tree, at), true);
                else
                    Rules::offer(problem, "rename", {name, alias}, edit::renameAt(tree, at, alias), true);
            }
            if (alias == "auth/signer" && level != QByteArrayView("endpoint")) {
                Problem &problem = m_rules.raise("signer-level", at, {level}, endpoint);
                problem.lint = true;
                Rules::offer(problem, "remove", {name}, edit::removeAt(tree, at));
            }
            if (std::any_of(enterpriseComponents.begin(), enterpriseComponents.end(), [&](const char *one) { return name == one; }))
                m_rules.raise("enterprise-only", at, {name}, endpoint);
        }
    }

private:
    Rules &m_rules;
};

} // namespace

void checkVersion(const Input &input, List &list)
{
    if (!input.document)
        return;
    Rules rules(input, list);
    Versions versions(rules);
    versions.file();
    versions.components(0, "service", Problem::npos);
    const json::SyntaxTree &tree = rules.tree();
    const int endpoints = rules.member(0, "endpoints");
    if (endpoints < 0 || tree.node(endpoints).type != json::Type::Array)
        return;
    std::size_t index = 0;
    for (const int endpoint : tree.node(endpoints).children) {
        versions.components(endpoint, "endpoint", index);
        const int backends = rules.member(endpoint, "backend");
        if (backends >= 0 && tree.node(backends).type == json::Type::Array)
            for (const int backend : tree.node(backends).children)
                versions.components(backend, "backend", index);
        ++index;
    }
}

} // namespace tokenlab::problems
