#include "core/problems/ruletools.h"

namespace tokenlab::problems {

void checkTls(const Input &, List &) {}

} // namespace tokenlab::problems
