#include "core/text/problemtable.h"

namespace tokenlab::text {

std::span<const ProblemText> keyTexts()
{
    return {};
}

} // namespace tokenlab::text
