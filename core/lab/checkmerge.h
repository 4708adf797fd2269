// What a real `krakend check` says, among the problems that the rules found.
#pragma once

#include "core/lab/krakend.h"
#include "core/problems/check.h"

namespace tokenlab::lab {

// Marks what the linter objects to, and adds what no rule has said (code `krakend-check`). `document` may be missing.
void mergeKrakendCheck(const CheckAnswer &answer, const json::SyntaxTree *document, std::vector<problems::Problem> &problems);

} // namespace tokenlab::lab
