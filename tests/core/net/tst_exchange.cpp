// One exchange against servers that behave and servers that do not.
#include "harness.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>

using namespace tokenlab;
using namespace tokenlab::test;
using http::TransportError;
using playground::Script;
using playground::Server;
using playground::ServerRequest;

namespace {

QByteArray sortedNames(const http::HeaderList &headers)
{
    QByteArrayList names;
    for (const http::Header &header : headers)
        names.append(http::canonicalHeaderName(header.name));
    std::sort(names.begin(), names.end());
    return names.join(", ");
}

} // namespace

class ExchangeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void requestBytes();
    void headersOfARequest();
    void brokenUrls_data();
    void brokenUrls();
    void misbehaviour_data();
    void misbehaviour();
    void bodies_data();
    void bodies();
    void postIsSentOnce_data();
    void postIsSentOnce();
    void cancelled();
    void cancelledBeforeStart();
    void destroyedWhileRunning();
    void gigabyteStopsAtTheCap();
    void largeBodies_data();
    void largeBodies();
    void answerBeforeTheBodyIsRead();
    void reset();
    void paths_data();
    void paths();
};

void ExchangeTest::initTestCase()
{
    for (const char *name : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"})
        qunsetenv(name);
}

// What a JWK download looks like on the wire (specification §2.3).
void ExchangeTest::requestBytes()
{
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    http::Request request = get(server.origin() + "/jwk?x=a%20b");
    request.url.replace("http://", "http://user:p%40ss@");
    const auto result = run(request, {});
    QVERIFY(result && result->reply);
    QCOMPARE(int(server.received().size()), 1);
    const ServerRequest &seen = server.received().front();
    QCOMPARE(seen.method, "GET");
    QCOMPARE(seen.target, "/jwk?x=a%20b");
    QCOMPARE(seen.headers.first("User-Agent").value_or("-"), "KrakenD Version 2.13.8");
    QCOMPARE(seen.headers.first("Accept-Encoding").value_or("-"), "gzip");
    QCOMPARE(seen.headers.first("Authorization").value_or("-"), "Basic " + QByteArray("user:p@ss").toBase64());
    // Nothing beside them.
    QCOMPARE(sortedNames(seen.headers), "Accept-Encoding, Authorization, Host, User-Agent");
    QCOMPARE(seen.body, QByteArray());

    // The same for the gateway's other requests: a POST, and a HEAD.
    QVERIFY(run(post(server.origin() + "/x", "{}"), {})->reply.ok());
    QCOMPARE(sortedNames(server.received().back().headers), "Accept-Encoding, Content-Type, Host, Transfer-Encoding, User-Agent");
    request = get(server.origin() + "/x");
    request.method = "HEAD";
    QVERIFY(run(request, {})->reply.ok());
    QCOMPARE(sortedNames(server.received().back().headers), "Host, User-Agent");
}

void ExchangeTest::headersOfARequest()
{
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    http::Request request = get(server.origin() + "/x");
    request.method = "POST";
    request.body = "a=b";
    request.headers.append("x-forwarded-for", "127.0.0.1");
    request.headers.append("Cookie", "a=1");
    request.headers.append("Cookie", "b=2");
    request.headers.append("Transfer-Encoding", "chunked");
    QVERIFY(run(request, {})->reply.ok());
    const ServerRequest &seen = server.received().front();
    QCOMPARE(seen.body, "a=b");
    QCOMPARE(seen.headers.all("Transfer-Encoding"), std::vector<QByteArray>{"chunked"});
    QVERIFY(!seen.headers.contains("Content-Length")); // only when given
    QVERIFY(!seen.headers.contains("Content-Type"));
    QCOMPARE(seen.headers.first("X-Forwarded-For").value_or("-"), "127.0.0.1");
    QCOMPARE(seen.headers.all("Cookie"), (std::vector<QByteArray>{"a=1", "b=2"}));

    http::Request bad = get(server.origin() + "/x");
    bad.headers.append("X Y", "1");
    const auto refused = run(bad, {});
    QVERIFY(refused && !refused->reply);
    QCOMPARE(refused->reply.error().text, "net/http: invalid header field name \"X Y\"");
    bad.headers = {{"X", "a\r\nInjected: 1"}};
    const auto injected = run(bad, {});
    QVERIFY(injected && !injected->reply);
    QCOMPARE(injected->reply.error().text, "net/http: invalid header field value for \"X\"");
    QCOMPARE(int(server.received().size()), 1);
}

void ExchangeTest::brokenUrls_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("printed");
    const auto row = [](const char *url, TransportError::Kind kind, const char *text, const char *printed = nullptr) {
        QTest::newRow(qPrintable(QStringLiteral("asked: ") + QLatin1String(url)))
            << QByteArray(url) << int(kind) << QByteArray(text) << QByteArray(printed ? printed : url);
    };
    row("", TransportError::UnsupportedScheme, "unsupported protocol scheme \"\"");
    row("ftp://127.0.0.1/x", TransportError::UnsupportedScheme, "unsupported protocol scheme \"ftp\"");
    row("file:///x", TransportError::UnsupportedScheme, "unsupported protocol scheme \"file\"");
    row("127.0.0.1/x", TransportError::UnsupportedScheme, "unsupported protocol scheme \"\"");
    row("http:", TransportError::NoHost, "http: no Host in request URL");
    row("http://", TransportError::NoHost, "http: no Host in request URL", "http:");
    row("http:///x", TransportError::NoHost, "http: no Host in request URL");
    row("http://[::1", TransportError::BadUrl, "parse \"http://[::1\": missing ']' in host");
    row("http://127.0.0.1:1/x", TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused");
    row("https://127.0.0.1:1/x", TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused");
    row("http://u:p@127.0.0.1:1/x", TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused",
        "http://u:***@127.0.0.1:1/x");
    row("HTTP://127.0.0.1:1/x", TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused", "http://127.0.0.1:1/x");
    row("http://[::ffff:127.0.0.1]:1/", TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused");
    row("http://localhost:1/x", TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused");
    row("http://127.0.0.1:0/x", TransportError::Refused, "dial tcp 127.0.0.1:0: connect: connection refused");
    row("http://:1/", TransportError::Refused, "dial tcp :1: connect: connection refused");
    row("http://127.0.0.1:99999/", TransportError::Other, "dial tcp: address 99999: invalid port");
    row("http://127.1:1/x", TransportError::Dns, "dial tcp: lookup 127.1: no such host");
    row("http://2130706433:1/x", TransportError::Dns, "dial tcp: lookup 2130706433: no such host");
    row("http://exa<mple/", TransportError::Dns, "dial tcp: lookup exa<mple: no such host");
    row("http://a..b/", TransportError::Dns, "dial tcp: lookup a..b: no such host");
    row("http://1:2:3/", TransportError::Dns, "dial tcp: lookup 1:2: no such host");
    row("http://-a.invalid/", TransportError::Dns, "dial tcp: lookup -a.invalid: no such host");
}

void ExchangeTest::brokenUrls()
{
    QFETCH(const QByteArray, url);
    QFETCH(const int, kind);
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, printed);
    const auto result = run(get(url), {});
    QVERIFY(result);
    QVERIFY(!result->reply);
    QCOMPARE(result->reply.error().text, text);
    QCOMPARE(int(result->reply.error().kind), kind);
    QCOMPARE(result->reply.error().url, printed);
}

void ExchangeTest::misbehaviour_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("timeoutMs");
    QTest::addColumn<int>("kind"); // -1: a reply
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const Script &script, int timeoutMs, int kind, const char *text) {
        QTest::newRow(name) << script << timeoutMs << kind << QByteArray(text);
    };
    Script script;
    script.body = "{}";
    row("behaves", script, 10000, -1, "");
    script.delayMs = 50;
    row("answers late", script, 10000, -1, "");
    script = {};
    script.silent = true;
    row("silent", script, 300, TransportError::Timeout, "context deadline exceeded");
    script = {};
    script.raw = "HTTP/1.1 200 OK\r\n" + QByteArray(2000, 'x');
    script.dripBytes = 1;
    script.dripMs = 20;
    row("drips a head for ever", script, 400, TransportError::Timeout, "context deadline exceeded");
    script = {};
    script.body = QByteArray(40, 'x');
    script.dripBytes = 20;
    script.dripMs = 5;
    row("drips and ends", script, 10000, -1, "");
    script = {};
    script.raw = "\r\n";
    script.closeAfter = 0;
    row("closes without a byte", script, 10000, TransportError::ClosedEarly, "EOF");
    script = {};
    script.raw = "garbage\r\n\r\n";
    row("asked: garbage, closed", script, 10000, TransportError::NotHttp,
        "net/http: HTTP/1.x transport connection broken: malformed HTTP response \"garbage\"");
    script = {};
    for (int i = 0; i < 3000; ++i)
        script.headers.append("X-" + QByteArray::number(i), QByteArray(4000, 'h'));
    row("asked: 12 MB of headers", script, 30000, TransportError::NotHttp,
        "net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 10485760 bytes; aborted");
    script = {};
    script.headers.append("Content-Encoding", "gzip");
    script.body = http::gzip(QByteArray(12 * 1024 * 1024, '0'));
    row("gzip bomb", script, 10000, TransportError::TooLarge, "the unpacked body is larger than 1048576 bytes");
    script = {};
    script.body = QByteArray(1024, 'x');
    script.repeatBody = 1025;
    row("too large", script, 10000, TransportError::TooLarge, "the body is larger than 1048576 bytes");
    script.repeatBody = 1024;
    row("just fits", script, 10000, -1, "");
    script.chunked = true;
    script.repeatBody = 1 << 20;
    row("too large in chunks", script, 10000, TransportError::TooLarge, "the body is larger than 1048576 bytes");
}

void ExchangeTest::misbehaviour()
{
    QFETCH(const Script, script);
    QFETCH(const int, timeoutMs);
    QFETCH(const int, kind);
    QFETCH(const QByteArray, text);
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    net::ExchangePolicy policy;
    policy.timeout = std::chrono::milliseconds(timeoutMs);
    policy.maxBody = 1024 * 1024;
    const auto result = run(get(server.origin() + "/x"), policy);
    QVERIFY(result);
    if (kind < 0) {
        QVERIFY2(result->reply.ok(), result->reply.ok() ? "" : result->reply.error().text.constData());
        QCOMPARE(result->reply->status, 200);
        QVERIFY(!result->reply->cut);
        return;
    }
    QVERIFY(!result->reply.ok());
    QCOMPARE(result->reply.error().text, text);
    QCOMPARE(int(result->reply.error().kind), kind);
    QCOMPARE(result->reply.error().url, server.origin() + "/x");
}

void ExchangeTest::bodies_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("bodyError");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const Script &script, const QByteArray &body, const char *bodyError, int status = 200) {
        QTest::newRow(name) << script << body << QByteArray(bodyError) << status;
    };
    Script script;
    script.body = "{\"a\":1}";
    row("plain", script, "{\"a\":1}", "");
    script.chunked = true;
    script.repeatBody = 3;
    row("chunks", script, "{\"a\":1}{\"a\":1}{\"a\":1}", "");
    script = {};
    script.status = 404;
    script.body = "nope";
    row("404 with a body", script, "nope", "", 404);
    script.status = 401;
    script.headers.append("WWW-Authenticate", "Basic realm=\"x\"");
    row("401 with a challenge", script, "nope", "", 401);
    script = {};
    script.status = 204;
    row("204", script, "", "", 204);
    script = {};
    script.headers = {{"Content-Length", "50"}};
    script.body = "{\"a\":";
    row("cut before its length", script, "{\"a\":", "unexpected EOF");
    script = {};
    script.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n9\r\nhal";
    row("cut in a chunk", script, "hellohal", "unexpected EOF");
    script = {};
    script.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    row("cut between chunks", script, "hello", "unexpected EOF");
    script = {};
    script.raw = "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n{}";
    row("ends with the connection", script, "{}", "");
    script = {};
    script.headers.append("Content-Encoding", "gzip");
    script.body = http::gzip("{\"a\":1}");
    row("gzip", script, "{\"a\":1}", "");
    script.body = script.body + http::gzip("{\"b\":2}");
    row("gzip, two members", script, "{\"a\":1}{\"b\":2}", "");
    script.body = "{}";
    row("asked: gzip that is none", script, "", "unexpected EOF"); // shorter than a header
    script.body = "{\"aaaaaaaaaaaaaaa\":1}";
    row("asked: gzip that is none, longer", script, "", "gzip: invalid header");
    script.body = http::gzip("{\"a\":1}").chopped(4);
    row("gzip cut in its trailer", script, "{\"a\":1}", "unexpected EOF");
    script.body = http::gzip("{\"a\":1}");
    script.body[script.body.size() - 6] = char(~script.body[script.body.size() - 6]);
    row("gzip with a wrong checksum", script, "{\"a\":1}", "gzip: invalid checksum");
    script = {};
    script.headers.append("Content-Encoding", "identity");
    script.body = "{}";
    row("another encoding stays", script, "{}", "");
    script = {};
    script.raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\":1}";
    script.keepOpen = true;
    row("asked: stays open within its length", script, "{\"a\":1}", "context deadline exceeded");
    script.raw = "HTTP/1.1 200 OK\r\nX: 1\r\n\r\n{\"a\":1}";
    row("asked: stays open without a length", script, "{\"a\":1}", "context deadline exceeded");
    const QByteArray packed = http::gzip("{\"a\":1}");
    script = {};
    script.raw = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + QByteArray::number(packed.size(), 16) +
                 "\r\n" + packed + "\r\nzz\r\n";
    row("asked: gzip in bad chunks", script, "{\"a\":1}", "invalid byte in chunk length");
    script.raw = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 60\r\n\r\n" + packed.first(12);
    row("asked: gzip cut", script, "{", "unexpected EOF");
    script.raw = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n";
    row("asked: no body that is said to be gzip", script, "", "");
    script.raw = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX: 1\r\n\r\n";
    row("asked: no body until the close, said to be gzip", script, "", "");
}

