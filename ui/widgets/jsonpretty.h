// JSON laid out for reading without changing anything but the blanks between tokens: member order, duplicates, number texts and escapes
// stay.
#pragma once

#include <QByteArray>

namespace tokenlab::ui {

// Text that is not JSON comes back as it is. Arrays of few short scalars stay on one line.
[[nodiscard]] QByteArray prettyLossless(const QByteArray &json);
// The same with long strings cut after `keep` bytes and marked with `…`; for overviews only.
[[nodiscard]] QByteArray prettyShortened(const QByteArray &json, qsizetype keep = 44);

} // namespace tokenlab::ui
