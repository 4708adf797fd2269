// What the handler writes to the client (specification §7): status, headers, and what net/http makes of them.
#pragma once

#include "core/twin/outcome.h"

namespace tokenlab::twin {

struct Written {
    Response response;
    bool brokenOff = false;
};

// gin's c.JSON after the metadata headers were copied (first value of each, an empty one deletes).
[[nodiscard]] Written writeJson(int metadataStatus, const http::HeaderList *metadataHeaders, QByteArray body, http::HeaderList own = {});
// c.AbortWithStatus: no body, no Content-Type.
[[nodiscard]] Written abortWith(int status);
[[nodiscard]] Written writeRouteAnswer(const RouteAnswer &answer);

} // namespace tokenlab::twin
