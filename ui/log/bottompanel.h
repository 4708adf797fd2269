// The bottom dock: pages behind tabs; problems, history and comparison join it as further pages. Folds to its tab row.
#pragma once

#include "core/twin/outcome.h"

#include <QWidget>

class QLabel;
class QListView;
class QStackedWidget;
class QTabBar;
class QToolButton;
class QTreeView;

namespace tokenlab::ui {

class CardHeader;
class LogModel;
class TraceModel;

class BottomPanel : public QWidget
{
    Q_OBJECT
public:
    explicit BottomPanel(QWidget *parent = nullptr);
    [[nodiscard]] CardHeader *header() const { return m_header; }
    // at: position among the tabs, -1: the last one. The title may change later.
    void addPage(QWidget *page, const QString &title, int at = -1);
    void setPageTitle(QWidget *page, const QString &title);
    void showPage(QWidget *page); // unfolds
    // Beside the page's title; a mark of its own size.
    void setPageMark(QWidget *page, QWidget *mark);
    // In the header, only while the page is shown.
    void addPageActions(QWidget *page, QWidget *actions);
    void setFoldedLine(const QString &text); // what the header says of all pages while they are folded
    void showOutcome(const std::vector<twin::TraceStep> &trace, const std::vector<QByteArray> &log);
    [[nodiscard]] bool isFolded() const { return m_folded; }
    void setFolded(bool folded);

signals:
    void foldedChanged(bool folded);
    void placeAsked(const QByteArray &pointer); // go to this place of the configuration

private:
    void updateHeader();
    QTabBar *m_tabs;
    CardHeader *m_header;
    QStackedWidget *m_pages;
    QToolButton *m_fold;
    QLabel *m_logEmpty;
    QListView *m_log;
    QTreeView *m_trace;
    LogModel *m_logModel;
    TraceModel *m_traceModel;
    QWidget *m_logPage;
    QLabel *m_foldedLine;
    std::vector<std::pair<QWidget *, QWidget *>> m_pageActions; // page, its actions
    bool m_folded = false;
};

} // namespace tokenlab::ui
