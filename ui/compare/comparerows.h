// A comparison as rows of two columns, and two bodies with their differing spans. Pure: no widgets.
#pragma once

#include "core/lab/compare.h"

#include <QString>

namespace tokenlab::ui {

struct CompareRow {
    enum Mark { Differs, Tolerated, Verified, Same };
    Mark mark = Same;
    QString what;
    QByteArray lab, gateway;
};
// What differs comes first, then what is allowed to, then what is the same.
[[nodiscard]] std::vector<CompareRow> rowsOf(const lab::CompareResult &result);
[[nodiscard]] QString markName(CompareRow::Mark mark); // `differs`

struct Span {
    qsizetype begin = 0, length = 0;
    friend bool operator==(const Span &, const Span &) = default;
};
// What is between the common beginning and the common end; whole characters of UTF-8.
[[nodiscard]] std::pair<Span, Span> differingSpans(QByteArrayView a, QByteArrayView b);

struct BodyPair {
    QByteArray lab, gateway; // laid out where they are JSON
    std::vector<Span> labSpans, gatewaySpans;
};
// Bounded in time, but not quick for large bodies: for a thread.
[[nodiscard]] BodyPair bodyPair(const QByteArray &lab, const QByteArray &gateway);

} // namespace tokenlab::ui
