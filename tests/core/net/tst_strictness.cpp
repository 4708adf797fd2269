// What the gateway's client refuses, gives up and reads past, over real sockets.
#include "harness.h"

#include <QTcpServer>
#include <QTcpSocket>

using namespace tokenlab;
using namespace tokenlab::test;
using http::TransportError;
using playground::Script;
using playground::Server;
using playground::ServerRequest;

class StrictnessTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void heads_data();
    void heads();
    void interim_data();
    void interim();
    void headIsNotWaitedFor_data();
    void headIsNotWaitedFor();
    void repeatedLines();
    void stages_data();
    void stages();
};

namespace {

constexpr const char *body = "{\"access_token\":{\"sub\":\"x\"}}"; // 28 bytes

Script raw(const QByteArray &head, const QByteArray &rest = body)
{
    Script script;
    script.raw = head + "\r\n" + rest;
    return script;
}

} // namespace

// Each asked with the gateway, as a backend and as a key host: the words are the same.
void StrictnessTest::heads_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("error"); // empty: taken
    const QByteArray chunks = "1c\r\n" + QByteArray(body) + "\r\n0\r\n\r\n";
    const auto row = [](const char *name, const char *lines, const QByteArray &payload, const char *error) {
        QTest::newRow(qPrintable(QStringLiteral("asked: ") + QLatin1String(name))) << QByteArray(lines) << payload << QByteArray(error);
    };
    row("plain", "Content-Length: 28\r\n", body, "");
    row("length in letters", "Content-Length: abc\r\n", body, "bad Content-Length \"abc\"");
    row("negative length", "Content-Length: -47\r\n", body, "bad Content-Length \"-47\"");
    row("length with a plus", "Content-Length: +28\r\n", body, "bad Content-Length \"+28\"");
    row("length in hexadecimal", "Content-Length: 0x1c\r\n", body, "bad Content-Length \"0x1c\"");
    row("length of 2^63", "Content-Length: 9223372036854775808\r\n", body, "bad Content-Length \"9223372036854775808\"");
    row("length with a leading zero", "Content-Length: 028\r\n", body, "");
    row("length between spaces", "Content-Length:  28 \r\n", body, "");
    row("two lengths", "Content-Length: 28\r\nContent-Length: 29\r\n", body,
        "http: message cannot contain multiple Content-Length headers; got [\"28\" \"29\"]");
    row("the same length twice", "Content-Length: 28\r\nContent-Length:  28 \r\n", body, "");
    row("the same bad length twice", "Content-Length: abc\r\nContent-Length: abc\r\n", body, "bad Content-Length \"abc\"");
    row("NUL in a value", "X-A: a\x01z\r\nContent-Length: 28\r\n", body, "malformed MIME header line: \"X-A: a\\x00z\"");
    row("DEL in a value", "X-A: a\x7fz\r\nContent-Length: 28\r\n", body, "malformed MIME header line: \"X-A: a\\x7fz\"");
    row("CR in a value", "X-A: a\rz\r\nContent-Length: 28\r\n", body, "malformed MIME header line: \"X-A: a\\rz\"");
    row("tab in a value", "X-A: a\tz\r\nContent-Length: 28\r\n", body, "");
    row("no UTF-8 in a value", "X-A: \xc3\xa9\xff\r\nContent-Length: 28\r\n", body, "");
    row("folded line", "X-A: a\r\n b\r\nContent-Length: 28\r\n", body, "");
    row("gzip in chunks", "Transfer-Encoding: gzip, chunked\r\n", chunks, "unsupported transfer encoding: \"gzip, chunked\"");
    row("identity", "Transfer-Encoding: identity\r\nContent-Length: 28\r\n", body, "unsupported transfer encoding: \"identity\"");
    row("chunks", "Transfer-Encoding: CHUNKED\r\n", chunks, "");
    row("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks,
        "too many transfer encodings: [\"chunked\" \"chunked\"]");
    row("chunks and a bad length", "Transfer-Encoding: chunked\r\nContent-Length: abc\r\n", chunks, "bad Content-Length \"abc\"");
    row("chunks and another length", "Transfer-Encoding: chunked\r\nContent-Length: 5000\r\n", chunks, "");
    row("trailer that cannot be one", "Trailer: Content-Length\r\nTransfer-Encoding: chunked\r\n", chunks,
        "bad trailer key \"Content-Length\"");
    for (const char *status : {"204 No Content", "304 Not Modified", "302 Found\r\nLocation: /ok", "400 Bad Request"})
        QTest::newRow(qPrintable(QStringLiteral("asked: bad length of a ") + QLatin1String(status, 3)))
            << QByteArray("HTTP/1.1 ") + status + "\r\nContent-Length: abc\r\n"
            << QByteArray() << QByteArray("bad Content-Length \"abc\"");
}

