// A token taken apart, as text for people.
#pragma once

#include "core/jose/jws.h"
#include "core/support/clock.h"

namespace tokenlab::cli {

[[nodiscard]] QByteArray tokenText(const jose::DecodedToken &token, Instant now);

} // namespace tokenlab::cli
