#include "core/lab/run.h"

#include "core/gateway/routes.h"
#include "core/lab/clienttls.h"
#include "core/lab/validatorkeys.h"
#include "core/net/exchange.h"

#include <QElapsedTimer>
#include <QPointer>

#include <algorithm>

namespace tokenlab::lab {
namespace {

constexpr qint64 longestNs = qint64(20) * 24 * 3'600 * 1'000'000'000; // what a timer can count

void note(std::vector<std::pair<QByteArray, QByteArray>> &acting, const Binding *binding)
{
    if (!binding)
        return;
    const std::pair<QByteArray, QByteArray> item(binding->from, binding->to);
    if (std::find(acting.begin(), acting.end(), item) == acting.end())
        acting.push_back(item);
}

// Go's transport unpacks what it asked for and hides that it was packed; where the client's own Accept-Encoding went out, lura does it for
// encodings it decodes, and the headers stay.
void unpack(Result<http::Reply, http::TransportError> &result, bool byTransport, qsizetype limit)
{
    if (!result)
        return;
    http::Reply &reply = *result;
    if (reply.headers.first("Content-Encoding") != std::optional<QByteArray>("gzip"))
        return;
    auto plain = http::gunzip(reply.body, limit);
    if (!plain) {
        // Only the header is looked at before the body is read.
        if (!plain.error().tooLarge && reply.body.startsWith("\x1f\x8b\x08") && reply.body.size() >= 10) {
            reply.body = plain.error().produced;
            if (reply.bodyError.isEmpty() || plain.error().text != "unexpected EOF")
                reply.bodyError = plain.error().text;
            return;
        }
        http::TransportError error;
        error.url = reply.finalUrl;
        if (plain.error().tooLarge) {
            error.kind = http::TransportError::TooLarge;
        } else {
            error.kind = http::TransportError::BadEncoding;
            error.text = reply.body.isEmpty()     ? QByteArrayLiteral("EOF")
                         : reply.body.size() < 10 ? QByteArrayLiteral("unexpected EOF")
                                                  : QByteArrayLiteral("gzip: invalid header");
        }
        result = fail(std::move(error));
        return;
    }
    reply.body = std::move(*plain);
    if (byTransport) {
        reply.headers.remove("Content-Encoding");
        reply.headers.remove("Content-Length");
    }
}

twin::Outcome completed(const RunInput &input, std::span<const twin::BackendExchange> exchanges, Instant now)
{
    const gateway::EndpointConfig &endpoint = input.service->endpoints[input.endpoint];
    twin::Outcome outcome = twin::respond(*input.service, endpoint, input.signer, input.validator, input.request, now, exchanges);
    outcome.bindings = actingBindings(*input.service, endpoint, input.bindings);
    if (input.keyMs >= 0)
        for (twin::TraceStep &step : outcome.trace)
            if (step.stage == twin::Stage::Key && step.state != twin::StepState::Skipped)
                step.durationMs = input.keyMs;
    return outcome;
}

// A gateway that ends at its start asks no backend.
bool startsUp(const RunInput &input)
{
    return gateway::isListenablePort(input.service->port) && !input.service->routeConflict && input.service->log.crash.isEmpty() &&
           input.signer.listenError.isEmpty() && !(input.signer.error && (input.signer.error->crash || input.signer.error->hangs)) &&
           !(input.validator.error && input.validator.error->endsGateway());
}

// A signer that could not be built answers without asking anybody.
bool asksBackends(const RunInput &input)
{
    return !(input.signer.enabled && !input.signer.signer);
}

// What the endpoint's handler gets to see; nothing where the validator refuses the request, or nobody can tell.
std::optional<twin::Admitted> admitted(const RunInput &input, const twin::RouteAnswer &route, Instant now)
{
    const twin::ValidatorVerdict verdict = twin::validate(input.validator, input.request, now);
    if (!verdict.passed())
        return std::nullopt;
    return twin::admit(input.service->endpoints[input.endpoint], input.validator, verdict.claims.root(), input.request, route);
}

http::TransportError notSent(const QByteArray &text, const QByteArray &url)
{
    http::TransportError error;
    error.kind = http::TransportError::BadUrl; // printed as it is
    error.text = text;
    error.url = url;
    return error;
}

} // namespace

std::vector<std::pair<QByteArray, QByteArray>> actingBindings(const gateway::ServiceConfig &service,
                                                              const gateway::EndpointConfig &endpoint, const Bindings &bindings)
{
    std::vector<std::pair<QByteArray, QByteArray>> acting;
    if (endpoint.signer) {
        if (const auto *signer = std::get_if<gateway::SignerConfig>(&*endpoint.signer)) {
            if (signer->localPath.isEmpty())
                note(acting, bindings.forUrl(signer->jwkUrl));
            else
                note(acting, bindings.forFile(signer->localPath));
            if (!signer->localCa.isEmpty())
                note(acting, bindings.forFile(signer->localCa));
        }
    }
    if (endpoint.validator) {
        if (const auto *validator = std::get_if<gateway::ValidatorConfig>(&*endpoint.validator)) {
            note(acting, bindings.forUrl(validator->jwkUrl));
            for (const QByteArray &path : {validator->localPath, validator->localCa})
                if (!path.isEmpty())
                    note(acting, bindings.forFile(path));
        }
    }
    for (const gateway::BackendConfig &backend : endpoint.backends)
        if (!backend.hosts.empty())
            note(acting, bindings.forUrl(backend.hosts.front() + backend.urlPattern));
    for (const QByteArray &ca : service.clientTls.caCerts)
        note(acting, bindings.forFile(ca));
    for (const auto &[certificate, key] : service.clientTls.clientCerts) {
        note(acting, bindings.forFile(certificate));
        note(acting, bindings.forFile(key));
    }
    for (const auto &[certificate, key] : service.serverTls.value_or(std::vector<std::pair<QByteArray, QByteArray>>())) {
        note(acting, bindings.forFile(certificate));
        note(acting, bindings.forFile(key));
    }
    return acting;
}

struct Run::Private {
    Run *q = nullptr;
    RunInput input;
    twin::RouteAnswer route;
    twin::ClientRequest admittedRequest; // behind the validator
    std::optional<Instant> at;           // of the validator's verdict
    QPointer<ValidatorKeys> validatorKeys;
    std::vector<twin::BackendExchange> exchanges;
    std::vector<net::Exchange *> running;  // by backend; nullptr: none or over
    std::vector<twin::ShapedReply> shaped; // sequential: keeps `previous` alive
    std::vector<json::Value> previous;
    std::size_t pending = 0;
    std::optional<BackendTls> tls; // read once, for the first https backend
    std::vector<QByteArray> notes; // of the network's side
    qint64 deadlineNs = 0;
    QElapsedTimer clock;
    QElapsedTimer since; // the request, as the server's limits count
    bool started = false, done = false;

