// What Go's server says of a client's headers before any router: every row was put to the gateway (KrakenD CE 2.13.8).
#include "core/twin/clienthead.h"

#include <QTest>

using namespace tokenlab;

class TestClientHead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArrayList>("headers"); // `Name|value`
        QTest::addColumn<int>("status");             // 0: the router gets it
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, const QByteArrayList &headers, int status = 0, const char *body = "") {
            QTest::newRow(name) << headers << status << QByteArray(body);
        };
        const char *bad = "400 Bad Request";
        row("none", {});
        row("a tab in a value", {"X-A|a\tb"});
        row("bytes that are no ASCII in a value", {"X-A|\xc3\xa9\xff"});
        row("all signs of a name", {"!#$%&'*+-.^_`|v"});
        row("must fail: control byte", {QByteArray("X-A|a\x01") + "b"}, 400, bad);
        row("must fail: NUL", {QByteArray("X-A|a\0b", 7)}, 400, bad);
        row("must fail: carriage return", {"X-A|a\rb"}, 400, bad);
        row("must fail: vertical tab at the end", {"X-A|b\x0b"}, 400, bad);
        row("must fail: DEL", {QByteArray("X-A|a\x7f") + "b"}, 400, bad);
        row("must fail: letters beyond ASCII in a name", {"X-\xc3\xa9|b"}, 400, bad);
        row("must fail: bracket in a name", {"X(|b"}, 400, bad);
        row("must fail: no name", {"|b"}, 400, bad);
        row("must fail: blank in a name", {"X A|b"}, 400, "400 Bad Request: invalid header name");
        row("must fail: blank behind a name", {"X |b"}, 400, "400 Bad Request: invalid header name");
        row("must fail: a bad value goes before a blank", {"X |b", "Y|\x01"}, 400, bad);
        row("Expect", {"Expect|100-continue"});
        row("Expect, capitals", {"Expect|100-CONTINUE"});
        row("Expect in a list", {"Expect|x, 100-continue"});
        row("Expect without a value", {"Expect|"});
        row("Expect, the first counts", {"Expect|100-continue", "Expect|zz"});
        row("must fail: Expect", {"Expect|200-ok"}, 417);
        row("must fail: Expect, part of a word", {"Expect|x100-continue"}, 417);
        row("must fail: Expect, the first counts", {"Expect|zz", "Expect|100-continue"}, 417);
        row("must fail: Expect comes last", {"Expect|zz", "X|\x01"}, 400, bad);
        row("chunks", {"Transfer-Encoding|chunked"});
        row("must fail: another encoding", {"Transfer-Encoding|gzip"}, 501, "Unsupported transfer encoding");
        row("must fail: empty encoding", {"Transfer-Encoding|"}, 501, "Unsupported transfer encoding");
        row("must fail: chunks twice", {"Transfer-Encoding|chunked", "Transfer-Encoding|chunked"}, 501, "Unsupported transfer encoding");
        row("lengths that agree", {"Content-Length|2", "Content-Length|2"});
        row("must fail: length", {"Content-Length|x"}, 400, bad);
        row("must fail: lengths that differ", {"Content-Length|2", "Content-Length|3"}, 400, bad);
        row("the host", {"Host|api.example.com"});
        row("a host's signs", {"Host|a!$&'()*+,-.:;=[]_~%20"});
        row("no host", {"Host|"});
        row("must fail: blank in the host", {"Host|a b"}, 400, "400 Bad Request: malformed Host header");
        row("must fail: slash in the host", {"Host|a/b"}, 400, "400 Bad Request: malformed Host header");
        row("must fail: letters beyond ASCII in the host", {"Host|\xc3\xa9.de"}, 400, "400 Bad Request: malformed Host header");
        row("must fail: user in the host", {"Host|a@b"}, 400, "400 Bad Request: malformed Host header");
        row("must fail: control byte in the host", {"Host|a\x01"}, 400, bad);
        row("must fail: two hosts", {"Host|a", "host|a"}, 400, bad);
        row("must fail: the encoding goes before the host", {"Host|a/b", "Transfer-Encoding|gzip"}, 501, "Unsupported transfer encoding");
        row("must fail: the host goes before Expect", {"Host|a/b", "Expect|q"}, 400, "400 Bad Request: malformed Host header");
    }
    void answers()
    {
        QFETCH(const QByteArrayList, headers);
        QFETCH(int, status);
        twin::ClientRequest request;
        request.target = "/nowhere";
        for (const QByteArray &header : headers)
            request.headers.append(header.left(header.indexOf('|')), header.mid(header.indexOf('|') + 1));
        twin::settleHost(request);
        const auto answer = twin::refusedHead(request);
        QCOMPARE(answer ? answer->status : 0, status);
        QTEST(answer ? answer->body : QByteArray(), "body");
        if (!answer)
            return;
        QCOMPARE(answer->contentType, status == 417 ? QByteArray() : QByteArray("text/plain; charset=utf-8"));
        // The router is not asked.
        auto service = gateway::load("{\"version\":3,\"endpoints\":[{\"endpoint\":\"/a\",\"backend\":[{\"host\":[\"http://h\"],"
                                     "\"url_pattern\":\"/\"}]}]}",
                                     QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        QCOMPARE(twin::matchRoute(*service, service->endpoints.front(), request).status, status);
    }

    void host()
    {
        twin::ClientRequest request;
        request.headers.append("host", "api.example.com");
        twin::settleHost(request);
        QCOMPARE(request.host, QByteArray("api.example.com"));
        QVERIFY(request.hostGiven);
        QVERIFY(request.headers.isEmpty());
        twin::settleHost(request);
        QCOMPARE(request.host, QByteArray("api.example.com"));
    }

    void method()
    {
        twin::ClientRequest request;
        request.method = "P(T";
        QCOMPARE(twin::refusedHead(request)->body, QByteArray("400 Bad Request"));
        request.method = "post";
        QVERIFY(!twin::refusedHead(request));
    }
};

QTEST_GUILESS_MAIN(TestClientHead)
#include "tst_clienthead.moc"
