// JSON laid out anew without changing anything but the blanks between its tokens: member order, duplicates, number texts and escapes stay.
#pragma once

#include <QByteArray>

namespace tokenlab::gateway {

struct Layout {
    bool lines = true;       // one line a member; else all on one line
    bool spreadList = false; // an outermost array of short scalars gets lines too
    QByteArray step = "  ";
    QByteArray colon = ": ";
    QByteArray gap = " "; // behind a comma inside a line
    qsizetype keep = -1;  // strings are cut after so many bytes; -1: whole
};

// Text that is not JSON comes back as it is. Arrays of few short scalars stay on one line.
[[nodiscard]] QByteArray laidOut(const QByteArray &json, const Layout &layout);

} // namespace tokenlab::gateway
