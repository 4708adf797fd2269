// KRAKEND_… variables over the file (specification §1.2).
#pragma once

#include "core/gateway/config.h"
#include "core/json/value.h"

namespace tokenlab::gateway {

// KRAKEND_TLS.DISABLED=true sets tls.disabled to the text true. Objects are merged member by member, all else is replaced. Names match
// exactly here (in lower case), so a member that the file spells in capitals stays beside the new one, which then wins.
[[nodiscard]] json::Value withEnvironment(json::Value root, const Environment &environment, json::Arena &arena);

} // namespace tokenlab::gateway
