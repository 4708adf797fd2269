// `token-lab send` on every recorded case of the gateway: the JSON object says what the gateway answered.
#include "program.h"

#include "core/json/parse.h"
#include "core/json/writer.h"
#include "tests/support/caseserver.h"

using namespace tokenlab::testsupport;

#include <array>

class GatewayCasesTest : public QObject
{
    Q_OBJECT
    Program m_program;
    GatewayCases m_cases;
    CaseServer m_server;
    std::unique_ptr<Layout> m_layout;
    tokenlab::json::Document m_configuration;

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = loadGatewayCases(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().constData());
        m_cases = std::move(*loaded);
        QVERIFY(m_cases.cases.size() >= 376);
        QVERIFY(m_server.listen());
        m_layout = std::make_unique<Layout>(m_cases.cases, m_server.origin(), m_program.path(QString()).toUtf8(), 8498);
        m_server.serve(m_layout.get());
        for (std::size_t i = 0; i < m_cases.cases.size(); ++i)
            QVERIFY(m_layout->writeFiles(i));
        auto configuration = tokenlab::json::parse(m_layout->configuration());
        QVERIFY(configuration.ok());
        m_configuration = std::move(*configuration);
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
        // A file with this endpoint alone: each run reads all of its file.
        tokenlab::json::Arena arena;
        std::vector<tokenlab::json::Member> members;
        for (const tokenlab::json::Member &member : m_configuration.root().members()) {
            const bool endpoints = member.name == "endpoints";
            const std::array<tokenlab::json::Value, 1> one{member.value.at(i)};
            members.push_back({member.name, endpoints ? arena.array(one) : member.value});
        }
        m_program.write(QStringLiteral("krakend.json"), tokenlab::json::write(arena.object(members)));
        QStringList arguments{QStringLiteral("send"),         QStringLiteral("--json"),     QStringLiteral("--config"),
                              QStringLiteral("krakend.json"), QStringLiteral("--endpoint"), QString::fromUtf8(m_layout->path(i))};
        if (m_cases.cases[i].request) {
            m_program.write(QStringLiteral("request"), *m_cases.cases[i].request);
            arguments << QStringLiteral("--data") << QStringLiteral("@request");
        }
        const Ran ran = m_program.run(arguments);
        const QJsonObject object = onlyObject(ran.out);
        QVERIFY2(!object.isEmpty(), ran.err.constData());
        QCOMPARE(ran.code, object.value(QStringLiteral("verdict")).toString() == QLatin1String("signed") ? 0 : 1);

        const QJsonObject response = object.value(QStringLiteral("response")).toObject();
        Answer answer;
        answer.status = response.value(QStringLiteral("status")).toInt();
        answer.contentType = response.value(QStringLiteral("headers")).toObject().value(QStringLiteral("Content-Type")).toString().toUtf8();
        answer.body = response.contains(QStringLiteral("bodyBase64"))
                          ? QByteArray::fromBase64(response.value(QStringLiteral("bodyBase64")).toString().toLatin1())
                          : response.value(QStringLiteral("body")).toString().toUtf8();
        answer.brokenOff = object.value(QStringLiteral("brokenOff")).toBool();
        for (const QJsonValue &line : object.value(QStringLiteral("log")).toArray())
            answer.log.append(line.toString().toUtf8());
        const QByteArrayList lines = differences(*m_cases.cases[i].expect, m_layout->withPlaceholders(i, answer));
        QVERIFY2(lines.isEmpty(), lines.join("\n").constData());
    }

    // The comparison itself sees a difference.
    void mustFailOnAnotherAnswer()
    {
        Answer other = *m_cases.cases.front().expect;
        other.body += ' ';
        QVERIFY(!differences(*m_cases.cases.front().expect, other).isEmpty());
    }
};

QTEST_GUILESS_MAIN(GatewayCasesTest)
#include "tst_gatewaycases.moc"
