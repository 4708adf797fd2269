// Time as a value: seconds since the epoch are handed in, so that the twin stays pure and tests choose their moment.
#pragma once

#include <QtGlobal>

namespace tokenlab {

struct Instant {
    qint64 secondsSinceEpoch = 0;
    friend auto operator<=>(const Instant &, const Instant &) = default;
};

// The only place that reads the system clock for the twin's sake.
[[nodiscard]] Instant systemNow();

} // namespace tokenlab
