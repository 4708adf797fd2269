#include "core/lab/validatorkeys.h"

#include "core/lab/files.h"

namespace tokenlab::lab {

twin::ValidatorState validatorAtStart(const gateway::EndpointConfig &endpoint, const Bindings &bindings)
{
    twin::Supplies supplies;
    for (;;) {
        twin::ValidatorStep step = twin::buildValidator(endpoint, supplies);
        if (auto *state = std::get_if<twin::ValidatorState>(&step))
            return std::move(*state);
        const auto &need = std::get<twin::Need>(step);
        if (const auto *ca = std::get_if<twin::NeedCaFile>(&need))
            supplies.caFile = readFile(ca->path, bindings);
        else if (const auto *keys = std::get_if<twin::NeedKeyFile>(&need))
            supplyKeyFile(supplies, keys->path, bindings);
    }
}

ValidatorKeys::ValidatorKeys(const twin::ValidatorState &state, const twin::ClientRequest &request, const Bindings &bindings,
                             const RunLimits &limits, QObject *parent)
    : QObject(parent), m_state(state), m_request(request), m_bindings(bindings), m_limits(limits)
{
}

void ValidatorKeys::start()
{
    const auto need = twin::neededDownload(m_state, m_request);
    if (!need) {
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT finished(m_state); }, Qt::QueuedConnection);
        return;
    }
    m_download = new KeyDownload(*need, m_bindings, m_limits, this);
    connect(
        m_download, &KeyDownload::finished, this,
        [this](const twin::DownloadSupply &supply, bool hangs) {
            m_download->deleteLater();
            m_state.download = supply;
            m_state.downloadHangs = hangs;
            Q_EMIT finished(m_state);
        },
        Qt::QueuedConnection);
    m_download->start();
}

void ValidatorKeys::abort()
{
    if (m_download) {
        m_download->disconnect(this);
        m_download->abort();
    }
}

} // namespace tokenlab::lab
