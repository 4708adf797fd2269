// URLs as the gateway reads and prints them; each row was asked of KrakenD CE 2.13.8 (jwk_url and its start-up line).
#include "core/support/address.h"
#include "core/support/url.h"

#include <QTest>

using namespace tokenlab;

class UrlTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asked_data();
    void asked();
    void resolved_data();
    void resolved();
    void parts();
    void quoted_data();
    void quoted();
    void addresses_data();
    void addresses();
};

void UrlTest::asked_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("error");   // whole, or
    QTest::addColumn<QByteArray>("printed"); // as quoted in `Get "…"`
    const auto row = [](const char *text, const char *error, const char *printed) {
        QTest::newRow(qPrintable(QStringLiteral("asked: ") + QString::fromUtf8(text)))
            << QByteArray(text) << QByteArray(error) << QByteArray(printed);
    };
    row("http://[::1", "parse \"http://[::1\": missing ']' in host", "");
    row("http://127.0.0.1:1 /x", "parse \"http://127.0.0.1:1 /x\": invalid port \":1 \" after host", "");
    row("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name", "");
    row("http://127.0.0.1:1x/", "parse \"http://127.0.0.1:1x/\": invalid port \":1x\" after host", "");
    row("http://127.0.0.1:99999/", "", "\"http://127.0.0.1:99999/\"");
    row("http://127.0.0.1:/x", "", "\"http://127.0.0.1/x\"");
    row("http://127.0.0.1:-1/", "parse \"http://127.0.0.1:-1/\": invalid port \":-1\" after host", "");
    row("a:b", "", "\"a:b\"");
    row("1:b", "parse \"1:b\": first path segment in URL cannot contain colon", "");
    row(":x", "parse \":x\": missing protocol scheme", "");
    row("://x", "parse \"://x\": missing protocol scheme", "");
    row("127.0.0.1:80/x", "parse \"127.0.0.1:80/x\": first path segment in URL cannot contain colon", "");
    row("http://%zz/", "parse \"http://%zz/\": invalid URL escape \"%zz\"", "");
    row("http://127.0.0.1:1/%zz", "parse \"http://127.0.0.1:1/%zz\": invalid URL escape \"%zz\"", "");
    row("http://127.0.0.1:1/\x07", "parse \"http://127.0.0.1:1/\\a\": net/url: invalid control character in URL", "");
    row("http://127.0.0.1:1/\xc3\xa9", "", "\"http://127.0.0.1:1/%C3%A9\"");
    row("http://127.0.0.1:1/a b", "", "\"http://127.0.0.1:1/a%20b\"");
    row("http://127.0.0.1:1/?a b", "", "\"http://127.0.0.1:1/?a b\"");
    row("http://127.0.0.1:1/#f", "", "\"http://127.0.0.1:1/#f\"");
    row("http://127.0.0.1:1/?q#f", "", "\"http://127.0.0.1:1/?q#f\"");
    row("http:///x", "", "\"http:///x\"");
    row("http://", "", "\"http:\"");
    row("http:", "", "\"http:\"");
    row("http:/x", "", "\"http:/x\"");
    row("https:", "", "\"https:\"");
    row("https://:80/x", "", "\"https://:80/x\"");
    row("http://u:p w@127.0.0.1:1/x", "parse \"http://u:p w@127.0.0.1:1/x\": net/url: invalid userinfo", "");
    row("http://u@127.0.0.1:1/x", "", "\"http://u@127.0.0.1:1/x\"");
    row("http://u:p@127.0.0.1:1/x", "", "\"http://u:***@127.0.0.1:1/x\"");
    row("http://u:@127.0.0.1:1/x", "", "\"http://u:***@127.0.0.1:1/x\"");
    row("http://nosuch.invalid/x", "", "\"http://nosuch.invalid/x\"");
    row("http://no_such.invalid/", "", "\"http://no_such.invalid/\"");
    row("http://[::1]:1/x", "", "\"http://[::1]:1/x\"");
    row("http://[fe80::1%25lo]:1/x", "", "\"http://[fe80::1%25lo]:1/x\"");
    row("http://[fe80::1%lo]:1/", "parse \"http://[fe80::1%lo]:1/\": invalid URL escape \"%lo\"", "");
    row("http://[::1]x/", "parse \"http://[::1]x/\": invalid port \"x\" after host", "");
    row("http://::1/", "", "\"http://::1/\"");
    row("HTTP://127.0.0.1:1/x", "", "\"http://127.0.0.1:1/x\"");
    row("file:///x", "", "\"file:///x\"");
    row("mailto:x", "", "\"mailto:x\"");
    row("x", "", "\"x\"");
    row("/x", "", "\"/x\"");
    row("//127.0.0.1/x", "", "\"//127.0.0.1/x\"");
    row("?x", "", "\"?x\"");
    row("#x", "", "\"#x\"");
    row("http://127.0.0.1:0/x", "", "\"http://127.0.0.1:0/x\"");
    row("http://127.0.0.1:65536/", "", "\"http://127.0.0.1:65536/\"");
    row("http://localhost:1/x", "", "\"http://localhost:1/x\"");
    row("http://LOCALHOST:1/x", "", "\"http://LOCALHOST:1/x\"");
    row("http://127.1:1/x", "", "\"http://127.1:1/x\"");
    row("http://2130706433:1/x", "", "\"http://2130706433:1/x\"");
    row("http://0x7f.1:1/", "", "\"http://0x7f.1:1/\"");
    row("http://[127.0.0.1]:1/", "parse \"http://[127.0.0.1]:1/\": invalid IP-literal", "");
    row("http://ex ample.com/", "parse \"http://ex ample.com/\": invalid character \" \" in host name", "");
    row("http://exa<mple/", "", "\"http://exa<mple/\"");
    row("http://exa\"mple/", "", "\"http://exa\\\"mple/\"");
    row("http://exa`mple/", "parse \"http://exa`mple/\": invalid character \"`\" in host name", "");
    row("http://a{b}/", "parse \"http://a{b}/\": invalid character \"{\" in host name", "");
    row("http://a^b/", "parse \"http://a^b/\": invalid character \"^\" in host name", "");
    row("http://\xc3\xbcn\xc3\xaf"
        "code.invalid/",
        "", "\"http://%C3%BCn%C3%AFcode.invalid/\"");
    row("http://%41.invalid/", "parse \"http://%41.invalid/\": invalid URL escape \"%41\"", "");
    row("http://a%20b/", "parse \"http://a%20b/\": invalid URL escape \"%20\"", "");
    row("http://a%25b/", "", "\"http://a%25b/\"");
    row("http://127.0.0.1:1/%7e/a//b/../c", "", "\"http://127.0.0.1:1/%7e/a//b/../c\"");
    row("http://127.0.0.1:1/<>\"", "", "\"http://127.0.0.1:1/%3C%3E%22\"");
    row("http://127.0.0.1:1?x", "", "\"http://127.0.0.1:1?x\"");
    row("http://127.0.0.1:1/\x7f", "parse \"http://127.0.0.1:1/\\x7f\": net/url: invalid control character in URL", "");
    row("http://[v1.x]/", "parse \"http://[v1.x]/\": invalid host: ParseAddr(\"v1.x\"): unexpected character (at \"v1.x\")", "");
    row("http://192.0.2.1.invalid:1/", "", "\"http://192.0.2.1.invalid:1/\"");
    row("http://[]/", "parse \"http://[]/\": invalid host: ParseAddr(\"\"): unable to parse IP", "");
    row("http://127.0.0.1:http/", "parse \"http://127.0.0.1:http/\": invalid port \":http\" after host", "");
    row("http://127.0.0.1:%31/", "parse \"http://127.0.0.1:%31/\": invalid port \":%31\" after host", "");
    row("http://u:p@@127.0.0.1:1/", "", "\"http://u:***@127.0.0.1:1/\"");
    row("http://us er@127.0.0.1:1/", "parse \"http://us er@127.0.0.1:1/\": net/url: invalid userinfo", "");
    row("http://u%zz@127.0.0.1:1/", "parse \"http://u%zz@127.0.0.1:1/\": invalid URL escape \"%zz\"", "");
    row("http://u:p%2@127.0.0.1:1/", "parse \"http://u:p%2@127.0.0.1:1/\": invalid URL escape \"%2\"", "");
    row("*", "", "\"*\"");
    row("-a://x", "parse \"-a://x\": first path segment in URL cannot contain colon", "");
    row("a+b.c-d://x", "", "\"a+b.c-d://x\"");
    row("a_b://x", "parse \"a_b://x\": first path segment in URL cannot contain colon", "");
    row("http://127.0.0.1.:1/", "", "\"http://127.0.0.1.:1/\"");
    row("http://\\x/", "parse \"http://\\\\x/\": invalid character \"\\\\\" in host name", "");
    row("http://a\\b/", "parse \"http://a\\\\b/\": invalid character \"\\\\\" in host name", "");
    row(" http://127.0.0.1:1/", "parse \" http://127.0.0.1:1/\": first path segment in URL cannot contain colon", "");
    row("http://127.0.0.1:1/ ", "", "\"http://127.0.0.1:1/%20\"");
    row("javascript:alert(1)", "", "\"javascript:alert(1)\"");
    row("http://-a.invalid/", "", "\"http://-a.invalid/\"");
    row("http://a..b/", "", "\"http://a..b/\"");
    row("http://./", "", "\"http://./\"");
    row("http://.invalid/", "", "\"http://.invalid/\"");
    row("http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.invalid/", "",
        "\"http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.invalid/\"");
    row("http://255.255.255.255:1/", "", "\"http://255.255.255.255:1/\"");
    row("http://0.0.0.0:1/", "", "\"http://0.0.0.0:1/\"");
    row("http://[::]:1/", "", "\"http://[::]:1/\"");
    row("http://[::ffff:127.0.0.1]:1/", "", "\"http://[::ffff:127.0.0.1]:1/\"");
    row("http://1:2:3/", "", "\"http://1:2:3/\"");
    row("http://:1/", "", "\"http://:1/\"");
    row("https://127.0.0.1:1:2/", "", "\"https://127.0.0.1:1:2/\"");
    row("http://a,b.invalid/", "", "\"http://a,b.invalid/\"");
    row("http://a;b.invalid/", "", "\"http://a;b.invalid/\"");
    row("http://a!b.invalid/", "", "\"http://a!b.invalid/\"");
    row("http://*/x", "", "\"http://*/x\"");
}

