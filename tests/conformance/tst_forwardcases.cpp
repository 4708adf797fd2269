// What the gateway was seen to send to its backends, over the network: with every header of the transport but Host, which is the test's
// own.
#include "core/lab/run.h"
#include "core/playground/server.h"
#include "tests/support/forwardcases.h"

#include <QSignalSpy>
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
        QVERIFY(m_server.listen().ok());
        auto service = gateway::load(forwardConfiguration(m_cases, m_server.origin()), QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        m_service = std::make_shared<const gateway::ServiceConfig>(std::move(*service));
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
        std::optional<twin::SignerState> signer;
        lab::GatewayStart start(m_service, i, {}, {});
        connect(&start, &lab::GatewayStart::finished, this, [&signer](const twin::SignerState &state) { signer = state; });
        QSignalSpy started(&start, &lab::GatewayStart::finished);
        start.start();
        QVERIFY(started.wait(10000));

        const std::size_t before = m_server.received().size();
        lab::RunInput input;
        input.service = m_service;
        input.endpoint = i;
        input.signer = *signer;
        input.request = forwardRequest(c, i);
        std::optional<twin::Outcome> outcome;
        lab::Run run(input);
        connect(&run, &lab::Run::finished, this, [&outcome](const twin::Outcome &result) { outcome = result; });
        QSignalSpy finished(&run, &lab::Run::finished);
        run.start();
        QVERIFY(finished.wait(10000));

        QCOMPARE(outcome->response.status, c.status);
        QCOMPARE(outcome->response.body, c.body);
        std::vector<playground::ServerRequest> received(m_server.received().begin() + qsizetype(before), m_server.received().end());
        QCOMPARE(received.size(), c.backends.size());
        // Parallel backends may be asked in any order.
        std::sort(received.begin(), received.end(), [](const auto &a, const auto &b) { return a.target < b.target; });
        for (std::size_t k = 0; k < received.size(); ++k) {
            const playground::ServerRequest &one = received[k];
            const SeenRequest actual = seen(one.method, one.target, one.headers, one.body, i);
            const QByteArrayList lines = differences(c.backends[k], actual, Extent::Wire);
            QVERIFY2(lines.isEmpty(), lines.join("\n").constData());
        }
    }

private:
    std::vector<ForwardCase> m_cases;
    playground::Server m_server{[](const playground::ServerRequest &request) {
        playground::Script script;
        script.headers.append("Content-Type", "application/json");
        script.body = request.target == "/jwk" ? forwardKeySet() : forwardReplyBody();
        return script;
    }};
    std::shared_ptr<const gateway::ServiceConfig> m_service;
};

QTEST_GUILESS_MAIN(TestForwardCases)
#include "tst_forwardcases.moc"
