// What goes on behind a validator: claims as headers and in the URL. Asked of KrakenD CE 2.13.8 with one token.
#include "core/json/parse.h"
#include "core/twin/validator.h"

#include <QTest>

using namespace tokenlab;

namespace {

// Escapes as the token had them.
const char *const claimsText = "{\"sub\":\"a\",\"n\":5,\"f\":1.5,\"big\":1e30,\"neg\":-3,\"tiny\":1e-07,\"b\":true,\"nu\":null,"
                               "\"o\":{\"x\":\"y<\",\"z\":1.0,\"q\":1e+21},"
                               "\"arr\":[\"a\",1,1.5,null,true,1000000.0,{\"k\":[1,2]},[]],\"ea\":[],\"s\":\"\","
                               "\"http:\\/\\/x.y\":\"url\",\"ctl\":\"a\\nb\",\"u\":\"\\u00e9\",\"sp\":\" x \",\"m\":12345678.123456789,"
                               "\"nest\":{\"deep\":{\"v\":\"in\"}}}";

struct Fixture {
    gateway::ServiceConfig service;
    json::Document claims;
    twin::ValidatorState state;
    [[nodiscard]] const gateway::EndpointConfig &endpoint() const { return service.endpoints.front(); }
    [[nodiscard]] twin::BackendRequest sent(const twin::ClientRequest &request, QByteArrayList *log = nullptr) const
    {
        const twin::Admitted behind =
            twin::admit(endpoint(), state, claims.root(), request, twin::matchRoute(service, endpoint(), request));
        if (log)
            *log = QByteArrayList(behind.log.begin(), behind.log.end());
        return twin::forward(endpoint(), 0, behind.request, behind.route);
    }
};

std::optional<Fixture> make(const QByteArray &propagate, const QByteArray &pattern, const QByteArray &headers = "[\"*\"]")
{
    const QByteArray text = "{\"version\":3,\"endpoints\":[{\"endpoint\":\"/c0\",\"input_headers\":" + headers +
                            ",\"backend\":[{\"host\":[\"http://h\"],\"url_pattern\":\"" + pattern +
                            "\"}],\"extra_config\":{\"auth/validator\":{\"alg\":\"HS256\",\"jwk_url\":\"https://k/\"" + propagate + "}}}]}";
    auto service = gateway::load(text, QStringLiteral("krakend.json"));
    auto claims = json::parse(claimsText);
    if (!service || !claims)
        return std::nullopt;
    Fixture out;
    out.service = std::move(*service);
    out.claims = *claims;
    out.state.enabled = true;
    out.state.route = out.endpoint().route;
    out.state.config = std::get<gateway::ValidatorConfig>(*out.endpoint().validator);
    return out;
}

twin::ClientRequest plainRequest()
{
    twin::ClientRequest request;
    request.method = "GET";
    request.target = "/c0";
    request.headers.append("X-H", "from the client");
    return request;
}

} // namespace

