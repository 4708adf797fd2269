#include "ui/log/tracemodel.h"

#include "core/text/text.h"
#include "ui/widgets/basics.h"

#include <QIcon>

namespace tokenlab::ui {

void TraceModel::setTrace(const std::vector<twin::TraceStep> &trace)
{
    beginResetModel();
    m_trace = trace;
    endResetModel();
}

int TraceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_trace.size());
}

int TraceModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TraceModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const twin::TraceStep &step = m_trace[std::size_t(index.row())];
    if (role == Qt::DecorationRole && index.column() == StageColumn) {
        switch (step.state) {
        case twin::StepState::Ok:
            return shapeIcon(Shape::Check, tokens().good);
        case twin::StepState::Failed:
            return shapeIcon(Shape::Cross, tokens().bad);
        case twin::StepState::Warning:
            return shapeIcon(Shape::Triangle, tokens().warning);
        case twin::StepState::Skipped:
            return shapeIcon(Shape::Dash, tokens().faint);
        }
    }
    if (role == Qt::FontRole && (index.column() == WhereColumn))
        return smallMonoFont();
    if (role == Qt::ForegroundRole && index.column() >= WhereColumn)
        return tokens().muted;
    if (role == Qt::ToolTipRole && index.column() == WhatColumn)
        return text::why(step).toHtmlEscaped();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case StageColumn:
        return text::stageTitle(step.stage);
    case WhatColumn:
        return text::step(step);
    case WhereColumn:
        return text::inert(step.pointer.isEmpty() ? step.payloadPointer : step.pointer);
    case RuleColumn:
        return QString::fromUtf8(step.rule);
    case TimeColumn:
        return step.durationMs < 0 ? QString() : tr("%1 ms").arg(step.durationMs, 0, 'f', step.durationMs < 10 ? 1 : 0);
    default:
        return {};
    }
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return smallFont();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StageColumn:
        return tr("Stage");
    case WhatColumn:
        return tr("What happened");
    case WhereColumn:
        return tr("Where");
    case RuleColumn:
        return tr("Rule");
    case TimeColumn:
        return tr("Time");
    default:
        return {};
    }
}

} // namespace tokenlab::ui