void UrlTest::asked()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, error);
    QFETCH(const QByteArray, printed);
    auto url = Url::parse(text);
    QCOMPARE(url ? QByteArray() : url.error().text, error);
    if (!url)
        return;
    url->dropEmptyPort();
    QCOMPARE(tokenlab::quoted(url->redacted()), printed);
}

void UrlTest::resolved_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QByteArray>("reference");
    QTest::addColumn<QByteArray>("expected"); // or the error
    const auto row = [](const char *base, const char *reference, const char *expected) {
        QTest::addRow("%s + %s", base, reference) << QByteArray(base) << QByteArray(reference) << QByteArray(expected);
    };
    // RFC 3986 §5.4.
    const char *const rfc = "http://a/b/c/d;p?q";
    row(rfc, "g", "http://a/b/c/g");
    row(rfc, "./g", "http://a/b/c/g");
    row(rfc, "g/", "http://a/b/c/g/");
    row(rfc, "/g", "http://a/g");
    row(rfc, "//g", "http://g");
    row(rfc, "?y", "http://a/b/c/d;p?y");
    row(rfc, "g?y", "http://a/b/c/g?y");
    row(rfc, "#s", "http://a/b/c/d;p?q#s");
    row(rfc, "g?y#s", "http://a/b/c/g?y#s");
    row(rfc, "", "http://a/b/c/d;p?q");
    row(rfc, ".", "http://a/b/c/");
    row(rfc, "..", "http://a/b/");
    row(rfc, "../g", "http://a/b/g");
    row(rfc, "../../../g", "http://a/g");
    row(rfc, "/../g", "http://a/g");
    row(rfc, "g.", "http://a/b/c/g.");
    row(rfc, "./g/.", "http://a/b/c/g/");
    row(rfc, "g;x=1/../y", "http://a/b/c/y");
    row(rfc, "https://h/x", "https://h/x");
    row(rfc, "mailto:x", "mailto:x");
    row("http://u:p@h:81/x", "/y", "http://u:p@h:81/y");
    row("http://u:p@h:81/x", "//k/y", "http://k/y");
    row("http://h", "x", "http://h/x");
    row(rfc, "http://[::1", "parse \"http://[::1\": missing ']' in host");
    row(rfc, "%zz", "parse \"%zz\": invalid URL escape \"%zz\"");
}