class TestAdmit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headers_data()
    {
        QTest::addColumn<QByteArray>("claim");
        QTest::addColumn<QByteArrayList>("plain");
        QTest::addColumn<QByteArrayList>("lines"); // propagate_claims_preserve_array
        const auto row = [](const char *claim, const QByteArray &text) {
            QTest::newRow(claim) << QByteArray(claim) << QByteArrayList{text} << QByteArrayList{text};
        };
        row("sub", "a");
        row("n", "5");
        row("f", "1.500000");
        row("big", "-9223372036854775808");
        row("neg", "-3");
        row("tiny", "0");
        row("b", "true");
        row("nu", "null");
        row("o", "{\"q\":1e+21,\"x\":\"y\\u003c\",\"z\":1}");
        row("s", "");
        row("http://x.y", "url");
        row("u", "\xc3\xa9");
        row("sp", "x");
        row("m", "12345678.123457");
        row("nest", "{\"deep\":{\"v\":\"in\"}}");
        row("nope", "");
        row("nest.deep.v", "in");
        row("nest.no.v", "");
        row("nest.deep", "{\"v\":\"in\"}");
        QTest::newRow("arr") << QByteArray("arr") << QByteArrayList{"a,1,1.5,<nil>,true,1e+06,map[k:[1 2]],[]"}
                             << QByteArrayList{"a", "1", "1.5", "<nil>", "true", "1e+06", "map[k:[1 2]]", "[]"};
        QTest::newRow("ea") << QByteArray("ea") << QByteArrayList{""} << QByteArrayList{};
    }
    void headers()
    {
        QFETCH(QByteArray, claim);
        for (const bool preserve : {false, true}) {
            const auto fixture =
                make(",\"propagate_claims\":[[\"" + claim + "\",\"x-h\"]]" + (preserve ? ",\"propagate_claims_preserve_array\":true" : ""),
                     "/b");
            QVERIFY(fixture.has_value());
            const std::vector<QByteArray> sent = fixture->sent(plainRequest()).request.headers.all("X-H");
            QTEST(QByteArrayList(sent.begin(), sent.end()), preserve ? "lines" : "plain");
        }
    }

    void onlyListedHeadersGoOn()
    {
        const auto fixture = make(",\"propagate_claims\":[[\"sub\",\"x-h\"],[\"n\",\"X-N\"]]", "/b", "[\"X-N\"]");
        QVERIFY(fixture.has_value());
        const twin::BackendRequest sent = fixture->sent(plainRequest());
        QCOMPARE(sent.request.headers.first("X-N"), std::optional<QByteArray>("5"));
        QVERIFY(!sent.request.headers.contains("X-H"));
    }

    void wrongPairs_data()
    {
        QTest::addColumn<QByteArray>("pairs");
        QTest::addColumn<QByteArray>("warning");
        const QByteArray start = "WARNING [ENDPOINT: /c0][PropagateHeaders] invalid number of claims to propagate: ";
        QTest::newRow("last") << QByteArray("[[\"a\",\"b\",\"c\"],[\"sub\",\"x-s\"],[\"z\"]]") << QByteArray(start + "[z]");
        QTest::newRow("three") << QByteArray("[[\"a\",\"b\",\"c\"]]") << QByteArray(start + "[a b c]");
        QTest::newRow("none") << QByteArray("[[]]") << QByteArray(start + "[]");
        QTest::newRow("a good one follows") << QByteArray("[[\"a\"],[\"sub\",\"x-s\"]]") << QByteArray();
    }
    void wrongPairs()
    {
        QFETCH(QByteArray, pairs);
        const auto fixture = make(",\"propagate_claims\":" + pairs, "/b");
        QVERIFY(fixture.has_value());
        QByteArrayList log;
        (void)fixture->sent(plainRequest(), &log);
        QTEST(log.value(0), "warning");
    }

    void noHeaderCarriesLineBreaks()
    {
        const auto fixture = make(",\"propagate_claims\":[[\"ctl\",\"X-C\"]]", "/b");
        QVERIFY(fixture.has_value());
        QCOMPARE(fixture->sent(plainRequest()).error, QByteArray("Get \"http://h/b\": net/http: invalid header field value for \"X-C\""));
    }

    void urls_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("url");
        const auto row = [](const char *name, const char *pattern, const char *url) {
            QTest::newRow(name) << QByteArray(pattern) << QByteArray(url);
        };
        row("kinds", "/b/{JWT.sub}/{JWT.n}/{JWT.f}/{JWT.big}/{JWT.b}/{JWT.nu}", "http://h/b/a/5/1.500000/-9223372036854775808/true/null");
        row("object", "/b/{JWT.o}", "http://h/b/%7B%22q%22:1e+21,%22x%22:%22y%5Cu003c%22,%22z%22:1%7D");
        row("array", "/b/{JWT.arr}", "http://h/b/a,1,1.5,%3Cnil%3E,true,1e+06,map%5Bk:%5B1%202%5D%5D,%5B%5D");
        row("missing stays", "/b/{JWT.nope}", "http://h/b/%7B%7B.JWT.nope%7D%7D");
        row("nested is not looked for", "/b/{JWT.nest.deep.v}/{JWT.sub}", "http://h/b/%7B%7B.JWT.nest.deep.v%7D%7D/a");
        row("empty", "/b/{JWT.ea}/x", "http://h/b//x");
        row("blanks and letters", "/b/{JWT.sp}/{JWT.u}", "http://h/b/%20x%20/%C3%A9");
    }
    void urls()
    {
        QFETCH(QByteArray, pattern);
        const auto fixture = make({}, pattern);
        QVERIFY(fixture.has_value());
        QTEST(fixture->sent(plainRequest()).request.url, "url");
    }
};

QTEST_GUILESS_MAIN(TestAdmit)
#include "tst_admit.moc"