    [[nodiscard]] const gateway::EndpointConfig &endpoint() const { return input.service->endpoints[input.endpoint]; }

    void begin()
    {
        if (done)
            return;
        started = true;
        since.start();
        const gateway::EndpointConfig &config = endpoint();
        route = twin::matchRoute(*input.service, config, input.request);
        if (input.service->limits.readsNothing() || route.status != 0 || !route.takenBy.isEmpty() || !startsUp(input)) {
            finish();
            return;
        }
        if (!input.validator.enabled) {
            admittedRequest = input.request;
            askBackends();
            return;
        }
        // The validator comes before everything else, also where no backend would be asked.
        validatorKeys = new ValidatorKeys(input.validator, input.request, input.bindings, input.limits, q);
        QObject::connect(validatorKeys, &ValidatorKeys::finished, q, [this](const twin::ValidatorState &state) {
            validatorKeys->deleteLater();
            if (done)
                return;
            input.validator = state;
            at = systemNow();
            const auto behind = admitted(input, route, *at);
            if (!behind) {
                finish();
                return;
            }
            admittedRequest = behind->request;
            route = behind->route;
            askBackends();
        });
        validatorKeys->start();
    }

    void askBackends()
    {
        const gateway::EndpointConfig &config = endpoint();
        if (!asksBackends(input)) {
            finish();
            return;
        }
        clock.start();
        // Several backends share 85 % of the endpoint's time (§4.5).
        deadlineNs = config.backends.size() > 1 ? config.timeoutNs / 100 * 85 : config.timeoutNs;
        running.assign(config.backends.size(), nullptr);
        if (config.sequential && config.backends.size() > 1) {
            ask(0);
            return;
        }
        exchanges.resize(config.backends.size());
        pending = config.backends.size();
        for (std::size_t i = 0; i < config.backends.size() && !done; ++i)
            ask(i);
    }

