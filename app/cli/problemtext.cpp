#include "app/cli/problemtext.h"

#include "app/cli/jsontext.h"
#include "core/problems/fixes.h"
#include "core/text/advice.h"
#include "core/text/problems.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace tokenlab::cli {

namespace {

struct ProblemWords {
    Q_DECLARE_TR_FUNCTIONS(ProblemWords)
};

constexpr int mostOfOneKind = 10; // a file of an old release has the same thing to say of each of its endpoints

QByteArray bytesOf(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

// What the gateway prints of a keeper's URL is the key itself.
QByteArray withoutSecrets(QByteArray text)
{
    static const QByteArray scheme("base64key://");
    for (qsizetype at = text.indexOf(scheme); at >= 0; at = text.indexOf(scheme, at + scheme.size())) {
        const qsizetype begin = at + scheme.size();
        qsizetype end = begin;
        while (end < text.size() && QByteArrayView("\"' :;,\n").indexOf(text[end]) < 0)
            ++end;
        if (end > begin)
            text.replace(begin, end - begin, "***");
    }
    return text;
}

QString effectText(problems::Problem::Effect effect)
{
    switch (effect) {
    case problems::Problem::None:
        break;
    case problems::Problem::NoStart:
        return ProblemWords::tr("the gateway does not start");
    case problems::Problem::Crash:
        return ProblemWords::tr("the gateway crashes at its start");
    case problems::Problem::SignerOff:
        return ProblemWords::tr("every request to the endpoint is 401");
    case problems::Problem::ValidatorOff:
        return ProblemWords::tr("no token is accepted at the endpoint");
    case problems::Problem::Refused:
        return ProblemWords::tr("requests are refused");
    }
    return {};
}

QByteArray effectName(problems::Problem::Effect effect)
{
    switch (effect) {
    case problems::Problem::None:
        break;
    case problems::Problem::NoStart:
        return "no-start";
    case problems::Problem::Crash:
        return "crash";
    case problems::Problem::SignerOff:
        return "signer-off";
    case problems::Problem::ValidatorOff:
        return "validator-off";
    case problems::Problem::Refused:
        return "refused";
    }
    return {};
}

QString counted(const std::vector<problems::Problem> &problems)
{
    int errors = 0, warnings = 0, hints = 0;
    for (const problems::Problem &problem : problems)
        ++(problem.severity == problems::Severity::Error ? errors : problem.severity == problems::Severity::Warning ? warnings : hints);
    const auto part = [](int count, const QString &one, const QString &many) {
        return count == 1 ? QStringLiteral("1 ") + one : QString::number(count) + QLatin1Char(' ') + many;
    };
    return part(errors, ProblemWords::tr("error"), ProblemWords::tr("errors")) + QLatin1String(", ") +
           part(warnings, ProblemWords::tr("warning"), ProblemWords::tr("warnings")) + QLatin1String(", ") +
           part(hints, ProblemWords::tr("hint"), ProblemWords::tr("hints"));
}

// Of a workflow command: `%` and line ends, in properties also `:` and `,`.
QByteArray escaped(const QString &text, bool property)
{
    QByteArray out = text.toUtf8().replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    return property ? out.replace(':', "%3A").replace(',', "%2C") : out;
}

} // namespace

QByteArray problemsText(const ProblemReport &report)
{
    QByteArray out;
    std::map<const problems::Code *, int> seen; // warnings and hints
    for (const QString &line : report.fixed)
        out += ProblemWords::tr("fixed: %1").arg(line).toUtf8() + '\n';
    for (const problems::Problem &problem : report.problems) {
        if (problem.severity != problems::Severity::Error && ++seen[problem.code] > mostOfOneKind && !report.all)
            continue;
        const Place place = report.places.of(problem.pointer);
        const QString file = report.rendered ? ProblemWords::tr("%1 (rendered)").arg(report.file) : report.file;
        out += QStringLiteral("%1:%2:%3: ").arg(file).arg(place.at.line).arg(place.at.column).toUtf8() + problems::name(problem.severity) +
               ": " + text::message(problem).toUtf8() + " [" + bytesOf(problem.code->id) + "]\n";
        if (place.completed)
            out += ProblemWords::tr("    at       %1, in what was completed").arg(text::oneLine(place.pointer)).toUtf8() + '\n';
        else if (!place.pointer.isEmpty())
            out += ProblemWords::tr("    at       %1").arg(text::oneLine(place.pointer)).toUtf8() + '\n';
        if (!problem.gateway.isEmpty())
            out += ProblemWords::tr("    gateway  %1").arg(text::oneLine(withoutSecrets(problem.gateway))).toUtf8() + '\n';
        if (const QString effect = effectText(problem.effect); !effect.isEmpty())
            out += ProblemWords::tr("    effect   %1").arg(effect).toUtf8() + '\n';
        if (problem.lint)
            out += ProblemWords::tr("    schema   krakend check with -l or -n objects too").toUtf8() + '\n';
        const problems::Fix *safe = problems::safeFix(problem);
        for (const problems::Fix &fix : problem.fixes) {
            const QString label = text::label(fix, problem);
            out += (&fix == safe && report.fixable ? ProblemWords::tr("    fix      %1 (done by --fix)").arg(label)
                                                   : ProblemWords::tr("    fix      %1").arg(label))
                       .toUtf8() +
                   '\n';
        }
    }
    for (const auto &[code, count] : seen)
        if (count > mostOfOneKind && !report.all)
            out += ProblemWords::tr("\u2026 and %1 more %2; --all shows them")
                       .arg(QString::number(count - mostOfOneKind), QString::fromUtf8(bytesOf(code->id)))
                       .toUtf8() +
                   '\n';
    out += (report.problems.empty() ? ProblemWords::tr("%1: no problems").arg(report.file)
                                    : ProblemWords::tr("%1: %2").arg(report.file, counted(report.problems)))
               .toUtf8() +
           '\n';
    if (!report.krakend.isEmpty())
        out += report.krakend.toUtf8() + '\n';
    return out;
}

QByteArray problemJson(const problems::Problem &problem, const Place &place)
{
    JsonArray fixes;
    for (const problems::Fix &fix : problem.fixes)
        fixes.add(JsonObject().add("label", jsonString(text::label(fix, problem).toUtf8())).add("safe", jsonBool(fix.safe)).text());
    JsonObject one;
    one.add("severity", jsonString(problems::name(problem.severity)))
        .add("code", jsonString(bytesOf(problem.code->id)))
        .add("pointer", jsonString(place.pointer))
        .add("message", jsonString(text::message(problem).toUtf8()))
        .add("gateway", jsonStringOrNull(withoutSecrets(problem.gateway)))
        .add("lint", jsonBool(problem.lint))
        .add("fix", problem.fixes.empty() ? QByteArray("null") : jsonString(text::label(problem.fixes.front(), problem).toUtf8()))
        .add("effect", jsonStringOrNull(effectName(problem.effect)))
        .add("line", QByteArray::number(place.at.line))
        .add("column", QByteArray::number(place.at.column))
        .add("fixes", fixes.text());
    if (place.completed)
        one.add("completed", jsonBool(true));
    return one.text();
}

QByteArray problemsJson(const ProblemReport &report)
{
    JsonArray list;
    for (const problems::Problem &problem : report.problems)
        list.add(problemJson(problem, report.places.of(problem.pointer)));
    JsonArray fixed;
    for (const QString &line : report.fixed)
        fixed.add(jsonString(line.toUtf8()));
    JsonObject out;
    out.add("problems", list.text());
    if (!report.fixed.isEmpty())
        out.add("fixed", fixed.text());
    if (report.rendered)
        out.add("rendered", jsonBool(true));
    out.add("krakend", jsonStringOrNull(report.krakend.toUtf8()));
    return out.text() + '\n';
}

QByteArray problemsForGithub(const ProblemReport &report)
{
    QByteArray out;
    for (const QString &line : report.fixed)
        out += "::notice title=fixed::" + escaped(line, false) + '\n';
    for (const problems::Problem &problem : report.problems) {
        const Place place = report.places.of(problem.pointer);
        // A line of the rendered text is none of the file that the annotation stands at.
        const json::Position at = report.rendered ? json::Position{1, 1} : place.at;
        const char *command = problem.severity == problems::Severity::Error     ? "error"
                              : problem.severity == problems::Severity::Warning ? "warning"
                                                                                : "notice";
        QString message = text::message(problem);
        if (report.rendered)
            message += ProblemWords::tr("\nLine %1, column %2 of the rendered text").arg(place.at.line).arg(place.at.column);
        if (!problem.gateway.isEmpty())
            message += QLatin1Char('\n') + QString::fromUtf8(withoutSecrets(problem.gateway));
        out += QByteArray("::") + command + " file=" + escaped(report.file, true) + ",line=" + QByteArray::number(at.line) +
               ",col=" + QByteArray::number(at.column) + ",title=" + bytesOf(problem.code->id) + "::" + escaped(message, false) + '\n';
    }
    return out;
}

QByteArray explanationText(const problems::Code &code, bool json)
{
    if (json)
        return JsonObject()
                   .add("code", jsonString(bytesOf(code.id)))
                   .add("severity", jsonString(problems::name(code.severity)))
                   .add("offline", jsonBool(code.offline))
                   .add("rule", jsonString(bytesOf(code.rule)))
                   .add("explanation", jsonString(text::explanation(code).toUtf8()))
                   .text() +
               '\n';
    return bytesOf(code.id) + " (" + problems::name(code.severity) + ", " + bytesOf(code.rule) + ", " +
           (code.offline ? ProblemWords::tr("seen in the file alone") : ProblemWords::tr("seen when keys, hosts or replies are looked at"))
               .toUtf8() +
           ")\n" + text::explanation(code).toUtf8() + '\n';
}

QByteArray catalogText(bool json)
{
    if (!json) {
        QByteArray out;
        for (const problems::Code &code : problems::catalog())
            out += explanationText(code, false) + '\n';
        return out;
    }
    JsonArray list;
    for (const problems::Code &code : problems::catalog())
        list.add(explanationText(code, true).trimmed());
    return JsonObject().add("codes", list.text()).text() + '\n';
}

} // namespace tokenlab::cli
