// The lossless product of the same tokenizer: byte ranges of every member and element in source order, duplicates included,
// so that edits are splices that leave every other byte alone.
#pragma once

#include "core/json/parse.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace tokenlab::json {

struct Range {
    qsizetype begin = 0;
    qsizetype end = 0; // exclusive
    [[nodiscard]] qsizetype length() const { return end - begin; }
    friend bool operator==(const Range &, const Range &) = default;
};

struct Splice {
    Range range; // replaced bytes
    QByteArray text;
};

class SyntaxTree
{
public:
    struct Node {
        Type type = Type::Null;
        Range range;     // of the value
        Range nameRange; // of the member name with its quotes; empty for elements and the root
        QByteArray name; // decoded
        int parent = -1;
        std::vector<int> children; // in source order
    };

    [[nodiscard]] static Result<SyntaxTree, SyntaxError> parse(const QByteArray &source, const Policy &policy = Policy::standard());

    [[nodiscard]] const QByteArray &source() const { return m_source; }
    [[nodiscard]] const Node &root() const { return m_nodes.front(); }
    [[nodiscard]] const Node &node(int index) const { return m_nodes[std::size_t(index)]; }
    [[nodiscard]] int size() const { return int(m_nodes.size()); }

    // RFC 6901. Of duplicate members the last one, as the gateway decides. -1: no such place.
    [[nodiscard]] int find(QByteArrayView pointer) const;
    [[nodiscard]] QByteArray pointerOf(int index) const;
    // The innermost node whose value (or name) covers the offset.
    [[nodiscard]] int at(qsizetype offset) const;

    // Splices in the file's own style (indentation and line ending of the siblings).
    [[nodiscard]] Splice replaceValue(int index, const QByteArray &json) const;
    [[nodiscard]] Splice insertMember(int objectIndex, const QByteArray &name, const QByteArray &json) const;
    [[nodiscard]] Splice insertElement(int arrayIndex, int before, const QByteArray &json) const; // before == size: at the end
    [[nodiscard]] Splice remove(int index) const;                                                 // with its comma
    [[nodiscard]] Splice renameMember(int index, const QByteArray &name) const;

    // What the children of a container look like, or would: for JSON that is laid out before it is inserted.
    struct Look {
        bool lines = true; // each on a line of its own
        QByteArray step;   // one step of indentation
        QByteArray colon;  // between a name and its value, blanks included
        QByteArray gap;    // behind a comma, where they share a line
    };
    [[nodiscard]] Look lookAt(int containerIndex) const;

private:
    QByteArray m_source;
    std::vector<Node> m_nodes;
};

[[nodiscard]] QByteArray apply(const QByteArray &source, const Splice &splice);
// The splice that takes the edit back.
[[nodiscard]] Splice inverse(const QByteArray &source, const Splice &splice);

} // namespace tokenlab::json
