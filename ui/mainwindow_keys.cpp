// Keys in the main window: their menu and their window.
#include "core/text/keys.h"
#include "core/text/text.h"
#include "ui/keys/keysdialog.h"
#include "ui/keys/keysmodel.h"
#include "ui/keys/standin.h"
#include "ui/mainwindow.h"
#include "ui/tokens/tokenspanel.h"
#include "ui/widgets/basics.h"

#include <QMenuBar>
#include <QVBoxLayout>

namespace tokenlab::ui {

void MainWindow::createKeys()
{
    QAction *open = addNewAction(QStringLiteral("keysAction"), tr("&Keys…"), QKeySequence(Qt::CTRL | Qt::Key_K));
    connect(open, &QAction::triggered, this, [this] { showKeys(); });
    QAction *take = addNewAction(QStringLiteral("documentKeysAction"), tr("The &document's key set"));
    connect(take, &QAction::triggered, this, [this] { showKeys()->takeFromDocument(false); });
    auto *menu = new QMenu(tr("&Keys"), this);
    menu->setObjectName(QStringLiteral("keysMenu"));
    menu->addAction(open);
    menu->addAction(take);
    QAction *check = addNewAction(QStringLiteral("checkSignaturesAction"), tr("Check &signatures with a key…"));
    check->setToolTip(tr("Check the tokens on show with a key from elsewhere"));
    connect(check, &QAction::triggered, this, [this] { m_tokens->chooseKeys(); });
    menu->addSeparator();
    menu->addAction(check);
    // Beside the endpoint's, before the help.
    menuBar()->insertMenu(menuBar()->actions().last(), menu);
    createStandIns();
    menu->addSeparator();
    menu->addAction(m_actions[QStringLiteral("standInAction")]);
    connect(m_session, &LabSession::documentOpened, take, [this, take] { take->setEnabled(m_session->service() != nullptr); });
}

void MainWindow::createStandIns()
{
    m_standIn = new StandIn(m_session, StandIn::usualFolder(), this);
    m_standInBanner = new Banner(m_central);
    m_standInBanner->setObjectName(QStringLiteral("standInBanner"));
    static_cast<QVBoxLayout *>(m_central->layout())->insertWidget(2, m_standInBanner);
    QAction *action = addNewAction(QStringLiteral("standInAction"), tr("Make a stand-&in key"));
    action->setToolTip(tr("A key of the same ID, on this computer only, in place of one that cannot be had here"));
    connect(action, &QAction::triggered, this, [this] {
        if (const auto plan = standInPlan(*m_session)) {
            m_standInBanner->showText(tr("Making a stand-in key…"), Tone::Accent);
            m_standIn->start(*plan);
        }
    });
    connect(m_standInBanner, &Banner::actionTriggered, this, [this] {
        if (m_standInAction)
            m_standInAction();
    });
    for (const auto changed : {&LabSession::documentOpened, &LabSession::endpointChanged})
        connect(m_session, changed, this, [this] {
            m_standInMade = false;
            m_standInBanner->hide();
        });
    for (const auto changed : {&LabSession::signerChanged, &LabSession::configChanged})
        connect(m_session, changed, this, &MainWindow::offerStandIn);
    connect(m_standIn, &StandIn::failed, this, [this](const QString &words) {
        m_standInAction = nullptr;
        m_standInBanner->showText(words, Tone::Bad);
    });
    connect(m_standIn, &StandIn::made, this, [this](const keys::Entries &entries, const QString &path) {
        if (path.isEmpty()) {
            m_standInMade = true;
            m_standInAction = nullptr;
            m_standInBanner->showText(
                tr("An empty list of authorities stands in for jwk_local_ca here. It is a binding, not exported; Undo takes it back."),
                Tone::Accent);
            return;
        }
        const keys::Row row = keys::survey(entries).back();
        // A secret has no public half: validators need the set itself.
        const bool hasPublic = keys::writePublic(entries).count > 0;
        m_standInMade = true;
        m_standInAction = [this, entries, path] {
            KeysDialog *keys = showKeys();
            if (!keys->set()->isModified())
                keys->showSet(entries, path,
                              tr("The stand-in set. Export > Public set is what validators take; it is not exported with the document."));
        };
        m_standInBanner->showText(tr("A stand-in key %1 (%2) signs here. It is a binding, not exported; Undo takes it back.")
                                      .arg(kidName(row.kid), text::kindOfKey(row)),
                                  Tone::Accent, hasPublic ? tr("Public set for validators…") : tr("Show the set…"));
    });
    offerStandIn();
}

void MainWindow::offerStandIn()
{
    const auto plan = standInPlan(*m_session);
    m_actions[QStringLiteral("standInAction")]->setEnabled(plan.has_value());
    if (!plan) {
        // What was made stays told; what is offered stays while the keys are loaded again, so that nothing flickers.
        if (!m_session->signer().loading && !(m_standInMade && m_session->signer().state.signer))
            m_standInBanner->hide();
        return;
    }
    m_standInMade = false;
    m_standInAction = [this] { m_actions[QStringLiteral("standInAction")]->trigger(); };
    const QString kid = kidName(plan->kid), alg = text::inert(plan->alg);
    if (plan->why == StandInPlan::NoAuthorities) {
        const QString without = plan->from.isEmpty()
                                    ? tr("The file of jwk_local_ca cannot be read here. An empty one stands in for it; the document "
                                         "stays as it is.")
                                    : tr("The file of jwk_local_ca cannot be read here, so that no key is fetched. An empty one and a key "
                                         "%1 for %2 stand in; the document stays as it is.")
                                          .arg(kid, alg);
        m_standInBanner->showText(without, Tone::Warning, tr("Make a stand-in"));
        return;
    }
    m_standInBanner->showText(
        plan->why == StandInPlan::OtherAlgorithm
            ? tr("The loaded key %1 cannot do %2. A key that can is made for this lab alone; the document stays as it is.").arg(kid, alg)
            : tr("The key %1 cannot be had here. A stand-in of the same ID for %2 signs in its place; the document stays as it is.")
                  .arg(kid, alg),
        Tone::Warning, tr("Make a stand-in key"));
}

KeysDialog *MainWindow::showKeys()
{
    if (!m_keys) {
        m_keys = new KeysDialog(m_session, this);
        m_keys->setFont(font());
    }
    m_keys->show();
    m_keys->raise();
    m_keys->activateWindow();
    return m_keys;
}

bool MainWindow::keysUnsaved()
{
    if (!m_keys || !m_keys->set()->isModified())
        return false;
    showKeys()->reject(); // asks
    return m_keys->set()->isModified();
}

} // namespace tokenlab::ui
