// Each fault of the playground: what the lab says of it, and that a real gateway (TOKENLAB_KRAKEND, else `krakend` of the PATH) says and
// logs the same, wherever the fault decides in finite time.
#include "core/lab/run.h"
#include "core/playground/demo.h"
#include "tests/support/realgateway.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace tokenlab;
using namespace tokenlab::testsupport;
using playground::Fault;
using playground::FaultGroup;
using playground::FaultSet;

namespace {

enum Way { Https, HttpKeys, Insecure }; // HttpKeys: keys over HTTP, the login over HTTPS; Insecure: disable_jwk_security

struct Case {
    FaultSet faults;
    QByteArray signer = {}; // error of the signer; `...`: anything
    int status = 200;
    QByteArray log = {}; // a part of the first line; the signer's error needs none
    Way way = Https;
    int earlierDownloads = 0;
    QByteArray member = {}; // of the signers, in addition
    QByteArray host = "127.0.0.1";
    bool oldClientTls = false; // no min_version
    // hangs: the gateway would wait for ever. unknown: the lab cannot know, so only the gateway's status is looked at.
    bool hangs = false, unknown = false;
};

bool fits(const QByteArray &text, const QByteArray &pattern)
{
    const qsizetype gap = pattern.indexOf("...");
    return gap < 0 ? text == pattern : text.startsWith(pattern.first(gap)) && text.endsWith(pattern.sliced(gap + 3));
}

// Moments differ from one run to the next.
QByteArrayList timeless(const QByteArrayList &lines)
{
    static const QRegularExpression moment(QStringLiteral(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))"));
    QByteArrayList out;
    for (const QByteArray &line : lines)
        out.append(QString::fromUtf8(line).replace(moment, QStringLiteral("TIME")).toUtf8());
    return out;
}

} // namespace

Q_DECLARE_METATYPE(Case)

class FaultsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void says_data();
    void says();
    void everyFaultHasARow();
    void mustFailOnOtherWords();
    void switchedWhileRunning();
    void validatorMeetsARotatedKey();

private:
    QByteArray configuration(const Case &one, int port) const;
    twin::Outcome lab(const QByteArray &text, std::size_t endpoint, const twin::ClientRequest &request) const;
    void prepare(const Case &one);
    static twin::ClientRequest login();
    static Answer ask(RealGateway &gateway, const twin::ClientRequest &request);

    QTemporaryDir m_folder;
    std::unique_ptr<playground::DemoBackend> m_playground;
};

