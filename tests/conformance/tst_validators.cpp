// The validator's twin beside a real KrakenD on random pairs of configuration and token: status, log line, and what a backend is sent
// behind it. TOKENLAB_KRAKEND names the binary, TOKENLAB_RANDOM_CASES how many pairs, TOKENLAB_SEED which; TOKENLAB_KEEP names a file that
// gets the pairs with their answers.
#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/playground/server.h"
#include "core/support/url.h"
#include "tests/support/randomvalidators.h"
#include "tests/support/realgateway.h"
#include "tests/support/validatorcases.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace tokenlab;
using namespace tokenlab::testsupport;

namespace {

struct Seen {
    int status = 0;
    QByteArray log;  // after the prefix; empty: none
    QByteArray sent; // target and the propagated headers, as the backend got them
};

QByteArray sentText(const QByteArray &target, const http::HeaderList &headers)
{
    QByteArrayList lines;
    for (const http::Header &header : headers)
        if (header.name.startsWith("X-P"))
            lines.append(header.name + ": " + header.value);
    std::stable_sort(lines.begin(), lines.end(), [](const QByteArray &a, const QByteArray &b) { return a.left(4) < b.left(4); });
    return target + '\n' + lines.join('\n');
}

// What follows the component's prefix; the signer's and the router's own lines are no part of this.
QByteArray ownLine(const QByteArrayList &lines)
{
    for (const QByteArray &line : lines) {
        const qsizetype at = line.indexOf("][JWTValidator] ");
        if (at >= 0)
            return line.mid(at + qsizetype(qstrlen("][JWTValidator] ")));
    }
    return {};
}

} // namespace