void UrlTest::resolved()
{
    QFETCH(const QByteArray, base);
    QFETCH(const QByteArray, reference);
    QFETCH(const QByteArray, expected);
    const auto url = Url::parse(base);
    QVERIFY(url.ok());
    const auto result = url->resolved(reference);
    QCOMPARE(result ? result->toString() : result.error().text, expected);
}

void UrlTest::parts()
{
    const auto url = Url::parse("HTTPS://us%20er:p%40ss@Example.org:8443/a%2fb/\xc3\xa9?x=%zz#f");
    QVERIFY(url.ok());
    QCOMPARE(url->scheme, "https");
    QCOMPARE(url->user->name, "us er");
    QCOMPARE(url->user->password.value_or("-"), "p@ss");
    QCOMPARE(url->host, "Example.org:8443");
    QCOMPARE(url->hostName(), "Example.org");
    QCOMPARE(url->port(), 8443);
    QCOMPARE(url->target(), "/a/b/%C3%A9?x=%zz");
    QCOMPARE(url->redacted(), "https://us er:***@Example.org:8443/a/b/%C3%A9?x=%zz#f");
    QCOMPARE(url->withoutUser(), "https://Example.org:8443/a/b/%C3%A9?x=%zz#f");
    QCOMPARE(Url::parse("http://h")->port(), 80);
    QCOMPARE(Url::parse("http://h")->target(), "/");
    QCOMPARE(Url::parse("https://h?x")->target(), "/?x");
    QCOMPARE(Url::parse("https://[::1]:1/")->hostName(), "::1");
    QCOMPARE(Url::parse("http://h:70000/")->port(), -1);
    QVERIFY(!Url::parse(QByteArray(3, '\0')).ok());
}

