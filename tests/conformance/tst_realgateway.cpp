// The twin beside a real KrakenD on generated configurations and payloads. TOKENLAB_KRAKEND names the binary (else `krakend` of the PATH),
// TOKENLAB_RANDOM_CASES how many, TOKENLAB_SEED which. A difference is made small before it is printed.
#include "tests/support/caseserver.h"
#include "tests/support/randomcases.h"
#include "tests/support/realgateway.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <random>

using namespace tokenlab;
using namespace tokenlab::testsupport;

namespace {

struct Comparison {
    QByteArrayList differences;
    bool randomOrder = false; // the gateway has a choice here: not compared
};

// What is compared with the gateway; another one stands in where a wrong twin must be found.
using Twin = std::function<Answer(const twin::Outcome &)>;

bool notes(const twin::Outcome &outcome, const char *what)
{
    return std::any_of(outcome.notes.begin(), outcome.notes.end(), [what](const QByteArray &note) { return note.contains(what); });
}

bool choosesAtRandom(const twin::Outcome &outcome)
{
    return notes(outcome, "random order") || notes(outcome, "answers last") || notes(outcome, "leaves to chance");
}

// A log is read back as text, so bytes that are none are compared as the replacement character; and errors of backends that answer at
// the same time come in any order.
Answer settled(Answer answer)
{
    for (QByteArray &line : answer.log) {
        line = QString::fromUtf8(line).toUtf8();
        const qsizetype at = line.indexOf("Proxy response: ");
        if (at < 0)
            continue;
        const qsizetype from = at + qsizetype(qstrlen("Proxy response: "));
        QByteArrayList lines = line.mid(from).split('\n');
        std::sort(lines.begin(), lines.end());
        line = line.first(from) + lines.join('\n');
    }
    return answer;
}

} // namespace

