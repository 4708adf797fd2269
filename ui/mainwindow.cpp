#include "ui/mainwindow.h"

#include "core/gateway/edit.h"
#include "core/text/text.h"
#include "ui/endpoint/backendform.h"
#include "ui/endpoint/endpointspanel.h"
#include "ui/endpoint/jsonpanel.h"
#include "ui/endpoint/signerform.h"
#include "ui/log/bottompanel.h"
#include "ui/request/requestbar.h"
#include "ui/request/requestpanel.h"
#include "ui/response/responsepanel.h"
#include "ui/tokens/tokenspanel.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/jsoneditor.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyleHints>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

// Outside any namespace: the resources of a static library are dropped by the linker unless asked for.
static void loadResources()
{
    Q_INIT_RESOURCE(ui);
}

namespace tokenlab::ui {

namespace {

// `version, endpoint, backend`: the members that a fragment lacked; their places where several endpoints lacked some.
QString filledIn(const std::vector<QByteArray> &pointers)
{
    constexpr qsizetype most = 6;
    const bool several =
        std::any_of(pointers.begin(), pointers.end(), [](const QByteArray &pointer) { return pointer.startsWith("/endpoints/1/"); });
    QStringList names;
    for (const QByteArray &pointer : pointers) {
        const QList<QByteArray> parts = pointer.mid(1).split('/');
        const QString name = text::inert(parts.last());
        names << (several && parts.size() > 2 ? MainWindow::tr("%1 of endpoint %2").arg(name).arg(parts[1].toInt() + 1) : name);
    }
    if (names.size() <= most)
        return names.join(QStringLiteral(", "));
    return MainWindow::tr("%1 and %2 more").arg(names.mid(0, most).join(QStringLiteral(", "))).arg(names.size() - most);
}
} // namespace

MainWindow::MainWindow(const Options &options, QWidget *parent)
    : QMainWindow(parent), m_session(new LabSession(options.session, this)), m_work(new QMainWindow(this, Qt::Widget)), m_options(options)
{
    loadResources();
    // Before any widget is made: those made earlier would keep the desktop's font.
    applyTheme(options.remember ? choiceFromName(QSettings().value(QStringLiteral("theme")).toString()) : ThemeChoice::System);
    setFont(uiFont());
    m_work->setFont(uiFont());
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setWindowIcon(QIcon(QStringLiteral(":/icons/token-lab.svg")));
    createActions();
    createMenus();
    createDocks();
    createProblems();
    createComparison();
    createExport();
    createKeys();
    createConnection();
    createPlayground();
    createStatusBar();
    connectSession();
    updateTitle();
    restoreLayout();
}

MainWindow::~MainWindow()
{
    // Children go after this object: nothing of theirs may call back.
    m_session->disconnect(this);
    m_session->document().undoStack()->disconnect(this);
    m_work->disconnect(this);
    m_bottom->disconnect(this);
    m_sideTabs->disconnect(this);
}

void MainWindow::createDocks()
{
    m_central = new QWidget(this);
    auto *column = new QVBoxLayout(m_central);
    column->setContentsMargins(10, 3, 10, 0);
    column->setSpacing(8);
    m_errorBanner = new Banner(m_central);
    m_errorBanner->setObjectName(QStringLiteral("errorBanner"));
    m_banner = new Banner(m_central);
    m_banner->setObjectName(QStringLiteral("noticeBanner"));
    m_bar = new RequestBar(m_session, m_actions[QStringLiteral("sendAction")], m_actions[QStringLiteral("cancelAction")], m_exportMenu,
                           m_central);
    column->addWidget(m_banner);
    column->addWidget(m_errorBanner);
    column->addWidget(m_bar);
    column->addWidget(m_work, 1);
    setCentralWidget(m_central);

    m_work->setObjectName(QStringLiteral("workArea"));
    m_work->setDockNestingEnabled(true);
    m_work->setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AnimatedDocks);

    auto *middle = new QSplitter(Qt::Vertical);
    middle->setObjectName(QStringLiteral("middleSplitter"));
    middle->setHandleWidth(8);
    middle->setChildrenCollapsible(false);
    m_request = new RequestPanel(m_session);
    m_reply = new ReplyPanel(m_session);
    middle->addWidget(m_request);
    middle->addWidget(m_reply);
    middle->setStretchFactor(0, 2);
    middle->setStretchFactor(1, 5);
    middle->setMinimumWidth(330);
    m_work->setCentralWidget(middle);

