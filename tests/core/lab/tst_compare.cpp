// The lab beside a real gateway: none of the manual's answers differ, and what is changed on the way is found.
#include "core/lab/clientexchange.h"
#include "core/lab/compare.h"
#include "core/lab/gatewaylog.h"
#include "core/lab/privatecopy.h"
#include "core/playground/demo.h"
#include "core/playground/server.h"
#include "fakegateway.h"

#include <QSignalSpy>

using namespace tokenlab;
using namespace tokenlab::lab;

namespace {

QByteArray jsonOf(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

// The manual's endpoint, with what `change` makes of it.
QByteArray document(const std::function<void(QByteArray &)> &change = {})
{
    QByteArray text = jsonOf(
        "{'version': 3, 'name': 'a file', 'endpoints': [{'endpoint': '/token', 'method': 'POST', 'timeout': '5s',\n"
        "  'backend': [{'host': ['https://backend'], 'url_pattern': '/login'}],\n"
        "  'extra_config': {'auth/signer': {'alg': 'HS256', 'kid': 'k', 'keys_to_sign': ['a'], 'jwk_url': 'https://keys/set'}}}]}\n");
    if (change)
        change(text);
    return text;
}

const QByteArray keySet = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}";

} // namespace
Q_DECLARE_METATYPE(std::function<void(tokenlab::twin::Outcome &)>)

class CompareTest : public QObject
{
    Q_OBJECT
    FakePrograms m_files;
    playground::Server m_backend{[this](const playground::ServerRequest &request) { return answer(request); }};
    playground::Script m_login; // what the backend answers
    int m_calls = 0, m_fresh = 0;
    QByteArray m_keys = keySet;

    playground::Script answer(const playground::ServerRequest &request)
    {
        playground::Script script;
        script.headers.append("Content-Type", "application/json");
        if (request.target == "/set") {
            script.body = m_keys;
            return script;
        }
        ++m_calls;
        script = m_login;
        // Another identifier for each call.
        script.body.replace("FRESH", QByteArray::number(++m_fresh));
        return script;
    }

    std::optional<CompareInput> input(const QByteArray &text, const QByteArray &path = "/token")
    {
        auto service = gateway::load(text, QStringLiteral("krakend.json"));
        if (!service)
            return std::nullopt;
        CompareInput made;
        made.document = text;
        made.folderParent = m_files.folder();
        made.run.service = std::make_shared<const gateway::ServiceConfig>(std::move(service).value());
        const gateway::EndpointConfig *endpoint = gateway::findEndpoint(*made.run.service, path, {});
        if (!endpoint)
            return std::nullopt;
        made.run.endpoint = std::size_t(endpoint - made.run.service->endpoints.data());
        made.run.request.method = endpoint->method;
        made.run.request.target = endpoint->path;
        made.run.request.headers.append("Content-Type", "application/json");
        made.run.request.body = "{\"user\":\"john\",\"pass\":\"doe\"}";
        made.run.bindings.add({"https://backend", m_backend.origin()});
        made.run.bindings.add({"http://your-backend", m_backend.origin()});
        made.run.bindings.add({"https://keys", m_backend.origin()});
        return made;
    }

    bool loadKeys(CompareInput &into)
    {
        GatewayStart start(into.run.service, into.run.endpoint, into.run.bindings, into.run.limits);
        bool ready = false;
        connect(&start, &GatewayStart::finished, &start, [&](const twin::SignerState &state) {
            into.run.signer = state;
            ready = true;
        });
        start.start();
        return QTest::qWaitFor([&] { return ready; }, 20000);
    }