void ExchangeTest::bodies()
{
    QFETCH(const Script, script);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, bodyError);
    QFETCH(const int, status);
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    net::ExchangePolicy policy;
    policy.timeout = std::chrono::milliseconds(bodyError.startsWith("context") ? 300 : 30000);
    const auto result = run(get(server.origin() + "/x"), policy);
    QVERIFY(result);
    QVERIFY2(result->reply.ok(), result->reply.ok() ? "" : result->reply.error().text.constData());
    QCOMPARE(result->reply->status, status);
    QCOMPARE(result->reply->body, body);
    QCOMPARE(result->reply->bodyError, bodyError);
    // A body that is packed wrongly is not cut.
    QCOMPARE(result->reply->cut, !bodyError.isEmpty() && !script.headers.contains("Content-Encoding"));
    QVERIFY(!result->reply->headers.contains("Transfer-Encoding"));
    if (script.headers.first("Content-Encoding").value_or("") == "gzip")
        QVERIFY(!result->reply->headers.contains("Content-Encoding"));
}

void ExchangeTest::postIsSentOnce_data()
{
    QTest::addColumn<Script>("script");
    Script script;
    script.raw = "x";
    script.closeAfter = 0;
    QTest::newRow("closed without an answer") << script;
    script = {};
    script.raw = "garbage\r\n\r\n";
    QTest::newRow("garbage") << script;
    script.raw = "HTTP/1.1 200";
    QTest::newRow("half a status line") << script;
}

