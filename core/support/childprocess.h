// Child processes that never outlive this one, and locks that tell whether their owner still lives.
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>

class QProcess;

namespace tokenlab {

// To be called before the process is started: it gets a process group of its own, and on Linux it is killed when this program ends in
// whatever manner, kill -9 included. The kernel watches the thread that starts the process, so that thread has to live as long as the
// program: the main thread.
void tieToThisProcess(QProcess &process);
// Kills the process and all that it started and that stayed in its group. 0 and less: nothing.
void killGroup(qint64 pid);
// Kills the processes of this user whose environment holds this `NAME=VALUE`; how many. 0 on systems that do not tell.
int killMarked(const QByteArray &marker);

// An advisory lock that the system takes away when this process ends. Children do not inherit it.
class FileLock
{
public:
    // Makes the file where it is missing. Nothing where another process holds it or it cannot be opened.
    [[nodiscard]] static std::unique_ptr<FileLock> tryLock(const QString &path);
    ~FileLock();
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

private:
    explicit FileLock(int handle) : m_handle(handle) {}
    int m_handle;
};

// Whether the folder belongs to this user, is no link, and is closed to all others.
[[nodiscard]] bool isPrivateFolder(const QString &path);

} // namespace tokenlab
