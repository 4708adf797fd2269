// The command line of design §5: the same binary as the window.
#pragma once

#include <QStringList>

namespace tokenlab::cli {

// True when the arguments name a command (or an option like --help or --version), so no window is wanted.
[[nodiscard]] bool isCommandLine(const QStringList &arguments);

// Runs it inside the event loop of an existing QCoreApplication; returns the exit code (0, 1, 2, 3).
[[nodiscard]] int run(const QStringList &arguments);

} // namespace tokenlab::cli
