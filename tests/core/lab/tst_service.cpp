// Top-level settings as the gateway was seen to obey them (service-asked.json): whom its router takes for the client, which lines its log
// keeps, what its limits of connections do to one request, and what else a request shows of them.
#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/lab/run.h"
#include "core/playground/server.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace tokenlab;

namespace {

const QByteArray keySet = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}]}";
const QByteArray payload = "{\"access_token\":{\"sub\":\"john\"},\"exp\":1}";

playground::Script answer(const playground::ServerRequest &request)
{
    playground::Script script;
    script.headers.append("Content-Type", "application/json");
    script.body = request.target == "/jwk" ? keySet : payload;
    if (request.target == "/slow")
        script.delayMs = 400;
    if (request.target == "/e")
        script.status = 500;
    if (request.target == "/gz") {
        script.headers.append("Content-Encoding", "gzip");
        script.body = http::gzip(payload);
    }
    return script;
}

// Members of an object as they stand in a text, after others.
QByteArray members(json::Value object)
{
    return object.isObject() && object.size() > 0 ? ',' + json::write(object).sliced(1).chopped(1) : QByteArray();
}

std::vector<QByteArray> texts(json::Value list)
{
    std::vector<QByteArray> out;
    for (const json::Value one : list.elements())
        out.push_back(one.bytes());
    return out;
}

} // namespace

