// Problems of a gateway file as sentences.
#pragma once

#include "core/problems/problem.h"

#include <QString>

namespace tokenlab::text {

[[nodiscard]] QString message(const problems::Problem &problem); // what is wrong and what it does, one or two sentences
[[nodiscard]] QString label(const problems::Fix &fix,
                            const problems::Problem &problem); // what the fix does: `Set disable_jwk_security to true`
[[nodiscard]] QString explanation(const problems::Code &code); // `check --explain CODE`: why, when, and what to do

} // namespace tokenlab::text
