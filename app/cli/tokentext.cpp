#include "app/cli/tokentext.h"

#include "core/json/writer.h"
#include "core/text/text.h"

#include <QCoreApplication>

namespace tokenlab::cli {

namespace {

struct TokenText {
    Q_DECLARE_TR_FUNCTIONS(TokenText)
};

constexpr qsizetype widestName = 24, widestValue = 44;
constexpr qsizetype longestText = 4096; // of one value: --json prints all

QString shown(const QByteArray &bytes)
{
    return bytes.size() <= longestText ? text::inert(bytes) : text::inert(bytes.left(longestText)) + QStringLiteral("…");
}

QByteArray line(const QString &text)
{
    QString trimmed = text;
    while (trimmed.endsWith(QLatin1Char(' ')))
        trimmed.chop(1);
    return trimmed.toUtf8() + '\n';
}

template <class Meaning>
QByteArray members(json::Value object, Meaning meaning)
{
    qsizetype nameWidth = 0, valueWidth = 0;
    struct Row {
        QString name, value, meaning;
    };
    std::vector<Row> rows;
    for (const json::Member &member : object.members()) {
        Row row{shown(QByteArray(member.name.data(), qsizetype(member.name.size()))), shown(json::write(member.value)),
                meaning(member.name, member.value)};
        nameWidth = qMax(nameWidth, qMin(row.name.size(), widestName));
        valueWidth = qMax(valueWidth, qMin(row.value.size(), widestValue));
        rows.push_back(row);
    }
    QByteArray out;
    for (const Row &row : rows)
        out +=
            line(QStringLiteral("    %1  %2  %3").arg(row.name.leftJustified(nameWidth), row.value.leftJustified(valueWidth), row.meaning));
    return out;
}

QByteArray part(const QString &title, json::Value value, const QByteArray &raw, const QByteArray &rows)
{
    QByteArray out = line(QStringLiteral("  ") + title);
    if (value.exists() && value.isObject())
        return out + (rows.isEmpty() ? line(QStringLiteral("    {}")) : rows);
    return out + line(QStringLiteral("    ") + (raw.isEmpty() ? TokenText::tr("(empty)") : shown(raw)));
}

} // namespace

QByteArray tokenText(const jose::DecodedToken &token, Instant now)
{
    const json::Value header = token.header.root(), payload = token.payload.root();
    QByteArray out = part(TokenText::tr("Header"), header, token.headerText,
                          members(header, [](std::string_view name, json::Value value) { return text::headerMeaning(name, value); }));
    out += part(TokenText::tr("Payload"), payload, token.payloadText,
                members(payload, [now](std::string_view name, json::Value value) { return text::claimMeaning(name, value, now); }));
    out += line(QStringLiteral("  ") + TokenText::tr("Signature of %1 bytes").arg(token.signature.size()));
    for (const jose::DecodedToken::Note &note : token.notes)
        out += line(QStringLiteral("  ! ") + text::sentence(note));
    return out;
}

} // namespace tokenlab::cli
