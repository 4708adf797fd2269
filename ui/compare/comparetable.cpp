#include "ui/compare/comparetable.h"

#include "core/text/text.h"
#include "ui/widgets/basics.h"

#include <QPainter>

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr qsizetype shownBytes = 600; // of a value in one line: more never fits
constexpr qsizetype tipBytes = 2500;

// What a cell paints: a piece of the value, around the span where it has one.
struct Piece {
    QString before, span, after;
};

Piece pieceOf(const QByteArray &value, const Span *span)
{
    if (!span)
        return {text::inert(QByteArrayView(value).first(std::min(value.size(), shownBytes))), {}, {}};
    const QByteArrayView view(value);
    qsizetype from = 0;
    if (span->begin > 60) {
        from = span->begin - 24;
        while (from > 0 && (uchar(view[from]) & 0xc0) == 0x80)
            --from;
    }
    const qsizetype end = span->begin + span->length;
    return {(from > 0 ? QStringLiteral("…") : QString()) + text::inert(view.sliced(from, span->begin - from)),
            text::inert(view.sliced(span->begin, std::min(span->length, shownBytes))),
            end < value.size() ? text::inert(view.sliced(end, std::min(value.size() - end, shownBytes))) : QString()};
}

} // namespace

void CompareModel::setRows(std::vector<CompareRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_outdated = false;
    endResetModel();
}

void CompareModel::setOutdated(bool outdated)
{
    if (outdated == m_outdated)
        return;
    m_outdated = outdated;
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

QVariant CompareModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const CompareRow &row = m_rows[std::size_t(index.row())];
    const QByteArray &value = index.column() == LabColumn ? row.lab : row.gateway;
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == WhatColumn)
            return row.what;
        return value.isEmpty() ? tr("(none)") : text::inert(value);
    case Qt::AccessibleTextRole:
        return index.column() == WhatColumn ? tr("%1: %2").arg(row.what, markName(row.mark)) : data(index, Qt::DisplayRole);
    case Qt::ToolTipRole: {
        const QString shown = index.column() == WhatColumn ? tr("%1: %2").arg(row.what, markName(row.mark))
                              : value.isEmpty()            ? tr("(none)")
                              : value.size() > tipBytes    ? text::inert(QByteArrayView(value).first(tipBytes)) + QStringLiteral("…")
                                                           : text::inert(value);
        return QString(QStringLiteral("<p>") + shown.toHtmlEscaped() + QStringLiteral("</p>"));
    }
    default:
        return {};
    }
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == WhatColumn ? tr("What") : section == LabColumn ? tr("Lab") : tr("Gateway");
}

QByteArray CompareModel::text(const QList<int> &rows) const
{
    QByteArrayList lines;
    for (const int index : rows) {
        const CompareRow &one = row(index);
        lines << one.what.toUtf8() + '\t' + markName(one.mark).toUtf8() + '\t' + text::inert(one.lab).toUtf8() + '\t' +
                     text::inert(one.gateway).toUtf8();
    }
    return lines.join('\n');
}

void CompareDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = qobject_cast<const CompareModel *>(index.model());
    if (!model)
        return;
    const CompareRow &row = model->row(index.row());
    const Tokens &t = tokens();
    const bool alarm = row.mark == CompareRow::Differs && !model->isOutdated();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, t.accentSoft);
    const QRect rect = option.rect.adjusted(6, 0, -6, 0);
    if (index.column() == CompareModel::WhatColumn) {
        const Shape shape = row.mark == CompareRow::Differs     ? Shape::Cross
                            : row.mark == CompareRow::Tolerated ? Shape::Ring
                            : row.mark == CompareRow::Verified  ? Shape::Check
                                                                : Shape::Dash;
        const QColor color = alarm ? t.bad : row.mark == CompareRow::Verified ? t.accentText : t.faint;
        paintShape(*painter, QRectF(rect.left(), rect.center().y() - 5, 11, 11), shape, color);
        QFont font = uiFont();
        if (row.mark == CompareRow::Differs)
            font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        painter->setPen(row.mark == CompareRow::Differs ? t.text : t.muted);
        const QRect words = rect.adjusted(19, 0, 0, 0);
        painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          QFontMetrics(font).elidedText(row.what, Qt::ElideRight, words.width()));
        painter->restore();
        return;
    }
    const bool lab = index.column() == CompareModel::LabColumn;
    const QByteArray &value = lab ? row.lab : row.gateway;
    if (value.isEmpty()) {
        painter->setFont(uiFont());
        painter->setPen(alarm ? t.bad : t.faint);
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, tr("(none)"));
        painter->restore();
        return;
    }
    const bool spans = row.mark == CompareRow::Differs && !row.lab.isEmpty() && !row.gateway.isEmpty();
    const auto both = spans ? differingSpans(row.lab, row.gateway) : std::pair<Span, Span>();
    const Piece piece = pieceOf(value, spans ? (lab ? &both.first : &both.second) : nullptr);
    painter->setFont(monoFont());
    const QFontMetrics metrics(monoFont());
    painter->setClipRect(rect);
    int x = rect.left();
    const auto draw = [&](const QString &words, const QColor &color) {
        const int room = rect.right() - x;
        if (words.isEmpty() || room <= 0)
            return;
        painter->setPen(color);
        const QString fitting = metrics.elidedText(words, Qt::ElideRight, room);
        painter->drawText(QRect(x, rect.top(), room, rect.height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, fitting);
        x += metrics.horizontalAdvance(fitting);
    };
    const QColor plain = row.mark == CompareRow::Differs || row.mark == CompareRow::Verified ? t.text : t.muted;
    draw(piece.before, plain);
    if (spans) {
        const int width = qMax(2, qMin(metrics.horizontalAdvance(piece.span), rect.right() - x));
        const QRectF mark(x - 1, rect.center().y() - metrics.height() / 2.0, width + 2, metrics.height());
        painter->setPen(Qt::NoPen);
        painter->setBrush(alarm ? t.badSoft : t.window);
        painter->drawRoundedRect(mark, 2, 2);
        painter->fillRect(QRectF(mark.left(), mark.bottom() - 1.5, mark.width(), 1.5), alarm ? t.bad : t.faint);
        draw(piece.span, alarm ? t.bad : plain);
    }
    draw(piece.after, plain);
    painter->restore();
}

QSize CompareDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {120, QFontMetrics(uiFont()).height() + 9};
}

} // namespace tokenlab::ui