void FaultsTest::initTestCase()
{
    if (RealGateway::find().isEmpty() && qEnvironmentVariableIsSet("TOKENLAB_CI"))
        QFAIL("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
}

void FaultsTest::init()
{
    m_playground = std::make_unique<playground::DemoBackend>(systemNow);
    m_playground->setPace({50, 1, 0});
    QVERIFY(m_playground->start(0).ok());
    QVERIFY(m_playground->startHttps(0, true, m_folder.path()).ok());
}

twin::ClientRequest FaultsTest::login()
{
    twin::ClientRequest request;
    request.method = "POST";
    request.target = "/c1";
    request.headers.append("Content-Type", "application/json");
    request.body = playground::demoRequestBody();
    return request;
}

QByteArray FaultsTest::configuration(const Case &one, int port) const
{
    QByteArray text = playground::demoConfigurationOverTls(m_playground->tls()->origin, m_playground->tls()->caFile);
    // The names by which RealGateway finds the lines of an endpoint.
    for (const auto &[path, name] : {std::pair("token", "c1"), std::pair("refresh", "c2"), std::pair("account", "c3")})
        text.replace("\"endpoint\": \"/" + QByteArray(path), "\"endpoint\": \"/" + QByteArray(name));
    text.replace("8080", QByteArray::number(port));
    const QByteArray ca = text.mid(text.indexOf("\"jwk_local_ca\""));
    const QByteArray member = ca.first(ca.indexOf('\n')).trimmed();
    QByteArray instead = member;
    if (one.way == Insecure)
        instead = "\"disable_jwk_security\": true";
    if (one.way == HttpKeys) {
        text.replace(m_playground->tls()->origin + "/jwk", m_playground->origin() + "/jwk");
        instead = "\"disable_jwk_security\": true";
    }
    if (!one.member.isEmpty())
        instead += ", " + one.member;
    text.replace(member, instead);
    if (one.member.contains("cipher_suites"))
        text.replace("\"min_version\"", one.member + ", \"min_version\"");
    if (one.oldClientTls)
        text.replace("\"TLS12\"", "\"\"");
    if (one.faults.contains(Fault::LoginSilent))
        text.replace("\"timeout\": \"3s\"", "\"timeout\": \"200ms\"");
    return text.replace("127.0.0.1", one.host);
}

// The playground as it is before anybody asked for anything.
void FaultsTest::prepare(const Case &one)
{
    QVERIFY(m_playground->setFaults({}).ok());
    QVERIFY(m_playground->setFaults(one.faults).ok());
    Case plain;
    plain.faults = one.faults;
    for (int i = 0; i < one.earlierDownloads; ++i)
        (void)lab(configuration(plain, 8080), 0, login());
}

twin::Outcome FaultsTest::lab(const QByteArray &text, std::size_t endpoint, const twin::ClientRequest &request) const
{
    auto loaded = gateway::load(text, QStringLiteral("krakend.json"));
    if (!loaded)
        return {};
    lab::RunInput input;
    input.service = std::make_shared<const gateway::ServiceConfig>(std::move(loaded).value());
    input.endpoint = endpoint;
    input.request = request;
    input.limits.keyHostDeadline = std::chrono::milliseconds(m_playground->faults().contains(Fault::Silent) ? 100 : 20000);
    lab::GatewayStart start(input.service, endpoint, {}, input.limits);
    bool started = false;
    QObject::connect(&start, &lab::GatewayStart::finished, &start, [&](const twin::SignerState &state) {
        input.signer = state;
        input.validator = start.validator();
        started = true;
    });
    start.start();
    if (!QTest::qWaitFor([&] { return started; }, 60000))
        return {};
    lab::Run run(input);
    std::optional<twin::Outcome> outcome;
    QObject::connect(&run, &lab::Run::finished, &run, [&](const twin::Outcome &one) { outcome = one; });
    run.start();
    return QTest::qWaitFor([&] { return outcome.has_value(); }, 60000) ? *outcome : twin::Outcome{};
}

Answer FaultsTest::ask(RealGateway &gateway, const twin::ClientRequest &request)
{
    Answer answer;
    // The line in the log is written a moment before the port is open.
    for (int attempt = 0; attempt < 100 && answer.status == 0; ++attempt) {
        RawExchange exchange(gateway.port(), request);
        QSignalSpy done(&exchange, &RawExchange::done);
        if (!exchange.isDone() && !done.wait(30000))
            return {};
        answer = exchange.answer();
    }
    return answer;
}

void FaultsTest::says_data()
{
    QTest::addColumn<Case>("one");
    const QByteArray x509 = "Get \"ORIGIN/jwk/symmetric.json\": tls: failed to verify certificate: x509: ";
    const QByteArray get = "Get \"ORIGIN/jwk/symmetric.json\": ";
    const auto backend = [](const char *words) { return "Post \"ORIGIN/token-issuer\": " + QByteArray(words); };
    const auto row = [](const char *name, const Case &one) { QTest::newRow(name) << one; };
    const auto signerFails = [](Fault fault, const QByteArray &words, Way way = Https, const char *host = "127.0.0.1") {
        Case one{{fault}, words, 401};
        one.way = way;
        one.host = host;
        return one;
    };
    const auto loginFails = [](Fault fault, const QByteArray &log, int status = 400, Way way = Https) {
        return Case{{fault}, {}, status, log, way};
    };

    row("no fault", {{}});
    row("expired", signerFails(Fault::Expired, x509 + "certificate has expired or is not yet valid: current time ...Z"));
    row("not-yet-valid", signerFails(Fault::NotYetValid, x509 + "certificate has expired or is not yet valid: current time ...Z"));
    row("wrong-name", signerFails(Fault::WrongName, x509 + "certificate is valid for 192.0.2.1, not 127.0.0.1"));
    row("wrong-name, by name",
        signerFails(Fault::WrongName, x509 + "certificate is valid for wrong-host.example, not localhost", Https, "localhost"));
    row("wrong-ca", signerFails(Fault::WrongCa, x509 + "certificate signed by unknown authority"));
    row("common-name", signerFails(Fault::CommonName, x509 + "certificate relies on legacy Common Name field, use SANs instead"));
    row("tls12-only", {{Fault::Tls12Only}});
    Case tls13 = loginFails(Fault::Tls12Only, backend("remote error: tls: protocol version not supported"));
    tls13.oldClientTls = true;
    row("tls12-only, client_tls without min_version", tls13);
    row("tls11-only", signerFails(Fault::Tls11Only, get + "remote error: tls: protocol version not supported"));
    row("one-suite", signerFails(Fault::OneSuite, get + "remote error: tls: handshake failure"));
    row("not-tls", signerFails(Fault::NotTls, get + "http: server gave HTTP response to HTTPS client"));
    row("hang-up", signerFails(Fault::HangUp, get + "EOF"));
    row("key-host-down", signerFails(Fault::KeyHostDown, get + "dial tcp AUTHORITY: connect: connection refused"));
    Case suite{{Fault::OneSuite}};
    suite.member = "\"cipher_suites\": [49161]";
    row("one-suite, named", suite);
    Case pinned{{}};
    pinned.member = "\"jwk_fingerprints\": [\"LEAFPIN\"]";
    row("no fault, pin of the host", pinned);
    pinned.member = "\"jwk_fingerprints\": [\"CAPIN\"]";
    row("no fault, pin of the CA", pinned);
    pinned.faults = {Fault::Expired};
    pinned.way = Insecure;
    pinned.status = 400;
    pinned.log = backend("tls: failed to verify certificate: x509: certificate has expired");
    row("expired, insecure with the CA's pin: only the login is refused", pinned);
    pinned.faults = {Fault::WrongCa};
    pinned.status = 401;
    pinned.signer = get + "JWK client did not find a pinned key";
    pinned.log.clear();
    row("wrong-ca, insecure with the pin of the right one", pinned);
    const char *const refusedLogin = "tls: failed to verify certificate: x509: certificate ";
    row("expired: the login alone", loginFails(Fault::Expired, backend(refusedLogin), 400, HttpKeys));
    row("wrong-name: the login alone", loginFails(Fault::WrongName, backend(refusedLogin), 400, HttpKeys));
    row("wrong-ca: the login alone", loginFails(Fault::WrongCa, backend(refusedLogin), 400, HttpKeys));
    row("one-suite: the login alone", loginFails(Fault::OneSuite, backend("remote error: tls: handshake failure"), 400, HttpKeys));
    row("tls11-only: the login alone",
        loginFails(Fault::Tls11Only, backend("remote error: tls: protocol version not supported"), 400, HttpKeys));
    row("not-tls: the login alone", loginFails(Fault::NotTls, backend("http: server gave HTTP response to HTTPS client"), 400, HttpKeys));

    row("hang-up: the login alone", loginFails(Fault::HangUp, backend("EOF"), 400, HttpKeys));

    row("slow", {{Fault::Slow}});
    Case silent{{Fault::Silent}};
    silent.hangs = true;
    row("silent", silent);
    row("drip", {{Fault::Drip}});
    row("404", signerFails(Fault::NotFound, "no Keys has been found"));
    row("html", signerFails(Fault::Html, "should have a JSON content type for JWKS endpoint"));
    row("wrong-content-type", signerFails(Fault::WrongContentType, "should have a JSON content type for JWKS endpoint"));
    Case huge{{Fault::Huge}};
    huge.unknown = true;
    row("huge", huge);
    row("truncated", signerFails(Fault::Truncated, "unexpected EOF"));
    row("bad-key", signerFails(Fault::BadKey, "go-jose/go-jose: invalid OCT (symmetric) key, missing k value"));
    row("empty-set", signerFails(Fault::EmptySet, "no Keys has been found"));
    Case rotated{{Fault::RotatedKey}};
    row("rotated-key, the first download", rotated);
    rotated.earlierDownloads = 1;
    rotated.status = 401;
    rotated.signer = "no Keys have been found";
    row("rotated-key, a later one", rotated);
    row("redirect-loop", signerFails(Fault::RedirectLoop, "Get \"/jwk/symmetric.json\": stopped after 10 redirects"));
    row("redirect-to-http", {{Fault::RedirectToHttp}});

    row("login-401", loginFails(Fault::Login401, "invalid status code 401"));
    row("login-500", loginFails(Fault::Login500, "invalid status code 500"));
    row("login-204", loginFails(Fault::Login204, "invalid status code 204"));
    row("login-slow", {{Fault::LoginSlow}});
    row("login-silent", loginFails(Fault::LoginSilent, "context deadline exceeded"));
    row("login-html", loginFails(Fault::LoginHtml, "invalid character '<' looking for beginning of value"));
    row("login-not-json", loginFails(Fault::LoginNotJson, "invalid character 'W' looking for beginning of value"));
    row("keys and login", Case{{Fault::Tls12Only, Fault::Slow, Fault::Login401}, {}, 400, "invalid status code 401"});
}

void FaultsTest::says()
{
    QFETCH(Case, one);
    const playground::PlaygroundTls tls = *m_playground->tls();
    one.member.replace("LEAFPIN", tls.leafPin).replace("CAPIN", tls.caPin);
    const auto placed = [&](QByteArray text) {
        const QByteArray origin = QByteArray(tls.origin).replace("127.0.0.1", one.host);
        return text.replace("ORIGIN", origin).replace("AUTHORITY", origin.sliced(8));
    };
    prepare(one);
    RealGateway gateway;
    const QByteArray text = configuration(one, gateway.port());
    const twin::Outcome outcome = lab(text, 0, login());

    if (one.hangs) {
        QCOMPARE(outcome.verdict, twin::Verdict::DoesNotStart);
        QVERIFY(outcome.hangs);
        return;
    }
    if (one.unknown) {
        QCOMPARE(outcome.verdict, twin::Verdict::Incomplete);
        if (RealGateway::find().isEmpty())
            return;
        QVERIFY(gateway.start(text));
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 60000);
        QCOMPARE(ask(gateway, login()).status, one.status);
        return;
    }
    QCOMPARE(outcome.response.status, one.status);
    QCOMPARE(outcome.verdict, one.status == 200 ? twin::Verdict::Signed : twin::Verdict::Refused);
    QCOMPARE(outcome.signerError.has_value(), !one.signer.isEmpty());
    if (outcome.signerError)
        QVERIFY2(fits(outcome.signerError->text, placed(one.signer)), outcome.signerError->text.constData());
    const QByteArrayList log(outcome.log.begin(), outcome.log.end());
    QVERIFY2(log.join('\n').contains(placed(one.log)), log.join('\n').constData());

    if (RealGateway::find().isEmpty())
        QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
    prepare(one);
    QVERIFY(gateway.start(text));
    QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 60000);
    QVERIFY2(!gateway.hasEnded(), gateway.output().right(3000).constData());
    const Answer answer = ask(gateway, login());
    QCOMPARE(answer.status, outcome.response.status);
    if (answer.status != 200)
        QCOMPARE(answer.body, outcome.response.body);
    twin::ClientRequest last;
    last.method = "GET";
    last.target = "/the-end"; // its access log comes after all lines before it
    RawExchange end(gateway.port(), last);
    QTRY_VERIFY_WITH_TIMEOUT(gateway.output().contains("/the-end"), 20000);
    QCOMPARE(timeless(gateway.logs()["/c1"]), timeless(log));
}

