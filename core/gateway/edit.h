// Edits of a gateway file as splices of its syntax tree: every other byte stays (design §2). Forms, fixes and generated blocks all use
// these.
#pragma once

#include "core/json/syntaxtree.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace tokenlab::gateway::edit {

// Several splices over one source, ascending and apart; they are one step for the user and its undo.
using Edit = std::vector<json::Splice>;
[[nodiscard]] QByteArray apply(const QByteArray &source, const Edit &edit);
// What takes the edit back, over the edited text.
[[nodiscard]] Edit inverse(const QByteArray &source, const Edit &edit);
// The smallest single splice that does the same.
[[nodiscard]] std::optional<json::Splice> joined(const QByteArray &source, const Edit &edit);

[[nodiscard]] QByteArray quoted(const QString &text);          // a JSON string, nothing escaped but what must be
[[nodiscard]] QByteArray quotedBytes(QByteArrayView utf8);     // the same
[[nodiscard]] QByteArray stringList(const QStringList &texts); // `["a", "b"]`
// The member that the gateway would read: the exact name before other spellings of it, the last one of several. -1: none.
[[nodiscard]] int member(const json::SyntaxTree &tree, int object, QByteArrayView name);
// `json` is laid out in the file's own style. Nothing where `object` is not there or is no object.
[[nodiscard]] std::optional<json::Splice> setMember(const json::SyntaxTree &tree, QByteArrayView object, const QByteArray &name,
                                                    const QByteArray &json);
// The same, with the missing objects on the way (`extra_config`, `backend/http`) made. `path`: RFC 6901.
[[nodiscard]] std::optional<json::Splice> setAt(const json::SyntaxTree &tree, QByteArrayView path, const QByteArray &json);
[[nodiscard]] std::optional<json::Splice> removeAt(const json::SyntaxTree &tree, QByteArrayView path); // a member or an element
[[nodiscard]] std::optional<json::Splice> renameAt(const json::SyntaxTree &tree, QByteArrayView path, const QByteArray &name);
[[nodiscard]] std::optional<json::Splice> removeMember(const json::SyntaxTree &tree, QByteArrayView object, QByteArrayView name);
// Elements of an array member (made when missing; a single string counts as a list of one, as far as the gateway takes it so).
[[nodiscard]] std::optional<json::Splice> appendText(const json::SyntaxTree &tree, QByteArrayView object, const QByteArray &name,
                                                     const QString &text);
[[nodiscard]] std::optional<json::Splice> removeElement(const json::SyntaxTree &tree, QByteArrayView object, QByteArrayView name,
                                                        int index);
[[nodiscard]] std::optional<json::Splice> replaceText(const json::SyntaxTree &tree, QByteArrayView object, QByteArrayView name,
                                                      QByteArrayView from, const QString &to); // an element of an array of texts
// The names of a JSON object's members; none for other texts.
[[nodiscard]] std::vector<QByteArray> memberNames(const QByteArray &json);
// Puts a manual-style signer on an endpoint that has none.
[[nodiscard]] std::optional<json::Splice> addSigner(const json::SyntaxTree &tree, QByteArrayView endpoint);
// A new last endpoint: the manual's login, or the given JSON.
[[nodiscard]] std::optional<json::Splice> addEndpoint(const json::SyntaxTree &tree, const QByteArray &json = {});
// The bytes of a place with the file's indentation taken off.
[[nodiscard]] QByteArray excerpt(const json::SyntaxTree &tree, QByteArrayView pointer);
// Any JSON text laid out with two blanks, its numbers and strings as they are.
[[nodiscard]] QByteArray prettyLossless(const QByteArray &json);
// The same with long strings cut after `keep` bytes and marked with `…`; for overviews only.
[[nodiscard]] QByteArray prettyShortened(const QByteArray &json, qsizetype keep = 44);

} // namespace tokenlab::gateway::edit
