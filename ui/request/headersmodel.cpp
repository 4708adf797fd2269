#include "ui/request/headersmodel.h"

#include "core/text/text.h"
#include "ui/widgets/theme.h"

namespace tokenlab::ui {

void HeadersModel::setHeaders(const http::HeaderList &headers, const std::vector<twin::Dropped> &dropped)
{
    beginResetModel();
    m_headers.assign(headers.begin(), headers.end());
    m_dropped = dropped;
    endResetModel();
}

int HeadersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_headers.size() + m_dropped.size());
}

int HeadersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HeadersModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto row = std::size_t(index.row());
    const bool isDropped = row >= m_headers.size();
    const twin::Dropped *dropped = isDropped ? &m_dropped[row - m_headers.size()] : nullptr;
    if (role == Qt::FontRole) {
        QFont font = index.column() == NoteColumn ? smallFont() : monoFont();
        font.setStrikeOut(isDropped && index.column() != NoteColumn);
        return font;
    }
    if (role == Qt::ForegroundRole) {
        if (isDropped)
            return tokens().warning;
        return index.column() == NameColumn ? tokens().muted : tokens().text;
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    QString shown;
    if (index.column() == NameColumn)
        shown = dropped ? text::inert(dropped->kind == twin::Dropped::Query ? '?' + dropped->name : dropped->name)
                        : text::inert(m_headers[row].name);
    else if (index.column() == ValueColumn)
        shown = text::inert(dropped ? dropped->value : m_headers[row].value);
    else if (dropped)
        shown = text::sentence(*dropped);
    return role == Qt::ToolTipRole ? shown.toHtmlEscaped() : shown;
}

QVariant HeadersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole && role != Qt::FontRole))
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return smallFont();
    return section == NameColumn ? tr("Header") : section == ValueColumn ? tr("Value") : QString();
}

} // namespace tokenlab::ui
