#include "ui/files.h"

#include <QCoreApplication>
#include <QFile>
#include <QSaveFile>

namespace tokenlab::ui {

namespace {
constexpr qint64 maxFile = qint64(256) * 1024 * 1024;
}

Result<QByteArray, FileError> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(FileError{file.errorString()});
    QByteArray bytes = file.read(maxFile + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(FileError{file.errorString()});
    if (bytes.size() > maxFile)
        return fail(FileError{QCoreApplication::translate("tokenlab::ui", "larger than 256 MiB")});
    return bytes;
}

Result<void, FileError> writeFile(const QString &path, const QByteArray &bytes, Access access)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(FileError{file.errorString()});
    // Before there is anything to read in it.
    if (access == Access::OwnerOnly && !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return fail(FileError{file.errorString()});
    bool complete = file.write(bytes) == bytes.size() && file.flush();
    if (complete) {
        // QSaveFile commits short writes on a full disk: ask the file itself how long it is.
        QFile written;
        complete = written.open(file.handle(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle) && written.size() == bytes.size();
    }
    if (!complete) {
        file.cancelWriting();
        const QString reason = file.errorString();
        file.commit();
        return fail(
            FileError{reason.isEmpty() ? QCoreApplication::translate("tokenlab::ui", "the file could not be written whole") : reason});
    }
    if (!file.commit())
        return fail(FileError{file.errorString()});
    return {};
}

} // namespace tokenlab::ui
