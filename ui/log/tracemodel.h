// The trace of one run as a table: stage, what happened, where, rule, time.
#pragma once

#include "core/twin/outcome.h"

#include <QAbstractTableModel>

namespace tokenlab::ui {

class TraceModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { StageColumn, WhatColumn, WhereColumn, RuleColumn, TimeColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setTrace(const std::vector<twin::TraceStep> &trace);
    [[nodiscard]] const twin::TraceStep &step(int row) const { return m_trace[std::size_t(row)]; }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<twin::TraceStep> m_trace;
};

} // namespace tokenlab::ui
