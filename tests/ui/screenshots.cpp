// ui_screenshots FOLDER: pictures of the window in its states, light and dark, at three sizes; for looking at and for the README.
#include "core/playground/server.h"
#include "ui/compare/comparepanel.h"
#include "ui/mainwindow.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QPainter>
#include <QScrollArea>
#include <QSettings>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTextStream>
#include <QTreeView>

#include <Qsci/qsciscintilla.h>

using namespace tokenlab;
using namespace tokenlab::ui;

namespace {

// One state a step; the next begins when the window has settled.
class Photographer : public QObject
{
public:
    Photographer(const QString &folder, const QStringList &only) : m_folder(folder), m_only(only)
    {
        for (const QSize size : {QSize(1480, 952), QSize(1280, 800), QSize(1920, 1080)}) {
            for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
                for (const char *state :
                     {"start", "sent", "refused", "error", "backend", "json", "headers", "why", "many", "plain", "bindings", "problems",
                      "details", "validators", "comparison", "difference", "bodies", "export", "writeback"})
                    m_shots.push_back({QString::fromLatin1(state), size, theme});
            }
        }
        next();
    }

private:
    struct Shot {
        QString state;
        QSize size;
        ThemeChoice theme;
        [[nodiscard]] QString name() const
        {
            return QStringLiteral("%1-%2x%3-%4.png").arg(state).arg(size.width()).arg(size.height()).arg(choiceName(theme));
        }
    };

    void next()
    {
        m_window.reset();
        while (!m_shots.empty() && !m_only.isEmpty() && !m_only.contains(m_shots.front().name().section(QLatin1Char('.'), 0, 0)) &&
               !m_only.contains(m_shots.front().state))
            m_shots.erase(m_shots.begin());
        if (m_shots.empty()) {
            QCoreApplication::quit();
            return;
        }
        const Shot shot = m_shots.front();
        m_shots.erase(m_shots.begin());
        MainWindow::Options options;
        options.remember = false;
        m_window = std::make_unique<MainWindow>(options);
        m_window->setTheme(shot.theme);
        m_window->resize(shot.size);
        m_window->start(shot.state == QLatin1String("many") ? manyEndpoints() : QString());
        m_window->show();
        QTimer::singleShot(250, this, [this, shot] { prepare(shot); });
    }

