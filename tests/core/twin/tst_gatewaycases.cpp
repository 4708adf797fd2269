// The recorded answers of the gateway through the pure twin, without a network.
#include "tests/support/gatewaycases.h"

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
        m_layout = std::make_unique<Layout>(m_cases.cases, "http://127.0.0.1:8499", "/cases", 8498);
        auto service = gateway::load(m_layout->configuration(), QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        m_service = std::make_unique<gateway::ServiceConfig>(std::move(*service));
        QCOMPARE(m_service->endpoints.size(), m_cases.cases.size());
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
        const Answer answer = m_layout->withPlaceholders(i, answerOf(playPure(*m_service, *m_layout, m_cases.cases, i)));
        const QByteArrayList lines = differences(*m_cases.cases[i].expect, answer);
        QVERIFY2(lines.isEmpty(), lines.join("\n").constData());
    }

    // The comparison must see each kind of difference, else the rows above say nothing.
    void comparisonSees_data()
    {
        QTest::addColumn<QByteArray>("what");
        for (const char *what : {"status", "content type", "body", "broken off", "log"})
            QTest::newRow(what) << QByteArray(what);
    }
    void comparisonSees()
    {
        QFETCH(QByteArray, what);
        const Answer right = *m_cases.cases.front().expect;
        Answer wrong = right;
        if (what == "status")
            wrong.status = 201;
        else if (what == "content type")
            wrong.contentType = "application/json";
        else if (what == "body")
            wrong.body.replace("eyJ", "eyK");
        else if (what == "broken off")
            wrong.brokenOff = true;
        else
            wrong.log.append("ERROR x");
        QCOMPARE(differences(right, right).size(), 0);
        QCOMPARE(differences(right, wrong).size(), 1);
        QVERIFY(differences(right, wrong).first().startsWith(what));
    }

private:
    GatewayCases m_cases;
    std::unique_ptr<Layout> m_layout;
    std::unique_ptr<gateway::ServiceConfig> m_service;
};

QTEST_GUILESS_MAIN(TestGatewayCases)
#include "tst_gatewaycases.moc"
