#include "core/lab/krakend.h"

#include "core/lab/gatewaylog.h"
#include "core/lab/privatefolder.h"
#include "core/support/childprocess.h"

#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTimer>

namespace tokenlab::lab {

namespace {

constexpr std::chrono::milliseconds shortCommand{20000};
constexpr std::chrono::milliseconds imageCommand{300000}; // an image may have to be fetched first
constexpr qsizetype mostOutput = 1024 * 1024;

QString executable(const QString &name)
{
    if (!name.contains(QLatin1Char('/')))
        return QStandardPaths::findExecutable(name);
    const QFileInfo info(name);
    return info.isFile() && info.isExecutable() ? info.absoluteFilePath() : QString();
}

twin::GatewayTrouble trouble(twin::GatewayTrouble::Kind kind, const QString &subject, const QByteArray &text = {})
{
    return {kind, subject.toUtf8(), text};
}

} // namespace

QString GatewayProgram::displayName() const
{
    return kind == Docker ? QStringLiteral("docker:") + image : program;
}

Result<GatewayProgram, twin::GatewayTrouble> findGateway(const QString &name)
{
    using Trouble = twin::GatewayTrouble;
    if (name.startsWith(QLatin1String("docker:"))) {
        const QString image = name.mid(7);
        const QString docker = QStandardPaths::findExecutable(QStringLiteral("docker"));
        static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9._/:@-]*$"));
        if (!plain.match(image).hasMatch()) // nothing that docker could take for an option
            return fail(trouble(Trouble::NotExecutable, name));
        if (docker.isEmpty())
            return fail(trouble(Trouble::DockerSilent, name));
        const bool isVersion = !image.contains(QLatin1Char(':')) && !image.contains(QLatin1Char('/'));
        return GatewayProgram{GatewayProgram::Docker, docker, isVersion ? QStringLiteral("devopsfaith/krakend:") + image : image};
    }
    const QString wanted = name.isEmpty() ? qEnvironmentVariable("TOKENLAB_KRAKEND") : name;
    const QString found = executable(wanted.isEmpty() ? QStringLiteral("krakend") : wanted);
    if (!found.isEmpty())
        return GatewayProgram{GatewayProgram::Binary, found, {}};
    return fail(wanted.isEmpty() ? trouble(Trouble::NoProgram, {}) : trouble(Trouble::NotExecutable, wanted));
}

QProcessEnvironment gatewayProcessEnvironment(bool withGatewayVariables)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys())
        if (name.startsWith(QLatin1String("FC_")) || (!withGatewayVariables && name.startsWith(QLatin1String("KRAKEND_"))))
            environment.remove(name);
    environment.insert(QStringLiteral("USAGE_DISABLE"), QStringLiteral("1"));
    environment.insert(QStringLiteral("GIN_MODE"), QStringLiteral("release"));
    return environment;
}

struct Command::Private {
    Command *q = nullptr;
    QProcess process;
    QTimer limit;
    Answer answer;
    QString program;
    QStringList arguments;
    bool done = false;

    void finish()
    {
        if (std::exchange(done, true))
            return;
        limit.stop();
        Q_EMIT q->finished(answer);
    }
};

Command::Command(const QString &program, const QStringList &arguments, std::chrono::milliseconds timeout, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->program = program;
    m_d->arguments = arguments;
    m_d->limit.setSingleShot(true);
    m_d->limit.setInterval(timeout);
    m_d->process.setProcessChannelMode(QProcess::MergedChannels);
    m_d->process.setStandardInputFile(QProcess::nullDevice());
    tieToThisProcess(m_d->process);
    connect(&m_d->process, &QProcess::readyRead, this, [this] {
        const QByteArray bytes = m_d->process.readAll();
        if (m_d->answer.output.size() < mostOutput)
            m_d->answer.output += bytes.first(std::min(bytes.size(), mostOutput - m_d->answer.output.size()));
    });
    connect(&m_d->process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        m_d->answer.exitCode = code;
        m_d->answer.crashed = status != QProcess::NormalExit;
        m_d->finish();
    });
    connect(&m_d->process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        m_d->answer.started = false;
        m_d->answer.error = m_d->process.errorString().toUtf8();
        m_d->finish();
    });
    connect(&m_d->limit, &QTimer::timeout, this, [this] {
        m_d->answer.timedOut = true;
        killGroup(m_d->process.processId());
        m_d->finish();
    });
}

Command::~Command()
{
    m_d->done = true;
    m_d->process.disconnect(this);
    if (m_d->process.state() == QProcess::NotRunning)
        return;
    killGroup(m_d->process.processId());
    m_d->process.waitForFinished(2000); // it was killed: this takes no time
}

void Command::setWorkingDirectory(const QString &path)
{
    m_d->process.setWorkingDirectory(path);
}

void Command::setEnvironment(const QProcessEnvironment &environment)
{
    m_d->process.setProcessEnvironment(environment);
}

void Command::start()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_d->limit.start();
            m_d->process.start(m_d->program, m_d->arguments);
        },
        Qt::QueuedConnection);
}

QByteArray releaseIn(const QByteArray &output)
{
    static const QRegularExpression version(QStringLiteral(R"(KrakenD Version:\s*v?(\d+\.\d+(?:\.\d+)?[0-9A-Za-z.+-]*))"),
                                            QRegularExpression::CaseInsensitiveOption);
    const auto match = version.match(QString::fromUtf8(withoutAnsi(output)));
    return match.captured(1).toUtf8();
}

ReleaseQuery::ReleaseQuery(const GatewayProgram &program, QObject *parent) : QObject(parent), m_program(program) {}

