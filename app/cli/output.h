// Files that commands write: whole or not at all.
#pragma once

#include <QByteArray>
#include <QString>

namespace tokenlab::cli {

enum class Access { Ordinary, OwnerOnly }; // OwnerOnly: a regular file ends up with mode 0600

[[nodiscard]] bool isStandardOutput(const QString &path); // "", `-`, /dev/stdout
// Why not; empty when all is written. A regular file is replaced as a whole, so that a full disk leaves the old one; a link keeps pointing
// to it. Anything else that exists (a device, a named pipe) must stay what it is and is written to.
[[nodiscard]] QString writtenFile(const QByteArray &text, const QString &path, Access access);

} // namespace tokenlab::cli
