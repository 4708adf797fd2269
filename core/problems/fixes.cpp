#include "core/problems/fixes.h"

#include "core/json/parse.h"

#include <algorithm>

namespace tokenlab::problems {

const Fix *safeFix(const Problem &problem)
{
    const auto found =
        std::find_if(problem.fixes.begin(), problem.fixes.end(), [](const Fix &fix) { return fix.safe && !fix.edit.empty(); });
    return found == problem.fixes.end() ? nullptr : &*found;
}

Applied applySafe(const QByteArray &source, const std::vector<Problem> &problems)
{
    Applied out{source, {}};
    gateway::edit::Edit all;
    const auto touches = [&](const json::Splice &splice) {
        // Two insertions at one place would not know of each other either.
        return std::any_of(all.begin(), all.end(), [&](const json::Splice &other) {
            return splice.range.begin <= other.range.end && other.range.begin <= splice.range.end;
        });
    };
    for (std::size_t i = 0; i < problems.size(); ++i) {
        const Fix *fix = safeFix(problems[i]);
        if (!fix || std::any_of(fix->edit.begin(), fix->edit.end(), touches))
            continue;
        gateway::edit::Edit wider = all;
        wider.insert(wider.end(), fix->edit.begin(), fix->edit.end());
        std::sort(wider.begin(), wider.end(), [](const json::Splice &a, const json::Splice &b) { return a.range.begin < b.range.begin; });
        QByteArray text = gateway::edit::apply(source, wider);
        if (text == source || !json::parse(text).ok())
            continue;
        all = std::move(wider);
        out.text = std::move(text);
        out.problems.push_back(i);
    }
    return out;
}

} // namespace tokenlab::problems
