// Files that commands write: whole or not at all.
#pragma once

#include "core/support/savefile.h"

namespace tokenlab::cli {

[[nodiscard]] bool isStandardOutput(const QString &path); // "", `-`, /dev/stdout
// saveFile(), for a name as the arguments give it. Why not; empty when all is written.
[[nodiscard]] QString writtenFile(const QByteArray &text, const QString &path, Access access);

} // namespace tokenlab::cli
