#include "core/lab/realgateway.h"

#include "core/lab/gatewaylog.h"
#include "core/lab/privatecopy.h"
#include "core/lab/privatefolder.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace tokenlab::lab {

namespace {

constexpr qsizetype logHead = 1024 * 1024;     // the start
constexpr qsizetype logTail = 4 * 1024 * 1024; // and what came last
constexpr int portTries = 3;
constexpr int pollMs = 25;
const QString fileName = QStringLiteral("krakend.json");

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

} // namespace

struct RealGateway::Private {
    RealGateway *q = nullptr;
    GatewaySetup setup;
    std::unique_ptr<PrivateFolder> folder;
    std::unique_ptr<QProcess> process;
    QTimer poll, deadline, killing;
    std::unique_ptr<QTcpSocket> probe;
    QByteArray head, tail;
    quint16 port = 0;
    int tries = 0;
    bool done = false, cut = false;
    End end;
    QString container;
    QByteArray configPath; // as it stands in the log, also after the folder is gone

    [[nodiscard]] bool isDocker() const { return setup.program.kind == GatewayProgram::Docker; }

    void begin()
    {
        if (done)
            return;
        PrivateFolder::sweep(setup.folderParent);
        if (!isDocker())
            return launch();
        auto *command = new Command(setup.program.program,
                                    {QStringLiteral("version"), QStringLiteral("--format"), QStringLiteral("{{.Server.Version}}")},
                                    std::chrono::seconds(10), q);
        QObject::connect(command, &Command::finished, q, [this, command](const Command::Answer &answer) {
            command->deleteLater();
            if (answer.started && !answer.timedOut && answer.exitCode == 0)
                return launch();
            fails(twin::GatewayTrouble::DockerSilent, answer.output.trimmed().left(400));
        });
        command->start();
    }

    void fails(twin::GatewayTrouble::Kind kind, const QByteArray &text = {})
    {
        if (std::exchange(done, true))
            return;
        cleanUp();
        Q_EMIT q->failed({kind, setup.program.displayName().toUtf8(), text});
    }

