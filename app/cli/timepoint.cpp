#include "app/cli/timepoint.h"

#include <QDateTime>
#include <QRegularExpression>

namespace tokenlab::cli {

namespace {

std::optional<qint64> spanSeconds(QStringView text)
{
    static const QRegularExpression whole(QStringLiteral("^(?:\\d{1,12}[smhdw])+$"));
    static const QRegularExpression part(QStringLiteral("(\\d{1,12})([smhdw])"));
    if (!whole.match(text).hasMatch())
        return std::nullopt;
    qint64 sum = 0;
    for (auto it = part.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        const char16_t unit = match.capturedView(2).front().unicode();
        const qint64 size = unit == u's' ? 1 : unit == u'm' ? 60 : unit == u'h' ? 3600 : unit == u'd' ? 86400 : 604800;
        sum += match.capturedView(1).toLongLong() * size;
    }
    return sum;
}

} // namespace

std::optional<Instant> parseTime(const QString &given, Instant now)
{
    const QString text = given.trimmed();
    if (text.startsWith(QLatin1Char('+')) || text.startsWith(QLatin1Char('-'))) {
        const auto span = spanSeconds(QStringView(text).sliced(1));
        if (span)
            return Instant{now.secondsSinceEpoch + (text.startsWith(QLatin1Char('+')) ? *span : -*span)};
    }
    if (text.compare(QLatin1String("now"), Qt::CaseInsensitive) == 0)
        return now;
    bool isNumber = false;
    if (const qint64 seconds = text.toLongLong(&isNumber); isNumber)
        return Instant{seconds};
    static const QRegularExpression powerOfTen(QStringLiteral("^\\d{1,12}(\\.\\d{1,12})?[eE]\\+?\\d\\d?$"));
    if (const double seconds = powerOfTen.match(text).hasMatch() ? text.toDouble() : -1; seconds >= 0 && seconds < 1e18)
        return Instant{qint64(seconds)};
    static const QRegularExpression date(QStringLiteral("^\\d{4}-\\d\\d-\\d\\d$"));
    if (date.match(text).hasMatch()) {
        const QDateTime start(QDate::fromString(text, Qt::ISODate), QTime(0, 0), Qt::UTC);
        return start.isValid() ? std::optional(Instant{start.toSecsSinceEpoch()}) : std::nullopt;
    }
    static const QRegularExpression rfc3339(
        QStringLiteral("^\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)$"));
    if (!rfc3339.match(text).hasMatch())
        return std::nullopt;
    const QDateTime time = QDateTime::fromString(QString(text).replace(10, 1, QLatin1Char('T')).toUpper(), Qt::ISODateWithMs);
    return time.isValid() ? std::optional(Instant{time.toSecsSinceEpoch()}) : std::nullopt;
}

} // namespace tokenlab::cli
