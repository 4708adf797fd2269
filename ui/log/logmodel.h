// The gateway's log lines of one run.
#pragma once

#include <QAbstractListModel>
#include <QByteArray>

#include <vector>

namespace tokenlab::ui {

class LogModel : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;
    void setLines(const std::vector<QByteArray> &lines);
    [[nodiscard]] const std::vector<QByteArray> &lines() const { return m_lines; }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    std::vector<QByteArray> m_lines;
};

} // namespace tokenlab::ui
