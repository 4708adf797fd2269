// Where a request goes: redirects and proxies.
#include "harness.h"

#include <QTcpServer>
#include <QTcpSocket>

using namespace tokenlab;
using namespace tokenlab::test;
using http::TransportError;
using playground::Script;
using playground::Server;
using playground::ServerRequest;

class RoutesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void redirects_data();
    void redirects();
    void redirectHeaders();
    void proxied();
    void tunnel_data();
    void tunnel();
    void tunnelled();
};

void RoutesTest::initTestCase()
{
    for (const char *name : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"})
        qunsetenv(name);
}

void RoutesTest::redirects_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("location");
    QTest::addColumn<QByteArray>("seen"); // second request: method target body; or the error
    const auto row = [](const char *name, const char *method, const char *body, int status, const char *location, const char *seen) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(body) << status << QByteArray(location) << QByteArray(seen);
    };
    row("asked: 301 GET", "GET", "", 301, "/land?x=1", "GET /land?x=1 ");
    row("asked: 302 POST turns to GET", "POST", "{}", 302, "/land", "GET /land ");
    row("asked: 303 POST turns to GET", "POST", "{}", 303, "land", "GET /a/land ");
    row("asked: 307 GET", "GET", "", 307, "../land", "GET /land ");
    row("asked: 307 POST with a body stays", "POST", "{}", 307, "/land", "status 307");
    row("asked: 308 POST with a body stays", "POST", "{}", 308, "/land", "status 308");
    row("308 POST without a body", "POST", "", 308, "/land", "POST /land ");
    row("302 HEAD stays HEAD", "HEAD", "", 302, "/land", "HEAD /land ");
    row("asked: no Location", "GET", "", 302, "", "status 302");
    row("304 is no redirect", "GET", "", 304, "/land", "status 304");
    row("asked: bad Location", "GET", "", 302, "http://[::1",
        "failed to parse Location header \"http://[::1\": parse \"http://[::1\": missing ']' in host");
    row("asked: other scheme", "GET", "", 302, "ftp://x/y", "unsupported protocol scheme \"ftp\"");
    row("asked: for ever", "GET", "", 302, "start", "stopped after 10 redirects");
}

void RoutesTest::redirects()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QByteArray, location);
    QFETCH(const QByteArray, seen);
    Server server([&](const ServerRequest &request) {
        Script script;
        if (request.target.contains("start")) {
            script.status = status;
            if (!location.isEmpty())
                script.headers.append("Location", location);
            script.body = status == 304 ? "" : "moved";
        }
        return script;
    });
    QVERIFY(server.listen());
    http::Request request = get(server.origin() + "/a/start");
    request.method = method;
    request.body = body;
    const auto result = run(request, {});
    QVERIFY(result);
    if (!result->reply) {
        QCOMPARE(result->reply.error().text, seen);
        if (seen.startsWith("stopped")) {
            QCOMPARE(int(server.received().size()), 10);
            QCOMPARE(result->reply.error().url, "start"); // the Location itself, as the gateway prints it
        } else if (seen.startsWith("failed")) {
            QCOMPARE(result->reply.error().url, server.origin() + "/a/start");
        }
        return;
    }
    const ServerRequest &last = server.received().back();
    if (seen.startsWith("status ")) {
        QCOMPARE(int(server.received().size()), 1);
        QCOMPARE("status " + QByteArray::number(result->reply->status), seen);
        return;
    }
    QCOMPARE(int(server.received().size()), 2);
    QCOMPARE(last.method + ' ' + last.target + ' ' + last.body, seen);
    QCOMPARE(last.headers.first("Referer").value_or("-"), server.origin() + "/a/start");
    QCOMPARE(result->reply->finalUrl, server.origin() + last.target);
}

// Secrets do not travel to another host; all else does.
void RoutesTest::redirectHeaders()
{
    Server far([](const ServerRequest &) { return Script{}; });
    QVERIFY(far.listen());
    QByteArray target;
    Server near([&](const ServerRequest &) {
        Script script;
        script.status = 302;
        script.headers.append("Location", target);
        return script;
    });
    QVERIFY(near.listen());
    http::Request request = get(near.origin() + "/x");
    request.headers.append("Authorization", "Bearer secret");
    request.headers.append("Cookie", "session=secret");
    request.headers.append("X-Else", "kept");

    // The same host name on another port is the same host.
    target = far.origin() + "/same";
    QVERIFY(run(request, {})->reply.ok());
    QCOMPARE(far.received().back().headers.first("Authorization").value_or("-"), "Bearer secret");
    QCOMPARE(far.received().back().headers.first("X-Else").value_or("-"), "kept");

    target = far.origin().replace("127.0.0.1", "localhost") + "/other";
    QVERIFY(run(request, {})->reply.ok());
    QCOMPARE(far.received().back().target, "/other");
    QVERIFY(!far.received().back().headers.contains("Authorization"));
    QVERIFY(!far.received().back().headers.contains("Cookie"));
    QCOMPARE(far.received().back().headers.first("X-Else").value_or("-"), "kept");
}

