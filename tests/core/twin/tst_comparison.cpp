// What counts as a difference between the lab and a real gateway, and where it is said to lie.
#include "core/twin/comparison.h"

#include <QtTest>

#include <algorithm>
#include <functional>

using namespace tokenlab;
using namespace tokenlab::twin;

namespace {

QByteArray payload(const QByteArray &more = {})
{
    return "{\"exp\":1795521362,\"jti\":\"a\",\"sub\":\"john\"" + more + '}';
}

// A signer of that algorithm with a key of its own.
SignerState signerOf(const QByteArray &algorithm)
{
    const auto key = algorithm.startsWith('E') ? jose::generateEc("P-256", "k") : jose::generateOct(32, "k");
    SignerState state;
    state.enabled = true;
    if (!key)
        return state;
    auto signer = jose::Signer::create(key.value(), algorithm, "", false);
    if (signer)
        state.signer = signer.value();
    return state;
}

QByteArray token(const SignerState &state, const QByteArray &claims)
{
    const auto made = state.signer ? state.signer->sign(claims) : Result<QByteArray, jose::SignError>(fail(jose::SignError{}));
    return made ? made.value() : QByteArray();
}

QByteArray body(const QByteArray &tokenText)
{
    return "{\"access_token\":\"" + tokenText + "\"}";
}

struct Both {
    Outcome lab;
    Observed gateway;
};

Both same(const QByteArray &text = "{\"a\":1}")
{
    Both both;
    both.lab.verdict = Verdict::Signed;
    both.lab.response.status = 200;
    both.lab.response.headers.append("Content-Type", "application/json; charset=utf-8");
    both.lab.response.body = text;
    both.lab.log = {"ERROR [ENDPOINT: /token] one", "WARNING [ENDPOINT: /token] two"};
    both.lab.backends.resize(1);
    BackendExchange &backend = both.lab.backends.front();
    backend.sent.method = "POST";
    backend.sent.url = "https://backend/login?a=1";
    backend.sent.headers.append("User-Agent", "KrakenD Version 2.13.8");
    backend.sent.body = "{}";
    backend.reply = Result<http::Reply, http::TransportError>(http::Reply{});
    both.gateway.answered = true;
    both.gateway.logKnown = true;
    both.gateway.log = {"WARNING [ENDPOINT: /token] two", "ERROR [ENDPOINT: /token] one"}; // backends log in any order
    both.gateway.response = both.lab.response;
    both.gateway.response.headers.append("Date", "Tue, 24 Nov 2026 10:56:02 GMT");
    both.gateway.response.headers.append("Content-Length", "7");
    BackendSeen &seen = both.gateway.backends.emplace_back();
    seen.watched = true;
    seen.requests.push_back(
        {"POST", "/login?a=1",
         http::HeaderList{{"Host", "127.0.0.1:1"}, {"User-Agent", "KrakenD Version 2.13.8"}, {"Accept-Encoding", "gzip"}}, "{}"});
    return both;
}

QByteArrayList places(const std::vector<Difference> &differences)
{
    QByteArrayList list;
    for (const Difference &one : differences)
        list.append(where(one));
    std::sort(list.begin(), list.end());
    return list;
}

using Change = std::function<void(Both &)>;

} // namespace
Q_DECLARE_METATYPE(Change)

class ComparisonTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArrayList>("wheres");
        const auto row = [](const char *name, const Change &change, const QByteArrayList &wheres) {
            QTest::newRow(name) << change << wheres;
        };
        row("nothing", [](Both &) {}, {});
        row("status", [](Both &b) { b.gateway.response.status = 201; }, {"status"});
        row("a header more", [](Both &b) { b.gateway.response.headers.append("X-A", "1"); }, {"header X-A"});
        row("another header value", [](Both &b) { b.gateway.response.headers.set("content-type", "text/plain"); }, {"header Content-Type"});
        row("a header twice", [](Both &b) { b.gateway.response.headers.append("Content-Type", "application/json; charset=utf-8"); },
            {"header Content-Type"});
        row("one byte of a value", [](Both &b) { b.gateway.response.body = "{\"a\":2}"; }, {"body /a"});
        row("another number text", [](Both &b) { b.gateway.response.body = "{\"a\":1.0}"; }, {"body /a"});
        row("a blank only", [](Both &b) { b.gateway.response.body = "{\"a\": 1}"; }, {"body"});
        row("a member more", [](Both &b) { b.gateway.response.body = "{\"a\":1,\"b/c\":null}"; }, {"body /b~1c"});
        row("a member less", [](Both &b) { b.gateway.response.body = "{}"; }, {"body /a"});
        row("no JSON", [](Both &b) { b.gateway.response.body = "x"; }, {"body"});
        row("empty", [](Both &b) { b.gateway.response.body.clear(); }, {"body"});
        row("a list element",
            [](Both &b) {
                b.lab.response.body = "[1,2]";
                b.gateway.response.body = "[1,2,3]";
            },
            {"body /2"});
        row("deeper than anyone looks",
            [](Both &b) {
                b.lab.response.body = QByteArray(3000, '[') + '1' + QByteArray(3000, ']');
                b.gateway.response.body = QByteArray(3000, '[') + '2' + QByteArray(3000, ']');
            },
            {"body " + QByteArray("/0").repeated(101)});
        row("a log line less", [](Both &b) { b.gateway.log.pop_back(); }, {"log"});
        row("a log line twice", [](Both &b) { b.gateway.log.push_back(b.gateway.log.front()); }, {"log"});
        row("ports of one's own are none",
            [](Both &b) {
                b.lab.log = {"ERROR read tcp 127.0.0.1:40000->127.0.0.1:80: reset"};
                b.gateway.log = {"ERROR read tcp 127.0.0.1:50123->127.0.0.1:80: reset"};
            },
            {});
        row("the log of a gateway elsewhere is unknown",
            [](Both &b) {
                b.gateway.log.clear();
                b.gateway.logKnown = false;
            },
            {});
        row("broken off", [](Both &b) { b.gateway.brokenOff = true; }, {"connection"});
        row("no answer", [](Both &b) { b.gateway.answered = false; }, {"status"});
        row("neither answers",
            [](Both &b) {
                b.gateway.answered = false;
                b.lab.response = {};
                b.lab.brokenOff = true;
            },
            {});
        row("the gateway alone answers", [](Both &b) { b.lab.response = {}; }, {"status"});
        row("backend not asked", [](Both &b) { b.gateway.backends.front().requests.clear(); }, {"backend 1"});
        row("backend asked for nothing", [](Both &b) { b.lab.backends.front().reply.reset(); }, {"backend 1"});
        row("sent: target", [](Both &b) { b.gateway.backends.front().requests.front().target = "/login"; }, {"backend 1 request target"});
        row("sent: method", [](Both &b) { b.gateway.backends.front().requests.front().method = "GET"; }, {"backend 1 request method"});
        row("sent: body", [](Both &b) { b.gateway.backends.front().requests.front().body = "{ }"; }, {"backend 1 request body"});
        row("sent: header", [](Both &b) { b.gateway.backends.front().requests.front().headers.append("X-A", "1"); },
            {"backend 1 request header X-A"});
        row("ends",
            [](Both &b) {
                b.gateway.start = Observed::Ended;
                b.gateway.startText = "ERROR x";
            },
            {"start"});
        row("hangs", [](Both &b) { b.gateway.start = Observed::Silent; }, {"start"});
        row("crashes", [](Both &b) { b.gateway.start = Observed::Crashed; }, {"start"});
        row("neither starts, for the same reason",
            [](Both &b) {
                b.lab.verdict = Verdict::DoesNotStart;
                b.lab.startError = "invalid ip address x";
                b.gateway.start = Observed::Ended;
                b.gateway.wholeLog = "ERROR parsing the configuration file: 'krakend.json': invalid ip address x\n";
            },
            {});
        row("neither starts, for another reason",
            [](Both &b) {
                b.lab.verdict = Verdict::DoesNotStart;
                b.lab.startError = "invalid ip address x";
                b.gateway.start = Observed::Ended;
                b.gateway.wholeLog = "ERROR other\n";
            },
            {"start"});
        row("only the gateway starts",
            [](Both &b) {
                b.lab.verdict = Verdict::DoesNotStart;
                b.lab.startError = "x";
            },
            {"start"});
        row("both hang",
            [](Both &b) {
                b.lab.verdict = Verdict::DoesNotStart;
                b.lab.hangs = true;
                b.gateway.start = Observed::Silent;
            },
            {});
    }
    void rows()
    {
        QFETCH(Change, change);
        QFETCH(QByteArrayList, wheres);
        Both both = same();
        change(both);
        const Comparison comparison = compare(both.lab, {}, both.gateway, true);
        QCOMPARE(places(comparison.differences), wheres);
        QCOMPARE(comparison.equal(), wheres.isEmpty());
        QVERIFY(comparison.tolerated.empty());
    }

    void tokens_data()
    {
        QTest::addColumn<QByteArray>("algorithm");
        QTest::addColumn<QByteArray>("its"); // claims of the gateway's token
        QTest::addColumn<bool>("sameReplies");
        QTest::addColumn<QByteArrayList>("wheres");
        QTest::addColumn<int>("tolerated");
        QTest::addColumn<bool>("verified");
        const QByteArray later = "{\"exp\":1795521365,\"jti\":\"b\",\"sub\":\"john\"}";
        const QByteArray muchLater = "{\"exp\":1795531365,\"jti\":\"a\",\"sub\":\"john\"}";
        QTest::newRow("HS256: the same") << QByteArray("HS256") << payload() << true << QByteArrayList{} << 0 << false;
        QTest::newRow("ES256: verified") << QByteArray("ES256") << payload() << true << QByteArrayList{} << 0 << true;
        QTest::newRow("HS256: a claim") << QByteArray("HS256") << payload(",\"x\":1") << true
                                        << QByteArrayList{"token /access_token payload /x"} << 0 << false;
        QTest::newRow("ES256: a claim") << QByteArray("ES256") << payload(",\"x\":1") << true
                                        << QByteArrayList{"token /access_token payload /x"} << 0 << false;
        QTest::newRow("fresh values, one call")
            << QByteArray("HS256") << later << true
            << QByteArrayList{"token /access_token payload /exp", "token /access_token payload /jti"} << 0 << false;
        QTest::newRow("fresh values, two calls") << QByteArray("HS256") << later << false << QByteArrayList{} << 2 << true;
        QTest::newRow("ES256: fresh values, two calls") << QByteArray("ES256") << later << false << QByteArrayList{} << 2 << true;
        QTest::newRow("two calls, but hours apart")
            << QByteArray("HS256") << muchLater << false << QByteArrayList{"token /access_token payload /exp"} << 0 << false;
    }
    void tokens()
    {
        QFETCH(QByteArray, algorithm);
        QFETCH(QByteArray, its);
        QFETCH(bool, sameReplies);
        const SignerState signer = signerOf(algorithm);
        Both both = same(body(token(signer, payload())));
        both.gateway.response.body = body(token(signer, its));
        const Comparison comparison = compare(both.lab, signer, both.gateway, sameReplies);
        QTEST(places(comparison.differences), "wheres");
        QTEST(int(comparison.tolerated.size()), "tolerated");
        QTEST(comparison.verified == std::vector<QByteArray>{"/access_token"}, "verified");
    }

    void signatures_data()
    {
        QTest::addColumn<QByteArray>("algorithm");
        QTest::newRow("HS256") << QByteArray("HS256");
        QTest::newRow("ES256") << QByteArray("ES256");
    }
    // Another key behind the same kid: nothing but the signature tells.
    void signatures()
    {
        QFETCH(QByteArray, algorithm);
        const SignerState mine = signerOf(algorithm), other = signerOf(algorithm);
        Both both = same(body(token(mine, payload())));
        both.gateway.response.body = body(token(other, payload()));
        QCOMPARE(places(compare(both.lab, mine, both.gateway, true).differences), QByteArrayList{"token /access_token signature"});
        QCOMPARE(places(compare(both.lab, mine, both.gateway, false).differences), QByteArrayList{"token /access_token signature"});
    }

    // A verified signature excuses no other byte.
    void verifiedAndABlank()
    {
        const SignerState signer = signerOf("ES256");
        Both both = same(body(token(signer, payload())));
        both.gateway.response.body = ' ' + body(token(signer, payload()));
        QCOMPARE(places(compare(both.lab, signer, both.gateway, true).differences), QByteArrayList{"body"});
    }

    void flattened()
    {
        const auto key = jose::generateEc("P-256", "k");
        SignerState signer;
        signer.signer = jose::Signer::create(key.value(), "ES256", "", true).value();
        const auto text = [&] { return "{\"access_token\":\"" + token(signer, payload()).replace('"', "\\\"") + "\"}"; };
        Both both = same(text());
        both.gateway.response.body = text();
        QVERIFY(both.lab.response.body != both.gateway.response.body);
        const Comparison comparison = compare(both.lab, signer, both.gateway, true);
        QCOMPARE(places(comparison.differences), QByteArrayList{});
        QCOMPARE(comparison.verified, std::vector<QByteArray>{"/access_token"});
    }

    void cookies()
    {
        Both both = same();
        both.lab.response.headers.append("Set-Cookie", "session=1; Path=/");
        both.gateway.response.headers.append("Set-Cookie", "session=2; Path=/");
        QCOMPARE(places(compare(both.lab, {}, both.gateway, true).differences), QByteArrayList{"header Set-Cookie"});
        const Comparison twoCalls = compare(both.lab, {}, both.gateway, false);
        QVERIFY(twoCalls.equal());
        QCOMPARE(places(twoCalls.tolerated), QByteArrayList{"header Set-Cookie"});
    }
};

QTEST_GUILESS_MAIN(ComparisonTest)
#include "tst_comparison.moc"
