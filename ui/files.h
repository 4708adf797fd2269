// Reading and writing the user's files without ever losing one.
#pragma once

#include "core/support/savefile.h"

namespace tokenlab::ui {

struct FileError {
    QString reason;         // the system's words; of a file that is no gateway file, a sentence with the place
    bool malformed = false; // it was read, and can be opened as a text all the same
};
[[nodiscard]] Result<QByteArray, FileError> readFile(const QString &path);
// saveFile() with words.
[[nodiscard]] Result<void, FileError> writeFile(const QString &path, const QByteArray &bytes, Access access = Access::Ordinary);

} // namespace tokenlab::ui
