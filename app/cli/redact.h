// Credentials that a terminal's scrollback should not keep.
#pragma once

#include "core/http/message.h"

namespace tokenlab::cli {

[[nodiscard]] QByteArray withoutPassword(const QByteArray &url); // `http://user:***@host/`
[[nodiscard]] bool isSecretHeader(QByteArrayView name);
[[nodiscard]] QByteArray shownHeader(const http::Header &header, bool showSecrets); // its value, or `(not shown)`

} // namespace tokenlab::cli
