// What go-jose's JSON parser objects to when it decodes a value into an interface: the same name twice in any object, and numbers that no
// float64 holds. json::parse() with its policy looks at the outermost object only.
#pragma once

#include "core/json/syntaxtree.h"

namespace tokenlab::json {

// `json: duplicate key 'a' in object`, `json: cannot unmarshal number 1e400 into Go value of type float64`; a duplicate wins over an
// earlier number. Empty: nothing.
[[nodiscard]] QByteArray forkValueError(const SyntaxTree &tree, int node);

[[nodiscard]] QByteArray duplicateText(const QByteArray &name);

} // namespace tokenlab::json
