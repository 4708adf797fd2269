// Read-only view of a text of any size: paints visible lines only; long lines are cut into rows. The rows of a large text are found in
// another thread; until then the view is empty.
#pragma once

#include <QAbstractScrollArea>
#include <QColor>
#include <QFutureWatcher>

#include <functional>
#include <memory>
#include <vector>

namespace tokenlab::ui {

class LineView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit LineView(QWidget *parent = nullptr);
    void setText(const QByteArray &text);
    [[nodiscard]] const QByteArray &text() const { return m_text; }
    [[nodiscard]] qsizetype rowCount() const { return qsizetype(m_index->rows.size()); }
    [[nodiscard]] bool isIndexing() const { return m_indexing; }
    // Spans that stand out, ascending and apart; another text takes them away.
    struct Mark {
        qsizetype begin = 0, length = 0;
    };
    void setMarks(std::vector<Mark> marks);
    void showOffset(qsizetype offset); // scrolled to the upper third, once the rows are known
    // How a line looks, by its bytes (the first row of a long one); asked while painting.
    struct Look {
        QColor text, background; // invalid: as usual
    };
    void setLook(std::function<Look(QByteArrayView line)> look) { m_look = std::move(look); }
    void setLineNumbers(bool shown) { m_numbers = shown; }

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
    struct Index {
        std::vector<Row> rows;
        int lines = 0, longest = 0;
    };
    using SharedIndex = std::shared_ptr<const Index>;
    static SharedIndex indexOf(const QByteArray &text);
    void setIndex(const SharedIndex &index);
    void updateBars();
    void select(qsizetype anchor, qsizetype current);
    [[nodiscard]] qsizetype rowAt(int y) const;
    void copySelection() const;
    void paintMarks(QPainter &painter, const Row &row, int x, int y) const;
    [[nodiscard]] int gutter() const;

    QByteArray m_text;
    std::vector<Mark> m_marks;
    std::function<Look(QByteArrayView)> m_look;
    qsizetype m_wanted = -1; // offset to be shown
    bool m_numbers = true;
    SharedIndex m_index;
    QFutureWatcher<SharedIndex> *m_watcher;
    bool m_indexing = false;
    qsizetype m_anchor = -1, m_current = -1;
    int m_lineHeight = 1, m_charWidth = 1;
};

} // namespace tokenlab::ui
