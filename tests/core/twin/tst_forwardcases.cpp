// What the gateway was seen to send to its backends, through twin::matchRoute and twin::forward.
#include "core/json/parse.h"
#include "core/twin/respond.h"
#include "tests/support/forwardcases.h"

#include <QTest>

#include <algorithm>

using namespace tokenlab;
using namespace tokenlab::testsupport;

class TestForwardCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = loadForwardCases(QStringLiteral(TOKENLAB_TEST_DATA "/forward-cases.json"));
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().constData());
        m_cases = std::move(*loaded);
        QVERIFY(m_cases.size() >= 38);
        auto service = gateway::load(forwardConfiguration(m_cases, m_origin), QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        m_service = std::make_unique<gateway::ServiceConfig>(std::move(*service));
    }

    void sendsAsRecorded_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::newRow(("forward-cases: " + m_cases[i].name).constData()) << int(i);
    }
    void sendsAsRecorded()
    {
        QFETCH(int, index);
        const auto i = std::size_t(index);
        const ForwardCase &c = m_cases[i];
        const gateway::EndpointConfig &endpoint = m_service->endpoints[i];
        const twin::ClientRequest request = forwardRequest(c, i);
        const twin::RouteAnswer route = twin::matchRoute(*m_service, endpoint, request);
        QCOMPARE(route.takenBy, QByteArray());
        if (c.backends.empty()) {
            QCOMPARE(route.status, c.status);
            QCOMPARE(route.body, c.body);
            QByteArray location = c.location;
            QCOMPARE(route.location, location.replace("{{endpoint}}", forwardPath(i)));
            return;
        }
        QCOMPARE(route.status, 0);
        QCOMPARE(endpoint.backends.size(), c.backends.size());
        const auto reply = json::parse(forwardReplyBody());
        std::vector<json::Value> previous;
        for (std::size_t k = 0; k < c.backends.size(); ++k) {
            const twin::BackendRequest sent = twin::forward(endpoint, k, request, route, previous);
            QCOMPARE(sent.error, QByteArray());
            QVERIFY2(sent.request.url.startsWith(m_origin), sent.request.url.constData());
            const SeenRequest actual =
                seen(sent.request.method, sent.request.url.mid(m_origin.size()), sent.request.headers, sent.request.body, i);
            const QByteArrayList lines = differences(c.backends[k], actual, Extent::Message);
            QVERIFY2(lines.isEmpty(), lines.join("\n").constData());
            previous.push_back(reply->root());
        }
    }

    // Asked: only a forwarded Content-Length gives the backend's request a length.
    void forwardedLength_data()
    {
        QTest::addColumn<QByteArray>("inputHeaders");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("chunked"); // from the client
        QTest::addColumn<QByteArray>("length");
        QTest::newRow("not listed") << QByteArray("[]") << QByteArray("{}") << false << QByteArray("-");
        QTest::newRow("all") << QByteArray("[\"*\"]") << QByteArray("{}") << false << QByteArray("2");
        QTest::newRow("listed") << QByteArray("[\"Content-Length\"]") << QByteArray("{}") << false << QByteArray("2");
        QTest::newRow("others listed") << QByteArray("[\"Content-Type\"]") << QByteArray("{}") << false << QByteArray("-");
        QTest::newRow("no body") << QByteArray("[\"*\"]") << QByteArray() << false << QByteArray("-");
        QTest::newRow("in chunks") << QByteArray("[\"*\"]") << QByteArray("{}") << true << QByteArray("-");
    }
    void forwardedLength()
    {
        QFETCH(QByteArray, inputHeaders);
        QFETCH(QByteArray, body);
        QFETCH(bool, chunked);
        const auto service =
            gateway::load("{\"version\":3,\"endpoints\":[{\"endpoint\":\"/t\",\"method\":\"POST\",\"input_headers\":" + inputHeaders +
                              ",\"backend\":[{\"host\":[\"http://h\"],\"url_pattern\":\"/\"}]}]}",
                          QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        twin::ClientRequest request;
        request.method = "POST";
        request.target = "/t";
        request.body = body;
        if (chunked)
            request.headers.append("Transfer-Encoding", "Chunked");
        const auto route = twin::matchRoute(*service, service->endpoints.front(), request);
        const twin::BackendRequest sent = twin::forward(service->endpoints.front(), 0, request, route, {});
        QTEST(sent.request.headers.first("Content-Length").value_or("-"), "length");
        QVERIFY(sent.dropped.empty());
    }

    void namesWhatIsDropped_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArrayList>("dropped");
        QTest::newRow("forward-cases: query dropped") << QByteArray("query dropped")
                                                      << QByteArrayList{"User-Agent: curl/8 input_headers", "Accept: */* input_headers",
                                                                        "token=true input_query_strings", "x=1 input_query_strings"};
        QTest::newRow("forward-cases: headers star") << QByteArray("headers star") << QByteArrayList{};
        QTest::newRow("forward-cases: cookie listed") << QByteArray("cookie listed")
                                                      << QByteArrayList{"Accept: */* input_headers",
                                                                        "Accept-Language: de input_headers",
                                                                        "Authorization: Bearer x input_headers",
                                                                        "Content-Type: application/json input_headers",
                                                                        "User-Agent: curl/8 input_headers",
                                                                        "X-Custom: 1 input_headers",
                                                                        "X-Custom: 2 input_headers"};
    }
    void namesWhatIsDropped()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArrayList, dropped);
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            if (m_cases[i].name != name)
                continue;
            const twin::ClientRequest request = forwardRequest(m_cases[i], i);
            const twin::RouteAnswer route = twin::matchRoute(*m_service, m_service->endpoints[i], request);
            QByteArrayList lines;
            for (const twin::Dropped &one : twin::forward(m_service->endpoints[i], 0, request, route).dropped)
                lines.append(one.name + (one.kind == twin::Dropped::Query ? "=" : ": ") + one.value + ' ' + one.fix);
            std::sort(lines.begin(), lines.end());
            std::sort(dropped.begin(), dropped.end());
            QCOMPARE(lines, dropped);
            return;
        }
        QFAIL("no such case");
    }

    void comparisonSees()
    {
        const SeenRequest right = m_cases.front().backends.front();
        SeenRequest wrong = right;
        wrong.target += "?x";
        wrong.headers.push_back({"X-More", "1"});
        QCOMPARE(differences(right, right, Extent::Wire).size(), 0);
        QCOMPARE(differences(right, wrong, Extent::Wire).size(), 2);
    }

private:
    const QByteArray m_origin = "http://127.0.0.1:8499";
    std::vector<ForwardCase> m_cases;
    std::unique_ptr<gateway::ServiceConfig> m_service;
};

QTEST_GUILESS_MAIN(TestForwardCases)
#include "tst_forwardcases.moc"
