// Whole runs against loopback servers that behave and misbehave; the words of the log lines were asked of the gateway.
#include "core/lab/run.h"
#include "core/playground/server.h"

#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;

namespace {

const QByteArray keySet = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}]}";

QByteArray jsonOf(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

playground::Script answer(const playground::ServerRequest &request)
{
    playground::Script script;
    script.headers.append("Content-Type", "application/json");
    const QByteArray path = request.target.split('?').first();
    if (path == "/jwk")
        script.body = keySet;
    else if (path == "/silent")
        script.silent = true;
    else if (path == "/close")
        script.closeAfter = 0;
    else if (path == "/cut") {
        script.headers.append("Content-Length", "100");
        script.body = "{\"a\":{\"b\"";
    } else if (path == "/gone")
        script.status = 410;
    else if (path == "/redirect") {
        script.status = 302;
        script.headers.append("Location", "/gone?x=1");
    } else if (path == "/loop") {
        script.status = 302;
        script.headers.append("Location", "/loop");
    } else if (path == "/early")
        script.raw = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"a\":{\"sub\":\"x\"}}";
    else if (path == "/early-jwk")
        script.raw = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + keySet;
    else if (path == "/huge") {
        script.body = QByteArray(1 << 16, ' ');
        script.repeatBody = 1 << 14; // 1 GB
    } else if (path == "/open" || path == "/open-cut") {
        script.raw = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":{\"sub\":\"x\"}";
        script.raw += path == "/open" ? "}" : "";
        script.keepOpen = true;
    } else if (path == "/length")
        script.raw = "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n{}";
    else if (path == "/head")
        script.raw = "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n";
    else if (path == "/token")
        script.body = "{\"a\":{\"sub\":\"x\"},\"id\":\"7/8\"}";
    else
        script.body = "{\"b\":{\"target\":\"" + request.target + "\"}}";
    return script;
}

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.listen().ok()); }

    void logsAsTheGateway_data()
    {
        QTest::addColumn<QByteArray>("backend");
        QTest::addColumn<QByteArray>("log"); // {H}: the server's origin, {A}: its address
        const auto row = [](const char *name, const char *backend, const char *log) {
            QTest::newRow(name) << jsonOf(backend) << QByteArray(log);
        };
        row("asked: refused", "{'host':['http://127.0.0.1:1'],'disable_host_sanitize':true,'url_pattern':'/x'}",
            "Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1: connect: connection refused");
        row("asked: silent", "{'host':['{H}'],'url_pattern':'/silent'}", "context deadline exceeded");
        row("asked: closed", "{'host':['{H}'],'url_pattern':'/close'}", "Get \"{H}/close\": EOF");
        row("asked: cut", "{'host':['{H}'],'url_pattern':'/cut'}", "unexpected EOF");
        row("asked: redirected to an error", "{'host':['{H}'],'url_pattern':'/redirect'}",
            "invalid status code 410 [GET /redirect]: {H}/gone?x=1");
        row("asked: redirected for ever", "{'host':['{H}'],'url_pattern':'/loop'}", "Get \"/loop\": stopped after 10 redirects");
        row("asked: no hosts", "{'host':[],'url_pattern':'/x'}", "no hosts available");
        row("asked: a length that is none", "{'host':['{H}'],'url_pattern':'/length'}",
            "Get \"{H}/length\": net/http: HTTP/1.x transport connection broken: bad Content-Length \"abc\"");
        row("asked: HEAD has no body", "{'host':['{H}'],'url_pattern':'/head','method':'HEAD'}", "EOF");
        row("asked: method as written", "{'host':['{H}'],'url_pattern':'/gone','method':'get'}",
            "invalid status code 410 [get /gone]: {H}/gone");
    }
    void logsAsTheGateway()
    {
        QFETCH(QByteArray, backend);
        QFETCH(QByteArray, log);
        const twin::Outcome outcome = play('[' + backend + ']', "{}", 700);
        QCOMPARE(outcome.response.status, 400);
        QCOMPARE(outcome.log.size(), std::size_t(1));
        QCOMPARE(outcome.log.front(), "ERROR [ENDPOINT: /t][JWTSigner] Proxy response: " + log.replace("{H}", m_server.origin()));
        QCOMPARE(outcome.verdict, twin::Verdict::Refused);
    }

    void negativeTimeoutFailsAtOnce()
    {
        const twin::Outcome outcome = play(jsonOf("[{'host':['{H}'],'url_pattern':'/token'}]"), "{}", -1000);
        QCOMPARE(outcome.log.front(), QByteArray("ERROR [ENDPOINT: /t][JWTSigner] Proxy response: context deadline exceeded"));
    }

    void sequentialPassesOn()
    {
        const twin::Outcome outcome =
            play(jsonOf("[{'host':['{H}'],'url_pattern':'/token'},{'host':['{H}'],'url_pattern':'/next/{resp0_a.sub}'},"
                        "{'host':['{H}'],'url_pattern':'/last?id={resp0_id}'}]"),
                 jsonOf("{'sequential':true}"), 5000);
        QCOMPARE(outcome.backends.size(), std::size_t(3));
        QCOMPARE(outcome.backends[1].sent.url, m_server.origin() + "/next/x");
        QCOMPARE(outcome.backends[2].sent.url, m_server.origin() + "/last?id=7/8");
        QCOMPARE(outcome.verdict, twin::Verdict::Signed);
        QCOMPARE(outcome.payloadText, QByteArray("{\"a\":{\"sub\":\"x\"},\"b\":{\"target\":\"/last?id=7/8\"},\"id\":\"7/8\"}"));
    }

    void sequentialStopsAtTheFirstError()
    {
        const std::size_t before = m_server.received().size();
        const twin::Outcome outcome = play(jsonOf("[{'host':['{H}'],'url_pattern':'/gone'},{'host':['{H}'],'url_pattern':'/token'}]"),
                                           jsonOf("{'sequential':true}"), 5000);
        QCOMPARE(outcome.backends.size(), std::size_t(1));
        QCOMPARE(m_server.received().size() - before, std::size_t(2)); // the key set and one backend
        QCOMPARE(outcome.response.status, 400);
    }

    // Asked: a path and a query go out as they are written.
    void rawTargets_data()
    {
        QTest::addColumn<QByteArray>("host"); // behind the origin
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("sent");
        const auto row = [](const char *name, const char *host, const char *path, const char *sent) {
            QTest::newRow(name) << QByteArray(host) << QByteArray(path) << QByteArray(sent);
        };
        row("plain", "", "/token", "/token");
        row("escapes", "", "/token/%20%2F?x=%7B", "/token/%20%2F?x=%7B");
        row("dot segments", "", "/a//b/../c/./d", "/a//b/../c/./d");
        row("needless escape", "", "/%7euser/%41", "/%7euser/%41");
        row("host with a slash", "/", "/b", "//b");
        row("host with a path", "/base", "/b", "/base/b");
        row("broken escape in a query", "", "/b?x=%zz", "/b?x=%zz");
        row("signs in a query", "", "/b?x=<>|^", "/b?x=<>|^");
        row("signs in a path", "", "/b<>|", "/b%3C%3E%7C");
        row("fragment", "", "/b#f", "/b");
    }
    void rawTargets()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, sent);
        const QByteArray one = "{\"host\":[\"{H}" + host + "\"],\"disable_host_sanitize\":true,\"url_pattern\":\"" + path + "\"}";
        const twin::Outcome outcome = play('[' + one + ']', "{}", 5000);
        QCOMPARE(m_server.received().back().target, sent);
        QVERIFY(outcome.notes.empty());
    }

    void unescapableTarget()
    {
        const std::size_t before = m_server.received().size();
        const twin::Outcome outcome = play(jsonOf("[{'host':['{H}'],'url_pattern':'/b/%zz'}]"), "{}", 5000);
        QCOMPARE(m_server.received().size() - before, std::size_t(1)); // the key set alone
        QCOMPARE(outcome.log.front(),
                 "ERROR [ENDPOINT: /t][JWTSigner] Proxy response: parse \"" + m_server.origin() + "/b/%zz\": invalid URL escape \"%zz\"");
    }

    void bindings()
    {
        lab::Bindings bindings;
        bindings.add({"https://production", m_server.origin()});
        bindings.add({"https://keys/jwk", m_server.origin() + "/jwk"});
        bindings.add({"https://elsewhere", "http://127.0.0.1:1"});
        const twin::Outcome outcome =
            play(jsonOf("[{'host':['https://production'],'url_pattern':'/redirect'}]"), "{}", 5000, bindings, "https://keys/jwk");
        QVERIFY(!outcome.signerError);
        QCOMPARE(outcome.backends.front().sent.url, QByteArray("https://production/redirect"));
        QCOMPARE(outcome.log.front(), QByteArray("ERROR [ENDPOINT: /t][JWTSigner] Proxy response: invalid status code 410 [GET /redirect]: "
                                                 "https://production/gone?x=1"));
        QCOMPARE(outcome.bindings.size(), std::size_t(2)); // those that act
    }

    void keyUrlBoundToAFile()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("k.json")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(keySet) == keySet.size());
        file.close();
        lab::Bindings bindings;
        bindings.add({"https://keys/jwk", file.fileName().toUtf8()});
        const twin::Outcome outcome = play(jsonOf("[{'host':['{H}'],'url_pattern':'/token'}]"), "{}", 5000, bindings, "https://keys/jwk");
        QCOMPARE(outcome.verdict, twin::Verdict::Signed);
    }

    void interimAnswers()
    {
        twin::Outcome outcome = play(jsonOf("[{'host':['{H}'],'url_pattern':'/early'}]"), "{}", 5000);
        QCOMPARE(outcome.verdict, twin::Verdict::Signed);
        QVERIFY(outcome.notes.empty() && outcome.log.empty());
        outcome = play(jsonOf("[{'host':['{H}'],'url_pattern':'/token'}]"), "{}", 5000, {}, m_server.origin() + "/early-jwk");
        QCOMPARE(outcome.verdict, twin::Verdict::Signed);
        QVERIFY(!outcome.signerError);
    }

    // Beyond our own limit it is not known what the gateway would do: no verdict, and no log line made up.
    void largerThanTheLimit_data()
    {
        QTest::addColumn<QByteArray>("backend");
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<bool>("known");
        QTest::newRow("within") << QByteArray("/token") << QByteArray("/jwk") << true;
        QTest::newRow("key set") << QByteArray("/token") << QByteArray("/huge") << false;
        QTest::newRow("backend") << QByteArray("/huge") << QByteArray("/jwk") << false;
    }
    void largerThanTheLimit()
    {
        QFETCH(QByteArray, backend);
        QFETCH(QByteArray, keys);
        QFETCH(bool, known);
        const twin::Outcome outcome =
            play("[{\"host\":[\"{H}\"],\"url_pattern\":\"" + backend + "\"}]", "{}", 20000, {}, m_server.origin() + keys);
        QCOMPARE(outcome.verdict, known ? twin::Verdict::Signed : twin::Verdict::Incomplete);
        QVERIFY(outcome.log.empty());
        QCOMPARE(outcome.response.status, known ? 200 : 0);
        QCOMPARE(outcome.notes.size(), std::size_t(keys == "/huge" ? 1 : 0));
    }

    // Asked: what has come when the time is over counts, as far as it is read.
    void bodyThatStaysOpen_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("log");
        QTest::newRow("value complete") << QByteArray("/open") << QByteArray();
        QTest::newRow("value cut") << QByteArray("/open-cut")
                                   << QByteArray("ERROR [ENDPOINT: /t][JWTSigner] Proxy response: context deadline exceeded");
    }
    void bodyThatStaysOpen()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, log);
        const twin::Outcome outcome = play("[{\"host\":[\"{H}\"],\"url_pattern\":\"" + path + "\"}]", "{}", 700);
        QCOMPARE(outcome.verdict, log.isEmpty() ? twin::Verdict::Signed : twin::Verdict::Refused);
        QCOMPARE(outcome.log, log.isEmpty() ? std::vector<QByteArray>() : std::vector<QByteArray>{log});
    }

    // Before the handshake is over the gateway gives up by itself and starts; only silence behind it makes it hang.
    void muteTlsKeyHost()
    {
        QTcpServer mute;
        QVERIFY(mute.listen(QHostAddress::LocalHost));
        const QByteArray url = "https://127.0.0.1:" + QByteArray::number(mute.serverPort()) + "/jwk";
        const auto service = load(jsonOf("[{'host':['{H}'],'url_pattern':'/token'}]"), "{}", 5000, url);
        QVERIFY(service);
        lab::RunLimits limits;
        limits.keyHostDeadline = std::chrono::milliseconds(50);
        limits.handshakeTimeout = std::chrono::milliseconds(200);
        lab::GatewayStart gatewayStart(service, 0, {}, limits);
        QSignalSpy finished(&gatewayStart, &lab::GatewayStart::finished);
        std::optional<twin::SignerState> state;
        connect(&gatewayStart, &lab::GatewayStart::finished, this, [&state](const twin::SignerState &result) { state = result; });
        gatewayStart.start();
        QVERIFY(finished.wait());
        QVERIFY(state->error && !state->error->hangs);
        QCOMPARE(state->error->text, "Get \"" + url + "\": net/http: TLS handshake timeout");
    }

    void silentKeyHostHangs()
    {
        const twin::Outcome outcome =
            play(jsonOf("[{'host':['{H}'],'url_pattern':'/token'}]"), "{}", 5000, {}, m_server.origin() + "/silent", 300);
        QVERIFY(outcome.hangs);
        QCOMPARE(outcome.verdict, twin::Verdict::DoesNotStart);
    }

    void cancelled()
    {
        const auto service = load(jsonOf("[{'host':['{H}'],'url_pattern':'/silent'}]"), "{}", 60000, m_server.origin() + "/jwk");
        QVERIFY(service);
        lab::RunInput input;
        input.service = service;
        input.signer = start(service, {}, 5000);
        input.request = request();
        lab::Run run(input);
        QSignalSpy finished(&run, &lab::Run::finished);
        std::optional<twin::Outcome> outcome;
        connect(&run, &lab::Run::finished, this, [&outcome](const twin::Outcome &result) { outcome = result; });
        const std::size_t before = m_server.received().size();
        run.start();
        QTRY_VERIFY(m_server.received().size() > before);
        run.cancel();
        QCOMPARE(finished.size(), 1);
        QCOMPARE(outcome->verdict, twin::Verdict::Incomplete);
        run.cancel();
        QCOMPARE(finished.size(), 1);
    }

    // Destroyed in the middle: no signal, no crash.
    void abandoned()
    {
        const auto service = load(jsonOf("[{'host':['{H}'],'url_pattern':'/silent'}]"), "{}", 60000, m_server.origin() + "/silent");
        QVERIFY(service);
        const std::size_t before = m_server.received().size();
        {
            lab::GatewayStart gatewayStart(service, 0, {}, {});
            gatewayStart.start();
            QTRY_VERIFY(m_server.received().size() > before);
        }
        lab::RunInput input;
        input.service = service;
        input.signer = start(load("[{\"host\":[\"{H}\"],\"url_pattern\":\"/\"}]", "{}", 1000, m_server.origin() + "/jwk"), {}, 5000);
        input.request = request();
        const std::size_t later = m_server.received().size();
        lab::Run run(input);
        run.start();
        QTRY_VERIFY(m_server.received().size() > later);
    }