class TestValidators : public QObject
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

    void randomPairs()
    {
        const int wanted = qEnvironmentVariableIsSet("TOKENLAB_RANDOM_CASES") ? qEnvironmentVariableIntValue("TOKENLAB_RANDOM_CASES") : 100;
        const quint64 seed =
            qEnvironmentVariableIsSet("TOKENLAB_SEED") ? qEnvironmentVariable("TOKENLAB_SEED").toULongLong() : std::random_device{}();
        qInfo("TOKENLAB_SEED=%llu TOKENLAB_RANDOM_CASES=%d", static_cast<unsigned long long>(seed), wanted);
        const Instant now = systemNow();
        RandomValidators random(seed, m_keys, now.secondsSinceEpoch);
        std::map<int, int> byStatus;
        QByteArrayList reports, kept;
        QList<std::pair<QByteArray, QByteArray>> wrong; // case, differences
        int logs = 0, forwarded = 0;
        for (int done = 0; done < wanted;) {
            QByteArrayList texts;
            for (; done < wanted && texts.size() < 1000; ++done)
                texts.append(random.next());
            const auto parsed = parseValidatorCases("{\"cases\":[" + texts.join(",\n") + "]}");
            QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().constData());
            std::vector<Seen> gateway, twin;
            ask(parsed->cases, gateway);
            if (QTest::currentTestFailed())
                return;
            std::vector<bool> comparableLog;
            play(parsed->cases, now, twin, comparableLog);
            if (QTest::currentTestFailed())
                return;
            for (std::size_t i = 0; i < gateway.size(); ++i) {
                ++byStatus[gateway[i].status];
                kept.append(answered(texts[qsizetype(i)], gateway[i]));
                if (comparableLog[i] && !gateway[i].log.isEmpty())
                    ++logs;
                forwarded += !gateway[i].sent.isEmpty();
                const QByteArray lines = differences(gateway[i], twin[i], comparableLog[i]);
                if (lines.isEmpty() || wrong.size() >= 5)
                    continue;
                qInfo("difference: %s\ncase: %s", lines.constData(), texts[qsizetype(i)].constData());
                wrong.append({texts[qsizetype(i)], lines});
            }
        }
        for (auto &[text, lines] : wrong) {
            shrink(text, lines, now);
            reports.append(lines + "\nsmall case: " + text);
        }
        QByteArray counts;
        for (const auto &[status, count] : byStatus)
            counts += ' ' + QByteArray::number(status) + ": " + QByteArray::number(count) + ',';
        qInfo("%d pairs;%s log lines compared: %d, forwarded requests compared: %d", wanted, counts.constData(), logs, forwarded);
        if (const QString keep = qEnvironmentVariable("TOKENLAB_KEEP"); !keep.isEmpty()) {
            QFile file(keep);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("{\"gateway\":\"KrakenD CE 2.13.8\",\"now\":" + QByteArray::number(now.secondsSinceEpoch) + ",\"cases\":[\n" +
                       kept.join(",\n") + "\n]}\n");
        }
        QVERIFY2(reports.isEmpty(), reports.join("\n\n").constData());
        QVERIFY2(byStatus[200] * 12 > wanted, "too few tokens pass to say much");
        if (wanted >= 1000) {
            QVERIFY2(byStatus[403] > 20, "too few tokens lack rights to say much");
            QVERIFY2(byStatus[500] > 5, "too few panics to say much");
        }
    }

    // A twin without leeway, and one that takes any signature for good, must be found.
    void findsAWrongTwin()
    {
        const Instant now = systemNow();
        RandomValidators random(7, m_keys, now.secondsSinceEpoch);
        QByteArrayList texts;
        for (int i = 0; i < 100; ++i)
            texts.append(random.next());
        const auto parsed = parseValidatorCases("{\"cases\":[" + texts.join(",\n") + "]}");
        QVERIFY(parsed.ok());
        std::vector<Seen> gateway, late;
        ask(parsed->cases, gateway);
        if (QTest::currentTestFailed())
            return;
        std::vector<bool> comparable;
        play(parsed->cases, Instant{now.secondsSinceEpoch + 4'000'000'000}, late, comparable);
        int found = 0;
        for (std::size_t i = 0; i < gateway.size(); ++i)
            found += !differences(gateway[i], late[i], comparable[i]).isEmpty();
        QVERIFY2(found > 0, "a twin that lives in another century went unnoticed");
        for (std::size_t i = 0; i < gateway.size(); ++i) {
            QByteArray lines = differences(gateway[i], late[i], comparable[i]), small = texts[qsizetype(i)];
            if (lines.isEmpty())
                continue;
            shrink(small, lines, Instant{now.secondsSinceEpoch + 4'000'000'000});
            qInfo("%d bytes shrunk to %d: %s", int(texts[qsizetype(i)].size()), int(small.size()), small.constData());
            QVERIFY2(small.size() < texts[qsizetype(i)].size(), small.constData());
            QVERIFY(!lines.isEmpty());
            return;
        }
    }

private:
    // As long as some smaller variant still differs, and there is time: a minute for all together. `then`: when the twin lives.
    void shrink(QByteArray &text, QByteArray &lines, Instant then)
    {
        const qint64 budgetMs =
            qEnvironmentVariableIsSet("TOKENLAB_SHRINK_MS") ? qEnvironmentVariableIntValue("TOKENLAB_SHRINK_MS") : 60000;
        QElapsedTimer clock;
        clock.start();
        for (bool smaller = true; smaller && m_shrinkMs + clock.elapsed() < budgetMs;) {
            smaller = false;
            QByteArrayList candidates;
            for (const QByteArray &candidate : smallerValidatorCases(text))
                if (candidate.size() < text.size() && starts(candidate))
                    candidates.append(candidate);
            const auto parsed = parseValidatorCases("{\"cases\":[" + candidates.join(",\n") + "]}");
            if (candidates.isEmpty() || !parsed)
                break;
            std::vector<Seen> gateway, twin;
            std::vector<bool> comparable;
            ask(parsed->cases, gateway);
            play(parsed->cases, then, twin, comparable);
            if (QTest::currentTestFailed())
                return;
            for (std::size_t i = 0; i < gateway.size() && !smaller; ++i) {
                const QByteArray still = differences(gateway[i], twin[i], comparable[i]);
                if (still.isEmpty())
                    continue;
                text = candidates[qsizetype(i)];
                lines = still;
                smaller = true;
            }
        }
        m_shrinkMs += clock.elapsed();
    }

    // What ends the gateway at its start cannot be asked.
    static bool starts(const QByteArray &text)
    {
        const auto parsed = parseValidatorCases("{\"cases\":[" + text + "]}");
        if (!parsed)
            return false;
        const auto service =
            gateway::load(validatorConfiguration(parsed->cases, "http://127.0.0.1:10", "/cases", 8498), QStringLiteral("krakend.json"));
        if (!service)
            return false;
        const ValidatorPlay played = playValidator(*service, parsed->cases.front(), 0, Instant{0});
        return !(played.state.error && played.state.error->endsGateway());
    }

    static QByteArray differences(const Seen &gateway, const Seen &twin, bool withLog)
    {
        QByteArrayList lines;
        if (gateway.status != twin.status)
            lines.append("status: gateway " + QByteArray::number(gateway.status) + " (" + gateway.log + "), twin " +
                         QByteArray::number(twin.status) + " (" + twin.log + ')');
        else if (withLog && gateway.log != twin.log)
            lines.append("log: gateway \"" + gateway.log + "\", twin \"" + twin.log + '"');
        if (gateway.status == twin.status && gateway.sent != twin.sent)
            lines.append("sent: gateway \"" + gateway.sent + "\", twin \"" + twin.sent + '"');
        return lines.join('\n');
    }

    static QByteArray answered(const QByteArray &text, const Seen &seen)
    {
        return text.chopped(1) + ",\"expect\":{\"status\":" + QByteArray::number(seen.status) + ",\"log\":" + jsonString(seen.log) + "}}";
    }

    void ask(const std::vector<ValidatorCase> &cases, std::vector<Seen> &answers)
    {
        RealGateway gateway;
        m_cases = &cases;
        m_received.clear();
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const QString folder = QString::fromUtf8(gateway.folder()) + QStringLiteral("/case%1").arg(i);
            for (const auto &[name, content] : cases[i].files) {
                QVERIFY(QDir().mkpath(folder));
                QFile file(folder + QLatin1Char('/') + QString::fromUtf8(name));
                QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
            }
        }
        QVERIFY(gateway.start(validatorConfiguration(cases, m_server.origin(), gateway.folder(), gateway.port())));
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 120000);
        QVERIFY2(!gateway.hasEnded(), gateway.output().right(3000).constData());
        answers.resize(cases.size());
        for (std::size_t i = 0; i < cases.size(); ++i) {
            // The line in the log is written a moment before the port is open.
            for (int attempt = 0; attempt < 100 && answers[i].status == 0; ++attempt) {
                RawExchange exchange(gateway.port(), validatorRequest(cases[i], i));
                QSignalSpy done(&exchange, &RawExchange::done);
                QVERIFY(exchange.isDone() || done.wait(20000));
                answers[i].status = exchange.answer().status;
            }
        }
        twin::ClientRequest last;
        last.method = "GET";
        last.target = "/the-end";
        RawExchange exchange(gateway.port(), last);
        QTRY_VERIFY_WITH_TIMEOUT(gateway.output().contains("/the-end") || gateway.hasEnded(), 20000);
        const auto logs = gateway.logs();
        for (std::size_t i = 0; i < cases.size(); ++i) {
            if (const auto found = logs.find("/c" + QByteArray::number(qulonglong(i))); found != logs.end())
                answers[i].log = ownLine(found->second);
            if (const auto found = m_received.find(i); found != m_received.end())
                answers[i].sent = found->second;
        }
        m_cases = nullptr;
    }

    void play(const std::vector<ValidatorCase> &cases, Instant now, std::vector<Seen> &answers, std::vector<bool> &comparableLog)
    {
        const auto service =
            gateway::load(validatorConfiguration(cases, m_server.origin(), "/cases", 8498), QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const ValidatorPlay played = playValidator(*service, cases[i], i, now);
            const twin::ValidatorVerdict &verdict = played.verdict;
            Seen &seen = answers.emplace_back();
            seen.status = verdict.status;
            QByteArrayList lines(verdict.log.begin(), verdict.log.end());
            if (played.state.error)
                lines.append(played.state.error->logLine);
            // The log is read back as text.
            seen.log = QString::fromUtf8(ownLine(lines)).toUtf8();
            // Which of several faults of a header is named is left to chance there.
            comparableLog.push_back(!verdict.textIsOneOfMany);
            if (verdict.passed()) {
                const twin::BackendRequest sent = playForward(*service, cases[i], i, played);
                if (!sent.error.isEmpty())
                    seen.status = 500;
                else if (const auto url = Url::parse(sent.request.url))
                    seen.sent = sentText(url->target(), sent.request.headers);
            }
        }
    }

    playground::Script answer(const playground::ServerRequest &request)
    {
        playground::Script script;
        script.headers.append("Content-Type", "application/json");
        script.body = "{}";
        const bool isKeySet = request.target.startsWith("/j/");
        const QByteArray index = request.target.mid(3, request.target.indexOf('/', 3) < 0 ? -1 : request.target.indexOf('/', 3) - 3);
        const std::size_t number = index.toULongLong();
        if (isKeySet && m_cases && number < m_cases->size() && (*m_cases)[number].jwks)
            script.body = *(*m_cases)[number].jwks;
        else if (!isKeySet)
            m_received[number] = sentText(request.target, request.headers);
        return script;
    }

    qint64 m_shrinkMs = 0;
    const std::vector<ValidatorCase> *m_cases = nullptr;
    std::map<std::size_t, QByteArray> m_received;
    std::vector<RandomKey> m_keys;
    struct Listening {
        explicit Listening(playground::Server::Handler handler) : server(std::move(handler)) {}
        bool listen() { return server.listen().ok(); }
        [[nodiscard]] QByteArray origin() const { return server.origin(); }
        playground::Server server;
    } m_server{[this](const playground::ServerRequest &request) { return answer(request); }};
};

QTEST_GUILESS_MAIN(TestValidators)
#include "tst_validators.moc"
