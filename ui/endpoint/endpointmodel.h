// The endpoints of the open document. Takes the whole configuration; a view never sees half of one.
#pragma once

#include "core/gateway/config.h"
#include "ui/problems/severity.h"

#include <QAbstractListModel>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>

namespace tokenlab::ui {

class EndpointModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { MethodRole = Qt::UserRole + 1, PathRole, TagRole, SignsRole, CountsRole };
    using QAbstractListModel::QAbstractListModel;
    void setService(std::shared_ptr<const gateway::ServiceConfig> service);
    void setCounts(const std::vector<Counts> &counts); // of problems, by endpoint
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    std::shared_ptr<const gateway::ServiceConfig> m_service;
    std::vector<Counts> m_counts;
};

class EndpointFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setText(const QString &text);
    void setSigningOnly(bool only);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QString m_text;
    bool m_signingOnly = false;
};

// Method, path and what the endpoint has, in columns that line up.
class EndpointDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tokenlab::ui

Q_DECLARE_METATYPE(tokenlab::ui::Counts)
