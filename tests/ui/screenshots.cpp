// ui_screenshots FOLDER: pictures of the window in its states, light and dark, at three sizes; for looking at and for the README.
#include "ui/mainwindow.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QPainter>
#include <QSettings>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTextStream>

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
                     {"start", "sent", "refused", "error", "backend", "json", "headers", "why", "many", "plain", "bindings"})
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
        if (shot.state == QLatin1String("headers")) {
            m_window->findChild<QTabBar *>(QStringLiteral("replyTabs"))->setCurrentIndex(1);
            m_window->findChild<QAbstractButton *>(QStringLiteral("responseHeadersButton"))->setChecked(true);
            m_window->findChild<QAbstractButton *>(QStringLiteral("securityFold"))->setChecked(true);
        }
        QTimer::singleShot(500, this, [this, shot] {
            const QString path = QDir(m_folder).filePath(shot.name());
            QPixmap picture = m_window->grab();
            if (auto *dialog = m_window->findChild<QDialog *>()) {
                QPainter painter(&picture);
                painter.drawPixmap((m_window->width() - dialog->width()) / 2, 160, dialog->grab());
            }
            if (const QWidget *popup = QApplication::activePopupWidget()) {
                QPainter painter(&picture);
                painter.drawPixmap(m_window->mapFromGlobal(popup->mapToGlobal(QPoint(0, 0))), const_cast<QWidget *>(popup)->grab());
            }
            picture.save(path);
            QTextStream(stdout) << path << '\n';
            next();
        });
    }

    QTemporaryDir m_scratch;
    QString m_folder;
    QStringList m_only;
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
