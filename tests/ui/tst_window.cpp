// The real window at work, driven by object names, with real loopback servers. How it is laid out and reached is in tst_reach.cpp.
#include "core/gateway/edit.h"
#include "ui/mainwindow.h"
#include "ui/tokens/tokenspanel.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/jsoneditor.h"

#include "windowfixture.h"

#include "core/json/parse.h"
#include "core/text/text.h"

#include <QAbstractItemView>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QTabBar>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <Qsci/qsciscintilla.h>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestWindow : public QObject, protected WindowFixture
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("TOKENLAB_KRAKEND", "/nowhere/krakend"); // templates are told, not rendered
        keepSettingsApart();
    }
    void init() { QVERIFY(openWindow()); }
    void cleanup() { m_window.reset(); }

    void firstStartAndSend()
    {
        QCOMPARE(child<QAbstractItemView>("endpointList")->model()->rowCount(), 3);
        QVERIFY(child<QToolButton>("playgroundButton")->text().contains(QStringLiteral("127.0.0.1")));
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

    // What the router says is found when the file is read, so every edit asks again.
    void routeConflictFollowsTheEdit()
    {
        const QByteArray backend = R"(,"backend":[{"host":["127.0.0.1:10"],"url_pattern":"/"}]})";
        m_window->openPath(write("routes.json", R"({"version":3,"endpoints":[{"endpoint":"/plain")" + backend + R"(,{"endpoint":"/a/{x}")" +
                                                    backend + R"(,{"endpoint":"/a/{x}/b")" + backend + "]}"));
        const QByteArray before = session()->document().bytes();
        const auto verdictIs = [this](twin::Verdict verdict) { return finished() && session()->outcome()->verdict == verdict; };
        send();
        QTRY_VERIFY(verdictIs(twin::Verdict::Refused));
        const qsizetype name = before.indexOf("x}/b");
        session()->document().edit({{name, name + 1}, "y"}, {});
        send();
        QTRY_VERIFY(verdictIs(twin::Verdict::DoesNotStart));
        QCOMPARE(session()->outcome()->startError,
                 QByteArray("':y' in new path '/a/:y/b' conflicts with existing wildcard ':x' in existing prefix '/a/:x'"));
        QVERIFY(child<QLabel>("verdictLabel")->text().contains(QStringLiteral("Would crash at start")));
        session()->document().undoStack()->undo();
        QCOMPARE(session()->document().bytes(), before);
        send();
        QTRY_VERIFY(verdictIs(twin::Verdict::Refused));
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
        // No token came along: the validator refuses before anything is sent.
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Refused);
        QCOMPARE(session()->outcome()->response.status, 401);
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
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
