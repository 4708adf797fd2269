#include "core/support/savefile.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QSaveFile>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace tokenlab {

namespace {

using Saved = Result<void, SaveError>;

// Both write() and flush() may have said yes on a full disk: the file itself is asked how long it is.
bool isWhole(QFileDevice &file, qint64 size)
{
    QFile written;
    return written.open(file.handle(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle) && written.size() == size;
}

Saved writeInto(QFileDevice &file, QByteArrayView bytes)
{
    if (file.write(bytes.data(), bytes.size()) != bytes.size() || !file.flush())
        return fail(SaveError{file.errorString()});
    return {};
}

Saved writeInPlace(const QString &path, QByteArrayView bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        return fail(SaveError{file.errorString()});
    return writeInto(file, bytes);
}

Saved replace(const QString &path, QByteArrayView bytes, Access access)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(SaveError{file.errorString()});
    // Before there is anything to read in it.
    if (access == Access::OwnerOnly && !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return fail(SaveError{file.errorString()});
    if (auto written = writeInto(file, bytes); !written) {
        file.cancelWriting();
        return written;
    }
    if (!isWhole(file, bytes.size())) {
        file.cancelWriting();
        return fail(SaveError{});
    }
    if (!file.commit())
        return fail(SaveError{file.errorString()});
    return {};
}

#ifdef Q_OS_UNIX

SaveError systemError()
{
    return {qt_error_string(errno)};
}

// The same for a name that QString cannot hold.
Saved replaceOdd(const QByteArray &path, QByteArrayView bytes, Access access)
{
    struct stat old = {};
    const bool exists = ::stat(path.constData(), &old) == 0;
    struct stat link = {};
    const bool dangling = !exists && ::lstat(path.constData(), &link) == 0;
    QFile file;
    if (dangling || (exists && !S_ISREG(old.st_mode))) {
        const std::unique_ptr<FILE, int (*)(FILE *)> stream(std::fopen(path.constData(), "we"), &std::fclose);
        if (!stream || !file.open(stream.get(), QIODevice::WriteOnly | QIODevice::Unbuffered))
            return fail(systemError());
        return writeInto(file, bytes);
    }
    QByteArray target = path;
    if (exists) {
        const std::unique_ptr<char, void (*)(void *)> real(::realpath(path.constData(), nullptr), &std::free);
        if (!real)
            return fail(systemError());
        target = real.get();
    }
    const QByteArray temporary = target + '.' + QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    const bool narrow = exists || access == Access::OwnerOnly; // as long as it is being written
    const int descriptor = ::open(temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, narrow ? 0600 : 0666);
    if (descriptor < 0)
        return fail(systemError());
    Saved saved;
    if (file.open(descriptor, QIODevice::WriteOnly, QFileDevice::AutoCloseHandle)) {
        saved = writeInto(file, bytes);
        if (saved && !isWhole(file, bytes.size()))
            saved = fail(SaveError{});
    } else {
        saved = fail(SaveError{file.errorString()});
    }
    if (saved && exists && access == Access::Ordinary && ::fchmod(descriptor, old.st_mode & 07777) != 0)
        saved = fail(systemError());
    if (saved && (::fsync(descriptor) != 0 || ::rename(temporary.constData(), target.constData()) != 0))
        saved = fail(systemError());
    if (!saved)
        ::unlink(temporary.constData());
    return saved;
}

#endif

} // namespace

Saved saveFile(const QByteArray &path, QByteArrayView bytes, Access access)
{
    const QString name = QFile::decodeName(path);
#ifdef Q_OS_UNIX
    if (QFile::encodeName(name) != path)
        return replaceOdd(path, bytes, access);
#endif
    const QFileInfo info(name);
    if ((info.exists() && !info.isFile()) || (info.isSymLink() && !info.exists()))
        return writeInPlace(name, bytes);
    return replace(info.isSymLink() ? info.canonicalFilePath() : name, bytes, access);
}

} // namespace tokenlab
