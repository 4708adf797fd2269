// Requests as bytes; the rows were seen at a backend of the gateway.
#include "core/net/requestwriter.h"

#include <QTest>

using namespace tokenlab;

class RequestWriterTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void requests_data();
    void requests();
    void gzip_data();
    void gzip();
    void badHeaders_data();
    void badHeaders();
    void proxies();
};

void RequestWriterTest::requests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("headers"); // name=value|…
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("sent"); // lines behind `METHOD TARGET HTTP/1.1`, joined by |, and the body behind ||
    const auto row = [](const char *name, const char *method, const char *url, const char *headers, const char *body, const char *sent) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(url) << QByteArray(headers) << QByteArray(body) << QByteArray(sent);
    };
    row("GET", "GET", "http://h:8/x", "User-Agent=K", "", "GET /x HTTP/1.1|Host: h:8|User-Agent: K||");
    row("no path", "GET", "http://h", "", "", "GET / HTTP/1.1|Host: h||");
    row("query without a path", "GET", "http://h?x", "", "", "GET /?x HTTP/1.1|Host: h||");
    row("raw path", "GET", "http://h//a/./b/../c/%41%7e?", "", "", "GET //a/./b/../c/%41%7e? HTTP/1.1|Host: h||");
    row("raw query", "GET", "http://h/?x=%zz&y=<>^`{}", "", "", "GET /?x=%zz&y=<>^`{} HTTP/1.1|Host: h||");
    row("blank in a query", "GET", "http://h/?x=a b", "", "", "GET /?x=a b HTTP/1.1|Host: h||");
    row("escaped path", "GET", "http://h/<a>/\xc3\xa9/a b", "", "", "GET /%3Ca%3E/%C3%A9/a%20b HTTP/1.1|Host: h||");
    row("fragment", "GET", "http://h/x?y#f", "", "", "GET /x?y HTTP/1.1|Host: h||");
    row("host as written", "GET", "http://LOCALHOST:8/", "", "", "GET / HTTP/1.1|Host: LOCALHOST:8||");
    row("zone", "GET", "http://[fe80::1%25eth0]:8/", "", "", "GET / HTTP/1.1|Host: [fe80::1]:8||");
    row("host beyond ASCII", "GET",
        "http://b\xc3\xbc"
        "cher.example:8/",
        "", "", "GET / HTTP/1.1|Host: xn--bcher-kva.example:8||");
    row("user", "GET", "http://u:p%40@h/", "", "", "GET / HTTP/1.1|Host: h|Authorization: Basic dTpwQA==||");
    row("user alone", "GET", "http://u@h/", "", "", "GET / HTTP/1.1|Host: h|Authorization: Basic dTo=||");
    row("no user's name", "GET", "http://@h/", "", "", "GET / HTTP/1.1|Host: h|Authorization: Basic Og==||");
    row("user beside a header", "GET", "http://u:p@h/", "Authorization=Bearer y", "", "GET / HTTP/1.1|Host: h|Authorization: Bearer y||");
    row("user beside an empty header", "GET", "http://u:p@h/", "Authorization=", "", "GET / HTTP/1.1|Host: h|Authorization: Basic dTpw||");
    row("POST", "POST", "http://h/", "", "{\"x\":1}", "POST / HTTP/1.1|Host: h|Transfer-Encoding: chunked||7|{\"x\":1}|0||");
    for (const char *method : {"POST", "PUT", "PATCH"}) {
        QTest::addRow("%s without a body", method) << QByteArray(method) << QByteArray("http://h/") << QByteArray() << QByteArray()
                                                   << method + QByteArray(" / HTTP/1.1|Host: h|Content-Length: 0||");
        QTest::addRow("%s with its length", method)
            << QByteArray(method) << QByteArray("http://h/") << QByteArray("Content-Length=7") << QByteArray("{\"x\":1}")
            << method + QByteArray(" / HTTP/1.1|Host: h|Content-Length: 7||{\"x\":1}");
    }
    for (const char *method : {"GET", "HEAD", "DELETE", "OPTIONS"}) {
        QTest::addRow("%s without a body", method) << QByteArray(method) << QByteArray("http://h/") << QByteArray("Content-Length=0")
                                                   << QByteArray() << method + QByteArray(" / HTTP/1.1|Host: h||");
        QTest::addRow("%s with a body", method)
            << QByteArray(method) << QByteArray("http://h/") << QByteArray() << QByteArray("{\"x\":1}")
            << method + QByteArray(" / HTTP/1.1|Host: h|Transfer-Encoding: chunked||1|{|6|\"x\":1}|0||");
        QTest::addRow("%s with its length", method)
            << QByteArray(method) << QByteArray("http://h/") << QByteArray("Content-Length=7") << QByteArray("{\"x\":1}")
            << method + QByteArray(" / HTTP/1.1|Host: h|Content-Length: 7||{\"x\":1}");
    }
    row("one byte where a body is unusual", "DELETE", "http://h/", "", "x",
        "DELETE / HTTP/1.1|Host: h|Transfer-Encoding: chunked||1|x|0||");
    row("sorted, lines of a name in their order", "GET", "http://h/", "x-b=1|User-Agent=K|Cookie=a=1|X-A=  v w |Cookie=b=2|X-E=", "",
        "GET / HTTP/1.1|Host: h|User-Agent: K|Cookie: a=1|Cookie: b=2|X-A: v w|X-B: 1|X-E: ||");
    row("transport's own are dropped", "GET", "http://h/", "Host=x|Transfer-Encoding=chunked|Trailer=X|Connection=close", "",
        "GET / HTTP/1.1|Host: h|Connection: close||");
    row("no agent", "GET", "http://h/", "User-Agent=", "", "GET / HTTP/1.1|Host: h||");
}

