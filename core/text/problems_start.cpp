#include "core/text/problemtable.h"

namespace tokenlab::text {

std::span<const ProblemText> startTexts()
{
    return {};
}

} // namespace tokenlab::text
