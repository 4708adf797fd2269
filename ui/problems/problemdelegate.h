// Paints a problem's sentence (two lines at most), the gateway's own line under it, the schema's mark, and the fix as a link.
#pragma once

#include <QPersistentModelIndex>
#include <QStyledItemDelegate>

class QTreeView;

namespace tokenlab::ui {

class ProblemDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit ProblemDelegate(QTreeView *view);
    void setFixesEnabled(bool enabled); // off while what is shown is of an older text
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    // Of the best fix, and of the arrow to the others; empty where there is none. In the view's coordinates.
    [[nodiscard]] QRect linkRect(const QRect &cell, const QModelIndex &index) const;
    [[nodiscard]] QRect moreRect(const QRect &cell, const QModelIndex &index) const;

signals:
    void fixClicked(const QModelIndex &index);
    void moreClicked(const QModelIndex &index, const QPoint &at);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option, const QModelIndex &index) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] int textWidth(const QModelIndex &index) const;
    QTreeView *m_view;
    QPersistentModelIndex m_hovered;
    bool m_enabled = true;
};

} // namespace tokenlab::ui
