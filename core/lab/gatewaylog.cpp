#include "core/lab/gatewaylog.h"

#include <QRegularExpression>

namespace tokenlab::lab {

QByteArray withoutAnsi(QByteArray text)
{
    qsizetype to = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == '\x1b' && at + 1 < text.size() && text[at + 1] == '[') {
            qsizetype end = at + 2;
            while (end < text.size() && (text[end] < '@' || text[end] > '~'))
                ++end;
            if (end < text.size()) {
                at = end;
                continue;
            }
        }
        text[to++] = text[at];
    }
    text.truncate(to);
    return text;
}

std::vector<QByteArray> logEntries(const QByteArray &log)
{
    // `2026/11/24 10:33:01 KRAKEND ERROR: …`; the gateway's other lines begin with the time alone or with [GIN].
    static const QRegularExpression start(QStringLiteral(R"(^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )"));
    static const QRegularExpression entry(QStringLiteral(R"(^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \S+ ([A-Z]+): )"));
    std::vector<QByteArray> entries;
    bool open = false;
    for (const QByteArray &line : log.split('\n')) {
        const QString head = QString::fromLatin1(line.first(std::min<qsizetype>(line.size(), 120)));
        if (const auto match = entry.match(head); match.hasMatch()) {
            entries.push_back(match.captured(1).toLatin1() + ' ' + line.mid(match.capturedEnd()));
            open = true;
        } else if (start.match(head).hasMatch() || line.startsWith("[GIN") || line.startsWith("panic:") || line.startsWith("goroutine ")) {
            open = false;
        } else if (open) {
            entries.back() += '\n' + line;
        }
    }
    for (QByteArray &one : entries)
        while (one.endsWith('\n'))
            one.chop(1);
    return entries;
}

namespace {

bool isBad(const QByteArray &entry)
{
    return entry.startsWith("ERROR ") || entry.startsWith("WARNING ") || entry.startsWith("CRITICAL ");
}

} // namespace

std::vector<QByteArray> endpointLines(const QByteArray &log, const QByteArray &route)
{
    std::vector<QByteArray> lines;
    for (const QByteArray &entry : logEntries(log))
        if (isBad(entry) && entry.contains("[ENDPOINT: " + route + ']'))
            lines.push_back(entry);
    return lines;
}

bool hasPanic(const QByteArray &log)
{
    return log.startsWith("panic: ") || log.contains("\npanic: ");
}

QByteArray endText(const QByteArray &log)
{
    QByteArray last, error;
    for (const QByteArray &raw : log.split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line.startsWith("panic: "))
            return line;
        if (line.startsWith("ERROR "))
            error = line;
        if (!line.isEmpty())
            last = line;
    }
    if (!error.isEmpty())
        return error;
    for (const QByteArray &entry : logEntries(log))
        if (isBad(entry) && !entry.startsWith("WARNING "))
            error = entry;
    return error.isEmpty() ? last : error;
}

} // namespace tokenlab::lab
