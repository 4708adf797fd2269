// The playground inside the program: the demo backend with its private folder, started when it is wanted, and the faults that are on.
#pragma once

#include "core/playground/demo.h"

#include <QObject>

namespace tokenlab::lab {
class PrivateFolder;
}

namespace tokenlab::ui {

class Playground : public QObject
{
    Q_OBJECT
public:
    struct Options {
        std::function<Instant()> clock;
        quint16 httpPort, httpsPort;
        bool orAnyFree;
    };
    explicit Playground(Options options, QObject *parent = nullptr);
    ~Playground() override;

    // Nothing happens where it runs already. False: trouble() says why not.
    bool start();
    bool startHttps(); // beside it; certificates and the CA's file are made now
    [[nodiscard]] bool isRunning() const { return m_backend != nullptr; }
    [[nodiscard]] QByteArray origin() const;                           // over HTTP; empty: it does not run
    [[nodiscard]] const playground::PlaygroundTls *tls() const;        // nullptr: no HTTPS yet
    [[nodiscard]] const QString &trouble() const { return m_trouble; } // of the last start or switch; empty: none
    [[nodiscard]] playground::DemoBackend *backend() { return m_backend.get(); }

    enum class Side { Neither, Http, Https };
    // Where a URL, its binding followed, leads: 127.0.0.1, localhost and ::1 are all it.
    [[nodiscard]] Side sideOf(QByteArrayView url) const;

    [[nodiscard]] playground::FaultSet faults() const;
    void setFaults(const playground::FaultSet &faults);
    // A gateway asks the key host once, when it starts: without a new start a fault of the keys or the ports changes nothing for it.
    void setRestartsGateway(bool restarts) { m_restarts = restarts; }
    [[nodiscard]] bool restartsGateway() const { return m_restarts; }
    [[nodiscard]] bool keysRotated() const { return m_backend && m_backend->keysRotated(); }

signals:
    void changed();       // started, or in trouble
    void faultsChanged(); // after the ports are as the faults have them
    void gatewayRestartWanted();

private:
    void setTrouble(const QString &trouble);

    Options m_options;
    std::unique_ptr<lab::PrivateFolder> m_folder;
    std::unique_ptr<playground::DemoBackend> m_backend;
    QString m_trouble;
    bool m_restarts = true;
};

} // namespace tokenlab::ui