void ExchangeTest::postIsSentOnce()
{
    QFETCH(const Script, script);
    for (const qsizetype size : {qsizetype(10), qsizetype(300000)}) {
        Server server([&script](const ServerRequest &) { return script; });
        QVERIFY(server.listen());
        const QByteArray body(size, 'b');
        const auto result = run(post(server.origin() + "/x", body), {});
        QVERIFY(result && !result->reply);
        QCOMPARE(int(server.received().size()), 1);
        QCOMPARE(server.received().front().body, body);
    }
    // Without a body just the same.
    for (const char *method : {"POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"}) {
        Server server([&script](const ServerRequest &) { return script; });
        QVERIFY(server.listen());
        http::Request request = get(server.origin() + "/x");
        request.method = method;
        const auto result = run(request, {});
        QVERIFY(result && !result->reply);
        QCOMPARE(int(server.received().size()), 1);
        QCOMPARE(server.received().front().method, method);
        QCOMPARE(server.received().front().headers.first("Content-Length").value_or("-"), method[0] == 'P' ? "0" : "-");
    }
}

void ExchangeTest::cancelled()
{
    Script script;
    script.silent = true;
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    net::Exchange exchange(get(server.origin() + "/x"), {});
    int times = 0;
    std::optional<TransportError> error;
    connect(&exchange, &net::Exchange::finished, this, [&](const net::ExchangeResult &result) {
        ++times;
        error = result.reply.error();
    });
    exchange.start();
    QTRY_COMPARE(int(server.received().size()), 1);
    exchange.abort();
    QCOMPARE(times, 0); // never from inside abort()
    exchange.abort();
    QTRY_COMPARE(times, 1);
    QCOMPARE(int(error->kind), int(TransportError::Cancelled));
    QTRY_COMPARE(server.openConnections(), qint64(0));
    QVERIFY(turnOfTheLoop());
    QCOMPARE(times, 1);
}

