// What the gateway's router refuses while it registers the endpoints: a panic that ends the whole gateway before its port is open
// (specification §9, §12).
#pragma once

#include "core/gateway/config.h"

#include <optional>

namespace tokenlab::gateway {

// Only GET, POST, PUT, PATCH and DELETE are registered; the others cannot be in each other's way.
[[nodiscard]] bool isRegisteredMethod(QByteArrayView method);
// Another port ends the gateway when it wants to listen.
[[nodiscard]] constexpr bool isListenablePort(qint64 port)
{
    return port >= 0 && port <= 65535;
}
// load() keeps the answer in ServiceConfig::routeConflict: with a thousand endpoints it is too dear to be asked for at each request.
[[nodiscard]] std::optional<RouteConflict> findRouteConflict(const ServiceConfig &service);

// As the router keeps it: repeated slashes, `.` and `..` are gone, a slash at the end stays. Logs name the endpoint as in the file.
[[nodiscard]] QByteArray registeredRoute(const QByteArray &route);
using PathParameters = std::vector<std::pair<QByteArray, QByteArray>>;
// A parameter takes everything up to the next slash; at the end of a path it may not be empty. `corrected`: the path with the route's own
// letters, where the case is folded.
[[nodiscard]] std::optional<PathParameters> matchPath(QByteArrayView route, QByteArrayView path, bool foldCase = false,
                                                      QByteArray *corrected = nullptr);
// The endpoint that the router gives a request to: fixed text goes before parameters, whatever the order of the file.
[[nodiscard]] const EndpointConfig *endpointTaking(const ServiceConfig &service, QByteArrayView method, QByteArrayView path);
// The same for a path as a client asks for it, `/token/42`, by any method when none is named.
[[nodiscard]] const EndpointConfig *endpointForLiteral(const ServiceConfig &service, QByteArrayView path, QByteArrayView method);

} // namespace tokenlab::gateway
