#include "core/crypto/peerverify.h"
#include "core/lab/files.h"
#include "core/lab/keydownload.h"
#include "core/lab/run.h"
#include "core/lab/servertls.h"
#include "core/lab/validatorkeys.h"
#include "core/net/environment.h"
#include "core/support/url.h"

#include <QPointer>

#include <algorithm>

namespace tokenlab::lab {

namespace {

// Of the certificates that the host sent those that its trust rests on.
std::vector<QByteArray> trusted(const std::vector<QByteArray> &sent, const twin::NeedDownload &need)
{
    const auto url = Url::parse(need.url);
    if (sent.empty() || !url)
        return {};
    crypto::CertificatePool roots = crypto::CertificatePool::system();
    for (const QByteArray &pem : need.extraRoots)
        roots.addPem(pem);
    const auto verified = crypto::verifyPeer(sent, roots, url->hostName(), systemNow());
    if (!verified)
        return {};
    std::vector<QByteArray> out;
    std::copy_if(sent.begin(), sent.end(), std::back_inserter(out), [&](const QByteArray &certificate) {
        return std::find(verified->path.begin(), verified->path.end(), certificate) != verified->path.end();
    });
    return out;
}

} // namespace

struct GatewayStart::Private {
    GatewayStart *q = nullptr;
    std::shared_ptr<const gateway::ServiceConfig> service;
    std::size_t endpoint = 0;
    Bindings bindings;
    RunLimits limits;
    twin::Supplies supplies;
    QPointer<KeyDownload> download;
    twin::ValidatorState validator;
    problems::EndpointFacts facts;
    bool listens = true, done = false;

    // Asks the twin again and again what it needs next, until it has a signer or an error.
    void step()
    {
        while (!done) {
            twin::BuildStep next = twin::buildSigner(service->endpoints[endpoint], supplies);
            if (auto *state = std::get_if<twin::SignerState>(&next)) {
                done = true;
                facts.signer = *state;
                // The validator of the same endpoint comes after its signer, where that did not end it all.
                if (!state->error || !(state->error->crash || state->error->hangs)) {
                    validator = validatorAtStart(service->endpoints[endpoint], bindings);
                    facts.validator = validator;
                }
                if (listens)
                    state->listenError = serverTlsError(*service, bindings);
                Q_EMIT q->finished(*state);
                return;
            }
            const auto &need = std::get<twin::Need>(next);
            if (const auto *ca = std::get_if<twin::NeedCaFile>(&need)) {
                supplies.caFile = readFile(ca->path, bindings);
                facts.files.insert_or_assign(ca->path, *supplies.caFile);
            } else if (const auto *key = std::get_if<twin::NeedKeyFile>(&need)) {
                supplyKeyFile(supplies, key->path, bindings);
                facts.files.insert_or_assign(key->path, *supplies.keyFile);
            } else {
                startDownload(std::get<twin::NeedDownload>(need));
                return; // goes on when it has come
            }
        }
    }

    void startDownload(const twin::NeedDownload &need)
    {
        download = new KeyDownload(need, bindings, limits, q);
        QObject::connect(download, &KeyDownload::finished, q, [this, need](const twin::DownloadSupply &supply, bool hangs) {
            download->deleteLater();
            supplies.downloadHangs = hangs;
            supplies.download = supply;
            facts.download = supply;
            facts.peerCertificates = download->peerCertificates();
            facts.verifiedCertificates = trusted(facts.peerCertificates, need);
            step();
        });
        const Binding *binding = bindings.forUrl(need.url);
        if (const auto url = Url::parse(binding ? bound(need.url, *binding) : need.url)) {
            const auto proxy = net::proxyFor(*url, net::processEnvironment());
            facts.proxied = proxy && proxy->has_value();
        }
        download->start();
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
    if (m_d->download) {
        m_d->download->disconnect(this);
        m_d->download->abort();
        m_d->download->deleteLater();
    }
}

void GatewayStart::skipListening()
{
    m_d->listens = false;
}

const problems::EndpointFacts &GatewayStart::facts() const
{
    return m_d->facts;
}

const twin::ValidatorState &GatewayStart::validator() const
{
    return m_d->validator;
}

} // namespace tokenlab::lab
