// One request as the gateway's client (Go's net/http) writes it: the target raw, Host first, the transport's own headers, a body in chunks
// unless its length was forwarded. Specification §2.3, §13.
#pragma once

#include "core/net/redirect.h"

#include <optional>

namespace tokenlab::net {

// What the gateway's client says of a header that it refuses to send.
[[nodiscard]] std::optional<QByteArray> badHeader(const http::HeaderList &headers);

// Whether `Accept-Encoding: gzip` is added; only then a packed answer is unpacked by the client itself.
[[nodiscard]] bool asksForGzip(QByteArrayView method, const http::HeaderList &headers);

// Host as it stands in the request: without a zone, in ASCII.
[[nodiscard]] QByteArray hostHeader(const Url &url);
[[nodiscard]] std::optional<QByteArray> basicAuthorization(const Url &url);

struct WireOptions {
    bool addGzip = false;
    bool addClose = false;    // Connection: close
    std::optional<Url> proxy; // the target is absolute then, and its user goes along
};
// Head and body, ready to go out.
[[nodiscard]] QByteArray requestBytes(const Hop &hop, const WireOptions &options);
// `CONNECT host:port`, for https through a proxy.
[[nodiscard]] QByteArray connectBytes(const QByteArray &hostAndPort, const Url &proxy);

} // namespace tokenlab::net
