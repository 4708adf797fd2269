// The scripted server as a client sees it, byte by byte, over a plain socket.
#include "core/http/message.h"
#include "core/playground/server.h"
#include "tests/support/turnoftheloop.h"

#include <QTcpSocket>
#include <QTest>
#include <QTestEventLoop>

using namespace tokenlab;
using playground::Script;
using playground::Server;
using playground::ServerRequest;

class ServerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void requests_data();
    void requests();
    void scripts_data();
    void scripts();
    void keepsAlive();
    void pipelined();
    void continues();
    void silent();
    void backPressure();
    void listening();
    void forgets();
    void hangsUp();
};

namespace {

// Sends the bytes and reads until the server closes, or until `enough`.
QByteArray talk(Server &server, const QByteArray &bytes, const std::function<bool(const QByteArray &)> &enough = {})
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), server.port());
    socket.write(bytes);
    QByteArray got;
    bool ended = false;
    QTestEventLoop loop; // qWaitFor() polls, which would make every answer take 10 ms
    QObject::connect(&socket, &QTcpSocket::readyRead, &loop, [&] {
        got += socket.readAll();
        if (enough && enough(got)) {
            ended = true;
            loop.exitLoop();
        }
    });
    QObject::connect(&socket, &QTcpSocket::disconnected, &loop, [&] {
        ended = true;
        loop.exitLoop();
    });
    loop.enterLoopMSecs(20000);
    got += socket.readAll();
    return ended ? got : "(no end) " + got;
}

} // namespace

void ServerTest::requests_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("seen"); // method target|header X|body; or the status of the refusal
    const auto row = [](const char *name, const QByteArray &bytes, const char *seen) { QTest::newRow(name) << bytes << QByteArray(seen); };
    row("GET", "GET /a?b HTTP/1.1\r\nHost: h\r\nX: 1\r\nConnection: close\r\n\r\n", "GET /a?b|1|");
    row("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "GET /||");
    row("bare line feeds", "GET / HTTP/1.0\nX: y\n\n", "GET /|y|");
    row("blank lines before", "\r\n\r\nGET / HTTP/1.0\r\n\r\n", "GET /||");
    row("body", "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", "POST /||abc");
    row("chunks",
        "POST / HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: r\r\n\r\n",
        "POST /||abc0123456789");
    row("chunks with bare line feeds", "POST / HTTP/1.1\nConnection: close\nTransfer-Encoding: chunked\n\n1\na\n0\n\n", "POST /||a");
    row("refused: no HTTP", "hello there\r\n\r\n", "400");
    row("refused: a TLS handshake, which waits for an answer", QByteArray("\x16\x03\x01\x02\x00\x01", 6), "400");
    row("refused: header without a colon", "GET / HTTP/1.1\r\nbad\r\n\r\n", "400");
    row("refused: length is no number", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "400");
    row("refused: negative length", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400");
    row("refused: length of a petabyte", "POST / HTTP/1.1\r\nContent-Length: 1000000000000000\r\n\r\n", "413");
    row("refused: bad chunk size", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400");
    row("refused: huge chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "413");
    row("refused: head of two megabytes", "GET / HTTP/1.1\r\nX: " + QByteArray(2 << 20, 'x'), "431");
}

void ServerTest::requests()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, seen);
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    const QByteArray answer = talk(server, bytes);
    if (seen.size() == 3) {
        QVERIFY2(answer.startsWith("HTTP/1.1 " + seen) || answer.isEmpty(), answer.constData()); // a reset may eat it
        QCOMPARE(int(server.received().size()), 0);
        return;
    }
    QVERIFY2(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer.constData());
    QCOMPARE(int(server.received().size()), 1);
    const ServerRequest &request = server.received().front();
    QCOMPARE(request.method + ' ' + request.target + '|' + request.headers.first("X").value_or("") + '|' + request.body, seen);
    QCOMPARE(server.applicationBytes(), qint64(bytes.size()));
    // The same in pieces of one byte.
    Server slow([](const ServerRequest &) { return Script{}; });
    QVERIFY(slow.listen());
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), slow.port());
    QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
    for (const char c : bytes) {
        socket.write(&c, 1);
        socket.flush();
        QVERIFY(test::turnOfTheLoop());
    }
    QTRY_COMPARE(int(slow.received().size()), 1);
    QCOMPARE(slow.received().front().body, request.body);
}

