#include "ui/playground/playground.h"

#include "core/lab/privatefolder.h"

#include <QUrl>

namespace tokenlab::ui {

using playground::FaultGroup;
using playground::FaultSet;

Playground::Playground(Options options, QObject *parent) : QObject(parent), m_options(std::move(options)) {}

Playground::~Playground() = default;

void Playground::setTrouble(const QString &trouble)
{
    m_trouble = trouble;
    emit changed();
}

bool Playground::start()
{
    if (m_backend)
        return true;
    auto backend = std::make_unique<playground::DemoBackend>(m_options.clock);
    if (const auto port = backend->start(m_options.httpPort, m_options.orAnyFree); !port) {
        setTrouble(m_options.orAnyFree ? tr("The playground cannot listen on this computer (%1).").arg(port.error().text)
                                       : tr("Port %1 is not free (%2).").arg(m_options.httpPort).arg(port.error().text));
        return false;
    }
    m_backend = std::move(backend);
    setTrouble({});
    return true;
}

bool Playground::startHttps()
{
    if (!start())
        return false;
    if (m_backend->tls())
        return true;
    lab::PrivateFolder::sweep(); // what a killed program left
    m_folder = lab::PrivateFolder::create();
    if (!m_folder) {
        setTrouble(tr("No private folder can be made in %1, so there is no file of the CA.").arg(lab::PrivateFolder::standardParent()));
        return false;
    }
    if (const auto port = m_backend->startHttps(m_options.httpsPort, m_options.orAnyFree, m_folder->path()); !port) {
        m_folder.reset();
        setTrouble(tr("The playground does not speak HTTPS (%1).").arg(port.error().text));
        return false;
    }
    setTrouble({});
    return true;
}

QByteArray Playground::origin() const
{
    return m_backend ? m_backend->origin() : QByteArray();
}

const playground::PlaygroundTls *Playground::tls() const
{
    return m_backend && m_backend->tls() ? &*m_backend->tls() : nullptr;
}

Playground::Side Playground::sideOf(QByteArrayView url) const
{
    const QUrl asked = QUrl::fromEncoded(url.toByteArray());
    const QString host = asked.host();
    if (!m_backend || (host != QLatin1String("127.0.0.1") && host != QLatin1String("localhost") && host != QLatin1String("::1")))
        return Side::Neither;
    if (asked.scheme() == QLatin1String("http") && asked.port(80) == QUrl::fromEncoded(m_backend->origin()).port())
        return Side::Http;
    if (const auto *own = tls();
        own && asked.scheme() == QLatin1String("https") && asked.port(443) == QUrl::fromEncoded(own->origin).port())
        return Side::Https;
    return Side::Neither;
}

FaultSet Playground::faults() const
{
    return m_backend ? m_backend->faults() : FaultSet();
}

void Playground::setFaults(const FaultSet &faults)
{
    if (!m_backend)
        return;
    const FaultSet before = m_backend->faults();
    const auto set = m_backend->setFaults(faults);
    const QString trouble = set ? QString() : tr("A port could not be opened again (%1).").arg(set.error().text);
    if (trouble != m_trouble)
        setTrouble(trouble);
    if (before == faults)
        return;
    emit faultsChanged();
    bool ofKeys = false;
    for (const auto group : {FaultGroup::Certificate, FaultGroup::Port, FaultGroup::KeySet})
        ofKeys = ofKeys || before.of(group) != faults.of(group);
    if (ofKeys && m_restarts)
        emit gatewayRestartWanted();
}

} // namespace tokenlab::ui
