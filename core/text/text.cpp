#include "core/text/text.h"

#include "core/text/advice.h"
#include "core/text/validators.h"

#include <QCoreApplication>

namespace tokenlab::text {

namespace {

struct Outcomes {
    Q_DECLARE_TR_FUNCTIONS(Outcomes)
};

const twin::TraceStep *firstFailed(const twin::Outcome &outcome)
{
    for (const twin::TraceStep &step : outcome.trace) {
        if (step.state == twin::StepState::Failed)
            return &step;
    }
    return nullptr;
}

QByteArray joined(const std::vector<QByteArray> &names)
{
    QByteArray text;
    for (const QByteArray &name : names)
        text += (text.isEmpty() ? "" : ", ") + name;
    return text;
}

QString requestReason(const twin::Outcome &outcome, const twin::TraceStep &step)
{
    switch (outcome.response.status) {
    case 301:
    case 307:
        return Outcomes::tr("redirected to %1").arg(inert(outcome.response.headers.first("Location").value_or(QByteArray())));
    case 404:
        return Outcomes::tr("no such endpoint");
    case 405:
        return Outcomes::tr("the endpoint does not take this method");
    case 417:
        return Outcomes::tr("the server meets no Expect but 100-continue");
    default:
        return step.gatewayText.isEmpty() ? Outcomes::tr("the request does not reach the endpoint") : inert(step.gatewayText);
    }
}

QString refusalReason(const twin::Outcome &outcome)
{
    if (outcome.validator && !outcome.validator->passed())
        return validatorReason(*outcome.validator, outcome.at);
    if (outcome.signerError)
        return Outcomes::tr("signer not built, %1").arg(signerAdvice(outcome.signerError->text).brief);
    for (const twin::BackendExchange &backend : outcome.backends) {
        if (backend.reply && backend.reply->ok() && backend.reply->value().status != 200 && backend.reply->value().status != 201)
            return Outcomes::tr("the backend answered %1").arg(backend.reply->value().status);
    }
    if (const twin::TraceStep *step = firstFailed(outcome)) {
        switch (step->stage) {
        case twin::Stage::Backend:
        case twin::Stage::Shape:
            return step->gatewayText.isEmpty() ? Outcomes::tr("the backend's answer cannot be used")
                                               : backendAdvice(step->gatewayText).brief;
        case twin::Stage::Sign:
            return step->gatewayText.isEmpty() ? Outcomes::tr("signing failed") : signingAdvice(step->gatewayText).brief;
        case twin::Stage::Request:
            return requestReason(outcome, *step);
        case twin::Stage::Config:
            return step->rule.startsWith("§1.5") ? signerAdvice(step->gatewayText).brief : inert(step->gatewayText);
        default:
            return step->gatewayText.isEmpty() ? stageTitle(step->stage) : inert(step->gatewayText);
        }
    }
    return {};
}

// Which of the server's limits ended the request: `write_timeout`.
QString limitThatIsOver(const twin::Outcome &outcome)
{
    for (const twin::TraceStep &step : outcome.trace) {
        if (step.state == twin::StepState::Failed && step.pointer.endsWith("_timeout"))
            return inert(step.pointer.sliced(1));
    }
    return {};
}

// An interim answer's status, which a detail begins with; 0: another one.
int interimStatus(QByteArrayView detail)
{
    const int status = detail.first(qMin<qsizetype>(3, detail.size())).toByteArray().toInt();
    return status >= 100 && status < 200 ? status : 0;
}

// What decides where no component does.
QString openReason(const twin::Outcome &outcome)
{
    const twin::TraceStep *step = firstFailed(outcome);
    if (!step || !step->gatewayText.isEmpty() || step->detail.isEmpty())
        return {};
    if (step->stage == twin::Stage::Request)
        return Outcomes::tr("the request is taken by %1").arg(inert(step->detail));
    if (step->stage == twin::Stage::Key)
        return Outcomes::tr("what the key host sent cannot be read here to its end");
    if (step->stage != twin::Stage::Backend)
        return {};
    if (const int status = interimStatus(step->detail))
        return Outcomes::tr("an interim answer %1 came first").arg(status);
    return Outcomes::tr("the backend's answer cannot be read here as the gateway reads it");
}

} // namespace

QString verdict(const twin::Outcome &outcome)
{
    const int status = outcome.response.status;
    const auto broken = [&](const QString &text) {
        return outcome.brokenOff ? Outcomes::tr("%1; the connection breaks off (wrong Content-Length)").arg(text) : text;
    };
    switch (outcome.verdict) {
    case twin::Verdict::Signed:
        return broken(Outcomes::tr("Would answer %1, all signed").arg(status));
    case twin::Verdict::PartlySigned: {
        qsizetype signedFields = 0;
        for (const twin::FieldOutcome &field : outcome.fields)
            signedFields += field.kind == twin::FieldOutcome::Signed || field.kind == twin::FieldOutcome::AlreadySigned;
        return broken(Outcomes::tr("Would answer %1, but only %2 of %3 signed: the rest goes out in clear")
                          .arg(status)
                          .arg(signedFields)
                          .arg(qsizetype(outcome.fields.size())));
    }
    case twin::Verdict::Unsigned:
        if (!outcome.signs)
            return broken(Outcomes::tr("Would answer %1; this endpoint has no signer").arg(status));
        return broken(Outcomes::tr("Would answer %1, but nothing is signed: the claims go out in clear").arg(status));
    case twin::Verdict::Refused: {
        if (status == 0)
            return Outcomes::tr("Would close the connection without an answer: %1 is over").arg(limitThatIsOver(outcome));
        const QString reason = refusalReason(outcome);
        const QString text = Outcomes::tr("Would answer %1").arg(status);
        return broken(reason.isEmpty() ? text : Outcomes::tr("%1: %2").arg(text, reason));
    }
    case twin::Verdict::DoesNotStart:
        if (outcome.hangs && !outcome.startError.isEmpty())
            return Outcomes::tr("Would hang at start: %1").arg(oneLine(outcome.startError));
        if (outcome.hangs)
            return Outcomes::tr("Would hang at start: the key host stays silent");
        if (outcome.crash)
            return Outcomes::tr("Would crash at start: %1")
                .arg(oneLine(!outcome.startError.isEmpty() || !outcome.signerError ? outcome.startError : outcome.signerError->text));
        return Outcomes::tr("Would not start: %1").arg(oneLine(outcome.startError));
    case twin::Verdict::Incomplete:
        if (const QString reason = openReason(outcome); outcome.notSimulated.empty())
            return reason.isEmpty() ? Outcomes::tr("Cannot tell what it would answer")
                                    : Outcomes::tr("Cannot tell what it would answer: %1").arg(reason);
        return Outcomes::tr("Cannot tell what it would answer: %1 decides, which is not played here")
            .arg(inert(joined(outcome.notSimulated)));
    }
    return {};
}

QString stageTitle(twin::Stage stage)
{
    switch (stage) {
    case twin::Stage::Config:
        return Outcomes::tr("Config");
    case twin::Stage::Key:
        return Outcomes::tr("Key");
    case twin::Stage::Request:
        return Outcomes::tr("Request");
    case twin::Stage::Backend:
        return Outcomes::tr("Backend");
    case twin::Stage::Shape:
        return Outcomes::tr("Shape");
    case twin::Stage::Sign:
        return Outcomes::tr("Sign");
    case twin::Stage::Reply:
        return Outcomes::tr("Reply");
    case twin::Stage::Validators:
        return Outcomes::tr("Validators");
    }
    return {};
}

static QString troubled(const twin::TraceStep &step)
{
    const QString detail = inert(step.detail);
    const bool failed = step.state == twin::StepState::Failed;
    switch (step.stage) {
    case twin::Stage::Config: {
        // The signer's own settings have remedies; what is wrong with the rest of the file the gateway says itself.
        const QString words = step.rule.startsWith("§1.5") ? join(signerAdvice(step.gatewayText)) : sentenceOf(step.gatewayText);
        return step.pointer.isEmpty() ? words : Outcomes::tr("%1 At %2 of the configuration.").arg(words, inert(step.pointer));
    }
    case twin::Stage::Key:
        if (!step.gatewayText.isEmpty())
            return join(signerAdvice(step.gatewayText));
        if (failed && !step.detail.isEmpty() && !step.detail.contains("://"))
            return Outcomes::tr("What the gateway makes of the key host's answer is unknown: %1.").arg(detail);
        if (failed && !step.detail.isEmpty())
            return Outcomes::tr(
                       "%1 stays silent: the gateway would wait for it for ever and never open its port. Make it answer, or bind it "
                       "to another host.")
                .arg(detail);
        break;
    case twin::Stage::Request:
        return Outcomes::tr("The request does not reach this endpoint: %1.")
            .arg(step.gatewayText.isEmpty() ? detail : inert(step.gatewayText));
    case twin::Stage::Backend:
    case twin::Stage::Shape:
        if (!step.gatewayText.isEmpty())
            return join(backendAdvice(step.gatewayText));
        if (step.stage == twin::Stage::Shape && failed && !detail.isEmpty())
            return Outcomes::tr("%1 is not played here: what the gateway makes of this answer is unknown.").arg(detail);
        if (const int status = interimStatus(step.detail); failed && status > 0)
            return Outcomes::tr("The interim answer %1 came first, which Token Lab cannot read past: what the gateway makes of the final "
                                "answer is unknown.")
                .arg(status);
        if (step.stage == twin::Stage::Backend && failed && !detail.isEmpty() && detail.at(0).isDigit())
            return Outcomes::tr("The answer %1 cannot be read here as the gateway reads it: what the gateway makes of it is unknown.")
                .arg(detail.section(QLatin1Char(' '), 0, 0));
        if (step.stage == twin::Stage::Backend && !failed)
            return Outcomes::tr("The backend did not answer 200 or 201 (%1); return_error_details hands its answer on.").arg(detail);
        break;
    case twin::Stage::Sign:
        if (!step.gatewayText.isEmpty())
            return join(signingAdvice(step.gatewayText));
        if (!failed && step.payloadPointer.isEmpty())
            return Outcomes::tr("keys_to_sign names nothing: the payload goes out in clear.");
        if (!failed)
            return Outcomes::tr("\u201c%1\u201d is not signed: it is no object at the payload's top level.").arg(detail);
        break;
    case twin::Stage::Reply:
        return Outcomes::tr("The client gets %1.").arg(detail);
    case twin::Stage::Validators: {
        const QString rule = validatorRuleSentence(step.rule);
        if (rule.isEmpty())
            break;
        const QString words =
            step.gatewayText.isEmpty() ? rule : Outcomes::tr("%1 The gateway's words: %2.").arg(rule, inert(step.gatewayText));
        return step.payloadPointer.isEmpty() ? words
                                             : Outcomes::tr("%1 At %2 of the token's payload.").arg(words, inert(step.payloadPointer));
    }
    }
    if (!step.gatewayText.isEmpty())
        return sentenceOf(step.gatewayText);
    if (!detail.isEmpty())
        return sentenceOf(step.detail);
    return failed ? Outcomes::tr("Failed.") : Outcomes::tr("Look at this.");
}

static QString passed(const twin::TraceStep &step)
{
    const QString detail = inert(step.detail);
    switch (step.stage) {
    case twin::Stage::Config:
        return detail.isEmpty() ? Outcomes::tr("The gateway reads the file and the signer's settings.")
                                : Outcomes::tr("The gateway reads the file: %1.").arg(detail);
    case twin::Stage::Key:
        return detail.isEmpty() ? Outcomes::tr("The key is loaded.") : Outcomes::tr("The key is loaded and signs with %1.").arg(detail);
    case twin::Stage::Request:
        return detail.isEmpty() ? Outcomes::tr("The request meets the endpoint.") : detail;
    case twin::Stage::Backend:
        return detail.isEmpty() ? Outcomes::tr("The backend answered.") : Outcomes::tr("The backend answered %1.").arg(detail);
    case twin::Stage::Shape:
        return detail.isEmpty() ? Outcomes::tr("The answer became the payload.") : detail;
    case twin::Stage::Sign:
        return detail.isEmpty() ? Outcomes::tr("Everything asked for is signed.") : Outcomes::tr("\u201c%1\u201d is signed.").arg(detail);
    case twin::Stage::Reply:
        return detail.isEmpty() ? Outcomes::tr("The client gets the answer.") : Outcomes::tr("The client gets %1.").arg(detail);
    case twin::Stage::Validators:
        return detail.isEmpty() ? Outcomes::tr("No validator stands here.") : Outcomes::tr("auth/validator lets the token pass.");
    }
    return {};
}

QString step(const twin::TraceStep &step)
{
    switch (step.state) {
    case twin::StepState::Ok:
        return passed(step);
    case twin::StepState::Skipped:
        if (!step.detail.isEmpty())
            return inert(step.detail);
        return step.stage == twin::Stage::Validators ? Outcomes::tr("Not played.") : Outcomes::tr("Not reached.");
    case twin::StepState::Failed:
    case twin::StepState::Warning:
        return troubled(step);
    }
    return {};
}

QString why(const twin::TraceStep &step)
{
    switch (step.stage) {
    case twin::Stage::Config:
        return Outcomes::tr("KrakenD reads the whole file before it opens its port. A syntax error, a wrong version or an invalid endpoint "
                            "anywhere stops it; "
                            "unknown members are ignored in silence.");
    case twin::Stage::Key:
        return Outcomes::tr("The signing key is loaded once, at the gateway's start, and never again. When that fails, the gateway runs on "
                            "and this endpoint "
                            "answers 401 to everybody.");
    case twin::Stage::Request:
        return Outcomes::tr(
            "Only what the endpoint lists goes to the backend: headers of input_headers (else Content-Type alone), query parameters of "
            "input_query_strings (else none), and the body.");
    case twin::Stage::Backend:
        return Outcomes::tr("A signing endpoint accepts 200 and 201 from its backends. Any other status, an error or a timeout of one "
                            "backend gives the client "
                            "400 with an empty body.");
    case twin::Stage::Shape:
        return Outcomes::tr("The answer is decoded, then target, allow or deny, mapping and group act in that order; several backends are "
                            "merged at the top "
                            "level.");
    case twin::Stage::Sign:
        return Outcomes::tr("Each name of keys_to_sign is looked up at the top level, exactly as written. An object becomes a token; "
                            "anything else stays as it "
                            "is, and nothing is logged.");
    case twin::Stage::Reply:
        return Outcomes::tr("The response is written anew: members sorted, no blanks, <, > and & escaped. A backend's 201 becomes 200.");
    case twin::Stage::Validators:
        return Outcomes::tr("auth/validator checks tokens of incoming requests, before anything is sent to a backend.");
    }
    return {};
}

} // namespace tokenlab::text