    const BackendTls &tlsOfBackends()
    {
        if (!tls) {
            tls = backendTls(input.service->clientTls, input.bindings);
            notes.insert(notes.end(), tls->notes.begin(), tls->notes.end());
        }
        return *tls;
    }

    [[nodiscard]] bool isSequential() const { return endpoint().sequential && endpoint().backends.size() > 1; }

    void ask(std::size_t index)
    {
        twin::BackendRequest request = twin::forward(endpoint(), index, admittedRequest, route, previous);
        if (exchanges.size() <= index)
            exchanges.resize(index + 1);
        twin::BackendExchange &slot = exchanges[index];
        slot.sent = request.request;
        slot.dropped = std::move(request.dropped);
        if (!endpoint().backends[index].askedOtherwise.isEmpty()) {
            slot.sent.headers = {};
            slot.sent.body.clear();
            slot.dropped.clear();
            if (isSequential() || --pending == 0)
                finish();
            return;
        }
        if (!request.error.isEmpty()) {
            received(index, {Result<http::Reply, http::TransportError>(fail(notSent(request.error, slot.sent.url))), 0}, {});
            return;
        }
        // A time that is too large for the gateway has become the smallest there is: nothing may be taken from that.
        const qint64 gone = clock.nsecsElapsed();
        const auto left = std::chrono::milliseconds(deadlineNs <= gone ? 0 : std::min(longestNs, deadlineNs - gone) / 1'000'000);
        if (left.count() <= 0) {
            http::TransportError error;
            error.kind = http::TransportError::Timeout;
            error.url = slot.sent.url;
            received(index, {Result<http::Reply, http::TransportError>(fail(std::move(error))), 0}, {});
            return;
        }
        const Binding *binding = input.bindings.forUrl(slot.sent.url);
        http::Request out = slot.sent;
        if (binding)
            out.url = bound(out.url, *binding);
        net::ExchangePolicy policy;
        if (out.url.startsWith("https:"))
            policy.tls = tlsOfBackends().policy;
        policy.timeout = left;
        const gateway::ConnectionLimits &limits = input.service->limits;
        policy.dial = std::chrono::nanoseconds(std::min(longestNs, limits.dialNs));
        policy.responseHeader = std::chrono::nanoseconds(std::min(longestNs, limits.responseHeaderNs));
        policy.acceptGzip = !limits.disableCompression;
        policy.keepAlive = !limits.disableKeepAlives;
        policy.maxBody = input.limits.maxBody;
        auto *exchange = new net::Exchange(out, policy, q);
        running[index] = exchange;
        const std::optional<Binding> used = binding ? std::optional(*binding) : std::nullopt;
        QObject::connect(exchange, &net::Exchange::finished, q, [this, index, used](const net::ExchangeResult &result) {
            running[index]->deleteLater();
            running[index] = nullptr;
            received(index, result, used);
        });
        exchange->start();
    }