    struct Answer {
        std::optional<CompareResult> result;
        std::optional<twin::GatewayTrouble> trouble;
    };
    Answer compare(const CompareInput &what)
    {
        Compare comparing(what);
        Answer answer;
        connect(&comparing, &Compare::finished, &comparing, [&](const CompareResult &result) { answer.result = result; });
        connect(&comparing, &Compare::failed, &comparing, [&](const twin::GatewayTrouble &trouble) { answer.trouble = trouble; });
        comparing.start();
        (void)QTest::qWaitFor([&] { return answer.result || answer.trouble; }, 60000);
        return answer;
    }
    static QByteArrayList places(const CompareResult &result)
    {
        QByteArrayList list;
        for (const twin::Difference &one : result.comparison.differences)
            list.append(twin::where(one) + ": " + one.lab + " | " + one.gateway);
        return list;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_backend.listen()); }
    void init()
    {
        m_login = {};
        m_login.headers.append("Content-Type", "application/json");
        m_login.body = jsonOf("{'a': {'sub': 'john', 'jti': 'FRESH'}, 'b': 1.0}");
        m_calls = 0;
        m_keys = keySet;
    }

    // --- the private copy

    void copies_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("was");
        QTest::addColumn<QByteArray>("is");
        const auto row = [](const char *name, const QByteArray &from, const QByteArray &to, const char *was, const char *is) {
            QTest::newRow(name) << from << to << jsonOf(was) << jsonOf(is);
        };
        row("a host", "https://backend", "http://127.0.0.1:8400", "'host': ['https://backend']", "'host': ['http://127.0.0.1:8400']");
        row("a path of a host", "https://backend/login", "http://127.0.0.1:8400/x", "'host': ['https://backend'], 'url_pattern': '/login'",
            "'host': ['http://127.0.0.1:8400'], 'url_pattern': '/x'");
        row("a key URL: the flag follows", "https://keys", "http://127.0.0.1:8400", "'jwk_url': 'https://keys/set'",
            "'jwk_url': 'http://127.0.0.1:8400/set', 'disable_jwk_security': true");
        row("a key URL over https", "https://keys", "https://other", "'jwk_url': 'https://keys/set'", "'jwk_url': 'https://other/set'");
        row("a key URL from a file", "https://keys/set", "/k.json", "'jwk_url': 'https://keys/set'",
            "'jwk_url': 'http://served/k.json', 'disable_jwk_security': true");
        row("nothing", "https://elsewhere", "http://127.0.0.1:8400", "", "");
    }
    void copies()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, was);
        QFETCH(QByteArray, is);
        const QByteArray text = document();
        const auto service = gateway::load(text, QStringLiteral("krakend.json"));
        QVERIFY(service);
        Bindings bindings;
        bindings.add({from, to});
        const PrivateCopy copy = privateCopy(text, service.value(), 0, bindings, {}, m_files.folder(),
                                             [](const QByteArray &path) { return "http://served" + path; });
        // Every other byte stays.
        QByteArray expected = text;
        if (!was.isEmpty())
            expected.replace(was, is);
        QCOMPARE(copy.text, expected);
    }

    void ports()
    {
        QByteArray text = jsonOf("{\n  'version': 3,\n  'port': 8080,\n  'extra_config': {'telemetry/logging': {'level': 'ERROR'}}\n}\n");
        QCOMPARE(withPort(text, 4711),
                 jsonOf("{\n  'version': 3,\n  'port': 4711,\n  'extra_config': {},\n  'listen_ip': '127.0.0.1'\n}\n"));
        QCOMPARE(withPort("[1]", 4711), QByteArray("[1]"));
        QCOMPARE(withPort("no JSON", 4711), QByteArray("no JSON"));
    }

    // --- the gateway's log

    void logLines()
    {
        const QByteArray log = "2026/11/24 10:33:01 KRAKEND INFO: Starting KrakenD v2.13.8\n"
                               "2026/11/24 10:33:01 KRAKEND ERROR: [ENDPOINT: /token][JWTSigner] one\nmore of it\n"
                               "[GIN] 2026/11/24 - 10:33:02 | 400 |\n"
                               "2026/11/24 10:33:02 Signal intercepted: terminated\n"
                               "2026/11/24 10:33:02 KRAKEND WARNING: [ENDPOINT: /token] two\n"
                               "2026/11/24 10:33:02 KRAKEND ERROR: [ENDPOINT: /token/me] another\n"
                               "2026/11/24 10:33:02 KRAKEND DEBUG: [ENDPOINT: /token] no\n";
        const std::vector<QByteArray> wanted{"ERROR [ENDPOINT: /token][JWTSigner] one\nmore of it", "WARNING [ENDPOINT: /token] two"};
        QCOMPARE(endpointLines(log, "/token"), wanted);
        QCOMPARE(endpointLines({}, "/token"), std::vector<QByteArray>());
        QCOMPARE(withoutAnsi("a\x1b[31;1mb\x1b[0mc\x1b["), QByteArray("abc\x1b["));
    }

    // --- with the real gateway

    void manualsExample()
    {
        SKIP_WITHOUT_KRAKEND(program);
        playground::DemoBackend demo(systemNow);
        QVERIFY(demo.start(0, true));
        auto what = input(playground::demoConfiguration());
        QVERIFY(what);
        what->run.bindings = {};
        for (const auto &[from, to] : playground::demoBindings(demo.origin()))
            what->run.bindings.add({from, to});
        what->run.request.body = playground::demoRequestBody();
        what->gateway = program.value();
        QVERIFY(loadKeys(*what));
        const Answer answer = compare(*what);
        QVERIFY(answer.result);
        QCOMPARE(places(*answer.result), QByteArrayList());
        QCOMPARE(answer.result->lab.verdict, twin::Verdict::Signed);
        QCOMPARE(answer.result->gateway.response.status, 200);
        QCOMPARE(answer.result->gateway.release, QByteArray("2.13.8"));
        QVERIFY(answer.result->sameReplies);
        QVERIFY(answer.result->notes.empty());
        QCOMPARE(m_files.gatewayFolders(), QStringList());
    }

    void equal_data()
    {
        using Change = std::function<void(QByteArray &)>;
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("status");      // of the backend
        QTest::addColumn<QByteArray>("body"); // empty: the usual
        QTest::addColumn<int>("calls");
        const auto row = [](const char *name, const Change &change, int status, const QByteArray &body, int calls) {
            QTest::newRow(name) << document(change) << status << body << calls;
        };
        const auto replace = [](const char *was, const char *is) {
            return Change([was = jsonOf(was), is = jsonOf(is)](QByteArray &text) { text.replace(was, is); });
        };
        row("signed, though claims are fresh", {}, 200, {}, 1);
        row("refused login", {}, 401, "{}", 1);
        row("201", {}, 201, {}, 1);
        row("no JSON", {}, 200, "<html>", 1);
        row("missing", {}, 200, "{\"b\":1}", 1);
        row("no-op", replace("'url_pattern': '/login'", "'url_pattern': '/login', 'encoding': 'no-op'"), 200, {}, 1);
        row("signer off: kid", replace("'kid': 'k'", "'kid': 'z'"), 200, {}, 0);
        row("signer off: algorithm", replace("HS256", "hs256"), 200, {}, 0);
        row("signer off: http without the flag", replace("https://keys/set", "http://your-backend/set"), 200, {}, 0);
        row("two backends",
            replace("'url_pattern': '/login'}",
                    "'url_pattern': '/login'}, {'host': ['https://backend'], 'url_pattern': '/two', 'group': 'c'}"),
            200, {}, 2);
        row("own log settings",
            replace("'name': 'a file',",
                    "'name': 'a file', 'extra_config': {'telemetry/logging': {'level': 'CRITICAL', 'stdout': false}},"),
            401, "{}", 1);
        row("a port of its own", replace("'name': 'a file',", "'port': 8443, 'listen_ip': '127.0.0.2',"), 200, {}, 1);
        row("routes clash",
            replace("'endpoints': [", "'endpoints': [{'endpoint': '/token', 'method': 'POST', 'backend': [{'host': "
                                      "['https://backend'], 'url_pattern': '/x'}]},"),
            200, {}, 0);
    }
    void equal()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        SKIP_WITHOUT_KRAKEND(program);
        m_login.status = status;
        if (!body.isEmpty())
            m_login.body = body;
        auto what = input(text);
        QVERIFY(what);
        what->gateway = program.value();
        QVERIFY(loadKeys(*what));
        const Answer answer = compare(*what);
        QVERIFY(answer.result);
        QVERIFY2(places(*answer.result).isEmpty(),
                 (places(*answer.result).join('\n') + '\n' + answer.result->gateway.wholeLog).constData());
        QTEST(m_calls, "calls");
    }

    void keyFromFile()
    {
        SKIP_WITHOUT_KRAKEND(program);
        QFile file(m_files.path(QStringLiteral("set.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(keySet);
        file.close();
        auto what = input(document());
        QVERIFY(what);
        what->run.bindings.add({"https://keys/set", file.fileName().toUtf8()});
        what->gateway = program.value();
        QVERIFY(loadKeys(*what));
        const Answer answer = compare(*what);
        QVERIFY(answer.result);
        QCOMPARE(places(*answer.result), QByteArrayList());
        QCOMPARE(answer.result->lab.verdict, twin::Verdict::Signed);
    }

    void relativeKeyFile()
    {
        SKIP_WITHOUT_KRAKEND(program);
        QFile file(m_files.path(QStringLiteral("relative.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(keySet);
        file.close();
        auto what = input(document([](QByteArray &text) {
            text.replace(jsonOf("'jwk_url': 'https://keys/set'"),
                         jsonOf("'jwk_local_path': 'relative.json', 'disable_jwk_security': true"));
        }));
        QVERIFY(what);
        what->gateway = program.value();
        what->workingDirectory = m_files.folder();
        what->run.bindings.add({"relative.json", file.fileName().toUtf8()}); // the lab's own directory is another
        QVERIFY(loadKeys(*what));
        const Answer answer = compare(*what);
        QVERIFY(answer.result);
        QCOMPARE(places(*answer.result), QByteArrayList());
        QCOMPARE(answer.result->lab.verdict, twin::Verdict::Signed);
    }

    // A doctored lab: what it says is not what the gateway does.
    void introduced_data()
    {
        using Change = std::function<void(twin::Outcome &)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("status") << Change([](twin::Outcome &outcome) { outcome.response.status = 201; }) << QByteArray("status");
        QTest::newRow("one byte of the body") << Change([](twin::Outcome &outcome) { outcome.response.body.replace("1.0", "1.5"); })
                                              << QByteArray("body /b");
        QTest::newRow("a header") << Change([](twin::Outcome &outcome) { outcome.response.headers.append("X-A", "1"); })
                                  << QByteArray("header X-A");
        QTest::newRow("a log line") << Change([](twin::Outcome &outcome) { outcome.log.push_back("ERROR [ENDPOINT: /token] x"); })
                                    << QByteArray("log");
        QTest::newRow("another target") << Change([](twin::Outcome &outcome) { outcome.backends.front().sent.url += "?x=1"; })
                                        << QByteArray("backend 1 request target");
        QTest::newRow("a start that fails") << Change([](twin::Outcome &outcome) {
            outcome.verdict = twin::Verdict::DoesNotStart;
            outcome.startError = "x";
        }) << QByteArray("start");
    }
    void introduced()
    {
        using Change = std::function<void(twin::Outcome &)>;
        QFETCH(Change, change);
        QFETCH(QByteArray, where);
        SKIP_WITHOUT_KRAKEND(program);
        auto what = input(document());
        QVERIFY(what);
        what->gateway = program.value();
        QVERIFY(loadKeys(*what));
        const Answer first = compare(*what);
        QVERIFY(first.result && first.result->comparison.equal());
        what->lab = first.result->lab;
        change(*what->lab);
        const Answer answer = compare(*what);
        QVERIFY(answer.result);
        QCOMPARE(answer.result->comparison.differences.size(), std::size_t(1));
        QCOMPARE(twin::where(answer.result->comparison.differences.front()), where);
        QCOMPARE(m_calls, 1); // a known answer is not asked for again
    }

    // --- gateways elsewhere

    void elsewhere_data()
    {
        QTest::addColumn<QByteArray>("was");
        QTest::addColumn<QByteArray>("is");
        QTest::addColumn<int>("differences");
        QTest::newRow("the same") << QByteArray() << QByteArray() << 0;
        QTest::newRow("one byte") << QByteArray("1.0}") << QByteArray("1.1}") << 1;
        QTest::newRow("one byte of a token") << QByteArray(".") << QByteArray(".A") << 1;
    }
    // A gateway that answers what the lab said, but for one byte.
    void elsewhere()
    {
        QFETCH(QByteArray, was);
        QFETCH(QByteArray, is);
        QFETCH(int, differences);
        auto what = input(document());
        QVERIFY(what);
        QVERIFY(loadKeys(*what));
        Run run(what->run);
        QSignalSpy ran(&run, &Run::finished);
        connect(&run, &Run::finished, &run, [&](const twin::Outcome &outcome) { what->lab = outcome; });
        run.start();
        QTRY_COMPARE(ran.size(), 1);
        playground::Server other([&](const playground::ServerRequest &) {
            playground::Script script;
            script.status = what->lab->response.status;
            script.headers = what->lab->response.headers;
            script.body = what->lab->response.body;
            if (!was.isEmpty())
                script.body.replace(script.body.indexOf(was), was.size(), is);
            return script;
        });
        QVERIFY(other.listen());
        what->gateway = other.origin() + "/base/";
        const Answer answer = compare(*what);
        QVERIFY(answer.result);
        QCOMPARE(int(answer.result->comparison.differences.size()), differences);
        QVERIFY(!answer.result->sameReplies);
        QCOMPARE(other.received().size(), std::size_t(1));
        QCOMPARE(other.received().front().target, QByteArray("/base/token"));
        QCOMPARE(other.received().front().body, what->run.request.body);
    }

    void elsewhereTrouble_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<int>("trouble");
        QTest::newRow("nobody listens") << QByteArray("http://127.0.0.1:1") << int(twin::GatewayTrouble::NoAnswer);
        QTest::newRow("no host") << QByteArray("http://") << int(twin::GatewayTrouble::BadUrl);
        QTest::newRow("another scheme") << QByteArray("ftp://127.0.0.1") << int(twin::GatewayTrouble::BadUrl);
    }
    void elsewhereTrouble()
    {
        QFETCH(QByteArray, url);
        auto what = input(document());
        QVERIFY(what);
        what->lab.emplace();
        what->gateway = url;
        const Answer answer = compare(*what);
        QVERIFY(answer.trouble);
        QTEST(int(answer.trouble->kind), "trouble");
    }

    // A gateway that never opens its port is told, and can be given up.
    void cancelled()
    {
        auto what = input(document());
        QVERIFY(what);
        what->lab.emplace();
        what->gateway = GatewayProgram{GatewayProgram::Binary, m_files.script(QStringLiteral("hangs"), "exec sleep 600"), {}};
        Compare comparing(*what);
        std::optional<twin::GatewayTrouble> trouble;
        connect(&comparing, &Compare::failed, &comparing, [&](const twin::GatewayTrouble &got) { trouble = got; });
        comparing.start();
        QTRY_COMPARE(m_files.gatewayFolders().size(), 1);
        comparing.cancel();
        QTRY_VERIFY(trouble);
        QCOMPARE(trouble->kind, twin::GatewayTrouble::Cancelled);
        QTRY_COMPARE(m_files.gatewayFolders(), QStringList());
    }

    // --- the plain connection

    void plain_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<int>("status"); // 0: no answer
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("cut");
        QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") << 200 << QByteArray("{}") << false;
        QTest::newRow("to the end") << QByteArray("HTTP/1.1 200 OK\r\n\r\n{}") << 200 << QByteArray("{}") << false;
        QTest::newRow("chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n") << 200
                                << QByteArray("{}") << false;
        QTest::newRow("cut") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}") << 200 << QByteArray("{}") << true;
        QTest::newRow("cut chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}") << 200 << QByteArray("{}")
                                    << true;
        QTest::newRow("an interim answer") << QByteArray("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 201 C\r\nContent-Length: 0\r\n\r\n") << 201
                                           << QByteArray() << false;
        QTest::newRow("a redirect is an answer")
            << QByteArray("HTTP/1.1 301 M\r\nLocation: /x\r\nContent-Length: 1\r\n\r\na") << 301 << QByteArray("a") << false;
        QTest::newRow("packed stays packed") << QByteArray(
                                                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08")
                                             << 200 << QByteArray("\x1f\x8b\x08") << false;
        QTest::newRow("no HTTP") << QByteArray("hello\r\n\r\n") << 0 << QByteArray() << false;
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\n") << 0 << QByteArray() << false;
    }
    void plain()
    {
        QFETCH(QByteArray, raw);
        QFETCH(int, status);
        playground::Server server([&](const playground::ServerRequest &) {
            playground::Script script;
            script.raw = raw;
            return script;
        });
        QVERIFY(server.listen());
        const auto url = Url::parse(server.origin());
        QVERIFY(url);
        twin::ClientRequest request;
        request.method = "GET";
        request.host = "gateway.example:8080";
        request.target = "/a//b/../c?%zz";
        request.headers.append("X-A", "1");
        ClientExchange exchange(*url, request, {});
        std::optional<net::ExchangeResult> result;
        connect(&exchange, &ClientExchange::finished, &exchange, [&](const net::ExchangeResult &got) { result.emplace(got); });
        exchange.start();
        QTRY_VERIFY(result);
        QCOMPARE(server.received().front().target, request.target);
        QCOMPARE(server.received().front().headers.first("Host"), std::optional<QByteArray>("gateway.example:8080"));
        QCOMPARE(result->reply.ok() ? result->reply->status : 0, status);
        if (!result->reply)
            return;
        QTEST(result->reply->body, "body");
        QTEST(result->reply->cut, "cut");
    }
};

QTEST_GUILESS_MAIN(CompareTest)
#include "tst_compare.moc"