class TestService : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_server.listen().ok());
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/service-asked.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        auto parsed = json::parse(file.readAll());
        QVERIFY(parsed.ok());
        m_asked = std::make_unique<json::Document>(*parsed);
    }

    void clientAddress_data()
    {
        QTest::addColumn<int>("set");
        QTest::addColumn<int>("request");
        const json::Value sets = m_asked->root().find("addresses");
        for (std::size_t i = 0; i < sets.size(); ++i) {
            const json::Value requests = sets.at(i).find("requests");
            for (std::size_t k = 0; k < requests.size(); ++k)
                QTest::newRow(
                    ("asked: " + json::write(sets.at(i).find("router")) + ' ' + json::write(requests.at(k).find("headers"))).constData())
                    << int(i) << int(k);
        }
    }
    void clientAddress()
    {
        QFETCH(int, set);
        QFETCH(int, request);
        const json::Value asked = m_asked->root().find("addresses").at(std::size_t(set));
        const json::Value one = asked.find("requests").at(std::size_t(request));
        QByteArray top;
        if (asked.find("router").isObject())
            top = ",\"extra_config\":{\"router\":" + json::write(asked.find("router")) + '}';
        const auto service = load(top, ",\"input_headers\":[\"*\"]", "{\"url_pattern\":\"/b\"}", false);
        QVERIFY(service);
        twin::ClientRequest client = clientRequest("POST");
        for (const json::Value header : one.find("headers").elements())
            client.headers.append(header.at(0).bytes(), header.at(1).bytes().trimmed()); // as a server reads a line
        const twin::RouteAnswer route = twin::matchRoute(*service, service->endpoints.front(), client);
        QCOMPARE(route.status, 0);
        const twin::BackendRequest sent = twin::forward(service->endpoints.front(), 0, client, route);
        QCOMPARE(sent.request.headers.first("X-Forwarded-For").value_or("-"), one.find("address").bytes());
    }

    void logLevels_data()
    {
        QTest::addColumn<int>("index");
        const json::Value rows = m_asked->root().find("levels");
        for (std::size_t i = 0; i < rows.size(); ++i)
            QTest::newRow(("asked: " + json::write(rows.at(i).find("logging"))).constData()) << int(i);
    }
    void logLevels()
    {
        QFETCH(int, index);
        const json::Value asked = m_asked->root().find("levels").at(std::size_t(index));
        QByteArray top;
        if (!asked.find("logging").isNull())
            top = ",\"extra_config\":{\"telemetry/logging\":" + json::write(asked.find("logging")) + '}';
        const auto service = load(top, {}, "{\"url_pattern\":\"/e\"}", false);
        QVERIFY(service);
        QCOMPARE(service->log.prints("ERROR x"), asked.find("error").asBool());
        QCOMPARE(service->log.prints("WARNING x"), asked.find("warning").asBool());
        const twin::Outcome outcome = simulated(service, 500);
        QCOMPARE(!outcome.log.empty(), asked.find("error").asBool());
        // Never in silence.
        QCOMPARE(std::any_of(outcome.notes.begin(), outcome.notes.end(),
                             [](const QByteArray &note) { return note.startsWith("telemetry/logging: "); }),
                 !asked.find("error").asBool());
    }

    // Each row was asked of the gateway; "" starts.
    void logCrashes_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QByteArray>("panic");
        for (const QByteArray &member : {QByteArray("stdout"), QByteArray("syslog")}) {
            const auto row = [&](const QByteArray &value, const QByteArray &type) {
                QTest::newRow((member + ' ' + value).constData())
                    << '"' + member + "\":" + value
                    << (type.isEmpty() ? QByteArray() : "interface conversion: interface {} is " + type + ", not bool");
            };
            row("true", "");
            row("\"yes\"", "string");
            row("\"true\"", "string");
            row("1", "float64");
            row("1.5", "float64");
            row("null", "nil");
            row("[]", "[]interface {}");
            row("{}", "map[string]interface {}");
        }
        QTest::newRow("both") << QByteArray("\"syslog\":1,\"stdout\":\"a\"")
                              << QByteArray("interface conversion: interface {} is string, not bool");
        QTest::newRow("others")
            << QByteArray("\"level\":1,\"prefix\":{},\"format\":[],\"custom_format\":1,\"syslog_facility\":true,\"stdout\":false")
            << QByteArray();
    }
    void logCrashes()
    {
        QFETCH(QByteArray, members);
        QFETCH(QByteArray, panic);
        const auto service = load(",\"extra_config\":{\"telemetry/logging\":{" + members + "}}", {}, "{\"url_pattern\":\"/e\"}", false);
        QVERIFY(service);
        const twin::Outcome outcome = simulated(service, 200);
        QCOMPARE(outcome.startError, panic);
        QCOMPARE(outcome.crash, !panic.isEmpty());
        QCOMPARE(outcome.response.status == 200, panic.isEmpty());
    }

    // A syslog that cannot be reached is replaced by a logger that prints everything: nobody knows from here.
    void syslogIsNoted()
    {
        const auto service = load(",\"extra_config\":{\"telemetry/logging\":{\"level\":\"CRITICAL\",\"syslog\":true}}", {},
                                  "{\"url_pattern\":\"/e\"}", false);
        QVERIFY(service);
        const twin::Outcome outcome = simulated(service, 500);
        QCOMPARE(outcome.log.size(), std::size_t(1));
        QCOMPARE(outcome.notes.size(), std::size_t(1));
        QVERIFY2(outcome.notes.front().startsWith("telemetry/logging: at level CRITICAL syslog"), outcome.notes.front().constData());
    }

    void exchanges_data()
    {
        QTest::addColumn<int>("index");
        const json::Value rows = m_asked->root().find("exchanges");
        for (std::size_t i = 0; i < rows.size(); ++i)
            QTest::newRow(("asked: " + rows.at(i).find("name").bytes()).constData()) << int(i);
    }
    void exchanges()
    {
        QFETCH(int, index);
        const json::Value asked = m_asked->root().find("exchanges").at(std::size_t(index));
        const json::Value expect = asked.find("expect");
        QByteArray backends;
        for (const json::Value backend : asked.find("backends").elements())
            backends += (backends.isEmpty() ? "" : ",") + json::write(backend);
        m_method = asked.find("method").bytes();
        const auto service = load(members(asked.find("service")), members(asked.find("endpoint")), backends, asked.find("signs").asBool());
        QVERIFY(service);
        m_method = "POST";
        const std::size_t before = m_server.received().size();
        const twin::Outcome outcome = played(service, asked.find("method").bytes());
        QCOMPARE(outcome.response.status, int(expect.find("status").toDouble()));
        QCOMPARE(outcome.brokenOff, expect.find("brokenOff").asBool());
        QByteArrayList contacted, wanted;
        for (std::size_t i = before; i < m_server.received().size(); ++i)
            if (m_server.received()[i].target != "/jwk")
                contacted.append(m_server.received()[i].target);
        for (const QByteArray &target : texts(expect.find("contacted")))
            wanted.append(target);
        std::sort(contacted.begin(), contacted.end());
        std::sort(wanted.begin(), wanted.end());
        QCOMPARE(contacted, wanted);
        std::vector<QByteArray> log = texts(expect.find("log"));
        for (QByteArray &line : log)
            line.replace("{{port}}", QByteArray::number(m_server.port()));
        QCOMPARE(outcome.log, log);
        QCOMPARE(outcome.response.headers.first("Cache-Control").value_or("-"),
                 expect.find("cacheControl").exists() ? expect.find("cacheControl").bytes() : QByteArray("-"));
        QCOMPARE(outcome.response.headers.first("Content-Encoding").value_or("-"),
                 expect.find("contentEncoding").exists() ? expect.find("contentEncoding").bytes() : QByteArray("-"));
        if (outcome.response.status == 0)
            QCOMPARE(outcome.verdict, twin::Verdict::Refused);
    }

    // Asked: what a backend sees of them, line by line.
    void wire_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("connection");
        QTest::newRow("nothing set") << QByteArray() << QByteArray("gzip") << QByteArray("-");
        QTest::newRow("disable_keep_alives") << QByteArray(",\"disable_keep_alives\":true") << QByteArray("gzip") << QByteArray("close");
        QTest::newRow("disable_compression") << QByteArray(",\"disable_compression\":true") << QByteArray("-") << QByteArray("-");
        QTest::newRow("both") << QByteArray(",\"disable_compression\":true,\"disable_keep_alives\":true") << QByteArray("-")
                              << QByteArray("close");
    }
    void wire()
    {
        QFETCH(QByteArray, service);
        const auto loaded = load(service, {}, "{\"url_pattern\":\"/b\"}", false);
        QVERIFY(loaded);
        QCOMPARE(played(loaded, "POST").response.status, 200);
        QTEST(m_server.received().back().headers.first("Accept-Encoding").value_or("-"), "encoding");
        QTEST(m_server.received().back().headers.first("Connection").value_or("-"), "connection");
    }

    // Asked: a name's limit is over while it is looked up.
    void dialledName()
    {
        const auto service =
            load(",\"dialer_timeout\":\"1ns\"", {},
                 "{\"url_pattern\":\"/b\",\"host\":[\"http://localhost:" + QByteArray::number(m_server.port()) + "\"]}", true);
        QVERIFY(service);
        const twin::Outcome outcome = played(service, "POST");
        QCOMPARE(outcome.log.size(), std::size_t(1));
        QVERIFY2(outcome.log.front().endsWith("/b\": dial tcp: lookup localhost: i/o timeout"), outcome.log.front().constData());
    }

    // Neither can be told from here: the network decides.
    void shortLimitsAreNoted_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QByteArray>("note"); // its beginning; empty: none
        QTest::newRow("read_timeout") << QByteArray(",\"read_timeout\":\"500us\"") << QByteArray("read_timeout is 500000 ns");
        QTest::newRow("read_header_timeout") << QByteArray(",\"read_header_timeout\":\"50us\"")
                                             << QByteArray("read_header_timeout is 50000 ns");
        QTest::newRow("of the body alone") << QByteArray(",\"read_header_timeout\":\"1s\",\"read_timeout\":5")
                                           << QByteArray("read_timeout is 5 ns");
        QTest::newRow("long enough") << QByteArray(",\"read_timeout\":\"1s\"") << QByteArray();
    }
    void shortLimitsAreNoted()
    {
        QFETCH(QByteArray, service);
        QFETCH(QByteArray, note);
        const auto loaded = load(service, {}, "{\"url_pattern\":\"/b\"}", false);
        QVERIFY(loaded);
        const twin::Outcome outcome = simulated(loaded, 200);
        QCOMPARE(outcome.response.status, 200);
        QCOMPARE(outcome.notes.empty(), note.isEmpty());
        if (!note.isEmpty())
            QVERIFY2(outcome.notes.front().startsWith(note), outcome.notes.front().constData());
    }

    // Where the gateway does not send the request on as it is, the lab sends nothing: a login's body is not for that host.
    void nothingIsSent_data()
    {
        QTest::addColumn<QByteArray>("backend"); // members of it
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QByteArray>("because"); // empty: the gateway was seen to send it as it is
        const auto row = [](const char *name, const char *extra, const char *because, const char *service = "") {
            QTest::newRow(name) << "\"extra_config\":{" + QByteArray(extra).replace('\'', '"') + '}'
                                << QByteArray(service).replace('\'', '"') << QByteArray(because);
        };
        row("asked: lambda", "'backend/lambda':{'function_name':'x'}", "backend/lambda");
        row("asked: lambda without anything", "'backend/lambda':{}", "backend/lambda");
        row("asked: lambda that is none", "'backend/lambda':'x'", "");
        row("asked: lambda null", "'backend/lambda':null", "");
        row("asked: queue to read", "'backend/amqp/consumer':{'name':'q'}", "backend/amqp/consumer");
        row("asked: queue to write", "'backend/amqp/producer':{'name':'q'}", "backend/amqp/producer");
        row("asked: queue that is none", "'backend/amqp/producer':'x'", "");
        row("publisher", "'backend/pubsub/publisher':{'topic_url':'x'}", "backend/pubsub/publisher");
        row("subscriber", "'backend/pubsub/subscriber':{'subscription_url':'x'}", "backend/pubsub/subscriber");
        row("asked: publisher that is none", "'backend/pubsub/publisher':'x'", "");
        row("asked: query", "'backend/graphql':{'type':'query','query':'{a}'}", "backend/graphql");
        row("asked: mutation", "'backend/graphql':{'type':'mutation','query':'{a}'}", "backend/graphql");
        row("asked: GraphQL without a query", "'backend/graphql':{}", "");
        row("asked: GraphQL of no type", "'backend/graphql':{'query':'{a}'}", "");
        row("asked: GraphQL of another type", "'backend/graphql':{'type':'zz','query':'{a}'}", "");
        row("asked: a token of its own", "'auth/client-credentials':{'client_id':'a','client_secret':'b','token_url':'http://h'}",
            "auth/client-credentials");
        row("asked: a token disabled", "'auth/client-credentials':{'is_disabled':true,'token_url':'http://h'}", "");
        row("asked: a token that is none", "'auth/client-credentials':'x'", "");
        row("plugin", "'plugin/http-client':{'name':'x'}", "plugin/http-client", ",'plugin':{'folder':'/f','pattern':'.so'}");
        row("asked: a plugin that nobody loads", "'plugin/http-client':{'name':'x'}", "");
        row("asked: gRPC is not read", "'backend/grpc':{'input_mapping':{}}", "");
        row("asked: SigV4 is not read", "'auth/aws-sigv4':{'service':'s','region':'r'}", "");
        row("modifiers only change", "'modifier/lua-backend':{'pre':'x'}", "");
        QTest::newRow("asked: sd dns") << QByteArray("\"sd\":\"dns\"") << QByteArray() << QByteArray("sd dns");
        QTest::newRow("asked: sd of another kind") << QByteArray("\"sd\":\"x\"") << QByteArray() << QByteArray();
    }
    void nothingIsSent()
    {
        QFETCH(QByteArray, backend);
        QFETCH(QByteArray, service);
        QFETCH(QByteArray, because);
        for (const bool sequential : {false, true}) {
            const auto loaded = load(service, sequential ? ",\"extra_config\":{\"proxy\":{\"sequential\":true}}" : "",
                                     "{\"url_pattern\":\"/other\"},{\"url_pattern\":\"/b\"," + backend + '}', false);
            QVERIFY(loaded);
            const std::size_t before = m_server.received().size();
            const twin::Outcome outcome = played(loaded, "POST");
            const auto reached = [&](const QByteArray &target) {
                return std::any_of(m_server.received().begin() + std::ptrdiff_t(before), m_server.received().end(),
                                   [&](const playground::ServerRequest &one) { return one.target == target; });
            };
            QVERIFY(reached("/other"));
            QCOMPARE(reached("/b"), because.isEmpty());
            if (because.isEmpty())
                continue;
            QCOMPARE(outcome.verdict, twin::Verdict::Incomplete);
            QVERIFY(std::find(outcome.notSimulated.begin(), outcome.notSimulated.end(), because) != outcome.notSimulated.end());
            QVERIFY(std::any_of(outcome.notes.begin(), outcome.notes.end(),
                                [&](const QByteArray &note) { return note.startsWith("nothing was sent to ") && note.contains(because); }));
            QCOMPARE(outcome.backends.back().sent.body, QByteArray());
            QVERIFY(!outcome.backends.back().reply);
        }
    }

    // Asked: what stands before the endpoint answers first, also where its signer could not be built.
    void beforeTheSigner_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::addColumn<QByteArray>("endpoint"); // members of its extra_config
        QTest::addColumn<bool>("open");
        QTest::newRow("asked: allowed hosts") << QByteArray("\"security/http\":{\"allowed_hosts\":[\"example.com\"]}") << QByteArray()
                                              << true;
        QTest::newRow("asked: redirect to https") << QByteArray("\"security/http\":{\"ssl_redirect\":true}") << QByteArray() << true;
        QTest::newRow("asked: development") << QByteArray("\"security/http\":{\"is_development\":true,\"allowed_hosts\":[\"example.com\"]}")
                                            << QByteArray() << false;
        QTest::newRow("asked: bots of the service") << QByteArray("\"security/bot-detector\":{\"deny\":[\"a\"]}") << QByteArray() << true;
        QTest::newRow("asked: bots of the endpoint") << QByteArray() << QByteArray(",\"security/bot-detector\":{\"deny\":[\"a\"]}") << true;
        QTest::newRow("asked: a script of the service") << QByteArray("\"modifier/lua-endpoint\":{\"pre\":\"x\"}") << QByteArray() << true;
        QTest::newRow("asked: an expression behind it")
            << QByteArray() << QByteArray(",\"validation/cel\":[{\"check_expr\":\"false\"}]") << false;
        QTest::newRow("nothing") << QByteArray() << QByteArray() << false;
    }
    void beforeTheSigner()
    {
        QFETCH(QByteArray, service);
        QFETCH(QByteArray, endpoint);
        QFETCH(bool, open);
        const auto loaded = load(",\"extra_config\":{" + service + '}',
                                 ",\"extra_config\":{\"auth/signer\":{\"alg\":\"x\",\"kid\":\"k\",\"keys_to_sign\":[\"a\"],\"jwk_url\":\"" +
                                     m_server.origin() + "/jwk\",\"disable_jwk_security\":true}" + endpoint + '}',
                                 "{\"url_pattern\":\"/b\"}", false);
        QVERIFY(loaded);
        const twin::Outcome outcome = played(loaded, "POST");
        QVERIFY(outcome.signerError);
        QCOMPARE(outcome.verdict, open ? twin::Verdict::Incomplete : twin::Verdict::Refused);
    }

