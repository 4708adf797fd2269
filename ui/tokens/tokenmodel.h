// A decoded token as a tree: header, payload and signature; claim, value and meaning. All values are inert text.
#pragma once

#include "core/jose/jws.h"
#include "core/support/clock.h"

#include <QAbstractItemModel>

#include <memory>

namespace tokenlab::ui {

class TokenModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { ClaimColumn, ValueColumn, MeaningColumn, ColumnCount };
    explicit TokenModel(QObject *parent = nullptr);
    ~TokenModel() override;
    void setToken(const jose::DecodedToken &token, Instant now);
    void setNow(Instant now); // relative dates
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;
    void build();
    [[nodiscard]] const Node *nodeOf(const QModelIndex &index) const;
    jose::DecodedToken m_token;
    Instant m_now;
    std::unique_ptr<Node> m_root;
    int m_nodesLeft = 0;
};

} // namespace tokenlab::ui
