// The problems of the open document, live, with their fixes: the first page of the bottom dock.
#pragma once

#include "ui/problems/problemrunner.h"
#include "ui/problems/severity.h"

#include <QWidget>

class QMenu;
class QModelIndex;
class QToolButton;
class QTreeView;

namespace tokenlab::ui {

class ProblemDelegate;
class ProblemFilter;
class ProblemModel;

class ProblemsPanel : public QWidget
{
    Q_OBJECT
public:
    ProblemsPanel(LabSession *session, ProblemRunner *runner, QWidget *parent = nullptr);
    // For the dock's header: shown while this page is.
    [[nodiscard]] QWidget *actions() const { return m_actions; }
    [[nodiscard]] CountBadge *badge() const { return m_badge; }
    [[nodiscard]] QString summary() const; // one line: `1 error · 2 warnings`
    void showProblems();
    void showEndpoint(); // another one is chosen

signals:
    void placeAsked(const QByteArray &pointer, std::size_t endpoint);
    void summaryChanged();

private:
    void createActions();
    void updateNotice();
    void applyFix(const problems::Problem &problem, const problems::Fix &fix);
    void showMenu(const QModelIndex &index, const QPoint &at, bool onlyFixes);
    void explain();
    [[nodiscard]] const problems::Problem *current() const;

    LabSession *m_session;
    ProblemRunner *m_runner;
    ProblemModel *m_model;
    ProblemFilter *m_filter;
    QTreeView *m_view;
    ProblemDelegate *m_delegate;
    QLabel *m_notice;
    QWidget *m_actions;
    CountBadge *m_badge;
    std::array<QToolButton *, 3> m_severities{};
    QToolButton *m_here, *m_fixAll;
};

} // namespace tokenlab::ui