void StrictnessTest::heads()
{
    QFETCH(QByteArray, lines);
    QFETCH(const QByteArray, payload);
    QFETCH(const QByteArray, error);
    lines.replace('\x01', QByteArray(1, '\0')); // a row is a C string
    if (!lines.startsWith("HTTP/"))
        lines.prepend("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
    Server server([&](const ServerRequest &) { return raw(lines, payload); });
    QVERIFY(server.listen());
    const auto result = run(get(server.origin() + "/x"), {});
    QVERIFY(result);
    if (error.isEmpty()) {
        QVERIFY2(result->reply.ok(), result->reply.ok() ? "" : result->reply.error().text.constData());
        QCOMPARE(result->reply->body, QByteArray(body));
        QVERIFY(!result->reply->cut);
        QVERIFY(result->reply->headers.all("Content-Length").size() < 2);
        return;
    }
    QVERIFY(!result->reply.ok());
    QCOMPARE(result->reply.error().text, "net/http: HTTP/1.x transport connection broken: " + error);
    QCOMPARE(result->reply.error().url, server.origin() + "/x");
}

void StrictnessTest::interim_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status"); // 0: refused
    const QByteArray final = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n" + QByteArray(body);
    QTest::newRow("asked: 100") << "HTTP/1.1 100 Continue\r\n\r\n" + final << 200;
    QTest::newRow("asked: 102") << "HTTP/1.1 102 Processing\r\n\r\n" + final << 200;
    QTest::newRow("asked: 103 six times") << QByteArray("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n").repeated(6) + final << 200;
    QTest::newRow("asked: 101") << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n") << 101;
    QTest::newRow("asked: a line without a colon") << "HTTP/1.1 200 OK\r\nBad Header\r\n" + final.sliced(17) << 0;
    QTest::newRow("asked: a name with a space") << "HTTP/1.1 200 OK\r\nX A: 1\r\n" + final.sliced(17) << 200;
}

void StrictnessTest::interim()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, status);
    Server server([&](const ServerRequest &) {
        Script script;
        script.raw = bytes;
        script.keepOpen = true;
        return script;
    });
    QVERIFY(server.listen());
    const auto result = run(get(server.origin() + "/x"), {});
    QVERIFY(result);
    QCOMPARE(result->reply.ok(), status != 0);
    if (status)
        QCOMPARE(result->reply->status, status);
    else
        QCOMPARE(result->reply.error().text,
                 QByteArray("net/http: HTTP/1.x transport connection broken: malformed MIME header: missing colon: \"Bad Header\""));
    QCOMPARE(int(server.received().size()), 1);
}

void StrictnessTest::headIsNotWaitedFor_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("without a body") << QByteArray();
    QTest::newRow("with a body") << QByteArray("{}");
}

void StrictnessTest::headIsNotWaitedFor()
{
    QFETCH(const QByteArray, sent);
    Server server([](const ServerRequest &) {
        Script script;
        script.raw = "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n";
        script.keepOpen = true;
        return script;
    });
    QVERIFY(server.listen());
    http::Request request = get(server.origin() + "/x");
    request.method = "HEAD";
    request.body = sent;
    const auto result = run(request, {});
    QVERIFY(result && result->reply.ok());
    QCOMPARE(result->reply->status, 200);
    QVERIFY(!result->reply->cut);
    QCOMPARE(result->reply->body, QByteArray());
}

void StrictnessTest::repeatedLines()
{
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    http::Request request = get(server.origin() + "/x");
    request.headers.append("X-A", "1");
    request.headers.append("X-B", "only");
    request.headers.append("x-a", "2, 3");
    QVERIFY(run(request, {})->reply.ok());
    const http::HeaderList &seen = server.received().front().headers;
    QCOMPARE(seen.all("X-A"), (std::vector<QByteArray>{"1", "2, 3"}));
    QCOMPARE(seen.all("X-B"), std::vector<QByteArray>{"only"});
    // A line break of the caller's own never goes out.
    request.headers.append("X-A", "4\r\nX-C: 5");
    QCOMPARE(run(request, {})->reply.error().text, "net/http: invalid header field value for \"X-A\"");
    QCOMPARE(int(server.received().size()), 1);
}

// The key client's own limits: with the gateway's 10 s and 30 s each was asked; here they are short.
void StrictnessTest::stages_data()
{
    QTest::addColumn<QByteArray>("scheme");
    QTest::addColumn<bool>("pins");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("asked: silent before the handshake is over")
        << QByteArray("https") << false << int(TransportError::TlsHandshake) << QByteArray("net/http: TLS handshake timeout");
    QTest::newRow("asked: the same with pins") << QByteArray("https") << true << int(TransportError::TlsHandshake)
                                               << QByteArray("context deadline exceeded");
    QTest::newRow("silent over http") << QByteArray("http") << false << int(TransportError::Timeout)
                                      << QByteArray("context deadline exceeded");
}

void StrictnessTest::stages()
{
    QFETCH(const QByteArray, scheme);
    QFETCH(const bool, pins);
    QFETCH(const int, kind);
    QFETCH(const QByteArray, text);
    QTcpServer mute; // takes connections and says nothing
    QVERIFY(mute.listen(QHostAddress::LocalHost));
    net::ExchangePolicy policy;
    policy.timeout = std::chrono::milliseconds(0);
    policy.stages =
        net::ExchangePolicy::Stages{std::chrono::milliseconds(400), std::chrono::milliseconds(150), std::chrono::milliseconds(100)};
    if (pins)
        policy.tls.pins.push_back("pin");
    const auto result = run(get(scheme + "://127.0.0.1:" + QByteArray::number(mute.serverPort()) + "/k"), policy);
    QVERIFY(result && !result->reply);
    QCOMPARE(result->reply.error().text, text);
    QCOMPARE(int(result->reply.error().kind), kind);
}

QTEST_GUILESS_MAIN(StrictnessTest)
#include "tst_strictness.moc"
