// The problems of the document as a table: severity, what, where, line, fix. Takes a whole judgement; a view never sees half of one.
#pragma once

#include "ui/problems/judged.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace tokenlab::ui {

class ProblemModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { SeverityColumn, WhatColumn, WhereColumn, LineColumn, FixColumn, ColumnCount };
    enum Role { SeverityRole = Qt::UserRole + 1, GatewayRole, LintRole, EndpointRole, FixCountRole, PlaceRole };
    using QAbstractTableModel::QAbstractTableModel;
    void setJudged(std::shared_ptr<const Judged> judged);
    [[nodiscard]] const problems::Problem &problem(int row) const { return m_judged->list[std::size_t(row)]; }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString endpointName(const problems::Problem &problem) const;
    [[nodiscard]] QString member(const problems::Problem &problem) const;
    std::shared_ptr<const Judged> m_judged = std::make_shared<const Judged>();
};

class ProblemFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setSeverity(problems::Severity severity, bool shown);
    void setEndpoint(std::optional<std::size_t> endpoint); // none: all; what is about no endpoint is always shown

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    std::array<bool, 3> m_shown{true, true, true};
    std::optional<std::size_t> m_endpoint;
};

} // namespace tokenlab::ui
