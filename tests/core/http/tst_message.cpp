// Messages as values: headers, replies as curl prints them, gzip.
#include "core/http/message.h"

#include <QTest>

using namespace tokenlab;
using http::HeaderList;

class MessageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void headers();
    void canonicalNames_data();
    void canonicalNames();
    void replies_data();
    void replies();
    void gzipRoundTrip_data();
    void gzipRoundTrip();
    void gunzips_data();
    void gunzips();
};

void MessageTest::headers()
{
    HeaderList list{{"A", "1"}, {"b", "2"}, {"a", "3"}};
    QCOMPARE(list.first("a").value_or("-"), "1");
    QCOMPARE(list.all("A"), (std::vector<QByteArray>{"1", "3"}));
    QVERIFY(!list.contains("c"));
    list.set("a", "4");
    QCOMPARE(list, (HeaderList{{"a", "4"}, {"b", "2"}}));
    list.set("C", "5");
    list.remove("B");
    QCOMPARE(list, (HeaderList{{"a", "4"}, {"C", "5"}}));
    list.remove("none");
    QCOMPARE(list.size(), qsizetype(2));
}

void MessageTest::canonicalNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("expected");
    for (const auto &[name, expected] :
         std::initializer_list<std::pair<const char *, const char *>>{{"x-forwarded-for", "X-Forwarded-For"},
                                                                      {"CONTENT-TYPE", "Content-Type"},
                                                                      {"www-AUTHENTICATE", "Www-Authenticate"},
                                                                      {"a--b", "A--B"},
                                                                      {"x_y", "X_y"},
                                                                      {"1a", "1a"},
                                                                      {"with blank", "with blank"},
                                                                      {"caf\xc3\xa9", "caf\xc3\xa9"},
                                                                      {"", ""}})
        QTest::newRow(name) << QByteArray(name) << QByteArray(expected);
}

void MessageTest::canonicalNames()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, expected);
    QCOMPARE(http::canonicalHeaderName(name), expected);
}

