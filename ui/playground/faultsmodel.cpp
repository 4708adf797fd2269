#include "ui/playground/faultsmodel.h"

#include "ui/widgets/theme.h"

#include <algorithm>

namespace tokenlab::ui {

using playground::Fault;
using playground::FaultGroup;
using playground::FaultInfo;
using playground::FaultSet;

FaultsModel::FaultsModel(QObject *parent) : QAbstractItemModel(parent)
{
    for (const FaultInfo &info : playground::faults()) {
        if (m_groups.empty() || m_groups.back().group != info.group)
            m_groups.push_back({info.group, {}});
        m_groups.back().faults.push_back(info.fault);
    }
}

QString FaultsModel::heading(FaultGroup group)
{
    switch (group) {
    case FaultGroup::Certificate:
        return tr("Certificate of the HTTPS port");
    case FaultGroup::Port:
        return tr("TLS and ports");
    case FaultGroup::KeySet:
        return tr("Key host, over HTTP and HTTPS");
    case FaultGroup::Login:
        return tr("Answer of the login, over HTTP and HTTPS");
    }
    return {};
}

void FaultsModel::setFaults(const FaultSet &faults)
{
    if (faults == m_on)
        return;
    m_on = faults;
    for (int group = 0; group < rowCount(); ++group) {
        const QModelIndex parent = index(group, 0);
        emit dataChanged(index(0, 0, parent), index(rowCount(parent) - 1, ColumnCount - 1, parent));
    }
}

std::optional<Fault> FaultsModel::faultAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return std::nullopt;
    const auto &faults = m_groups[std::size_t(index.internalId() - 1)].faults;
    return faults[std::size_t(index.row())];
}

QModelIndex FaultsModel::indexOf(Fault fault) const
{
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        const auto &faults = m_groups[group].faults;
        if (const auto found = std::find(faults.begin(), faults.end(), fault); found != faults.end())
            return createIndex(int(found - faults.begin()), NameColumn, quintptr(group + 1));
    }
    return {};
}

// A group's own index carries 0, a fault's the number of its group and 1.
QModelIndex FaultsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row() + 1) : quintptr(0));
}

QModelIndex FaultsModel::parent(const QModelIndex &index) const
{
    return index.isValid() && index.internalId() != 0 ? createIndex(int(index.internalId()) - 1, 0, quintptr(0)) : QModelIndex();
}

int FaultsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_groups.size());
    return parent.internalId() == 0 && parent.column() == 0 ? int(m_groups[std::size_t(parent.row())].faults.size()) : 0;
}

int FaultsModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant FaultsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto fault = faultAt(index);
    if (!fault) {
        const QString words = heading(m_groups[std::size_t(index.row())].group);
        if (index.column() != NameColumn)
            return {};
        if (role == Qt::FontRole) {
            QFont font = uiFont();
            font.setWeight(QFont::DemiBold);
            return font;
        }
        return role == Qt::DisplayRole || role == Qt::AccessibleTextRole ? QVariant(words) : QVariant();
    }
    const bool on = m_on.contains(*fault);
    const QString name = QString::fromLatin1(playground::faultInfo(*fault).name);
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == NameColumn ? name : playground::faultEffect(*fault);
    case Qt::CheckStateRole:
        return index.column() == NameColumn ? QVariant(on ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::ToolTipRole:
        return (playground::faultEffect(*fault) + QLatin1Char(' ') + playground::faultConsequence(*fault)).toHtmlEscaped();
    case Qt::FontRole:
        return index.column() == NameColumn ? QVariant(monoFont()) : QVariant();
    case Qt::ForegroundRole:
        return on ? QVariant(tokens().warning) : index.column() == EffectColumn ? QVariant(tokens().muted) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == NameColumn ? (on ? tr("%1, on") : tr("%1, off")).arg(name) : playground::faultEffect(*fault);
    case Qt::AccessibleDescriptionRole:
        return playground::faultEffect(*fault) + QLatin1Char(' ') + playground::faultConsequence(*fault);
    default:
        return {};
    }
}

bool FaultsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const auto fault = faultAt(index);
    if (!fault || role != Qt::CheckStateRole || !(flags(index) & Qt::ItemIsUserCheckable))
        return false;
    FaultSet faults = m_on;
    value.toInt() == Qt::Checked ? faults.add(*fault) : faults.remove(*fault);
    emit asked(faults);
    return true;
}

Qt::ItemFlags FaultsModel::flags(const QModelIndex &index) const
{
    if (!faultAt(index))
        return index.isValid() ? Qt::ItemIsEnabled : Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return index.column() == NameColumn ? flags | Qt::ItemIsUserCheckable : flags;
}

QVariant FaultsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return smallFont();
    if (role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Fault") : tr("What the playground does");
}

} // namespace tokenlab::ui
