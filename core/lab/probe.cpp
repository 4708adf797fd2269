#include "core/lab/probe.h"

#include "core/lab/clienttls.h"
#include "core/lab/files.h"
#include "core/twin/backenddata.h"

namespace tokenlab::lab {

namespace {

http::Request getRequest(const QByteArray &url)
{
    http::Request request;
    request.url = url;
    request.headers.append(QByteArrayLiteral("User-Agent"), QByteArrayLiteral("KrakenD Version 2.13.8"));
    return request;
}

net::ExchangePolicy keyClientPolicy(const RunLimits &limits)
{
    net::ExchangePolicy policy;
    policy.timeout = std::chrono::milliseconds(0);
    policy.stages = net::ExchangePolicy::Stages{limits.dialTimeout, limits.handshakeTimeout, limits.keyHostDeadline};
    policy.maxBody = limits.maxBody;
    return policy;
}

std::optional<Binding> bindingOf(const Bindings &bindings, const QByteArray &url)
{
    const Binding *binding = bindings.forUrl(url);
    return binding ? std::optional(*binding) : std::nullopt;
}

bool isHttpUrl(QByteArrayView url)
{
    return url.startsWith("http://") || url.startsWith("https://");
}

} // namespace

Probe::Probe(ProbeTarget target, QObject *parent) : QObject(parent), m_target(std::move(target)) {}

Probe::~Probe() = default;

void Probe::start()
{
    m_exchange = new net::Exchange(m_target.request, m_target.policy, this);
    connect(m_exchange, &net::Exchange::finished, this, [this](const net::ExchangeResult &result) {
        m_exchange->deleteLater();
        Probed out;
        out.hops = net::seenHops(result.hops, m_target.policy.tls, systemNow());
        out.durationMs = result.durationMs;
        out.reply = result.reply;
        if (!out.reply) {
            http::TransportError error = out.reply.error();
            if (m_target.binding)
                error.url = unbound(error.url, *m_target.binding);
            out.hangs = m_target.policy.stages && error.kind == http::TransportError::Timeout;
            out.gatewayText = twin::transportErrorText(error, m_target.request.method);
            out.reply = fail(std::move(error));
        }
        if (m_target.service) {
            twin::Supplies supplies = m_target.supplies;
            supplies.download = out.reply;
            supplies.downloadHangs = out.hangs;
            twin::BuildStep step = twin::buildSigner(m_target.service->endpoints[m_target.endpoint], supplies);
            if (auto *state = std::get_if<twin::SignerState>(&step))
                out.signer = std::move(*state);
        }
        Q_EMIT finished(out);
    });
    m_exchange->start();
}

void Probe::abort()
{
    if (!m_exchange)
        return;
    m_exchange->disconnect(this);
    m_exchange->abort();
    m_exchange->deleteLater();
}

Result<ProbeTarget, NoKeyHost> keyHostTarget(std::shared_ptr<const gateway::ServiceConfig> service, std::size_t endpoint,
                                             const Bindings &bindings, const RunLimits &limits)
{
    ProbeTarget out;
    out.endpoint = endpoint;
    out.service = std::move(service);
    for (;;) {
        twin::BuildStep next = twin::buildSigner(out.service->endpoints[endpoint], out.supplies);
        if (auto *state = std::get_if<twin::SignerState>(&next))
            return fail(NoKeyHost{state->error, {}});
        const auto &need = std::get<twin::Need>(next);
        if (const auto *ca = std::get_if<twin::NeedCaFile>(&need)) {
            out.supplies.caFile = readFile(ca->path, bindings);
        } else if (std::holds_alternative<twin::NeedKeyFile>(need)) {
            return fail(NoKeyHost{});
        } else {
            const auto &download = std::get<twin::NeedDownload>(need);
            out.url = download.url;
            out.binding = bindingOf(bindings, download.url);
            const QByteArray url = out.binding ? bound(download.url, *out.binding) : download.url;
            if (out.binding && !isHttpUrl(url))
                return fail(NoKeyHost{{}, url});
            out.request = getRequest(url);
            out.policy = keyClientPolicy(limits);
            out.policy.tls.verify = download.verify;
            out.policy.tls.pins = download.pins;
            out.policy.tls.cipherSuites = download.cipherSuites;
            out.policy.tls.extraRoots = download.extraRoots;
            return out;
        }
    }
}

ProbeTarget backendTarget(const gateway::ServiceConfig &service, const QByteArray &host, const Bindings &bindings, const RunLimits &limits)
{
    ProbeTarget out;
    out.url = host;
    out.binding = bindingOf(bindings, host);
    out.request = getRequest(out.binding ? bound(host, *out.binding) : host);
    out.policy.tls = backendTls(service.clientTls, bindings).policy;
    out.policy.maxBody = limits.maxBody;
    return out;
}

ProbeTarget urlTarget(const QByteArray &url, const UrlTrust &trust, const RunLimits &limits)
{
    ProbeTarget out;
    out.url = url;
    out.request = getRequest(url);
    out.policy = keyClientPolicy(limits);
    out.policy.tls.verify = trust.verify;
    out.policy.tls.pins = trust.pins;
    out.policy.tls.extraRoots = trust.extraRoots;
    return out;
}

} // namespace tokenlab::lab