    void launch()
    {
        if (done)
            return;
        ++tries;
        head.clear();
        tail.clear();
        folder = PrivateFolder::create(setup.folderParent);
        if (!folder)
            return fails(twin::GatewayTrouble::NoFolder,
                         (setup.folderParent.isEmpty() ? PrivateFolder::standardParent() : setup.folderParent).toUtf8());
        port = freePort();
        if (port == 0)
            return fails(twin::GatewayTrouble::NoPort);
        configPath = isDocker() ? QByteArray("/token-lab/") + fileName.toUtf8() : folder->filePath(fileName).toUtf8();
        if (const QByteArray error = folder->write(fileName, withPort(setup.document, port)); !error.isEmpty())
            return fails(twin::GatewayTrouble::NoFolder, error);

        process = std::make_unique<QProcess>();
        process->setProcessChannelMode(QProcess::MergedChannels);
        process->setStandardInputFile(QProcess::nullDevice());
        process->setProcessEnvironment(environment());
        process->setWorkingDirectory(directory());
        tieToThisProcess(*process);
        QObject::connect(process.get(), &QProcess::readyRead, q, [this] { collect(); });
        QObject::connect(process.get(), &QProcess::started, q, [this] { poll.start(pollMs); });
        QObject::connect(process.get(), &QProcess::finished, q,
                         [this](int code, QProcess::ExitStatus status) { onFinished(code, status != QProcess::NormalExit); });
        QObject::connect(process.get(), &QProcess::errorOccurred, q, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                fails(twin::GatewayTrouble::CannotStart, process->errorString().toUtf8());
        });
        deadline.start(setup.startDeadline);
        process->start(setup.program.program, arguments());
    }

    [[nodiscard]] QString directory() const
    {
        return setup.workingDirectory.isEmpty() ? QDir::currentPath() : QDir(setup.workingDirectory).absolutePath();
    }

    [[nodiscard]] QProcessEnvironment environment() const
    {
        QProcessEnvironment all = gatewayProcessEnvironment(setup.gatewayEnvironment);
        // What the variables say goes before what the file says.
        if (all.contains(QStringLiteral("KRAKEND_PORT")))
            all.insert(QStringLiteral("KRAKEND_PORT"), QString::number(port));
        all.remove(QStringLiteral("KRAKEND_LISTEN_IP"));
        const QByteArray marker = folder->marker();
        all.insert(QString::fromUtf8(marker.left(marker.indexOf('='))), folder->path());
        return all;
    }

    [[nodiscard]] QStringList arguments()
    {
        if (!isDocker())
            return {QStringLiteral("run"), QStringLiteral("-c"), folder->filePath(fileName)};
        container = QFileInfo(folder->path()).fileName();
        folder->noteContainer(setup.program.program, container);
        QStringList all{QStringLiteral("run"),       QStringLiteral("--rm"), QStringLiteral("--name"), container,
                        QStringLiteral("--network"), QStringLiteral("host")};
#ifdef Q_OS_UNIX
        // Its files are closed to others.
        all << QStringLiteral("--user") << QStringLiteral("%1:%2").arg(::getuid()).arg(::getgid());
#endif
        all << QStringLiteral("-v") << folder->path() + QStringLiteral(":/token-lab:ro");
        for (const QString &file : setup.files)
            all << QStringLiteral("-v") << file + QLatin1Char(':') + file + QStringLiteral(":ro");
        all << QStringLiteral("-w") << directory();
        for (const QString &name : environment().keys()) {
            if (name.startsWith(QLatin1String("KRAKEND_")) || name == QLatin1String("USAGE_DISABLE") || name == QLatin1String("GIN_MODE"))
                all << QStringLiteral("-e") << name; // docker takes the value from its own environment
        }
        return all << setup.program.image << QStringLiteral("run") << QStringLiteral("-c") << QStringLiteral("/token-lab/") + fileName;
    }

    void collect()
    {
        QByteArray bytes = process->readAll();
        if (head.size() < logHead) {
            const qsizetype room = logHead - head.size();
            head += bytes.first(std::min(room, bytes.size()));
            bytes = bytes.mid(room);
        }
        tail += bytes;
        if (tail.size() > 2 * logTail) { // rarely, so that a flood costs little
            tail = tail.last(logTail);
            cut = true;
        }
    }

    // Whether it accepts connections: asked, since not every release says so.
    void look()
    {
        if (probe || done || end.listened)
            return;
        probe = std::make_unique<QTcpSocket>();
        QObject::connect(probe.get(), &QTcpSocket::connected, q, [this] {
            dropProbe();
            if (done || !process || process->state() != QProcess::Running)
                return;
            end.listened = true;
            poll.stop();
            deadline.stop();
            Q_EMIT q->listening();
        });
        QObject::connect(probe.get(), &QTcpSocket::errorOccurred, q, [this] { dropProbe(); });
        probe->connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    }

    void dropProbe()
    {
        if (!probe)
            return;
        probe->disconnect(q);
        probe->abort();
        probe.release()->deleteLater(); // it is the sender
    }

    void onFinished(int code, bool crashed)
    {
        if (done)
            return;
        collect();
        poll.stop();
        deadline.stop();
        killing.stop();
        dropProbe();
        const bool portTaken = !end.asked && !end.timedOut && (head + tail).contains("bind: address already in use");
        if (portTaken && tries < portTries && !end.listened) {
            // Somebody was faster between the choice of the port and its use.
            process->disconnect(q);
            process.release()->deleteLater();
            return launch();
        }
        done = true;
        end.exitCode = code;
        end.crashed = (crashed && !end.asked && !end.timedOut) || hasPanic(head + tail);
        cleanUp();
        Q_EMIT q->ended(end);
    }

    void stop()
    {
        if (done)
            return;
        end.asked = true;
        terminate();
    }

    void terminate()
    {
        poll.stop();
        deadline.stop();
        if (!process || process->state() == QProcess::NotRunning) {
            // Nothing was started yet.
            if (!std::exchange(done, true)) {
                cleanUp();
                Q_EMIT q->ended(end);
            }
            return;
        }
        killing.start(setup.stopDeadline);
        process->terminate();
    }

    void cleanUp()
    {
        poll.stop();
        deadline.stop();
        killing.stop();
        if (process) {
            process->disconnect(q);
            if (process->state() != QProcess::NotRunning) {
                killGroup(process->processId());
                process->waitForFinished(2000); // it was killed: this takes no time
            }
        }
        if (!container.isEmpty()) {
            QProcess::startDetached(setup.program.program, {QStringLiteral("rm"), QStringLiteral("-f"), container});
            container.clear();
        }
        if (folder)
            killMarked(folder->marker()); // what a wrapper script left behind
        folder.reset();
    }
};

RealGateway::RealGateway(const GatewaySetup &setup, QObject *parent) : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->setup = setup;
    m_d->deadline.setSingleShot(true);
    m_d->killing.setSingleShot(true);
    connect(&m_d->poll, &QTimer::timeout, this, [this] { m_d->look(); });
    connect(&m_d->deadline, &QTimer::timeout, this, [this] {
        m_d->end.timedOut = true;
        m_d->terminate();
    });
    connect(&m_d->killing, &QTimer::timeout, this, [this] {
        if (m_d->process)
            killGroup(m_d->process->processId());
    });
}

RealGateway::~RealGateway()
{
    m_d->done = true;
    if (m_d->probe)
        m_d->probe->disconnect(this);
    m_d->cleanUp();
}

void RealGateway::start()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->begin(); }, Qt::QueuedConnection);
}

void RealGateway::stop()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->stop(); }, Qt::QueuedConnection);
}

quint16 RealGateway::port() const
{
    return m_d->port;
}

qint64 RealGateway::processId() const
{
    return m_d->process ? m_d->process->processId() : 0;
}

QString RealGateway::folder() const
{
    return m_d->folder ? m_d->folder->path() : QString();
}

QByteArray RealGateway::log() const
{
    QByteArray all = m_d->head;
    if (m_d->cut || m_d->tail.size() > logTail)
        all += "\n[…]\n" + m_d->tail.last(std::min(logTail, m_d->tail.size()));
    else
        all += m_d->tail;
    all = withoutAnsi(std::move(all));
    if (!m_d->configPath.isEmpty())
        all.replace(m_d->configPath, fileName.toUtf8());
    return all;
}

} // namespace tokenlab::lab
