#include "core/lab/render.h"

#include "core/lab/privatefolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>

namespace tokenlab::lab {

namespace {

constexpr qint64 largestResult = qint64(256) * 1024 * 1024;

QString folderOf(const char *variable, const QDir &beside, const QString &name)
{
    const QString given = qEnvironmentVariable(variable);
    if (!given.isEmpty())
        return QFileInfo(given).absoluteFilePath();
    const QFileInfo there(beside.filePath(name));
    return there.isDir() ? there.absoluteFilePath() : QString();
}

std::vector<QByteArray> missingIn(const QString &folder, const std::vector<QByteArray> &names)
{
    std::vector<QByteArray> missing;
    for (const QByteArray &name : names) {
        if (folder.isEmpty() || !QFileInfo(QDir(folder).filePath(QString::fromUtf8(name))).isFile())
            missing.push_back(name);
    }
    return missing;
}

} // namespace

TemplateFolders templateFolders(const QString &file)
{
    const QDir beside = QFileInfo(file).absoluteDir();
    return {folderOf("FC_SETTINGS", beside, QStringLiteral("settings")), folderOf("FC_PARTIALS", beside, QStringLiteral("partials")),
            folderOf("FC_TEMPLATES", beside, QStringLiteral("templates"))};
}

struct TemplateRender::Private {
    TemplateRender *q = nullptr;
    GatewayProgram program;
    QByteArray text;
    QString file;
    TemplateFolders folders;
    std::chrono::milliseconds timeout{30000};
    std::unique_ptr<PrivateFolder> folder;
    std::unique_ptr<Command> command;

    void fails(gateway::RenderTrouble::Kind kind, const QByteArray &words = {}, int line = 0, int column = 0)
    {
        const gateway::RenderTrouble trouble{kind, words, line, column};
        QMetaObject::invokeMethod(
            q, [this, trouble] { Q_EMIT q->finished(RenderResult(fail(trouble))); }, Qt::QueuedConnection);
    }
    [[nodiscard]] QString outFile() const { return folder->filePath(QStringLiteral("rendered.json")); }
    [[nodiscard]] QByteArray withoutFolder(QByteArray words) const
    {
        return words.replace((folder->path() + QLatin1Char('/')).toUtf8(), QByteArray()).trimmed();
    }
    void answered(const Command::Answer &answer);
};

void TemplateRender::Private::answered(const Command::Answer &answer)
{
    using Trouble = gateway::RenderTrouble;
    if (!answer.started)
        return fails(Trouble::NotStarted, answer.error);
    if (answer.timedOut)
        return fails(Trouble::TimedOut);
    const QByteArray log = withoutFolder(answer.output);
    QFile rendered(outFile());
    if (!rendered.open(QIODevice::ReadOnly) || rendered.size() > largestResult) {
        // `… template: krakend.tmpl:3:14: executing …`; an unclosed action has no column.
        static const QRegularExpression place(QStringLiteral("template: [^\\n]*?:(\\d+)(?::(\\d+))?: ([^\\n]*)"));
        const auto match = place.match(QString::fromUtf8(log));
        if (match.hasMatch())
            return fails(Trouble::Failed, match.captured(3).toUtf8(), match.captured(1).toInt(), match.captured(2).toInt());
        return fails(Trouble::Failed, log);
    }
    gateway::Rendered result;
    result.text = rendered.readAll();
    result.log = log;
    if (const auto use = gateway::templateUse(text, file)) {
        result.missing = missingIn(folders.partials, use->includes);
        for (const QByteArray &name : use->variables) {
            if (qEnvironmentVariableIsEmpty(name.constData()))
                result.emptyVariables.push_back(name);
        }
    }
    Q_EMIT q->finished(RenderResult(std::move(result)));
}

TemplateRender::TemplateRender(const GatewayProgram &program, const QByteArray &text, const QString &file, const TemplateFolders &folders,
                               QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->program = program;
    m_d->text = text;
    m_d->file = file;
    m_d->folders = folders;
}

TemplateRender::~TemplateRender() = default;

void TemplateRender::setTimeout(std::chrono::milliseconds timeout)
{
    m_d->timeout = timeout;
}

void TemplateRender::start()
{
    using Trouble = gateway::RenderTrouble;
    // An image would see neither the template's folders nor its variables.
    if (m_d->program.kind != GatewayProgram::Binary)
        return m_d->fails(Trouble::NoProgram);
    m_d->folder = PrivateFolder::create();
    if (!m_d->folder)
        return m_d->fails(Trouble::NoFolder);
    // Errors name the file as its owner knows it.
    QString name = QFileInfo(m_d->file).fileName();
    if (name.isEmpty() || name == QLatin1String("-") || name == QLatin1String("rendered.json"))
        name = QStringLiteral("krakend.tmpl");
    if (const QByteArray error = m_d->folder->write(name, m_d->text); !error.isEmpty())
        return m_d->fails(Trouble::NoFolder, error);

    // KRAKEND_ variables stay: a template may read them. FC_ variables are ours.
    QProcessEnvironment environment = gatewayProcessEnvironment(true);
    environment.insert(QStringLiteral("FC_ENABLE"), QStringLiteral("1"));
    environment.insert(QStringLiteral("FC_OUT"), m_d->outFile());
    const auto give = [&](const char *variable, const QString &folder) {
        if (!folder.isEmpty())
            environment.insert(QString::fromLatin1(variable), folder);
    };
    give("FC_SETTINGS", m_d->folders.settings);
    give("FC_PARTIALS", m_d->folders.partials);
    give("FC_TEMPLATES", m_d->folders.templates);
    const QByteArray marker = m_d->folder->marker();
    const qsizetype equals = marker.indexOf('=');
    environment.insert(QString::fromUtf8(marker.first(equals)), QString::fromUtf8(marker.sliced(equals + 1)));

    m_d->command = std::make_unique<Command>(
        m_d->program.program, QStringList{QStringLiteral("check"), QStringLiteral("-c"), m_d->folder->filePath(name)}, m_d->timeout);
    m_d->command->setEnvironment(environment);
    m_d->command->setWorkingDirectory(m_d->folder->path());
    connect(m_d->command.get(), &Command::finished, this, [this](const Command::Answer &answer) { m_d->answered(answer); });
    m_d->command->start();
}

} // namespace tokenlab::lab
