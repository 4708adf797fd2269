// The real window, driven by object names, with real loopback servers.
#include "core/gateway/edit.h"
#include "ui/mainwindow.h"
#include "ui/tokens/tokenspanel.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/jsoneditor.h"

#include "walker.h"

#include "core/json/parse.h"
#include "core/text/text.h"

#include <QAction>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using namespace tokenlab;
using namespace tokenlab::ui;

namespace {

const QByteArray keySet =
    R"({"keys":[{"kty":"oct","kid":"k","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]})";

QByteArray configuration(const QByteArray &host, const QByteArray &keySource)
{
    return "{\"version\":3,\"endpoints\":[{\"endpoint\":\"/t\",\"method\":\"POST\",\"timeout\":\"20s\",\"backend\":[{\"host\":[\"" + host +
           "\"],\"url_pattern\":\"/login\"}],\"extra_config\":{\"auth/"
           "signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"access_token\"]," +
           keySource + R"(,"disable_jwk_security":true}}}]})";
}

} // namespace

class TestWindow : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;

    template <class T>
    T *child(const char *name)
    {
        T *found = m_window->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no widget %s", name);
        return found;
    }
    LabSession *session() { return m_window->session(); }
    QString write(const char *name, const QByteArray &bytes)
    {
        const QString path = m_folder->filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("temporary file");
        return path;
    }
    void send() { QTest::mouseClick(child<QPushButton>("sendButton"), Qt::LeftButton); }
    [[nodiscard]] bool finished() { return session()->outcome() != nullptr; }
    std::vector<TokenCard *> cards()
    {
        std::vector<TokenCard *> shown;
        for (auto *card : m_window->findChildren<TokenCard *>()) {
            if (!card->isHidden())
                shown.push_back(card);
        }
        return shown;
    }
    void openLocal(const playground::Server &server)
    {
        const QByteArray keys = write("keys.json", keySet).toUtf8();
        m_window->openPath(write("krakend.json", configuration(server.origin(), "\"jwk_local_path\":\"" + keys + "\"")));
    }

