// Answers byte by byte: every row was put to the gateway as a backend's answer, its words are from its log lines.
#include "core/net/replyreader.h"

#include <QTest>

using namespace tokenlab;
using net::ReplyReader;

namespace {

constexpr const char *body = "{\"a\":1}"; // 7 bytes

// A reader that was given all of it, in pieces of that size, and then the end.
ReplyReader readAll(const QByteArray &bytes, qsizetype piece, ReplyReader::Asked asked = ReplyReader::Body, qsizetype maxBody = 1 << 20,
                    const QByteArray &why = {})
{
    ReplyReader reader(asked, maxBody);
    for (qsizetype at = 0; at < bytes.size(); at += piece)
        reader.feed(bytes.sliced(at, std::min(piece, bytes.size() - at)));
    reader.end(why);
    return reader;
}

QByteArray ok(const QByteArray &lines, const QByteArray &rest = body)
{
    return "HTTP/1.1 200 OK\r\n" + lines + "\r\n" + rest;
}

QByteArray listed(const http::HeaderList &headers)
{
    QByteArrayList lines;
    for (const http::Header &header : headers)
        lines.append(header.name + '=' + header.value);
    return lines.join('|');
}

} // namespace

class ReplyReaderTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void heads_data();
    void heads();
    void headers_data();
    void headers();
    void bodies_data();
    void bodies();
    void sizes_data();
    void sizes();
    void brokenOff_data();
    void brokenOff();
    void toHead_data();
    void toHead();
    void tunnels_data();
    void tunnels();
    void stopsAtItsLimit_data();
    void stopsAtItsLimit();
};

