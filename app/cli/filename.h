// Names of files as the arguments give them: any bytes, which QString and QFile do not take.
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

namespace tokenlab::cli {

// Bytes that are no UTF-8 stand in the text as lone surrogates, so that fileBytes() has them again.
[[nodiscard]] QString fileText(const QByteArray &bytes);
[[nodiscard]] QByteArray fileBytes(const QString &name);
[[nodiscard]] bool hasOddBytes(const QString &name);

[[nodiscard]] bool fileExists(const QString &name);
// For reading. Why not, in the system's words; empty: it is open.
[[nodiscard]] QString openFile(QFile &file, const QString &name);

} // namespace tokenlab::cli
