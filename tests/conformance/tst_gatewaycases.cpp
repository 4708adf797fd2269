// The recorded answers of the gateway through the lab: real files, real loopback servers, one run after another.
#include "core/lab/run.h"
#include "tests/support/caseserver.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;
using namespace tokenlab::testsupport;

class TestGatewayCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = loadGatewayCases(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().constData());
        m_cases = std::move(*loaded);
        QVERIFY(m_cases.cases.size() >= 376);
        QVERIFY(m_folder.isValid());
        QVERIFY(m_server.listen());
        m_layout = std::make_unique<Layout>(m_cases.cases, m_server.origin(), m_folder.path().toUtf8(), 8498);
        m_server.serve(m_layout.get());
        for (std::size_t i = 0; i < m_cases.cases.size(); ++i)
            QVERIFY(m_layout->writeFiles(i));
        auto service = gateway::load(m_layout->configuration(), QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        m_service = std::make_shared<const gateway::ServiceConfig>(std::move(*service));
    }

    void answersAsRecorded_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_cases.cases.size(); ++i)
            QTest::newRow(("gateway-cases: " + m_cases.cases[i].name).constData()) << int(i);
    }
    void answersAsRecorded()
    {
        QFETCH(int, index);
        const auto i = std::size_t(index);
        std::optional<twin::SignerState> signer;
        lab::GatewayStart start(m_service, i, {}, {});
        connect(&start, &lab::GatewayStart::finished, this, [&signer](const twin::SignerState &state) { signer = state; });
        QSignalSpy started(&start, &lab::GatewayStart::finished);
        start.start();
        QVERIFY(started.wait(10000));

        lab::RunInput input;
        input.service = m_service;
        input.endpoint = i;
        input.signer = *signer;
        input.request = clientRequest(*m_service, *m_layout, m_cases.cases[i], i);
        std::optional<twin::Outcome> outcome;
        lab::Run run(input);
        connect(&run, &lab::Run::finished, this, [&outcome](const twin::Outcome &result) { outcome = result; });
        QSignalSpy finished(&run, &lab::Run::finished);
        run.start();
        QVERIFY(finished.wait(10000));

        const Answer answer = m_layout->withPlaceholders(i, answerOf(*outcome));
        const QByteArrayList lines = differences(*m_cases.cases[i].expect, answer);
        QVERIFY2(lines.isEmpty(), lines.join("\n").constData());
    }

private:
    GatewayCases m_cases;
    QTemporaryDir m_folder;
    CaseServer m_server;
    std::unique_ptr<Layout> m_layout;
    std::shared_ptr<const gateway::ServiceConfig> m_service;
};

QTEST_GUILESS_MAIN(TestGatewayCases)
#include "tst_gatewaycases.moc"
