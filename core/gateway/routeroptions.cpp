#include "core/gateway/routeroptions.h"

#include "core/gateway/components.h"
#include "core/gateway/rules.h"
#include "core/json/unmarshal.h"
#include "core/json/writer.h"

namespace tokenlab::gateway {
namespace {

std::optional<QByteArray> bodyFor(json::Value bodies, std::string_view status)
{
    if (!bodies.isObject() || !bodies.find(status).exists() || bodies.find(status).isNull())
        return std::nullopt;
    return json::write(bodies.find(status));
}

} // namespace

RouterOptions readRouterOptions(json::Value router, json::Arena &arena)
{
    RouterOptions out;
    if (!router.isObject())
        return out;
    const json::Value value = remarshalled(router, arena);

    RouterOptions read;
    QByteArray healthPath;
    bool disableHealth = false;
    bool unused = false;
    std::vector<QByteArray> headers, proxies;
    const json::Field fields[] = {
        {"disable_redirect_trailing_slash", &read.disableRedirectTrailingSlash},
        {"disable_redirect_fixed_path", &read.disableRedirectFixedPath},
        {"disable_handle_method_not_allowed", &read.disableHandleMethodNotAllowed},
        {"remove_extra_slash", &read.removeExtraSlash},
        {"disable_path_decoding", &read.disablePathDecoding},
        {"auto_options", &read.autoOptions},
        {"return_error_msg", &read.returnErrorMessage},
        {"hide_version_header", &read.hideVersionHeader},
        {"disable_health", &disableHealth},
        {"health_path", &healthPath},
        {"forwarded_by_client_ip", &read.forwardedByClientIp},
        {"app_engine", &read.appEngine},
        {"disable_access_log", &unused},
        {"remote_ip_headers", &headers},
        {"trusted_proxies", &proxies},
    };
    if (!json::unmarshalStruct(value, "gin.engineConfiguration", "engineConfiguration", fields)) {
        out = read;
        if (!headers.empty())
            out.remoteIpHeaders = headers;
        if (!proxies.empty())
            out.trustedProxies = proxies;
        if (disableHealth)
            out.healthPath.clear();
        else if (!healthPath.isEmpty())
            out.healthPath = cleanPath(healthPath);
    }

    json::Value bodies;
    for (const json::Member &member : value.members()) {
        if (json::equalFold(member.name, "error_body"))
            bodies = member.value;
    }
    out.notFoundBody = bodyFor(bodies, "404");
    out.notAllowedBody = bodyFor(bodies, "405");
    return out;
}

} // namespace tokenlab::gateway