// Refused, and in which words; or the status.
void ReplyReaderTest::heads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("error"); // behind the common beginning
    QTest::addColumn<int>("status");       // 0: refused
    const auto refused = [](const char *name, const QByteArray &bytes, const char *error) {
        QTest::newRow(name) << bytes << QByteArray(error) << 0;
    };
    const auto taken = [](const char *name, const QByteArray &bytes, int status = 200) {
        QTest::newRow(name) << bytes << QByteArray() << status;
    };
    const QByteArray rest = "\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
    taken("plain", "HTTP/1.1 200 OK" + rest);
    refused("garbage", "garbage\r\n\r\n", "malformed HTTP response \"garbage\"");
    refused("garbage without a line end", "garbage", "malformed HTTP response \"garbage\"");
    refused("garbage that is no text", QByteArray("\x15\x03\x01\x00\x02\x02\x50", 7),
            "malformed HTTP response \"\\x15\\x03\\x01\\x00\\x02\\x02P\"");
    refused("empty line first", "\r\nHTTP/1.1 200 OK" + rest, "malformed HTTP response \"\"");
    refused("half a status line", "HTTP/1.1 200", "unexpected EOF");
    refused("status line alone", "HTTP/1.1 200 OK\r\n", "unexpected EOF");
    refused("half a header line", "HTTP/1.1 200 OK\r\nContent-Ty", "malformed MIME header: missing colon: \"Content-Ty\"");
    refused("no end of the head", "HTTP/1.1 200 OK\r\nContent-Type: a\r\n", "unexpected EOF");
    refused("status of two digits", "HTTP/1.1 20 OK" + rest, "malformed HTTP status code \"20\"");
    refused("status of four digits", "HTTP/1.1 2000 OK" + rest, "malformed HTTP status code \"2000\"");
    refused("status in letters", "HTTP/1.1 abc OK" + rest, "malformed HTTP status code \"abc\"");
    refused("negative status", "HTTP/1.1 -20 OK" + rest, "malformed HTTP status code \"-20\"");
    taken("status with a plus", "HTTP/1.1 +20 OK" + rest, 20);
    taken("status 099", "HTTP/1.1 099 OK" + rest, 99);
    taken("status 600", "HTTP/1.1 600 OK" + rest, 600);
    taken("status 999", "HTTP/1.1 999 OK" + rest, 999);
    taken("status without a reason", "HTTP/1.1 200" + rest);
    taken("status and a blank", "HTTP/1.1 200 " + rest);
    taken("two blanks", "HTTP/1.1  200 OK" + rest);
    refused("a tab for a blank", "HTTP/1.1\t200 OK" + rest, "malformed HTTP status code \"OK\"");
    refused("a blank first", " HTTP/1.1 200 OK" + rest, "malformed HTTP status code \"HTTP/1.1\"");
    refused("lower case", "http/1.1 200 OK" + rest, "malformed HTTP version \"http/1.1\"");
    taken("HTTP/1.2", "HTTP/1.2 200 OK" + rest);
    taken("HTTP/2.0", "HTTP/2.0 200 OK" + rest);
    taken("HTTP/0.9", "HTTP/0.9 200 OK" + rest);
    refused("HTTP/2", "HTTP/2 200 OK" + rest, "malformed HTTP version \"HTTP/2\"");
    refused("HTTP/1.10", "HTTP/1.10 200 OK" + rest, "malformed HTTP version \"HTTP/1.10\"");
    refused("HTTP/1.x", "HTTP/1.x 200 OK" + rest, "malformed HTTP version \"HTTP/1.x\"");
    refused("ICY", "ICY 200 OK" + rest, "malformed HTTP version \"ICY\"");
    taken("HTTP/1.0 without headers", "HTTP/1.0 200 OK\r\n\r\n{\"a\":1}");
    taken("line feeds alone", "HTTP/1.1 200 OK\nContent-Length: 7\n\n{\"a\":1}");

    const QByteArray final = "HTTP/1.1 200 OK" + rest;
    for (const char *interim : {"100 Continue", "102 Processing", "103 Early Hints", "199 X"})
        taken(interim, QByteArray("HTTP/1.1 ") + interim + "\r\nX: 1\r\n\r\n" + final);
    taken("200 interim answers", QByteArray("HTTP/1.1 103 E\r\n\r\n").repeated(200) + final);
    taken("interim answer with chunks announced", "HTTP/1.1 100 E\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n" + final);
    refused("interim answer with a bad length", "HTTP/1.1 100 E\r\nContent-Length: abc\r\n\r\n" + final, "bad Content-Length \"abc\"");
    refused("interim answer with a bad line", "HTTP/1.1 103 E\r\nbad\r\n\r\n" + final, "malformed MIME header: missing colon: \"bad\"");
    refused("interim answer alone", "HTTP/1.1 103 E\r\nX: 1\r\n\r\n", "unexpected EOF");
    taken("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + final, 101);

    taken("name with a blank", ok("X A: 1\r\nContent-Length: 7\r\n"));
    taken("blank before the colon", ok("X-A : 1\r\nContent-Length: 7\r\n"));
    refused("no colon", ok("Bad Header\r\nContent-Length: 7\r\n"), "malformed MIME header: missing colon: \"Bad Header\"");
    refused("no name", ok(": 1\r\nContent-Length: 7\r\n"), "malformed MIME header line: \": 1\"");
    refused("control byte in a name",
            ok("X\x01"
               "A: 1\r\n"),
            "malformed MIME header line: \"X\\x01A: 1\"");
    refused("no ASCII in a name", ok("X\xc3\xa9: 1\r\n"), "malformed MIME header line: \"X\xc3\xa9: 1\"");
    refused("bracket in a name", ok("X(A): 1\r\n"), "malformed MIME header line: \"X(A): 1\"");
    refused("control byte in a value", ok("X-A: a\x01z\r\n"), "malformed MIME header line: \"X-A: a\\x01z\"");
    refused("CR in a value", ok("X-A: a\rz\r\n"), "malformed MIME header line: \"X-A: a\\rz\"");
    refused("first line folded", "HTTP/1.1 200 OK\r\n X: 1\r\n\r\n", "malformed MIME header initial line: \" X: 1\"");
    refused("bad line before a line without a colon", ok("X(A): 1\r\nBad\r\n"), "malformed MIME header line: \"X(A): 1\"");
    refused("empty length", ok("Content-Length: \r\n"), "invalid empty Content-Length \"\"");
    refused("two lengths, one empty", ok("Content-Length: 7\r\nContent-Length:\r\n"),
            "http: message cannot contain multiple Content-Length headers; got [\"7\" \"\"]");
    refused("a list of lengths", ok("Content-Length: 7, 7\r\n"), "bad Content-Length \"7, 7\"");
    refused("empty encoding", ok("Transfer-Encoding:\r\nContent-Length: 7\r\n"), "unsupported transfer encoding: \"\"");
    taken("encoding of HTTP/1.0 is not looked at", "HTTP/1.0 200 OK\r\nTransfer-Encoding: gzip\r\n" + rest.sliced(2));
}

