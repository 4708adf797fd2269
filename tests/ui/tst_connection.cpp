// The Connection window beside real HTTPS servers and their faults: what is shown of each, what its buttons do to the document, and that an
// older look never comes late.
#include "core/jose/base64.h"
#include "core/playground/demo.h"
#include "ui/connection/certificateview.h"
#include "ui/connection/connectiondialog.h"
#include "ui/connection/hopview.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/shapemark.h"
#include "ui/widgets/wraplabel.h"
#include "walker.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeView>

using namespace tokenlab;
using namespace tokenlab::ui;
using playground::DemoBackend;
using playground::Fault;

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

constexpr auto unknownAuthority = "tls: failed to verify certificate: x509: certificate signed by unknown authority";

} // namespace

class TestConnection : public QObject, private WindowFixture
{
    Q_OBJECT

    DemoBackend m_demo{systemNow};
    QTemporaryDir m_files;
    ConnectionDialog *m_dialog = nullptr;

    template <class T>
    T *part(const char *name)
    {
        T *found = m_dialog->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    template <class T>
    T *maybe(const char *name)
    {
        return m_dialog->findChild<T *>(QString::fromLatin1(name));
    }
    [[nodiscard]] QString said(const char *name)
    {
        const auto *label = maybe<QLabel>(name);
        return label ? label->text() : QString();
    }
    [[nodiscard]] QString notice()
    {
        return part<Banner>("connectionNotice")->isHidden() ? QString() : part<Banner>("connectionNotice")->text();
    }
    [[nodiscard]] QByteArray keyUrl() const { return m_demo.tls()->origin + "/jwk/symmetric.json"; }
    // `connection in order, trust failed`: of all hops.
    [[nodiscard]] QByteArray steps()
    {
        QByteArrayList out;
        for (const QWidget *step : m_dialog->findChildren<QWidget *>(QStringLiteral("connectionStep")))
            out << step->accessibleName().section(QLatin1Char(','), 0, 0).replace(QStringLiteral(": "), QStringLiteral(" ")).toUtf8();
        return out.join(", ");
    }
    void open(const QByteArray &signer, const QByteArray &top = {})
    {
        QByteArray text = R"({
  "version": 3,TOP
  "endpoints": [
    {
      "endpoint": "/token",
      "method": "POST",
      "backend": [
        { "host": [ "HOST" ], "url_pattern": "/login" },
        { "host": [ "HOST", "BACK" ], "url_pattern": "/more" }
      ],
      "extra_config": {
        "auth/signer": {
          "alg": "HS256",
          "keys_to_sign": [ "access_token" ],
          SIGNER
        }
      }
    }
  ]
}
)";
        text.replace("SIGNER", signer).replace("TOP", top).replace("KEYS", keyUrl()).replace("HTTP", m_demo.origin());
        text.replace("HOST", m_demo.tls()->origin).replace("BACK", m_demo.origin());
        text.replace("CAFILE", m_demo.tls()->caFile.toUtf8());
        m_window->openPath(write("krakend.json", text));
        QTRY_VERIFY(session()->isSettled());
    }
    void look(ConnectionChoice::Kind kind = ConnectionChoice::KeyHost, const QByteArray &host = {})
    {
        QSignalSpy spy(m_dialog->findChild<ConnectionLook *>(), &ConnectionLook::finished);
        m_dialog->lookAt(kind, host);
        QTRY_COMPARE_WITH_TIMEOUT(spy.count(), 1, 20000);
    }
    // A file dialog that is open is answered.
    void answer(const char *name, const QString &path)
    {
        QFileDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = m_dialog->findChild<QFileDialog *>(QString::fromLatin1(name))) != nullptr);
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        QTRY_VERIFY(!m_dialog->findChild<QFileDialog *>(QString::fromLatin1(name)));
    }

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase() { m_window.reset(); }
    void states_data();
    void states();
    void answers_data();
    void answers();
    void silent();
    void noHost_data();
    void noHost();
    void certificates();
    void trustIsOneStep();
    void trustKeepsTheOldOne();
    void pinIsOneStep();
    void backendIsTrusted_data();
    void backendIsTrusted();
    void urlAlone();
    void readOnly();
    void badFiles();
    void outdated();
    void lateResultIsDropped();
    void cancelled();
    void closedMeanwhile();
    void choices();
    void reached();
    void keyboardAndNames();
    void longTexts();
};

