// What the playground can do wrong, in its groups, each with a box: at most one of a group is on.
#pragma once

#include "core/playground/fault.h"

#include <QAbstractItemModel>

#include <vector>

namespace tokenlab::ui {

class FaultsModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, EffectColumn, ColumnCount };
    explicit FaultsModel(QObject *parent = nullptr);

    void setFaults(const playground::FaultSet &faults);
    [[nodiscard]] std::optional<playground::Fault> faultAt(const QModelIndex &index) const; // none: a group
    [[nodiscard]] QModelIndex indexOf(playground::Fault fault) const;
    [[nodiscard]] static QString heading(playground::FaultGroup group);

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void asked(const tokenlab::playground::FaultSet &faults); // a box was clicked; setFaults() follows

private:
    struct Group {
        playground::FaultGroup group;
        std::vector<playground::Fault> faults;
    };
    std::vector<Group> m_groups;
    playground::FaultSet m_on;
};

} // namespace tokenlab::ui
