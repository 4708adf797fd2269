// The one main window: docks, actions and the session they work on. It only connects; what it shows is in the panels.
#pragma once

#include "ui/columns.h"
#include "ui/session.h"
#include "ui/widgets/theme.h"

#include <QMainWindow>

class QActionGroup;
class QTabBar;
class QToolButton;

namespace tokenlab::ui {

class BackendForm;
class Banner;
class BottomPanel;
class CardDock;
class ComparePanel;
class ConnectionDialog;
class EndpointsPanel;
class FieldMarks;
class JsonPanel;
class KeysDialog;
class PlaygroundDialog;
class ProblemRunner;
class ProblemsPanel;
class ReplyPanel;
class RequestBar;
class RequestPanel;
class ResponsePanel;
class SignerForm;
class StandIn;
class TokensPanel;

class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    struct Options {
        LabSession::Options session;
        bool remember = true; // geometry, layout, theme and recent files
    };
    explicit MainWindow(const Options &options, QWidget *parent = nullptr);
    ~MainWindow() override;

    // Opens the file, or the demonstration when it is empty.
    void start(const QString &file);
    [[nodiscard]] LabSession *session() const { return m_session; }
    void openPath(const QString &path);
    void openPath(const QString &path, LabSession::OpenAs as);
    void setTheme(ThemeChoice choice);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    void createActions();
    void createMenus();
    void createDocks();
    void createStatusBar();
    void createProblems();
    void createComparison();
    void createExport();
    void createKeys();
    void createPlayground();
    void showPlayground();
    void updatePlayground(); // its part of the status bar
    KeysDialog *showKeys();
    [[nodiscard]] bool keysUnsaved(); // and asks for them
    void createConnection();
    ConnectionDialog *showConnection();
    void createStandIns();
    void offerStandIn();
    void addBlock(bool refresh);                          // the endpoint that goes with the chosen signer
    [[nodiscard]] bool openTemplate(const QString &path); // true: it is one, and is being rendered
    void connectSession();
    QAction *addNewAction(const QString &name, const QString &text, const QKeySequence &shortcut = {});
    void showConfig();
    void showState();
    void showPlace(const QByteArray &pointer);
    void showProblemPlace(const QByteArray &pointer, std::size_t endpoint);
    void updateTitle();
    void updateStatus();
    void updateRecent();
    void remember(const QString &path);
    void openFile();
    void save(const std::function<void()> &then = {});
    void saveAs(const std::function<void()> &then = {});
    void writeTo(const QString &path, const std::function<void()> &then);
    void copyPart(const QByteArray &pointer);
    void editBindings();
    void about();
    // Calls then once nothing unsaved is in the way; asks without a nested event loop.
    void whenSaved(const std::function<void()> &then);
    void report(const QString &title, const QString &text);

    void foldByHeight();
    static constexpr int layoutVersion = 1;
    void applyLayout();
    void fitEndpoints(); // the list as high as its rows, as far as the form below has room
    void growColumns(int before, int now);
    void restoreLayout();

    LabSession *m_session;
    QMainWindow *m_work; // holds the docks, under the request bar
    Options m_options;
    std::map<QString, QAction *> m_actions;
    QActionGroup *m_themes = nullptr;
    QMenu *m_recent = nullptr, *m_exportMenu = nullptr;
    RequestBar *m_bar = nullptr;
    QWidget *m_central = nullptr;
    Banner *m_banner = nullptr, *m_errorBanner = nullptr;
    EndpointsPanel *m_endpoints = nullptr;
    SignerForm *m_signer = nullptr;
    BackendForm *m_backend = nullptr;
    JsonPanel *m_json = nullptr;
    QTabBar *m_sideTabs = nullptr;
    RequestPanel *m_request = nullptr;
    ReplyPanel *m_reply = nullptr;
    ResponsePanel *m_response = nullptr;
    TokensPanel *m_tokens = nullptr;
    BottomPanel *m_bottom = nullptr;
    ComparePanel *m_comparison = nullptr;
    QPointer<QObject> m_render; // of a template
    ProblemRunner *m_problemRunner = nullptr;
    ProblemsPanel *m_problems = nullptr;
    FieldMarks *m_fieldMarks = nullptr;
    KeysDialog *m_keys = nullptr;
    ConnectionDialog *m_connection = nullptr;
    StandIn *m_standIn = nullptr;
    Banner *m_standInBanner = nullptr;
    std::function<void()> m_standInAction; // of the banner, as it is now
    bool m_standInMade = false;
    CardDock *m_endpointsDock = nullptr, *m_signerDock = nullptr, *m_responseDock = nullptr, *m_tokensDock = nullptr;
    CardDock *m_bottomDock = nullptr;
    PlaygroundDialog *m_playgroundDialog = nullptr;
    QToolButton *m_playground = nullptr, *m_noFault = nullptr, *m_bindings = nullptr;
    QTimer m_tick;
    ThemeChoice m_theme = ThemeChoice::System;
    int m_unfoldedHeight = 190;
    Columns m_columns;
    bool m_foldedByUser = false, m_folding = false, m_closing = false, m_laidOut = false;
};

// file "": the demo configuration with the playground running. Creates, shows; returns the event loop's exit code.
[[nodiscard]] int runWindow(const QString &file);

} // namespace tokenlab::ui
