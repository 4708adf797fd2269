#include "core/text/times.h"

#include "core/text/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <limits>

namespace tokenlab::text {

namespace {

struct Times {
    Q_DECLARE_TR_FUNCTIONS(Times)
};

constexpr qint64 firstSecond = -62135596800; // 1 Jan 0001
constexpr qint64 lastSecond = 253402300799;  // 31 Dec 9999

QString span(quint64 seconds)
{
    const auto minutes = seconds / 60, hours = seconds / 3600, days = seconds / 86400;
    const auto one = [](const char *singular, const char *plural, quint64 n) {
        return n == 1 ? Times::tr(singular) : Times::tr(plural).arg(n);
    };
    // Each unit is kept until the next one would be at least two: "22 months" says more than "1 year".
    if (seconds < 120)
        return one(QT_TRANSLATE_NOOP("Times", "1 second"), QT_TRANSLATE_NOOP("Times", "%1 seconds"), seconds);
    if (minutes < 120)
        return Times::tr("%1 minutes").arg(minutes);
    if (hours < 48)
        return Times::tr("%1 hours").arg(hours);
    if (days < 61)
        return Times::tr("%1 days").arg(days);
    const auto months = quint64(double(days) / 30.436875);
    if (months < 24)
        return one(QT_TRANSLATE_NOOP("Times", "1 month"), QT_TRANSLATE_NOOP("Times", "%1 months"), months);
    return Times::tr("%1 years").arg(quint64(double(days) / 365.2425));
}

QString calendar(qint64 seconds, const QTimeZone &zone, const QString &zoneName)
{
    if (seconds < firstSecond)
        return Times::tr("before the year 1");
    if (seconds > lastSecond)
        return Times::tr("after the year 9999");
    const QDateTime time = QDateTime::fromSecsSinceEpoch(seconds, zone);
    // The program's texts are English: so are its month names, whatever the system's locale.
    return QLocale::c().toString(time, QStringLiteral("d MMM yyyy, HH:mm")) +
           (zoneName.isEmpty() ? QString() : QLatin1Char(' ') + zoneName);
}

} // namespace

Distance distance(qint64 seconds, Instant now)
{
    const qint64 from = now.secondsSinceEpoch;
    Distance result;
    result.future = seconds > from;
    result.seconds = result.future ? quint64(seconds) - quint64(from) : quint64(from) - quint64(seconds);
    return result;
}

QString spanText(quint64 seconds)
{
    return span(seconds);
}

QString relativeTime(qint64 seconds, Instant now)
{
    const Distance d = distance(seconds, now);
    if (d.seconds == 0)
        return Times::tr("now");
    return d.future ? Times::tr("in %1").arg(span(d.seconds)) : Times::tr("%1 ago").arg(span(d.seconds));
}

QString utcTime(qint64 seconds)
{
    return calendar(seconds, QTimeZone::utc(), seconds < firstSecond || seconds > lastSecond ? QString() : QStringLiteral("UTC"));
}

QString localTime(qint64 seconds)
{
    return calendar(seconds, QTimeZone::systemTimeZone(), QString());
}

} // namespace tokenlab::text
