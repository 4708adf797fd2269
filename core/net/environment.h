// What the environment decides for the gateway's client: proxies and the name server.
#pragma once

#include "core/support/url.h"

#include <functional>
#include <optional>

namespace tokenlab::net {

using Environment = std::function<QByteArray(const char *)>;
[[nodiscard]] Environment processEnvironment();

struct ProxyError {
    QByteArray text;
};
// Go's http.ProxyFromEnvironment: HTTP_PROXY, HTTPS_PROXY, NO_PROXY in either case; never for loopback.
[[nodiscard]] Result<std::optional<Url>, ProxyError> proxyFor(const Url &url, const Environment &environment);
// `host:port`, `http://…`, `socks5://…`; empty text: none.
[[nodiscard]] Result<std::optional<Url>, ProxyError> parseProxy(const QByteArray &text);

// ` on 10.0.0.1:53` as it stands in the gateway's lookup errors: the first name server of the system.
[[nodiscard]] QByteArray nameServerSuffix();

} // namespace tokenlab::net
