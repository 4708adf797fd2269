#include "core/support/clock.h"

#include <QDateTime>

namespace tokenlab {

Instant systemNow()
{
    return {QDateTime::currentSecsSinceEpoch()};
}

} // namespace tokenlab
