#include "ui/widgets/enterpress.h"

#include <QKeyEvent>
#include <QMenu>
#include <QToolButton>

namespace tokenlab::ui {

bool pressFocused(QWidget *window, QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter || (event->modifiers() & ~Qt::KeypadModifier) != Qt::NoModifier || event->isAutoRepeat())
        return false;
    auto *button = qobject_cast<QAbstractButton *>(window->focusWidget());
    if (!button || !button->isEnabled())
        return false;
    event->accept();
    auto *tool = qobject_cast<QToolButton *>(button);
    // Not showMenu(), which waits for the menu's end in an event loop of its own.
    if (tool && tool->menu() && tool->popupMode() == QToolButton::InstantPopup)
        tool->menu()->popup(tool->mapToGlobal(QPoint(0, tool->height())));
    else
        button->click();
    return true;
}

} // namespace tokenlab::ui
