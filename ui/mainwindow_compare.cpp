// The Comparison page in the main window.
#include "ui/compare/comparepanel.h"
#include "ui/log/bottompanel.h"
#include "ui/mainwindow.h"
#include "ui/widgets/basics.h"

#include <QAction>
#include <QMenu>

namespace tokenlab::ui {

void MainWindow::createComparison()
{
    m_comparison = new ComparePanel(m_session, m_options.remember);
    m_bottom->addPage(m_comparison, tr("Comparison"));
    m_bottom->addPageActions(m_comparison, m_comparison->actions());
    QAction *compare =
        addNewAction(QStringLiteral("compareAction"), tr("Com&pare with a gateway"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return));
    compare->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Enter)});
    if (QMenu *menu = findChild<QMenu *>(QStringLiteral("endpointMenu")))
        menu->insertAction(m_actions[QStringLiteral("restartAction")], compare);
    connect(compare, &QAction::triggered, this, [this] {
        m_bottom->showPage(m_comparison);
        m_comparison->compare();
    });
    // Escape stops what runs: the comparison as well as the request.
    connect(m_actions[QStringLiteral("cancelAction")], &QAction::triggered, m_comparison->runner(), &CompareRunner::cancel);
    connect(m_comparison->runner(), &CompareRunner::changed, this, [this] {
        m_actions[QStringLiteral("cancelAction")]->setEnabled(m_comparison->runner()->isBusy() ||
                                                              std::holds_alternative<Running>(m_session->state()));
    });
    connect(m_comparison, &ComparePanel::roomWanted, this, [this](int height) {
        const int room = qMin(height, this->height() * 36 / 100);
        if (!m_bottom->isFolded() && m_bottomDock->height() < room)
            m_work->resizeDocks({m_bottomDock}, {room}, Qt::Vertical);
    });
    const auto enable = [this, compare] {
        const bool can = m_session->isIntact() && m_session->endpoint();
        compare->setEnabled(can);
        m_comparison->setCanCompare(can);
    };
    connect(m_session, &LabSession::configChanged, this, enable);
    connect(m_session, &LabSession::endpointChanged, this, enable);
    enable();
}

} // namespace tokenlab::ui
