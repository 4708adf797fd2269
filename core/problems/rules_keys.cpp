#include "core/problems/ruletools.h"

namespace tokenlab::problems {

void checkKeys(const Input &, List &) {}

} // namespace tokenlab::problems
