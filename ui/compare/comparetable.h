// The rows of a comparison as a table, lab beside gateway; what differs is marked by shape, colour and the differing span.
#pragma once

#include "ui/compare/comparerows.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

namespace tokenlab::ui {

class CompareModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { WhatColumn, LabColumn, GatewayColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setRows(std::vector<CompareRow> rows);
    void setOutdated(bool outdated); // painted without alarm
    [[nodiscard]] bool isOutdated() const { return m_outdated; }
    [[nodiscard]] const CompareRow &row(int index) const { return m_rows[std::size_t(index)]; }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QByteArray text(const QList<int> &rows) const; // for the clipboard

private:
    std::vector<CompareRow> m_rows;
    bool m_outdated = false;
};

class CompareDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tokenlab::ui