private Q_SLOTS:
    void initTestCase()
    {
        static QTemporaryDir settings;
        qputenv("TOKENLAB_KRAKEND", "/nowhere/krakend"); // templates are told, not rendered
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("token-lab-test"));
        QCoreApplication::setApplicationName(QStringLiteral("token-lab-test"));
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        MainWindow::Options options;
        options.session.playgroundPort = 0;
        m_window = std::make_unique<MainWindow>(options);
        m_window->start({});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void firstStartAndSend()
    {
        QCOMPARE(child<QAbstractItemView>("endpointList")->model()->rowCount(), 3);
        QVERIFY(child<QLabel>("playgroundLabel")->text().contains(QStringLiteral("127.0.0.1")));
        QVERIFY(child<Banner>("noticeBanner")->isVisible());
        send();
        QVERIFY(std::holds_alternative<Running>(session()->state()));
        QTRY_VERIFY(finished());
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
        QVERIFY(child<QLabel>("verdictLabel")->text().contains(QStringLiteral("Would answer 200")));
        QCOMPARE(child<Pill>("verdictLabel")->tone(), Tone::Accent);
        QCOMPARE(cards().size(), std::size_t(2));
        QCOMPARE(cards()[0]->name(), QByteArray("access_token"));
        QVERIFY(!child<QLabel>("failureSentence")->isVisible());
        QVERIFY(!session()->isModified());
    }

    void refusedLogin()
    {
        auto *editor = child<QsciScintilla>("requestBody");
        editor->setText(QStringLiteral("{\"user\":\"john\",\"pass\":\"wrong\"}"));
        QVERIFY(session()->draft().body.contains("wrong"));
        QTest::keyClick(m_window.get(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(finished());
        const twin::Outcome &outcome = *session()->outcome();
        QCOMPARE(outcome.verdict, twin::Verdict::Refused);
        QCOMPARE(outcome.response.status, 400);
        QVERIFY(child<QLabel>("verdictLabel")->text().contains(QStringLiteral("Would answer 400")));
        QVERIFY(child<QLabel>("failureSentence")->isVisible());
        QVERIFY(!child<QLabel>("failureSentence")->text().isEmpty());
        QVERIFY(child<QLabel>("responseStatus")->text().startsWith(QStringLiteral("400")));
    }

    void brokenJson()
    {
        QTRY_VERIFY(session()->signer().at.isValid());
        const QByteArray before = session()->document().bytes();
        const QString algorithm = child<QComboBox>("algorithmBox")->currentData().toString();
        QCOMPARE(algorithm, QStringLiteral("HS256"));
        child<QsciScintilla>("configEditor")->insertAt(QStringLiteral(","), 0, 0);
        QVERIFY(session()->document().bytes() != before);
        QVERIFY(child<Banner>("errorBanner")->isVisible());
        QVERIFY(child<Banner>("errorBanner")->text().contains(QLatin1Char('1')));
        // The last good form stays, read-only.
        QCOMPARE(child<QComboBox>("algorithmBox")->currentData().toString(), algorithm);
        QVERIFY(!child<QComboBox>("algorithmBox")->isEnabled());
        QVERIFY(child<QLineEdit>("typEdit")->isReadOnly());
        QVERIFY(child<QLabel>("signerReadOnly")->isVisible());
        child<QTabBar>("sideTabs")->setCurrentIndex(1);
        QVERIFY(child<QLabel>("backendReadOnly")->isVisible());
        child<QTabBar>("sideTabs")->setCurrentIndex(0);
        QVERIFY(child<QLabel>("verdictLabel")->text().contains(QStringLiteral("Would not start")));
        QCOMPARE(child<QAbstractItemView>("endpointList")->model()->rowCount(), 3);
        // Sending says what the gateway would do with such a file.
        send();
        QVERIFY(finished());
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::DoesNotStart);
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), before);
        QVERIFY(!child<Banner>("errorBanner")->isVisible());
        QVERIFY(!child<QLabel>("signerReadOnly")->isVisible());
        QVERIFY(child<QComboBox>("algorithmBox")->isEnabled());
        QVERIFY(!session()->isModified());
    }

    void unreachableKeyHost()
    {
        m_window->openPath(write("krakend.json", configuration("http://127.0.0.1:10", "\"jwk_url\":\"http://127.0.0.1:1/jwk.json\"")));
        send();
        QTRY_VERIFY(finished());
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Refused);
        QCOMPARE(session()->outcome()->response.status, 401);
        QVERIFY(child<QLabel>("verdictLabel")->text().contains(QStringLiteral("401")));
        QVERIFY(child<QLabel>("failureSentence")->isVisible());
        QVERIFY(child<QLabel>("keyLine")->text().size() > 10);
        QVERIFY(!session()->outcome()->log.empty());
        QVERIFY(child<QAbstractItemView>("logView")->model()->rowCount() > 0);
    }

    void editedReplySignsWithoutNetwork()
    {
        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = R"({"access_token":{"sub":"one"}})";
            return script;
        });
        QVERIFY(server.listen().ok());
        openLocal(server);
        send();
        QTRY_VERIFY(finished());
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
        const QByteArray token = session()->outcome()->fields.at(0).token;
        QCOMPARE(server.received().size(), std::size_t(1));
        auto *source = child<QComboBox>("sourceBox");
        QCOMPARE(source->count(), 1);

        child<QsciScintilla>("replyBody")->setText(QStringLiteral("{\"access_token\":{\"sub\":\"two\"}}"));
        QVERIFY(finished());
        const QByteArray second = session()->outcome()->fields.at(0).token;
        QVERIFY(second != token);
        QVERIFY(jose::decodeToken(second).payloadText.contains("two"));
        QCOMPARE(source->currentText(), QStringLiteral("Edited reply"));
        QCOMPARE(server.received().size(), std::size_t(1));

        // A payload that cannot be signed is an alarm at once.
        child<QsciScintilla>("replyBody")->setText(QStringLiteral("{\"accessToken\":{\"sub\":\"two\"}}"));
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Unsigned);
        QVERIFY(child<Pill>("verdictLabel")->tone() == Tone::Bad);
        QCOMPARE(cards().size(), std::size_t(1));

        QTest::mouseClick(child<QToolButton>("restoreReply"), Qt::LeftButton);
        QCOMPARE(session()->source(), ReplySource::Live);
        QCOMPARE(session()->outcome()->fields.at(0).token, token);
        QCOMPARE(server.received().size(), std::size_t(1));
        // The edit is still there to be chosen, after sending too.
        send();
        QTRY_COMPARE(server.received().size(), std::size_t(2));
        QTRY_VERIFY(finished());
        QCOMPARE(source->count(), 2);
        source->setCurrentIndex(1);
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Unsigned);
        QVERIFY(child<QsciScintilla>("replyBody")->text().contains(QStringLiteral("accessToken")));
    }

    void formChangesOneMember_data()
    {
        QTest::addColumn<QString>("widget");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("alg") << QStringLiteral("algorithmBox") << QStringLiteral("HS512") << QByteArray("\"alg\": \"HS256\"")
                             << QByteArray("\"alg\": \"HS512\"");
        QTest::newRow("kid") << QStringLiteral("kidBox") << QStringLiteral("x") << QByteArray("\"kid\": \"sim2\"")
                             << QByteArray("\"kid\": \"sim2x\"");
        QTest::newRow("must fail: unusable suites change nothing")
            << QStringLiteral("suitesEdit") << QStringLiteral("abc") << QByteArray() << QByteArray();
    }
    void formChangesOneMember()
    {
        QFETCH(QString, widget);
        QFETCH(QString, value);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const QByteArray before = session()->document().bytes();
        if (auto *box = m_window->findChild<QComboBox *>(widget); box && !box->isEditable()) {
            const int index = box->findData(value);
            QVERIFY(index >= 0);
            box->setCurrentIndex(index);
            emit box->activated(index);
        } else {
            auto *edit = box ? box->lineEdit() : m_window->findChild<QLineEdit *>(widget);
            QVERIFY(edit);
            edit->setCursorPosition(int(edit->text().size()));
            QTest::keyClicks(edit, value);
        }
        QByteArray expected = before;
        if (!from.isEmpty())
            expected.replace(expected.indexOf(from), from.size(), to);
        QCOMPARE(session()->document().bytes(), expected);
        QCOMPARE(child<QsciScintilla>("configEditor")->text().toUtf8(), expected); // the same document
        QCOMPARE(session()->isModified(), !from.isEmpty());
        while (session()->document().undoStack()->canUndo())
            child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), before);
        QVERIFY(!session()->isModified());
    }

    void changedSignerLoadsAndSignsAgain()
    {
        send();
        QTRY_VERIFY(finished());
        const QByteArray token = session()->outcome()->fields.at(0).token;
        auto *box = child<QComboBox>("algorithmBox");
        box->setCurrentIndex(box->findData(QStringLiteral("HS384")));
        emit box->activated(box->currentIndex());
        QTRY_VERIFY(session()->outcome() && session()->outcome()->fields.size() == 2 && session()->outcome()->fields[0].token != token);
        QVERIFY(jose::decodeToken(session()->outcome()->fields[0].token).headerText.contains("HS384"));
        // A key of the wrong kind stays selectable and says what it needs.
        box->setCurrentIndex(box->findData(QStringLiteral("ES256")));
        emit box->activated(box->currentIndex());
        QTRY_VERIFY(session()->outcome() && session()->outcome()->response.status == 401);
        QVERIFY(child<QLabel>("algorithmNote")->text().contains(QStringLiteral("EC")));
    }

    void chips()
    {
        auto *field = child<QLineEdit>("keysToSignEdit");
        QTest::keyClicks(field, QStringLiteral("id_token"));
        QTest::keyClick(field, Qt::Key_Return);
        const auto names = [&] {
            return json::parse(session()->document().bytes())
                .value()
                .root()
                .find("endpoints")
                .at(0)
                .find("extra_config")
                .find("auth/signer")
                .find("keys_to_sign")
                .size();
        };
        QCOMPARE(names(), std::size_t(3));
        session()->document().undoStack()->undo();
        QCOMPARE(names(), std::size_t(2));
    }

    void cancelAndLateResults()
    {
        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.silent = true;
            return script;
        });
        QVERIFY(server.listen().ok());
        openLocal(server);
        QTRY_VERIFY(session()->signer().at.isValid());
        send();
        QTRY_COMPARE(server.received().size(), std::size_t(1));
        QVERIFY(std::holds_alternative<Running>(session()->state()));
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(std::holds_alternative<Idle>(session()->state()));
        QCOMPARE(child<QPushButton>("sendButton")->text(), QStringLiteral("Send"));
        server.close(); // the cancelled run cannot come back as a result
        QCoreApplication::sendPostedEvents();
        QVERIFY(std::holds_alternative<Idle>(session()->state()));
    }

    void themes()
    {
        child<QAction>("theme2Action")->trigger();
        QVERIFY(tokens().dark);
        QCOMPARE(QSettings().value(QStringLiteral("theme")).toString(), QStringLiteral("dark"));
        child<QAction>("theme1Action")->trigger();
        QVERIFY(!tokens().dark);
        QCOMPARE(QGuiApplication::palette().color(QPalette::Window), lightTokens().window);
        child<QAction>("theme0Action")->trigger();
        QVERIFY(child<QAction>("theme0Action")->isChecked());
    }

    void actionsAreReachable()
    {
        QSet<QAction *> inMenus;
        std::function<void(const QWidget *)> collect = [&](const QWidget *menu) {
            const auto actions = menu->actions();
            for (QAction *action : actions) {
                inMenus << action;
                if (action->menu())
                    collect(action->menu());
            }
        };
        collect(m_window->menuBar());
        int named = 0;
        const auto actions = m_window->findChildren<QAction *>(QString(), Qt::FindDirectChildrenOnly);
        for (QAction *action : actions) {
            if (!action->objectName().endsWith(QLatin1String("Action")))
                continue;
            ++named;
            QVERIFY2(inMenus.contains(action), qPrintable(action->objectName()));
            QVERIFY2(!action->text().isEmpty(), qPrintable(action->objectName()));
        }
        QVERIFY(named > 20);
        // The check itself: an action in no menu is noticed.
        QAction stray;
        QVERIFY(!inMenus.contains(&stray));
    }

    void accessibleNames_data()
    {
        QTest::addColumn<bool>("spoilt");
        QTest::newRow("the window") << false;
        QTest::newRow("must fail: a field without a name") << true;
    }
    void accessibleNames()
    {
        QFETCH(bool, spoilt);
        send();
        QTRY_VERIFY(finished());
        if (spoilt)
            (new QLineEdit(m_window.get()))->setObjectName(QStringLiteral("nameless"));
        const QStringList found = nameless(m_window.get());
        QVERIFY2(found.isEmpty() != spoilt, qPrintable(found.join(QLatin1Char('\n'))));
    }

    void objectNames_data()
    {
        QTest::addColumn<bool>("there");
        for (const char *name :
             {"sendButton", "endpointList", "algorithmBox", "kidBox", "urlEdit", "methodBox", "requestBody", "replyBody", "responseBody",
              "stageStrip", "verdictLabel", "exportButton", "logView", "tokenCards", "sourceBox", "configEditor", "insecureBox", "fullBox"})
            QTest::newRow(name) << true;
        QTest::newRow("noSuchWidget") << false;
    }
    void objectNames()
    {
        QFETCH(bool, there);
        QCOMPARE(m_window->findChild<QWidget *>(QString::fromLatin1(QTest::currentDataTag())) != nullptr, there);
    }

    void savesOnlyWhatChanged()
    {
        const QByteArray text = "{\r\n\t\"version\": 3,\r\n\t\"endpoints\": [],\r\n\t\"x\": 1.50\r\n}\r\n";
        const QString path = write("mine.json", text);
        m_window->openPath(path);
        QCOMPARE(session()->document().bytes(), text);
        child<QAction>("saveAction")->trigger();
        QCOMPARE(readFile(path).value(), text);
        session()->document().edit({{0, 0}, " "}, {});
        QVERIFY(m_window->isWindowModified());
        // Closing asks; Cancel stays.
        m_window->close();
        auto *box = child<QMessageBox>("unsavedBox");
        QVERIFY(m_window->isVisible());
        box->button(QMessageBox::Cancel)->click();
        QVERIFY(m_window->isVisible());
        child<QAction>("saveAction")->trigger();
        QVERIFY(!m_window->isWindowModified());
        QCOMPARE(readFile(path).value(), ' ' + text);
    }

    void dropsAndRefusals()
    {
        const QString good = write("dropped.json", configuration("http://127.0.0.1:10", "\"jwk_url\":\"http://127.0.0.1:1/k\""));
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(good)});
        // A drop only counts on a window that was entered.
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &drop);
        QCOMPARE(session()->path(), QFileInfo(good).absoluteFilePath());
        QCOMPARE(child<QAbstractItemView>("endpointList")->model()->rowCount(), 1);
        QVERIFY(child<QMenu>("recentMenu")->isEnabled());
        // Must fail: a file that is not there is told, and the open one stays.
        m_window->openPath(m_folder->filePath(QStringLiteral("none.json")));
        QVERIFY(m_window->findChild<QMessageBox *>(QStringLiteral("reportBox")));
        QCOMPARE(session()->path(), QFileInfo(good).absoluteFilePath());
    }

    void brokenFileOpens()
    {
        m_window->openPath(write("broken.json", "{\"version\": 3,\n  oops"), LabSession::OpenAs::Text);
        QVERIFY(child<Banner>("errorBanner")->isVisible());
        QVERIFY(child<Banner>("errorBanner")->text().contains(QStringLiteral("2")));
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::DoesNotStart);
        QVERIFY(!session()->endpoint());
    }

    void malformedFilesLeaveTheDocument_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words"); // empty: it opens
        QTest::newRow("empty") << QByteArray() << QStringLiteral("line 1, column 1: the file is empty");
        QTest::newRow("binary") << QByteArray("\x7f\0\1", 3) << QStringLiteral("line 1, column 1: the file is binary");
        QTest::newRow("BOM") << QByteArray("\xef\xbb\xbf{\"version\": 3}") << QStringLiteral("byte order mark");
        QTest::newRow("too deep") << QByteArray("\n[").repeated(20000) << QStringLiteral("line 10002, column 1: ");
        QTest::newRow("trailing comma") << QByteArray("{\r\n  \"version\": 3,\r\n}") << QStringLiteral("line 3, column 1: ");
        QTest::newRow("Latin-1 outside of texts") << QByteArray("{\"version\": 3,\n\xe4}") << QStringLiteral("line 2, column 1: ");
        QTest::newRow("a template") << QByteArray("{\"port\": {{ .p }}}") << QStringLiteral("line 1, column 10: a flexible-configuration");
        QTest::newRow("must open: a wrong version can be mended") << QByteArray("{\"version\": 2}") << QString();
        QTest::newRow("must open: duplicates, CRLF, Latin-1 in a text")
            << QByteArray("{\"version\": 2,\r\n\"version\": 3, \"name\": \"\xe4\"}") << QString();
    }
    void malformedFilesLeaveTheDocument()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, words);
        m_window->start({});
        const QByteArray open = session()->document().bytes();
        const QString path = write("m.json", bytes);
        m_window->openPath(path);
        auto *box = m_window->findChild<QMessageBox *>(QStringLiteral("reportBox"));
        QCOMPARE(box != nullptr, !words.isEmpty());
        if (!box) {
            QCOMPARE(session()->document().bytes(), bytes);
            return;
        }
        QVERIFY2(box->text().contains(words) && box->text().contains(QStringLiteral("m.json")), qPrintable(box->text()));
        QCOMPARE(session()->document().bytes(), open);
        QVERIFY(session()->endpoint());
        // Whoever wants to mend it opens it as a text.
        box->findChild<QPushButton *>(QStringLiteral("openAsTextButton"))->click();
        QCOMPARE(session()->document().bytes(), bytes);
        QVERIFY(child<Banner>("errorBanner")->isVisible());
    }

    void bigReplyStaysResponsive()
    {
        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = "{\"access_token\":{\"sub\":\"" + QByteArray(3'000'000, 'x') + "\"}}";
            return script;
        });
        QVERIFY(server.listen().ok());
        openLocal(server);
        send();
        QTRY_VERIFY(finished());
        QVERIFY(child<QWidget>("replyBodyLines")->isVisible());
        QCOMPARE(cards().size(), std::size_t(1));
        QVERIFY(m_window->width() < 1600); // long tokens do not widen the window
    }

    void exportsAreTheCommands()
    {
        const QString path = m_folder->filePath(QStringLiteral("demo.json"));
        QVERIFY(session()->save(path).ok());
        QCOMPARE(readFile(path).value(), session()->document().bytes()); // what "Save the gateway file" writes
        const auto command = [&path](const char *kind) {
            QProcess program;
            QStringList arguments{QStringLiteral("export"), path, QStringLiteral("--kind"), QString::fromLatin1(kind)};
            if (qstrcmp(kind, "gateway") != 0)
                arguments << QStringLiteral("--endpoint") << QStringLiteral("/token");
            program.start(QStringLiteral(TOKENLAB_PROGRAM), arguments);
            return program.waitForFinished() && program.exitCode() == 0 ? program.readAllStandardOutput() : program.readAllStandardError();
        };
        QCOMPARE(session()->endpoint()->path, QByteArray("/token"));
        child<QAction>("copySignerAction")->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), command("signer"));
        child<QAction>("copyEndpointAction")->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), command("endpoint"));
        QVERIFY(command("signer") != command("endpoint"));
        QCOMPARE(command("gateway"), session()->document().bytes());
    }

    void tenMegabytes()
    {
        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = "{\"access_token\":{\"items\":[" + QByteArray("{\"a\":[1,2,3]},").repeated(750'000) + "0]}}";
            return script;
        });
        QVERIFY(server.listen().ok());
        openLocal(server);
        qint64 longest = 0;
        QElapsedTimer since;
        QTimer beat; // how long the event loop did not come round
        connect(&beat, &QTimer::timeout, this, [&] { longest = qMax(longest, since.restart()); });
        since.start();
        beat.start(1);
        send();
        QTRY_VERIFY_WITH_TIMEOUT(finished(), 60000);
        const qint64 untilResult = longest;
        QTRY_VERIFY_WITH_TIMEOUT(!cards().empty() && !cards()[0]->isDecoding(), 60000);
        QTRY_VERIFY_WITH_TIMEOUT(child<QWidget>("tokenTree")->isVisible(), 60000);
        qInfo("longest stall of the event loop: %lld ms (%lld ms until the result)", longest, untilResult);
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
        QVERIFY(m_window->width() < 1600);
        // What is outdated when its thread ends is dropped.
        child<QAction>("demoAction")->trigger();
        QTRY_VERIFY(!session()->signer().loading);
        QVERIFY(!session()->outcome() || session()->outcome()->payloadText.size() < 100000);
    }

    void undoByKeyboard()
    {
        const QByteArray before = session()->document().bytes();
        child<QTabBar>("sideTabs")->setCurrentIndex(2);
        auto *editor = child<QsciScintilla>("configEditor");
        editor->setFocus();
        QTRY_VERIFY(editor->hasFocus());
        QTest::keyClick(editor, Qt::Key_Space);
        QVERIFY(session()->document().bytes() != before);
        QTest::keyClick(editor, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(session()->document().bytes(), before);
        QTest::keyClick(editor, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(session()->document().bytes() != before);
        QTest::keyClick(editor, Qt::Key_Z, Qt::ControlModifier);
        // The keyboard gets out of the editor again.
        QTest::keyClick(editor, Qt::Key_Tab);
        QVERIFY(!editor->hasFocus());
        QCOMPARE(session()->document().bytes(), before);
        // A field of the form undoes in the document too; an editor of its own does not.
        child<QTabBar>("sideTabs")->setCurrentIndex(0);
        QLineEdit *kid = child<QComboBox>("kidBox")->lineEdit();
        kid->setFocus();
        QTest::keyClicks(kid, QStringLiteral("xy"));
        QVERIFY(session()->document().bytes() != before);
        QTest::keyClick(kid, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(session()->document().bytes(), before);
        QCOMPARE(kid->text(), QStringLiteral("sim2"));
        auto *body = child<QsciScintilla>("requestBody");
        body->setFocus();
        QTest::keyClick(body, Qt::Key_Space);
        QTest::keyClick(body, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(session()->document().bytes(), before);
    }

    void endpointWithoutSigner()
    {
        auto *list = child<QAbstractItemView>("endpointList");
        list->setCurrentIndex(list->model()->index(2, 0));
        QCOMPARE(session()->endpointIndex(), std::size_t(2));
        QCOMPARE(child<QLineEdit>("urlEdit")->text(), QStringLiteral("/account"));
        QVERIFY(child<QToolButton>("addSigner")->isVisible());
        send();
        QTRY_VERIFY(finished());
        // The validator is not played yet: that is said, not hidden.
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Incomplete);
        QVERIFY(child<QLabel>("remarkLabel")->isVisible());
        QVERIFY(child<QLabel>("remarkLabel")->text().contains(QStringLiteral("auth/validator")));
        QTest::mouseClick(child<QToolButton>("addSigner"), Qt::LeftButton);
        QVERIFY(session()->endpoint()->signer.has_value());
        QVERIFY(child<QComboBox>("algorithmBox")->isVisible());
        // What was typed for another endpoint comes back with it.
        list->setCurrentIndex(list->model()->index(0, 0));
        QVERIFY(session()->draft().body.contains("john"));
    }

    void misspeltName()
    {
        send();
        QTRY_VERIFY(finished());
        auto *sign = child<QAbstractButton>("stageSign");
        QVERIFY(sign->accessibleName().contains(QStringLiteral("2 of 2")));
        QVERIFY(!child<QToolButton>("fixNameButton")->isVisible());
        const QByteArray before = session()->document().bytes();
        const auto splice = gateway::edit::replaceText(*session()->tree(), session()->endpoint()->signerPointer, "keys_to_sign",
                                                       "access_token", QStringLiteral("acces_token"));
        session()->edit(splice, QStringLiteral("misspell"));
        QTRY_VERIFY(finished() && session()->outcome()->verdict == twin::Verdict::PartlySigned);
        QVERIFY(sign->accessibleName().contains(QStringLiteral("1 of 2")));
        QVERIFY(child<QLabel>("failureSentence")->text().contains(QStringLiteral("access_token")));
        QCOMPARE(cards()[0]->name(), QByteArray("acces_token")); // what went wrong stands first
        auto *fix = child<QToolButton>("fixNameButton");
        QVERIFY(fix->isVisible());
        QTest::mouseClick(fix, Qt::LeftButton);
        QCOMPARE(session()->document().bytes(), before);
        QTRY_VERIFY(finished() && session()->outcome()->verdict == twin::Verdict::Signed);
        QVERIFY(!fix->isVisible());
    }

    void failedBackendStaysFailed()
    {
        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = R"({"access_token":{"sub":"one"}})";
            return script;
        });
        QVERIFY(server.listen().ok());
        QByteArray file = configuration(server.origin(), "\"jwk_local_path\":\"" + write("keys.json", keySet).toUtf8() + "\"");
        file.replace("\"backend\":[", "\"backend\":[{\"host\":[\"http://127.0.0.1:10\"],\"url_pattern\":\"/gone\",\"group\":\"gone\"},");
        m_window->openPath(write("krakend.json", file));
        send();
        QTRY_VERIFY(finished());
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Refused); // a signer wants all its backends
        child<QComboBox>("backendBox")->setCurrentIndex(1);
        child<QsciScintilla>("replyBody")->setText(QStringLiteral("{\"access_token\":{\"sub\":\"two\"}}"));
        QVERIFY(finished());
        const twin::Outcome edited = *session()->outcome();
        QCOMPARE(edited.verdict, twin::Verdict::Refused);
        QVERIFY(edited.backends.at(0).reply && !edited.backends.at(0).reply->ok());
        QVERIFY(edited.backends.at(1).reply && edited.backends.at(1).reply->value().body.contains("two"));
        // A reply typed for the failed one as well: now the answer is signed.
        child<QComboBox>("backendBox")->setCurrentIndex(0);
        child<QsciScintilla>("replyBody")->setText(QStringLiteral("{}"));
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
    }

    void nothingClipped_data()
    {
        QTest::addColumn<int>("page");
        QTest::newRow("signer") << 0;
        QTest::newRow("backend") << 1;
    }
    void nothingClipped()
    {
        QFETCH(int, page);
        m_window->resize(1280, 800);
        child<QTabBar>("sideTabs")->setCurrentIndex(page);
        child<QToolButton>("securityFold")->setChecked(true);
        send();
        QTRY_VERIFY(finished());
        QCOMPARE(child<QToolButton>("securityFold")->property("tone").toString(), QStringLiteral("warning"));
        QTest::qWait(20); // the layout settles
        for (const QLabel *label : m_window->findChildren<QLabel *>()) {
            if (!label->isVisible() || label->text().isEmpty() || label->wordWrap() || label->inherits("tokenlab::ui::Pill"))
                continue;
            const int needed = label->fontMetrics().horizontalAdvance(label->text());
            QVERIFY2(label->contentsRect().width() >= needed, qPrintable(label->text()));
        }
    }

    void keyboardReachesAll()
    {
        send();
        QTRY_VERIFY(finished());
        QTest::qWait(20);
        QSet<QString> reached;
        child<QLineEdit>("urlEdit")->setFocus();
        for (int i = 0; i < 150 && QApplication::focusWidget(); ++i) {
            reached << QApplication::focusWidget()->objectName();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (const char *name : {"methodBox",    "urlEdit",     "sourceBox",      "sendButton",     "exportButton", "endpointList",
                                 "algorithmBox", "kidBox",      "keysToSignEdit", "fullBox",        "securityFold", "requestBody",
                                 "replyBody",    "replyPretty", "responseBody",   "copyResponse",   "tokenTree",    "tokenCopy",
                                 "stageSign",    "sideTabs",    "bottomTabs",     "bindingsButton", "restartButton"})
            QVERIFY2(reached.contains(QString::fromLatin1(name)), name);
    }

    void foldsBelow900()
    {
        m_window->resize(1280, 800);
        QTRY_VERIFY(!child<QWidget>("logView")->parentWidget()->isVisible());
        // The line about security stands above the form's fold.
        auto *fold = child<QToolButton>("securityFold");
        QTRY_COMPARE(fold->visibleRegion().boundingRect(), fold->rect());
        m_window->resize(1280, 1000);
        QTRY_VERIFY(child<QWidget>("logView")->parentWidget()->isVisible());
        QVERIFY(m_window->minimumSizeHint().width() <= 1280);
        QVERIFY(m_window->minimumSizeHint().height() <= 800);
    }
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
