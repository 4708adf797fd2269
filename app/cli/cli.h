// The command line of design §5: the same binary as the window.
#pragma once

#include <QStringList>

namespace tokenlab::cli {

// True when the arguments (without the program's name) name a command, an option of the command line or no file at all, so no window is
// wanted.
[[nodiscard]] bool isCommandLine(const QStringList &arguments);

// Runs the event loop of the existing QCoreApplication until the command has ended; returns the exit code (0, 1, 2, 3).
[[nodiscard]] int run(const QStringList &arguments);

} // namespace tokenlab::cli
