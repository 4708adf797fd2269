#include "app/cli/output.h"

#include "app/cli/filename.h"

#include <QCoreApplication>
#include <QStringList>

namespace tokenlab::cli {

bool isStandardOutput(const QString &path)
{
    static const QStringList names{QString(), QStringLiteral("-"), QStringLiteral("/dev/stdout"), QStringLiteral("/dev/fd/1")};
    return names.contains(path);
}

QString writtenFile(const QByteArray &text, const QString &path, Access access)
{
    const auto saved = saveFile(fileBytes(path), text, access);
    if (saved)
        return {};
    const QString &reason = saved.error().reason;
    return reason.isEmpty() ? QCoreApplication::translate("tokenlab::cli", "the disk is full") : reason;
}

} // namespace tokenlab::cli
