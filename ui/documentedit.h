// What the forms do to the document, as splices: pure functions over its syntax tree.
#pragma once

#include "core/json/syntaxtree.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace tokenlab::ui::edit {

[[nodiscard]] QByteArray quoted(const QString &text);          // a JSON string, nothing escaped but what must be
[[nodiscard]] QByteArray stringList(const QStringList &texts); // `["a", "b"]`
// The member that the gateway would read: the exact name before other spellings of it, the last one of several. -1: none.
[[nodiscard]] int member(const json::SyntaxTree &tree, int object, QByteArrayView name);
[[nodiscard]] std::optional<json::Splice> setMember(const json::SyntaxTree &tree, QByteArrayView object, const QByteArray &name,
                                                    const QByteArray &json);
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
[[nodiscard]] std::optional<json::Splice> addEndpoint(const json::SyntaxTree &tree);
// The bytes of a place with the file's indentation taken off.
[[nodiscard]] QByteArray excerpt(const json::SyntaxTree &tree, QByteArrayView pointer);

} // namespace tokenlab::ui::edit
