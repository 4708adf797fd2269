#include "ui/problems/problemdelegate.h"

#include "ui/problems/problemmodel.h"
#include "ui/widgets/basics.h"

#include <QIcon>
#include <QMouseEvent>
#include <QPainter>
#include <QTextLayout>
#include <QTreeView>

namespace tokenlab::ui {

namespace {

constexpr int padding = 4, moreWidth = 18, maxLines = 2;

// The text in at most two lines; the last one is elided.
QStringList wrapped(const QString &text, const QFont &font, int width)
{
    QTextLayout layout(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    QStringList lines;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(qMax(40, width));
        if (lines.size() + 1 == maxLines) {
            lines << QFontMetrics(font).elidedText(text.mid(line.textStart()), Qt::ElideRight, qMax(40, width));
            break;
        }
        lines << text.mid(line.textStart(), line.textLength()).trimmed();
    }
    layout.endLayout();
    return lines;
}

QString schemaWord()
{
    return ProblemDelegate::tr("schema");
}

} // namespace

ProblemDelegate::ProblemDelegate(QTreeView *view) : QStyledItemDelegate(view), m_view(view)
{
    view->viewport()->installEventFilter(this);
}

void ProblemDelegate::setFixesEnabled(bool enabled)
{
    if (m_enabled == enabled)
        return;
    m_enabled = enabled;
    m_view->viewport()->update();
}

int ProblemDelegate::textWidth(const QModelIndex &index) const
{
    int width = m_view->columnWidth(ProblemModel::WhatColumn) - 2 * padding;
    if (index.data(ProblemModel::LintRole).toBool())
        width -= QFontMetrics(smallFont()).horizontalAdvance(schemaWord()) + 20;
    return width;
}

QSize ProblemDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const int line = QFontMetrics(uiFont()).height();
    if (index.column() != ProblemModel::WhatColumn)
        return {20, line + 9};
    int height = int(wrapped(index.data().toString(), uiFont(), textWidth(index)).size()) * line;
    if (!index.data(ProblemModel::GatewayRole).toString().isEmpty())
        height += QFontMetrics(smallMonoFont()).height() + 3;
    return {80, height + 9};
}

QRect ProblemDelegate::linkRect(const QRect &cell, const QModelIndex &index) const
{
    const int fixes = index.data(ProblemModel::FixCountRole).toInt();
    if (fixes == 0)
        return {};
    const int room = cell.width() - 2 * padding - (fixes > 1 ? moreWidth : 0);
    const QFontMetrics metrics(uiFont());
    return {cell.left() + padding, cell.top(), qMin(room, metrics.horizontalAdvance(index.data().toString()) + 2), metrics.height() + 9};
}

QRect ProblemDelegate::moreRect(const QRect &cell, const QModelIndex &index) const
{
    if (index.data(ProblemModel::FixCountRole).toInt() < 2)
        return {};
    const QRect link = linkRect(cell, index);
    return {link.right() + 2, link.top(), moreWidth, link.height()};
}

void ProblemDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    const Tokens &t = tokens();
    painter->save();
    // The whole row, also where it is only the current one.
    if (given.state & QStyle::State_Selected || (m_view->hasFocus() && m_view->currentIndex().row() == index.row()))
        painter->fillRect(given.rect, t.accentSoft);
    const QFontMetrics metrics(uiFont());
    const int line = metrics.height();
    const QRect first(given.rect.left() + padding, given.rect.top() + 4, given.rect.width() - 2 * padding, line);
    switch (index.column()) {
    case ProblemModel::SeverityColumn:
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, QRect(given.rect.left() + padding, first.top() + (line - 14) / 2, 14, 14));
        break;
    case ProblemModel::WhatColumn: {
        painter->setFont(uiFont());
        painter->setPen(t.text);
        QRect at = first;
        const int width = textWidth(index);
        const QStringList lines = wrapped(index.data().toString(), uiFont(), width);
        for (const QString &text : lines) {
            painter->drawText(at, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
            at.translate(0, line);
        }
        if (const QString gateway = index.data(ProblemModel::GatewayRole).toString(); !gateway.isEmpty()) {
            const QFont mono = smallMonoFont();
            painter->setFont(mono);
            painter->setPen(t.muted);
            const QRect row(at.left(), at.top() + 2, first.width(), QFontMetrics(mono).height());
            painter->drawText(row, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                              QFontMetrics(mono).elidedText(gateway, Qt::ElideRight, row.width()));
        }
        if (index.data(ProblemModel::LintRole).toBool()) {
            painter->setFont(smallFont());
            const QFontMetrics small(smallFont());
            const int wordWidth = small.horizontalAdvance(schemaWord()) + 10;
            const QRectF mark(first.right() - wordWidth, first.top() + (line - small.height()) / 2.0, wordWidth, small.height());
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(t.border);
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(mark.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
            painter->setPen(t.muted);
            painter->drawText(mark, Qt::AlignCenter, schemaWord());
        }
        break;
    }
    case ProblemModel::WhereColumn: {
        painter->setFont(monoFont());
        painter->setPen(t.muted);
        painter->drawText(first, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                          QFontMetrics(monoFont()).elidedText(index.data().toString(), Qt::ElideMiddle, first.width()));
        break;
    }
    case ProblemModel::LineColumn:
        painter->setFont(smallMonoFont());
        painter->setPen(t.muted);
        painter->drawText(first, Qt::AlignVCenter | Qt::AlignRight, index.data().toString());
        break;
    case ProblemModel::FixColumn: {
        const QRect link = linkRect(given.rect, index);
        if (link.isEmpty())
            break;
        QFont font = uiFont();
        font.setUnderline(m_enabled && m_hovered == index);
        painter->setFont(font);
        painter->setPen(m_enabled ? t.accentText : t.faint);
        painter->drawText(QRect(link.left(), first.top(), link.width(), line), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                          metrics.elidedText(index.data().toString(), Qt::ElideRight, link.width()));
        if (const QRect more = moreRect(given.rect, index); !more.isEmpty())
            painter->drawPixmap(more.left() + 5, first.top() + (line - 9) / 2,
                                iconPixmap(QStringLiteral("chevron-down"), t.accentText, 9, painter->device()->devicePixelRatioF()));
        break;
    }
    default:
        break;
    }
    painter->restore();
}

bool ProblemDelegate::editorEvent(QEvent *event, QAbstractItemModel *, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (index.column() != ProblemModel::FixColumn || event->type() != QEvent::MouseButtonRelease)
        return false;
    const auto *mouse = static_cast<QMouseEvent *>(event);
    if (mouse->button() != Qt::LeftButton)
        return false;
    const QPoint at = mouse->position().toPoint();
    if (const QRect more = moreRect(option.rect, index); more.contains(at)) {
        emit moreClicked(index, m_view->viewport()->mapToGlobal(QPoint(more.left(), option.rect.top() + more.height())));
        return true;
    }
    if (m_enabled && linkRect(option.rect, index).contains(at)) {
        emit fixClicked(index);
        return true;
    }
    return false;
}

bool ProblemDelegate::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view->viewport() && (event->type() == QEvent::MouseMove || event->type() == QEvent::Leave)) {
        QModelIndex over;
        if (event->type() == QEvent::MouseMove) {
            const QPoint at = static_cast<QMouseEvent *>(event)->position().toPoint();
            const QModelIndex index = m_view->indexAt(at);
            const QRect cell = m_view->visualRect(index);
            if (index.column() == ProblemModel::FixColumn && (linkRect(cell, index).contains(at) || moreRect(cell, index).contains(at)))
                over = index;
        }
        if (m_hovered != over) {
            m_hovered = over;
            m_view->viewport()->setCursor(over.isValid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
            m_view->viewport()->update();
        }
    }
    return QStyledItemDelegate::eventFilter(watched, event);
}

} // namespace tokenlab::ui
