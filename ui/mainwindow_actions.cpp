// Actions and menus of the main window, and what they do with files.
#include "core/gateway/edit.h"
#include "core/text/text.h"
#include "ui/bindings/bindingsdialog.h"
#include "ui/endpoint/endpointspanel.h"
#include "ui/endpoint/jsonpanel.h"
#include "ui/log/bottompanel.h"
#include "ui/mainwindow.h"
#include "ui/request/requestbar.h"
#include "ui/widgets/basics.h"

#include <QActionGroup>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStatusBar>
#include <QTabBar>
#include <QToolButton>

namespace tokenlab::ui {

namespace {
constexpr int recentFiles = 8;
}

QAction *MainWindow::addNewAction(const QString &name, const QString &text, const QKeySequence &shortcut)
{
    auto *action = new QAction(text, this);
    action->setObjectName(name);
    if (!shortcut.isEmpty()) {
        action->setShortcut(shortcut);
        action->setToolTip(QStringLiteral("%1 (%2)").arg(QString(text).remove(QLatin1Char('&')).remove(QStringLiteral("…")),
                                                         shortcut.toString(QKeySequence::NativeText)));
    }
    m_actions[name] = action;
    return action;
}

void MainWindow::createActions()
{
    connect(addNewAction(QStringLiteral("demoAction"), tr("&Demonstration")), &QAction::triggered, this,
            [this] { whenSaved([this] { m_session->openDemo(); }); });
    connect(addNewAction(QStringLiteral("openAction"), tr("&Open…"), QKeySequence::Open), &QAction::triggered, this, &MainWindow::openFile);
    connect(addNewAction(QStringLiteral("saveAction"), tr("&Save"), QKeySequence::Save), &QAction::triggered, this, [this] { save(); });
    connect(addNewAction(QStringLiteral("saveAsAction"), tr("Save &as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)),
            &QAction::triggered, this, [this] { saveAs(); });
    connect(addNewAction(QStringLiteral("quitAction"), tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q)), &QAction::triggered, this,
            &QWidget::close);
    connect(addNewAction(QStringLiteral("copySignerAction"), tr("Copy the &signer")), &QAction::triggered, this, [this] {
        if (m_session->endpoint())
            copyPart(m_session->endpoint()->signerPointer);
    });
    connect(addNewAction(QStringLiteral("copyEndpointAction"), tr("Copy the &endpoint")), &QAction::triggered, this, [this] {
        if (m_session->endpoint())
            copyPart(m_session->endpoint()->pointer);
    });
    connect(addNewAction(QStringLiteral("exportFileAction"), tr("Save the &gateway file…")), &QAction::triggered, this,
            [this] { saveAs(); });

    QUndoStack *undo = m_session->document().undoStack();
    QAction *undoAction = undo->createUndoAction(this, tr("&Undo"));
    undoAction->setObjectName(QStringLiteral("undoAction"));
    undoAction->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
    m_actions[QStringLiteral("undoAction")] = undoAction;
    QAction *redoAction = undo->createRedoAction(this, tr("&Redo"));
    redoAction->setObjectName(QStringLiteral("redoAction"));
    redoAction->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    m_actions[QStringLiteral("redoAction")] = redoAction;

    connect(addNewAction(QStringLiteral("sendAction"), tr("&Send"), QKeySequence(Qt::CTRL | Qt::Key_Return)), &QAction::triggered, this,
            [this] { m_session->send(); });
    m_actions[QStringLiteral("sendAction")]->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    connect(addNewAction(QStringLiteral("cancelAction"), tr("&Cancel"), QKeySequence(Qt::Key_Escape)), &QAction::triggered, this,
            [this] { m_session->cancel(); });
    m_actions[QStringLiteral("cancelAction")]->setEnabled(false);
    connect(addNewAction(QStringLiteral("restartAction"), tr("&Restart the gateway"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)),
            &QAction::triggered, m_session, &LabSession::restartGateway);
    m_actions[QStringLiteral("restartAction")]->setToolTip(tr("Load the keys again, as the gateway does when it starts"));
    connect(addNewAction(QStringLiteral("addEndpointAction"), tr("Add an &endpoint")), &QAction::triggered, this, [this] {
        if (auto *button = findChild<QToolButton *>(QStringLiteral("addEndpoint")))
            button->click();
    });
    connect(addNewAction(QStringLiteral("addSignerAction"), tr("Add a si&gner")), &QAction::triggered, this, [this] {
        if (m_session->tree() && m_session->endpoint())
            m_session->edit(gateway::edit::addSigner(*m_session->tree(), m_session->endpoint()->pointer), tr("Add signer"));
    });
    connect(addNewAction(QStringLiteral("bindingsAction"), tr("&Bindings…")), &QAction::triggered, this, &MainWindow::editBindings);
    connect(addNewAction(QStringLiteral("showSignerAction"), tr("&Signer form"), QKeySequence(Qt::ALT | Qt::Key_1)), &QAction::triggered,
            this, [this] { m_sideTabs->setCurrentIndex(0); });
    connect(addNewAction(QStringLiteral("showBackendAction"), tr("&Backend form"), QKeySequence(Qt::ALT | Qt::Key_2)), &QAction::triggered,
            this, [this] { m_sideTabs->setCurrentIndex(1); });
    connect(addNewAction(QStringLiteral("showJsonAction"), tr("&JSON"), QKeySequence(Qt::ALT | Qt::Key_3)), &QAction::triggered, this,
            [this] {
                m_sideTabs->setCurrentIndex(2);
                m_json->setFocus();
            });
    addNewAction(QStringLiteral("showProblemsAction"), tr("&Problems"), QKeySequence(Qt::ALT | Qt::Key_4));
    addNewAction(QStringLiteral("fixAllSafeAction"), tr("Fix all sa&fe problems"));
    connect(addNewAction(QStringLiteral("foldBottomAction"), tr("&Fold log and trace"), QKeySequence(Qt::CTRL | Qt::Key_J)),
            &QAction::triggered, this, [this] { m_bottom->setFolded(!m_bottom->isFolded()); });
    connect(addNewAction(QStringLiteral("resetLayoutAction"), tr("&Reset the layout")), &QAction::triggered, this, [this] {
        for (QDockWidget *dock : m_work->findChildren<QDockWidget *>()) {
            dock->setFloating(false);
            dock->show();
        }
        applyLayout();
    });
    connect(addNewAction(QStringLiteral("aboutAction"), tr("&About Token Lab")), &QAction::triggered, this, &MainWindow::about);

    m_themes = new QActionGroup(this);
    const std::pair<ThemeChoice, QString> themes[] = {
        {ThemeChoice::System, tr("&System")}, {ThemeChoice::Light, tr("&Light")}, {ThemeChoice::Dark, tr("&Dark")}};
    for (const auto &[choice, title] : themes) {
        QAction *action = addNewAction(QStringLiteral("theme%1Action").arg(int(choice)), title);
        action->setCheckable(true);
        action->setData(int(choice));
        m_themes->addAction(action);
        const ThemeChoice wanted = choice;
        connect(action, &QAction::triggered, this, [this, wanted] { setTheme(wanted); });
    }
}

void MainWindow::createMenus()
{
    const auto action = [this](const char *name) { return m_actions[QString::fromLatin1(name)]; };
    m_exportMenu = new QMenu(tr("&Export"), this);
    m_exportMenu->setObjectName(QStringLiteral("exportMenu"));
    m_exportMenu->addAction(action("copySignerAction"));
    m_exportMenu->addAction(action("copyEndpointAction"));
    m_exportMenu->addSeparator();
    m_exportMenu->addAction(action("exportFileAction"));

    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addAction(action("openAction"));
    m_recent = file->addMenu(tr("Open &recent"));
    m_recent->setObjectName(QStringLiteral("recentMenu"));
    m_recent->setEnabled(false);
    file->addAction(action("demoAction"));
    file->addSeparator();
    file->addAction(action("saveAction"));
    file->addAction(action("saveAsAction"));
    file->addMenu(m_exportMenu);
    file->addSeparator();
    file->addAction(action("quitAction"));

    QMenu *editMenu = menuBar()->addMenu(tr("&Edit"));
    editMenu->addAction(action("undoAction"));
    editMenu->addAction(action("redoAction"));
    editMenu->addSeparator();
    editMenu->addAction(action("fixAllSafeAction"));

    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addAction(action("showSignerAction"));
    view->addAction(action("showBackendAction"));
    view->addAction(action("showJsonAction"));
    view->addAction(action("showProblemsAction"));
    view->addSeparator();
    QMenu *panels = view->addMenu(tr("&Panels"));
    panels->setObjectName(QStringLiteral("panelsMenu"));
    view->addAction(action("foldBottomAction"));
    view->addAction(action("resetLayoutAction"));
    view->addSeparator();
    view->addMenu(tr("&Theme"))->addActions(m_themes->actions());

    QMenu *endpoint = menuBar()->addMenu(tr("E&ndpoint"));
    endpoint->setObjectName(QStringLiteral("endpointMenu"));
    endpoint->addAction(action("sendAction"));
    endpoint->addAction(action("cancelAction"));
    endpoint->addSeparator();
    endpoint->addAction(action("restartAction"));
    endpoint->addAction(action("bindingsAction"));
    endpoint->addSeparator();
    endpoint->addAction(action("addEndpointAction"));
    endpoint->addAction(action("addSignerAction"));

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(action("aboutAction"));
    menuBar()->setNativeMenuBar(false);
}

void MainWindow::openFile()
{
    whenSaved([this] {
        auto *dialog = new QFileDialog(this, tr("Open a gateway file"), QFileInfo(m_session->path()).absolutePath());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setObjectName(QStringLiteral("openDialog"));
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters({tr("Gateway configuration (*.json)"), tr("All files (*)")});
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) { openPath(path); });
        dialog->open();
    });
}