private:
    twin::ClientRequest request() const
    {
        twin::ClientRequest out;
        out.method = "GET";
        out.target = "/t";
        return out;
    }

    std::shared_ptr<const gateway::ServiceConfig> load(QByteArray backends, const QByteArray &proxy, int timeoutMs,
                                                       const QByteArray &jwkUrl)
    {
        const QByteArray signer =
            "{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"a\"],\"disable_jwk_security\":true,\"jwk_url\":\"" + jwkUrl + "\"}";
        auto loaded = gateway::load("{\"version\":3,\"endpoints\":[{\"endpoint\":\"/t\",\"timeout\":\"" + QByteArray::number(timeoutMs) +
                                        "ms\",\"extra_config\":{\"auth/signer\":" + signer + ",\"proxy\":" + proxy +
                                        "},\"backend\":" + backends.replace("{H}", m_server.origin()) + "}]}",
                                    QStringLiteral("krakend.json"));
        if (!loaded) {
            qWarning("%s", loaded.error().text.constData());
            return nullptr;
        }
        return std::make_shared<const gateway::ServiceConfig>(std::move(*loaded));
    }

    twin::SignerState start(const std::shared_ptr<const gateway::ServiceConfig> &service, const lab::Bindings &bindings, int deadlineMs)
    {
        twin::SignerState state;
        lab::RunLimits limits;
        limits.keyHostDeadline = std::chrono::milliseconds(deadlineMs);
        lab::GatewayStart gatewayStart(service, 0, bindings, limits);
        QSignalSpy finished(&gatewayStart, &lab::GatewayStart::finished);
        connect(&gatewayStart, &lab::GatewayStart::finished, this, [&state](const twin::SignerState &result) { state = result; });
        gatewayStart.start();
        if (!finished.wait(20000))
            qWarning("the start did not finish");
        return state;
    }

    twin::Outcome play(const QByteArray &backends, const QByteArray &proxy, int timeoutMs, const lab::Bindings &bindings = {},
                       const QByteArray &jwkUrl = {}, int deadlineMs = 5000)
    {
        const auto service = load(backends, proxy, timeoutMs, jwkUrl.isEmpty() ? m_server.origin() + "/jwk" : jwkUrl);
        if (!service)
            return {};
        lab::RunInput input;
        input.service = service;
        input.signer = start(service, bindings, deadlineMs);
        input.request = request();
        input.bindings = bindings;
        twin::Outcome outcome;
        lab::Run run(input);
        QSignalSpy finished(&run, &lab::Run::finished);
        connect(&run, &lab::Run::finished, this, [&outcome](const twin::Outcome &result) { outcome = result; });
        run.start();
        if (!finished.wait(20000))
            qWarning("the run did not finish");
        return outcome;
    }

    playground::Server m_server{answer};
};

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
