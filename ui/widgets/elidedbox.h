// A combo box whose closed state ends in an ellipsis where its text is too long; the tooltip, unless it was
// given another, then has the whole.
#pragma once

#include <QComboBox>

namespace tokenlab::ui {

class ElidedBox : public QComboBox
{
    Q_OBJECT
public:
    using QComboBox::QComboBox;
    [[nodiscard]] QString shownText() const; // as the closed box paints it

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace tokenlab::ui
