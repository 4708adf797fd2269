// Components of extra_config by their names: the public aliases, the names the gateway knows inside (specification §1.1), and which of
// them change what an endpoint answers without the lab playing them.
#pragma once

#include "core/gateway/config.h"
#include "core/gateway/rawconfig.h"
#include "core/json/value.h"

#include <QByteArray>

#include <vector>

namespace tokenlab::gateway {

namespace component {
inline constexpr const char *signer = "github.com/devopsfaith/krakend-jose/signer";
inline constexpr const char *validator = "github.com/devopsfaith/krakend-jose/validator";
inline constexpr const char *proxy = "github.com/devopsfaith/krakend/proxy";
inline constexpr const char *router = "github_com/luraproject/lura/router/gin";
inline constexpr const char *logging = "github_com/devopsfaith/krakend-gologging";
inline constexpr const char *backendHttp = "github.com/devopsfaith/krakend/http";
} // namespace component

// With every alias replaced by the inner name; where both stand, the alias wins whole.
[[nodiscard]] RawExtra normalised(const RawExtra &extra);
// The inner name of a public one and back; itself where there is none.
[[nodiscard]] QByteArray innerName(const QByteArray &publicName);
[[nodiscard]] QByteArray publicName(const QByteArray &innerName);
// The entry of an inner name, absent when missing.
[[nodiscard]] json::Value entryOf(const RawExtra &extra, const char *inner);
[[nodiscard]] json::Value toObject(const RawExtra &extra, json::Arena &arena);

// What json.Marshal and json.Unmarshal make of a value that was read into float64s: numbers as Go writes them. The arena keeps it.
[[nodiscard]] json::Value remarshalled(json::Value value, json::Arena &arena);

[[nodiscard]] SignerSetting readSigner(json::Value signer, json::Arena &arena);
[[nodiscard]] HttpExtra readBackendHttp(json::Value value);
[[nodiscard]] bool isSequential(json::Value proxy);
[[nodiscard]] std::optional<EndpointConfig::StaticData> readStatic(json::Value proxy, json::Arena &arena);

// Public names, in the order service, endpoint, backends; each once. `NAME: headers` only adds headers to the answer,
// `NAME: service` stands at the service and runs before all else. What only the enterprise edition reads is not there: the
// community edition ignores it. The extras are normalised.
struct ComponentLevels {
    const RawExtra *service = nullptr;
    const RawExtra *endpoint = nullptr;
    std::vector<const RawExtra *> backends;
    bool plugins = false; // without a `plugin` section none is loaded
    bool signs = false;   // the signer replaces the endpoint's handler: what wraps that never runs
};
[[nodiscard]] std::vector<QByteArray> unplayedComponents(const ComponentLevels &levels);

// The component of a backend for which the gateway does not send the client's request to the backend's host: it asks elsewhere
// (a queue, a function), sends another body (GraphQL) or along with a token of its own. Empty: there is none, or its settings are of no
// effect. The extra is normalised.
[[nodiscard]] QByteArray askedOtherwise(const RawExtra &backend, bool plugins);

} // namespace tokenlab::gateway
