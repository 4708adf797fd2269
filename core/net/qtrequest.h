// What Qt is given to send, so that what goes out is what the gateway's client would send. The losses are listed in exchange.h, which also
// declares targetAsSent() and joinedAsSent(), for callers that have to tell of them.
#pragma once

#include "core/net/exchange.h"
#include "core/net/redirect.h"

#include <QNetworkRequest>

#include <optional>

namespace tokenlab::net {

// What the gateway's client says of a header that it refuses to send.
[[nodiscard]] std::optional<QByteArray> badHeader(const http::HeaderList &headers);
[[nodiscard]] QNetworkRequest qtRequest(const Hop &hop, const ExchangePolicy &policy, bool wantsGunzip);

} // namespace tokenlab::net
