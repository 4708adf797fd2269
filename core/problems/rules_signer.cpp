#include "core/problems/ruletools.h"

namespace tokenlab::problems {

void checkSigner(const Input &, List &) {}

} // namespace tokenlab::problems
