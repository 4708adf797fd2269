// Where a validator takes the token from: the header first, then the cookie (specification §8.2). Private to core/twin.
#pragma once

#include "core/gateway/validatorconfig.h"
#include "core/twin/forward.h"

#include <optional>

namespace tokenlab::twin {

struct TokenSource {
    QByteArray token;
    bool fromCookie = false;
};
[[nodiscard]] std::optional<TokenSource> findToken(const gateway::ValidatorConfig &config, const ClientRequest &request);

} // namespace tokenlab::twin