    void received(std::size_t index, const net::ExchangeResult &result, const std::optional<Binding> &used)
    {
        if (done)
            return;
        twin::BackendExchange &slot = exchanges[index];
        slot.durationMs = result.durationMs;
        Result<http::Reply, http::TransportError> reply = result.reply;
        // What the transport has unpacked says nothing of it any more.
        if (endpoint().backends[index].encoding != "no-op")
            unpack(reply, false, input.limits.maxBody);
        if (reply && used)
            reply->finalUrl = unbound(reply->finalUrl, *used);
        if (!reply && used) {
            http::TransportError error = reply.error();
            error.url = unbound(error.url, *used);
            reply = fail(std::move(error));
        }
        slot.reply = std::move(reply);
        if (!isSequential()) {
            if (--pending == 0)
                finish();
            return;
        }
        const gateway::BackendConfig &config = endpoint().backends[index];
        shaped.push_back(twin::shape(config, slot));
        if (!shaped.back().complete || index + 1 == endpoint().backends.size()) {
            finish();
            return;
        }
        previous.push_back(shaped.back().data.root());
        ask(index + 1);
    }

    void finish()
    {
        if (done)
            return;
        done = true;
        twin::Outcome outcome = completed(input, exchanges, at.value_or(systemNow()));
        twin::applyWriteTimeout(input.service->limits, since.isValid() ? double(since.nsecsElapsed()) / 1e6 : 0, outcome);
        outcome.notes.insert(outcome.notes.end(), notes.begin(), notes.end());
        Q_EMIT q->finished(outcome);
    }
};

Run::Run(RunInput input, QObject *parent) : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->input = std::move(input);
}

Run::~Run()
{
    m_d->done = true;
}

void Run::start()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->begin(); }, Qt::QueuedConnection);
}

void Run::cancel()
{
    if (m_d->done)
        return;
    if (m_d->validatorKeys)
        m_d->validatorKeys->abort();
    for (net::Exchange *exchange : m_d->running) {
        if (!exchange)
            continue;
        exchange->disconnect(this);
        exchange->abort();
        exchange->deleteLater();
    }
    m_d->running.clear();
    for (twin::BackendExchange &slot : m_d->exchanges) {
        if (slot.reply)
            continue;
        http::TransportError error;
        error.kind = http::TransportError::Cancelled;
        error.url = slot.sent.url;
        slot.reply = Result<http::Reply, http::TransportError>(fail(std::move(error)));
    }
    m_d->finish();
}

twin::Outcome simulate(const RunInput &input, std::span<const http::Reply> replies, Instant now)
{
    const std::vector<GivenReply> given(replies.begin(), replies.end());
    return simulate(input, given, now);
}

twin::Outcome simulate(const RunInput &input, std::span<const GivenReply> replies, Instant now)
{
    const gateway::EndpointConfig &endpoint = input.service->endpoints[input.endpoint];
    const twin::RouteAnswer route = twin::matchRoute(*input.service, endpoint, input.request);
    const auto behind = admitted(input, route, now);
    std::vector<twin::BackendExchange> exchanges;
    std::vector<twin::ShapedReply> shaped;
    std::vector<json::Value> previous;
    if (!input.service->limits.readsNothing() && route.status == 0 && behind && startsUp(input) && asksBackends(input)) {
        for (std::size_t i = 0; i < endpoint.backends.size(); ++i) {
            twin::BackendRequest request = twin::forward(endpoint, i, behind->request, behind->route, previous);
            twin::BackendExchange &slot = exchanges.emplace_back();
            slot.sent = std::move(request.request);
            slot.dropped = std::move(request.dropped);
            if (!request.error.isEmpty()) {
                slot.reply = Result<http::Reply, http::TransportError>(fail(notSent(request.error, slot.sent.url)));
                if (endpoint.sequential)
                    break;
                continue;
            }
            if (i >= replies.size())
                continue; // none given
            GivenReply reply = replies[i];
            const bool byTransport = !slot.sent.headers.contains("Accept-Encoding") && !input.service->limits.disableCompression;
            if (byTransport || endpoint.backends[i].encoding != "no-op")
                unpack(reply, byTransport, input.limits.maxBody);
            slot.reply = std::move(reply);
            if (!endpoint.sequential)
                continue;
            shaped.push_back(twin::shape(endpoint.backends[i], slot));
            if (!shaped.back().complete)
                break;
            previous.push_back(shaped.back().data.root());
        }
    }
    twin::Outcome outcome = completed(input, exchanges, now);
    twin::applyWriteTimeout(input.service->limits, 0, outcome);
    return outcome;
}

} // namespace tokenlab::lab
