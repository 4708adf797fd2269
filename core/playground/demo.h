// The demo backend of the manual's example: login, refresh and key endpoints on loopback, and the demo configuration bound to it.
#pragma once

#include "core/playground/fault.h"
#include "core/playground/server.h"
#include "core/support/clock.h"

namespace tokenlab::playground {

// What somebody needs who wants to reach the playground over HTTPS.
struct PlaygroundTls {
    QByteArray origin; // `https://127.0.0.1:8443`
    QByteArray caPem;
    QString caFile;            // for jwk_local_ca and client_tls.ca_certs; empty: none was written
    QString configurationFile; // the demo configuration with this origin and CA, likewise
    QByteArray leafPin, caPin; // for jwk_fingerprints
};

// How long the faults of pace take.
struct FaultPace {
    int slowMs = 2000;   // until the first byte
    int dripMs = 100;    // between two of some twenty pieces
    int rotateMs = 1000; // after the first download: a gateway that starts asks once for each endpoint
};

class DemoBackend : public QObject
{
    Q_OBJECT
public:
    explicit DemoBackend(std::function<Instant()> clock, QObject *parent = nullptr);
    ~DemoBackend() override;
    // The preferred port, else any free one (orAnyFree).
    [[nodiscard]] Result<quint16, Server::ListenError> start(quint16 port = 8400, bool orAnyFree = true);
    [[nodiscard]] QByteArray origin() const;

    // HTTPS beside it, with a CA of its own that is made now. `folder`: a private one of the caller's that takes the two files, 0600; the
    // caller removes it. Empty: none is written.
    [[nodiscard]] Result<quint16, Server::ListenError> startHttps(quint16 port = 8443, bool orAnyFree = true, const QString &folder = {});
    [[nodiscard]] const std::optional<PlaygroundTls> &tls() const;

    // At once. Where the certificate or a port changes, the HTTPS connections that stand are closed. An error where a port could not be
    // opened again; the faults are in force all the same, and the next call tries once more.
    [[nodiscard]] Result<void, Server::ListenError> setFaults(const FaultSet &faults);
    [[nodiscard]] Result<void, Server::ListenError> setFault(Fault fault, bool on);
    [[nodiscard]] const FaultSet &faults() const;
    [[nodiscard]] bool keysRotated() const; // the keys have other names than at the first download
    void setPace(const FaultPace &pace);

Q_SIGNALS:
    void faultsChanged();

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

[[nodiscard]] QByteArray demoConfiguration(); // resources: the manual's example as a whole krakend.json, manual host names
// FROM of each binding: the manual's hosts; TO is the origin.
[[nodiscard]] std::vector<std::pair<QByteArray, QByteArray>> demoBindings(const QByteArray &origin);
// The same over HTTPS as it would be deployed: real addresses, the CA named, and no disable_jwk_security.
[[nodiscard]] QByteArray demoConfigurationOverTls(const QByteArray &origin, const QString &caFile);
[[nodiscard]] QByteArray demoRequestBody();

} // namespace tokenlab::playground
