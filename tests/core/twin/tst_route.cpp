// What the router says by itself; every row was put to the gateway (KrakenD CE 2.13.8).
#include "core/twin/forward.h"

#include <QTest>

using namespace tokenlab;

namespace {

QByteArray endpoint(const char *path, const char *method)
{
    return QByteArray("{\"endpoint\":\"") + path + "\",\"method\":\"" + method +
           "\",\"backend\":[{\"host\":[\"http://h\"],\"url_pattern\":\"/x\"}]}";
}

} // namespace

class TestRoute : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArrayList endpoints{endpoint("/g", "GET"),      endpoint("/p/{id}/z", "GET"), endpoint("/p/{id}", "GET"),
                                       endpoint("/post", "POST"),  endpoint("/slash/", "GET"),   endpoint("/Mixed", "GET"),
                                       endpoint("/p/fixed", "GET")};
        auto loaded = gateway::load("{\"version\":3,\"endpoints\":[" + endpoints.join(',') + "]}", QStringLiteral("krakend.json"));
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().text.constData());
        m_service = std::make_unique<gateway::ServiceConfig>(std::move(*loaded));
    }

    void answers_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("contentType");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("location");
        const auto row = [](const char *request, int status, const char *type, const char *body, const char *location = "") {
            QTest::newRow((QByteArray("asked: ") + request).constData())
                << QByteArray(request) << status << QByteArray(type) << QByteArray(body) << QByteArray(location);
        };
        row("GET /nope", 404, "text/plain", "404 page not found");
        row("GET /", 404, "text/plain", "404 page not found");
        row("GET /p/", 404, "text/plain", "404 page not found");
        row("GET /p/a%2Fb", 404, "text/plain", "404 page not found");
        row("POST /g", 405, "text/plain", "405 method not allowed");
        row("OPTIONS /g", 405, "text/plain", "405 method not allowed");
        row("HEAD /g", 405, "text/plain", "");
        row("GET /g/", 301, "text/html; charset=utf-8", "<a href=\"/g\">Moved Permanently</a>.\n\n", "/g");
        row("GET /G?x=1", 301, "text/html; charset=utf-8", "<a href=\"/g?x=1\">Moved Permanently</a>.\n\n", "/g?x=1");
        row("POST /post/?a=b", 307, "", "", "/post?a=b");
        row("GET /slash", 301, "text/html; charset=utf-8", "<a href=\"/slash/\">Moved Permanently</a>.\n\n", "/slash/");
        row("GET /mixed", 301, "text/html; charset=utf-8", "<a href=\"/Mixed\">Moved Permanently</a>.\n\n", "/Mixed");
        row("GET //g", 301, "text/html; charset=utf-8", "<a href=\"/g\">Moved Permanently</a>.\n\n", "/g");
        row("GET /p/A%20b/", 301, "text/html; charset=utf-8", "<a href=\"/p/A%20b\">Moved Permanently</a>.\n\n", "/p/A%20b");
        row("GET /p/a%3Fb", 400, "text/plain; charset=utf-8", "error: encoded url params");
        row("GET /p/a%25b", 400, "text/plain; charset=utf-8", "error: invalid URL escape \"%b\"");
        row("GET /p/%zz", 400, "text/plain; charset=utf-8", "400 Bad Request");
    }
    void answers()
    {
        QFETCH(QByteArray, request);
        const twin::RouteAnswer answer = match(request, m_service->endpoints[2]);
        QTEST(answer.status, "status");
        QTEST(answer.contentType, "contentType");
        QTEST(answer.body, "body");
        QTEST(answer.location, "location");
    }

    void parameters_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("endpoint");
        QTest::addColumn<QByteArray>("id"); // empty list: `-`
        QTest::addColumn<QByteArray>("takenBy");
        QTest::newRow("one") << QByteArray("GET /p/abc") << 2 << QByteArray("abc") << QByteArray();
        QTest::newRow("escaped blank") << QByteArray("GET /p/a%20b") << 2 << QByteArray("a b") << QByteArray();
        QTest::newRow("asked: empty in the middle") << QByteArray("GET /p//z") << 1 << QByteArray("") << QByteArray();
        QTest::newRow("another endpoint, longer") << QByteArray("GET /p/abc/z") << 2 << QByteArray("abc") << QByteArray("GET /p/:id/z");
        QTest::newRow("fixed text goes first") << QByteArray("GET /p/fixed") << 2 << QByteArray("-") << QByteArray("GET /p/fixed");
    }
    void parameters()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, endpoint);
        QFETCH(QByteArray, id);
        const twin::RouteAnswer answer = match(request, m_service->endpoints[std::size_t(endpoint)]);
        QCOMPARE(answer.status, 0);
        QTEST(answer.takenBy, "takenBy");
        QCOMPARE(answer.params.empty() ? QByteArray("-") : answer.params.front().second, id);
    }

    void routerHeaders()
    {
        const twin::RouteAnswer answer = match("POST /g", m_service->endpoints[0]);
        QCOMPARE(answer.headers.first("Allow").value_or(QByteArray()), QByteArray("GET"));
        QCOMPARE(answer.headers.first("X-Krakend").value_or(QByteArray()), QByteArray("Version 2.13.8"));
        QCOMPARE(answer.headers.first("X-Krakend-Completed").value_or(QByteArray()), QByteArray("false"));
    }

    // extra_config.router, each row as the gateway answered it.
    void routerOptions_data()
    {
        QTest::addColumn<QByteArray>("router");
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("told"); // Allow, or Location, or Content-Type of an answer of its own
        const auto row = [](const char *router, const char *request, int status, const char *body = "", const char *told = "") {
            QTest::newRow(QByteArray(QByteArray(router) + ' ' + request).constData())
                << QByteArray(router) << QByteArray(request) << status << QByteArray(body) << QByteArray(told);
        };
        const char *none = R"({})";
        row(none, "GET /token", 405, "405 method not allowed", "POST");
        row(none, "OPTIONS /dup", 405, "405 method not allowed", "GET, POST, PUT, DELETE, PATCH");
        row(none, "POST /__health", 405, "405 method not allowed", "GET");
        row(none, "POST /u/a%25b", 400, "error: invalid URL escape \"%b\"");
        row(R"({"disable_handle_method_not_allowed":true})", "GET /token", 404, "404 page not found");
        row(R"({"disable_handle_method_not_allowed":"true"})", "GET /token", 405, "405 method not allowed", "POST");
        row(R"({"disable_handle_method_not_allowed":true,"hide_version_header":"x"})", "GET /token", 405, "405 method not allowed", "POST");
        row(R"({"disable_redirect_trailing_slash":true})", "POST /token/", 307, "", "/token");
        row(R"({"disable_redirect_fixed_path":true})", "POST /token/", 307, "", "/token");
        row(R"({"disable_redirect_fixed_path":true})", "POST /TOKEN", 404, "404 page not found");
        row(R"({"disable_redirect_fixed_path":true})", "POST /token2", 404, "404 page not found");
        row(R"({"disable_redirect_fixed_path":true,"disable_redirect_trailing_slash":true})", "POST /token/", 404, "404 page not found");
        row(R"({"remove_extra_slash":true})", "POST /u/../token", 0);
        row(R"({"remove_extra_slash":true})", "POST /token//", 307, "", "/token/");
        row(R"({"disable_path_decoding":true})", "POST /u/a%25b", 0);
        row(R"({"auto_options":true})", "OPTIONS /dup", 200, "", "DELETE, GET, PATCH, POST, PUT");
        row(R"({"auto_options":true})", "OPTIONS /nope", 404, "404 page not found");
        row(R"({"auto_options":true})", "GET /token", 405, "405 method not allowed", "POST, OPTIONS");
        row(R"({"auto_options":1})", "OPTIONS /token", 405, "405 method not allowed", "POST");
        row(R"({"error_body":{"404":{"n":1.0,"b":"<&>","a":[1e30,null]}}})", "GET /nope", 404,
            R"({"a":[1e+30,null],"b":"\u003c\u0026\u003e","n":1})", "application/json; charset=utf-8");
        row(R"({"Error_Body":{"404":{"a":1}},"hide_version_header":"x"})", "GET /nope", 404, R"({"a":1})",
            "application/json; charset=utf-8");
        row(R"({"error_body":{"404":null}})", "GET /nope", 404, "404 page not found");
        row(R"({"error_body":5})", "GET /nope", 404, "404 page not found");
        row(R"({"disable_health":true})", "POST /__health", 404, "404 page not found");
        row(R"({"health_path":"h"})", "POST /h", 405, "405 method not allowed", "GET");
    }
    void routerOptions()
    {
        QFETCH(QByteArray, router);
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, told);
        const auto service = withRouter(router);
        QVERIFY(service);
        const twin::RouteAnswer answer = match(request, service->endpoints[0], *service);
        QTEST(answer.status, "status");
        QTEST(answer.body, "body");
        const QByteArray own = answer.contentType.startsWith("application/json") ? answer.contentType : QByteArray();
        QCOMPARE(answer.headers.first("Allow").value_or(answer.location.isEmpty() ? own : answer.location), told);
    }

    void versionHeader()
    {
        const auto service = withRouter(R"({"Hide_Version_Header":true})");
        QVERIFY(service);
        QCOMPARE(match("GET /nope", service->endpoints[0], *service).headers.first("X-Krakend").value_or(""),
                 QByteArray("Version undefined"));
        QCOMPARE(match("GET /__health", service->endpoints[0], *service).takenBy, QByteArray("GET /__health"));
    }

    void headTooLarge_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("status");
        QTest::newRow("asked: 4080 of 100 + 4096") << 4080 << 0;
        QTest::newRow("asked: 5000") << 5000 << 431;
    }
    void headTooLarge()
    {
        QFETCH(int, bytes);
        const auto service = withRouter("{}", ",'max_header_bytes':100");
        QVERIFY(service);
        twin::ClientRequest request;
        request.target = "/token";
        request.headers.append("X-A", QByteArray(bytes, 'y'));
        const twin::RouteAnswer answer = twin::matchRoute(*service, service->endpoints[0], request);
        QTEST(answer.status, "status");
        QCOMPARE(answer.body, answer.status ? QByteArray("431 Request Header Fields Too Large") : QByteArray());
    }

