#include "core/lab/keydownload.h"

#include "core/lab/files.h"
#include "core/net/exchange.h"

namespace tokenlab::lab {
namespace {

// A jwk_url that is bound to a file: served as a key host would.
twin::DownloadSupply fromFile(const QByteArray &url, const QByteArray &path)
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

} // namespace

KeyDownload::KeyDownload(const twin::NeedDownload &need, const Bindings &bindings, const RunLimits &limits, QObject *parent)
    : QObject(parent), m_need(need), m_bindings(bindings), m_limits(limits)
{
}

KeyDownload::~KeyDownload() = default;

void KeyDownload::start()
{
    const Binding *binding = m_bindings.forUrl(m_need.url);
    const QByteArray url = binding ? bound(m_need.url, *binding) : m_need.url;
    if (binding && !url.startsWith("http://") && !url.startsWith("https://")) {
        Q_EMIT finished(fromFile(m_need.url, url), false);
        return;
    }
    http::Request request;
    request.url = url;
    request.headers.append(QByteArrayLiteral("User-Agent"), QByteArrayLiteral("KrakenD Version 2.13.8"));
    net::ExchangePolicy policy;
    policy.tls.verify = m_need.verify;
    policy.tls.pins = m_need.pins;
    policy.tls.cipherSuites = m_need.cipherSuites;
    policy.tls.extraRoots = m_need.extraRoots;
    policy.timeout = std::chrono::milliseconds(0);
    policy.stages = net::ExchangePolicy::Stages{m_limits.dialTimeout, m_limits.handshakeTimeout, m_limits.keyHostDeadline};
    policy.maxBody = m_limits.maxBody;
    m_exchange = new net::Exchange(request, policy, this);
    const std::optional<Binding> used = binding ? std::optional(*binding) : std::nullopt;
    connect(m_exchange, &net::Exchange::finished, this, [this, used](const net::ExchangeResult &result) {
        m_exchange->deleteLater();
        m_hops = result.hops;
        m_peerCertificates = result.peerCertificates();
        twin::DownloadSupply supply = result.reply;
        const bool hangs = !supply && supply.error().kind == http::TransportError::Timeout;
        if (!supply && used) {
            http::TransportError error = supply.error();
            error.url = unbound(error.url, *used);
            supply = fail(std::move(error));
        }
        Q_EMIT finished(supply, hangs);
    });
    m_exchange->start();
}

void KeyDownload::abort()
{
    if (!m_exchange)
        return;
    m_exchange->disconnect(this);
    m_exchange->abort();
    m_exchange->deleteLater();
}

} // namespace tokenlab::lab
