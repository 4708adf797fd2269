#include "ui/files.h"

#include <QCoreApplication>
#include <QFile>

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
    const auto saved = saveFile(QFile::encodeName(path), bytes, access);
    if (saved)
        return {};
    const QString &reason = saved.error().reason;
    return fail(FileError{reason.isEmpty() ? QCoreApplication::translate("tokenlab::ui", "the disk is full") : reason});
}

} // namespace tokenlab::ui
