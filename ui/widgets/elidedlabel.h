// A line of plain text that gives up its middle rather than its end where it has no room; the tooltip and the accessible name have the
// whole.
#pragma once

#include <QLabel>

namespace tokenlab::ui {

class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    void setWhole(const QString &text);
    [[nodiscard]] const QString &whole() const { return m_whole; }
    [[nodiscard]] QSize sizeHint() const override; // of the whole
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fit();

    QString m_whole;
};

} // namespace tokenlab::ui
