// A real KrakenD as a child process, on a free loopback port, in a folder of its own. It ends with this object.
#pragma once

#include "tests/support/gatewaycases.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

#include <map>

namespace tokenlab::testsupport {

class RealGateway : public QObject
{
    Q_OBJECT
public:
    // TOKENLAB_KRAKEND, else `krakend` in the PATH; empty: none.
    [[nodiscard]] static QString find();

    explicit RealGateway(QObject *parent = nullptr);
    ~RealGateway() override;

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] QByteArray folder() const { return m_folder.path().toUtf8(); }
    // The configuration must name port().
    [[nodiscard]] bool start(const QByteArray &configuration);
    [[nodiscard]] bool isListening() const { return m_listening; }
    [[nodiscard]] bool hasEnded() const { return m_process.state() == QProcess::NotRunning; }
    [[nodiscard]] QByteArray output() const { return m_output; }
    // ERROR and WARNING lines by the case's path `/cN` that they name.
    [[nodiscard]] std::map<QByteArray, QByteArrayList> logs() const;

Q_SIGNALS:
    void changed(); // listens, ended, or wrote something

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_output;
    int m_port = 0;
    bool m_listening = false;
};

// One request over a connection of its own; done is called once, from the event loop.
class RawExchange : public QObject
{
    Q_OBJECT
public:
    RawExchange(int port, const twin::ClientRequest &request, QObject *parent = nullptr);
    [[nodiscard]] bool isDone() const { return m_done; }
    // The log stays empty. status 0: no answer at all.
    [[nodiscard]] Answer answer() const;

Q_SIGNALS:
    void done();

private:
    QByteArray m_received;
    bool m_done = false;
};

} // namespace tokenlab::testsupport
