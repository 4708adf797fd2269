#include "core/lab/inspection.h"

#include "core/lab/clienttls.h"
#include "core/lab/servertls.h"

#include <deque>

namespace tokenlab::lab {

namespace {

constexpr std::size_t atOnce = 8;

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
    bool done = false;

    void fill()
    {
        while (running < atOnce && !waiting.empty()) {
            look(waiting.front());
            waiting.pop_front();
        }
        if (running == 0 && waiting.empty() && !done) {
            done = true;
            Q_EMIT q->finished(out);
        }
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
