// Connection in the main window: its action, its window, and the ways that lead there.
#include "ui/connection/connectiondialog.h"
#include "ui/endpoint/backendform.h"
#include "ui/endpoint/signerform.h"
#include "ui/mainwindow.h"
#include "ui/request/requestbar.h"

#include <QMenu>

namespace tokenlab::ui {

void MainWindow::createConnection()
{
    QAction *open = addNewAction(QStringLiteral("connectionAction"), tr("&Connection…"), QKeySequence(Qt::CTRL | Qt::Key_T));
    connect(open, &QAction::triggered, this, [this] { showConnection(); });
    auto *menu = findChild<QMenu *>(QStringLiteral("endpointMenu"));
    const QList<QAction *> actions = menu->actions();
    const auto at = actions.indexOf(m_actions[QStringLiteral("bindingsAction")]);
    menu->insertAction(at >= 0 && at + 1 < actions.size() ? actions[at + 1] : nullptr, open);
    const auto keyHost = [this] { showConnection()->lookAt(ConnectionChoice::KeyHost); };
    connect(m_signer, &SignerForm::connectionAsked, this, keyHost);
    connect(m_bar, &RequestBar::connectionAsked, this, keyHost);
    connect(m_backend, &BackendForm::connectionAsked, this,
            [this](const QByteArray &host) { showConnection()->lookAt(ConnectionChoice::BackendHost, host); });
}

ConnectionDialog *MainWindow::showConnection()
{
    if (!m_connection) {
        m_connection = new ConnectionDialog(m_session, this);
        m_connection->setFont(font());
    }
    m_connection->show();
    m_connection->raise();
    m_connection->activateWindow();
    return m_connection;
}

} // namespace tokenlab::ui
