// What came instead of a server's hello. The gateway said the rows that begin with "asked"; the others follow its reader's rules.
#include "core/net/firstrecord.h"

#include <QTest>

using namespace tokenlab;
using net::FirstRecord;

namespace {

QByteArray record(char type, const QByteArray &content)
{
    return type + QByteArray("\x03\x03", 2) + char(content.size() >> 8) + char(content.size() & 0xff) + content;
}

} // namespace

class FirstRecordTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void hello();
    void alerts();
};

void FirstRecordTest::reads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("state"); // of the bytes at their end
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const QByteArray &bytes, FirstRecord::State state, const char *text) {
        QTest::newRow(name) << bytes << int(state) << QByteArray(text);
    };
    const char alert = 21, handshake = 22;
    const char *const notTls = "tls: first record does not look like a TLS handshake";
    row("nothing", {}, FirstRecord::Wrong, "EOF");
    row("asked: three bytes", "abc", FirstRecord::Wrong, "unexpected EOF");
    row("asked: half a record", record(handshake, QByteArray(64, 2)).first(9), FirstRecord::Wrong, "unexpected EOF");
    row("asked: SSH", "SSH-2.0-x\r\n", FirstRecord::Wrong, notTls);
    row("asked: HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", FirstRecord::Wrong, "http: server gave HTTP response to HTTPS client");
    row("asked: application data", record(23, "ab"), FirstRecord::Wrong, notTls);
    row("a version of the future", QByteArray("\x16\x10\x00\x00\x01\x02", 6), FirstRecord::Wrong, notTls);
    row("SSL 2", QByteArray("\x80\x2e\x01\x00\x02", 5), FirstRecord::Wrong, "tls: unsupported SSLv2 handshake received");
    row("asked: a record too long", QByteArray("\x16\x03\x03\xff\xff\x00\x00", 7), FirstRecord::Wrong,
        "tls: oversized record received with length 65535");
    row("an empty record", record(handshake, {}), FirstRecord::Wrong, "local error: tls: unexpected message");
    row("asked: a hello request", record(handshake, QByteArray(4, '\0')), FirstRecord::Wrong,
        "tls: received unexpected handshake message of type *tls.helloRequestMsg when waiting for *tls.serverHelloMsg");
    row("a server's hello", record(handshake, QByteArray(64, 2)), FirstRecord::InOrder, "");
    row("an alert of three bytes", record(alert, "abc"), FirstRecord::Wrong, "local error: tls: unexpected message");
    row("asked: close notify", record(alert, QByteArray("\x01\x00", 2)), FirstRecord::Wrong, "EOF");
    row("asked: a fatal alert", record(alert, "\x02\x28"), FirstRecord::FatalAlert, "remote error: tls: handshake failure");
    row("an alert of level 3", record(alert, "\x03\x28"), FirstRecord::Wrong, "local error: tls: unexpected message");
    row("a warning, then a hello", record(alert, "\x01\x70") + record(handshake, QByteArray(64, 2)), FirstRecord::InOrder, "");
    row("warnings without an end", record(alert, "\x01\x70").repeated(20), FirstRecord::Wrong, "local error: tls: unexpected message");
}

void FirstRecordTest::reads()
{
    QFETCH(const QByteArray, bytes);
    const FirstRecord read = net::readFirstRecord(bytes, true);
    QTEST(int(read.state), "state");
    QTEST(read.text, "text");
    // What is not decided yet is not decided by a part, and what is stays so.
    for (qsizetype size = 0; size < bytes.size(); ++size) {
        const FirstRecord part = net::readFirstRecord(QByteArrayView(bytes).first(size), false);
        QVERIFY(part.state == FirstRecord::NeedsMore || (part.state == read.state && part.text == read.text));
    }
}

// What a server reads of it is in order for a reader of records as well.
void FirstRecordTest::hello()
{
    const QByteArray hello = net::clientHello();
    QCOMPARE(net::readFirstRecord(hello, false).state, FirstRecord::InOrder);
    QCOMPARE(hello.size(), 5 + (qsizetype(uchar(hello[3])) << 8 | uchar(hello[4])));
    QVERIFY(hello != net::clientHello());
}

void FirstRecordTest::alerts()
{
    QCOMPARE(net::alertWords(40), "tls: handshake failure");
    QCOMPARE(net::alertWords(99), "tls: alert(99)");
}

QTEST_GUILESS_MAIN(FirstRecordTest)
#include "tst_firstrecord.moc"
