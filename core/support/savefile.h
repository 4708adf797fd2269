// Files that the program writes: whole or not at all.
#pragma once

#include "core/support/result.h"

#include <QByteArray>
#include <QString>

namespace tokenlab {

enum class Access { Ordinary, OwnerOnly }; // OwnerOnly: for secrets; a regular file ends up with mode 0600, whatever it had

struct SaveError {
    QString reason; // the system's words; "" when it only wrote less than it was given, as on a full disk
};

// path: the name's own bytes, which need not be UTF-8. A regular file is replaced as a whole, so that the old one stays when anything goes
// wrong, a full disk included; a link keeps pointing to it. Anything else that exists (a device, a named pipe) stays what it is and is
// written to.
[[nodiscard]] Result<void, SaveError> saveFile(const QByteArray &path, QByteArrayView bytes, Access access = Access::Ordinary);

} // namespace tokenlab
