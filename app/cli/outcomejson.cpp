#include "app/cli/jsontext.h"
#include "app/cli/outcometext.h"
#include "app/cli/redact.h"
#include "core/json/writer.h"
#include "core/text/text.h"

#include <QStringDecoder>

#include <cmath>

namespace tokenlab::cli {

namespace {

QByteArray milliseconds(double ms)
{
    return ms < 0 ? QByteArrayLiteral("null") : json::formatFloat(std::round(ms * 1000) / 1000);
}

bool isUtf8(const QByteArray &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(bytes);
    return !decoder.hasError();
}

QByteArray kind(twin::Dropped::Kind kind)
{
    switch (kind) {
    case twin::Dropped::Header:
        return "header";
    case twin::Dropped::Query:
        return "query";
    case twin::Dropped::Cookie:
        return "cookie";
    }
    return {};
}

QByteArray outcomeName(twin::FieldOutcome::Kind kind)
{
    switch (kind) {
    case twin::FieldOutcome::Signed:
        return "signed";
    case twin::FieldOutcome::Missing:
        return "missing";
    case twin::FieldOutcome::NotAnObject:
        return "not-an-object";
    case twin::FieldOutcome::AlreadySigned:
        return "already-signed";
    }
    return {};
}

// A warning is no success: of the contract's three states it is `failed`.
QByteArray stateName(twin::StepState state)
{
    switch (state) {
    case twin::StepState::Ok:
        return "ok";
    case twin::StepState::Failed:
    case twin::StepState::Warning:
        return "failed";
    case twin::StepState::Skipped:
        return "skipped";
    }
    return {};
}

QByteArray backendJson(const twin::BackendExchange &backend, bool showSecrets)
{
    JsonArray headers, dropped;
    for (const http::Header &header : backend.sent.headers)
        headers.add(JsonArray().add(jsonString(header.name)).add(jsonString(shownHeader(header, showSecrets))).text());
    // Names only: what was dropped may well be a password.
    for (const twin::Dropped &item : backend.dropped)
        dropped.add(JsonObject()
                        .add("kind", jsonString(kind(item.kind)))
                        .add("name", jsonString(item.name))
                        .add("fix", jsonStringOrNull(item.fix))
                        .text());
    QByteArray status = "null", error = "null";
    if (backend.reply && backend.reply->ok())
        status = QByteArray::number(backend.reply->value().status);
    else if (backend.reply)
        error = jsonString(backend.reply->error().text.isEmpty() ? text::sentence(backend.reply->error()).toUtf8()
                                                                 : backend.reply->error().text);
    return JsonObject()
        .add("method", jsonString(backend.sent.method))
        .add("url", jsonString(withoutPassword(backend.sent.url)))
        .add("headers", headers.text())
        .add("body", jsonString(backend.sent.body))
        .add("dropped", dropped.text())
        .add("status", status)
        .add("error", error)
        .add("durationMs", milliseconds(backend.reply ? backend.durationMs : -1))
        .text();
}

QByteArray responseJson(const twin::Outcome &outcome)
{
    if (outcome.response.status == 0) // nothing answers
        return "null";
    JsonObject headers;
    for (const http::Header &header : outcome.response.headers)
        headers.add(QByteArrayView(header.name), jsonString(header.value));
    JsonObject response;
    response.add("status", QByteArray::number(outcome.response.status)).add("headers", headers.text());
    if (isUtf8(outcome.response.body))
        response.add("body", jsonString(outcome.response.body));
    else
        response.add("bodyBase64", jsonString(outcome.response.body.toBase64()));
    return response.text();
}

} // namespace

QByteArray outcomeJson(const twin::Outcome &outcome, bool showSecrets, const QByteArray &problems)
{
    const bool starts = outcome.verdict != twin::Verdict::DoesNotStart && outcome.startError.isEmpty();
    QByteArray startError = outcome.startError;
    if (!starts && startError.isEmpty() && outcome.signerError)
        startError = outcome.signerError->text;
    JsonObject start;
    start.add("ok", jsonBool(starts)).add("error", starts ? "null" : jsonStringOrNull(startError)).add("crash", jsonBool(outcome.crash));
    if (outcome.hangs)
        start.add("hangs", jsonBool(true));

    JsonArray backends, fields, log, trace, bindings, notSimulated, notes;
    for (const twin::BackendExchange &backend : outcome.backends)
        backends.add(backendJson(backend, showSecrets));
    for (const twin::FieldOutcome &field : outcome.fields)
        fields.add(JsonObject()
                       .add("name", jsonString(field.name))
                       .add("outcome", jsonString(outcomeName(field.kind)))
                       .add("token", field.kind == twin::FieldOutcome::Signed ? jsonString(field.token) : QByteArrayLiteral("null"))
                       .text());
    for (const QByteArray &line : outcome.log)
        log.add(jsonString(line));
    for (const twin::TraceStep &step : outcome.trace)
        trace.add(JsonObject()
                      .add("step", jsonString(twin::name(step.stage)))
                      .add("state", jsonString(stateName(step.state)))
                      .add("rule", jsonString(step.rule))
                      .add("pointer", jsonString(step.pointer))
                      .add("message", jsonString(text::step(step).toUtf8()))
                      .text());
    for (const auto &[from, to] : outcome.bindings)
        bindings.add(JsonObject().add("from", jsonString(withoutPassword(from))).add("to", jsonString(withoutPassword(to))).text());
    for (const QByteArray &component : outcome.notSimulated)
        notSimulated.add(jsonString(component));
    for (const QByteArray &note : outcome.notes)
        notes.add(jsonString(note));

    JsonObject object;
    object.add("endpoint", jsonString(outcome.endpoint))
        .add("method", jsonString(outcome.method))
        .add("verdict", jsonString(twin::name(outcome.verdict)))
        .add("start", start.text())
        .add(
            "signer",
            JsonObject().add("error", outcome.signerError ? jsonStringOrNull(outcome.signerError->text) : QByteArrayLiteral("null")).text())
        .add("backends", backends.text())
        .add("response", responseJson(outcome))
        .add("brokenOff", jsonBool(outcome.brokenOff))
        .add("fields", fields.text())
        .add("log", log.text())
        .add("trace", trace.text())
        .add("bindings", bindings.text())
        .add("notSimulated", notSimulated.text());
    if (!outcome.notes.empty())
        object.add("notes", notes.text());
    object.add("problems", problems);
    return object.text();
}

int exitCode(const twin::Outcome &outcome, bool allowUnsigned)
{
    if (outcome.verdict == twin::Verdict::Signed)
        return 0;
    const bool answered = outcome.verdict == twin::Verdict::PartlySigned || outcome.verdict == twin::Verdict::Unsigned;
    return allowUnsigned && answered && outcome.response.status >= 200 && outcome.response.status < 300 ? 0 : 1;
}

} // namespace tokenlab::cli
