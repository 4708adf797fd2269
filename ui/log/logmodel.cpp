#include "ui/log/logmodel.h"

#include "core/text/text.h"
#include "ui/widgets/basics.h"

#include <QIcon>

namespace tokenlab::ui {

void LogModel::setLines(const std::vector<QByteArray> &lines)
{
    beginResetModel();
    m_lines = lines;
    endResetModel();
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const QByteArray &line = m_lines[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return role == Qt::ToolTipRole ? text::inert(line).toHtmlEscaped() : text::inert(line);
    case Qt::FontRole:
        return monoFont();
    case Qt::DecorationRole:
        return line.startsWith("WARNING")                                ? shapeIcon(Shape::Triangle, tokens().warning)
               : line.startsWith("ERROR") || line.startsWith("CRITICAL") ? shapeIcon(Shape::Cross, tokens().bad)
                                                                         : shapeIcon(Shape::Dot, tokens().accent);
    default:
        return {};
    }
}

} // namespace tokenlab::ui
