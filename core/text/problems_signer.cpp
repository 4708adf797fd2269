#include "core/text/problemtable.h"

namespace tokenlab::text {

std::span<const ProblemText> signerTexts()
{
    return {};
}

} // namespace tokenlab::text
