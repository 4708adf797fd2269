#include "core/lab/privatefolder.h"

#include "core/support/logging.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace tokenlab::lab {

namespace {

const QString prefix = QStringLiteral("token-lab-gateway-");
const QString lockName = QStringLiteral("lock");
const QString containerName = QStringLiteral("container");

} // namespace

QString PrivateFolder::standardParent()
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (!runtime.isEmpty() && isPrivateFolder(runtime) && QFileInfo(runtime).isWritable())
        return runtime;
    return QDir::tempPath();
}

QByteArray PrivateFolder::markerOf(const QString &path)
{
    return "TOKENLAB_GATEWAY_FOLDER=" + QFile::encodeName(path);
}

std::unique_ptr<PrivateFolder> PrivateFolder::create(const QString &parent)
{
    const QString place = parent.isEmpty() ? standardParent() : parent;
    const QString name = prefix + QString::number(QCoreApplication::applicationPid()) + QLatin1String("-XXXXXX");
    QTemporaryDir made(place + QLatin1Char('/') + name); // 0700
    if (!made.isValid())
        return nullptr;
    auto lock = FileLock::tryLock(made.filePath(lockName));
    if (!lock)
        return nullptr;
    made.setAutoRemove(false);
    return std::unique_ptr<PrivateFolder>(new PrivateFolder(made.path(), std::move(lock)));
}

PrivateFolder::~PrivateFolder()
{
    QDir(m_path).removeRecursively();
}

QByteArray PrivateFolder::write(const QString &name, const QByteArray &content) const
{
    QFile file(filePath(name));
    if (file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
        file.write(content) == content.size() && file.flush())
        return {};
    return file.errorString().toUtf8();
}

void PrivateFolder::noteContainer(const QString &docker, const QString &name) const
{
    (void)write(containerName, docker.toUtf8() + '\n' + name.toUtf8());
}

int PrivateFolder::sweep(const QString &parent)
{
    int swept = 0;
    const QDir place(parent.isEmpty() ? standardParent() : parent);
    for (const QFileInfo &info : place.entryInfoList({prefix + QLatin1Char('*')}, QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString path = info.absoluteFilePath();
        if (!isPrivateFolder(path))
            continue; // another user's
        // Between its making and its lock a folder belongs to somebody too.
        if (!QFileInfo::exists(path + QLatin1Char('/') + lockName) && info.lastModified().secsTo(QDateTime::currentDateTime()) < 60)
            continue;
        const auto lock = FileLock::tryLock(path + QLatin1Char('/') + lockName);
        if (!lock)
            continue; // its owner lives
        killMarked(markerOf(path));
        QFile container(path + QLatin1Char('/') + containerName);
        if (container.open(QIODevice::ReadOnly)) {
            const QString docker = QString::fromUtf8(container.readLine().trimmed());
            const QString name = QString::fromUtf8(container.readLine().trimmed());
            if (!docker.isEmpty() && name.startsWith(prefix))
                QProcess::startDetached(docker, {QStringLiteral("rm"), QStringLiteral("-f"), name});
        }
        if (QDir(path).removeRecursively())
            ++swept;
        else
            qCWarning(logLab) << "cannot remove the folder of an earlier comparison" << path;
    }
    return swept;
}

} // namespace tokenlab::lab
