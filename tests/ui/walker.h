// Walks a window's widgets for the ones a screen reader could not name.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTabBar>

#include <Qsci/qsciscintilla.h>

namespace tokenlab::ui {

inline bool isInteractive(const QWidget *widget)
{
    // Parts that Qt makes for itself inside of others.
    if (widget->objectName().startsWith(QLatin1String("qt_")) || qobject_cast<const QHeaderView *>(widget))
        return false;
    for (const QWidget *up = widget->parentWidget(); up; up = up->parentWidget()) {
        if (qobject_cast<const QTabBar *>(up) || qobject_cast<const QMenuBar *>(up) || qobject_cast<const QMenu *>(up) ||
            qobject_cast<const QComboBox *>(up) || qobject_cast<const QLineEdit *>(up))
            return false;
    }
    return qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget) ||
           qobject_cast<const QComboBox *>(widget) || qobject_cast<const QAbstractItemView *>(widget) ||
           qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QTabBar *>(widget) ||
           qobject_cast<const QsciScintilla *>(widget) ||
           (qobject_cast<const QAbstractScrollArea *>(widget) && widget->focusPolicy() != Qt::NoFocus);
}

inline QStringList nameless(const QWidget *root)
{
    QStringList found;
    const auto widgets = root->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        if (!isInteractive(widget))
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const bool worded = button && button->text().size() > 1; // a sign alone says nothing
        if (widget->accessibleName().isEmpty() && !worded)
            found << QStringLiteral("%1 %2 in %3")
                         .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                              widget->parentWidget() ? widget->parentWidget()->objectName() : QString());
    }
    return found;
}

} // namespace tokenlab::ui
