#include "core/support/difference.h"

#include <QHash>

#include <algorithm>
#include <cstdlib>
#include <span>

namespace tokenlab {

namespace {

struct Lines {
    std::vector<QByteArrayView> all; // with their line feeds
    std::vector<int> ids;            // equal lines have equal numbers
};

QByteArrayView lineText(QByteArrayView line)
{
    return line.endsWith('\n') ? line.chopped(1) : line;
}

Lines linesOf(const QByteArray &text, QHash<QByteArrayView, int> &known)
{
    Lines lines;
    for (qsizetype begin = 0; begin < text.size();) {
        const qsizetype feed = text.indexOf('\n', begin);
        const qsizetype end = feed < 0 ? text.size() : feed + 1;
        // A last line without its feed is another line than the same text with one.
        const QByteArrayView line = QByteArrayView(text).sliced(begin, end - begin);
        const auto id = known.constFind(line);
        const int number = id != known.constEnd() ? *id : int(known.size());
        if (id == known.constEnd())
            known.insert(line, number);
        lines.all.push_back(line);
        lines.ids.push_back(number);
        begin = end;
    }
    return lines;
}

using Kinds = std::vector<DiffLine::Kind>;

constexpr qsizetype mostSteps = 1500; // the trace needs its square

// Greedy O(ND) over the middle parts, kinds in the order of the result.
Kinds middle(std::span<const int> a, std::span<const int> b)
{
    const auto n = qsizetype(a.size()), m = qsizetype(b.size());
    const auto replaced = [&] {
        Kinds kinds(std::size_t(n), DiffLine::Removed);
        kinds.resize(std::size_t(n + m), DiffLine::Added);
        return kinds;
    };
    if (n == 0 || m == 0)
        return replaced();
    const qsizetype most = std::min(n + m, mostSteps);
    const auto at = [](qsizetype k, qsizetype d) { return std::size_t(k + d); };
    std::vector<std::vector<qsizetype>> trace; // of each step the furthest x on its diagonals -d … d
    std::vector<qsizetype> furthest(std::size_t(2 * most + 3), 0);
    const qsizetype zero = most + 1;
    for (qsizetype d = 0; d <= most; ++d) {
        std::vector<qsizetype> reached(std::size_t(2 * d + 1), 0);
        for (qsizetype k = -d; k <= d; k += 2) {
            const bool down = k == -d || (k != d && furthest[std::size_t(zero + k - 1)] < furthest[std::size_t(zero + k + 1)]);
            qsizetype x = d == 0 ? 0 : down ? furthest[std::size_t(zero + k + 1)] : furthest[std::size_t(zero + k - 1)] + 1;
            while (x < n && x - k < m && a[std::size_t(x)] == b[std::size_t(x - k)])
                ++x;
            furthest[std::size_t(zero + k)] = x;
            reached[at(k, d)] = x;
            if (x < n || x - k < m)
                continue;
            trace.push_back(std::move(reached));
            // Back along the way.
            Kinds kinds;
            qsizetype backX = n, backY = m;
            for (qsizetype step = d; step > 0; --step) {
                const std::vector<qsizetype> &before = trace[std::size_t(step - 1)];
                const qsizetype diagonal = backX - backY;
                const auto value = [&](qsizetype of) { return std::abs(of) > step - 1 ? qsizetype(-1) : before[at(of, step - 1)]; };
                const bool fromAbove = diagonal == -step || (diagonal != step && value(diagonal - 1) < value(diagonal + 1));
                const qsizetype previous = fromAbove ? diagonal + 1 : diagonal - 1;
                const qsizetype startX = value(previous) + (fromAbove ? 0 : 1);
                for (; backX > startX; --backX, --backY)
                    kinds.push_back(DiffLine::Same);
                kinds.push_back(fromAbove ? DiffLine::Added : DiffLine::Removed);
                if (fromAbove)
                    --backY;
                else
                    --backX;
            }
            kinds.insert(kinds.end(), std::size_t(backX), DiffLine::Same);
            std::reverse(kinds.begin(), kinds.end());
            return kinds;
        }
        trace.push_back(std::move(reached));
    }
    return replaced();
}

} // namespace

Difference difference(const QByteArray &before, const QByteArray &after, qsizetype context)
{
    Difference out;
    if (before == after)
        return out;
    QHash<QByteArrayView, int> known;
    const Lines a = linesOf(before, known), b = linesOf(after, known);
    const std::size_t shorter = std::min(a.ids.size(), b.ids.size());
    std::size_t front = 0, back = 0;
    while (front < shorter && a.ids[front] == b.ids[front])
        ++front;
    while (back < shorter - front && a.ids[a.ids.size() - 1 - back] == b.ids[b.ids.size() - 1 - back])
        ++back;
    Kinds kinds(front, DiffLine::Same);
    const Kinds inner =
        middle(std::span(a.ids).subspan(front, a.ids.size() - front - back), std::span(b.ids).subspan(front, b.ids.size() - front - back));
    kinds.insert(kinds.end(), inner.begin(), inner.end());
    kinds.insert(kinds.end(), back, DiffLine::Same);

    const auto size = qsizetype(kinds.size());
    context = std::max<qsizetype>(context, 0);
    qsizetype oldLine = 0, newLine = 0, quiet = 0;
    bool open = false;
    const auto push = [&](DiffLine::Kind kind) {
        Hunk &hunk = out.hunks.back();
        const QByteArrayView line = kind == DiffLine::Added ? b.all[std::size_t(newLine)] : a.all[std::size_t(oldLine)];
        hunk.lines.push_back({kind, lineText(line).toByteArray(), line.endsWith('\n')});
        hunk.oldCount += kind != DiffLine::Added;
        hunk.newCount += kind != DiffLine::Removed;
        oldLine += kind != DiffLine::Added;
        newLine += kind != DiffLine::Removed;
    };
    for (qsizetype i = 0; i < size; ++i) {
        const DiffLine::Kind kind = kinds[std::size_t(i)];
        if (kind == DiffLine::Same) {
            ++quiet;
            if (!open) {
                ++oldLine;
                ++newLine;
                continue;
            }
            // A hunk goes on when the next change is near.
            if (quiet > context) {
                const auto next = std::find_if(kinds.begin() + i, kinds.end(), [](DiffLine::Kind k) { return k != DiffLine::Same; });
                const bool near = next != kinds.end() && next - (kinds.begin() + i) <= context;
                if (!near) {
                    open = false;
                    ++oldLine;
                    ++newLine;
                    continue;
                }
            }
            push(kind);
            continue;
        }
        if (!open) {
            const qsizetype lead = std::min(quiet, context);
            oldLine -= lead;
            newLine -= lead;
            out.hunks.push_back({oldLine, 0, newLine, 0, {}});
            for (qsizetype k = 0; k < lead; ++k)
                push(DiffLine::Same);
            open = true;
        }
        quiet = 0;
        out.added += kind == DiffLine::Added;
        out.removed += kind == DiffLine::Removed;
        push(kind);
    }
    return out;
}

QByteArray unified(const Difference &difference, const QByteArray &oldName, const QByteArray &newName)
{
    if (difference.isEmpty())
        return {};
    QByteArray out = "--- " + oldName + "\n+++ " + newName + '\n';
    // An empty part is named by the line before it.
    const auto part = [](qsizetype begin, qsizetype count) {
        const QByteArray first = QByteArray::number(count == 0 ? begin : begin + 1);
        return count == 1 ? first : first + ',' + QByteArray::number(count);
    };
    for (const Hunk &hunk : difference.hunks) {
        out += "@@ -" + part(hunk.oldBegin, hunk.oldCount) + " +" + part(hunk.newBegin, hunk.newCount) + " @@\n";
        for (const DiffLine &line : hunk.lines) {
            out += line.kind == DiffLine::Same ? ' ' : line.kind == DiffLine::Added ? '+' : '-';
            out += line.text + '\n';
            if (!line.hasLineEnd)
                out += "\\ No newline at end of file\n";
        }
    }
    return out;
}

} // namespace tokenlab
