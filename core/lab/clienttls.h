// The TLS of backends from the configuration's client_tls (specification §13).
#pragma once

#include "core/gateway/config.h"
#include "core/lab/bindings.h"
#include "core/net/exchange.h"

namespace tokenlab::lab {

struct BackendTls {
    net::TlsPolicy policy;
    // Files that serve for nothing. The gateway passes over them and logs not a line.
    std::vector<QByteArray> notes;
};
[[nodiscard]] BackendTls backendTls(const gateway::ClientTls &tls, const Bindings &bindings);

} // namespace tokenlab::lab
