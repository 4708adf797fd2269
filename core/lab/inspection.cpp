#include "core/lab/inspection.h"

#include "core/lab/clienttls.h"
#include "core/lab/keydownload.h"
#include "core/lab/servertls.h"

#include <deque>
#include <map>

namespace tokenlab::lab {

namespace {

constexpr std::size_t atOnce = 8;

// What decides of a download's outcome; a signer and a validator with the same settings share it.
template <class Config>
QByteArray settingsOf(const Config &config)
{
    QByteArray out = config.jwkUrl + '\n' + config.localCa + '\n' + (config.disableJwkSecurity ? '1' : '0');
    for (const QByteArray &pin : config.fingerprints)
        out += '\n' + pin;
    for (const quint16 suite : config.cipherSuites)
        out += ' ' + QByteArray::number(suite);
    return out;
}

bool isSilence(const twin::DownloadSupply &supply)
{
    return !supply && supply.error().kind == http::TransportError::Timeout;
}

} // namespace

struct Inspection::Private {
    Inspection *q = nullptr;
    std::shared_ptr<const gateway::ServiceConfig> service;
    Bindings bindings;
    RunLimits limits;
    std::optional<std::vector<std::size_t>> chosen;
    Inspected out;
    std::deque<std::size_t> waiting;
    std::size_t running = 0;
    std::map<QByteArray, std::vector<std::size_t>> sets; // of validators, still to be downloaded: the endpoints with these settings
    bool signersDone = false, done = false;

    void fill()
    {
        while (running < atOnce && !waiting.empty()) {
            look(waiting.front());
            waiting.pop_front();
        }
        if (!signersDone) {
            if (running > 0)
                return;
            signersDone = true;
            sortValidators();
        }
        while (running < atOnce && !sets.empty()) {
            download(sets.begin()->second);
            sets.erase(sets.begin());
        }
        if (running == 0 && !done) {
            done = true;
            Q_EMIT q->finished(out);
        }
    }

    // The gateway downloads a validator's key set at a request; whether it can be had is asked here already, each set once.
    void sortValidators()
    {
        std::map<QByteArray, const twin::DownloadSupply *> known;
        for (std::size_t i = 0; i < out.endpoints.size(); ++i)
            if (const problems::EndpointFacts &facts = out.endpoints[i]; facts.signer && facts.download)
                known.insert_or_assign(settingsOf(facts.signer->config), &*facts.download);
        for (std::size_t i = 0; i < out.endpoints.size(); ++i) {
            std::optional<twin::ValidatorState> &validator = out.endpoints[i].validator;
            if (!validator || !twin::keySetDownload(*validator))
                continue;
            const QByteArray settings = settingsOf(validator->config);
            if (const auto found = known.find(settings); found != known.end())
                supply(i, *found->second);
            else
                sets[settings].push_back(i);
        }
    }

    void supply(std::size_t endpoint, const twin::DownloadSupply &supply)
    {
        twin::ValidatorState &validator = *out.endpoints[endpoint].validator;
        validator.download = supply;
        validator.downloadHangs = isSilence(supply);
    }

    void download(const std::vector<std::size_t> &endpoints)
    {
        ++running;
        auto *set = new KeyDownload(*twin::keySetDownload(*out.endpoints[endpoints.front()].validator), bindings, limits, q);
        QObject::connect(
            set, &KeyDownload::finished, q,
            [this, set, endpoints](const twin::DownloadSupply &seen, bool) {
                for (const std::size_t endpoint : endpoints)
                    supply(endpoint, seen);
                set->deleteLater();
                --running;
                fill();
            },
            Qt::QueuedConnection);
        set->start();
    }

    void look(std::size_t endpoint)
    {
        ++running;
        auto *start = new GatewayStart(service, endpoint, bindings, limits, q);
        start->skipListening();
        QObject::connect(
            start, &GatewayStart::finished, q,
            [this, start, endpoint] {
                out.endpoints[endpoint] = start->facts();
                start->deleteLater();
                --running;
                fill();
            },
            Qt::QueuedConnection);
        start->start();
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
