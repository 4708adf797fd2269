// How wide the side columns of the window are and where it may stand: numbers alone, for the window and its tests.
#pragma once

#include <QRect>

namespace tokenlab::ui {

struct Columns {
    int left = 0, right = 0;

    [[nodiscard]] static Columns ofWindow(int width)
    {
        return {qBound(300, width * 235 / 1000, 520), qBound(400, width * 385 / 1000, 860)};
    }
    // The same shares of a wider or narrower window. What the user dragged keeps its share, too.
    [[nodiscard]] Columns scaled(int before, int now) const
    {
        return before <= 0 ? *this
                           : Columns{qMax(300, qRound(double(left) * now / before)), qMax(400, qRound(double(right) * now / before))};
    }
    // A layout gives columns a pixel more or less than they asked for.
    [[nodiscard]] bool isNear(const Columns &other) const { return qAbs(left - other.left) <= 2 && qAbs(right - other.right) <= 2; }
};

// The window moved, and made smaller where it has to be, so that all of it is on the screen.
[[nodiscard]] inline QRect insideOf(const QRect &room, QRect window)
{
    window.setSize(window.size().boundedTo(room.size()));
    window.moveLeft(qBound(room.left(), window.left(), room.left() + room.width() - window.width()));
    window.moveTop(qBound(room.top(), window.top(), room.top() + room.height() - window.height()));
    return window;
}

} // namespace tokenlab::ui
