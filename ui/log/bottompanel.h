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
    // Returns the page's index; the title may change later (`Problems 3`).
    int addPage(QWidget *page, const QString &title);
    void setPageTitle(int index, const QString &title);
    void showOutcome(const std::vector<twin::TraceStep> &trace, const std::vector<QByteArray> &log);
    [[nodiscard]] bool isFolded() const { return m_folded; }
    void setFolded(bool folded);

signals:
    void foldedChanged(bool folded);
    void placeAsked(const QByteArray &pointer); // go to this place of the configuration

private:
    QTabBar *m_tabs;
    CardHeader *m_header;
    QStackedWidget *m_pages;
    QToolButton *m_fold;
    QLabel *m_logEmpty;
    QListView *m_log;
    QTreeView *m_trace;
    LogModel *m_logModel;
    TraceModel *m_traceModel;
    int m_logPage = 0;
    bool m_folded = false;
};

} // namespace tokenlab::ui
