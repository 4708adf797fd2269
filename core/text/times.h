// Distances in time without overflow, for the sentences about dates.
#pragma once

#include "core/support/clock.h"

#include <QString>

namespace tokenlab::text {

struct Distance {
    bool future = false;
    quint64 seconds = 0;
};
[[nodiscard]] Distance distance(qint64 seconds, Instant now);
[[nodiscard]] QString spanText(quint64 seconds); // `59 minutes`

} // namespace tokenlab::text