void RequestWriterTest::requests()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, url);
    QFETCH(const QByteArray, headers);
    QFETCH(const QByteArray, body);
    QFETCH(QByteArray, sent);
    const auto parsed = Url::parse(url);
    QVERIFY(parsed.ok());
    net::Hop hop{method, *parsed, {}, body};
    if (!headers.isEmpty()) {
        for (const QByteArray &one : headers.split('|'))
            hop.headers.append(one.first(one.indexOf('=')), one.sliced(one.indexOf('=') + 1));
    }
    QCOMPARE(net::requestBytes(hop, {}), sent.replace('|', "\r\n"));
    // What a proxy is asked differs in its first line alone.
    net::WireOptions options;
    options.proxy = *Url::parse("http://proxy:1");
    const QByteArray through = net::requestBytes(hop, options);
    QVERIFY(through.startsWith(method + " http://"));
    QCOMPARE(through.sliced(through.indexOf("\r\n")), sent.sliced(sent.indexOf("\r\n")));
}

void RequestWriterTest::gzip_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("asks");
    const auto row = [](const char *title, const char *method, const char *name, const char *value, bool asks) {
        QTest::newRow(title) << QByteArray(method) << QByteArray(name) << QByteArray(value) << asks;
    };
    row("GET", "GET", "X", "1", true);
    row("HEAD", "HEAD", "X", "1", false);
    row("DELETE", "DELETE", "X", "1", true);
    row("own encodings", "GET", "accept-encoding", "br", false);
    row("own encodings, empty", "GET", "Accept-Encoding", "", true);
    row("a range", "GET", "Range", "bytes=0-1", false);
}

void RequestWriterTest::gzip()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    const http::HeaderList headers{{name, value}};
    QTEST(net::asksForGzip(method, headers), "asks");
    net::WireOptions options;
    options.addGzip = true;
    const QByteArray sent = net::requestBytes({method, *Url::parse("http://h/"), headers, {}}, options);
    QVERIFY(sent.endsWith("\r\nAccept-Encoding: gzip\r\n\r\n"));
}

void RequestWriterTest::badHeaders_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("good") << QByteArray("X-A") << QByteArray("a\tb\xff") << QByteArray();
    QTest::newRow("blank in a name") << QByteArray("X A") << QByteArray("1") << QByteArray("net/http: invalid header field name \"X A\"");
    QTest::newRow("no name") << QByteArray() << QByteArray("1") << QByteArray("net/http: invalid header field name \"\"");
    QTest::newRow("line break in a value") << QByteArray("X") << QByteArray("a\r\nB: 1")
                                           << QByteArray("net/http: invalid header field value for \"X\"");
}

void RequestWriterTest::badHeaders()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QTEST(net::badHeader({{name, value}}).value_or(QByteArray()), "error");
}

void RequestWriterTest::proxies()
{
    net::WireOptions options;
    options.proxy = *Url::parse("http://a:b@proxy:1");
    const net::Hop hop{"GET", *Url::parse("http://h:80/x"), {{"User-Agent", "K"}}, {}};
    QCOMPARE(net::requestBytes(hop, options), QByteArray("GET http://h:80/x HTTP/1.1\r\nHost: h:80\r\nUser-Agent: K\r\n"
                                                         "Proxy-Authorization: Basic YTpi\r\n\r\n"));
    QCOMPARE(
        net::connectBytes("h:443", *options.proxy),
        QByteArray("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\nUser-Agent: Go-http-client/1.1\r\nProxy-Authorization: Basic YTpi\r\n\r\n"));
    QCOMPARE(net::connectBytes("h:443", *Url::parse("http://proxy")),
             QByteArray("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\nUser-Agent: Go-http-client/1.1\r\n\r\n"));
}

QTEST_GUILESS_MAIN(RequestWriterTest)
#include "tst_requestwriter.moc"
