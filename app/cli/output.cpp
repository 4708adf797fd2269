#include "app/cli/output.h"

#include "app/cli/filename.h"

#include <QFileInfo>
#include <QSaveFile>
#include <QStringList>

#include <type_traits>

namespace tokenlab::cli {

namespace {

template <class File>
QString writtenTo(File &file, const QByteArray &text, QIODevice::OpenMode mode, Access access)
{
    if (!file.open(mode))
        return file.errorString();
    // Before there is anything to read in it.
    if constexpr (std::is_same_v<File, QSaveFile>) {
        if (access == Access::OwnerOnly && !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
            return file.errorString();
    }
    if (file.write(text) != text.size() || !file.flush())
        return file.errorString();
    if constexpr (std::is_same_v<File, QSaveFile>) {
        // On a full disk both may have said yes: the file itself is asked how long it is, and the old one stays.
        QFile written;
        if (!written.open(file.handle(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle) || written.size() != text.size())
            return QFile::tr("the disk is full");
        if (!file.commit())
            return file.errorString();
    }
    return {};
}

} // namespace

bool isStandardOutput(const QString &path)
{
    static const QStringList names{QString(), QStringLiteral("-"), QStringLiteral("/dev/stdout"), QStringLiteral("/dev/fd/1")};
    return names.contains(path);
}

QString writtenFile(const QByteArray &text, const QString &path, Access access)
{
    if (hasOddBytes(path)) {
        QFile file;
        if (const QString reason = openFile(file, path, QIODevice::WriteOnly | QIODevice::Unbuffered, access == Access::OwnerOnly);
            !reason.isEmpty())
            return reason;
        return file.write(text) == text.size() && file.flush() ? QString() : file.errorString();
    }
    const QFileInfo info(path);
    if ((info.exists() && !info.isFile()) || (info.isSymLink() && !info.exists())) {
        QFile file(path);
        return writtenTo(file, text, QIODevice::WriteOnly | QIODevice::Unbuffered, access);
    }
    QSaveFile file(info.isSymLink() ? info.canonicalFilePath() : path);
    return writtenTo(file, text, QIODevice::WriteOnly, access);
}

} // namespace tokenlab::cli