    // A file with more endpoints than a list shows, each with a path to fill in and a key host that is down.
    [[nodiscard]] QString manyEndpoints() const
    {
        QByteArray text = "{'version': 3, 'host': ['http://127.0.0.1:10'], 'endpoints': [";
        for (int i = 0; i < 44; ++i)
            text += QByteArray(i ? "," : "") + "{'endpoint': '/service-" + QByteArray::number(i) +
                    "/user/{id}', 'backend': [{'url_pattern': '/user/{id}'}], 'extra_config': {'auth/signer': {'alg': 'HS256', 'kid': 'k', "
                    "'keys_to_sign': ['access_token'], 'jwk_url': 'http://127.0.0.1:1/a/long/way/down/to/the/keys/jwk.json', "
                    "'disable_jwk_security': true}}}";
        QFile file(m_scratch.filePath(QStringLiteral("krakend.json")));
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray(text + "]}").replace('\'', '"'));
        return file.fileName();
    }

    void prepare(const Shot &shot)
    {
        const auto text = [this](const char *name) { return m_window->findChild<QsciScintilla *>(QString::fromLatin1(name)); };
        if (shot.state == QLatin1String("refused"))
            text("requestBody")->setText(QStringLiteral("{\n  \"user\": \"john\",\n  \"pass\": \"guess\"\n}"));
        if (shot.state == QLatin1String("problems")) {
            LabSession *session = m_window->session();
            QByteArray edited = session->document().bytes();
            edited.replace("\"alg\": \"HS256\"", "\"alg\": \"hs256\"")
                .replace("\"access_token\",", "\"accessToken\",\n              \"access_token\",");
            session->document().edit(json::Splice{{0, session->document().bytes().size()}, edited}, QStringLiteral("Typing"));
            m_window->findChild<QAction *>(QStringLiteral("showProblemsAction"))->trigger();
        }
        if (shot.state == QLatin1String("error")) {
            m_window->findChild<QTabBar *>(QStringLiteral("sideTabs"))->setCurrentIndex(2);
            text("configEditor")->insertAt(QStringLiteral(","), 20, 10);
        } else if (shot.state != QLatin1String("start")) {
            m_window->session()->send();
        }
        if (shot.state == QLatin1String("plain"))
            QTimer::singleShot(250, this, [text] { text("replyBody")->setText(QStringLiteral("404 page not found: \"quoted\" 12 {}")); });
        if (shot.state == QLatin1String("bindings"))
            QTimer::singleShot(250, this, [this] { m_window->findChild<QAbstractButton *>(QStringLiteral("bindingsButton"))->click(); });
        if (shot.state == QLatin1String("backend"))
            m_window->findChild<QTabBar *>(QStringLiteral("sideTabs"))->setCurrentIndex(1);
        if (shot.state == QLatin1String("json"))
            m_window->findChild<QTabBar *>(QStringLiteral("sideTabs"))->setCurrentIndex(2);
        if (shot.state == QLatin1String("why"))
            QTimer::singleShot(300, this, [this] { m_window->findChild<QAbstractButton *>(QStringLiteral("stageSign"))->click(); });
        if (shot.state == QLatin1String("details")) {
            m_window->findChild<QAction *>(QStringLiteral("showProblemsAction"))->trigger();
            QTimer::singleShot(400, this, [this] {
                auto *view = m_window->findChild<QTreeView *>(QStringLiteral("problemsView"));
                view->setCurrentIndex(view->model()->index(0, 1));
                view->findChild<QAction *>(QStringLiteral("problemFixAction"))->trigger();
            });
        }
        if (shot.state == QLatin1String("validators")) {
            QTimer::singleShot(350, this, [this] {
                auto *section = m_window->findChild<QWidget *>(QStringLiteral("validatorSection"));
                m_window->findChild<QScrollArea *>(QStringLiteral("tokenScroll"))->ensureWidgetVisible(section);
            });
        }
        if (shot.state == QLatin1String("headers")) {
            m_window->findChild<QTabBar *>(QStringLiteral("replyTabs"))->setCurrentIndex(1);
            m_window->findChild<QAbstractButton *>(QStringLiteral("responseHeadersButton"))->setChecked(true);
            m_window->findChild<QAbstractButton *>(QStringLiteral("securityFold"))->setChecked(true);
        }
        if (shot.state == QLatin1String("export") || shot.state == QLatin1String("writeback")) {
            const bool back = shot.state == QLatin1String("writeback");
            (void)m_window->session()->save(QDir(m_saved.path()).filePath(QStringLiteral("krakend.json")));
            QTimer::singleShot(300, this, [this, back] {
                m_window->findChild<QAction *>(QStringLiteral("exportAction"))->trigger();
                m_window->findChild<QComboBox *>(QStringLiteral("exportKind"))->setCurrentIndex(back ? 0 : 3);
                m_window->findChild<QAbstractButton *>(QStringLiteral("exportPlaceholders"))->setChecked(true);
                if (back)
                    m_window->findChild<QAbstractButton *>(QStringLiteral("exportWriteBack"))->click();
            });
        }
        if (shot.state == QLatin1String("comparison") || shot.state == QLatin1String("difference") ||
            shot.state == QLatin1String("bodies")) {
            // The gateway that is found here, and one elsewhere that answers otherwise.
            if (shot.state != QLatin1String("comparison")) {
                (void)m_elsewhere.listen();
                m_window->findChild<QComboBox *>(QStringLiteral("gatewayBox"))->setEditText(QString::fromUtf8(m_elsewhere.origin()));
            }
            auto *runner = m_window->findChild<ComparePanel *>(QStringLiteral("comparePanel"))->runner();
            m_window->findChild<QAction *>(QStringLiteral("compareAction"))->trigger();
            const auto look = [this, shot, runner] {
                if (runner->isBusy())
                    return;
                if (shot.state == QLatin1String("bodies"))
                    m_window->findChild<QTabBar *>(QStringLiteral("compareTabs"))->setCurrentIndex(1);
                QTimer::singleShot(400, this, [this, shot] { photograph(shot); });
            };
            connect(runner, &CompareRunner::changed, this, look);
            look();
            return;
        }
        QTimer::singleShot(1100, this, [this, shot] { photograph(shot); });
    }

    void photograph(const Shot &shot)
    {
        const QString path = QDir(m_folder).filePath(shot.name());
        QPixmap picture = m_window->grab();
        if (const QWidget *popup = QApplication::activePopupWidget()) {
            QPainter painter(&picture);
            painter.drawPixmap(m_window->mapFromGlobal(popup->mapToGlobal(QPoint(0, 0))), const_cast<QWidget *>(popup)->grab());
        }
        // Dialogs are windows of their own.
        for (const QDialog *dialog : m_window->findChildren<QDialog *>()) {
            if (!dialog->isVisible())
                continue;
            QPainter painter(&picture);
            painter.fillRect(m_window->rect(), QColor(0, 0, 0, 70));
            painter.drawPixmap((m_window->width() - dialog->width()) / 2, (m_window->height() - dialog->height()) / 2,
                               const_cast<QDialog *>(dialog)->grab());
        }
        picture.save(path);
        QTextStream(stdout) << path << '\n';
        next();
    }

    static playground::Script otherAnswer(const playground::ServerRequest &)
    {
        playground::Script script;
        script.headers.append("Content-Type", "application/json");
        script.body = R"({"access_token":"not signed","exp":1795487581})";
        return script;
    }

    QTemporaryDir m_scratch;
    QString m_folder;
    QStringList m_only;
    QTemporaryDir m_saved;
    playground::Server m_elsewhere{&Photographer::otherAnswer};
    std::vector<Shot> m_shots;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("token-lab-pictures"));
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        QTextStream(stderr) << "usage: ui_screenshots FOLDER [STATE…]\n";
        return 2;
    }
    QDir().mkpath(arguments[1]);
    Photographer photographer(arguments[1], arguments.mid(2));
    return QApplication::exec();
}