void MessageTest::replies_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("status"); // <0: refused at that offset, negated, minus one
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("bodyError");
    const auto row = [](const char *name, const QByteArray &text, int status, const char *type, const QByteArray &body,
                        const char *error = "") { QTest::newRow(name) << text << status << QByteArray(type) << body << QByteArray(error); };
    const auto refused = [](const char *name, const QByteArray &text, int offset) {
        QTest::newRow(name) << text << -offset - 1 << QByteArray() << QByteArray() << QByteArray();
    };
    row("bare body", "{\"a\":1}\n", 200, "application/json", "{\"a\":1}\n");
    row("empty", "", 200, "application/json", "");
    row("text that only mentions HTTP/", " HTTP/1.1 200 OK\n\n", 200, "application/json", " HTTP/1.1 200 OK\n\n");
    row("curl -i", "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok", 201, "text/plain", "ok");
    row("HTTP/2", "HTTP/2 404 \r\ncontent-type: text/html\r\n\r\nx", 404, "text/html", "x");
    row("bare line feeds", "HTTP/1.1 200 OK\nContent-Type: a/b\n\nx", 200, "a/b", "x");
    row("folded header", "HTTP/1.1 200 OK\r\nContent-Type: a/b;\r\n  c=d\r\n\r\n", 200, "a/b; c=d", "");
    row("ends in the head", "HTTP/1.1 204 No Content\r\nX: y", 204, "", "");
    row("100 before", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\n{}", 200, "a/b", "{}");
    row("redirect before", "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/1.1 401 Unauthorized\r\nContent-Type: a/b\r\n\r\n{}", 401, "a/b",
        "{}");
    row("file's last line break", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}\n", 200, "", "{}");
    row("edited and longer", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{\"a\":1}", 200, "", "{\"a\":1}");
    row("cut", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"a\":1}", 200, "", "{\"a\":1}", "unexpected EOF");
    row("chunks, raw", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n\r\n", 200, "",
        "{\"a\":1}");
    row("chunks, cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n9\r\n\":", 200, "", "{\"a\":", "unexpected EOF");
    row("chunks, joined by curl", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{\"a\":1}", 200, "", "{\"a\":1}");
    row("huge chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", 200, "", "x", "unexpected EOF");
    row("gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + http::gzip("{}"), 200, "", "{}");
    row("gzip, unpacked by curl", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 90\r\n\r\n{}", 200, "", "{}");
    row("gzip, broken", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x99", 200, "", "", "unexpected EOF");
    refused("malformed status line", "HTTP/1.1 abc\r\n\r\n", 0);
    refused("status of two digits", "HTTP/1.1 20 OK\r\n\r\n", 0);
    refused("no status", "HTTP/", 0);
    refused("line without a colon", "HTTP/1.1 200 OK\r\nContent-Type a/b\r\n\r\n", 17);
    refused("blank in a name", "HTTP/1.1 200 OK\r\nA: b\r\nC D: e\r\n\r\n", 23);
    refused("folded line first", "HTTP/1.1 200 OK\r\n x\r\n\r\n", 17);
    refused("NUL in a name", QByteArray("HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n", 27), 17);
}

void MessageTest::replies()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, status);
    QFETCH(const QByteArray, contentType);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, bodyError);
    const auto reply = http::parseReply(text);
    if (status < 0) {
        QVERIFY(!reply.ok());
        QCOMPARE(reply.error().offset, qsizetype(-status - 1));
        return;
    }
    QVERIFY(reply.ok());
    QCOMPARE(reply->status, status);
    QCOMPARE(reply->headers.first("Content-Type").value_or(""), contentType);
    QCOMPARE(reply->body, body);
    QCOMPARE(reply->bodyError, bodyError);
}

void MessageTest::gzipRoundTrip_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("one byte") << QByteArray("x");
    QTest::newRow("300 kB of one byte") << QByteArray(300000, 'x');
    QByteArray mixed;
    for (quint32 i = 0, x = 1; i < 300000; ++i, x = x * 1664525 + 1013904223)
        mixed += char(x >> 24);
    QTest::newRow("300 kB of noise") << mixed;
}

void MessageTest::gzipRoundTrip()
{
    QFETCH(const QByteArray, data);
    const QByteArray packed = http::gzip(data);
    const auto unpacked = http::gunzip(packed, data.size());
    QVERIFY(unpacked.ok());
    QCOMPARE(*unpacked, data);
    // A limit of one less is passed.
    if (!data.isEmpty()) {
        const auto limited = http::gunzip(packed, data.size() - 1);
        QVERIFY(!limited.ok());
        QVERIFY(limited.error().tooLarge);
    }
}

void MessageTest::gunzips_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *name, const QByteArray &data, const QByteArray &expected, const char *error) {
        QTest::newRow(name) << data << expected << QByteArray(error);
    };
    const QByteArray packed = http::gzip("{\"a\":1}");
    row("two members", packed + packed, "{\"a\":1}{\"a\":1}", "");
    row("nothing", {}, {}, "EOF");
    row("asked: no gzip", "{\"aaaaaaaaaaaaaaa\":1}", {}, "gzip: invalid header");
    row("asked: shorter than a header", "{\"a\":1}", {}, "unexpected EOF");
    row("asked: little behind a member", packed + "garbage", "{\"a\":1}", "unexpected EOF");
    row("rubbish after a member", packed + "xyz0123456789", "{\"a\":1}", "gzip: invalid header");
    row("cut in the header", packed.first(5), {}, "unexpected EOF");
    row("cut in the trailer", packed.chopped(1), "{\"a\":1}", "unexpected EOF");
    QByteArray wrong = packed;
    wrong[packed.size() - 1] = 1;
    row("wrong length", wrong, "{\"a\":1}", "gzip: invalid checksum");
    wrong = packed;
    wrong[packed.size() - 8] = char(~wrong[packed.size() - 8]);
    row("wrong checksum", wrong, "{\"a\":1}", "gzip: invalid checksum");
    wrong = packed;
    wrong[10] = char(0xff);
    row("corrupt data", wrong, {}, "flate: corrupt input");
}

void MessageTest::gunzips()
{
    QFETCH(const QByteArray, data);
    QFETCH(const QByteArray, expected);
    QFETCH(const QByteArray, error);
    const auto result = http::gunzip(data, 1000000);
    QCOMPARE(result ? QByteArray() : result.error().text, error);
    QCOMPARE(result ? *result : result.error().produced, expected);
}

QTEST_GUILESS_MAIN(MessageTest)
#include "tst_message.moc"
