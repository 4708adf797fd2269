// The unified difference of two texts, by lines (Myers). Bytes of the lines stay as they are, a missing last line end included.
#pragma once

#include <QByteArray>

#include <vector>

namespace tokenlab {

struct DiffLine {
    enum Kind { Same, Removed, Added } kind = Same;
    QByteArray text;        // without its line feed; a carriage return before it stays
    bool hasLineEnd = true; // false: the text ends here without one
    friend bool operator==(const DiffLine &, const DiffLine &) = default;
};
struct Hunk {
    qsizetype oldBegin = 0, oldCount = 0, newBegin = 0, newCount = 0; // lines, from 0
    std::vector<DiffLine> lines;
};
struct Difference {
    std::vector<Hunk> hunks; // empty: the texts are equal
    qsizetype added = 0, removed = 0;
    [[nodiscard]] bool isEmpty() const { return hunks.empty(); }
};

// Time and memory are bounded: texts that share little are told as one block of lines replaced by another.
[[nodiscard]] Difference difference(const QByteArray &before, const QByteArray &after, qsizetype context = 3);
// As `diff -u` prints it. Empty for equal texts.
[[nodiscard]] QByteArray unified(const Difference &difference, const QByteArray &oldName, const QByteArray &newName);

} // namespace tokenlab
