// Headers as they went to a backend, followed by what was dropped on the way, struck through and with its remedy.
#pragma once

#include "core/http/message.h"
#include "core/twin/forward.h"

#include <QAbstractTableModel>

namespace tokenlab::ui {

class HeadersModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, ValueColumn, NoteColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setHeaders(const http::HeaderList &headers, const std::vector<twin::Dropped> &dropped);
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<http::Header> m_headers;
    std::vector<twin::Dropped> m_dropped;
};

} // namespace tokenlab::ui
