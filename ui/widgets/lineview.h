// Read-only view of a text of any size: paints visible lines only; long lines are cut into rows.
#pragma once

#include <QAbstractScrollArea>

#include <vector>

namespace tokenlab::ui {

class LineView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit LineView(QWidget *parent = nullptr);
    void setText(const QByteArray &text);
    [[nodiscard]] const QByteArray &text() const { return m_text; }
    [[nodiscard]] qsizetype rowCount() const { return qsizetype(m_rows.size()); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Row {
        qsizetype begin;
        int length;
        int line; // 1-based; 0: continues the line above
    };
    void updateBars();
    void select(qsizetype anchor, qsizetype current);
    [[nodiscard]] qsizetype rowAt(int y) const;
    void copySelection() const;

    QByteArray m_text;
    std::vector<Row> m_rows;
    qsizetype m_anchor = -1, m_current = -1;
    int m_lines = 0, m_lineHeight = 1, m_charWidth = 1;
};

} // namespace tokenlab::ui
