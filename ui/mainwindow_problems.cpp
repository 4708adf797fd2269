// Problems in the main window: their page, their marks in forms and list, and the way to their places.
#include "ui/endpoint/backendform.h"
#include "ui/endpoint/endpointspanel.h"
#include "ui/endpoint/jsonpanel.h"
#include "ui/endpoint/signerform.h"
#include "ui/log/bottompanel.h"
#include "ui/mainwindow.h"
#include "ui/problems/fieldmarks.h"
#include "ui/problems/problemspanel.h"
#include "ui/tokens/tokenspanel.h"

#include <QAction>
#include <QLineEdit>
#include <QScrollArea>
#include <QTabBar>
#include <QToolButton>

namespace tokenlab::ui {

void MainWindow::createProblems()
{
    m_problemRunner = new ProblemRunner(m_session, this);
    m_problems = new ProblemsPanel(m_session, m_problemRunner);
    m_bottom->addPage(m_problems, tr("Problems"), 0);
    m_bottom->setPageMark(m_problems, m_problems->badge());
    m_bottom->addPageActions(m_problems, m_problems->actions());
    m_fieldMarks = new FieldMarks(m_session, m_problemRunner, m_signer, m_backend);
    const auto showSummary = [this] {
        m_bottom->setFoldedLine(m_problems->summary());
        m_bottom->setPageMark(m_problems, m_problems->badge()); // makes room for its size
        m_endpoints->showCounts(m_problemRunner->judged()->endpoints);
        m_actions[QStringLiteral("fixAllSafeAction")]->setEnabled(m_problemRunner->judged()->safe > 0 && m_problemRunner->isCurrent());
    };
    connect(m_problems, &ProblemsPanel::summaryChanged, this, showSummary);
    connect(m_problems, &ProblemsPanel::placeAsked, this, &MainWindow::showProblemPlace);
    connect(m_fieldMarks, &FieldMarks::placeAsked, this, &MainWindow::showProblemPlace);
    connect(m_tokens, &TokensPanel::placeAsked, this, &MainWindow::showPlace);
    connect(m_session, &LabSession::endpointChanged, m_problems, &ProblemsPanel::showEndpoint);
    connect(m_session, &LabSession::endpointChanged, m_fieldMarks, &FieldMarks::showProblems);
    connect(m_actions[QStringLiteral("showProblemsAction")], &QAction::triggered, this, [this] {
        m_bottom->showPage(m_problems);
        m_problems->setFocus();
    });
    connect(m_actions[QStringLiteral("fixAllSafeAction")], &QAction::triggered, m_problemRunner, &ProblemRunner::fixAllSafe);
    showSummary();
}

void MainWindow::showProblemPlace(const QByteArray &pointer, std::size_t endpoint)
{
    if (endpoint != problems::Problem::npos)
        m_session->selectEndpoint(endpoint);
    QWidget *field = m_session->isEditable() ? m_fieldMarks->fieldFor(pointer) : nullptr;
    m_signerDock->show();
    if (!field) {
        m_sideTabs->setCurrentIndex(2);
        m_json->showPlace(pointer, true);
        m_json->setFocus();
        return;
    }
    const bool signer = m_fieldMarks->isSignerField(field);
    m_sideTabs->setCurrentIndex(signer ? 0 : 1);
    // A field in the folded part is unfolded first.
    if (auto *fold = m_signer->findChild<QToolButton *>(QStringLiteral("securityFold")); fold && signer && !field->isVisible())
        fold->setChecked(true);
    auto *edit = qobject_cast<QLineEdit *>(field);
    QWidget *target = edit ? edit : field->findChild<QLineEdit *>();
    if (!target)
        target = field;
    target->setFocus(Qt::ShortcutFocusReason);
    if (auto *line = qobject_cast<QLineEdit *>(target))
        line->selectAll();
    if (auto *scroll = (signer ? static_cast<QWidget *>(m_signer) : m_backend)->findChild<QScrollArea *>())
        scroll->ensureWidgetVisible(field);
}

} // namespace tokenlab::ui