void ExchangeTest::cancelledBeforeStart()
{
    net::Exchange exchange(get("http://127.0.0.1:1/"), {});
    int times = 0;
    connect(&exchange, &net::Exchange::finished, this, [&] { ++times; });
    exchange.abort();
    exchange.start();
    QTRY_COMPARE(times, 1);
    QVERIFY(turnOfTheLoop());
    QCOMPARE(times, 1);
}

void ExchangeTest::destroyedWhileRunning()
{
    Script script;
    script.body = QByteArray(1024, 'x');
    script.repeatBody = 1 << 20;
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    auto exchange = std::make_unique<net::Exchange>(get(server.origin() + "/x"), net::ExchangePolicy{});
    connect(exchange.get(), &net::Exchange::finished, this, [] { QFAIL("a destroyed exchange must stay silent"); });
    exchange->start();
    QTRY_COMPARE(int(server.received().size()), 1);
    exchange.reset();
    QTRY_COMPARE(server.openConnections(), qint64(0));
    QVERIFY(turnOfTheLoop());
}

void ExchangeTest::gigabyteStopsAtTheCap()
{
    Script script;
    script.body = QByteArray(1024, 'x');
    script.repeatBody = 1 << 20; // 1 GB
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    const auto result = run(get(server.origin() + "/x"), {});
    QVERIFY(result && !result->reply);
    QCOMPARE(int(result->reply.error().kind), int(TransportError::TooLarge));
    QCOMPARE(result->reply.error().text, "the body is larger than 67108864 bytes");
}

