// A moment as people write it on a command line.
#pragma once

#include "core/support/clock.h"

#include <QString>

#include <optional>

namespace tokenlab::cli {

// Seconds since the epoch (`1735689600`), RFC 3339 (`2026-11-24T10:00:00Z`, blanks for the T too), or relative to now (`+1h`, `-30m`,
// `+1d12h`; units s m h d w). None: nothing of that.
[[nodiscard]] std::optional<Instant> parseTime(const QString &text, Instant now);

} // namespace tokenlab::cli
