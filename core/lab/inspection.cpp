#include "core/lab/inspection.h"

#include "core/crypto/peerverify.h"
#include "core/lab/clienttls.h"
#include "core/lab/files.h"
#include "core/lab/keydownload.h"
#include "core/lab/servertls.h"
#include "core/lab/validatorkeys.h"
#include "core/net/environment.h"
#include "core/support/url.h"

#include <QPointer>

#include <algorithm>
#include <deque>

namespace tokenlab::lab {

namespace {

constexpr std::size_t atOnce = 8;

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

struct Inspection::Private {
    struct Job {
        std::size_t endpoint = 0;
        twin::Supplies supplies;
        std::unique_ptr<KeyDownload> download;
    };

    Inspection *q = nullptr;
    std::shared_ptr<const gateway::ServiceConfig> service;
    Bindings bindings;
    RunLimits limits;
    std::optional<std::vector<std::size_t>> chosen;
    Inspected out;
    std::deque<std::size_t> waiting;
    std::vector<std::unique_ptr<Job>> running;
    bool done = false;

    void fill()
    {
        while (running.size() < atOnce && !waiting.empty()) {
            auto job = std::make_unique<Job>();
            job->endpoint = waiting.front();
            waiting.pop_front();
            Job *started = job.get();
            running.push_back(std::move(job));
            step(started);
        }
        if (running.empty() && waiting.empty() && !done) {
            done = true;
            Q_EMIT q->finished(out);
        }
    }

    // The twin says what it needs next, until it has a signer or an error.
    void step(Job *job)
    {
        const gateway::EndpointConfig &endpoint = service->endpoints[job->endpoint];
        problems::EndpointFacts &facts = out.endpoints[job->endpoint];
        for (;;) {
            twin::BuildStep next = twin::buildSigner(endpoint, job->supplies);
            if (auto *state = std::get_if<twin::SignerState>(&next)) {
                facts.signer = std::move(*state);
                // The validator of the same endpoint comes after its signer, where that did not end it all.
                const std::optional<twin::StartError> &error = facts.signer->error;
                if (!error || !(error->crash || error->hangs))
                    facts.validator = validatorAtStart(endpoint, bindings);
                leave(job);
                return;
            }
            const auto &need = std::get<twin::Need>(next);
            if (const auto *ca = std::get_if<twin::NeedCaFile>(&need)) {
                job->supplies.caFile = readFile(ca->path, bindings);
                facts.files.insert_or_assign(ca->path, *job->supplies.caFile);
            } else if (const auto *key = std::get_if<twin::NeedKeyFile>(&need)) {
                job->supplies.keyFile = readFile(key->path, bindings);
                facts.files.insert_or_assign(key->path, *job->supplies.keyFile);
            } else {
                ask(job, std::get<twin::NeedDownload>(need));
                return;
            }
        }
    }

    void ask(Job *job, const twin::NeedDownload &need)
    {
        job->download = std::make_unique<KeyDownload>(need, bindings, limits);
        QObject::connect(
            job->download.get(), &KeyDownload::finished, q,
            [this, job, need](const twin::DownloadSupply &supply, bool hangs) {
                problems::EndpointFacts &facts = out.endpoints[job->endpoint];
                job->supplies.download = supply;
                job->supplies.downloadHangs = hangs;
                facts.download = supply;
                facts.peerCertificates = job->download->peerCertificates();
                facts.verifiedCertificates = trusted(facts.peerCertificates, need);
                step(job);
            },
            Qt::QueuedConnection);
        const Binding *binding = bindings.forUrl(need.url);
        if (const auto url = Url::parse(binding ? bound(need.url, *binding) : need.url)) {
            const auto proxy = net::proxyFor(*url, net::processEnvironment());
            out.endpoints[job->endpoint].proxied = proxy && proxy->has_value();
        }
        job->download->start();
    }

    void leave(Job *job)
    {
        const auto found = std::find_if(running.begin(), running.end(), [&](const auto &one) { return one.get() == job; });
        if (found != running.end()) {
            // Called from a signal of its download.
            if ((*found)->download)
                (*found)->download.release()->deleteLater();
            running.erase(found);
        }
        QMetaObject::invokeMethod(
            q, [this] { fill(); }, Qt::QueuedConnection);
    }
};

Inspection::Inspection(std::shared_ptr<const gateway::ServiceConfig> service, const Bindings &bindings, const RunLimits &limits,
                       QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->service = std::move(service);
    m_d->bindings = bindings;
    m_d->limits = limits;
}

Inspection::~Inspection() = default;

void Inspection::setEndpoints(const std::vector<std::size_t> &endpoints)
{
    m_d->chosen = endpoints;
}

void Inspection::start()
{
    m_d->out.endpoints.resize(m_d->service->endpoints.size());
    if (m_d->chosen)
        m_d->waiting.assign(m_d->chosen->begin(), m_d->chosen->end());
    else
        for (std::size_t i = 0; i < m_d->service->endpoints.size(); ++i)
            m_d->waiting.push_back(i);
    m_d->out.listenError = serverTlsError(*m_d->service, m_d->bindings);
    m_d->out.clientTlsNotes = backendTls(m_d->service->clientTls, m_d->bindings).notes;
    QMetaObject::invokeMethod(
        this, [this] { m_d->fill(); }, Qt::QueuedConnection);
}

} // namespace tokenlab::lab
