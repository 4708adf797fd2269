// From replies to verdict, fields, trace and notes. What the gateway answers is compared elsewhere (recorded and random cases); here is
// what the lab says about it.
#include "core/twin/respond.h"

#include <QTest>

#include <algorithm>

using namespace tokenlab;
using twin::Stage;
using twin::StepState;
using twin::Verdict;

namespace {

QByteArray jsonOf(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

http::Reply replyOf(const QByteArray &body, int status = 200)
{
    http::Reply reply;
    reply.status = status;
    reply.headers.append("Content-Type", "application/json");
    reply.body = body;
    return reply;
}

struct Played {
    std::optional<gateway::ServiceConfig> service;
    twin::SignerState signer;
    twin::Outcome outcome;
};

struct PlayOptions {
    QByteArray service; // further members of the file
    QByteArray method = "GET", target = "/t";
    bool hangs = false; // the key host
    QByteArray listenError;
    QByteArray keySet = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}]}";
};

// backends: the JSON array without hosts filled in; extra: further members of extra_config.
Played play(const QByteArray &backends, const QByteArray &extra, const std::vector<http::Reply> &replies, const QByteArray &keysToSign,
            const QByteArray &body = {}, const PlayOptions &options = {})
{
    Played out;
    const QByteArray signer =
        "\"auth/signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"jwk_url\":\"https://h/j\",\"keys_to_sign\":" + keysToSign + "}";
    auto loaded = gateway::load("{\"version\":3," + options.service +
                                    "\"host\":[\"http://h\"],\"endpoints\":[{\"endpoint\":\"/t\",\"backend\":" + backends +
                                    ",\"extra_config\":{" + signer + (extra.isEmpty() ? "" : ",") + extra + "}}]}",
                                QStringLiteral("krakend.json"));
    if (!loaded) {
        qWarning("%s", loaded.error().text.constData());
        return out;
    }
    out.service = std::move(*loaded);
    const gateway::EndpointConfig &endpoint = out.service->endpoints.front();
    twin::Supplies supplies;
    supplies.download = twin::DownloadSupply(replyOf(options.keySet));
    if (options.hangs) {
        supplies.download.reset();
        supplies.downloadHangs = true;
    }
    twin::BuildStep step = twin::buildSigner(endpoint, supplies);
    out.signer = std::get<twin::SignerState>(step);
    out.signer.listenError = options.listenError;
    twin::ClientRequest request;
    request.method = options.method;
    request.target = options.target;
    request.body = body;
    const twin::RouteAnswer route = twin::matchRoute(*out.service, endpoint, request);
    std::vector<twin::BackendReply> exchanges;
    for (std::size_t i = 0; i < replies.size() && route.status == 0; ++i) {
        twin::BackendReply exchange;
        exchange.sent = twin::forward(endpoint, i, request, route).request;
        exchange.reply = Result<http::Reply, http::TransportError>(replies[i]);
        exchanges.push_back(std::move(exchange));
    }
    out.outcome = twin::respond(*out.service, endpoint, out.signer, std::nullopt, request, Instant{}, exchanges);
    return out;
}

QByteArray fetched(const char *column)
{
    return *static_cast<const QByteArray *>(QTest::qData(column, qMetaTypeId<QByteArray>()));
}

const twin::TraceStep *stepOf(const twin::Outcome &outcome, Stage stage)
{
    for (const twin::TraceStep &step : outcome.trace)
        if (step.stage == stage)
            return &step;
    return nullptr;
}

} // namespace

