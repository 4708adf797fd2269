// The files of the top-level `tls`, without which the gateway ends when it wants to listen.
#pragma once

#include "core/gateway/config.h"
#include "core/lab/bindings.h"

namespace tokenlab::lab {

// The gateway's words (`open key.pem: no such file or directory`); empty: it can listen.
[[nodiscard]] QByteArray serverTlsError(const gateway::ServiceConfig &service, const Bindings &bindings);

} // namespace tokenlab::lab
