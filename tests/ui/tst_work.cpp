// What was done at an endpoint stays there, and what its path needs is asked for.
#include "core/json/parse.h"
#include "ui/request/stagestrip.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/jsoneditor.h"

#include "windowfixture.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTest>

#include <Qsci/qsciscintilla.h>

using namespace tokenlab;
using namespace tokenlab::ui;

namespace {

// JSON with ' for ".
QByteArray dq(QByteArray text)
{
    return text.replace('\'', '"');
}

QByteArray file(const QByteArray &host, const QByteArray &endpoints)
{
    QByteArray text = dq("{'version':3,'host':['HOST'],'endpoints':[") + endpoints + "]}";
    return text.replace("HOST", host);
}

QByteArray endpoint(const QByteArray &path, const QByteArray &method = "GET", const QByteArray &backend = {})
{
    return dq("{'endpoint':'") + path + dq("','method':'") + method + dq("','backend':[{'url_pattern':'/login'") + backend + "}]}";
}

playground::Server::Handler answers(const QByteArray &type, const QByteArray &body)
{
    return [type, body](const playground::ServerRequest &) {
        playground::Script script;
        script.headers.append("Content-Type", type);
        script.body = body;
        return script;
    };
}

} // namespace

class TestWork : public QObject, protected WindowFixture
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { keepSettingsApart(); }
    void init() { QVERIFY(openWindow()); }
    void cleanup() { m_window.reset(); }

    void comingBack_data()
    {
        QTest::addColumn<bool>("edited");
        QTest::addColumn<bool>("sent");
        QTest::newRow("nothing sent") << false << false;
        QTest::newRow("sent") << false << true;
        QTest::newRow("sent, reply edited") << true << true;
        QTest::newRow("reply edited, nothing sent") << true << false;
    }
    void comingBack()
    {
        QFETCH(bool, edited);
        QFETCH(bool, sent);
        QTRY_VERIFY(session()->signer().at.isValid());
        auto *body = child<QsciScintilla>("requestBody");
        auto *headers = child<QPlainTextEdit>("requestHeaders");
        body->setText(QStringLiteral("{\"user\":\"john\",\"pass\":\"doe\",\"n\":1}"));
        headers->setPlainText(QStringLiteral("Content-Type: application/json\nX-Mine: 1"));
        child<QLineEdit>("urlEdit")->clear();
        QTest::keyClicks(child<QLineEdit>("urlEdit"), QStringLiteral("/token?a=b"));
        if (sent) {
            send();
            QTRY_VERIFY(finished());
        }
        const QString reply = QStringLiteral("{\"access_token\":{\"sub\":\"me\"},\"refresh_token\":{}}");
        if (edited)
            child<QsciScintilla>("replyBody")->setText(reply);
        QCOMPARE(finished(), sent || edited);

        session()->selectEndpoint(1);
        QTRY_VERIFY(session()->signer().at.isValid());
        QVERIFY(!finished());
        QVERIFY(!body->text().contains(QStringLiteral("\"n\"")));
        QVERIFY(!headers->toPlainText().contains(QStringLiteral("X-Mine")));
        QCOMPARE(child<QsciScintilla>("replyBody")->text(), QString());
        QCOMPARE(child<QComboBox>("sourceBox")->count(), 1);

        session()->selectEndpoint(0);
        QVERIFY(body->text().contains(QStringLiteral("\"n\"")));
        QVERIFY(session()->draft().body.contains("\"n\""));
        QVERIFY(headers->toPlainText().contains(QStringLiteral("X-Mine: 1")));
        QVERIFY(session()->draft().headers.contains("X-Mine: 1"));
        QCOMPARE(child<QLineEdit>("urlEdit")->text(), QStringLiteral("/token?a=b"));
        QTRY_COMPARE(finished(), sent || edited);
        QCOMPARE(session()->source() == ReplySource::Edited, edited);
        QCOMPARE(child<QComboBox>("sourceBox")->count(), edited ? 2 : 1);
        if (edited) {
            QCOMPARE(child<QsciScintilla>("replyBody")->text(), reply);
            QVERIFY(jose::decodeToken(session()->outcome()->fields.at(0).token).payloadText.contains("me"));
        }
        if (sent || edited)
            QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
    }

    // What was typed before another endpoint was looked at can be undone after it.
    void undoSurvives_data()
    {
        QTest::addColumn<QString>("editor");
        QTest::addColumn<bool>("typed");
        QTest::newRow("request body") << QStringLiteral("requestBody") << true;
        QTest::newRow("reply") << QStringLiteral("replyBody") << true;
        QTest::newRow("must fail to undo: nothing typed") << QStringLiteral("requestBody") << false;
    }
    void undoSurvives()
    {
        QFETCH(QString, editor);
        QFETCH(bool, typed);
        QTRY_VERIFY(session()->signer().at.isValid());
        auto *text = m_window->findChild<QsciScintilla *>(editor);
        if (editor == QLatin1String("replyBody"))
            text->setText(QStringLiteral("{}")); // the first edit has no undo of its own to keep
        const QString before = text->text();
        if (typed)
            text->insertAt(QStringLiteral(" "), 0, 0);
        session()->selectEndpoint(1);
        QTRY_VERIFY(session()->signer().at.isValid());
        QVERIFY(!text->isUndoAvailable());
        session()->selectEndpoint(0);
        QTRY_VERIFY(session()->signer().at.isValid());
        if (typed)
            QCOMPARE(text->text(), QLatin1Char(' ') + before);
        QCOMPARE(text->isUndoAvailable(), typed);
        if (typed) {
            text->undo();
            QCOMPARE(text->text(), before);
            QCOMPARE(editor == QLatin1String("requestBody") ? session()->draft().body : session()->reply(0)->body, before.toUtf8());
        }
    }

    void takenOutAndBack()
    {
        QTRY_VERIFY(session()->signer().at.isValid());
        const QByteArray whole = session()->document().bytes();
        child<QsciScintilla>("requestBody")->setText(QStringLiteral("{\"mine\":1}"));
        // Without its first endpoint the file shows another one; put back, the request is there again.
        const json::SyntaxTree &tree = *session()->tree();
        const json::Range first = tree.node(tree.find("/endpoints/0")).range;
        const json::Range second = tree.node(tree.find("/endpoints/1")).range;
        session()->edit(json::Splice{{first.begin, second.begin}, {}}, QStringLiteral("take out"));
        QVERIFY(!session()->draft().body.contains("mine"));
        QVERIFY(session()->draft().target != "/token");
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), whole);
        QTRY_VERIFY(session()->signer().at.isValid());
        session()->selectEndpoint(0);
        QVERIFY(session()->draft().body.contains("mine"));
    }

    void pathParams_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QByteArray>("asked");
        QTest::newRow("plain") << QStringLiteral("17") << QByteArray("/login/17");
        QTest::newRow("with a blank") << QStringLiteral("a b") << QByteArray("/login/a%20b");
        QTest::newRow("must fail: none") << QString() << QByteArray();
    }
    void pathParams()
    {
        QFETCH(QString, value);
        QFETCH(QByteArray, asked);
        playground::Server server(answers("application/json", dq("{'a':1}")));
        QVERIFY(server.listen().ok());
        QByteArray text = file(server.origin(), endpoint("/ok/{id}"));
        m_window->openPath(write("krakend.json", text.replace("/login", "/login/{id}")));
        QTRY_VERIFY(session()->signer().at.isValid());
        auto *field = child<QLineEdit>("pathParam:id");
        QVERIFY(field->isVisible());
        QCOMPARE(field->accessibleName(), QStringLiteral("Value of {id} in the path"));
        QTest::keyClicks(field, value);
        send();
        if (asked.isEmpty()) {
            QVERIFY(std::holds_alternative<Idle>(session()->state()));
            QVERIFY(child<QLabel>("failureSentence")->isVisible());
            QVERIFY(child<QLabel>("failureSentence")->text().contains(QStringLiteral("{id}")));
            QVERIFY(child<QLabel>("verdictLabel")->text().startsWith(QStringLiteral("Not sent")));
            QTRY_VERIFY(field->hasFocus());
            QTest::keyClicks(field, QStringLiteral("1"));
            QVERIFY(!child<QLabel>("failureSentence")->isVisible());
            QVERIFY(server.received().empty());
            return;
        }
        QTRY_VERIFY(finished());
        QCOMPARE(server.received().size(), std::size_t(1));
        QVERIFY2(server.received()[0].target == asked, server.received()[0].target.constData());
        // Written into the URL there is nothing left to ask.
        auto *url = child<QLineEdit>("urlEdit");
        url->clear();
        QTest::keyClicks(url, QStringLiteral("/ok/9?x={y}"));
        QVERIFY(!child<QWidget>("pathParams")->isVisible());
    }

    void whatCannotBeTold_data()
    {
        QTest::addColumn<QByteArray>("backend");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("note");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("xml") << QByteArray(dq(",'encoding':'xml'")) << QStringLiteral("/a") << QStringLiteral("xml decides")
                             << QStringLiteral("xml is not played here: what the gateway makes of this answer is unknown.");
        QTest::newRow("another endpoint's path")
            << QByteArray() << QStringLiteral("/b") << QStringLiteral("taken by") << QStringLiteral("does not reach this endpoint");
        QTest::newRow("must fail: told") << QByteArray() << QStringLiteral("/a") << QString() << QString();
    }
    void whatCannotBeTold()
    {
        QFETCH(QByteArray, backend);
        QFETCH(QString, target);
        QFETCH(QString, note);
        QFETCH(QString, sentence);
        playground::Server server(answers("application/json", dq("{'a':1}")));
        QVERIFY(server.listen().ok());
        m_window->openPath(
            write("krakend.json", file(server.origin(), endpoint("/a", "GET", backend) + ',' + endpoint("/b", "GET", backend))));
        QTRY_VERIFY(session()->signer().at.isValid());
        auto *url = child<QLineEdit>("urlEdit");
        url->clear();
        QTest::keyClicks(url, target);
        send();
        QTRY_VERIFY(finished());
        const QString shown = child<QLabel>("responseNote")->text();
        QVERIFY2(!shown.contains(QStringLiteral("does not start")), qPrintable(shown));
        QVERIFY2(shown.contains(note), qPrintable(shown));
        QCOMPARE(session()->outcome()->verdict == twin::Verdict::Incomplete, !note.isEmpty());
        QCOMPARE(child<QLabel>("failureSentence")->isVisible(), !sentence.isEmpty());
        const QString words = child<QLabel>("failureSentence")->text();
        QVERIFY2(sentence.isEmpty() || words.contains(sentence), qPrintable(words));
    }

    void responseTone_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<int>("tone");
        QTest::newRow("signed") << QByteArray(dq("{'access_token':{'sub':'a'}}")) << int(Tone::Good);
        QTest::newRow("must fail to be green: nothing signed") << QByteArray(dq("{'accessToken':{'sub':'a'}}")) << int(Tone::Bad);
        QTest::newRow("refused") << QByteArray("no JSON") << int(Tone::Bad);
    }
    void responseTone()
    {
        QFETCH(QByteArray, reply);
        QFETCH(int, tone);
        playground::Server server(answers("application/json", reply));
        QVERIFY(server.listen().ok());
        openLocal(server);
        send();
        QTRY_VERIFY(finished());
        QCOMPARE(int(child<Pill>("responseStatus")->tone()), tone);
    }

    void withoutSigner()
    {
        playground::Server server(answers("application/json", dq("{'a':1}")));
        QVERIFY(server.listen().ok());
        m_window->openPath(write("krakend.json", file(server.origin(), endpoint("/a"))));
        send();
        QTRY_VERIFY(finished());
        QCOMPARE(child<Pill>("responseStatus")->tone(), Tone::Neutral);
        QVERIFY(child<QLabel>("verdictLabel")->text().contains(QStringLiteral("no signer")));
        QCOMPARE(child<StageStrip>("stageStrip")->summary(twin::Stage::Key).detail, QString());
        QStringList words;
        for (const QLabel *label : child<QWidget>("tokenCards")->findChildren<QLabel *>())
            words << label->text();
        const QString all = words.join(QLatin1Char(' '));
        QVERIFY2(all.contains(QStringLiteral("no signer")) && !all.contains(QStringLiteral("keys_to_sign")), qPrintable(all));
    }

    void fromBeforeTheTextBroke()
    {
        send();
        QTRY_VERIFY(finished());
        auto *note = child<QLabel>("tokensOutdated");
        QVERIFY(!note->isVisible());
        child<QsciScintilla>("configEditor")->insertAt(QStringLiteral(","), 0, 0);
        QVERIFY(note->isVisible());
        QCOMPARE(child<QLabel>("responseNote")->text(), note->text());
        child<QAction>("undoAction")->trigger();
        QVERIFY(!note->isVisible());
    }

    void plainTextIsNotColoured_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("plain");
        QTest::newRow("words") << QByteArray("404 page not found") << true;
        QTest::newRow("HTML") << QByteArray("<html></html>") << true;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("an object") << QByteArray("{}") << false;
        QTest::newRow("a number") << QByteArray(" 12 ") << false;
        QTest::newRow("must fail to be plain: a broken object is shown as one") << QByteArray("{\"a\":") << false;
    }
    void plainTextIsNotColoured()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, plain);
        JsonEditor editor(QStringLiteral("test"), QStringLiteral("plainTest"), JsonEditor::Undo::Own);
        editor.setText("{}");
        editor.setText(text);
        QCOMPARE(editor.isPlain(), plain);
    }

    void fragmentSaysWhatWasFilledIn()
    {
        m_window->openPath(write("signer.json", dq("{'alg':'HS256','kid':'k','keys_to_sign':['a'],'jwk_url':'http://127.0.0.1:1/k'}")));
        const QString banner = child<Banner>("noticeBanner")->text();
        QVERIFY2(banner.contains(QStringLiteral("version")) && banner.contains(QStringLiteral("backend")), qPrintable(banner));
    }

    // The line under the stages says what went wrong; the form does not say it again.
    void errorsAreSaidOnce()
    {
        m_window->openPath(write("krakend.json", configuration("http://127.0.0.1:10", dq("'jwk_url':'http://127.0.0.1:1/jwk.json'"))));
        QTRY_VERIFY(finished());
        const QString sentence = child<QLabel>("failureSentence")->text();
        QVERIFY(sentence.size() > 20);
        QVERIFY(!child<QLabel>("keyLine")->text().contains(sentence.left(20)));
        QVERIFY(child<QLabel>("keyLine")->text().startsWith(QStringLiteral("No key loaded")));
    }
};

QTEST_MAIN(TestWork)
#include "tst_work.moc"
