// A plain text that wraps wherever it must: URLs, distinguished names and digests have no blanks, and may be of any length. It never widens
// its window. "Copy" is in its context menu.
#pragma once

#include <QLabel>

class QTextLayout;

namespace tokenlab::ui {

class WrapLabel : public QLabel
{
    Q_OBJECT
public:
    explicit WrapLabel(const QString &text = {}, const char *role = nullptr, QWidget *parent = nullptr);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] qreal arrange(QTextLayout &layout, int width) const; // its height
};

} // namespace tokenlab::ui