void UrlTest::quoted_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &text, const char *expected) {
        QTest::newRow(name) << text << QByteArray(expected);
    };
    row("plain", "a b", "\"a b\"");
    row("quote and backslash", "\"\\", "\"\\\"\\\\\"");
    row("named controls", "\a\b\t\n\v\f\r", "\"\\a\\b\\t\\n\\v\\f\\r\"");
    row("other controls", QByteArray("\0\x1b\x7f", 3), "\"\\x00\\x1b\\x7f\"");
    row("letters", "\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\"");
    row("broken UTF-8", "\xff\xc3", "\"\\xff\\xc3\"");
    row("no-break space", "\xc2\xa0", "\"\\u00a0\"");
    row("line separator", "\xe2\x80\xa8", "\"\\u2028\"");
    row("replacement character", "\xef\xbf\xbd", "\"\xef\xbf\xbd\"");
}

void UrlTest::quoted()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, expected);
    QCOMPARE(tokenlab::quoted(text), expected);
}

void UrlTest::addresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("is"); // 4, 6, name, -; L for loopback
    for (const auto &[text, is] : std::initializer_list<std::pair<const char *, const char *>>{{"127.0.0.1", "4L"},
                                                                                               {"127.1", "-"},
                                                                                               {"127.0.0.01", "-"},
                                                                                               {"256.0.0.1", "-"},
                                                                                               {"1.2.3.4", "4"},
                                                                                               {"::1", "6L"},
                                                                                               {"::", "6"},
                                                                                               {"0:0:0:0:0:0:0:1", "6L"},
                                                                                               {"::ffff:127.0.0.1", "6L"},
                                                                                               {"fe80::1%lo", "6"},
                                                                                               {"1:2:3:4:5:6:7:8", "6"},
                                                                                               {"1:2:3:4", "-"},
                                                                                               {"1::2::3", "-"},
                                                                                               {"12345::", "-"},
                                                                                               {"::1%", "-"},
                                                                                               {"example.org", "name"},
                                                                                               {"a_b", "name"},
                                                                                               {"a..b", "-"},
                                                                                               {"-a", "-"},
                                                                                               {"a-", "-"},
                                                                                               {"localhost", "name"},
                                                                                               {"0x7f.1", "name"},
                                                                                               {"123", "-"},
                                                                                               {"", "-"},
                                                                                               {".", "name"}})
        QTest::newRow(text) << QByteArray(text) << QByteArray(is);
}

void UrlTest::addresses()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, is);
    QByteArray got = isIpv4(text) ? "4" : isIpv6(text) ? "6" : isDomainName(text) ? "name" : "-";
    if (isLoopbackAddress(text))
        got += 'L';
    QCOMPARE(got, is);
}

QTEST_GUILESS_MAIN(UrlTest)
#include "tst_url.moc"
