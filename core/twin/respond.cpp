#include "core/twin/respond.h"

#include "core/gateway/routes.h"
#include "core/json/writer.h"
#include "core/support/url.h"
#include "core/twin/backenddata.h"
#include "core/twin/fields.h"
#include "core/twin/merge.h"
#include "core/twin/query.h"
#include "core/twin/reply.h"
#include "core/twin/trace.h"

#include <algorithm>

namespace tokenlab::twin {
namespace {

// What wraps a validator and a signer that could not be built, so that a refusal of theirs is not the last word.
bool standsBeforeValidator(const QByteArray &component)
{
    static constexpr std::string_view names[] = {"security/bot-detector", "security/http", "plugin/http-server",
                                                 "modifier/lua-endpoint: service"};
    const std::string_view name(component.constData(), std::size_t(component.size()));
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Components that let a single, first request through as if they were not there, or that only add headers to the answer.
bool letsFirstRequestThrough(const QByteArray &component)
{
    static constexpr std::string_view names[] = {"qos/ratelimit/router", "qos/ratelimit/proxy", "qos/circuit-breaker", "qos/http-cache"};
    const std::string_view name(component.constData(), std::size_t(component.size()));
    return name.ends_with(": headers") || std::find(std::begin(names), std::end(names), name) != std::end(names);
}

class Responder
{
public:
    Responder(const gateway::ServiceConfig &service, const gateway::EndpointConfig &endpoint, const SignerState &signer,
              const ValidatorState &validator, const ClientRequest &request, Instant now, std::span<const BackendReply> replies)
        : m_service(service),
          m_endpoint(endpoint),
          m_signer(signer),
          m_validator(validator),
          m_request(request),
          m_now(now),
          m_replies(replies),
          m_trace(m_out.trace)
    {
    }

    Outcome run()
    {
        m_out.endpoint = m_endpoint.path;
        m_out.method = m_request.method;
        m_out.signs = m_signer.enabled;
        m_out.notSimulated = m_endpoint.notSimulated;
        // Without its state nobody knows what it says; never as if it were not there.
        if (m_endpoint.validator && !m_validator.enabled)
            m_out.notSimulated.push_back(QByteArrayLiteral("auth/validator"));
        m_out.backends.assign(m_replies.begin(), m_replies.end());
        if (start())
            answer();
        judge();
        m_trace.skipRest();
        keepPrinted();
        return std::move(m_out);
    }

private:
    [[nodiscard]] bool decidedElsewhere() const
    {
        if (m_refusedByValidator)
            return std::any_of(m_out.notSimulated.begin(), m_out.notSimulated.end(), standsBeforeValidator);
        return m_unknown || std::any_of(m_out.notSimulated.begin(), m_out.notSimulated.end(), [this](const QByteArray &name) {
                   if (name == "backend/http/client")
                       return redirected(); // named for send_body_on_redirect alone
                   if (name == "security/cors: headers" && m_request.method == "OPTIONS")
                       return true; // a preflight it answers itself
                   return !letsFirstRequestThrough(name);
               });
    }

    [[nodiscard]] bool redirected() const
    {
        return std::any_of(m_replies.begin(), m_replies.end(), [](const BackendReply &exchange) {
            if (!exchange.reply || !*exchange.reply)
                return false;
            const http::Reply &reply = **exchange.reply;
            return (reply.status >= 300 && reply.status < 400) || (!reply.finalUrl.isEmpty() && reply.finalUrl != exchange.sent.url);
        });
    }

    // Of the lines told here, those that the gateway prints at its level.
    void keepPrinted()
    {
        const gateway::LogOptions &options = m_service.log;
        const auto hidden =
            std::count_if(m_out.log.begin(), m_out.log.end(), [&](const QByteArray &line) { return !options.prints(line); });
        if (hidden == 0)
            return;
        const QByteArray lines = QByteArray::number(qlonglong(hidden)) + (hidden == 1 ? " line" : " lines");
        if (options.toSyslog) {
            m_out.notes.push_back("telemetry/logging: at level " + gateway::name(options.level) + " syslog gets " + lines +
                                  " of the log less than is shown here");
            return;
        }
        m_out.wholeLog = m_out.log;
        std::erase_if(m_out.log, [&](const QByteArray &line) { return !options.prints(line); });
        if (options.level == gateway::LogOptions::Nothing)
            m_out.notes.push_back("telemetry/logging: without stdout and syslog the gateway prints no log; " + lines + " left out");
        else
            m_out.notes.push_back("telemetry/logging: the gateway prints at level " + gateway::name(options.level) + "; " + lines +
                                  " left out");
    }

    void logError(const QByteArray &text)
    {
        m_out.log.push_back("ERROR [ENDPOINT: " + m_endpoint.route + (m_signer.enabled ? "][JWTSigner] " : "] ") + text);
    }

    void take(Written written)
    {
        m_out.response = std::move(written.response);
        m_out.brokenOff = written.brokenOff;
    }

    [[nodiscard]] QByteArray keyUrl() const { return keyUrlForDisplay(m_endpoint); }

    // The whole gateway ends before its port is open; its endpoints are set up in the order of the file, the signer before the route.
    bool endsAtStart()
    {
        if (!m_service.log.crash.isEmpty()) {
            m_out.startError = m_service.log.crash;
            m_out.crash = true;
            m_trace.failed(Stage::Config, QByteArrayLiteral("§12"), m_service.log.crashPointer, m_service.log.crash);
            return true;
        }
        const bool ownSignerEnds = m_signer.enabled && m_signer.error && (m_signer.error->crash || m_signer.error->hangs);
        const bool validatorEnds = !ownSignerEnds && m_validator.error && m_validator.error->endsGateway();
        const bool signerEnds = ownSignerEnds || validatorEnds;
        const auto &conflict = m_service.routeConflict;
        if (conflict && !(signerEnds && &m_endpoint <= &m_service.endpoints[conflict->endpoint])) {
            m_out.startError = conflict->text;
            m_out.crash = true;
            m_trace.failed(Stage::Config, QByteArrayLiteral("§12"), conflict->pointer + "/endpoint", conflict->text);
            return true;
        }
        if (validatorEnds) {
            const ValidatorError &error = *m_validator.error;
            m_out.startError = error.text;
            m_out.crash = error.crash;
            if (!error.logLine.isEmpty())
                m_out.log.push_back(error.logLine);
            m_trace.failed(Stage::Validators, error.rule, validatorMember(error.member), error.text);
            return true;
        }
        if (!signerEnds && !m_signer.listenError.isEmpty()) {
            m_out.startError = m_signer.listenError;
            m_out.log.push_back("ERROR [SERVICE: Gin] " + m_out.startError);
            m_trace.failed(Stage::Config, QByteArrayLiteral("§1.3"), QByteArrayLiteral("/tls"), m_out.startError);
            return true;
        }
        if (!signerEnds && !gateway::isListenablePort(m_service.port)) {
            m_out.startError = "listen tcp: address " + QByteArray::number(m_service.port) + ": invalid port";
            m_out.log.push_back("ERROR [SERVICE: Gin] " + m_out.startError);
            m_trace.failed(Stage::Config, QByteArrayLiteral("§1.3"), QByteArrayLiteral("/port"), m_out.startError);
            return true;
        }
        return false;
    }

    // The gateway's start as far as it concerns this endpoint. False: nothing is answered by the endpoint itself.
    bool start()
    {
        if (endsAtStart()) {
            m_startFails = true;
            return false;
        }
        if (!m_signer.enabled) {
            m_trace.ok(Stage::Config, QByteArrayLiteral("§1.1"), m_endpoint.pointer, QByteArrayLiteral("no auth/signer"));
        } else if (m_signer.error) {
            const StartError &error = *m_signer.error;
            if (!error.unknown)
                m_out.signerError = error;
            m_out.crash = error.crash;
            m_out.hangs = error.hangs;
            const bool ofConfig =
                error.step == StartStep::ConfigTypes || error.step == StartStep::Url || error.step == StartStep::Fingerprints;
            if (!ofConfig)
                m_trace.ok(Stage::Config, QByteArrayLiteral("§1.5"), m_endpoint.signerPointer);
            m_trace.failed(ofConfig ? Stage::Config : Stage::Key, error.rule,
                           error.member.isEmpty() ? m_endpoint.signerPointer : m_endpoint.signerPointer + '/' + error.member,
                           error.unknown ? QByteArray() : error.text,
                           error.unknown ? error.text
                           : error.hangs ? keyUrl()
                                         : QByteArray());
            if (error.crash || error.hangs) {
                m_out.startError = error.hangs ? m_endpoint.method + ' ' + m_endpoint.path + " waits for ever for " + keyUrl() : error.text;
                return false;
            }
            // Logged while the routes are registered, whatever is asked later.
            if (error.unknown)
                m_out.notes.push_back("key host: " + error.text);
            else
                logError("Unable to create the signer: " + error.text);
        } else {
            m_trace.ok(Stage::Config, QByteArrayLiteral("§1.5"), m_endpoint.signerPointer);
            m_trace.ok(Stage::Key, QByteArrayLiteral("§2"), pointerTo(m_endpoint.signerPointer, QByteArrayLiteral("kid")),
                       m_signer.config.alg);
        }
        if (m_validator.error && !m_validator.error->logLine.isEmpty())
            m_out.log.push_back(m_validator.error->logLine);
        if (!readsHead())
            return false;
        const RouteAnswer route = matchRoute(m_service, m_endpoint, m_request);
        if (route.status != 0) {
            take(writeRouteAnswer(route));
            const bool isOwn = asksForEndpoint();
            m_trace.failed(Stage::Request, QByteArrayLiteral("§7.2"), isOwn ? m_endpoint.pointer + "/endpoint" : "/endpoints", route.body,
                           QByteArray::number(route.status) + (route.location.isEmpty() ? "" : " → ") + route.location);
            traceReply(QByteArrayLiteral("§7.2"));
            return false;
        }
        if (!route.takenBy.isEmpty()) {
            m_out.notes.push_back("this request is taken by another endpoint of the file: " + route.takenBy);
            m_trace.failed(Stage::Request, QByteArrayLiteral("§7.2"), m_endpoint.pointer + "/endpoint", {}, route.takenBy);
            m_unknown = true;
            return false;
        }
        m_trace.ok(Stage::Request, QByteArrayLiteral("§13"), m_endpoint.pointer + "/endpoint");
        if (m_validator.enabled && !passesValidator(route))
            return false;
        if (m_signer.error && m_signer.error->unknown) {
            m_unknown = true;
            return false;
        }
        if (m_signer.error) {
            refuse(401);
            return false;
        }
        return true;
    }

    // Else no endpoint of the file: the outcome tells of the path that was asked for.
    bool asksForEndpoint()
    {
        const auto target = parseTarget(m_request.target);
        if (!target || gateway::matchPath(gateway::registeredRoute(m_endpoint.route), target->path))
            return true;
        m_out.endpoint = target->path;
        return false;
    }

    // Go's server closes a connection whose request took too long to come.
    bool readsHead()
    {
        const gateway::ConnectionLimits &limits = m_service.limits;
        const QByteArray member = limits.readHeaderNs != 0 ? QByteArrayLiteral("read_header_timeout") : QByteArrayLiteral("read_timeout");
        if (limits.readsNothing()) {
            m_out.brokenOff = true;
            m_trace.failed(Stage::Request, QByteArrayLiteral("§1.3"), '/' + member, {}, member + " is over before the request is read");
            m_trace.failed(Stage::Reply, QByteArrayLiteral("§1.3"), '/' + member, {}, QByteArrayLiteral("no answer"));
            return false;
        }
        for (const auto &[ns, name] : {std::pair(limits.headNs(), member), std::pair(limits.readNs, QByteArrayLiteral("read_timeout"))}) {
            if (ns <= 0 || ns >= 1'000'000)
                continue;
            m_out.notes.push_back(name + " is " + QByteArray::number(ns) +
                                  " ns: a request that takes longer to arrive gets no answer, the connection is closed");
            break;
        }
        return true;
    }

    [[nodiscard]] QByteArray validatorMember(const QByteArray &member) const
    {
        return member.isEmpty() ? m_endpoint.validatorPointer : m_endpoint.validatorPointer + '/' + member;
    }

    // Before anything is sent; also in front of a signer that could not be built.
    bool passesValidator(const RouteAnswer &route)
    {
        m_out.validator = validate(m_validator, m_request, m_now);
        m_out.at = m_now;
        const ValidatorVerdict &verdict = *m_out.validator;
        m_out.log.insert(m_out.log.end(), verdict.log.begin(), verdict.log.end());
        if (verdict.passed()) {
            m_trace.ok(Stage::Validators, QByteArrayLiteral("§8"), m_endpoint.validatorPointer, QByteArrayLiteral("200"));
            const Admitted behind = admit(m_endpoint, m_validator, verdict.claims.root(), m_request, route);
            m_out.log.insert(m_out.log.end(), behind.log.begin(), behind.log.end());
            return true;
        }
        const bool hangs = verdict.decided == ValidatorRule::Hangs;
        m_trace
            .failed(Stage::Validators, verdict.rule, validatorMember(verdict.member), verdict.gatewayText,
                    hangs                 ? validatorKeyUrl(m_validator)
                    : verdict.status == 0 ? QByteArrayLiteral("the key set of jwk_url was not asked for")
                                          : QByteArray::number(verdict.status))
            .payloadPointer = verdict.claim;
        if (verdict.incomplete) {
            m_unknown = true;
            m_out.notes.push_back(hangs ? "this request would wait for ever for " + validatorKeyUrl(m_validator)
                                        : QByteArrayLiteral("what auth/validator says to the token cannot be told from here"));
            return false;
        }
        m_refusedByValidator = true;
        refuse(verdict.status);
        return false;
    }

    void answer()
    {
        std::vector<BackendData> parts = backends();
        if (m_unknown)
            return;
        noteRandomOrders(parts);
        Merged merged = merge(m_endpoint, std::move(parts));
        addStaticData(m_endpoint, merged);
        for (const QByteArray &name : merged.clashes) {
            if (m_endpoint.sequential)
                break;
            m_out.notes.push_back("several backends deliver `" + name +
                                  "`: the one that answers last wins in the gateway; here the last in the file");
        }
        if (m_signer.enabled)
            signedAnswer(merged);
        else
            plainAnswer(merged);
    }

    // Decodes and formats what was asked; a sequential endpoint stops at the first that fails or is incomplete.
    std::vector<BackendData> backends()
    {
        std::vector<BackendData> parts;
        parts.reserve(m_endpoint.backends.size());
        for (std::size_t i = 0; i < m_endpoint.backends.size() && !m_unknown; ++i) {
            const gateway::BackendConfig &config = m_endpoint.backends[i];
            if (i >= m_replies.size() || !m_replies[i].reply) {
                missingReply(config);
                break;
            }
            BackendData part =
                bodyIsShared() && i + 1 < m_endpoint.backends.size() ? closedBody(m_replies[i]) : backendData(config, m_replies[i]);
            traceBackend(config, m_replies[i], part);
            if (part.notSimulated || part.ownLimit) {
                m_unknown = true;
                if (part.notSimulated && std::none_of(m_out.notSimulated.begin(), m_out.notSimulated.end(),
                                                      [&](const QByteArray &name) { return name == config.encoding.toLower(); }))
                    m_out.notSimulated.push_back(config.encoding.toLower());
                break;
            }
            const bool stop = m_endpoint.sequential && (part.failed || !part.complete);
            parts.push_back(std::move(part));
            if (stop)
                break;
        }
        return parts;
    }

    [[nodiscard]] static BackendData closedBody(const BackendReply &exchange)
    {
        http::TransportError error;
        error.url = exchange.sent.url;
        error.text = QByteArrayLiteral("http: invalid Read on closed Body");
        BackendData part;
        part.failed = true;
        part.error = transportErrorText(error, exchange.sent.method);
        part.rule = QByteArrayLiteral("§13");
        return part;
    }

    void missingReply(const gateway::BackendConfig &config)
    {
        m_unknown = true;
        if (config.askedOtherwise.isEmpty()) {
            m_trace.failed(Stage::Backend, QByteArrayLiteral("§4.2"), config.pointer, {}, QByteArrayLiteral("no reply given"));
            return;
        }
        m_trace.failed(Stage::Backend, QByteArrayLiteral("§12"), config.pointer, {}, "not asked, because of " + config.askedOtherwise);
        const auto host = config.hosts.empty() ? Url::parse({}) : Url::parse(config.hosts.front());
        m_out.notes.push_back("nothing was sent to " + (host && !host->host.isEmpty() ? host->redacted() : QByteArray("the backend")) +
                              ": with " + config.askedOtherwise + " the gateway does not send it the client's request as it is");
    }

    void traceBackend(const gateway::BackendConfig &config, const BackendReply &exchange, const BackendData &part)
    {
        const bool hasReply = exchange.reply->ok();
        QByteArray detail;
        if (hasReply) {
            detail = QByteArray::number((*exchange.reply)->status);
            if (exchange.durationMs > 0)
                detail += " · " + QByteArray::number(qRound64(exchange.durationMs)) + " ms";
        }
        const bool decoded = hasReply && (part.rule == "§4.3" || !part.failed);
        if (!decoded || part.details) {
            // Error details are an answer of the backend's that went wrong all the same.
            TraceStep &step = part.details ? m_trace.warning(Stage::Backend, part.rule, config.pointer, detail)
                                           : m_trace.failed(Stage::Backend, part.rule, config.pointer, part.error, detail);
            step.durationMs = exchange.durationMs;
            return;
        }
        m_trace.ok(Stage::Backend, QByteArrayLiteral("§4.2"), config.pointer, detail).durationMs = exchange.durationMs;
        if (part.failed)
            m_trace.failed(Stage::Shape, part.rule, config.pointer + "/encoding", part.error,
                           part.notSimulated ? config.encoding.toLower() : QByteArray());
        else
            m_trace.ok(Stage::Shape, isNoOp(config) ? QByteArrayLiteral("§7.4") : QByteArrayLiteral("§4.4"), config.pointer);
    }

    // lura gives each backend a body of its own only where some method may change something; read twice, it is a closed one.
    [[nodiscard]] bool bodyIsShared() const
    {
        return m_endpoint.backends.size() > 1 && !m_endpoint.sequential && !m_request.body.isEmpty() &&
               std::all_of(m_endpoint.backends.begin(), m_endpoint.backends.end(), [](const gateway::BackendConfig &config) {
                   const QByteArray method = config.method.toUpper();
                   return method == "GET" || method == "HEAD";
               });
    }

    void noteRandomOrders(const std::vector<BackendData> &parts)
    {
        const bool parallel = m_endpoint.backends.size() > 1 && !m_endpoint.sequential;
        const auto failures = std::count_if(parts.begin(), parts.end(), [](const BackendData &part) { return part.failed; });
        if (parallel && failures > 1)
            m_out.notes.push_back(QByteArrayLiteral("the gateway logs the backends' errors in the order of their arrival"));
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const gateway::BackendConfig &config = m_endpoint.backends[i];
            if (config.mapping.size() < 2 || parts[i].failed || parts[i].details || isNoOp(config))
                continue;
            // Looked at before formatting, as the gateway does; only then do old and new names meet.
            const BackendData raw = decodeBody(config, **m_replies[i].reply);
            if (!raw.failed && mappingOrderMatters(config, raw.data.root()))
                m_out.notes.push_back(QByteArrayLiteral("mapping: the gateway renames in a random order, and here the order decides"));
        }
        if (bodyIsShared())
            m_out.notes.push_back(
                QByteArrayLiteral("all backends are asked by GET or HEAD, at once: only one of them can read the request's "
                                  "body, the others fail (nearly always); which one it is the gateway leaves to chance"));
        if (m_endpoint.concurrentCalls > 1)
            m_out.notes.push_back("concurrent_calls: each backend is asked " + QByteArray::number(m_endpoint.concurrentCalls) +
                                  " times at once, and the first good answer counts");
        for (const gateway::BackendConfig &config : m_endpoint.backends)
            if (config.hosts.size() > 1)
                m_out.notes.push_back(
                    QByteArrayLiteral("several hosts: the gateway picks one at random for each request, here it is the first"));
    }

    [[nodiscard]] qsizetype sizeHint() const
    {
        qsizetype size = 64;
        for (const BackendReply &reply : m_replies)
            if (reply.reply && *reply.reply)
                size += (*reply.reply)->body.size();
        return size;
    }

    void signedAnswer(const Merged &merged)
    {
        if (merged.failed) {
            logError("Proxy response: " + merged.error);
            refuse(400);
            return;
        }
        SignedBody body = signFields(merged.data.root(), m_signer.config.keysToSign, &*m_signer.signer, sizeHint());
        m_out.payloadText = std::move(body.payloadText);
        m_out.fields = std::move(body.fields);
        for (std::size_t i = 0; i < m_out.fields.size(); ++i)
            traceField(i);
        if (body.error) {
            const QByteArray text = "unable to sign payload: " + jose::gatewayText(*body.error);
            m_trace.failed(Stage::Sign, QByteArrayLiteral("§6.2"), pointerTo(m_endpoint.signerPointer, QByteArrayLiteral("alg")), text)
                .payloadPointer = pointerTo({}, body.errorField);
            logError("Signing fields: " + text);
            refuse(400);
            return;
        }
        if (m_out.fields.empty())
            m_trace.warning(Stage::Sign, QByteArrayLiteral("§4.6"), pointerTo(m_endpoint.signerPointer, QByteArrayLiteral("keys_to_sign")),
                            QByteArrayLiteral("nothing to sign"));
        take(writeJson(merged.status, merged.headers, std::move(body.body)));
        traceReply();
    }

    void traceField(std::size_t index)
    {
        const FieldOutcome &field = m_out.fields[index];
        const QByteArray pointer = m_endpoint.signerPointer + "/keys_to_sign/" + QByteArray::number(qulonglong(index));
        TraceStep *step = nullptr;
        switch (field.kind) {
        case FieldOutcome::Signed:
        case FieldOutcome::AlreadySigned:
            step = &m_trace.ok(Stage::Sign, QByteArrayLiteral("§4.6"), pointer, field.name);
            break;
        case FieldOutcome::Missing:
        case FieldOutcome::NotAnObject:
            step = &m_trace.warning(Stage::Sign, QByteArrayLiteral("§4.6"), pointer, field.name);
            break;
        }
        step->payloadPointer = pointerTo({}, field.name);
    }

    void refuse(int status)
    {
        take(abortWith(status));
        traceReply(QByteArrayLiteral("§7.2"));
    }

    void traceReply(const QByteArray &rule = QByteArrayLiteral("§7.1"))
    {
        QByteArray status = QByteArray::number(m_out.response.status);
        if (m_out.response.body.isEmpty())
            status += ", no body";
        if (m_out.brokenOff)
            m_trace.failed(Stage::Reply, QByteArrayLiteral("§7.4"), m_endpoint.pointer + "/output_encoding", {}, status);
        else if (m_out.response.status >= 200 && m_out.response.status < 300)
            m_trace.ok(Stage::Reply, rule, m_endpoint.pointer, status);
        else
            m_trace.failed(Stage::Reply, rule, m_endpoint.pointer, {}, status);
    }

    // An endpoint without a signer: lura's own handler with its JSON renderer.
    void plainAnswer(const Merged &merged)
    {
        if (m_endpoint.outputEncoding != "json" && !m_endpoint.outputEncoding.isEmpty()) {
            m_out.notSimulated.push_back("output_encoding " + m_endpoint.outputEncoding);
            m_unknown = true;
            return;
        }
        http::HeaderList own;
        const bool filled = merged.hasData && merged.data.root().size() > 0;
        own.append(QByteArrayLiteral("X-Krakend"), m_service.router.versionHeader());
        own.append(QByteArrayLiteral("X-Krakend-Completed"),
                   filled && merged.complete ? QByteArrayLiteral("true") : QByteArrayLiteral("false"));
        if (filled && merged.complete && m_endpoint.cacheTtlNs != 0)
            own.append(QByteArrayLiteral("Cache-Control"), "public, max-age=" + QByteArray::number(m_endpoint.cacheTtlNs / 1'000'000'000));
        if (merged.failed) {
            const bool several = m_endpoint.backends.size() > 1 && !(m_endpoint.sequential && !merged.hasData);
            int number = 0;
            for (qsizetype at = 0; at <= merged.error.size();) {
                qsizetype end = several ? merged.error.indexOf('\n', at) : merged.error.size();
                if (end < 0)
                    end = merged.error.size();
                const QByteArray text = merged.error.mid(at, end - at);
                logError(several ? "Error #" + QByteArray::number(number++) + ": " + text : text);
                at = end + 1;
            }
            if (!merged.hasData) {
                const bool carried = !several && merged.status > 0;
                const bool told = m_service.router.returnErrorMessage;
                take(writeJson(carried ? merged.status : 500, nullptr, told ? merged.error : QByteArray(), std::move(own)));
                m_out.response.headers.remove("Content-Type");
                if (told)
                    m_out.response.headers.append(QByteArrayLiteral("Content-Type"), errorType(carried));
                traceReply();
                return;
            }
        }
        m_out.payloadText = merged.hasData && !merged.data.root().isNilMap() ? json::write(merged.data.root()) : QByteArrayLiteral("null");
        take(writeJson(200, merged.headers, m_out.payloadText, std::move(own)));
        traceReply();
    }

    // A backend's own error body keeps its type.
    [[nodiscard]] QByteArray errorType(bool carried) const
    {
        if (carried && m_replies.size() == 1 && m_replies.front().reply && m_replies.front().reply->ok())
            return m_replies.front().reply->value().headers.first("Content-Type").value_or(QByteArray());
        return QByteArrayLiteral("text/plain; charset=utf-8");
    }

    void judge()
    {
        const int status = m_out.response.status;
        if (m_startFails || m_out.crash || m_out.hangs)
            m_out.verdict = Verdict::DoesNotStart;
        else if (m_service.limits.readsNothing())
            m_out.verdict = Verdict::Refused;
        else if (m_signer.error && !m_unknown && !m_refusedByValidator)
            m_out.verdict = std::any_of(m_out.notSimulated.begin(), m_out.notSimulated.end(), standsBeforeValidator) ? Verdict::Incomplete
                                                                                                                     : Verdict::Refused;
        else if (decidedElsewhere())
            m_out.verdict = Verdict::Incomplete;
        else if (status < 200 || status >= 300)
            m_out.verdict = Verdict::Refused;
        else
            m_out.verdict = judgeFields();
    }

    [[nodiscard]] Verdict judgeFields() const
    {
        std::size_t good = 0;
        for (const FieldOutcome &field : m_out.fields)
            good += field.kind == FieldOutcome::Signed || field.kind == FieldOutcome::AlreadySigned;
        // A broken-off answer or one without a body delivers nothing, signed or not.
        if (good == 0 || m_out.response.body.isEmpty() || m_out.brokenOff)
            return Verdict::Unsigned;
        return good == m_out.fields.size() ? Verdict::Signed : Verdict::PartlySigned;
    }

    const gateway::ServiceConfig &m_service;
    const gateway::EndpointConfig &m_endpoint;
    const SignerState &m_signer;
    const ValidatorState &m_validator;
    const ClientRequest &m_request;
    const Instant m_now;
    std::span<const BackendReply> m_replies;
    Outcome m_out;
    Trace m_trace;
    bool m_startFails = false; // whatever the signer says
    bool m_refusedByValidator = false;
    bool m_unknown = false; // something decides that is not played here
};

} // namespace

Outcome respond(const gateway::ServiceConfig &service, const gateway::EndpointConfig &endpoint, const SignerState &signer,
                const std::optional<ValidatorState> &validator, const ClientRequest &request, Instant now,
                std::span<const BackendReply> replies)
{
    static const ValidatorState none;
    return Responder(service, endpoint, signer, validator ? *validator : none, request, now, replies).run();
}

void applyWriteTimeout(const gateway::ConnectionLimits &limits, double elapsedMs, Outcome &outcome)
{
    const bool isOver =
        limits.writeNs > 0 && (elapsedMs * 1e6 > double(limits.writeNs) || gateway::ConnectionLimits::isOverAtOnce(limits.writeNs));
    if (!isOver || outcome.response.status == 0)
        return;
    outcome.response = {};
    outcome.brokenOff = true;
    if (outcome.verdict != Verdict::Incomplete)
        outcome.verdict = Verdict::Refused;
    std::erase_if(outcome.trace, [](const TraceStep &step) { return step.stage == Stage::Reply; });
    Trace(outcome.trace)
        .failed(Stage::Reply, QByteArrayLiteral("§1.3"), QByteArrayLiteral("/write_timeout"), {},
                QByteArrayLiteral("no answer: the connection is closed, write_timeout is over"));
}

ShapedReply shape(const gateway::BackendConfig &backend, const BackendExchange &exchange)
{
    BackendData data = backendData(backend, exchange);
    return {std::move(data.data), data.error, !data.failed && data.complete};
}

Outcome outcomeOfConfigError(const gateway::ConfigError &error)
{
    Outcome out;
    out.verdict = error.kind == gateway::ConfigError::NotReadYet ? Verdict::Incomplete : Verdict::DoesNotStart;
    out.startError = error.text;
    out.crash = error.kind == gateway::ConfigError::Crash;
    Trace trace(out.trace);
    trace.failed(Stage::Config, QByteArrayLiteral("§1.2"), error.pointer, error.text);
    trace.skipRest();
    return out;
}

} // namespace tokenlab::twin
