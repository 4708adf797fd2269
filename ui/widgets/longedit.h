// A line for URLs and paths: while nobody edits it, a text too long for it is shown with its beginning and its end. The tooltip has it
// whole.
#pragma once

#include <QLineEdit>

namespace tokenlab::ui {

class LongEdit : public QLineEdit
{
    Q_OBJECT
public:
    explicit LongEdit(QWidget *parent = nullptr);
    // What is painted; the text itself unless it is cut.
    [[nodiscard]] QString shownText() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] QRect textRect() const;
};

} // namespace tokenlab::ui
