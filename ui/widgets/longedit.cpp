#include "ui/widgets/longedit.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionFrame>

namespace tokenlab::ui {

namespace {
constexpr int innerMargin = 2; // QLineEdit's own, left and right of its text
}

LongEdit::LongEdit(QWidget *parent) : QLineEdit(parent)
{
    connect(this, &QLineEdit::textChanged, this, [this](const QString &text) { setToolTip(text.toHtmlEscaped()); });
}

QRect LongEdit::textRect() const
{
    QStyleOptionFrame option;
    initStyleOption(&option);
    return style()
        ->subElementRect(QStyle::SE_LineEditContents, &option, this)
        .marginsRemoved(textMargins())
        .adjusted(innerMargin, 0, -innerMargin, 0);
}

QString LongEdit::shownText() const
{
    const QString all = text();
    const int room = textRect().width();
    if (hasFocus() || fontMetrics().horizontalAdvance(all) <= room)
        return all;
    // Of a URL the host counts most, then the end.
    if (const qsizetype scheme = all.indexOf(QLatin1String("://")); scheme > 0) {
        const qsizetype path = all.indexOf(QLatin1Char('/'), scheme + 3);
        const QString host = all.left(path + 1);
        const int rest = room - fontMetrics().horizontalAdvance(host);
        if (path > 0 && rest >= fontMetrics().averageCharWidth() * 6)
            return host + fontMetrics().elidedText(all.mid(path + 1), Qt::ElideLeft, rest);
    }
    return fontMetrics().elidedText(all, Qt::ElideMiddle, room);
}

void LongEdit::paintEvent(QPaintEvent *event)
{
    if (hasFocus() || text().isEmpty() || shownText() == text()) {
        QLineEdit::paintEvent(event);
        return;
    }
    QPainter painter(this);
    QStyleOptionFrame option;
    initStyleOption(&option);
    style()->drawPrimitive(QStyle::PE_PanelLineEdit, &option, &painter, this);
    painter.setFont(font());
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::Text));
    painter.drawText(textRect(), int(Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine), shownText());
}

void LongEdit::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    setCursorPosition(0);
}

} // namespace tokenlab::ui