void TestConnection::initTestCase()
{
    keepSettingsApart();
    for (const char *name : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"})
        qunsetenv(name);
    QVERIFY(m_demo.start(0, true));
    QVERIFY(m_demo.startHttps(0, true, m_files.path()));
}

void TestConnection::init()
{
    if (m_window && QTest::currentDataTag())
        return; // a row of a table
    m_window.reset();
    QVERIFY(openWindow());
    QTRY_VERIFY(session()->isSettled());
    child<QAction>("connectionAction")->trigger();
    m_dialog = m_window->findChild<ConnectionDialog *>();
    QVERIFY(m_dialog && m_dialog->isVisible() && !m_dialog->isModal());
}

void TestConnection::cleanup()
{
    QVERIFY(m_demo.setFaults({}));
    m_demo.setPace({});
    if (QTest::currentDataTag() && !QTest::currentTestFailed())
        return; // the next row opens a document of its own
    m_dialog = nullptr;
    m_window.reset();
}

void TestConnection::states_data()
{
    QTest::addColumn<int>("fault"); // -1: none
    QTest::addColumn<QByteArray>("signer");
    QTest::addColumn<QByteArray>("steps");
    QTest::addColumn<QByteArray>("verdict");
    QTest::addColumn<QByteArray>("words"); // of the gateway, contained; "" none
    QTest::addColumn<QByteArray>("button");
    QTest::addColumn<int>("certificates");
    const auto row = [](const char *name, int fault, const char *signer, const char *steps, const char *verdict, const char *words,
                        const char *button, int certificates) {
        QTest::newRow(name) << fault << QByteArray(signer) << QByteArray(steps) << QByteArray(verdict) << QByteArray(words)
                            << QByteArray(button) << certificates;
    };
    const char *const url = R"("kid":"sim2","jwk_url":"KEYS")";
    const char *const withCa = R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")";
    const char *const fine = "Connection in order, TLS handshake in order, Trust in order, Answer in order";
    const char *const untrusted = "Connection in order, TLS handshake in order, Trust failed, Answer not reached";
    const char *const none = "The gateway gets no keys from this host";
    const char *const good = "The gateway gets its keys from a host that it trusts";
    row("all is well", -1, withCa, fine, good, "", "", 2);
    row("must fail: nobody vouches", -1, url, untrusted, none, unknownAuthority, "remedyTrust", 2);
    row("must fail: another CA", int(Fault::WrongCa), withCa, untrusted, none, unknownAuthority, "remedyTrust", 2);
    row("must fail: expired", int(Fault::Expired), withCa, untrusted, none, "x509: certificate has expired or is not yet valid", "", 2);
    row("must fail: another name", int(Fault::WrongName), withCa, untrusted, none, "x509: certificate is valid for", "", 2);
    row("TLS 1.2", int(Fault::Tls12Only), withCa, fine, good, "", "", 2);
    row("must fail: TLS 1.1", int(Fault::Tls11Only), withCa,
        "Connection in order, TLS handshake failed, Trust not reached, Answer not reached", none, "tls: ", "", 0);
    row("must fail: not TLS", int(Fault::NotTls), withCa,
        "Connection in order, TLS handshake failed, Trust not reached, Answer not reached", none, "server gave HTTP response", "", 0);
    row("must fail: hangs up", int(Fault::HangUp), withCa,
        "Connection in order, TLS handshake failed, Trust not reached, Answer not reached", none, ": EOF", "", 0);
    row("must fail: nothing there", int(Fault::KeyHostDown), withCa,
        "Connection failed, TLS handshake not reached, Trust not reached, Answer not reached", none, "connection refused", "", 0);
    row("must fail: another pin", -1,
        R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE","jwk_fingerprints":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="])",
        "Connection in order, TLS handshake in order, Trust in order, Pins failed, Answer not reached", none,
        "JWK client did not find a pinned key", "remedyPin", 2);
    row("nothing is checked", -1, R"("kid":"sim2","jwk_url":"KEYS","disable_jwk_security":true)",
        "Connection in order, TLS handshake in order, Trust attention, Answer in order",
        "The gateway gets its keys over a connection that is not protected", "", "", 2);
    row("plain http", -1, R"("kid":"sim2","jwk_url":"HTTP/jwk/symmetric.json","disable_jwk_security":true)",
        "Connection in order, Answer in order", "The gateway gets its keys over a connection that is not protected", "", "", 0);
    row("on to http", int(Fault::RedirectToHttp), withCa,
        "Connection in order, TLS handshake in order, Trust in order, Answer in order, Connection in order, Answer in order",
        "The gateway gets its keys over a connection that is not protected", "", "", 2);
    row("must fail: the kid is not there", -1, R"("kid":"sim9","jwk_url":"KEYS","jwk_local_ca":"CAFILE")", fine,
        "The keys come, but no signer is made of them", "Unable to create the signer: no Keys have been found", "", 2);
    row("must fail: an html page", int(Fault::Html), withCa, fine, "The host answers, but not with a key set",
        "Unable to create the signer: should have a JSON content type for JWKS endpoint", "", 2);
}

void TestConnection::states()
{
    QFETCH(const int, fault);
    QFETCH(const QByteArray, signer);
    if (fault >= 0)
        QVERIFY(m_demo.setFaults({Fault(fault)}));
    open(signer);
    look();
    QFETCH(const QByteArray, verdict);
    QFETCH(const QByteArray, words);
    QFETCH(const QByteArray, button);
    QFETCH(const int, certificates);
    QTEST(steps(), "steps");
    QCOMPARE(said("connectionVerdict").toUtf8(), verdict);
    QVERIFY2(words.isEmpty() ? said("connectionWords").isEmpty() : said("connectionWords").contains(QString::fromLatin1(words)),
             qPrintable(said("connectionWords")));
    for (const char *name : {"remedyTrust", "remedyPin"})
        QCOMPARE(maybe<QPushButton>(name) != nullptr, button == name);
    QCOMPARE(part<QTreeView>("certificateList")->model()->rowCount(), certificates);
    QCOMPARE(part<QLabel>("certificatesNone")->isVisible(), certificates == 0);
    QVERIFY(!part<QPushButton>("connectionCancel")->isEnabled());
    QVERIFY(!said("connectionElapsed").isEmpty());
    QVERIFY(notice().isEmpty());
    // Nothing of the outside is taken for markup.
    for (const QLabel *label : m_dialog->findChildren<QLabel *>())
        QVERIFY2(label->textFormat() == Qt::PlainText || label->text().isEmpty() || label->buddy() || label->text().size() < 3,
                 qPrintable(label->text()));
}

