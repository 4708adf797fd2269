// The keys of a set as a table; takes the whole survey at once.
#pragma once

#include "core/keys/survey.h"
#include "ui/widgets/basics.h"

#include <QAbstractTableModel>

namespace tokenlab::ui {

class KeysModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { KidColumn, TypeColumn, SizeColumn, AlgColumn, UseColumn, HalfColumn, WarningColumn, ThumbprintColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<keys::Row> rows);
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<keys::Row> m_rows;
};

// How a warning looks; and what a key is to others: `private`, `public`, `secret`.
[[nodiscard]] std::pair<Shape, Tone> lookOf(keys::Warning warning);
[[nodiscard]] QString halfName(const keys::Row &row);
[[nodiscard]] QString sentenceOf(const keys::Finding &finding); // begins with a capital
[[nodiscard]] QString kidName(const QByteArray &kid);           // “kid”, or `(no kid)`

} // namespace tokenlab::ui
