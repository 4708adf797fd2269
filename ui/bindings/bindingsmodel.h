// Everything that the file names and a binding can lead elsewhere, a row each, with what it is led to; and rows added by hand.
#pragma once

#include "core/gateway/config.h"
#include "core/lab/bindings.h"

#include <QAbstractTableModel>

namespace tokenlab::ui {

// `https://host:8` of a URL as it is written; empty where it is none of http or https.
[[nodiscard]] QByteArray originOf(const QByteArray &url);

class BindingsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { KindColumn, FromColumn, ToColumn, ColumnCount };
    enum Kind { Host, KeyUrl, KeyFile, CaFile, Certificate, ByHand };
    BindingsModel(const gateway::ServiceConfig *service, const lab::Bindings &bindings, QObject *parent = nullptr);

    int addRow(); // by hand; its index
    void removeRowByHand(int row);
    [[nodiscard]] bool isByHand(int row) const;
    [[nodiscard]] lab::Bindings bindings() const; // of the rows that lead elsewhere
    [[nodiscard]] QString error(int row) const;   // empty: in order
    [[nodiscard]] std::optional<std::pair<int, QString>> firstError() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        Kind kind;
        QByteArray from, to;
    };
    void list(Kind kind, const QByteArray &from);
    void listFile(const gateway::ServiceConfig &service);
    [[nodiscard]] QString untouched(const QByteArray &from) const;
    std::vector<Row> m_rows;
};

} // namespace tokenlab::ui