void ServerTest::scripts_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char *name, const Script &script, const char *answer, const char *method = "GET") {
        QTest::newRow(name) << script << QByteArray(method) << QByteArray(answer);
    };
    Script script;
    row("nothing", script, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    script.status = 401;
    script.headers.append("A", "b");
    script.body = "no";
    row("body", script, "HTTP/1.1 401 Unauthorized\r\nA: b\r\nContent-Length: 2\r\n\r\nno");
    row("HEAD", script, "HTTP/1.1 401 Unauthorized\r\nA: b\r\nContent-Length: 2\r\n\r\n", "HEAD");
    script.reason = "Nope";
    script.closeAfter = 17;
    row("closed in the head", script, "HTTP/1.1 401 Nope");
    script.closeAfter = 0;
    row("closed at once", script, "");
    script = {};
    script.body = "ab";
    script.repeatBody = 3;
    script.tail = "z";
    row("tail after all repeats", script, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nabababz");
    script.chunked = true;
    row("tail, chunked", script,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\nab\r\n2\r\nab\r\n1\r\nz\r\n0\r\n\r\n");
    script.chunked = false;
    script.body.clear();
    row("tail alone", script, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz");
    script = {};
    script.status = 204;
    row("204", script, "HTTP/1.1 204 No Content\r\n\r\n");
    script = {};
    script.body = "abc";
    script.chunked = true;
    row("chunked", script, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    script.repeatBody = 2;
    row("two chunks", script, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n");
    script.chunked = false;
    script.repeatBody = 3;
    row("repeated", script, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcabcabc");
    script.dripBytes = 7;
    script.dripMs = 1;
    row("dripped", script, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcabcabc");
    script.closeAfter = 40;
    row("dripped and cut", script, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
    script = {};
    script.body = "abc";
    script.headers.append("Content-Length", "99");
    row("lying length", script, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc");
    script = {};
    script.raw = "\x01\x02raw";
    script.body = "never seen";
    row("raw", script, "\x01\x02raw");
    script = {};
    script.delayMs = 5;
    row("delayed", script, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

void ServerTest::scripts()
{
    QFETCH(const Script, script);
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, answer);
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    QCOMPARE(talk(server, method + " / HTTP/1.1\r\nConnection: close\r\n\r\n"), answer);
}

void ServerTest::keepsAlive()
{
    int count = 0;
    Server server([&](const ServerRequest &) {
        Script script;
        script.body = QByteArray::number(++count);
        return script;
    });
    QVERIFY(server.listen());
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), server.port());
    for (const char *expected : {"1", "2", "3"}) {
        socket.write("GET / HTTP/1.1\r\n\r\n");
        QTRY_VERIFY(socket.bytesAvailable() > 0 && socket.peek(1000).endsWith(expected));
        socket.readAll();
    }
    QCOMPARE(server.acceptedConnections(), qint64(1));
    // A lying length is kept open only when asked.
    Script lying;
    lying.headers.append("Content-Length", "99");
    lying.body = "x";
    lying.keepOpen = true;
    Server open([&](const ServerRequest &) { return lying; });
    QVERIFY(open.listen());
    QTcpSocket waiting;
    waiting.connectToHost(QHostAddress(QHostAddress::LocalHost), open.port());
    waiting.write("GET / HTTP/1.1\r\n\r\n");
    QTRY_VERIFY(waiting.peek(1000).endsWith("x"));
    // A whole second answer goes by.
    QVERIFY(talk(open, "GET / HTTP/1.1\r\n\r\n", [](const QByteArray &got) { return got.endsWith("x"); }).endsWith("x"));
    QCOMPARE(waiting.state(), QAbstractSocket::ConnectedState);
}

void ServerTest::pipelined()
{
    Server server([](const ServerRequest &request) {
        Script script;
        script.body = request.target;
        return script;
    });
    QVERIFY(server.listen());
    const QByteArray answer = talk(server, "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.0\r\n\r\n");
    QVERIFY(answer.contains("/a") && answer.contains("/b") && answer.endsWith("/c"));
}

void ServerTest::continues()
{
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    const QByteArray answer = talk(server, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                                   [](const QByteArray &got) { return got.endsWith("\r\n\r\n"); });
    QCOMPARE(answer, "HTTP/1.1 100 Continue\r\n\r\n");
}

void ServerTest::silent()
{
    Script script;
    script.silent = true;
    Server server([&](const ServerRequest &request) { return request.target == "/" ? script : Script{}; });
    QVERIFY(server.listen());
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), server.port());
    socket.write("GET / HTTP/1.1\r\n\r\n");
    QTRY_COMPARE(int(server.received().size()), 1);
    QVERIFY(talk(server, "GET /other HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200 OK\r\n"));
    QCOMPARE(socket.bytesAvailable(), qint64(0));
    QCOMPARE(socket.state(), QAbstractSocket::ConnectedState);
    server.close();
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
}

// A gigabyte is not produced for a client that does not read.
void ServerTest::backPressure()
{
    Script script;
    script.body = "x";
    script.repeatBody = 1 << 30;
    Server server([&](const ServerRequest &) { return script; });
    QVERIFY(server.listen());
    QTcpSocket socket;
    socket.setReadBufferSize(1000);
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), server.port());
    socket.write("GET / HTTP/1.1\r\n\r\n");
    QTRY_VERIFY(socket.peek(100).contains("Content-Length: 1073741824"));
    socket.abort();
    QCOMPARE(int(server.received().size()), 1);
}

void ServerTest::listening()
{
    Server first([](const ServerRequest &) { return Script{}; });
    const auto port = first.listen();
    QVERIFY(port.ok());
    QCOMPARE(first.origin(), "http://127.0.0.1:" + QByteArray::number(*port));
    Server second([](const ServerRequest &) { return Script{}; });
    const auto taken = second.listen(*port);
    QVERIFY(!taken.ok());
    QVERIFY(!taken.error().text.isEmpty());
    QVERIFY(!second.listen(0, QHostAddress(QHostAddress::Any)).ok()); // loopback only
    first.close();
    QVERIFY(second.listen(*port).ok());
}

void ServerTest::forgets()
{
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    QByteArray many;
    for (int i = 0; i < 2100; ++i)
        many += "GET /" + QByteArray::number(i) + " HTTP/1.1\r\n\r\n";
    talk(server, many + "GET /end HTTP/1.0\r\n\r\n");
    QVERIFY(server.received().size() <= 2000);
    QCOMPARE(server.received().back().target, "/end");
}

// On those who speak, and on nobody once it is over.
void ServerTest::hangsUp()
{
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listen());
    QVERIFY(server.isListening());
    server.setHangsUp(true);
    QCOMPARE(talk(server, "GET / HTTP/1.0\r\n\r\n"), QByteArray());
    QCOMPARE(int(server.received().size()), 0);
    server.setHangsUp(false);
    QVERIFY(talk(server, "GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200 OK"));
    server.close();
    QVERIFY(!server.isListening());
}

QTEST_GUILESS_MAIN(ServerTest)
#include "tst_server.moc"
