// The one main window.
#pragma once

#include <QMainWindow>

namespace tokenlab::ui {

// file "": the demo configuration with the playground running. Creates, shows; returns the event loop's exit code.
[[nodiscard]] int runWindow(const QString &file);

} // namespace tokenlab::ui
