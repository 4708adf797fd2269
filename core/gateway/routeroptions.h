// extra_config.router of the service (specification §7.3; asked of the gateway): what the router itself answers and how it reads paths.
#pragma once

#include "core/json/value.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace tokenlab::gateway {

struct RouterOptions {
    bool disableRedirectTrailingSlash = false, disableRedirectFixedPath = false, disableHandleMethodNotAllowed = false;
    bool removeExtraSlash = false, disablePathDecoding = false, autoOptions = false;
    bool returnErrorMessage = false; // of endpoints without a signer
    bool hideVersionHeader = false;
    // Who the client is, when proxies stand in between: gin's ClientIP.
    bool forwardedByClientIp = true, appEngine = false;
    std::vector<QByteArray> remoteIpHeaders{QByteArrayLiteral("X-Forwarded-For"), QByteArrayLiteral("X-Real-IP")};
    std::optional<std::vector<QByteArray>> trustedProxies;  // none given: everybody is trusted
    QByteArray healthPath = QByteArrayLiteral("/__health"); // empty: disabled
    std::optional<QByteArray> notFoundBody, notAllowedBody; // `error_body`: JSON instead of the router's own texts

    [[nodiscard]] QByteArray versionHeader() const // the value of X-Krakend
    {
        return hideVersionHeader ? QByteArrayLiteral("Version undefined") : QByteArrayLiteral("Version 2.13.8");
    }
};

// One member of a wrong type and the gateway takes none of them, but for `error_body`, which it reads apart.
[[nodiscard]] RouterOptions readRouterOptions(json::Value router, json::Arena &arena);

} // namespace tokenlab::gateway
