// The pairs of validator and token whose status the real gateway gave, played by the pure twin.
#include "tests/support/validatorcases.h"

#include <QFile>
#include <QTest>

using namespace tokenlab;
using namespace tokenlab::testsupport;

Q_DECLARE_METATYPE(std::size_t)

class TestValidatorCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recorded_data() { rows(QStringLiteral("validator-cases.json"), 240); }
    void recorded() { compare(); }

    void asked_data() { rows(QStringLiteral("validator-asked.json"), 0); }
    void asked() { compare(); }

    // A twin whose clock stands in the next century must differ.
    void aWrongClockIsFound()
    {
        load(QStringLiteral("validator-cases.json"));
        int differences = 0;
        for (std::size_t i = 0; i < m_cases.cases.size(); ++i)
            differences +=
                playValidator(*m_service, m_cases.cases[i], i, Instant{5'000'000'000}).verdict.status != *m_cases.cases[i].status;
        QVERIFY(differences > 10);
    }

private:
    void load(const QString &name)
    {
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/") + name);
        QVERIFY(file.open(QIODevice::ReadOnly));
        auto loaded = parseValidatorCases(file.readAll());
        QVERIFY(loaded.ok());
        m_cases = std::move(*loaded);
        // The times of the older file lie far in the past or the future; the younger one names its moment.
        m_now = Instant{m_cases.now > 0 ? m_cases.now : 1'790'000'000};
        auto service = gateway::load(validatorConfiguration(m_cases.cases, "http://keys.test", "/cases", 8080), QStringLiteral("k.json"));
        QVERIFY2(service.ok(), service ? "" : service.error().text.constData());
        m_service = std::move(*service);
    }

    void rows(const QString &name, std::size_t wanted)
    {
        QTest::addColumn<std::size_t>("index");
        load(name);
        if (wanted > 0)
            QCOMPARE(m_cases.cases.size(), wanted);
        for (std::size_t i = 0; i < m_cases.cases.size(); ++i)
            QTest::addRow("%s, %d", m_cases.cases[i].name.constData(), int(i)) << i;
    }

    void compare()
    {
        QFETCH(std::size_t, index);
        const ValidatorCase &c = m_cases.cases[index];
        const ValidatorPlay played = playValidator(*m_service, c, index, m_now);
        const twin::ValidatorVerdict &verdict = played.verdict;
        if (verdict.passed() && *c.status == 500) {
            // A claim that no header or URL can carry: noticed when the backend is asked.
            QVERIFY(!playForward(*m_service, c, index, played).error.isEmpty());
            return;
        }
        QVERIFY2(verdict.status == *c.status, QByteArray(verdict.gatewayText + " (" + verdict.rule + ')').constData());
        if (c.log && !verdict.textIsOneOfMany) {
            const QByteArray level = played.state.error ? "WARNING" : "ERROR";
            const QByteArray prefix = level + " [ENDPOINT: /c" + QByteArray::number(qulonglong(index)) + "][JWTValidator] ";
            const QByteArray line = played.state.error    ? played.state.error->logLine
                                    : verdict.log.empty() ? QByteArray()
                                                          : verdict.log.front();
            // What was recorded is text: bytes that are none became the replacement character.
            QCOMPARE(QString::fromUtf8(line).toUtf8(), c.log->isEmpty() ? QByteArray() : prefix + *c.log);
        }
        QCOMPARE(verdict.decided == twin::ValidatorRule::Passed, verdict.status == 200);
        QCOMPARE(verdict.rule.isEmpty(), verdict.status == 200);
    }

    ValidatorCases m_cases;
    std::optional<gateway::ServiceConfig> m_service;
    Instant m_now;
};

QTEST_GUILESS_MAIN(TestValidatorCases)
#include "tst_validatorcases.moc"
