#include "app/cli/outcometext.h"

#include "app/cli/redact.h"
#include "app/cli/tokentext.h"
#include "core/json/parse.h"
#include "core/text/problems.h"
#include "core/text/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tokenlab::cli {

namespace {

struct OutcomeText {
    Q_DECLARE_TR_FUNCTIONS(OutcomeText)
};

constexpr qsizetype longestBody = 16 * 1024;

QByteArray line(const QString &text)
{
    return text.toUtf8() + '\n';
}

QString stateText(twin::StepState state)
{
    switch (state) {
    case twin::StepState::Ok:
        return OutcomeText::tr("ok");
    case twin::StepState::Failed:
        return OutcomeText::tr("FAILED");
    case twin::StepState::Skipped:
        return QStringLiteral("-");
    case twin::StepState::Warning:
        return OutcomeText::tr("LOOK");
    }
    return {};
}

QString duration(double ms)
{
    if (ms < 0)
        return {};
    return ms < 10 ? OutcomeText::tr("%1 ms").arg(ms, 0, 'f', 1) : OutcomeText::tr("%1 ms").arg(qint64(std::llround(ms)));
}

QString body(const QByteArray &bytes)
{
    if (bytes.size() <= longestBody)
        return text::inert(bytes);
    return text::inert(bytes.left(longestBody)) +
           OutcomeText::tr("… and %1 bytes more (--json prints all)").arg(bytes.size() - longestBody);
}

QByteArray heading(const QString &title)
{
    return '\n' + line(title);
}

QByteArray stages(const twin::Outcome &outcome)
{
    QByteArray out;
    bool placed = false; // the first failure decides; the others follow from it
    std::vector<twin::TraceStep> trace = outcome.trace;
    std::stable_sort(trace.begin(), trace.end(), [](const twin::TraceStep &a, const twin::TraceStep &b) { return a.stage < b.stage; });
    for (const twin::TraceStep &step : trace) {
        QString message = text::step(step);
        // A detail may carry its time already; of a failure the sentence is enough.
        const QString time = step.state == twin::StepState::Ok ? duration(step.durationMs) : QString();
        if (!time.isEmpty() && !message.contains(QLatin1String(" ms")))
            message += QStringLiteral(" · ") + time;
        out += line(QStringLiteral("  %1 %2 %3")
                        .arg(text::stageTitle(step.stage).leftJustified(10), stateText(step.state).leftJustified(6), message)
                        .trimmed()
                        .prepend(QLatin1String("  ")));
        if (step.state == twin::StepState::Failed && !std::exchange(placed, true) && !step.pointer.isEmpty())
            out +=
                line(QStringLiteral("  %1 %2").arg(QString(17, QLatin1Char(' ')), OutcomeText::tr("at %1").arg(text::inert(step.pointer))));
    }
    return out;
}

QByteArray backendText(const twin::BackendExchange &backend, std::size_t number, bool several, bool showSecrets)
{
    QByteArray out = heading(several ? OutcomeText::tr("Sent to backend %1").arg(number) : OutcomeText::tr("Sent to the backend"));
    out += line(QStringLiteral("  %1 %2").arg(text::inert(backend.sent.method), text::inert(withoutPassword(backend.sent.url))));
    for (const http::Header &header : backend.sent.headers)
        out += line(QStringLiteral("  %1: %2").arg(text::inert(header.name), text::inert(shownHeader(header, showSecrets))));
    if (!backend.sent.body.isEmpty())
        out += line(QStringLiteral("  ") + OutcomeText::tr("(body of %1 bytes)").arg(backend.sent.body.size()));
    for (const twin::Dropped &dropped : backend.dropped)
        out += line(QStringLiteral("  ! ") + text::sentence(dropped));
    if (!backend.reply)
        return out + line(QStringLiteral("  ") + OutcomeText::tr("No answer: it was not asked."));
    if (!backend.reply->ok())
        return out + line(QStringLiteral("  ") + OutcomeText::tr("No answer: %1").arg(text::sentence(backend.reply->error())));
    const http::Reply &reply = backend.reply->value();
    return out + line(QStringLiteral("  ") +
                      OutcomeText::tr("It answered %1, %2 bytes%3.")
                          .arg(QString::number(reply.status), QString::number(reply.body.size()),
                               backend.durationMs > 0 ? OutcomeText::tr(" in %1").arg(duration(backend.durationMs)) : QString()));
}

std::vector<QByteArray> payloadNames(const QByteArray &payload)
{
    std::vector<QByteArray> names;
    if (const auto document = json::parse(payload)) {
        for (const json::Member &member : document.value().root().members())
            names.push_back(QByteArray(member.name.data(), qsizetype(member.name.size())));
    }
    return names;
}

// About a name of keys_to_sign, not about a claim.
bool isOfField(const problems::Problem &problem)
{
    return problem.code->id.starts_with("key-") && !problem.arguments.empty();
}

QString codeOf(const problems::Problem &problem)
{
    return QStringLiteral(" [%1]").arg(QString::fromUtf8(problem.code->id.data(), qsizetype(problem.code->id.size())));
}

} // namespace