void MainWindow::openPath(const QString &path)
{
    openPath(path, LabSession::OpenAs::GatewayFile);
}

void MainWindow::openPath(const QString &path, LabSession::OpenAs as)
{
    if (as == LabSession::OpenAs::GatewayFile && openTemplate(path))
        return;
    const auto opened = m_session->open(path, as);
    if (!opened && opened.error().malformed) {
        // What is open stays; who wants to mend the text says so.
        auto *box = new QMessageBox(QMessageBox::Warning, tr("Not opened"), opened.error().reason, QMessageBox::Cancel, this);
        box->setTextFormat(Qt::PlainText);
        box->setObjectName(QStringLiteral("reportBox"));
        box->setAttribute(Qt::WA_DeleteOnClose);
        QPushButton *asText = box->addButton(tr("Open as &text"), QMessageBox::AcceptRole);
        asText->setObjectName(QStringLiteral("openAsTextButton"));
        box->setDefaultButton(QMessageBox::Cancel);
        connect(asText, &QPushButton::clicked, this, [this, path] { openPath(path, LabSession::OpenAs::Text); });
        box->open();
        return;
    }
    if (!opened) {
        report(tr("Not opened"), tr("%1 could not be read: %2").arg(path, opened.error().reason));
        if (!m_session->service() && m_session->document().bytes().isEmpty())
            m_session->openDemo();
        return;
    }
    remember(path);
    if (m_session->configError())
        m_sideTabs->setCurrentIndex(2);
}

