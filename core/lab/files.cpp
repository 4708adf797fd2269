#include "core/lab/files.h"

#include "core/json/parse.h"

#include <QFile>
#include <QFileInfo>

namespace tokenlab::lab {

twin::FileSupply readFile(const QByteArray &path, const Bindings &bindings)
{
    constexpr qint64 limit = qint64(64) * 1024 * 1024;
    const QByteArray place = bindings.file(path).value_or(path);
    if (place.contains('\0'))
        return fail(QByteArray("open " + path + ": invalid argument"));
    const QString name = QFile::decodeName(place);
    if (QFileInfo(name).isDir())
        return fail(QByteArray("read " + path + ": is a directory"));
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly)) {
        // The system's own words, which Go prints in lower case.
        QByteArray reason =
            QFileInfo::exists(name) ? QByteArrayLiteral("permission denied") : QByteArrayLiteral("no such file or directory");
        const QByteArray system = file.errorString().toLower().toUtf8();
        for (const char *known : {"not a directory", "file name too long", "too many levels of symbolic links", "permission denied"})
            if (system.contains(known))
                reason = known;
        return fail(QByteArray("open " + path + ": " + reason));
    }
    QByteArray content = file.read(limit + 1);
    if (content.size() > limit)
        return fail(QByteArray("read " + path + ": larger than 64 MiB"));
    return content;
}

void supplyKeyFile(twin::Supplies &supplies, const QByteArray &path, const Bindings &bindings)
{
    supplyKeyFile(supplies, path, bindings, readFile(path, bindings));
}

void supplyKeyFile(twin::Supplies &supplies, const QByteArray &path, const Bindings &bindings, const twin::FileSupply &content)
{
    supplies.keyFile = content;
    supplies.keyFileIsOpen = bindings.forFile(path) && content && isPlainSet(*content);
}

bool isPlainSet(QByteArrayView file)
{
    const auto document = json::parse(file.toByteArray());
    return document && document->root().isObject();
}

} // namespace tokenlab::lab
