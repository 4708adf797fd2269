// Enter presses the button that has the focus, as Space does: a dialog that has no default button, or whose buttons are tool buttons, asks
// here first.
#pragma once

class QKeyEvent;
class QWidget;

namespace tokenlab::ui {

// true: it was Enter on a button of this window, which was pressed (or its menu opened), and the event is accepted.
bool pressFocused(QWidget *window, QKeyEvent *event);

} // namespace tokenlab::ui
