// Whom the router takes for the client: gin's ClientIP with the router's options (asked of the gateway). It is what a backend gets as
// X-Forwarded-For.
#pragma once

#include "core/gateway/routeroptions.h"
#include "core/twin/forward.h"

namespace tokenlab::twin {

[[nodiscard]] QByteArray clientAddress(const gateway::RouterOptions &router, const ClientRequest &request);

} // namespace tokenlab::twin
