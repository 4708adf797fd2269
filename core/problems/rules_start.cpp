#include "core/problems/ruletools.h"

namespace tokenlab::problems {

void checkStart(const Input &, List &) {}

} // namespace tokenlab::problems
