#include "core/lab/files.h"
#include "core/lab/run.h"
#include "core/lab/servertls.h"
#include "core/net/exchange.h"
#include "core/support/logging.h"

#include <QPointer>

namespace tokenlab::lab {

struct GatewayStart::Private {
    GatewayStart *q = nullptr;
    std::shared_ptr<const gateway::ServiceConfig> service;
    std::size_t endpoint = 0;
    Bindings bindings;
    RunLimits limits;
    twin::Supplies supplies;
    QPointer<net::Exchange> exchange;
    bool done = false;

    // Asks the twin again and again what it needs next, until it has a signer or an error.
    void step()
    {
        while (!done) {
            twin::BuildStep next = twin::buildSigner(service->endpoints[endpoint], supplies);
            if (auto *state = std::get_if<twin::SignerState>(&next)) {
                done = true;
                state->listenError = serverTlsError(*service, bindings);
                Q_EMIT q->finished(*state);
                return;
            }
            const auto &need = std::get<twin::Need>(next);
            if (const auto *ca = std::get_if<twin::NeedCaFile>(&need)) {
                supplies.caFile = readFile(ca->path, bindings);
            } else if (const auto *key = std::get_if<twin::NeedKeyFile>(&need)) {
                supplies.keyFile = readFile(key->path, bindings);
            } else if (download(std::get<twin::NeedDownload>(need))) {
                return; // goes on when it has come
            }
        }
    }

    // True when the network was asked.
    bool download(const twin::NeedDownload &need)
    {
        const Binding *binding = bindings.forUrl(need.url);
        const QByteArray url = binding ? bound(need.url, *binding) : need.url;
        if (binding && !url.startsWith("http://") && !url.startsWith("https://")) {
            supplies.download = fromFile(need.url, url);
            return false;
        }
        http::Request request;
        request.url = url;
        request.headers.append(QByteArrayLiteral("User-Agent"), QByteArrayLiteral("KrakenD Version 2.13.8"));
        net::ExchangePolicy policy;
        policy.tls.verify = need.verify;
        policy.tls.pins = need.pins;
        policy.tls.cipherSuites = need.cipherSuites;
        policy.tls.extraRoots = need.extraRoots;
        policy.timeout = std::chrono::milliseconds(0);
        policy.stages = net::ExchangePolicy::Stages{limits.dialTimeout, limits.handshakeTimeout, limits.keyHostDeadline};
        policy.maxBody = limits.maxBody;
        exchange = new net::Exchange(request, policy, q);
        const std::optional<Binding> used = binding ? std::optional(*binding) : std::nullopt;
        QObject::connect(exchange, &net::Exchange::finished, q, [this, used](const net::ExchangeResult &result) {
            exchange->deleteLater();
            twin::DownloadSupply supply = result.reply;
            if (!supply && supply.error().kind == http::TransportError::Timeout)
                supplies.downloadHangs = true;
            if (!supply && used) {
                http::TransportError error = supply.error();
                error.url = unbound(error.url, *used);
                supply = fail(std::move(error));
            }
            supplies.download = std::move(supply);
            step();
        });
        exchange->start();
        return true;
    }

    // A jwk_url that is bound to a file: served as a key host would.
    static twin::DownloadSupply fromFile(const QByteArray &url, const QByteArray &path)
    {
        auto content = readFile(path, {});
        if (!content)
            return fail(http::TransportError{http::TransportError::Other, content.error(), url});
        http::Reply reply;
        reply.status = 200;
        reply.headers.append(QByteArrayLiteral("Content-Type"), QByteArrayLiteral("application/json"));
        reply.body = *content;
        reply.finalUrl = url;
        return reply;
    }
};

GatewayStart::GatewayStart(std::shared_ptr<const gateway::ServiceConfig> service, std::size_t endpoint, const Bindings &bindings,
                           const RunLimits &limits, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->service = std::move(service);
    m_d->endpoint = endpoint;
    m_d->bindings = bindings;
    m_d->limits = limits;
}

GatewayStart::~GatewayStart() = default;

void GatewayStart::start()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->step(); }, Qt::QueuedConnection);
}

void GatewayStart::abort()
{
    m_d->done = true;
    if (m_d->exchange) {
        m_d->exchange->disconnect(this);
        m_d->exchange->abort();
        m_d->exchange->deleteLater();
    }
}

} // namespace tokenlab::lab
