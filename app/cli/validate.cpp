// What auth/validator would answer to one token, now or at another time.
#include "app/cli/commands.h"
#include "app/cli/filename.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/timepoint.h"
#include "core/lab/validatorkeys.h"
#include "core/text/text.h"
#include "core/text/validators.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenlab::cli {

namespace {

struct Validate {
    Q_DECLARE_TR_FUNCTIONS(Validate)
};

// Without --endpoint the first that signs was prepared; what is wanted here is one with a validator.
void preferProtected(Prepared &prepared, const QByteArray &method)
{
    const auto &endpoints = prepared.configuration.service->endpoints;
    const auto found = std::find_if(endpoints.begin(), endpoints.end(), [&](const gateway::EndpointConfig &endpoint) {
        return endpoint.validator && (method.isEmpty() || endpoint.method == method);
    });
    if (found == endpoints.end())
        return;
    prepared.endpoint = std::size_t(found - endpoints.begin());
    const twin::ClientRequest own = twin::requestWithToken(*found, {});
    prepared.request.method = own.method;
    prepared.request.target = own.target;
}

// The token goes where the validator looks for it, unless it is told to go into a cookie. False: the session has been told.
bool addToken(const ValidateOptions &options, const gateway::EndpointConfig &endpoint, twin::ClientRequest &request, Session &session)
{
    const bool hasCookie = options.cookie && options.cookie->contains('=');
    if (hasCookie)
        request.headers.append(QByteArrayLiteral("Cookie"), *options.cookie);
    if (!options.token && (hasCookie || !options.request.headers.empty()))
        return true;
    QByteArray token = options.token ? fileBytes(*options.token) : QByteArrayLiteral("-");
    if (token == "-") {
        auto bytes = readInput(QStringLiteral("-"));
        if (!bytes) {
            session.fail(Unusable, text::inert(bytes.error()));
            return false;
        }
        token = std::move(bytes).value();
    }
    token = token.trimmed();
    if (token.isEmpty()) {
        session.fail(Unusable, Validate::tr("no token: give one as an argument, or on standard input"));
        return false;
    }
    if (token.contains('\n') || token.contains('\r') || token.contains('\0')) {
        session.fail(Unusable, Validate::tr("the token has line breaks, which no header can carry"));
        return false;
    }
    if (options.cookie && !hasCookie) {
        request.headers.append(QByteArrayLiteral("Cookie"), *options.cookie + '=' + token);
        return true;
    }
    for (const http::Header &header : twin::requestWithToken(endpoint, token).headers) {
        const bool asGiven = token.size() > 7 && token.first(7).compare("bearer ", Qt::CaseInsensitive) == 0;
        request.headers.append(header.name, asGiven ? token : header.value);
    }
    return true;
}

QByteArray resultJson(const gateway::EndpointConfig &endpoint, const QByteArray &status, const QByteArray &rule, const QString &reason,
                      const QByteArray &gatewayText, const std::vector<QByteArray> &log, const Session &session)
{
    JsonArray lines, notes;
    for (const QByteArray &line : log)
        lines.add(jsonString(line));
    for (const QString &remark : session.remarks())
        notes.add(jsonString(remark.toUtf8()));
    return JsonObject()
               .add("status", status)
               .add("rule", rule.isEmpty() ? QByteArrayLiteral("null") : jsonString(rule))
               .add("reason", jsonString(reason.toUtf8()))
               .add("endpoint", jsonString(endpoint.path))
               .add("method", jsonString(endpoint.method))
               .add("gateway", gatewayText.isEmpty() ? QByteArrayLiteral("null") : jsonString(gatewayText))
               .add("log", lines.text())
               .add("notes", notes.text())
               .text() +
           '\n';
}

void reportStart(const gateway::EndpointConfig &endpoint, const twin::ValidatorError &error, bool json, Session &session)
{
    const QString sentence = text::sentence(error);
    if (json)
        session.out(resultJson(endpoint, "null", error.rule, sentence, error.text,
                               error.logLine.isEmpty() ? std::vector<QByteArray>() : std::vector<QByteArray>{error.logLine}, session));
    else
        session.out(Validate::tr("%1: %2").arg(text::inert(endpoint.method + ' ' + endpoint.path), sentence).toUtf8() + '\n');
    session.finish(Negative);
}

void reportVerdict(const gateway::EndpointConfig &endpoint, const twin::ValidatorState &state, const twin::ValidatorVerdict &verdict,
                   Instant now, bool json, Session &session)
{
    std::vector<QByteArray> log = verdict.log;
    if (state.error && !state.error->logLine.isEmpty())
        log.insert(log.begin(), state.error->logLine);
    if (json) {
        const bool told = verdict.status != 0 && verdict.decided != twin::ValidatorRule::Unknown;
        session.out(resultJson(endpoint, told ? QByteArray::number(verdict.status) : QByteArrayLiteral("null"), verdict.rule,
                               text::validatorReason(verdict, now), verdict.gatewayText, log, session));
    } else {
        twin::EndpointVerdict one;
        one.method = endpoint.method;
        one.path = endpoint.path;
        one.verdict = verdict;
        QByteArray out = text::sentence(one, now).toUtf8() + '\n';
        if (!verdict.rule.isEmpty()) {
            out += "  " + Validate::tr("Rule: %1").arg(QString::fromUtf8(verdict.rule)).toUtf8() + '\n';
            if (!verdict.member.isEmpty())
                out += "  " + Validate::tr("Decided by: %1").arg(text::inert(endpoint.validatorPointer + '/' + verdict.member)).toUtf8() +
                       '\n';
            if (!verdict.claim.isEmpty())
                out += "  " + Validate::tr("Claim: %1").arg(text::inert(verdict.claim)).toUtf8() + '\n';
            if (!verdict.gatewayText.isEmpty())
                out += "  " + Validate::tr("The gateway's words: %1").arg(text::inert(verdict.gatewayText)).toUtf8() + '\n';
        }
        for (const QByteArray &line : log)
            out += "  " + Validate::tr("Log: %1").arg(text::inert(line)).toUtf8() + '\n';
        session.out(out);
    }
    session.finish(verdict.passed() && !verdict.incomplete ? Done : Negative);
}

} // namespace