void ExchangeTest::largeBodies_data()
{
    QTest::addColumn<int>("kilobytes");
    QTest::addColumn<bool>("chunked");
    QTest::addColumn<bool>("fits");
    QTest::newRow("10 MB") << 10 * 1024 << false << true;
    QTest::newRow("63 MB") << 63 * 1024 << false << true;
    QTest::newRow("63 MB in chunks") << 63 * 1024 << true << true;
    QTest::newRow("65 MB in chunks") << 65 * 1024 << true << false;
}

void ExchangeTest::largeBodies()
{
    QFETCH(const int, kilobytes);
    QFETCH(const bool, chunked);
    QFETCH(const bool, fits);
    Script script;
    script.body = QByteArray(1024, 'x');
    script.repeatBody = kilobytes;
    script.chunked = chunked;
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    const auto result = run(get(server.origin() + "/x"), {});
    QVERIFY(result);
    QCOMPARE(result->reply.ok(), fits);
    if (fits)
        QCOMPARE(result->reply->body.size(), qsizetype(kilobytes) * 1024);
}

// Asked: who answers and closes before it has read all is heard.
void ExchangeTest::answerBeforeTheBodyIsRead()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, this, [&server] {
        QTcpSocket *socket = server.nextPendingConnection();
        socket->setReadBufferSize(1024);
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            if (socket->property("answered").toBool())
                return;
            socket->setProperty("answered", true);
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        });
    });
    const auto result = run(post("http://127.0.0.1:" + QByteArray::number(server.serverPort()) + "/x", QByteArray(30000000, 'b')), {});
    QVERIFY(result && result->reply.ok());
    QCOMPARE(result->reply->body, QByteArray("{}"));
}

void ExchangeTest::reset()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QByteArray local;
    connect(&server, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = server.nextPendingConnection();
        local = "127.0.0.1:" + QByteArray::number(socket->peerPort()) + "->127.0.0.1:" + QByteArray::number(server.serverPort());
        // Closing while something has not been read sends a reset.
        socket->setReadBufferSize(1);
        connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->abort(); });
    });
    const QByteArray url = "http://127.0.0.1:" + QByteArray::number(server.serverPort()) + "/x";
    const auto result = run(get(url), {});
    QVERIFY(result && !result->reply);
    QCOMPARE(result->reply.error().text, "read tcp " + local + ": read: connection reset by peer");
    QCOMPARE(result->reply.error().url, url);
}

void ExchangeTest::paths_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("sent");
    const auto row = [](const char *path, const char *sent) { QTest::newRow(path) << QByteArray(path) << QByteArray(sent); };
    row("", "/");
    row("/", "/");
    row("/a//b", "/a//b");
    row("/a b", "/a%20b");
    row("/\xc3\xa9", "/%C3%A9");
    row("/a%2Fb", "/a%2Fb");
    row("/a?b=%zz", "/a?b=%zz");
    row("/a?b=c d", "/a?b=c d");
    row("/a?b=<>\"", "/a?b=<>\"");
    row("/a?", "/a?");
    row("/a?x=1&y=2&x=3", "/a?x=1&y=2&x=3");
    row("?x", "/?x");
    row("/a//b/../c", "/a//b/../c");
    row("/a/./b", "/a/./b");
    row("/%7e/%41", "/%7e/%41");
    row("//a", "//a");
    row("/a#f", "/a");
}

void ExchangeTest::paths()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, sent);
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    const auto result = run(get(server.origin() + path), {});
    QVERIFY2(result && result->reply.ok(), result && !result->reply.ok() ? result->reply.error().text.constData() : "");
    QCOMPARE(server.received().front().target, sent);
}

QTEST_GUILESS_MAIN(ExchangeTest)
#include "tst_exchange.moc"
