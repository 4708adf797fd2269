// Credentials that a terminal's scrollback should not keep.
#pragma once

#include "core/http/message.h"
#include "core/support/url.h" // withoutPassword()

namespace tokenlab::cli {

[[nodiscard]] bool isSecretHeader(QByteArrayView name);
[[nodiscard]] QByteArray shownHeader(const http::Header &header, bool showSecrets); // its value, or `(not shown)`

} // namespace tokenlab::cli
