#include "core/gateway/components.h"

#include "core/gateway/goparse.h"
#include "core/json/parse.h"
#include "core/json/writer.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

namespace tokenlab::gateway {

namespace {

using json::Value;

struct Alias {
    const char *publicName;
    const char *inner;
};

// In the gateway's own table some inner names begin with github.com and some with github_com.
constexpr std::array aliases{
    Alias{"plugin/http-server", "github_com/devopsfaith/krakend/transport/http/server/handler"},
    Alias{"plugin/http-client", "github.com/devopsfaith/krakend/transport/http/client/executor"},
    Alias{"plugin/req-resp-modifier", "github.com/devopsfaith/krakend/proxy/plugin"},
    Alias{"proxy", component::proxy},
    Alias{"router", component::router},
    Alias{"qos/http-cache", "github.com/devopsfaith/krakend-httpcache"},
    Alias{"qos/circuit-breaker", "github.com/devopsfaith/krakend-circuitbreaker/gobreaker"},
    Alias{"auth/client-credentials", "github.com/devopsfaith/krakend-oauth2-clientcredentials"},
    Alias{"auth/validator", component::validator},
    Alias{"auth/signer", component::signer},
    Alias{"auth/revoker", "github_com/devopsfaith/bloomfilter"},
    Alias{"security/bot-detector", "github_com/devopsfaith/krakend-botdetector"},
    Alias{"security/http", "github_com/devopsfaith/krakend-httpsecure"},
    Alias{"security/cors", "github_com/devopsfaith/krakend-cors"},
    Alias{"validation/cel", "github.com/devopsfaith/krakend-cel"},
    Alias{"validation/json-schema", "github.com/devopsfaith/krakend-jsonschema"},
    Alias{"async/amqp", "github.com/devopsfaith/krakend-amqp/agent"},
    Alias{"backend/amqp/consumer", "github.com/devopsfaith/krakend-amqp/consume"},
    Alias{"backend/amqp/producer", "github.com/devopsfaith/krakend-amqp/produce"},
    Alias{"backend/lambda", "github.com/devopsfaith/krakend-lambda"},
    Alias{"backend/pubsub/publisher", "github.com/devopsfaith/krakend-pubsub/publisher"},
    Alias{"backend/pubsub/subscriber", "github.com/devopsfaith/krakend-pubsub/subscriber"},
    Alias{"backend/graphql", "github.com/devopsfaith/krakend/transport/http/client/graphql"},
    Alias{"backend/http", component::backendHttp},
    Alias{"telemetry/gelf", "github_com/devopsfaith/krakend-gelf"},
    Alias{"telemetry/logging", component::logging},
    Alias{"telemetry/logstash", "github_com/devopsfaith/krakend-logstash"},
    Alias{"telemetry/metrics", "github_com/devopsfaith/krakend-metrics"},
    Alias{"telemetry/influx", "github_com/letgoapp/krakend-influx"},
    Alias{"telemetry/opencensus", "github_com/devopsfaith/krakend-opencensus"},
    Alias{"modifier/lua-endpoint", "github.com/devopsfaith/krakend-lua/router"},
    Alias{"modifier/lua-proxy", "github.com/devopsfaith/krakend-lua/proxy"},
    Alias{"modifier/lua-backend", "github.com/devopsfaith/krakend-lua/proxy/backend"},
    Alias{"modifier/martian", "github.com/devopsfaith/krakend-martian"},
};

constexpr std::array unplayedAtEndpoint{"security/bot-detector", "validation/cel", "validation/json-schema", "modifier/lua-proxy"};
// These wrap the handler that a signer replaces.
constexpr std::array unplayedWithoutSigner{"modifier/lua-endpoint", "qos/ratelimit/router"};
constexpr std::array unplayedAtBackend{
    "auth/client-credentials",  "backend/amqp/consumer",     "backend/amqp/producer", "backend/graphql",  "backend/lambda",
    "backend/pubsub/publisher", "backend/pubsub/subscriber", "modifier/lua-backend",  "modifier/martian", "qos/circuit-breaker",
    "qos/http-cache",           "qos/ratelimit/proxy",       "validation/cel"};

void add(std::vector<QByteArray> &names, const QByteArray &name)
{
    if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
}

void addPresent(std::vector<QByteArray> &names, const RawExtra &extra, std::span<const char *const> unplayed)
{
    if (extra.entries.empty())
        return;
    for (const char *name : unplayed) {
        // A component without an alias in the gateway stands under its public name.
        if (extra.entries.contains(innerName(name)) || extra.entries.contains(name))
            add(names, name);
    }
}

// Members of `proxy` that reshape an answer.
void addProxyMembers(std::vector<QByteArray> &names, const RawExtra &extra, bool backend, std::size_t backends)
{
    const Value proxy = entryOf(extra, component::proxy);
    if (!proxy.isObject())
        return;
    const Value flatmap = proxy.find("flatmap_filter");
    if (flatmap.isArray() && flatmap.size() > 0 && (backend || backends > 1)) // an endpoint's runs after a merge only
        add(names, "proxy/flatmap_filter");
    if (backend && proxy.find("shadow").asBool())
        add(names, "proxy/shadow");
    if (!backend && backends > 1 && proxy.find("sequential_propagated_params").size() > 0)
        add(names, "proxy/sequential_propagated_params");
}

// Some of them only add headers to every answer; the name then says so.
void addServiceLevel(std::vector<QByteArray> &names, const RawExtra &extra, bool plugins)
{
    if (plugins)
        addPresent(names, extra, std::array{"plugin/http-server"});
    addPresent(names, extra, std::array{"security/bot-detector"});
    const auto settings = [&](const char *name) { return entryOf(extra, innerName(name).constData()); };
    if (const Value http = settings("security/http"); http.isObject()) {
        const bool decides =
            (http.find("ssl_redirect").asBool() || http.find("allowed_hosts").size() > 0) && !http.find("is_development").asBool();
        add(names, decides ? "security/http" : "security/http: headers");
    }
    if (settings("security/cors").isObject())
        add(names, "security/cors: headers");
    // Unlike an endpoint's, the service's script runs before a signer too.
    if (settings("modifier/lua-endpoint").isObject())
        add(names, "modifier/lua-endpoint: service");
}

} // namespace

QByteArray innerName(const QByteArray &name)
{
    static const QHash<QByteArray, QByteArray> table = [] {
        QHash<QByteArray, QByteArray> out;
        for (const Alias &alias : aliases)
            out.insert(alias.publicName, alias.inner);
        return out;
    }();
    return table.value(name, name);
}

QByteArray publicName(const QByteArray &inner)
{
    static const QHash<QByteArray, QByteArray> table = [] {
        QHash<QByteArray, QByteArray> out;
        for (const Alias &alias : aliases)
            out.insert(alias.inner, alias.publicName);
        return out;
    }();
    return table.value(inner, inner);
}

RawExtra normalised(const RawExtra &extra)
{
    RawExtra out;
    out.present = extra.present;
    for (const auto &[name, entry] : extra.entries) {
        const QByteArray alias = publicName(name);
        if (alias == name || !extra.entries.contains(alias))
            out.entries[innerName(name)] = entry;
    }
    return out;
}

Value entryOf(const RawExtra &extra, const char *inner)
{
    const auto found = extra.entries.find(inner);
    return found == extra.entries.end() ? Value() : found->second.value;
}

Value toObject(const RawExtra &extra, json::Arena &arena)
{
    if (!extra.present)
        return {};
    std::vector<json::Member> members;
    members.reserve(extra.entries.size());
    for (const auto &[name, entry] : extra.entries)
        members.push_back({arena.copy({name.constData(), std::size_t(name.size())}), entry.value});
    return arena.object(members);
}

Value remarshalled(Value value, json::Arena &arena)
{
    const QByteArray text = json::write(value);
    auto again = json::parse(withFloatNumbers({text.constData(), std::size_t(text.size())}));
    if (!again)
        return value; // cannot be: what was written is JSON
    const auto kept = std::make_shared<json::Document>(again.value());
    arena.keep(kept);
    return kept->root();
}

SignerSetting readSigner(Value signer, json::Arena &arena)
{
    SignerConfig config;
    const json::Field fields[] = {
        {"alg", &config.alg},
        {"kid", &config.kid},
        {"typ", &config.typ},
        {"jwk_url", &config.jwkUrl},
        {"full", &config.full},
        {"keys_to_sign", &config.keysToSign},
        {"cipher_suites", &config.cipherSuites},
        {"disable_jwk_security", &config.disableJwkSecurity},
        {"jwk_fingerprints", &config.fingerprints},
        {"jwk_local_ca", &config.localCa},
        {"jwk_local_path", &config.localPath},
        {"secret_url", &config.secretUrl},
        {"cypher_key", json::ByteSlice{&config.cypherKey}},
    };
    if (auto error = json::unmarshalStruct(remarshalled(signer, arena), "jose.SignerConfig", "SignerConfig", fields))
        return *error;
    return config;
}

HttpExtra readBackendHttp(Value value)
{
    HttpExtra out;
    if (!value.isObject())
        return out;
    const Value details = value.find("return_error_details");
    out.hasReturnErrorDetails = details.exists();
    if (details.isString())
        out.returnErrorDetails = details.bytes();
    out.returnErrorCode = value.find("return_error_code").asBool();
    return out;
}

bool isSequential(Value proxy)
{
    return proxy.isObject() && proxy.find("sequential").asBool();
}

std::optional<EndpointConfig::StaticData> readStatic(Value proxy, json::Arena &arena)
{
    const Value setting = proxy.isObject() ? proxy.find("static") : Value();
    if (!setting.isObject() || !setting.find("data").isObject())
        return std::nullopt;
    EndpointConfig::StaticData out;
    out.data = remarshalled(setting.find("data"), arena);
    // A strategy the gateway does not know, or that is not a text, means always.
    out.strategy = "always";
    for (const char *known : {"success", "complete", "errored", "incomplete"}) {
        if (setting.find("strategy").isString() && setting.find("strategy").text() == known)
            out.strategy = known;
    }
    return out;
}

QByteArray askedOtherwise(const RawExtra &backend, bool plugins)
{
    const auto settings = [&](const char *name) { return entryOf(backend, innerName(name).constData()); };
    for (const char *name :
         {"backend/lambda", "backend/amqp/consumer", "backend/amqp/producer", "backend/pubsub/publisher", "backend/pubsub/subscriber"}) {
        if (settings(name).isObject())
            return name;
    }
    if (const Value client = settings("auth/client-credentials"); client.isObject() && !client.find("is_disabled").asBool())
        return "auth/client-credentials";
    if (const Value graphql = settings("backend/graphql"); graphql.isObject()) {
        const QByteArray type = graphql.find("type").bytes().toLower();
        const bool names = graphql.find("query").isString() || graphql.find("query_path").isString();
        if (names && (type == "query" || type == "mutation"))
            return "backend/graphql";
    }
    if (plugins && settings("plugin/http-client").isObject())
        return "plugin/http-client";
    return {};
}

std::vector<QByteArray> unplayedComponents(const ComponentLevels &levels)
{
    std::vector<QByteArray> names;
    const std::size_t backends = levels.backends.size();
    if (levels.service)
        addServiceLevel(names, *levels.service, levels.plugins);
    if (levels.endpoint) {
        addPresent(names, *levels.endpoint, unplayedAtEndpoint);
        if (levels.plugins)
            addPresent(names, *levels.endpoint, std::array{"plugin/req-resp-modifier"});
        if (!levels.signs)
            addPresent(names, *levels.endpoint, unplayedWithoutSigner);
        addProxyMembers(names, *levels.endpoint, false, backends);
    }
    for (const RawExtra *backend : levels.backends) {
        addPresent(names, *backend, unplayedAtBackend);
        if (levels.plugins)
            addPresent(names, *backend, std::array{"plugin/http-client", "plugin/req-resp-modifier"});
        // Of this one the community edition reads a single member.
        const Value client = entryOf(*backend, "backend/http/client");
        if (client.isObject() && client.find("send_body_on_redirect").asBool())
            add(names, "backend/http/client");
        addProxyMembers(names, *backend, true, backends);
    }
    return names;
}

} // namespace tokenlab::gateway
