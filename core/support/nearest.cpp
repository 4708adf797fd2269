#include "core/support/nearest.h"

#include <QString>

#include <algorithm>
#include <vector>

namespace tokenlab {

namespace {

constexpr qsizetype longestCompared = 128; // a longer name is no typing mistake of another

// Optimal string alignment, counted twice over: a difference of case alone costs 1, everything else 2.
int editDistance(const QString &a, const QString &b)
{
    const auto n = std::size_t(a.size()), m = std::size_t(b.size());
    std::vector<int> before(m + 1), last(m + 1), row(m + 1);
    for (std::size_t j = 0; j <= m; ++j)
        last[j] = int(2 * j);
    const auto cost = [](QChar x, QChar y) { return x == y ? 0 : x.toCaseFolded() == y.toCaseFolded() ? 1 : 2; };
    for (std::size_t i = 1; i <= n; ++i) {
        row[0] = int(2 * i);
        const QChar x = a.at(qsizetype(i - 1));
        for (std::size_t j = 1; j <= m; ++j) {
            const QChar y = b.at(qsizetype(j - 1));
            row[j] = std::min({last[j] + 2, row[j - 1] + 2, last[j - 1] + cost(x, y)});
            if (i > 1 && j > 1 && x == b.at(qsizetype(j - 2)) && a.at(qsizetype(i - 2)) == y)
                row[j] = std::min(row[j], before[j - 2] + 2);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[m];
}

// `accessToken`, `access-token` and `access_token` are one name in three manners.
QString skeleton(const QString &name)
{
    QString out;
    for (const QChar c : name) {
        if (c.isLetterOrNumber())
            out += c.toCaseFolded();
    }
    return out;
}

} // namespace

std::optional<QByteArray> nearestName(QByteArrayView name, std::span<const QByteArray> candidates)
{
    const QString wanted = QString::fromUtf8(name);
    if (wanted.isEmpty() || wanted.size() > longestCompared)
        return std::nullopt;
    const QString wantedSkeleton = skeleton(wanted);
    std::optional<QByteArray> best;
    int bestDistance = 0;
    for (const QByteArray &candidate : candidates) {
        const QString text = QString::fromUtf8(candidate);
        if (text.isEmpty() || text.size() > longestCompared || candidate == name)
            continue;
        int d = editDistance(wanted, text);
        if (!wantedSkeleton.isEmpty() && skeleton(text) == wantedSkeleton)
            d = 1;
        // A third of the letters may differ, and one always.
        if (d > std::max<int>(2, int(2 * std::max(wanted.size(), text.size()) / 3)))
            continue;
        if (!best || d < bestDistance) {
            best = candidate;
            bestDistance = d;
        }
    }
    return best;
}

} // namespace tokenlab
