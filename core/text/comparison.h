// Comparisons with a real gateway as sentences.
#pragma once

#include "core/twin/comparison.h"

#include <QString>

namespace tokenlab::text {

[[nodiscard]] QString sentence(const twin::GatewayTrouble &trouble);
[[nodiscard]] QString place(const twin::Difference &difference); // `Token access_token, claim exp`
[[nodiscard]] QString sentence(const twin::CompareNote &note);
// `No difference: both answer 200`, `3 differences`.
[[nodiscard]] QString summary(const twin::Comparison &comparison, const twin::Observed &gateway);

} // namespace tokenlab::text
