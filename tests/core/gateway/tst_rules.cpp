// Hosts, paths, parameters, addresses and header names (specification §1.3; the tables of the gateway's answers are in config-asked.json).
#include "core/gateway/rules.h"
#include "core/support/headername.h"

#include <QTest>

using namespace tokenlab;

namespace {
QByteArray joined(const std::vector<QByteArray> &names)
{
    QByteArray out;
    for (const QByteArray &name : names)
        out += (out.isEmpty() ? "" : " ") + name;
    return out;
}
} // namespace

class TestRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hosts_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("clean"); // empty: refused
        for (const auto &[host, clean] : std::initializer_list<std::pair<const char *, const char *>>{
                 {"h", "http://h"},
                 {"h/", "http://h"},
                 {"http://h//", "http://h"},
                 {"https://h:8443/", "https://h:8443"},
                 {"http://h_1.x-y:80", "http://h_1.x-y:80"},
                 {"h:123456", "http://h:123456"},
                 {"http://", "http://http"}, // one match, oddly
                 {"//h", "http://h"},
                 {"h\xc3\xa9", "http://h"},
                 {"h:8", ""},
                 {"h:1234567", ""},
                 {"http://h/path", ""},
                 {"http://[::1]:80", ""},
                 {"http://u:p@h", ""},
                 {"HTTP://h", ""},
                 {"ftp://h", ""},
                 {"http://h:8000?x", ""},
                 {"h1,h2", ""},
                 {"\xc3\xa9", ""},
                 {"", ""},
             })
            QTest::newRow(host) << QByteArray(host) << QByteArray(clean);
    }
    void hosts()
    {
        QFETCH(QByteArray, host);
        QTEST(gateway::cleanHost(host).value_or(QByteArray()), "clean");
    }

    void forbidden()
    {
        for (const char *bad : {"/__debug", "/__debug/x", "/x/__echo/", "/__health", "/a*b", "/**", "/*.x", "/{*x}", "/\n/__debug"})
            QVERIFY2(gateway::isForbiddenPath(bad), bad);
        for (const char *good : {"/", "/__debugger", "/a*", "/*", "/a*\n", "/__debug\n", "/__debug/\nx", "/_debug", "/__DEBUG"})
            QVERIFY2(!gateway::isForbiddenPath(good), good);
    }

    void parameters_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("disableRest");
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<QByteArray>("route");
        QTest::newRow("one") << QByteArray("/t/{id}") << false << QByteArray("id") << QByteArray("/t/:id");
        QTest::newRow("a segment's start only") << QByteArray("/t/{a}{b}") << false << QByteArray("a") << QByteArray("/t/:a{b}");
        QTest::newRow("disable_rest") << QByteArray("/t/{a}{b.c}") << true << QByteArray("a b.c") << QByteArray("/t/:a:b.c");
        QTest::newRow("twice") << QByteArray("/{a}/{a}") << false << QByteArray("a a") << QByteArray("/:a/:a");
        QTest::newRow("after a question mark") << QByteArray("/{a}?x={a}") << false << QByteArray("a") << QByteArray("/:a?x={a}");
        QTest::newRow("other characters") << QByteArray("/{a b}/{}/{c") << false << QByteArray() << QByteArray("/{a b}/{}/{c");
        QTest::newRow("dot without disable_rest") << QByteArray("/{a.b}") << false << QByteArray() << QByteArray("/{a.b}");
        QTest::newRow("double braces") << QByteArray("/{{a}}") << true << QByteArray("a") << QByteArray("/{:a}");
    }
    void parameters()
    {
        QFETCH(QByteArray, path);
        QFETCH(bool, disableRest);
        const auto names = gateway::endpointParameters(path, disableRest);
        QTEST(joined(names), "names");
        QTEST(gateway::routeOf(path, names), "route");
    }

    void derived()
    {
        for (const char *yes : {"resp0_x", "resp10_a.b", "JWT.sub", "JWT.a:b/c", "resp0_aJWT.z", "resp1__"})
            QVERIFY2(gateway::isDerivedParameter(yes), yes);
        for (const char *no : {"resp0_", "resp_x", "respx", "Resp0_x", "JWT.", "JWT", "jwt.sub", "id", "xresp0_y", "resp0x_y"})
            QVERIFY2(!gateway::isDerivedParameter(no), no);
        QCOMPARE(gateway::parameterKey("id"), QByteArray("Id"));
        QCOMPARE(gateway::parameterKey("_x"), QByteArray("_x"));
    }

    void addresses()
    {
        for (const char *yes : {"1.2.3.4", "0.0.0.0", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8",
                                "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::fFfF:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5::1.2.3.4"})
            QVERIFY2(gateway::isIpAddress(yes), yes);
        for (const char *no : {"",
                               "x",
                               "1.2.3",
                               "1.2.3.4.5",
                               "256.1.1.1",
                               "01.2.3.4",
                               "1.2.3.",
                               ".1.2.3",
                               "1..2.3",
                               "1.2.3.4 ",
                               "0x7f.0.0.1",
                               "1:2:3:4::5:6:7:8",
                               "1:2:3:4:5:6:7:8:9",
                               "1:2:3:4:5:6:7",
                               "12345::",
                               "::ffff:1.2.3.256",
                               "1:2:3:4:5:6:7:1.2.3.4",
                               "::1.2.3",
                               "1::2::3",
                               ":1",
                               ":::",
                               "1:",
                               "::1:",
                               "::g",
                               "fe80::1%eth0",
                               "[::1]"})
            QVERIFY2(!gateway::isIpAddress(no), no);
    }

    void headers()
    {
        QCOMPARE(canonicalHeaderName("x-a"), QByteArray("X-A"));
        QCOMPARE(canonicalHeaderName("CONTENT-type"), QByteArray("Content-Type"));
        QCOMPARE(canonicalHeaderName("x_y-zZ"), QByteArray("X_y-Zz"));
        QCOMPARE(canonicalHeaderName("*"), QByteArray("*"));
        // Refused as a token: left alone.
        QCOMPARE(canonicalHeaderName("a b"), QByteArray("a b"));
        QCOMPARE(canonicalHeaderName("\xc3\xa9-a"), QByteArray("\xc3\xa9-a"));
    }
};

QTEST_GUILESS_MAIN(TestRules)
#include "tst_rules.moc"