    const auto addDock = [this](const QString &title, const QString &name, CardHeader *header, QWidget *body, Qt::DockWidgetArea area,
                                bool framed) {
        auto *dock = new CardDock(title, header, body, framed, m_work);
        dock->setObjectName(name);
        m_work->addDockWidget(area, dock);
        return dock;
    };
    m_endpoints = new EndpointsPanel(m_session);
    m_endpointsDock =
        addDock(tr("Endpoints"), QStringLiteral("endpointsDock"), m_endpoints->header(), m_endpoints, Qt::LeftDockWidgetArea, true);

    m_sideTabs = new QTabBar;
    m_sideTabs->setObjectName(QStringLiteral("sideTabs"));
    m_sideTabs->setAccessibleName(tr("Views of the endpoint"));
    auto *pages = new QStackedWidget;
    m_signer = new SignerForm(m_session);
    m_backend = new BackendForm(m_session);
    m_json = new JsonPanel(m_session);
    pages->addWidget(m_signer);
    m_sideTabs->addTab(tr("Signer"));
    pages->addWidget(m_backend);
    m_sideTabs->addTab(tr("Backend"));
    pages->addWidget(m_json);
    m_sideTabs->addTab(tr("JSON"));
    connect(m_sideTabs, &QTabBar::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    connect(m_sideTabs, &QTabBar::currentChanged, this, [this](int page) {
        if (page == 2 && m_session->endpoint() && !m_json->editor()->hasFocus())
            m_json->showPlace(m_session->endpoint()->signerPointer.isEmpty() ? m_session->endpoint()->pointer
                                                                             : m_session->endpoint()->signerPointer);
    });
    m_signerDock = addDock(tr("Endpoint configuration"), QStringLiteral("signerDock"), new CardHeader(m_sideTabs), pages,
                           Qt::LeftDockWidgetArea, true);

    m_response = new ResponsePanel(m_session);
    m_responseDock =
        addDock(tr("Gateway response"), QStringLiteral("responseDock"), m_response->header(), m_response, Qt::RightDockWidgetArea, true);
    m_tokens = new TokensPanel(m_session);
    m_tokensDock = addDock(tr("Tokens"), QStringLiteral("tokensDock"), m_tokens->header(), m_tokens, Qt::RightDockWidgetArea, false);
    m_bottom = new BottomPanel;
    m_bottomDock = addDock(tr("Log and trace"), QStringLiteral("bottomDock"), m_bottom->header(), m_bottom, Qt::BottomDockWidgetArea, true);
    m_endpointsDock->setMinimumWidth(240);
    m_signerDock->setMinimumWidth(280);
    m_responseDock->setMinimumWidth(340);
    m_response->setMinimumHeight(100);

    connect(m_bottom, &BottomPanel::foldedChanged, this, [this](bool folded) {
        if (!m_folding)
            m_foldedByUser = folded;
        if (folded) {
            m_unfoldedHeight = qMax(190, m_bottomDock->height());
            m_bottomDock->setMaximumHeight(m_bottom->header()->sizeHint().height() + 14);
        } else {
            m_bottomDock->setMaximumHeight(QWIDGETSIZE_MAX);
            m_work->resizeDocks({m_bottomDock}, {m_unfoldedHeight}, Qt::Vertical);
        }
    });
    connect(m_bottom, &BottomPanel::placeAsked, this, &MainWindow::showPlace);
    connect(m_bar, &RequestBar::placeAsked, this, &MainWindow::showPlace);
    connect(m_bar, &RequestBar::signInstead, this, [this](const QByteArray &name, const QByteArray &instead) {
        if (m_session->isEditable() && m_session->endpoint())
            m_session->edit(gateway::edit::replaceText(*m_session->tree(), m_session->endpoint()->signerPointer, "keys_to_sign", name,
                                                       QString::fromUtf8(instead)),
                            tr("Sign %1").arg(QString::fromUtf8(instead)));
    });
    connect(m_errorBanner, &Banner::actionTriggered, this, [this] {
        m_sideTabs->setCurrentIndex(2);
        if (const auto &error = m_session->configError()) {
            if (error->offset >= 0)
                m_json->editor()->showOffset(error->offset, 1);
            else
                m_json->showPlace(error->pointer);
        }
        m_json->setFocus();
    });
    connect(m_banner, &Banner::actionTriggered, this, &MainWindow::openFile);

    QMenu *panels = findChild<QMenu *>(QStringLiteral("panelsMenu"));
    for (CardDock *dock : {m_endpointsDock, m_signerDock, m_responseDock, m_tokensDock, m_bottomDock})
        panels->addAction(dock->toggleViewAction());
}

void MainWindow::createStatusBar()
{
    m_bindings = flatButton({}, tr("Bindings"), QStringLiteral("bindingsButton"), this);
    m_bindings->setFont(uiFont());
    auto *rules = new QLabel(tr("KrakenD CE 2.13.8 rules"), this);
    rules->setObjectName(QStringLiteral("rulesLabel"));
    rules->setContentsMargins(0, 0, 6, 0);
    statusBar()->setContentsMargins(12, 0, 8, 2);
    statusBar()->addWidget(m_bindings);
    statusBar()->addPermanentWidget(rules);
    connect(m_bindings, &QToolButton::clicked, this, &MainWindow::editBindings);
}

void MainWindow::connectSession()
{
    connect(m_session, &LabSession::documentOpened, this, [this] {
        updateTitle();
        m_errorBanner->hide();
        if (m_session->isDemo())
            m_banner->showText(tr("Demonstration: the manual's example with a login backend inside Token Lab. Press Send, or open or drop "
                                  "your own krakend.json."),
                               Tone::Accent, tr("Open…"));
        else if (!m_session->completed().empty())
            m_banner->showText(tr("This was a part of a gateway file. Filled in around it: %1. Saving asks for a new name.")
                                   .arg(filledIn(m_session->completed())),
                               Tone::Warning);
        else
            m_banner->hide();
        m_request->forgetOthers();
        m_reply->forgetOthers();
        m_endpoints->showConfig();
        m_bar->showDraft();
        m_request->showEndpoint();
        showConfig();
        // Once the list has its rows; a layout that the user left stays.
        QTimer::singleShot(0, this, &MainWindow::fitEndpoints);
    });
    connect(m_session, &LabSession::configChanged, this, &MainWindow::showConfig);
    connect(m_session, &LabSession::endpointChanged, this, [this] {
        m_endpoints->showSelection();
        m_bar->showDraft();
        m_request->showEndpoint();
        m_reply->showEndpoint();
        m_signer->showConfig();
        m_backend->showConfig();
        if (m_sideTabs->currentIndex() == 2 && m_session->endpoint() && !QApplication::focusWidget())
            m_json->showPlace(m_session->endpoint()->pointer);
    });
    connect(m_session, &LabSession::signerChanged, this, [this] {
        m_signer->showSigner();
        if (!m_session->outcome())
            m_bar->showState();
    });
    connect(m_session, &LabSession::stateChanged, this, &MainWindow::showState);
    connect(m_session, &LabSession::sourceChanged, this, [this] {
        m_bar->showSource();
        m_reply->showSource();
    });
    connect(m_session, &LabSession::bindingsChanged, this, [this] {
        updateStatus();
        updateTitle();
    });
    connect(m_session->document().undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
    m_tick.setInterval(20000);
    connect(&m_tick, &QTimer::timeout, this, [this] { m_tokens->tick(); });
    m_tick.start();
}

void MainWindow::start(const QString &file)
{
    if (file.isEmpty())
        m_session->openDemo();
    else
        openPath(file);
    updateStatus();
    if (QWidget *send = findChild<QWidget *>(QStringLiteral("sendButton")))
        send->setFocus();
}

void MainWindow::showConfig()
{
    if (const auto &error = m_session->configError())
        m_errorBanner->showText(text::sentence(*error, m_session->displayName(), m_session->document().bytes()), Tone::Bad, tr("Show"));
    else
        m_errorBanner->hide();
    m_endpoints->showConfig();
    m_reply->showEndpoint();
    m_signer->showConfig();
    m_backend->showConfig();
    m_json->showError();
    const bool any = m_session->endpoint() != nullptr;
    const bool place = m_session->tree().has_value() && any;
    m_actions[QStringLiteral("sendAction")]->setEnabled(any || m_session->configError());
    m_actions[QStringLiteral("copyEndpointAction")]->setEnabled(place);
    m_actions[QStringLiteral("copySignerAction")]->setEnabled(place && m_session->endpoint()->signer.has_value());
    m_actions[QStringLiteral("addSignerAction")]->setEnabled(m_session->isEditable() && any && !m_session->endpoint()->signer);
    m_actions[QStringLiteral("addEndpointAction")]->setEnabled(m_session->isEditable());
    m_bar->showState();
    m_response->showState();
    m_tokens->showOutdated();
}

void MainWindow::showState()
{
    const twin::Outcome *outcome = m_session->outcome();
    m_bar->showState();
    m_reply->showState();
    m_response->showState();
    m_tokens->showState();
    m_signer->showOutcome();
    m_bottom->showOutcome(m_session->trace(), outcome ? outcome->log : std::vector<QByteArray>());
    m_actions[QStringLiteral("cancelAction")]->setEnabled(std::holds_alternative<Running>(m_session->state()));
}

void MainWindow::showPlace(const QByteArray &pointer)
{
    m_signerDock->show();
    m_sideTabs->setCurrentIndex(2);
    m_json->showPlace(pointer);
    m_json->setFocus();
}

void MainWindow::updateTitle()
{
    setWindowTitle(tr("%1[*] — Token Lab").arg(m_session->displayName()));
    setWindowModified(m_session->isModified());
    setWindowFilePath(m_session->path());
}

void MainWindow::updateStatus()
{
    updatePlayground();
    const auto count = int(m_session->bindings().all().size());
    m_bindings->setText(count == 0   ? tr("No bindings")
                        : count == 1 ? tr("1 binding, not exported")
                                     : tr("%1 bindings, not exported").arg(count));
    QStringList lines{tr("Bindings: where hosts and files of the configuration really lead here. Never written to the file.")};
    for (const lab::Binding &binding : m_session->bindings().all())
        lines << text::inert(binding.from) + QStringLiteral(" → ") + text::inert(binding.to);
    m_bindings->setToolTip(QStringLiteral("<p style='white-space:pre'>") + lines.join(QLatin1Char('\n')).toHtmlEscaped() +
                           QStringLiteral("</p>"));
    m_bindings->setAccessibleName(m_bindings->text());
}

void MainWindow::setTheme(ThemeChoice choice)
{
    m_theme = choice;
    applyTheme(choice);
    for (QAction *action : m_themes->actions()) {
        if (action->data().toInt() == int(choice))
            action->setChecked(true);
    }
    // Icons and painted texts take their colours when they are made.
    m_bar->showState();
    m_tokens->showState();
    m_signer->showConfig();
    updateStatus();
    if (m_options.remember)
        QSettings().setValue(QStringLiteral("theme"), choiceName(choice));
}

bool MainWindow::event(QEvent *event)
{
    if (event->type() == QEvent::ThemeChange && m_theme == ThemeChoice::System)
        applyTheme(m_theme);
    return QMainWindow::event(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_session->isModified() && !m_closing) {
        event->ignore();
        whenSaved([this] {
            m_closing = true;
            close();
        });
        return;
    }
    if (keysUnsaved()) {
        m_closing = false;
        event->ignore();
        return;
    }
    m_session->cancel();
    if (m_options.remember) {
        QSettings settings;
        settings.setValue(QStringLiteral("geometry"), saveGeometry());
        settings.setValue(QStringLiteral("layout"), m_work->saveState(layoutVersion));
        settings.setValue(QStringLiteral("bottomFolded"), m_foldedByUser);
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const auto urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const auto urls = event->mimeData()->urls();
    if (urls.isEmpty() || !urls.first().isLocalFile())
        return;
    event->acceptProposedAction();
    const QString path = urls.first().toLocalFile();
    whenSaved([this, path] { openPath(path); });
}

int runWindow(const QString &file)
{
    MainWindow window(MainWindow::Options{});
    window.start(file);
    window.show();
    return QApplication::exec();
}

} // namespace tokenlab::ui
