// How severities look: a shape and a colour each, and small counts of them.
#pragma once

#include "ui/problems/judged.h"
#include "ui/widgets/basics.h"

namespace tokenlab::ui {

[[nodiscard]] Shape shapeOf(problems::Severity severity);
[[nodiscard]] Tone toneOf(problems::Severity severity);
[[nodiscard]] QIcon iconOf(problems::Severity severity);
[[nodiscard]] QString severityName(problems::Severity severity); // `Error`
[[nodiscard]] QString countText(const Counts &counts);           // `1 error · 2 warnings`; empty: none
[[nodiscard]] std::optional<problems::Severity> worst(const Counts &counts);

// A shape and a number for every severity that is there: beside the tab's title.
class CountBadge : public QWidget
{
    Q_OBJECT
public:
    explicit CountBadge(QWidget *parent = nullptr);
    void setCounts(const Counts &counts);
    [[nodiscard]] const Counts &counts() const { return m_counts; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Counts m_counts{};
};

} // namespace tokenlab::ui
