#include "core/support/childprocess.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace tokenlab {

void tieToThisProcess(QProcess &process)
{
    const pid_t parent = ::getpid();
    // Runs between fork and exec: system calls only.
    process.setChildProcessModifier([parent] {
        ::setpgid(0, 0);
#ifdef Q_OS_LINUX
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        if (::getppid() != parent) // it died before it could be watched
            ::_exit(127);
    });
}

void killGroup(qint64 pid)
{
    if (pid <= 1)
        return;
    ::kill(-pid_t(pid), SIGKILL);
    ::kill(pid_t(pid), SIGKILL); // where the group could not be made
}

int killMarked(const QByteArray &marker)
{
    int killed = 0;
#ifdef Q_OS_LINUX
    const QByteArray wanted = '\0' + marker + '\0';
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool isPid = false;
        const qint64 pid = name.toLongLong(&isPid);
        if (!isPid || pid <= 1 || pid == ::getpid())
            continue;
        QFile file(QStringLiteral("/proc/%1/environ").arg(pid)); // of other users' it cannot be opened
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (QByteArray('\0' + file.readAll() + '\0').contains(wanted) && ::kill(pid_t(pid), SIGKILL) == 0)
            ++killed;
    }
#else
    (void)marker;
#endif
    return killed;
}

std::unique_ptr<FileLock> FileLock::tryLock(const QString &path)
{
    const int handle = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (handle < 0)
        return nullptr;
    if (::flock(handle, LOCK_EX | LOCK_NB) != 0) {
        ::close(handle);
        return nullptr;
    }
    return std::unique_ptr<FileLock>(new FileLock(handle));
}

FileLock::~FileLock()
{
    ::close(m_handle);
}

bool isPrivateFolder(const QString &path)
{
    struct stat info = {};
    return ::lstat(QFile::encodeName(path).constData(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::getuid() &&
           (info.st_mode & 077) == 0;
}

} // namespace tokenlab
