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

private:
    twin::RouteAnswer match(const QByteArray &line, const gateway::EndpointConfig &endpoint)
    {
        twin::ClientRequest request;
        const qsizetype blank = line.indexOf(' ');
        request.method = line.first(blank);
        request.target = line.mid(blank + 1);
        return twin::matchRoute(*m_service, endpoint, request);
    }
    std::unique_ptr<gateway::ServiceConfig> m_service;
};

QTEST_GUILESS_MAIN(TestRoute)
#include "tst_route.moc"
