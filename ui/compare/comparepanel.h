// The Comparison page of the bottom dock: which gateway, what it did beside the lab, the bodies, and its log.
#pragma once

#include "ui/compare/comparerunner.h"
#include "ui/widgets/newest.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QTableView;
class QToolButton;

namespace tokenlab::ui {

struct BodyPair;
class CompareModel;
class LineView;
class Pill;

class ComparePanel : public QWidget
{
    Q_OBJECT
public:
    ComparePanel(LabSession *session, bool remember, QWidget *parent = nullptr);
    // For the header row, while the page is shown.
    [[nodiscard]] QWidget *actions() const { return m_actions; }
    [[nodiscard]] CompareRunner *runner() const { return m_runner; }
    void compare(); // with the gateway that is chosen
    void setCanCompare(bool can);

signals:
    void roomWanted(int height);

private:
    enum Page { RowsPage, BodiesPage, LogPage };
    void showState();
    void showResult();
    void showProgress();
    void chooseFile();
    void rememberGateway(const QString &name);
    void copyRows(bool all);
    [[nodiscard]] QString sentence() const;
    [[nodiscard]] QString phaseText() const;

    LabSession *m_session;
    bool m_remember;
    CompareRunner *m_runner;
    QWidget *m_actions;
    QComboBox *m_gateway;
    QToolButton *m_choose;
    QPushButton *m_compare, *m_cancel;
    Pill *m_summary;
    QLabel *m_context, *m_text;
    QToolButton *m_fix;
    QTabBar *m_tabs;
    QToolButton *m_copy;
    QWidget *m_top;
    QStackedWidget *m_pages;
    CompareModel *m_model;
    QTableView *m_table;
    LineView *m_labBody, *m_gatewayBody, *m_log;
    QLabel *m_notes;
    QWidget *m_bodies, *m_resultArea;
    QTimer m_tick;
    QElapsedTimer m_since;
    Newest<std::shared_ptr<const BodyPair>> m_pairing;
    const void *m_shown = nullptr; // the result that the views show
};

} // namespace tokenlab::ui