private:
    [[nodiscard]] std::shared_ptr<const gateway::ServiceConfig> load(const QByteArray &top, const QByteArray &endpoint,
                                                                     const QByteArray &backends, bool signs) const
    {
        const QByteArray signer = ",\"extra_config\":{\"auth/signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"access_token\"],"
                                  "\"disable_jwk_security\":true,\"jwk_url\":\"" +
                                  m_server.origin() + "/jwk\"}}";
        // One extra_config: the endpoint's own members go inside.
        QByteArray own = endpoint;
        QByteArray extra = signs ? signer : QByteArray();
        if (const qsizetype at = own.indexOf(",\"extra_config\":{"); signs && at == 0) {
            extra.chop(1);
            extra += ',' + own.sliced(17);
            own.clear();
        }
        const QByteArray timeout =
            top.contains("\"timeout\"") || own.contains("\"timeout\"") ? QByteArray() : QByteArray(",\"timeout\":\"9s\"");
        auto loaded = gateway::load("{\"version\":3,\"host\":[\"" + m_server.origin() + "\"]" + timeout + top +
                                        ",\"endpoints\":[{\"endpoint\":\"/t\",\"method\":\"" + m_method + '"' + own + extra +
                                        ",\"backend\":[" + backends + "]}]}",
                                    QStringLiteral("krakend.json"));
        if (!loaded) {
            qWarning("%s", loaded.error().text.constData());
            return nullptr;
        }
        return std::make_shared<const gateway::ServiceConfig>(std::move(*loaded));
    }

    [[nodiscard]] static twin::ClientRequest clientRequest(const QByteArray &method)
    {
        twin::ClientRequest out;
        out.method = method;
        out.target = "/t";
        out.body = method == "GET" ? QByteArray() : QByteArray("{\"u\":1}");
        return out;
    }

    [[nodiscard]] static twin::Outcome simulated(const std::shared_ptr<const gateway::ServiceConfig> &service, int status)
    {
        lab::RunInput input;
        input.service = service;
        input.request = clientRequest("POST");
        http::Reply reply;
        reply.status = status;
        reply.headers.append("Content-Type", "application/json");
        reply.body = payload;
        return lab::simulate(input, std::span<const http::Reply>(&reply, 1), systemNow());
    }

    twin::Outcome played(const std::shared_ptr<const gateway::ServiceConfig> &service, const QByteArray &method)
    {
        lab::RunInput input;
        input.service = service;
        lab::GatewayStart gatewayStart(service, 0, {}, {});
        QSignalSpy started(&gatewayStart, &lab::GatewayStart::finished);
        connect(&gatewayStart, &lab::GatewayStart::finished, this, [&input](const twin::SignerState &state) { input.signer = state; });
        gatewayStart.start();
        if (!started.wait(20000))
            qWarning("the start did not finish");
        input.request = clientRequest(method);
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
    std::unique_ptr<json::Document> m_asked;
    QByteArray m_method = "POST";
};

QTEST_GUILESS_MAIN(TestService)
#include "tst_service.moc"