void TestConnection::answers_data()
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("set");
    QTest::newRow("a set") << -1 << QByteArray("200") << QByteArray("application/json") << QByteArray("1 key");
    QTest::newRow("404 with a set") << int(Fault::NotFound) << QByteArray("404") << QByteArray() << QByteArray();
    QTest::newRow("must fail: html") << int(Fault::Html) << QByteArray("200") << QByteArray("text/html") << QByteArray("refused");
    QTest::newRow("must fail: no key in it") << int(Fault::EmptySet) << QByteArray("200") << QByteArray("application/json")
                                             << QByteArray("0 keys");
    QTest::newRow("must fail: a bad key") << int(Fault::BadKey) << QByteArray("200") << QByteArray("application/json")
                                          << QByteArray("refused");
}

void TestConnection::answers()
{
    QFETCH(const int, fault);
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, set);
    if (fault >= 0)
        QVERIFY(m_demo.setFaults({Fault(fault)}));
    open(R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")");
    look();
    QTEST(said("answerStatus").toUtf8(), "status");
    QVERIFY2(said("answerType").startsWith(QString::fromLatin1(type)), qPrintable(said("answerType")));
    QVERIFY2(said("answerSet").startsWith(QString::fromLatin1(set)), qPrintable(said("answerSet")));
    QVERIFY(!said("answerSize").isEmpty());
    if (set != "1 key")
        return;
    QVERIFY2(said("answerKey").startsWith(QLatin1String("sim2")) && said("answerKey").contains(QLatin1String("oct")) &&
                 said("answerKey").endsWith(QLatin1String("the signer's")),
             qPrintable(said("answerKey")));
    // The secret that came is shown nowhere.
    for (const QLabel *label : m_dialog->findChildren<QLabel *>())
        QVERIFY(!label->text().contains(QLatin1String("\"k\"")));
}

void TestConnection::silent()
{
    open(R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")");
    QVERIFY(m_demo.setFaults({Fault::Silent}));
    m_dialog->lookAt(ConnectionChoice::KeyHost);
    QVERIFY(part<QPushButton>("connectionCancel")->isEnabled());
    QTRY_VERIFY(said("connectionElapsed").endsWith(QLatin1String(" s")));
    QTRY_COMPARE_WITH_TIMEOUT(said("connectionVerdict"), QStringLiteral("The host takes the question and stays silent"), 20000);
    QVERIFY2(said("connectionSentence").contains(QLatin1String("wait for it for ever")), qPrintable(said("connectionSentence")));
    QVERIFY(!maybe<QLabel>("connectionWords")); // the gateway says nothing
}

void TestConnection::noHost_data()
{
    QTest::addColumn<QByteArray>("signer");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("must fail: http without disable_jwk_security")
        << QByteArray(R"("kid":"k","jwk_url":"HTTP/jwk/symmetric.json")") << QByteArray("using an insecure connection");
    QTest::newRow("must fail: a pin that cannot be decoded") << QByteArray(R"("kid":"k","jwk_url":"KEYS","jwk_fingerprints":["AA"])")
                                                             << QByteArray("decoding fingerprint #0: illegal base64 data at input byte 0");
    QTest::newRow("must fail: no CA file") << QByteArray(R"("kid":"k","jwk_url":"KEYS","jwk_local_ca":"/nowhere/ca.pem")")
                                           << QByteArray("open /nowhere/ca.pem: no such file or directory");
}

void TestConnection::noHost()
{
    QFETCH(const QByteArray, signer);
    QFETCH(const QByteArray, words);
    open(signer);
    m_dialog->lookAt(ConnectionChoice::KeyHost);
    QCOMPARE(said("connectionVerdict"), QStringLiteral("Nobody is asked"));
    QVERIFY2(said("connectionWords").contains(QString::fromLatin1(words)), qPrintable(said("connectionWords")));
    QVERIFY(!said("connectionSentence").isEmpty());
    QVERIFY(!part<QPushButton>("connectionCancel")->isEnabled());
}

