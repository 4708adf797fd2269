// The official schema's rules (v2.13) for the members that the program knows: top level, endpoint, backend, auth/signer, auth/validator,
// backend/http, proxy (specification §9). What `krakend check -n` objects to.
#pragma once

#include "core/json/syntaxtree.h"

#include <QByteArray>

#include <vector>

namespace tokenlab::problems {

struct SchemaViolation {
    QByteArray pointer; // as the linter prints it: RFC 6901, `''` is the root
    QByteArray message; // `missing properties 'kid', 'keys_to_sign'`: its words, without `- at 'POINTER': `
};
// Sorted by pointer and message: the linter prints them in any order.
[[nodiscard]] std::vector<SchemaViolation> lint(const json::SyntaxTree &document);

} // namespace tokenlab::problems