class TestRespond : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QByteArray>("extra");
        QTest::addColumn<QByteArray>("verdict");
        const auto row = [](const char *name, const char *body, int status, const char *keys, const char *verdict, const char *extra = "") {
            QTest::newRow(name) << jsonOf(body) << status << jsonOf(keys) << jsonOf(extra) << QByteArray(verdict);
        };
        row("all", "{'a':{},'b':{}}", 200, "['a','b']", "signed");
        row("twice", "{'a':{}}", 200, "['a','a']", "signed");
        row("one missing", "{'a':{}}", 200, "['a','A']", "partly-signed");
        row("one no object", "{'a':{},'b':[]}", 200, "['a','b']", "partly-signed");
        row("none", "{'a':{}}", 200, "['b']", "unsigned");
        row("nothing asked for", "{'a':{}}", 200, "[]", "unsigned");
        row("null", "null", 200, "['a']", "unsigned");
        row("refused", "{'a':{}}", 401, "['a']", "refused");
        row("not JSON", "<html>", 200, "['a']", "refused");
        row("a validator decides", "{'a':{}}", 200, "['a']", "incomplete", "'auth/validator':{'alg':'HS256','jwk_url':'https://h/j'}");
        row("Lua decides", "{'a':{}}", 200, "['a']", "incomplete", "'modifier/lua-proxy':{'pre':'x'}");
        row("never runs on a signing endpoint", "{'a':{}}", 200, "['a']", "signed", "'modifier/lua-endpoint':{'pre':'x'}");
    }
    void verdicts()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, keys);
        QFETCH(QByteArray, extra);
        const Played played = play(jsonOf("[{'url_pattern':'/x'}]"), extra, {replyOf(body, status)}, keys);
        QTEST(twin::name(played.outcome.verdict), "verdict");
    }

    // Components of the service and of backends that are not played but need not decide.
    void partners_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QByteArray>("backend");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("verdict");
        const auto row = [](const char *name, const char *service, const char *backend, const char *verdict, const char *method = "GET",
                            int status = 200) {
            QTest::newRow(name) << jsonOf(service) << jsonOf(backend) << QByteArray(method) << status << QByteArray(verdict);
        };
        row("only headers", "'extra_config':{'security/cors':{},'security/http':{'frame_deny':true}},", "", "signed");
        row("a preflight", "'extra_config':{'security/cors':{}},", "", "incomplete", "OPTIONS");
        row("no preflight without cors", "", "", "refused", "OPTIONS");
        row("redirects to https", "'extra_config':{'security/http':{'ssl_redirect':true}},", "", "incomplete");
        row("the service's script", "'extra_config':{'modifier/lua-endpoint':{'pre':'x'}},", "", "incomplete");
        row("a first request passes", "", ",'extra_config':{'qos/ratelimit/proxy':{},'qos/circuit-breaker':{},'qos/http-cache':{}}",
            "signed");
        row("follows with the body", "", ",'extra_config':{'backend/http/client':{'send_body_on_redirect':true}}", "signed");
        row("follows with the body, redirected", "", ",'extra_config':{'backend/http/client':{'send_body_on_redirect':true}}", "incomplete",
            "GET", 307);
    }
    void partners()
    {
        QFETCH(QByteArray, backend);
        QFETCH(int, status);
        PlayOptions options;
        options.service = fetched("service");
        options.method = fetched("method");
        const Played played =
            play(jsonOf("[{'url_pattern':'/x'") + backend + "}]", {}, {replyOf(jsonOf("{'a':{}}"), status)}, jsonOf("['a']"), {}, options);
        QTEST(twin::name(played.outcome.verdict), "verdict");
    }

    // Whatever went wrong before: the client gets something, and the last step says what.
    void replies_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("keySet");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("detail");
        QTest::addColumn<bool>("good");
        const QByteArray keys = PlayOptions{}.keySet;
        const auto row = [&keys](const char *name, const char *target, const char *method, int status, const char *detail,
                                 bool good = false, const QByteArray &keySet = {}) {
            QTest::newRow(name) << QByteArray(target) << QByteArray(method) << (keySet.isEmpty() ? keys : keySet) << status
                                << QByteArray(detail) << good;
        };
        row("signed", "/t", "GET", 200, "200", true);
        row("no signer", "/t", "GET", 200, "401, no body", false, "{}");
        row("no signer, no such path either", "/u", "GET", 200, "404", false, "{}");
        row("404", "/u", "GET", 200, "404");
        row("405", "/t", "POST", 200, "405");
        row("404, HEAD", "/u", "HEAD", 200, "404, no body");
        row("400", "/%zz", "GET", 200, "400");
        row("301", "/t/", "GET", 200, "301");
        row("the backend fails", "/t", "GET", 500, "400, no body");
    }
    void replies()
    {
        QFETCH(int, status);
        QFETCH(bool, good);
        PlayOptions options;
        options.target = fetched("target");
        options.method = fetched("method");
        options.keySet = fetched("keySet");
        const Played played =
            play(jsonOf("[{'url_pattern':'/x'}]"), {}, {replyOf(jsonOf("{'a':{}}"), status)}, jsonOf("['a']"), {}, options);
        const twin::TraceStep *step = stepOf(played.outcome, Stage::Reply);
        QVERIFY(step);
        QTEST(step->detail, "detail");
        QCOMPARE(step->state, good ? StepState::Ok : StepState::Failed);
        QVERIFY(step->detail.startsWith(QByteArray::number(played.outcome.response.status)));
    }

    void fields()
    {
        const Played played =
            play(jsonOf("[{'url_pattern':'/x'}]"), {}, {replyOf(jsonOf("{'b':5,'a':{'z':1,'c':'<'}}"))}, jsonOf("['a','b','c','a']"));
        const auto &all = played.outcome.fields;
        QCOMPARE(all.size(), std::size_t(4));
        QCOMPARE(all[0].kind, twin::FieldOutcome::Signed);
        QCOMPARE(all[0].token, *played.signer.signer->sign(jsonOf("{'c':'\\u003c','z':1}")));
        QCOMPARE(all[1].kind, twin::FieldOutcome::NotAnObject);
        QCOMPARE(all[1].found, json::Type::Number);
        QCOMPARE(all[2].kind, twin::FieldOutcome::Missing);
        QCOMPARE(all[3].kind, twin::FieldOutcome::AlreadySigned);
        QCOMPARE(played.outcome.payloadText, jsonOf("{'a':{'c':'\\u003c','z':1},'b':5}"));
        QCOMPARE(played.outcome.response.body, "{\"a\":\"" + all[0].token + "\",\"b\":5}");
    }

    void trace_data()
    {
        QTest::addColumn<QByteArray>("backend");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("failed"); // stage of the first failed step
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("status") << jsonOf("{'url_pattern':'/x'}") << QByteArray("x") << 500 << QByteArray("backend") << QByteArray("§4.2")
                                << QByteArray("/endpoints/0/backend/0") << QByteArray("invalid status code 500 [GET /x]: http://h/x");
        QTest::newRow("decoding") << jsonOf("{'url_pattern':'/x'}") << QByteArray("[") << 200 << QByteArray("shape") << QByteArray("§4.3")
                                  << QByteArray("/endpoints/0/backend/0/encoding") << QByteArray("unexpected EOF");
        QTest::newRow("good") << jsonOf("{'url_pattern':'/x'}") << jsonOf("{'a':{}}") << 200 << QByteArray() << QByteArray() << QByteArray()
                              << QByteArray();
    }
    void trace()
    {
        QFETCH(QByteArray, backend);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, failed);
        const Played played = play('[' + backend + ']', {}, {replyOf(body, status)}, jsonOf("['a']"));
        const auto &steps = played.outcome.trace;
        const auto first = std::find_if(steps.begin(), steps.end(), [](const twin::TraceStep &s) { return s.state == StepState::Failed; });
        QCOMPARE(first == steps.end() ? QByteArray() : twin::name(first->stage), failed);
        if (first != steps.end()) {
            QTEST(first->rule, "rule");
            QTEST(first->pointer, "pointer");
            QTEST(first->gatewayText, "text");
        }
        // Every stage is there, in order.
        for (const Stage stage :
             {Stage::Config, Stage::Key, Stage::Request, Stage::Backend, Stage::Shape, Stage::Sign, Stage::Reply, Stage::Validators})
            QVERIFY2(stepOf(played.outcome, stage), twin::name(stage).constData());
        QCOMPARE(stepOf(played.outcome, Stage::Validators)->state, StepState::Skipped);
    }

    void notes_data()
    {
        QTest::addColumn<QByteArray>("backends");
        QTest::addColumn<QByteArray>("extra");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("note"); // a part of it; empty: none
        const QByteArray two = jsonOf("[{'url_pattern':'/x'},{'url_pattern':'/y'}]");
        QTest::newRow("clash") << two << QByteArray() << jsonOf("{'a':{}}") << QByteArray() << QByteArray("answers last");
        QTest::newRow("clash, sequential") << two << jsonOf("'proxy':{'sequential':true}") << jsonOf("{'a':{}}") << QByteArray()
                                           << QByteArray();
        QTest::newRow("no clash") << two << QByteArray() << jsonOf("{'b':{}}") << QByteArray() << QByteArray();
        QTest::newRow("shared body") << two << QByteArray() << jsonOf("{'b':{}}") << QByteArray("x") << QByteArray("leaves to chance");
        QTest::newRow("mapping chain") << jsonOf("[{'url_pattern':'/x','mapping':{'a':'b','b':'c'}}]") << QByteArray() << QByteArray()
                                       << QByteArray() << QByteArray("random order");
        QTest::newRow("mapping apart") << jsonOf("[{'url_pattern':'/x','mapping':{'a':'b','z':'c'}}]") << QByteArray() << QByteArray()
                                       << QByteArray() << QByteArray();
        QTest::newRow("hosts") << jsonOf("[{'url_pattern':'/x','host':['http://h','http://i']}]") << QByteArray() << QByteArray()
                               << QByteArray() << QByteArray("several hosts");
    }
    void notes()
    {
        QFETCH(QByteArray, backends);
        QFETCH(QByteArray, extra);
        QFETCH(QByteArray, second);
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, note);
        std::vector<http::Reply> replies{replyOf(jsonOf("{'a':{}}"))};
        if (!second.isEmpty())
            replies.push_back(replyOf(second));
        const Played played = play(backends, extra, replies, jsonOf("['a']"), request);
        QByteArray all;
        for (const QByteArray &one : played.outcome.notes)
            all += one + '\n';
        if (note.isEmpty())
            QCOMPARE(all, QByteArray());
        else
            QVERIFY2(all.contains(note), all.constData());
    }

    void notSimulated()
    {
        const Played played = play(jsonOf("[{'url_pattern':'/x','encoding':'xml'}]"), {}, {replyOf("<a/>")}, jsonOf("['a']"));
        QCOMPARE(played.outcome.verdict, Verdict::Incomplete);
        QCOMPARE(played.outcome.response.status, 0);
        QVERIFY(std::find(played.outcome.notSimulated.begin(), played.outcome.notSimulated.end(), "xml") !=
                played.outcome.notSimulated.end());
    }

    void noReplyGiven()
    {
        const Played played = play(jsonOf("[{'url_pattern':'/x'}]"), {}, {}, jsonOf("['a']"));
        QCOMPARE(played.outcome.verdict, Verdict::Incomplete);
    }

    // Both were seen with the gateway's log in sight.
    void endsAtStart()
    {
        PlayOptions port;
        port.service = jsonOf("'port':70000,");
        const Played listening = play(jsonOf("[{'url_pattern':'/x'}]"), {}, {}, jsonOf("['a']"), {}, port);
        QCOMPARE(listening.outcome.verdict, Verdict::DoesNotStart);
        QVERIFY(!listening.outcome.crash);
        QCOMPARE(listening.outcome.startError, QByteArray("listen tcp: address 70000: invalid port"));
        QCOMPARE(stepOf(listening.outcome, Stage::Config)->pointer, QByteArray("/port"));

        PlayOptions last;
        last.service = jsonOf("'port':65535,");
        QVERIFY(play(jsonOf("[{'url_pattern':'/x'}]"), {}, {replyOf("{}")}, jsonOf("['a']"), {}, last).outcome.startError.isEmpty());

        auto loaded = gateway::load(jsonOf("{'version':3,'endpoints':["
                                           "{'endpoint':'/a/{x}','backend':[{'host':['http://h'],'url_pattern':'/'}]},"
                                           "{'endpoint':'/a/{y}','backend':[{'host':['http://h'],'url_pattern':'/'}]}]}"),
                                    QStringLiteral("krakend.json"));
        QVERIFY(loaded.ok());
        twin::ClientRequest request;
        request.target = "/a/1";
        const twin::Outcome outcome = twin::respond(*loaded, loaded->endpoints.front(), {}, std::nullopt, request, Instant{}, {});
        QCOMPARE(outcome.verdict, Verdict::DoesNotStart);
        QVERIFY(outcome.crash);
        QCOMPARE(outcome.startError,
                 QByteArray("':y' in new path '/a/:y' conflicts with existing wildcard ':x' in existing prefix '/a/:x'"));
        QCOMPARE(stepOf(outcome, Stage::Config)->pointer, QByteArray("/endpoints/1/endpoint"));
    }

    void serverCertificate()
    {
        PlayOptions tls;
        tls.service = jsonOf("'tls':{'public_key':'x','private_key':'y'},");
        QCOMPARE(play(jsonOf("[{'url_pattern':'/x'}]"), {}, {replyOf("{}")}, jsonOf("['a']"), {}, tls).outcome.response.status, 200);
        tls.listenError = "open x: no such file or directory";
        const Played played = play(jsonOf("[{'url_pattern':'/x'}]"), {}, {replyOf("{}")}, jsonOf("['a']"), {}, tls);
        QCOMPARE(played.outcome.verdict, Verdict::DoesNotStart);
        QVERIFY(!played.outcome.crash);
        QCOMPARE(played.outcome.startError, tls.listenError);
        QCOMPARE(stepOf(played.outcome, Stage::Config)->pointer, QByteArray("/tls"));
    }

    void silentKeyHost()
    {
        PlayOptions silent;
        silent.hangs = true;
        silent.service = jsonOf("'port':70000,"); // never comes to listening
        const Played played = play(jsonOf("[{'url_pattern':'/x'}]"), {}, {}, jsonOf("['a']"), {}, silent);
        QVERIFY(played.outcome.hangs);
        QCOMPARE(played.outcome.startError, QByteArray("GET /t waits for ever for https://h/j"));
        QCOMPARE(stepOf(played.outcome, Stage::Key)->detail, QByteArray("https://h/j"));
    }

    void brokenEncoding()
    {
        http::Reply reply = replyOf({});
        reply.bodyError = "gzip: invalid header";
        const Played played = play(jsonOf("[{'url_pattern':'/x'}]"), {}, {reply}, jsonOf("['a']"));
        QCOMPARE(played.outcome.log.front(), QByteArray("ERROR [ENDPOINT: /t][JWTSigner] Proxy response: gzip: invalid header"));
        QCOMPARE(stepOf(played.outcome, Stage::Shape)->gatewayText, QByteArray("gzip: invalid header"));
    }

    void configErrors()
    {
        const twin::Outcome refused =
            twin::outcomeOfConfigError({gateway::ConfigError::Parse, "unsupported version: 2 (want: 3)", "/version"});
        QCOMPARE(refused.verdict, Verdict::DoesNotStart);
        QCOMPARE(stepOf(refused, Stage::Config)->pointer, QByteArray("/version"));
        QVERIFY(!refused.crash);
        QVERIFY(twin::outcomeOfConfigError({gateway::ConfigError::Crash, "panic", ""}).crash);
        QCOMPARE(twin::outcomeOfConfigError({gateway::ConfigError::NotReadYet, "", ""}).verdict, Verdict::Incomplete);
    }
};

QTEST_GUILESS_MAIN(TestRespond)
#include "tst_respond.moc"