void ReplyReaderTest::heads()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, error);
    QFETCH(const int, status);
    for (const qsizetype piece : {bytes.size(), qsizetype(1)}) {
        const ReplyReader reader = readAll(bytes, piece);
        QCOMPARE(reader.error(), error.isEmpty() ? error : "net/http: HTTP/1.x transport connection broken: " + error);
        QCOMPARE(int(reader.state()), int(status ? ReplyReader::Complete : ReplyReader::Refused));
        if (status)
            QCOMPARE(reader.status().status, status);
    }
}

void ReplyReaderTest::headers_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("seen");
    const auto row = [](const char *name, const char *lines, const char *seen) {
        QTest::newRow(name) << QByteArray(lines) << QByteArray(seen);
    };
    row("names in their usual spelling", "x-aBC: 1\r\n", "X-Abc=1");
    row("lines of one name keep their order", "X: 1\r\nSet-Cookie: a=1\r\nx: 2\r\nSet-Cookie: b=2\r\n",
        "X=1|Set-Cookie=a=1|X=2|Set-Cookie=b=2");
    row("empty values", "X-A:\r\nX-B: \r\n", "X-A=|X-B=");
    row("blanks around", "X-A: \t a b \t\r\n", "X-A=a b");
    row("folded", "X-A: a\r\n \t b  \r\n\tc\r\n", "X-A=a b c");
    row("folded, nothing there", "X-A: a\r\n  \r\n", "X-A=a ");
    row("name with a blank stays as it is", "x A: 1\r\nx-a : 2\r\n", "x A=1|x-a =2");
    row("same length twice", "Content-Length: 0\r\nContent-Length:  0 \r\n", "Content-Length=0");
    row("transport's own", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\nTrailer: X\r\n", "");
    row("trailer without chunks", "Trailer: X\r\n", "Trailer=X");
    row("Pragma", "Pragma: no-cache\r\n", "Pragma=no-cache|Cache-Control=no-cache");
    row("Pragma beside its successor", "Cache-Control: x\r\nPragma: no-cache\r\n", "Cache-Control=x|Pragma=no-cache");
    row("another Pragma", "Pragma: x\r\n", "Pragma=x");
}

void ReplyReaderTest::headers()
{
    QFETCH(const QByteArray, lines);
    QFETCH(const QByteArray, seen);
    for (const qsizetype piece : {qsizetype(10000), qsizetype(1)})
        QCOMPARE(listed(readAll(ok(lines, {}), piece).headers()), seen);
}