private:
    static std::unique_ptr<gateway::ServiceConfig> withRouter(const QByteArray &router, const QByteArray &more = {})
    {
        const QByteArray backend = "'backend':[{'host':['h'],'url_pattern':'/b'}]}";
        QByteArray text = "{'version':3,'extra_config':{'router':ROUTER},'endpoints':[{'endpoint':'/token','method':'POST'," + backend +
                          ",{'endpoint':'/u/{id}','method':'POST'," + backend;
        for (const char *method : {"PUT", "DELETE", "GET", "PATCH", "POST"})
            text += QByteArray(",{'endpoint':'/dup','method':'") + method + "'," + backend;
        text += ']' + more + '}';
        text.replace('\'', '"').replace("ROUTER", router);
        auto loaded = gateway::load(text, QStringLiteral("krakend.json"));
        return loaded ? std::make_unique<gateway::ServiceConfig>(std::move(loaded).value()) : nullptr;
    }
    twin::RouteAnswer match(const QByteArray &line, const gateway::EndpointConfig &endpoint) const
    {
        return match(line, endpoint, *m_service);
    }
    static twin::RouteAnswer match(const QByteArray &line, const gateway::EndpointConfig &endpoint, const gateway::ServiceConfig &service)
    {
        twin::ClientRequest request;
        const qsizetype blank = line.indexOf(' ');
        request.method = line.first(blank);
        request.target = line.mid(blank + 1);
        return twin::matchRoute(service, endpoint, request);
    }
    std::unique_ptr<gateway::ServiceConfig> m_service;
};

QTEST_GUILESS_MAIN(TestRoute)
#include "tst_route.moc"
