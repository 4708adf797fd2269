// The command line of design §5: the same binary as the window.
#pragma once

#include <QByteArrayList>

namespace tokenlab::cli {

// True when the arguments (without the program's name, byte for byte) name a command, an option of the command line or no file at all, so
// no window is wanted.
[[nodiscard]] bool isCommandLine(const QByteArrayList &arguments);

// Runs the event loop of the existing QCoreApplication until the command has ended; returns the exit code (0, 1, 2, 3).
[[nodiscard]] int run(const QByteArrayList &arguments);

} // namespace tokenlab::cli
