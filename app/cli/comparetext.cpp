#include "app/cli/comparetext.h"

#include "app/cli/jsontext.h"
#include "app/cli/redact.h"
#include "core/text/comparison.h"
#include "core/text/text.h"

#include <QCoreApplication>
#include <QStringDecoder>

#include <algorithm>

namespace tokenlab::cli {

namespace {

struct CompareText {
    Q_DECLARE_TR_FUNCTIONS(CompareText)
};

constexpr qsizetype longestBody = 2000;
constexpr qsizetype longestLog = 64 * 1024;
constexpr qsizetype narrow = 12; // of a side by side value's column, at least
constexpr qsizetype wide = 44;

// What a header of that name holds is not for a terminal's scrollback.
bool isSecret(const twin::Difference &difference)
{
    QByteArray name = difference.name;
    if (difference.place == twin::Difference::Sent)
        return name == "body" || (name.startsWith("header ") && isSecretHeader(QByteArray(name.mid(7))));
    return difference.place == twin::Difference::Header && isSecretHeader(name);
}

twin::Difference redacted(twin::Difference difference, bool showSecrets)
{
    if (showSecrets || !isSecret(difference))
        return difference;
    for (QByteArray *value : {&difference.lab, &difference.gateway})
        if (!value->isEmpty())
            *value = "(not shown)";
    return difference;
}

QByteArray differencesJson(const std::vector<twin::Difference> &differences, bool showSecrets)
{
    JsonArray all;
    for (const twin::Difference &one : differences) {
        const twin::Difference difference = redacted(one, showSecrets);
        all.add(JsonObject()
                    .add("where", jsonString(twin::where(difference)))
                    .add("lab", jsonString(difference.lab))
                    .add("gateway", jsonString(difference.gateway))
                    .text());
    }
    return all.text();
}

QByteArray responseJson(const twin::Response &response, bool answered, bool showSecrets)
{
    if (!answered || response.status == 0)
        return "null";
    JsonArray headers;
    for (const http::Header &header : response.headers)
        headers.add(JsonArray().add(jsonString(header.name)).add(jsonString(shownHeader(header, showSecrets))).text());
    JsonObject out;
    out.add("status", QByteArray::number(response.status)).add("headers", headers.text());
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(response.body);
    if (decoder.hasError())
        out.add("bodyBase64", jsonString(response.body.toBase64()));
    else
        out.add("body", jsonString(response.body));
    return out.text();
}

QByteArray linesJson(const std::vector<QByteArray> &lines)
{
    JsonArray all;
    for (const QByteArray &line : lines)
        all.add(jsonString(line));
    return all.text();
}

QByteArray line(const QString &text)
{
    QString trimmed = text;
    while (trimmed.endsWith(QLatin1Char(' ')))
        trimmed.chop(1);
    return trimmed.toUtf8() + '\n';
}

QString shortened(const QByteArray &bytes)
{
    return bytes.size() <= longestBody ? text::inert(bytes)
                                       : text::inert(bytes.left(longestBody)) + CompareText::tr("… (%1 bytes)").arg(bytes.size());
}

// One row of the table: name, lab, gateway; a differing one carries a mark. Long values stand below each other.
QByteArray row(const QString &name, const QString &lab, const QString &gateway, bool differs)
{
    const QString mark = differs ? QStringLiteral("≠ ") : QStringLiteral("  ");
    if (lab.size() <= wide && gateway.size() <= wide)
        return line(mark + QStringLiteral("%1 %2 %3").arg(name.leftJustified(28), lab.leftJustified(wide), gateway));
    if (!differs)
        return line(mark + QStringLiteral("%1 %2").arg(name.leftJustified(28), lab));
    return line(mark + name) + line(QStringLiteral("      %1 %2").arg(CompareText::tr("lab").leftJustified(narrow), lab)) +
           line(QStringLiteral("      %1 %2").arg(CompareText::tr("gateway").leftJustified(narrow), gateway));
}

QByteArray differenceRow(const twin::Difference &difference, bool showSecrets)
{
    const twin::Difference shown = redacted(difference, showSecrets);
    const QString none = CompareText::tr("(none)");
    return row(text::place(shown), shown.lab.isEmpty() ? none : shortened(shown.lab),
               shown.gateway.isEmpty() ? none : shortened(shown.gateway), true);
}

// What is equal in the answers, so that a reader sees both sides whole.
QByteArray answers(const lab::CompareResult &result, bool showSecrets)
{
    const twin::Observed &gateway = result.gateway;
    if (gateway.start != twin::Observed::Listens || !gateway.answered || result.lab.response.status == 0)
        return {};
    const twin::Response &mine = result.lab.response, &its = gateway.response;
    QByteArray out;
    if (mine.status == its.status)
        out += row(CompareText::tr("Status"), QString::number(mine.status), QString::number(its.status), false);
    for (const http::Header &header : mine.headers) {
        if (mine.headers.all(header.name) == its.headers.all(header.name)) {
            const QString value = text::inert(shownHeader(header, showSecrets));
            out += row(CompareText::tr("Header %1").arg(text::inert(header.name)), value, value, false);
        }
    }
    const auto isBody = [](const twin::Difference &difference) {
        using Difference = twin::Difference;
        return difference.place == Difference::Body || difference.place == Difference::BodyMember ||
               difference.place == Difference::TokenHeader || difference.place == Difference::TokenPayload ||
               difference.place == Difference::TokenSignature;
    };
    if (std::none_of(result.comparison.differences.begin(), result.comparison.differences.end(), isBody)) {
        const bool same = mine.body == its.body;
        out += row(CompareText::tr("Body"), CompareText::tr("%1 bytes").arg(mine.body.size()),
                   same ? CompareText::tr("the same bytes") : CompareText::tr("%1 bytes").arg(its.body.size()), false);
    }
    for (const twin::FieldOutcome &field : result.lab.fields) {
        const QByteArray pointer = '/' + field.name;
        if (field.kind != twin::FieldOutcome::Signed)
            continue;
        const auto &verified = result.comparison.verified;
        if (std::find(verified.begin(), verified.end(), pointer) != verified.end())
            out += row(CompareText::tr("Token %1").arg(text::inert(field.name)), CompareText::tr("signed"),
                       CompareText::tr("signature verified with the lab's key"), false);
    }
    return out;
}

QByteArray logText(const lab::CompareResult &result, bool wholeLog)
{
    const twin::Observed &gateway = result.gateway;
    if (!gateway.logKnown)
        return {};
    QByteArray out = '\n' + line(CompareText::tr("The gateway's log"));
    if (wholeLog || gateway.start != twin::Observed::Listens) {
        const QByteArray tail = gateway.wholeLog.last(std::min(longestLog, gateway.wholeLog.size())).trimmed();
        for (const QByteArray &one : tail.split('\n'))
            out += line(QStringLiteral("  ") + text::inert(one));
        return out;
    }
    for (const QByteArray &entry : gateway.log)
        for (const QByteArray &one : entry.split('\n'))
            out += line(QStringLiteral("  ") + text::inert(one));
    if (gateway.log.empty())
        out += line(QStringLiteral("  ") + CompareText::tr("no ERROR or WARNING of this endpoint (--log prints all lines)"));
    return out;
}

} // namespace

QByteArray compareJson(const lab::CompareResult &result, const QStringList &remarks, bool showSecrets)
{
    const twin::Observed &gateway = result.gateway;
    JsonArray notes;
    for (const twin::CompareNote &note : result.notes)
        notes.add(jsonString(text::sentence(note).toUtf8()));
    for (const QByteArray &note : result.lab.notes)
        notes.add(jsonString(note));
    for (const QString &remark : remarks)
        notes.add(jsonString(remark.toUtf8()));
    const bool labStarts = result.lab.verdict != twin::Verdict::DoesNotStart && result.lab.startError.isEmpty();
    JsonObject lab;
    lab.add("verdict", jsonString(twin::name(result.lab.verdict)))
        .add("response", responseJson(result.lab.response, labStarts, showSecrets))
        .add("log", linesJson(result.lab.log));
    JsonObject other;
    other.add("name", jsonString(result.gatewayName.toUtf8()))
        .add("release", jsonStringOrNull(gateway.release))
        .add("starts", jsonBool(gateway.start == twin::Observed::Listens))
        .add("startError", jsonStringOrNull(gateway.startText))
        .add("response", responseJson(gateway.response, gateway.answered, showSecrets))
        .add("log", gateway.logKnown ? linesJson(gateway.log) : QByteArrayLiteral("null"));
    return JsonObject()
        .add("equal", jsonBool(result.comparison.equal()))
        .add("differences", differencesJson(result.comparison.differences, showSecrets))
        .add("tolerated", differencesJson(result.comparison.tolerated, showSecrets))
        .add("verified", linesJson(result.comparison.verified))
        .add("sameReplies", jsonBool(result.sameReplies))
        .add("lab", lab.text())
        .add("gateway", other.text())
        .add("notes", notes.text())
        .text();
}

QByteArray compareText(const lab::CompareResult &result, bool wholeLog, bool showSecrets)
{
    QByteArray out = line(text::summary(result.comparison, result.gateway));
    const QString release =
        result.gateway.release.isEmpty() ? QString() : QStringLiteral(" · KrakenD ") + text::inert(result.gateway.release);
    out += line(text::inert(result.lab.method + ' ' + result.lab.endpoint) + QStringLiteral(" · ") +
                text::inert(result.gatewayName.toUtf8()) + release);
    out +=
        '\n' +
        line(QStringLiteral("  %1 %2 %3").arg(QString(), -28).arg(CompareText::tr("lab").leftJustified(wide), CompareText::tr("gateway")));
    for (const twin::Difference &difference : result.comparison.differences)
        out += differenceRow(difference, showSecrets);
    out += answers(result, showSecrets);
    if (!result.comparison.tolerated.empty()) {
        out += '\n' + line(CompareText::tr("Other with each call of the backend, and no difference"));
        for (const twin::Difference &difference : result.comparison.tolerated) {
            const twin::Difference shown = redacted(difference, showSecrets);
            out += row(text::place(shown), shortened(shown.lab), shortened(shown.gateway), false);
        }
    }
    out += logText(result, wholeLog);
    if (!result.notes.empty())
        out += '\n';
    for (const twin::CompareNote &note : result.notes)
        out += line(text::sentence(note));
    for (const QByteArray &note : result.lab.notes)
        out += line(text::inert(note));
    return out;
}

} // namespace tokenlab::cli