void FaultsTest::everyFaultHasARow()
{
    FaultSet seen;
    for (const playground::FaultInfo &info : playground::faults()) {
        const QByteArray name = info.name;
        QCOMPARE(playground::faultNamed(name), std::optional(info.fault));
        QVERIFY(!playground::faultEffect(info.fault).isEmpty() && !playground::faultConsequence(info.fault).isEmpty());
        QVERIFY2(playground::faultEffect(info.fault).endsWith(QLatin1Char('.')), info.name);
        QFile file(QStringLiteral(TOKENLAB_SOURCE_DIR "/tests/conformance/tst_faults.cpp"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(file.readAll().contains("row(\"" + name), info.name);
    }
    QVERIFY(!playground::faultNamed("none"));
    QCOMPARE(playground::nearestFault("expird"), std::optional<QByteArray>("expired"));
    // One of a group.
    seen.add(Fault::Expired);
    seen.add(Fault::Slow);
    seen.add(Fault::WrongName);
    QCOMPARE(seen, (FaultSet{Fault::WrongName, Fault::Slow}));
    QCOMPARE(seen.of(FaultGroup::Login), std::nullopt);
}

void FaultsTest::mustFailOnOtherWords()
{
    QVERIFY(!fits("x509: certificate has expired", "x509: certificate signed by unknown authority"));
    QVERIFY(timeless({"current time 2026-11-24T10:00:00Z is"}) == timeless({"current time 2026-11-24T10:00:01+01:00 is"}));
    QVERIFY(timeless({"a 2026-11-24T10:00:00Z"}) != timeless({"b 2026-11-24T10:00:00Z"}));
}

// A gateway that runs meets what is switched on later, also on the connections that it keeps; its key stays as it was loaded.
void FaultsTest::switchedWhileRunning()
{
    if (RealGateway::find().isEmpty())
        QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
    RealGateway gateway;
    QVERIFY(gateway.start(configuration({}, gateway.port())));
    QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 60000);
    QCOMPARE(ask(gateway, login()).status, 200);
    QSignalSpy changed(m_playground.get(), &playground::DemoBackend::faultsChanged);
    for (const Fault fault : {Fault::Expired, Fault::Tls11Only, Fault::NotTls, Fault::KeyHostDown, Fault::Login500}) {
        QVERIFY(m_playground->setFault(fault, true).ok());
        QCOMPARE(ask(gateway, login()).status, 400);
        QVERIFY(m_playground->setFault(fault, false).ok());
        // It may not have seen yet that a connection of its own was closed.
        QTRY_COMPARE_WITH_TIMEOUT(ask(gateway, login()).status, 200, 20000);
    }
    for (const Fault fault : {Fault::BadKey, Fault::EmptySet, Fault::RotatedKey}) {
        QVERIFY(m_playground->setFault(fault, true).ok());
        QCOMPARE(ask(gateway, login()).status, 200);
    }
    QCOMPARE(changed.count(), 13);
}

// Who verifies downloads at the request: the gateway signs with a key that no validator finds any more.
void FaultsTest::validatorMeetsARotatedKey()
{
    const QByteArray text = configuration({}, 8080);
    const auto account = [&] {
        const twin::Outcome signedOne = lab(text, 0, login());
        twin::ClientRequest request;
        request.method = "GET";
        request.target = "/c3";
        for (const twin::FieldOutcome &field : signedOne.fields) {
            if (field.name == "access_token")
                request.headers.append("Authorization", "Bearer " + field.token);
        }
        return request;
    };
    const twin::ClientRequest request = account();
    const twin::Outcome first = lab(text, 2, request);
    QVERIFY2(first.response.status == 200, (QByteArrayList(first.log.begin(), first.log.end()).join('\n') + first.startError).constData());
    QVERIFY(m_playground->setFault(Fault::RotatedKey, true).ok());
    QCOMPARE(lab(text, 2, request).response.status, 200);
    QCOMPARE(lab(text, 2, request).response.status, 401);
    QVERIFY(m_playground->setFault(Fault::RotatedKey, false).ok());
    QCOMPARE(lab(text, 2, request).response.status, 200);
}

QTEST_GUILESS_MAIN(FaultsTest)
#include "tst_faults.moc"