void RoutesTest::proxied()
{
    Server proxy([](const ServerRequest &request) {
        Script script;
        script.body = request.target;
        return script;
    });
    QVERIFY(proxy.listen());
    net::ExchangePolicy policy;
    policy.proxy = proxy.origin();
    const auto result = run(get("http://example.invalid/x?y"), policy);
    QVERIFY(result && result->reply.ok());
    QCOMPARE(result->reply->body, "http://example.invalid/x?y");
    policy.proxy = "http://127.0.0.1:1";
    const auto refused = run(get("http://example.invalid/x?y"), policy);
    QVERIFY(refused && !refused->reply);
    QCOMPARE(refused->reply.error().text, "proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused");
}

// https through a proxy: what is asked, and what becomes of its answers.
void RoutesTest::tunnel_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *answer, const char *text) {
        QTest::newRow(name) << QByteArray(answer) << QByteArray(text);
    };
    row("asked: 407", "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nabc", "Proxy Authentication Required");
    row("asked: 201", "HTTP/1.1 201 Created\r\n\r\n", "Created");
    row("asked: no reason", "HTTP/1.1 500\r\n\r\n", "unknown status code");
    row("asked: empty reason", "HTTP/1.1 500 \r\n\r\n", "");
    row("asked: interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "Continue");
    row("asked: garbage", "garbage\r\n\r\n", "malformed HTTP response \"garbage\"");
    row("asked: bad length", "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", "bad Content-Length \"abc\"");
    row("closes", "", "unexpected EOF");
    row("no TLS behind it", "HTTP/1.1 200 OK\r\n\r\n", "EOF");
}

void RoutesTest::tunnel()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, text);
    QTcpServer proxy;
    QVERIFY(proxy.listen(QHostAddress::LocalHost));
    QByteArray asked;
    connect(&proxy, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = proxy.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket, &asked, &answer] {
            const bool first = asked.isEmpty();
            asked += socket->readAll();
            if (first)
                socket->write(answer);
            if (!first || !answer.startsWith("HTTP/1.1 200 OK\r\n\r\n"))
                socket->disconnectFromHost();
        });
    });
    net::ExchangePolicy policy;
    policy.proxy = "http://a:b@127.0.0.1:" + QByteArray::number(proxy.serverPort());
    const auto result = run(get("https://example.invalid/x?y"), policy);
    QVERIFY(result && !result->reply);
    QCOMPARE(result->reply.error().text, text);
    QVERIFY(asked.startsWith("CONNECT example.invalid:443 HTTP/1.1\r\nHost: example.invalid:443\r\nUser-Agent: Go-http-client/1.1\r\n"
                             "Proxy-Authorization: Basic YTpi\r\n\r\n"));
}

// All the way: bytes are passed on both ways, and the peer behind the proxy is the one that is verified.
void RoutesTest::tunnelled()
{
    const auto made = crypto::makeTlsIdentity(identity("far", {"localhost"}), nullptr);
    QVERIFY(made.ok());
    Server far([](const ServerRequest &) {
        Script script;
        script.body = "{}";
        return script;
    });
    QVERIFY(far.listenTls(serverConfiguration(*made)));
    QTcpServer proxy;
    QVERIFY(proxy.listen(QHostAddress::LocalHost));
    connect(&proxy, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *near = proxy.nextPendingConnection();
        auto *other = new QTcpSocket(near);
        connect(other, &QTcpSocket::readyRead, near, [near, other] { near->write(other->readAll()); });
        connect(other, &QTcpSocket::disconnected, near, [near] { near->disconnectFromHost(); });
        connect(near, &QTcpSocket::readyRead, other, [near, other, &far] {
            const QByteArray bytes = near->readAll();
            if (!bytes.startsWith("CONNECT")) {
                other->write(bytes);
                return;
            }
            connect(other, &QTcpSocket::connected, near, [near] { near->write("HTTP/1.1 200 OK\r\nX: 1\r\n\r\n"); });
            other->connectToHost(QHostAddress(QHostAddress::LocalHost), far.port());
        });
    });
    net::ExchangePolicy policy;
    policy.proxy = "http://127.0.0.1:" + QByteArray::number(proxy.serverPort());
    policy.tls.systemRoots = false;
    policy.tls.extraRoots = {made->certificatePem};
    auto result = run(get("https://localhost/x"), policy);
    QVERIFY(result);
    QVERIFY2(result->reply.ok(), result->reply.ok() ? "" : result->reply.error().text.constData());
    QCOMPARE(result->reply->body, QByteArray("{}"));
    QCOMPARE(far.received().back().headers.first("Host").value_or("-"), QByteArray("localhost"));
    result = run(get("https://elsewhere.invalid/x"), policy);
    QVERIFY(result && !result->reply);
    QCOMPARE(int(result->reply.error().kind), int(TransportError::TlsUntrusted));
    QCOMPARE(int(far.received().size()), 1);
}

QTEST_GUILESS_MAIN(RoutesTest)
#include "tst_routes.moc"
