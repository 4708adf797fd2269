// One problem explained, with its fixes; a fix that changes what clients see shows it first. Closes by Esc or a click elsewhere.
#pragma once

#include "ui/problems/problemrunner.h"

#include <QFrame>

class QVBoxLayout;

namespace tokenlab::ui {

class ProblemPopup : public QFrame
{
    Q_OBJECT
public:
    // The problems of one place, the worst first.
    ProblemPopup(ProblemRunner *runner, const std::vector<problems::Problem> &problems, bool explain, QWidget *parent);
    // Asks before this one fix is applied.
    ProblemPopup(ProblemRunner *runner, const problems::Problem &problem, const problems::Fix &fix, QWidget *parent);
    void showAt(const QPoint &global, const QWidget *anchor);

signals:
    void placeAsked(const QByteArray &pointer, std::size_t endpoint);

private:
    ProblemPopup(ProblemRunner *runner, QWidget *parent);
    void addProblem(const problems::Problem &problem, bool explain);
    void addFix(const problems::Problem &problem, const problems::Fix &fix);
    void addPreview(const RefusalPreview &preview);
    ProblemRunner *m_runner;
    QVBoxLayout *m_column;
};

} // namespace tokenlab::ui
