// Applying what problems offer.
#pragma once

#include "core/problems/problem.h"

namespace tokenlab::problems {

struct Applied {
    QByteArray text;
    std::vector<std::size_t> problems; // whose first safe fix was applied; empty: nothing was, and the text is the source
};
// The first safe fix of each problem, as far as they do not touch the same bytes: those that do wait for the next round, over the new
// text. The result is JSON where the source was.
[[nodiscard]] Applied applySafe(const QByteArray &source, const std::vector<Problem> &problems);

// The first safe one; nullptr: none.
[[nodiscard]] const Fix *safeFix(const Problem &problem);

} // namespace tokenlab::problems