void ReleaseQuery::start()
{
    const bool docker = m_program.kind == GatewayProgram::Docker;
    const QStringList arguments =
        docker ? QStringList{QStringLiteral("run"), QStringLiteral("--rm"), m_program.image, QStringLiteral("version")}
               : QStringList{QStringLiteral("version")};
    auto *command = new Command(m_program.program, arguments, docker ? imageCommand : shortCommand, this);
    command->setEnvironment(gatewayProcessEnvironment(false));
    connect(command, &Command::finished, this, [this, command](const Command::Answer &answer) {
        command->deleteLater();
        if (const QByteArray release = releaseIn(answer.output); answer.started && !release.isEmpty()) {
            Q_EMIT finished(release);
            return;
        }
        const auto kind = answer.started ? twin::GatewayTrouble::NoRelease : twin::GatewayTrouble::CannotStart;
        Q_EMIT finished(fail(trouble(kind, m_program.displayName(), answer.started ? answer.output.trimmed().left(400) : answer.error)));
    });
    command->start();
}

CheckAnswer readCheck(const QByteArray &output, int exitCode, const QByteArray &fileName)
{
    CheckAnswer answer;
    answer.exitCode = exitCode;
    answer.output = withoutAnsi(output);
    answer.kind = exitCode == 0 && answer.output.contains("Syntax OK!") ? CheckAnswer::Ok : CheckAnswer::Other;
    if (answer.kind == CheckAnswer::Ok)
        return answer;
    answer.text = answer.output.trimmed();
    const struct {
        CheckAnswer::Kind kind;
        const char *title;
    } titles[] = {{CheckAnswer::Parse, "ERROR parsing the configuration file:"},
                  {CheckAnswer::Lint, "ERROR linting the configuration file:"},
                  {CheckAnswer::Routes, "ERROR testing the configuration file:"}};
    for (const auto &[kind, title] : titles) {
        const qsizetype at = answer.output.indexOf(title);
        if (at < 0)
            continue;
        answer.kind = kind;
        answer.text = answer.output.mid(at + qsizetype(qstrlen(title))).trimmed();
        if (const QByteArray file = '\'' + fileName + "': "; answer.text.startsWith(file))
            answer.text.remove(0, file.size());
        break;
    }
    if (answer.kind != CheckAnswer::Lint)
        return answer;
    static const QRegularExpression violation(QStringLiteral(R"(^( *)- at '((?:[^'\\]|\\.)*)': (.*)$)"));
    for (const QByteArray &line : answer.text.split('\n')) {
        const auto match = violation.match(QString::fromUtf8(line));
        // `validation failed` only holds together what follows.
        if (match.hasMatch() && match.captured(3) != QLatin1String("validation failed"))
            answer.violations.push_back({match.captured(2).toUtf8(), match.captured(3).toUtf8(), int(match.capturedLength(1) / 2)});
    }
    return answer;
}

struct KrakendCheck::Private {
    KrakendCheck *q = nullptr;
    GatewayProgram program;
    QByteArray text;
    QString format;
    std::unique_ptr<PrivateFolder> folder;
    bool gatewayEnvironment = false;

    void notRun(const twin::GatewayTrouble &what)
    {
        CheckAnswer answer;
        answer.trouble = what;
        answer.text = what.text;
        Q_EMIT q->finished(answer);
    }

    void begin()
    {
        PrivateFolder::sweep();
        folder = PrivateFolder::create();
        if (!folder)
            return notRun(trouble(twin::GatewayTrouble::NoFolder, PrivateFolder::standardParent()));
        const QString name = QStringLiteral("krakend.") + format;
        if (const QByteArray error = folder->write(name, text); !error.isEmpty())
            return notRun(trouble(twin::GatewayTrouble::NoFolder, folder->path(), error));
        const bool docker = program.kind == GatewayProgram::Docker;
        QStringList arguments{QStringLiteral("check"), QStringLiteral("-tn"), QStringLiteral("-c"), name};
        if (docker)
            arguments = QStringList{QStringLiteral("run"), QStringLiteral("--rm"),
                                    QStringLiteral("-v"),  folder->path() + QStringLiteral(":/token-lab:ro"),
                                    QStringLiteral("-w"),  QStringLiteral("/token-lab"),
                                    program.image} +
                        arguments;
        auto *command = new Command(program.program, arguments, docker ? imageCommand : shortCommand, q);
        QProcessEnvironment environment = gatewayProcessEnvironment(gatewayEnvironment);
        const QByteArray marker = folder->marker();
        environment.insert(QString::fromUtf8(marker.left(marker.indexOf('='))), folder->path());
        command->setEnvironment(environment);
        command->setWorkingDirectory(folder->path());
        QObject::connect(command, &Command::finished, q, [this, command, name](const Command::Answer &ran) {
            command->deleteLater();
            folder.reset();
            if (!ran.started)
                return notRun(trouble(twin::GatewayTrouble::CannotStart, program.displayName(), ran.error));
            if (ran.timedOut)
                return notRun(trouble(twin::GatewayTrouble::NoAnswer, program.displayName(), ran.output.trimmed().left(400)));
            Q_EMIT q->finished(readCheck(ran.output, ran.crashed ? -1 : ran.exitCode, name.toUtf8()));
        });
        command->start();
    }
};

KrakendCheck::KrakendCheck(const GatewayProgram &program, const QByteArray &text, const QString &format, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->program = program;
    m_d->text = text;
    m_d->format = format;
}

KrakendCheck::~KrakendCheck() = default;

void KrakendCheck::setGatewayEnvironment(bool on)
{
    m_d->gatewayEnvironment = on;
}

void KrakendCheck::start()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->begin(); }, Qt::QueuedConnection);
}

} // namespace tokenlab::lab
