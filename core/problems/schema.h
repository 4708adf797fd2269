// The official schema's rules (v2.13) for the members that the program knows: top level, endpoint, backend, auth/signer, auth/validator,
// backend/http, proxy and the common components (specification §9). What `krakend check -n` objects to.
#pragma once

#include "core/json/syntaxtree.h"

#include <QByteArray>

#include <vector>

namespace tokenlab::problems {

struct SchemaViolation {
    QByteArray pointer; // RFC 6901; the root is empty
    QByteArray message; // `missing properties 'kid', 'keys_to_sign'`: its words, without `- at 'POINTER': `
    friend bool operator==(const SchemaViolation &, const SchemaViolation &) = default;
};
// Sorted by pointer and message: the linter prints them in any order. The headings of groups (`validation failed`) are among them. Names
// that are not allowed are sorted too.
[[nodiscard]] std::vector<SchemaViolation> lint(const json::SyntaxTree &document);
// The same without what only heads or explains another one: headings, and what each alternative of a choice misses.
[[nodiscard]] std::vector<SchemaViolation> lintCauses(const json::SyntaxTree &document);
// A line as the linter prints it, without indentation and dash: `at '/version': value must be 3`.
[[nodiscard]] QByteArray lintLine(const SchemaViolation &violation);

// Components whose own members are not known here, in the order of the file: RFC 6901.
[[nodiscard]] std::vector<QByteArray> unjudged(const json::SyntaxTree &document);

// Clean is only said where everything in the file could be judged.
enum class LintVerdict { Clean, Refused, Unknown };
[[nodiscard]] LintVerdict lintVerdict(const json::SyntaxTree &document);

// The members that the schema knows at a place of the document, sorted; none where it knows nothing of the place.
[[nodiscard]] std::vector<QByteArray> schemaMembers(QByteArrayView pointer);

} // namespace tokenlab::problems