QByteArray tokensText(const twin::Outcome &outcome, Instant now)
{
    QByteArray out;
    for (const twin::FieldOutcome &field : outcome.fields) {
        if (field.kind != twin::FieldOutcome::Signed)
            continue;
        out += heading(OutcomeText::tr("Token \u201c%1\u201d").arg(text::inert(field.name)));
        out += tokenText(jose::decodeToken(field.token), now);
    }
    return out;
}

QByteArray outcomeText(const twin::Outcome &outcome, Instant now, bool showSecrets, const std::vector<problems::Problem> &problems)
{
    QByteArray out = line(text::verdict(outcome));
    if (!outcome.endpoint.isEmpty()) {
        QString about = text::inert(outcome.method + ' ' + outcome.endpoint);
        if (!outcome.bindings.empty())
            about += outcome.bindings.size() == 1 ? OutcomeText::tr(" · 1 binding, not exported")
                                                  : OutcomeText::tr(" · %1 bindings, not exported").arg(qsizetype(outcome.bindings.size()));
        out += line(about);
    }
    for (const auto &[from, to] : outcome.bindings)
        out += line(QStringLiteral("  %1 → %2").arg(text::inert(withoutPassword(from)), text::inert(withoutPassword(to))));
    if (!outcome.trace.empty())
        out += heading(OutcomeText::tr("Stages")) + stages(outcome);

    std::size_t number = 0;
    for (const twin::BackendExchange &backend : outcome.backends)
        out += backendText(backend, ++number, outcome.backends.size() > 1, showSecrets);

    if (outcome.response.status != 0) {
        out += heading(OutcomeText::tr("Response to the client"));
        out += line(QStringLiteral("  HTTP/1.1 %1").arg(outcome.response.status));
        for (const http::Header &header : outcome.response.headers)
            out += line(QStringLiteral("  %1: %2").arg(text::inert(header.name), text::inert(header.value)));
        out += outcome.response.body.isEmpty() ? line(QStringLiteral("  ") + OutcomeText::tr("(no body)"))
                                               : '\n' + line(body(outcome.response.body));
    }

    out += tokensText(outcome, now);

    if (!outcome.log.empty()) {
        out += heading(OutcomeText::tr("Gateway log"));
        for (const QByteArray &entry : outcome.log)
            out += line(QStringLiteral("  ") + text::inert(entry));
    }

    QByteArray hints;
    const std::vector<QByteArray> names = payloadNames(outcome.payloadText);
    for (const twin::FieldOutcome &field : outcome.fields) {
        if (field.kind == twin::FieldOutcome::Signed)
            continue;
        const auto problem = std::find_if(problems.begin(), problems.end(), [&](const problems::Problem &one) {
            return isOfField(one) && one.arguments.front() == field.name;
        });
        hints += line(QStringLiteral("  ! ") + text::sentence(field, names) + (problem == problems.end() ? QString() : codeOf(*problem)));
    }
    for (const problems::Problem &problem : problems)
        if (!isOfField(problem)) // the sentence of the field is there already
            hints += line(QStringLiteral("  ! ") + text::message(problem) + codeOf(problem));
    for (const QByteArray &component : outcome.notSimulated)
        hints += line(QStringLiteral("  ! ") + text::componentNotSimulated(component));
    for (const QByteArray &note : outcome.notes)
        hints += line(QStringLiteral("  ! ") + text::inert(note));
    if (!hints.isEmpty())
        out += heading(OutcomeText::tr("Hints")) + hints;
    return out;
}

} // namespace tokenlab::cli
