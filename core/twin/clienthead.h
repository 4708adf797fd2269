// What Go's HTTP server makes of a client's request line and headers before any router sees them (asked of the gateway).
#pragma once

#include "core/twin/forward.h"

#include <optional>

namespace tokenlab::twin {

// A Host header among the others is the request's host; more than one stays, for the server to refuse.
void settleHost(ClientRequest &request);

// The server's own answer where it does not take the head; nothing is logged then, and whatever the endpoint's `input_headers` let through
// does not matter.
[[nodiscard]] std::optional<RouteAnswer> refusedHead(const ClientRequest &request);

} // namespace tokenlab::twin
