// An outcome as one JSON object for scripts (design §5, to the letter) and as calm text for people.
#pragma once

#include "core/problems/problem.h"
#include "core/support/clock.h"
#include "core/twin/outcome.h"

#include <QByteArray>

namespace tokenlab::cli {

// problems: what the payload tells; as JSON an array of objects in the manner of check.
[[nodiscard]] QByteArray outcomeJson(const twin::Outcome &outcome, bool showSecrets = false, const QByteArray &problems = "[]");
[[nodiscard]] QByteArray outcomeText(const twin::Outcome &outcome, Instant now, bool showSecrets = false,
                                     const std::vector<problems::Problem> &problems = {});
[[nodiscard]] QByteArray tokensText(const twin::Outcome &outcome, Instant now); // the decoded tokens only
[[nodiscard]] int exitCode(const twin::Outcome &outcome, bool allowUnsigned);   // 0 or 1

} // namespace tokenlab::cli
