// The playground in the main window: its menu and window, the faults in the status bar, and keys that were renamed behind the gateway.
#include "ui/mainwindow.h"
#include "ui/playground/playgrounddialog.h"
#include "ui/widgets/basics.h"

#include <QMenuBar>
#include <QStatusBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

namespace {
constexpr int rotationLook = 250; // ms between two looks whether the key set has other names by now
}

void MainWindow::createPlayground()
{
    QAction *open = addNewAction(QStringLiteral("playgroundAction"), tr("&Playground…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P));
    connect(open, &QAction::triggered, this, &MainWindow::showPlayground);
    QAction *noFault = addNewAction(QStringLiteral("noFaultAction"), tr("&No fault"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    connect(noFault, &QAction::triggered, this, [this] { m_session->playground()->setFaults({}); });
    auto *menu = new QMenu(tr("&Playground"), this);
    menu->setObjectName(QStringLiteral("playgroundMenu"));
    menu->addAction(open);
    menu->addAction(noFault);
    menuBar()->insertMenu(menuBar()->actions().last(), menu); // before the help

    m_playground = flatButton({}, tr("Playground"), QStringLiteral("playgroundButton"), this);
    m_playground->setFont(uiFont());
    m_playground->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_playground->setIconSize({13, 13});
    connect(m_playground, &QToolButton::clicked, open, &QAction::trigger);
    m_noFault = flatButton(tr("No fault"), tr("Switch all faults of the playground off"), QStringLiteral("statusNoFault"), this);
    m_noFault->setFont(uiFont());
    m_noFault->setProperty("kind", QStringLiteral("link"));
    connect(m_noFault, &QToolButton::clicked, noFault, &QAction::trigger);
    statusBar()->addWidget(m_playground);
    statusBar()->addWidget(m_noFault);

    auto *old = new Banner(m_central);
    old->setObjectName(QStringLiteral("oldKeyBanner"));
    old->hide();
    static_cast<QVBoxLayout *>(m_central->layout())->insertWidget(2, old);
    connect(old, &Banner::actionTriggered, m_session, &LabSession::restartGateway);
    auto *look = new QTimer(this);
    look->setInterval(rotationLook);
    const auto showOldKey = [this, old, look] {
        const bool on = m_session->playground()->faults().contains(playground::Fault::RotatedKey);
        const bool rotated = m_session->playground()->keysRotated();
        if (rotated && m_session->signer().state.signer && !m_session->signer().loading)
            old->showText(tr("The playground's keys have other names now. The gateway still signs with the old key, which it loaded when "
                             "it started."),
                          Tone::Warning, tr("Restart the gateway"));
        else if (!m_session->signer().loading)
            old->hide();
        on && !rotated ? look->start() : look->stop();
        if (rotated && m_playgroundDialog)
            m_playgroundDialog->showGateway();
    };
    connect(look, &QTimer::timeout, this, showOldKey);
    connect(m_session, &LabSession::signerChanged, old, showOldKey);
    connect(m_session->playground(), &Playground::faultsChanged, old, showOldKey);
    for (const auto changed : {&Playground::changed, &Playground::faultsChanged})
        connect(m_session->playground(), changed, this, &MainWindow::updateStatus);
}

void MainWindow::showPlayground()
{
    if (!m_playgroundDialog) {
        m_playgroundDialog =
            new PlaygroundDialog(m_session, m_actions[QStringLiteral("sendAction")], m_actions[QStringLiteral("restartAction")], this);
        m_playgroundDialog->setFont(font());
    }
    m_playgroundDialog->show();
    m_playgroundDialog->raise();
    m_playgroundDialog->activateWindow();
}

void MainWindow::updatePlayground()
{
    const Playground &playground = *m_session->playground();
    const QString address = QString::fromUtf8(playground.origin()).remove(QStringLiteral("http://"));
    QStringList names;
    for (const playground::Fault fault : playground.faults())
        names << QString::fromLatin1(playground::faultInfo(fault).name);
    const bool troubled = !playground.trouble().isEmpty();
    m_playground->setText(!playground.isRunning() && troubled ? tr("Playground could not start")
                          : !playground.isRunning()           ? tr("Playground not running")
                          : names.isEmpty()                   ? tr("Playground on %1").arg(address)
                                                              : tr("Playground on %1: %2").arg(address, names.join(QStringLiteral(", "))));
    const bool warns = troubled || !names.isEmpty();
    m_playground->setIcon(warns ? shapeIcon(Shape::Triangle, tokens().warning) : QIcon());
    m_playground->setToolButtonStyle(warns ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonTextOnly);
    m_playground->setAccessibleName(m_playground->text());
    QStringList lines{troubled ? playground.trouble() : tr("The login backend inside Token Lab. A click shows it and its faults.")};
    for (const playground::Fault fault : playground.faults())
        lines << QString::fromLatin1(playground::faultInfo(fault).name) + QStringLiteral(": ") + playground::faultEffect(fault) +
                     QLatin1Char(' ') + playground::faultConsequence(fault);
    m_playground->setToolTip(QStringLiteral("<p>") +
                             lines.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")) +
                             QStringLiteral("</p>"));
    m_noFault->setVisible(!names.isEmpty());
    m_actions[QStringLiteral("noFaultAction")]->setEnabled(!names.isEmpty());
}

} // namespace tokenlab::ui