void ReplyReaderTest::bodies_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("error");
    const QByteArray whole(body);
    const auto row = [](const char *name, const char *lines, const QByteArray &bytes, const QByteArray &seen, const char *error = "") {
        QTest::newRow(name) << QByteArray(lines) << bytes << seen << QByteArray(error);
    };
    const auto chunk = [&](const char *name, const QByteArray &bytes, const QByteArray &seen, const char *error = "") {
        row(name, "Transfer-Encoding: chunked\r\n", bytes, seen, error);
    };
    row("length", "Content-Length: 7\r\n", whole, whole);
    row("garbage behind its length", "Content-Length: 7\r\n", whole + "garbage", whole);
    row("cut", "Content-Length: 9\r\n", whole, whole, "unexpected EOF");
    row("cut at once", "Content-Length: 9\r\n", "", "", "unexpected EOF");
    row("until the close", "X: 1\r\n", whole, whole);
    row("nothing until the close", "X: 1\r\n", "", "");
    row("switched", "Upgrade: x\r\nConnection: a, upgrade\r\n", "abc", "abc");
    chunk("chunks", "7\r\n" + whole + "\r\n0\r\n\r\n", whole);
    chunk("two chunks", "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n", whole);
    chunk("garbage behind chunks", "7\r\n" + whole + "\r\n0\r\n\r\ngarbage", whole);
    chunk("extensions", "7;x=1\r\n" + whole + "\r\n0;y\r\n\r\n", whole);
    chunk("blanks behind a size", "7 \t\r\n" + whole + "\r\n0\r\n\r\n", whole);
    chunk("blank before a size", " 7\r\n" + whole + "\r\n0\r\n\r\n", "", "invalid byte in chunk length");
    chunk("blank before an extension", "7 ;x\r\n" + whole + "\r\n0\r\n\r\n", "", "invalid byte in chunk length");
    chunk("no size", "zz\r\n" + whole, "", "invalid byte in chunk length");
    chunk("no second size", "7\r\n" + whole + "\r\nzz\r\n", whole, "invalid byte in chunk length");
    chunk("size 0x7", "0x7\r\n" + whole + "\r\n0\r\n\r\n", "", "invalid byte in chunk length");
    chunk("empty size", "\r\n" + whole, "", "empty hex number for chunk length");
    chunk("17 digits", "11111111111111111\r\n" + whole, "", "http chunk length too large");
    chunk("17 zeros", "00000000000000007\r\n" + whole, "", "http chunk length too large");
    chunk("16 zeros", "0000000000000007\r\n" + whole + "\r\n0\r\n\r\n", whole);
    chunk("16 digits", "ffffffffffffffff\r\n" + whole + "\r\n0\r\n\r\n", whole + "\r\n0\r\n\r\n", "unexpected EOF");
    chunk("line feed alone", "7\n" + whole + "\r\n0\r\n\r\n", "", "chunked line ends with bare LF");
    chunk("CR within a size line", "7;\rx\r\n" + whole + "\r\n0\r\n\r\n", "", "invalid CR in chunked line");
    chunk("no line end behind data", "7\r\n" + whole + "0\r\n\r\n", whole, "malformed chunked encoding");
    chunk("line feed behind data", "7\r\n" + whole + "\n0\r\n\r\n", whole, "malformed chunked encoding");
    chunk("more data than stated", "6\r\n" + whole + "\r\n0\r\n\r\n", whole.chopped(1), "malformed chunked encoding");
    chunk("cut in a chunk", "9\r\n" + whole, whole, "unexpected EOF");
    chunk("cut behind data", "7\r\n" + whole, whole, "unexpected EOF");
    chunk("cut between chunks", "7\r\n" + whole + "\r\n", whole, "unexpected EOF");
    chunk("cut in a size", "7\r\n" + whole + "\r\n0", whole, "unexpected EOF");
    chunk("cut in the last size", "7\r\n" + whole + "\r\n0\r", whole, "unexpected EOF");
    chunk("cut before anything", "", "", "unexpected EOF");
    chunk("cut before the trailer", "7\r\n" + whole + "\r\n0\r\n", whole, "http: unexpected EOF reading trailer");
    chunk("trailer", "7\r\n" + whole + "\r\n0\r\nX-T: 1\r\n\r\n", whole);
    chunk("malformed trailer", "7\r\n" + whole + "\r\n0\r\nbad line\r\n\r\n", whole, "malformed MIME header: missing colon: \"bad line\"");
    chunk("cut in the trailer", "7\r\n" + whole + "\r\n0\r\nX-T: 1\r\n", whole, "http: suspiciously long trailer after chunked body");
    chunk("long trailer", "0\r\nX-T: " + QByteArray(5000, 'x') + "\r\n\r\n", "", "http: suspiciously long trailer after chunked body");
    chunk("long size line", "7;" + QByteArray(5000, 'x') + "\r\n" + whole, "", "header line too long");
    QByteArray wasteful;
    for (int i = 0; i < 110; ++i)
        wasteful += "1;" + QByteArray(300, 'x') + "\r\ny\r\n";
    chunk("little data in long lines", wasteful + "0\r\n\r\n", QByteArray(57, 'y'), "chunked encoding contains too much non-data");
}

