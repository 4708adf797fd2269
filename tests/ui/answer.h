// What `send` answers and what the window shows, as values that can be compared.
#pragma once

#include "core/text/text.h"
#include "core/twin/outcome.h"

#include "tests/app/program.h"

#include <QRegularExpression>

namespace tokenlab::ui {

// What an answer comes to, of the window as of the command; moments differ from one run to the next.
struct Answer {
    QString verdict, signerError, failing, words, body;
    int status = 0;
    QStringList log;
};

inline QString timeless(QString text)
{
    static const QRegularExpression moment(QStringLiteral(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))"));
    return text.replace(moment, QStringLiteral("TIME"));
}

inline Answer of(const twin::Outcome &outcome)
{
    Answer answer;
    answer.verdict = QString::fromLatin1(twin::name(outcome.verdict));
    answer.signerError = outcome.signerError ? timeless(QString::fromUtf8(outcome.signerError->text)) : QString();
    answer.status = outcome.response.status;
    for (const twin::TraceStep &step : outcome.trace) {
        if (step.state == twin::StepState::Failed && answer.failing.isEmpty()) {
            answer.failing = QString::fromLatin1(twin::name(step.stage));
            answer.words = timeless(text::step(step));
        }
    }
    for (const QByteArray &line : outcome.log)
        answer.log << timeless(QString::fromUtf8(line));
    // Tokens carry their time.
    answer.body = outcome.verdict == twin::Verdict::Signed ? QString() : QString::fromUtf8(outcome.response.body);
    return answer;
}

inline Answer of(const QJsonObject &said)
{
    Answer answer;
    answer.verdict = said.value(QStringLiteral("verdict")).toString();
    answer.signerError = timeless(said.value(QStringLiteral("signer")).toObject().value(QStringLiteral("error")).toString());
    const QJsonObject response = said.value(QStringLiteral("response")).toObject();
    answer.status = response.value(QStringLiteral("status")).toInt();
    for (const QJsonValue &one : said.value(QStringLiteral("trace")).toArray()) {
        const QJsonObject step = one.toObject();
        if (step.value(QStringLiteral("state")).toString() == QLatin1String("failed") && answer.failing.isEmpty()) {
            answer.failing = step.value(QStringLiteral("step")).toString();
            answer.words = timeless(step.value(QStringLiteral("message")).toString());
        }
    }
    for (const QJsonValue &line : said.value(QStringLiteral("log")).toArray())
        answer.log << timeless(line.toString());
    answer.body = answer.verdict == QLatin1String("signed") ? QString() : response.value(QStringLiteral("body")).toString();
    return answer;
}

// The first difference in words; empty: none.
inline QString difference(const Answer &window, const Answer &command)
{
    const std::pair<const char *, QString Answer::*> parts[] = {{"verdict", &Answer::verdict},
                                                                {"signer", &Answer::signerError},
                                                                {"failing stage", &Answer::failing},
                                                                {"words", &Answer::words},
                                                                {"body", &Answer::body}};
    for (const auto &[name, part] : parts) {
        if (window.*part != command.*part)
            return QStringLiteral("%1: window “%2”, send “%3”").arg(QString::fromLatin1(name), window.*part, command.*part);
    }
    if (window.status != command.status)
        return QStringLiteral("status: window %1, send %2").arg(window.status).arg(command.status);
    return window.log == command.log
               ? QString()
               : QStringLiteral("log: window “%1”, send “%2”").arg(window.log.join(QLatin1Char('\n')), command.log.join(QLatin1Char('\n')));
}

} // namespace tokenlab::ui
