// One download of a key set, at the gateway's start or at a request of a validator's: through bindings, with the gateway's TLS rules and
// limits.
#pragma once

#include "core/lab/bindings.h"
#include "core/lab/run.h"
#include "core/net/exchange.h"

#include <QObject>
#include <QPointer>

namespace tokenlab::lab {

class KeyDownload : public QObject
{
    Q_OBJECT
public:
    KeyDownload(const twin::NeedDownload &need, const Bindings &bindings, const RunLimits &limits, QObject *parent = nullptr);
    ~KeyDownload() override;
    // A URL that is bound to a file is read at once; then finished() is emitted before this returns.
    void start();
    void abort();
    // From finished() on: DER, as the key host sent them.
    [[nodiscard]] const std::vector<QByteArray> &peerCertificates() const { return m_peerCertificates; }
    // Likewise; none for a URL that is bound to a file.
    [[nodiscard]] const std::vector<net::HopReport> &hops() const { return m_hops; }

Q_SIGNALS:
    // hangs: the host stayed silent past the lab's deadline, and the gateway would go on waiting.
    void finished(const tokenlab::twin::DownloadSupply &supply, bool hangs);

private:
    twin::NeedDownload m_need;
    Bindings m_bindings;
    RunLimits m_limits;
    QPointer<net::Exchange> m_exchange;
    std::vector<QByteArray> m_peerCertificates;
    std::vector<net::HopReport> m_hops;
};

} // namespace tokenlab::lab
