// Sentences of the problems that core/problems' rules about endpoints, payloads, validators, schema, secrets and versions raise.
#pragma once

#include "core/problems/problem.h"

#include <QString>

#include <optional>

namespace tokenlab::text {

// None: the code belongs to others.
[[nodiscard]] std::optional<QString> ruleMessage(const problems::Problem &problem);
[[nodiscard]] std::optional<QString> ruleExplanation(const problems::Code &code);
// What a fix of any kind does: `Set sequential to true`, `Rename headers_to_pass to input_headers`.
[[nodiscard]] QString ruleLabel(const problems::Fix &fix);

} // namespace tokenlab::text