void ReplyReaderTest::bodies()
{
    QFETCH(const QByteArray, lines);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, error);
    const QByteArray first = lines.startsWith("Upgrade") ? "HTTP/1.1 101 X\r\n" : "HTTP/1.1 200 OK\r\n";
    for (const qsizetype piece : {qsizetype(1 << 20), qsizetype(1), qsizetype(7)}) {
        ReplyReader reader = readAll(first + lines + "\r\n" + bytes, piece);
        QCOMPARE(int(reader.state()), int(ReplyReader::Complete));
        QCOMPARE(reader.bodyError(), error);
        QCOMPARE(reader.takeBody(), body);
    }
}

void ReplyReaderTest::sizes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("taken");
    const QByteArray rest = "\r\nContent-Length: 0\r\n\r\n";
    QTest::newRow("1 MB in a line") << "HTTP/1.1 200 OK\r\nX: " + QByteArray(1000000, 'a') + rest << true;
    QTest::newRow("300 lines") << "HTTP/1.1 200 OK\r\n" + QByteArray("X: 1\r\n").repeated(300) + rest.sliced(2) << true;
    QTest::newRow("800000 lines") << "HTTP/1.1 200 OK\r\n" + QByteArray("X: 1\r\n").repeated(800000) + rest.sliced(2) << true;
    const qsizetype frame = QByteArray("HTTP/1.1 200 OK\r\nX: \r\nContent-Length: 0\r\n\r\n").size();
    QTest::newRow("10 MB") << "HTTP/1.1 200 OK\r\nX: " + QByteArray(10485760 - frame, 'a') + rest << true;
    QTest::newRow("10 MB and a byte") << "HTTP/1.1 200 OK\r\nX: " + QByteArray(10485761 - frame, 'a') + rest << false;
    QTest::newRow("12 MB of lines") << "HTTP/1.1 200 OK\r\n" + QByteArray("X: 1\r\n").repeated(2000000) + rest.sliced(2) << false;
    QTest::newRow("11 MB of a status line") << "HTTP/1.1 200 " + QByteArray(11000000, 'a') + rest << false;
    QTest::newRow("16 MB of interim answers") << ("HTTP/1.1 103 E\r\nX: " + QByteArray(4000000, 'a') + "\r\n\r\n").repeated(4) +
                                                     "HTTP/1.1 200 OK" + rest
                                              << false;
}

void ReplyReaderTest::sizes()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const bool, taken);
    const ReplyReader reader = readAll(bytes, 16384);
    QCOMPARE(int(reader.state()), int(taken ? ReplyReader::Complete : ReplyReader::Refused));
    QCOMPARE(reader.error(), taken
                                 ? QByteArray()
                                 : QByteArray("net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded "
                                              "10485760 bytes; aborted"));
}

// A reset instead of an end.
void ReplyReaderTest::brokenOff_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("error"); // refused
    QTest::addColumn<QByteArray>("bodyError");
    const QByteArray broken = "net/http: HTTP/1.x transport connection broken: ";
    QTest::newRow("at once") << QByteArray() << QByteArray("reset") << QByteArray();
    QTest::newRow("in a header line") << QByteArray("HTTP/1.1 200 OK\r\nX") << broken + "malformed MIME header: missing colon: \"X\""
                                      << QByteArray();
    QTest::newRow("in the status") << QByteArray("HTTP/1.1 20") << broken + "malformed HTTP status code \"20\"" << QByteArray();
    QTest::newRow("between lines") << QByteArray("HTTP/1.1 200 OK\r\nX: 1\r\n") << broken + "reset" << QByteArray();
    QTest::newRow("in a body with a length") << ok("Content-Length: 9\r\n") << QByteArray() << QByteArray("reset");
    QTest::newRow("in a body until the close") << ok("") << QByteArray() << QByteArray("reset");
    QTest::newRow("in chunks") << ok("Transfer-Encoding: chunked\r\n", "3\r\n{\"a\r\n") << QByteArray() << QByteArray("reset");
    QTest::newRow("behind a body") << ok("Content-Length: 7\r\n") << QByteArray() << QByteArray();
}

void ReplyReaderTest::brokenOff()
{
    QFETCH(const QByteArray, bytes);
    const ReplyReader reader = readAll(bytes, 3, ReplyReader::Body, 1 << 20, "reset");
    QTEST(reader.error(), "error");
    QTEST(reader.bodyError(), "bodyError");
}