class TestRealGateway : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (RealGateway::find().isEmpty()) {
            if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
                QFAIL("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
            QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
        }
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_keys = recordedKeys(file.readAll());
        QCOMPARE(m_keys.size(), std::size_t(9));
        QVERIFY(m_server.listen());
    }

    // The recorded cases once more, so that a changed gateway is noticed apart from random ones.
    void recordedAnswersStillHold()
    {
        auto loaded = loadGatewayCases(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
        QVERIFY(loaded.ok());
        std::vector<Answer> answers;
        ask(loaded->cases, answers);
        if (QTest::currentTestFailed())
            return;
        QByteArrayList lines;
        for (std::size_t i = 0; i < answers.size(); ++i)
            for (const QByteArray &line : differences(*loaded->cases[i].expect, answers[i]))
                lines.append(loaded->cases[i].name + ": " + line);
        QVERIFY2(lines.isEmpty(), lines.join("\n").constData());
    }

    void randomCases()
    {
        const int wanted = qEnvironmentVariableIsSet("TOKENLAB_RANDOM_CASES") ? qEnvironmentVariableIntValue("TOKENLAB_RANDOM_CASES") : 100;
        const quint64 seed =
            qEnvironmentVariableIsSet("TOKENLAB_SEED") ? qEnvironmentVariable("TOKENLAB_SEED").toULongLong() : std::random_device{}();
        qInfo("TOKENLAB_SEED=%llu TOKENLAB_RANDOM_CASES=%d", static_cast<unsigned long long>(seed), wanted);
        RandomCases random(seed, m_keys);
        int free = 0, answered = 0, good = 0;
        QByteArrayList reports;
        for (int done = 0; done < wanted;) {
            std::vector<QByteArray> texts;
            for (; done < wanted && texts.size() < 1000; ++done)
                texts.push_back(random.next());
            std::vector<Comparison> results;
            compare(texts, answerOf, results, &good);
            if (QTest::currentTestFailed())
                return;
            for (std::size_t i = 0; i < results.size(); ++i) {
                ++answered;
                free += results[i].randomOrder;
                if (results[i].differences.isEmpty() || reports.size() >= 5)
                    continue;
                QByteArray small = texts[i];
                QByteArrayList lines = results[i].differences;
                qInfo("difference: %s\ncase: %s", lines.join("\n").constData(), small.constData());
                shrink(small, lines, answerOf);
                reports.append(lines.join("\n") + "\nsmall case: " + small);
            }
        }
        qInfo("%d cases, %d of them answered with 200, %d left to chance by the gateway", answered, good, free);
        QVERIFY2(reports.isEmpty(), reports.join("\n\n").constData());
        QVERIFY2(free * 4 < answered, "too many cases are left to chance to say much");
        QVERIFY2(good * 4 > answered, "too few cases are signed to say much");
    }

    // A twin that forgets one escape must be found, and the case that shows it made small.
    void findsAWrongTwin()
    {
        const Twin wrong = [](const twin::Outcome &outcome) {
            Answer answer = answerOf(outcome);
            answer.body.replace("\\u003c", "<");
            return answer;
        };
        RandomCases random(1, m_keys);
        std::vector<QByteArray> texts;
        for (int i = 0; i < 150; ++i)
            texts.push_back(random.next());
        std::vector<Comparison> results;
        compare(texts, wrong, results, nullptr);
        if (QTest::currentTestFailed())
            return;
        const auto found = std::find_if(results.begin(), results.end(), [](const Comparison &c) { return !c.differences.isEmpty(); });
        QVERIFY2(found != results.end(), "the wrong twin went unnoticed");
        QByteArray small = texts[std::size_t(found - results.begin())];
        const qsizetype before = small.size();
        QByteArrayList lines = found->differences;
        m_shrinkMs = 0;
        shrink(small, lines, wrong);
        QVERIFY(small.size() < before);
        QVERIFY2(small.size() < 2500, small.constData());
    }

private:
    // One gateway process for all cases. The answers carry placeholders.
    void ask(const std::vector<GatewayCase> &cases, std::vector<Answer> &answers)
    {
        RealGateway gateway;
        const Layout layout(cases, m_server.origin(), gateway.folder(), gateway.port());
        m_server.serve(&layout);
        for (std::size_t i = 0; i < cases.size(); ++i)
            QVERIFY(layout.writeFiles(i));
        QVERIFY(gateway.start(layout.configuration()));
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 120000);
        QVERIFY2(!gateway.hasEnded(), gateway.output().right(3000).constData());
        answers.resize(cases.size());
        for (std::size_t i = 0; i < cases.size(); ++i) {
            twin::ClientRequest request;
            const json::Value method = cases[i].endpoint.find("method");
            request.method = method.exists() ? method.bytes().toUpper() : QByteArray("GET");
            request.target = layout.path(i);
            request.body = cases[i].request.value_or(QByteArray());
            // The line in the log is written a moment before the port is open.
            for (int attempt = 0; attempt < 100 && answers[i].status == 0; ++attempt) {
                RawExchange exchange(gateway.port(), request);
                QSignalSpy done(&exchange, &RawExchange::done);
                QVERIFY(exchange.isDone() || done.wait(20000));
                answers[i] = exchange.answer();
            }
        }
        // The access log of one more request: all lines before it have arrived.
        twin::ClientRequest last;
        last.method = "GET";
        last.target = "/the-end";
        RawExchange exchange(gateway.port(), last);
        QTRY_VERIFY_WITH_TIMEOUT(gateway.output().contains("/the-end") || gateway.hasEnded(), 20000);
        const auto logs = gateway.logs();
        for (std::size_t i = 0; i < cases.size(); ++i) {
            if (const auto found = logs.find(layout.path(i)); found != logs.end())
                answers[i].log = found->second;
            answers[i] = layout.withPlaceholders(i, answers[i]);
        }
        m_server.serve(nullptr);
    }

    void compare(const std::vector<QByteArray> &texts, const Twin &twin, std::vector<Comparison> &results, int *good)
    {
        QByteArrayList list;
        for (const QByteArray &text : texts)
            list.append(text);
        auto parsed = parseGatewayCases('[' + list.join(",\n") + ']');
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().constData());
        const std::vector<GatewayCase> &cases = parsed->cases;
        std::vector<Answer> answers;
        ask(cases, answers);
        if (QTest::currentTestFailed())
            return;
        const Layout layout(cases, m_server.origin(), "/cases", 8498);
        const auto service = gateway::load(layout.configuration(), QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const twin::Outcome outcome = playPure(*service, layout, cases, i);
            Comparison &result = results.emplace_back();
            result.randomOrder = choosesAtRandom(outcome);
            if (good && answers[i].status == 200)
                ++*good;
            if (!result.randomOrder)
                result.differences = differences(settled(answers[i]), settled(layout.withPlaceholders(i, twin(outcome))));
        }
    }

    // As long as some smaller variant still differs, and there is time: a minute for all differences together.
    void shrink(QByteArray &text, QByteArrayList &lines, const Twin &twin)
    {
        const qint64 budgetMs =
            qEnvironmentVariableIsSet("TOKENLAB_SHRINK_MS") ? qEnvironmentVariableIntValue("TOKENLAB_SHRINK_MS") : 60000;
        QElapsedTimer clock;
        clock.start();
        const auto over = [&] { return m_shrinkMs + clock.elapsed() > budgetMs; };
        for (bool smaller = true; smaller && !over();) {
            smaller = false;
            const std::vector<QByteArray> candidates = smallerCases(text);
            for (std::size_t from = 0; from < candidates.size() && !smaller && !over(); from += 120) {
                const std::vector<QByteArray> some(candidates.begin() + std::ptrdiff_t(from),
                                                   candidates.begin() + std::ptrdiff_t(std::min(candidates.size(), from + 120)));
                std::vector<Comparison> results;
                compare(some, twin, results, nullptr);
                if (QTest::currentTestFailed())
                    return;
                for (std::size_t i = 0; i < results.size(); ++i) {
                    if (results[i].differences.isEmpty() || some[i].size() >= text.size())
                        continue;
                    text = some[i];
                    lines = results[i].differences;
                    smaller = true;
                    break;
                }
            }
        }
        m_shrinkMs += clock.elapsed();
    }

    qint64 m_shrinkMs = 0;
    CaseServer m_server;
    std::vector<RandomKey> m_keys;
};

QTEST_GUILESS_MAIN(TestRealGateway)
#include "tst_realgateway.moc"