void TestConnection::certificates()
{
    open(R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")");
    look();
    auto *list = part<QTreeView>("certificateList");
    QAbstractItemModelTester tester(list->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(list->currentIndex().row(), 0);
    QVERIFY(list->isColumnHidden(2)); // one host
    QCOMPARE(said("certificatePin").toLatin1(), m_demo.tls()->leafPin);
    QVERIFY(said("certificateNames").contains(QLatin1String("localhost")) && said("certificateNames").contains(QLatin1String("127.0.0.1")));
    QVERIFY(said("certificateDates").startsWith(QLatin1String("valid until ")));
    QVERIFY(!said("certificateIssuer").isEmpty() && !said("certificateKey").isEmpty());
    QVERIFY2(said("certificateMeaning").startsWith(QLatin1String("once it is added: pin 0 met by")),
             qPrintable(said("certificateMeaning")));
    QVERIFY(!part<QPushButton>("trustButton")->isEnabled()); // trusted already
    QVERIFY(said("certificateHint").contains(QLatin1String("trusted already")));
    part<QPushButton>("copyPinButton")->click();
    QCOMPARE(QGuiApplication::clipboard()->text().toLatin1(), m_demo.tls()->leafPin);
    QVERIFY(notice().contains(QLatin1String("clipboard")));
    list->setCurrentIndex(list->model()->index(1, 0));
    QCOMPARE(said("certificatePin").toLatin1(), m_demo.tls()->caPin);
    QVERIFY(said("certificateRole").endsWith(QLatin1String("an authority")));
    part<QPushButton>("copyPemButton")->click();
    QCOMPARE(QGuiApplication::clipboard()->text().toLatin1().trimmed(), m_demo.tls()->caPem.trimmed());
    const QString path = m_folder->filePath(QStringLiteral("saved.pem"));
    part<QPushButton>("savePemButton")->click();
    answer("savePemFile", path);
    QCOMPARE(contents(path).trimmed(), m_demo.tls()->caPem.trimmed());
    // Not over the document.
    const QByteArray document = contents(session()->path());
    part<QPushButton>("savePemButton")->click();
    answer("savePemFile", session()->path());
    QCOMPARE(contents(session()->path()), document);
    QVERIFY(notice().contains(QLatin1String("the document itself")));
    // A hop whose host shows nothing leaves the list to those that do.
    QVERIFY(m_demo.setFaults({Fault::Expired}));
    look();
    QCOMPARE(list->model()->rowCount(), 2);
    list->setCurrentIndex(list->model()->index(0, 0));
    QVERIFY(said("certificateDates").startsWith(QLatin1String("expired on ")));
    QCOMPARE(part<QLabel>("certificateDates")->property("role").toString(), QStringLiteral("bad"));
}

void TestConnection::trustIsOneStep()
{
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    const QByteArray before = session()->document().bytes();
    QVERIFY(!session()->signer().state.signer);
    look();
    const QString path = m_folder->filePath(QStringLiteral("ca.pem"));
    part<QPushButton>("remedyTrust")->click();
    auto *dialog = part<QFileDialog>("trustFile");
    QCOMPARE(dialog->directory().absolutePath(), QFileInfo(session()->path()).absolutePath());
    QCOMPARE(QFileInfo(dialog->selectedFiles().value(0)).fileName(), QStringLiteral("127.0.0.1-ca.pem"));
    answer("trustFile", path);
    QCOMPARE(contents(path).trimmed(), m_demo.tls()->caPem.trimmed());
    QVERIFY2(session()->document().bytes().simplified().replace("\": ", "\":").contains("\"jwk_local_ca\":\"" + path.toUtf8() + '"'),
             session()->document().bytes().constData());
    QCOMPARE(session()->document().undoStack()->count(), 1);
    QVERIFY2(notice().contains(QLatin1String("jwk_local_ca")) && notice().contains(QLatin1String("is of before")), qPrintable(notice()));
    // What the button promised: the gateway would start.
    QTRY_VERIFY(session()->isSettled() && session()->signer().state.signer);
    QSignalSpy spy(m_dialog->findChild<ConnectionLook *>(), &ConnectionLook::finished);
    part<Banner>("connectionNotice")->findChild<QToolButton *>(QStringLiteral("bannerAction"))->click();
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway gets its keys from a host that it trusts"));
    QVERIFY(notice().isEmpty());
    part<QAction>("connectionUndo")->trigger();
    QCOMPARE(session()->document().bytes(), before);
    QVERIFY(notice().contains(QLatin1String("has changed since")));
}

// Two hosts, two CAs: the first stays trusted.
void TestConnection::trustKeepsTheOldOne()
{
    DemoBackend other{systemNow};
    QTemporaryDir folder;
    QVERIFY(other.start(0, true));
    QVERIFY(other.startHttps(0, true, folder.path()));
    const QByteArray target = other.tls()->origin + "/jwk/symmetric.json";
    playground::Server first([target](const playground::ServerRequest &) {
        playground::Script script;
        script.status = 302;
        script.headers.append("Location", target);
        return script;
    });
    QVERIFY(first.listen());
    // Over http the first hop needs no trust: then nothing is kept.
    open("\"kid\":\"sim2\",\"jwk_url\":\"" + first.origin() + "/\",\"jwk_local_ca\":\"CAFILE\",\"disable_jwk_security\":false");
    m_dialog->lookAt(ConnectionChoice::AnyUrl, first.origin() + "/keys");
    QTRY_COMPARE(said("connectionVerdict"), QStringLiteral("The gateway would get no answer here"));
    QVERIFY(said("connectionWords").contains(QLatin1String(unknownAuthority)));
    QCOMPARE(m_dialog->findChildren<QLabel *>(QStringLiteral("hopUrl")).size(), 2);
    const QString path = m_folder->filePath(QStringLiteral("both.pem"));
    part<QPushButton>("remedyTrust")->click();
    answer("trustFile", path);
    QCOMPARE(contents(path).count("BEGIN CERTIFICATE"), 1);
    QCOMPARE(part<QLineEdit>("connectionCa")->text(), path);
    look(ConnectionChoice::AnyUrl, first.origin() + "/keys");
    QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway would get an answer over a connection that is not protected"));
}

void TestConnection::pinIsOneStep()
{
    open(R"("kid":"sim2","jwk_url":"KEYS","disable_jwk_security":true)");
    const QByteArray before = session()->document().bytes();
    look();
    QVERIFY(said("certificateMeaning").contains(QLatin1String("nothing else is checked")));
    part<QPushButton>("pinButton")->click();
    QVERIFY2(session()->document().bytes().contains("\"jwk_fingerprints\": [\"" + m_demo.tls()->leafPin + "\"]") ||
                 session()->document().bytes().contains(m_demo.tls()->leafPin),
             session()->document().bytes().constData());
    QCOMPARE(session()->document().undoStack()->count(), 1);
    QVERIFY2(notice().contains(QLatin1String("only the holder of this key")), qPrintable(notice()));
    look();
    QVERIFY2(steps().contains("Pins in order"), steps().constData());
    QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway gets its keys from a host that it trusts"));
    QVERIFY(!part<QPushButton>("pinButton")->isEnabled());
    QVERIFY(said("certificateHint").contains(QLatin1String("pinned already")));
    part<QAction>("connectionUndo")->trigger();
    QCOMPARE(session()->document().bytes(), before);
    // Trust is asked for first: said where the pin alone would not do.
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    look();
    QVERIFY(said("certificateMeaning").contains(QLatin1String("trust is asked for first, and is missing")));
}

void TestConnection::backendIsTrusted_data()
{
    QTest::addColumn<QByteArray>("top");
    QTest::addColumn<QByteArray>("expected"); // in the document then
    QTest::newRow("no client_tls") << QByteArray() << QByteArray(R"("min_version": "TLS12")");
    QTest::newRow("a client_tls") << QByteArray("\n  \"client_tls\": { \"min_version\": \"TLS12\" },")
                                  << QByteArray(R"("min_version": "TLS12",)");
    QTest::newRow("another CA") << QByteArray("\n  \"client_tls\": { \"ca_certs\": [ \"/nowhere/ca.pem\" ] },")
                                << QByteArray("\"/nowhere/ca.pem\", ");
}

void TestConnection::backendIsTrusted()
{
    QFETCH(const QByteArray, top);
    QFETCH(const QByteArray, expected);
    open(R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")", top);
    const QByteArray before = session()->document().bytes();
    look(ConnectionChoice::BackendHost, m_demo.tls()->origin);
    QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway does not reach this backend"));
    QVERIFY(said("connectionWords").contains(QLatin1String(unknownAuthority)));
    QVERIFY(!part<QPushButton>("pinButton")->isEnabled()); // backends have no pins
    const QString path = m_folder->filePath(QStringLiteral("backend-ca.pem"));
    part<QPushButton>("remedyTrust")->click();
    answer("trustFile", path);
    const QByteArray &after = session()->document().bytes();
    QVERIFY2(after.contains(expected) && after.contains(path.toUtf8()), after.constData());
    QCOMPARE(session()->document().undoStack()->count(), 1);
    QVERIFY(session()->isIntact());
    look(ConnectionChoice::BackendHost, m_demo.tls()->origin);
    QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway reaches this backend and trusts it"));
    part<QAction>("connectionUndo")->trigger();
    QCOMPARE(session()->document().bytes(), before);
}

void TestConnection::urlAlone()
{
    part<QComboBox>("connectionChoice")->setCurrentIndex(part<QComboBox>("connectionChoice")->count() - 1);
    QVERIFY(part<QLineEdit>("connectionUrl")->isVisible());
    QVERIFY(!part<QPushButton>("connectionConnect")->isEnabled()); // nothing to ask
    part<QLineEdit>("connectionUrl")->setText(QString::fromUtf8(keyUrl()));
    part<QLineEdit>("connectionUrl")->setFocus();
    QSignalSpy spy(m_dialog->findChild<ConnectionLook *>(), &ConnectionLook::finished);
    QTest::keyClick(part<QLineEdit>("connectionUrl"), Qt::Key_Return);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(said("connectionWords").contains(QLatin1String(unknownAuthority)));
    part<QLineEdit>("connectionCa")->setText(m_demo.tls()->caFile);
    QVERIFY(notice().contains(QLatin1String("has changed since")));
    look(ConnectionChoice::AnyUrl);
    QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway would get an answer from a host that it trusts"));
    QCOMPARE(said("answerSet"), QStringLiteral("1 key"));
    part<QPushButton>("pinButton")->click();
    QCOMPARE(part<QLineEdit>("connectionPins")->text().toLatin1(), m_demo.tls()->leafPin);
    look(ConnectionChoice::AnyUrl);
    QVERIFY2(steps().contains("Pins in order"), steps().constData());
    QCOMPARE(session()->document().undoStack()->count(), 0); // the document is not concerned
    // Settings that cannot be, and what is no URL.
    part<QLineEdit>("connectionPins")->setText(QStringLiteral("no pin"));
    part<QPushButton>("connectionConnect")->click();
    QCOMPARE(said("connectionVerdict"), QStringLiteral("Nobody is asked"));
    part<QLineEdit>("connectionPins")->clear();
    part<QLineEdit>("connectionCa")->setText(QStringLiteral("/nowhere/ca.pem"));
    part<QPushButton>("connectionConnect")->click();
    QVERIFY(said("connectionSentence").contains(QLatin1String("/nowhere/ca.pem")));
    part<QLineEdit>("connectionCa")->clear();
    for (const char *odd : {"http://[::1", "gopher://x/", "127.0.0.1:1", "http:", "https://user:secret@127.0.0.1:1/x"}) {
        look(ConnectionChoice::AnyUrl, odd);
        QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway would get no answer here"));
        QVERIFY2(!said("connectionWords").isEmpty(), odd);
        for (const QLabel *label : m_dialog->findChildren<QLabel *>())
            QVERIFY2(!label->text().contains(QLatin1String("secret")), qPrintable(label->text()));
    }
}

void TestConnection::readOnly()
{
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    look();
    QVERIFY(part<QPushButton>("remedyTrust")->isEnabled() && part<QPushButton>("pinButton")->isEnabled());
    const qsizetype end = session()->document().bytes().size();
    session()->document().edit({{end - 2, end}, "!"}, QStringLiteral("break"));
    for (const char *name : {"remedyTrust", "pinButton", "trustButton"}) {
        QVERIFY2(!part<QPushButton>(name)->isEnabled() || qstrcmp(name, "remedyTrust") == 0, name);
        QVERIFY(!part<QPushButton>(name)->isEnabled());
        QVERIFY2(part<QPushButton>(name)->toolTip().contains(QLatin1String("text is broken")), name);
    }
    QVERIFY(said("certificateHint").contains(QLatin1String("text is broken")));
    QVERIFY(part<QPushButton>("copyPinButton")->isEnabled());
    session()->document().undoStack()->undo();
    QVERIFY(part<QPushButton>("remedyTrust")->isEnabled());
    // The signer is gone, or asks another host by now.
    QByteArray other = session()->document().bytes();
    other.replace(keyUrl(), "https://elsewhere.example/");
    session()->document().edit({{0, session()->document().bytes().size()}, other}, QStringLiteral("other"));
    QVERIFY(!part<QPushButton>("remedyTrust")->isEnabled());
    QVERIFY(part<QPushButton>("remedyTrust")->toolTip().contains(QLatin1String("no longer has a signer")));
    // Rendered from a template: to be looked at alone.
    session()->document().undoStack()->undo();
    const QByteArray text = session()->document().bytes();
    session()->openRendered(text, m_folder->filePath(QStringLiteral("krakend.tmpl")));
    QTRY_VERIFY(session()->isSettled());
    look();
    QVERIFY(part<QPushButton>("remedyTrust")->toolTip().contains(QLatin1String("rendered from a template")));
    QVERIFY(!part<QPushButton>("remedyTrust")->isEnabled());
}

void TestConnection::badFiles()
{
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    const QByteArray before = session()->document().bytes();
    look();
    part<QPushButton>("remedyTrust")->click();
    answer("trustFile", QStringLiteral("/nowhere/at/all/ca.pem"));
    QVERIFY(notice().contains(QLatin1String("was left as it was")));
    QCOMPARE(session()->document().bytes(), before);
    part<QPushButton>("remedyTrust")->click();
    answer("trustFile", session()->path());
    QVERIFY(notice().contains(QLatin1String("the document itself")));
    QCOMPARE(contents(session()->path()), before);
    // The text breaks while the file is chosen.
    part<QPushButton>("remedyTrust")->click();
    session()->document().edit({{0, 1}, "!"}, QStringLiteral("break"));
    const QString path = m_folder->filePath(QStringLiteral("ca.pem"));
    answer("trustFile", path);
    QVERIFY(notice().contains(QLatin1String("text is broken")));
    QVERIFY(!QFile::exists(path));
}

void TestConnection::outdated()
{
    open(R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")");
    look();
    const auto replaced = [this](const QByteArray &from, const QByteArray &to) {
        const qsizetype at = session()->document().bytes().indexOf(from);
        session()->document().edit({{at, at + from.size()}, to}, QStringLiteral("edit"));
    };
    replaced("\"access_token\"", "\"refresh_token\"");
    QVERIFY(notice().isEmpty()); // not of the connection
    replaced("\"kid\":\"sim2\"", "\"kid\":\"sim9\"");
    QVERIFY(notice().contains(QLatin1String("is of an older one")));
    QCOMPARE(said("connectionVerdict"), QStringLiteral("The gateway gets its keys from a host that it trusts")); // looked at on demand
    session()->document().undoStack()->undo();
    QVERIFY(notice().isEmpty());
    lab::Bindings bindings;
    bindings.add({"https://elsewhere.example", "http://127.0.0.1:1"});
    session()->setBindings(bindings);
    QVERIFY(!notice().isEmpty());
    // Another document: nothing of the old one is shown.
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    QVERIFY(notice().isEmpty());
    QVERIFY(steps().isEmpty());
    // What acts of the bindings is told.
    QByteArray text = session()->document().bytes();
    text.replace(m_demo.tls()->origin + "/jwk", "https://keys.example/jwk");
    session()->document().edit({{0, session()->document().bytes().size()}, text}, QStringLiteral("edit"));
    lab::Bindings acting;
    acting.add({"https://keys.example", m_demo.tls()->origin});
    session()->setBindings(acting);
    look();
    QVERIFY2(said("connectionBinding").startsWith(QString::fromUtf8("https://keys.example → ")), qPrintable(said("connectionBinding")));
    QVERIFY(said("connectionWords").contains(QLatin1String("Get \"https://keys.example/jwk/symmetric.json\"")));
}

void TestConnection::lateResultIsDropped()
{
    playground::FaultPace pace;
    pace.slowMs = 400;
    m_demo.setPace(pace);
    QVERIFY(m_demo.setFaults({Fault::Slow}));
    part<QLineEdit>("connectionCa")->setText(m_demo.tls()->caFile);
    QSignalSpy spy(m_dialog->findChild<ConnectionLook *>(), &ConnectionLook::finished);
    m_dialog->lookAt(ConnectionChoice::AnyUrl, keyUrl());
    m_dialog->lookAt(ConnectionChoice::AnyUrl, keyUrl() + "?second");
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(said("hopUrl").endsWith(QLatin1String("?second")));
    // A third one takes as long as the first would have: nothing of that came meanwhile.
    m_dialog->lookAt(ConnectionChoice::AnyUrl, keyUrl() + "?third");
    QTRY_COMPARE(spy.count(), 2);
    QVERIFY(said("hopUrl").endsWith(QLatin1String("?third")));
    QCOMPARE(m_dialog->findChildren<QLabel *>(QStringLiteral("hopUrl")).size(), 1);
    // Nor does one of a document that is no more.
    m_dialog->lookAt(ConnectionChoice::AnyUrl, keyUrl() + "?fourth");
    session()->openDemo();
    m_dialog->lookAt(ConnectionChoice::AnyUrl, keyUrl() + "?fifth");
    QTRY_COMPARE(spy.count(), 3);
    QVERIFY(said("hopUrl").endsWith(QLatin1String("?fifth")));
}

void TestConnection::cancelled()
{
    open(R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")");
    QVERIFY(m_demo.setFaults({Fault::Silent}));
    QSignalSpy spy(m_dialog->findChild<ConnectionLook *>(), &ConnectionLook::finished);
    m_dialog->lookAt(ConnectionChoice::KeyHost);
    QVERIFY(said("connectionVerdict").startsWith(QLatin1String("Looking at ")));
    part<QPushButton>("connectionCancel")->click();
    QVERIFY(said("connectionVerdict").startsWith(QLatin1String("Cancelled after ")));
    QVERIFY(!part<QPushButton>("connectionCancel")->isEnabled());
    // Esc takes the run first, the window then.
    m_dialog->lookAt(ConnectionChoice::KeyHost);
    QTest::keyClick(m_dialog, Qt::Key_Escape);
    QVERIFY(said("connectionVerdict").startsWith(QLatin1String("Cancelled after ")));
    QVERIFY(m_dialog->isVisible());
    QTest::keyClick(m_dialog, Qt::Key_Escape);
    QVERIFY(!m_dialog->isVisible());
    child<QAction>("connectionAction")->trigger();
    QVERIFY(m_demo.setFaults({}));
    look();
    QVERIFY(said("connectionVerdict").startsWith(QLatin1String("The gateway gets its keys")));
    QCOMPARE(spy.count(), 1);
}

void TestConnection::closedMeanwhile()
{
    open(R"("kid":"sim2","jwk_url":"HTTP/jwk/symmetric.json","disable_jwk_security":true)");
    QVERIFY(m_demo.setFaults({Fault::Silent}));
    m_dialog->lookAt(ConnectionChoice::KeyHost);
    m_dialog->close();
    QVERIFY(!m_dialog->isVisible());
    QVERIFY(!m_dialog->findChild<ConnectionLook *>()->isRunning());
    child<QAction>("connectionAction")->trigger();
    m_dialog->lookAt(ConnectionChoice::KeyHost);
    m_dialog = nullptr;
    m_window.reset(); // with a look under way
}

void TestConnection::choices()
{
    const auto listed = [this] {
        QStringList out;
        auto *box = part<QComboBox>("connectionChoice");
        for (int i = 0; i < box->count(); ++i)
            out << box->itemText(i);
        return out;
    };
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    const QString secure = QString::fromUtf8(m_demo.tls()->origin), plain = QString::fromUtf8(m_demo.origin());
    QCOMPARE(listed(), QStringList({QStringLiteral("Key host: ") + QString::fromUtf8(keyUrl()), QStringLiteral("Backend: ") + secure,
                                    QStringLiteral("Backend: ") + plain, QStringLiteral("Any URL")}));
    QVERIFY(!part<QLineEdit>("connectionUrl")->isVisible());
    // Keys from a file, no signer, no document.
    open(R"("kid":"sim2","jwk_local_path":"/nowhere/keys.json","disable_jwk_security":true)");
    QCOMPARE(listed().first(), QStringLiteral("Backend: ") + secure);
    QCOMPARE(said("connectionVerdict"), QStringLiteral("POST /token has no key host"));
    m_window->openPath(
        write("plain.json", R"({"version":3,"endpoints":[{"endpoint":"/x","backend":[{"host":["http://h"],"url_pattern":"/"}]}]})"));
    QCOMPARE(said("connectionVerdict"), QStringLiteral("GET /x has no signer"));
    m_window->openPath(write("none.json", R"({"version":3,"endpoints":[]})"));
    QCOMPARE(listed(), QStringList(QStringLiteral("Any URL")));
    QVERIFY(part<QLineEdit>("connectionUrl")->isVisible());
    QCOMPARE(said("connectionVerdict"), QStringLiteral("No endpoint to look at"));
    // The choice follows the URL as it is typed.
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    part<QComboBox>("connectionChoice")->setCurrentIndex(0);
    QByteArray text = session()->document().bytes();
    text.replace(keyUrl(), keyUrl() + "?more");
    session()->document().edit({{0, session()->document().bytes().size()}, text}, QStringLiteral("edit"));
    QCOMPARE(part<QComboBox>("connectionChoice")->currentIndex(), 0);
    QVERIFY(part<QComboBox>("connectionChoice")->currentText().endsWith(QLatin1String("?more")));
}

void TestConnection::reached()
{
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    QVERIFY(child<QMenu>("endpointMenu")->actions().contains(child<QAction>("connectionAction")));
    QCOMPARE(child<QAction>("connectionAction")->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_T));
    m_dialog->close();
    QSignalSpy spy(m_dialog->findChild<ConnectionLook *>(), &ConnectionLook::finished);
    child<QToolButton>("signerConnection")->click();
    QVERIFY(m_dialog->isVisible());
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(said("connectionTitle").startsWith(QLatin1String("Key host of POST /token")));
    child<QToolButton>("backendConnection")->click();
    QTRY_COMPARE(spy.count(), 2);
    QVERIFY(said("connectionTitle").startsWith(QLatin1String("Backend of POST /token")));
    m_dialog->close();
    // From what the stage says of its failure.
    child<QAbstractButton>("stageKey")->click();
    child<QToolButton>("whyConnection")->click();
    QVERIFY(m_dialog->isVisible());
    QTRY_COMPARE(spy.count(), 3);
    QVERIFY(said("connectionTitle").startsWith(QLatin1String("Key host of POST /token")));
    // Where the keys came there is nothing to look at.
    open(R"("kid":"sim2","jwk_url":"KEYS","jwk_local_ca":"CAFILE")");
    QTRY_VERIFY(!m_window->findChild<QWidget *>(QStringLiteral("whyPopup")));
    child<QAbstractButton>("stageKey")->click();
    QVERIFY(m_window->findChild<QWidget *>(QStringLiteral("whyPopup")));
    QVERIFY(!m_window->findChild<QToolButton *>(QStringLiteral("whyConnection")));
    m_window->findChild<QWidget *>(QStringLiteral("whyPopup"))->close();
}

void TestConnection::keyboardAndNames()
{
    open(R"("kid":"sim2","jwk_url":"KEYS")");
    look();
    part<QComboBox>("connectionChoice")->setCurrentIndex(part<QComboBox>("connectionChoice")->count() - 1);
    QCOMPARE(nameless(m_dialog), QStringList());
    // Every button and field is come to by Tab alone.
    QSet<const QWidget *> met;
    part<QPushButton>("connectionConnect")->setFocus();
    for (int i = 0; i < 60; ++i) {
        met << QApplication::focusWidget();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    for (const char *name : {"connectionChoice", "connectionUrl", "connectionCa", "connectionPins", "connectionInsecure",
                             "connectionScroll", "remedyTrust", "certificateList", "certificateScroll", "trustButton", "copyPemButton"})
        QVERIFY2(met.contains(part<QWidget>(name)) || !part<QWidget>(name)->isEnabled(), name);
    // In the order in which they stand.
    part<QLineEdit>("connectionUrl")->setText(QStringLiteral("https://x/"));
    QList<const QWidget *> order;
    part<QComboBox>("connectionChoice")->setFocus();
    for (int i = 0; i < 60; ++i) {
        order << QApplication::focusWidget();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    qsizetype at = -1;
    for (const char *name : {"connectionChoice", "connectionConnect", "connectionUrl", "connectionCa", "connectionCaChoose",
                             "connectionPins", "connectionInsecure", "connectionScroll", "copyWords", "remedyTrust", "certificateList",
                             "certificateScroll", "trustButton", "pinButton", "copyPinButton", "copyPemButton", "savePemButton"}) {
        const qsizetype next = order.indexOf(part<QWidget>(name));
        QVERIFY2(next > at, name);
        at = next;
    }
    // Return is Connect, from the list of certificates too.
    QVERIFY(part<QPushButton>("connectionConnect")->isDefault());
    for (const QPushButton *button : m_dialog->findChildren<QPushButton *>())
        QVERIFY2(button->objectName() == QLatin1String("connectionConnect") || !button->autoDefault(), qPrintable(button->objectName()));
    // Every state has its shape, not its colour alone.
    for (QWidget *step : m_dialog->findChildren<QWidget *>(QStringLiteral("connectionStep"))) {
        ShapeMark *mark = nullptr;
        for (QObject *one : step->children()) {
            if (auto *found = dynamic_cast<ShapeMark *>(one))
                mark = found;
        }
        QVERIFY(mark);
        const QString state = step->property("state").toString();
        QCOMPARE(mark->shape() == Shape::Check, state == QLatin1String("in order"));
        QCOMPARE(mark->shape() == Shape::Cross, state == QLatin1String("failed"));
        QCOMPARE(mark->shape() == Shape::Ring, state == QLatin1String("not reached"));
    }
}

void TestConnection::longTexts()
{
    WrapLabel label(QString(20000, QLatin1Char('x')));
    QVERIFY(label.minimumSizeHint().width() < 100);
    QVERIFY(label.heightForWidth(200) > label.heightForWidth(800));
    QVERIFY(label.heightForWidth(800) > 500);
    m_dialog->resize(640, 420);
    QVERIFY(m_dialog->minimumSizeHint().width() <= 900 && m_dialog->minimumSizeHint().height() <= 600);
    m_dialog->lookAt(ConnectionChoice::AnyUrl, "http://127.0.0.1:1/" + QByteArray(5000, 'a') + "/%3Cb%3E<b>bold</b>");
    QTRY_VERIFY(!said("connectionWords").isEmpty());
    QCOMPARE(m_dialog->width(), 640);
    QVERIFY(part<QWidget>("connectionScroll")->width() < 640);
    QVERIFY(part<QLabel>("connectionWords")->width() < 640);
    QVERIFY(part<QLabel>("connectionWords")->height() > 100); // whole, not cut
}

QTEST_MAIN(TestConnection)
#include "tst_connection.moc"
