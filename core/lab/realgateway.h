// A real gateway on a document of ours: in a private folder, on a private port, and never longer than this program.
#pragma once

#include "core/lab/krakend.h"

#include <QString>

namespace tokenlab::lab {

struct GatewaySetup {
    GatewayProgram program;
    QByteArray document;      // as privateCopy() makes it; port and log are set here
    QString workingDirectory; // where relative paths begin; empty: this program's
    QStringList files;        // for a container
    bool gatewayEnvironment = false;
    std::chrono::milliseconds startDeadline{20000}; // a silent key host holds up the start for ever
    std::chrono::milliseconds stopDeadline{3000};   // then it is killed
    QString folderParent;                           // empty: the usual
};

class RealGateway : public QObject
{
    Q_OBJECT
public:
    explicit RealGateway(const GatewaySetup &setup, QObject *parent = nullptr);
    ~RealGateway() override; // kills what still runs

    struct End {
        bool listened = false;
        bool timedOut = false; // neither listened nor ended before the deadline
        bool crashed = false;
        bool asked = false; // stop() was called
        int exitCode = 0;
    };

    void start();
    void stop(); // politely first; ended() follows

    [[nodiscard]] quint16 port() const;
    [[nodiscard]] qint64 processId() const; // 0: it does not run
    [[nodiscard]] QString folder() const;
    // What it wrote, without colours; of more than some megabytes the beginning and the end. The private file is called krakend.json.
    [[nodiscard]] QByteArray log() const;

Q_SIGNALS:
    // Exactly one of failed() and ended() comes, after listening() or without it.
    void listening();
    void failed(const tokenlab::twin::GatewayTrouble &trouble);
    void ended(const tokenlab::lab::RealGateway::End &end);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::lab