void ReplyReaderTest::toHead_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("length") << QByteArray("Content-Length: 7\r\n") << QByteArray();
    QTest::newRow("chunks") << QByteArray("Transfer-Encoding: chunked\r\n") << QByteArray();
    QTest::newRow("nothing") << QByteArray("X: 1\r\n") << QByteArray();
    QTest::newRow("bad length") << QByteArray("Content-Length: abc\r\n")
                                << QByteArray("net/http: HTTP/1.x transport connection broken: bad Content-Length \"abc\"");
}

void ReplyReaderTest::toHead()
{
    QFETCH(const QByteArray, lines);
    QFETCH(const QByteArray, error);
    // Not waited for: the connection may stay open.
    for (const bool head : {true, false}) {
        ReplyReader reader(head ? ReplyReader::HeadAlone : ReplyReader::Body, 100);
        reader.feed((head ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 204 No Content\r\n") + lines + "\r\n");
        QCOMPARE(int(reader.state()), int(error.isEmpty() ? ReplyReader::Complete : ReplyReader::Refused));
        QCOMPARE(reader.error(), error);
        QCOMPARE(reader.takeBody(), QByteArray());
    }
}

// What a proxy answers to CONNECT.
void ReplyReaderTest::tunnels_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("error"); // or the reason
    QTest::addColumn<int>("status");       // 0: refused
    QTest::newRow("open") << QByteArray("HTTP/1.1 200 Fine\r\n\r\n") << QByteArray("Fine") << 200;
    QTest::newRow("refused") << QByteArray("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nabc")
                             << QByteArray("Proxy Authentication Required") << 407;
    QTest::newRow("interim") << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") << QByteArray("Continue") << 100;
    QTest::newRow("garbage") << QByteArray("garbage\r\n\r\n") << QByteArray("malformed HTTP response \"garbage\"") << 0;
    QTest::newRow("bad line") << QByteArray("HTTP/1.1 200 OK\r\nbad\r\n\r\n") << QByteArray("malformed MIME header: missing colon: \"bad\"")
                              << 0;
    QTest::newRow("bad length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n") << QByteArray("bad Content-Length \"abc\"")
                                << 0;
    QTest::newRow("closed") << QByteArray() << QByteArray("unexpected EOF") << 0;
}

void ReplyReaderTest::tunnels()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, error);
    QFETCH(const int, status);
    const ReplyReader reader = readAll(bytes, 5, ReplyReader::Tunnel);
    QCOMPARE(int(reader.state()), int(status ? ReplyReader::Complete : ReplyReader::Refused));
    QCOMPARE(status ? reader.status().reason : reader.error(), error);
    if (status)
        QCOMPARE(reader.status().status, status);
}

void ReplyReaderTest::stopsAtItsLimit_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("fits");
    QTest::newRow("just fits") << ok("Content-Length: 7\r\n") << true;
    QTest::newRow("length") << ok("Content-Length: 8\r\n", "{\"a\":10}") << false;
    QTest::newRow("until the close") << ok("", "{\"a\":10}") << false;
    QTest::newRow("chunks just fit") << ok("Transfer-Encoding: chunked\r\n", "7\r\n{\"a\":1}\r\n0\r\n\r\n") << true;
    QTest::newRow("chunks") << ok("Transfer-Encoding: chunked\r\n", "7\r\n{\"a\":1}\r\n1\r\n \r\n") << false;
    QTest::newRow("one chunk") << ok("Transfer-Encoding: chunked\r\n", "fffffff\r\n{\"a\":1}xxxxxxxxxxxx") << false;
}

void ReplyReaderTest::stopsAtItsLimit()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const bool, fits);
    for (const qsizetype piece : {bytes.size(), qsizetype(1)})
        QCOMPARE(int(readAll(bytes, piece, ReplyReader::Body, 7).state()), int(fits ? ReplyReader::Complete : ReplyReader::TooLarge));
}

QTEST_GUILESS_MAIN(ReplyReaderTest)
#include "tst_replyreader.moc"