void run(const ValidateOptions &options, Session &session)
{
    const bool tokenFromInput = options.token ? *options.token == QLatin1String("-") : !options.cookie && options.request.headers.empty();
    if (options.request.config == QLatin1String("-") && tokenFromInput)
        return session.fail(Unusable, Validate::tr("--config - and the token cannot both be standard input"));
    Instant now = systemNow();
    if (options.at) {
        const auto at = parseTime(*options.at, now);
        if (!at)
            return session.fail(
                Unusable, Validate::tr("--at %1: wanted now, seconds since 1970, a date or a time like 2026-11-24T10:00:00Z, or a distance "
                                       "like +1h")
                              .arg(text::inert(options.at->toUtf8())));
        now = *at;
    }
    auto prepared = prepare(options.request, session, Refusal::OneEndpoint);
    if (!prepared)
        return;
    if (options.request.endpoint.isEmpty())
        preferProtected(*prepared, options.request.method.toUpper());
    const gateway::EndpointConfig &endpoint = prepared->configuration.service->endpoints[prepared->endpoint];
    if (!endpoint.validator)
        return session.fail(
            Unusable, options.request.endpoint.isEmpty()
                          ? Validate::tr("%1 has no endpoint with auth/validator").arg(prepared->configuration.name)
                          : Validate::tr("the endpoint %1 has no auth/validator").arg(text::inert(endpoint.method + ' ' + endpoint.path)));
    if (!addToken(options, endpoint, prepared->request, session))
        return;
    const twin::ValidatorState state = lab::validatorAtStart(endpoint, prepared->bindings);
    if (state.error && state.error->endsGateway())
        return reportStart(endpoint, *state.error, options.json, session);
    auto *keys = new lab::ValidatorKeys(state, prepared->request, prepared->bindings, {}, &session);
    QObject::connect(keys, &lab::ValidatorKeys::finished, &session,
                     [prepared = *prepared, options, now, &session](const twin::ValidatorState &loaded) {
                         const gateway::EndpointConfig &asked = prepared.configuration.service->endpoints[prepared.endpoint];
                         reportVerdict(asked, loaded, twin::validate(loaded, prepared.request, now), now, options.json, session);
                     });
    keys->start();
}

} // namespace tokenlab::cli