void MainWindow::remember(const QString &path)
{
    if (!m_options.remember)
        return;
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("recent")).toStringList();
    const QString absolute = QFileInfo(path).absoluteFilePath();
    recent.removeAll(absolute);
    recent.prepend(absolute);
    settings.setValue(QStringLiteral("recent"), QStringList(recent.mid(0, recentFiles)));
    updateRecent();
}

void MainWindow::updateRecent()
{
    m_recent->clear();
    const QStringList recent = QSettings().value(QStringLiteral("recent")).toStringList();
    for (const QString &path : recent) {
        QAction *action = m_recent->addAction(QString(path).replace(QLatin1Char('&'), QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, path] { whenSaved([this, path] { openPath(path); }); });
    }
    m_recent->setEnabled(!recent.isEmpty());
}

void MainWindow::save(const std::function<void()> &then)
{
    if (m_session->path().isEmpty())
        saveAs(then);
    else
        writeTo(m_session->path(), then);
}

void MainWindow::saveAs(const std::function<void()> &then)
{
    const QString path = m_session->path();
    auto *dialog = new QFileDialog(this, tr("Save the gateway file"), path.isEmpty() ? QString() : QFileInfo(path).absolutePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("saveDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Gateway configuration (*.json)"), tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(path.isEmpty() ? QStringLiteral("krakend.json") : QFileInfo(path).fileName());
    connect(dialog, &QFileDialog::fileSelected, this, [this, then](const QString &chosen) { writeTo(chosen, then); });
    dialog->open();
}

void MainWindow::writeTo(const QString &path, const std::function<void()> &then)
{
    const auto saved = m_session->save(path);
    if (!saved) {
        report(tr("Not saved"), tr("%1 was left as it was: %2").arg(path, saved.error().reason));
        return;
    }
    remember(path);
    updateTitle();
    m_banner->hide();
    if (then)
        then();
}

void MainWindow::copyPart(const QByteArray &pointer)
{
    if (!m_session->tree() || pointer.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(
        QString::fromUtf8(gateway::edit::excerpt(*m_session->tree(), pointer) + '\n')); // as the command `export` writes it
    statusBar()->showMessage(tr("Copied to the clipboard"), 3000);
}

void MainWindow::editBindings()
{
    auto *dialog = new BindingsDialog(m_session->service().get(), m_session->bindings(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_session->setBindings(dialog->bindings()); });
    dialog->open();
}

void MainWindow::whenSaved(const std::function<void()> &then)
{
    if (!m_session->isModified()) {
        then();
        return;
    }
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("Save the changes?"),
                                tr("%1 has changes that are not saved.").arg(m_session->displayName()),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box->setTextFormat(Qt::PlainText);
    box->setObjectName(QStringLiteral("unsavedBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setDefaultButton(QMessageBox::Save);
    connect(box, &QMessageBox::finished, this, [this, then](int answer) {
        if (answer == QMessageBox::Save)
            save(then);
        else if (answer == QMessageBox::Discard)
            then();
    });
    box->open();
}

void MainWindow::report(const QString &title, const QString &text)
{
    auto *box = new QMessageBox(QMessageBox::Warning, title, text, QMessageBox::Ok, this);
    box->setTextFormat(Qt::PlainText);
    box->setObjectName(QStringLiteral("reportBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::about()
{
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Token Lab"),
                                tr("Token Lab %1\n\nWhat a KrakenD gateway's auth/signer would answer, byte for byte, and why. "
                                   "It follows KrakenD Community Edition 2.13.8.\n\nFree software under the GNU GPL, version 3 or later.")
                                    .arg(QStringLiteral(TOKENLAB_VERSION)),
                                QMessageBox::Ok, this);
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(QIcon(QStringLiteral(":/icons/token-lab.svg")).pixmap(56, 56));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace tokenlab::ui
