// What a client may put into its request, and what the gateway's server and router answer by themselves; as the gateway does.
#include "core/playground/server.h"
#include "program.h"

namespace {

QByteArray q(QByteArray text)
{
    return text.replace('\'', '"');
}

} // namespace

class ClientTest : public QObject
{
    Q_OBJECT
    Program m_program;
    tokenlab::playground::Server m_backend{[](const tokenlab::playground::ServerRequest &) {
        tokenlab::playground::Script script;
        script.headers.append("Content-Type", "application/json");
        script.body = "{\"access_token\":{\"sub\":\"a\"}}";
        return script;
    }};

    static QStringList send(const QStringList &more)
    {
        return QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("client.json"), QStringLiteral("--json")} +
               more;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_backend.listen().ok());
        m_program.write(QStringLiteral("keys.json"), q("{'keys':[{'kty':'oct','kid':'sim2','alg':'HS256','k':"
                                                       "'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9"
                                                       "CAow'}]}"));
        const QByteArray rest = ",'input_query_strings':['*'],'backend':[{'host':['" + m_backend.origin() +
                                "'],'url_pattern':'/b'}],'extra_config':{'auth/signer':{'alg':'HS256','kid':'sim2','keys_to_sign':"
                                "['access_token'],'jwk_local_path':'keys.json','disable_jwk_security':true}}}";
        m_program.write(QStringLiteral("client.json"),
                        q("{'version':3,'endpoints':[{'endpoint':'/token','method':'POST','input_headers':['*']" + rest +
                          ",{'endpoint':'/get','method':'GET'" + rest + ",{'endpoint':'/t t','method':'POST'" + rest +
                          ",{'endpoint':'/u/{id}','method':'POST'" + rest + "]}"));
        m_program.write(QStringLiteral("blank.json"), q("{'version':3,'endpoints':[{'endpoint':'/t t','method':'POST'" + rest + "]}"));
    }

    // QTemporaryDir leaves names behind that are no UTF-8.
    void cleanupTestCase() { QCOMPARE(m_program.shell(QStringLiteral("rm -rf ./*")).code, 0); }

    void heads_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("endpoint");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body"); // of a refusal
        QTest::addColumn<QByteArray>("host"); // that the backend was told
        const auto row = [](const char *name, const QString &header, int status, const char *body, const char *host = "",
                            const char *endpoint = "/token") {
            QTest::newRow(name) << header << QString::fromLatin1(endpoint) << status << QByteArray(body) << QByteArray(host);
        };
        row("a host of its own", QStringLiteral("Host: api.example.com:99"), 200, "", "api.example.com:99");
        row("an empty host", QStringLiteral("host:"), 200, "", "");
        row("the port of the file", QStringLiteral("X-A: b"), 200, "", "localhost:8080");
        row("malformed host", QStringLiteral("Host: a/b"), 400, "400 Bad Request: malformed Host header");
        row("DEL", QStringLiteral("X-A: a\x7f") + QLatin1Char('b'), 400, "400 Bad Request");
        row("DEL, nothing is forwarded there", QStringLiteral("X-A: a\x7f"), 400, "400 Bad Request", "", "/get");
        row("a name beyond ASCII", QStringLiteral("X-\u00c9: b"), 400, "400 Bad Request");
        row("a blank in a name", QStringLiteral("X A: b"), 400, "400 Bad Request: invalid header name");
        row("another expectation", QStringLiteral("Expect: 200-ok"), 417, "");
        row("another expectation, no such path", QStringLiteral("Expect: 200-ok"), 417, "", "", "/none");
    }
    void heads()
    {
        QFETCH(QString, header);
        QFETCH(QString, endpoint);
        QFETCH(int, status);
        QFETCH(QByteArray, host);
        const std::size_t before = m_backend.received().size();
        const Ran ran = m_program.run(send({QStringLiteral("--endpoint"), endpoint, QStringLiteral("-H"), header}));
        COMPARE_RAN(ran, status == 200 ? 0 : 1);
        const QJsonObject object = onlyObject(ran.out), response = object.value(QStringLiteral("response")).toObject();
        QCOMPARE(response.value(QStringLiteral("status")).toInt(), status);
        if (status == 200) {
            QCOMPARE(m_backend.received().size(), before + 1);
            QCOMPARE(m_backend.received().back().headers.first("X-Forwarded-Host"), std::optional<QByteArray>(host));
            return;
        }
        QFETCH(QByteArray, body);
        QCOMPARE(response.value(QStringLiteral("body")).toString().toUtf8(), body);
        const QJsonObject headers = response.value(QStringLiteral("headers")).toObject();
        if (status == 400)
            QCOMPARE(headers.value(QStringLiteral("Content-Type")).toString(), QStringLiteral("text/plain; charset=utf-8"));
        else
            QVERIFY(headers.isEmpty());
        QVERIFY(object.value(QStringLiteral("log")).toArray().isEmpty());
        QCOMPARE(m_backend.received().size(), before);
    }

    // The router's own answers.
    void paths_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("asked"); // method and path
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("location");
        QTest::addColumn<QByteArray>("said");
        const QString endpoint = QStringLiteral("--endpoint"), method = QStringLiteral("--method");
        const auto row = [&](const char *name, const QStringList &arguments, const char *asked, int status, const char *location,
                             const char *said) {
            QTest::newRow(name) << QStringList{endpoint} + arguments << QString::fromUtf8(asked) << status << QString::fromUtf8(location)
                                << QByteArray(said);
        };
        const char *on = "did you mean /token?";
        row("slash at the end", {QStringLiteral("/token/")}, "POST /token/", 307, "/token", on);
        row("another case", {QStringLiteral("/Token")}, "POST /Token", 307, "/token", on);
        row("two slashes", {QStringLiteral("//token")}, "POST //token", 307, "/token", on);
        row("with a query", {QStringLiteral("/token/?a=%20b")}, "POST /token/", 307, "/token?a=%20b", on);
        row("GET", {QStringLiteral("/get/")}, "GET /get/", 301, "/get", "did you mean /get?");
        row("a parameter stays as it is", {QStringLiteral("/U/a%20b")}, "POST /U/a b", 307, "/u/a%20b", "did you mean /u/{id}?");
        row("a blank", {QStringLiteral("/t%20t/")}, "POST /t t/", 307, "/t%20t", "did you mean /t t?");
        row("unknown", {QStringLiteral("/tokne")}, "POST /tokne", 404, "", on);
        row("unknown, nothing like it", {QStringLiteral("/something/else")}, "GET /something/else", 404, "",
            "has no endpoint /something/else; it has POST /token");
        row("no redirect by that method", {QStringLiteral("/token/"), method, QStringLiteral("GET")}, "GET /token/", 404, "", on);
        row("another method", {QStringLiteral("/token"), method, QStringLiteral("get")}, "GET /token", 405, "", "");
    }
    void paths()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, asked);
        QFETCH(QString, location);
        QFETCH(QByteArray, said);
        const std::size_t before = m_backend.received().size();
        const Ran ran = m_program.run(send(arguments));
        COMPARE_RAN(ran, 1);
        const QJsonObject object = onlyObject(ran.out), response = object.value(QStringLiteral("response")).toObject();
        QTEST(response.value(QStringLiteral("status")).toInt(), "status");
        QCOMPARE(object.value(QStringLiteral("method")).toString() + QLatin1Char(' ') + object.value(QStringLiteral("endpoint")).toString(),
                 asked);
        QCOMPARE(response.value(QStringLiteral("headers")).toObject().value(QStringLiteral("Location")).toString(), location);
        QCOMPARE(m_backend.received().size(), before);
        if (said.isEmpty())
            return;
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QVERIFY2(ran.out.contains(said), ran.out.constData()); // among the notes
    }

    // An endpoint's own path goes out as a client writes it.
    void encodedPath_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("none named") << QStringList();
        QTest::newRow("as in the file") << QStringList{QStringLiteral("--endpoint"), QStringLiteral("/t t")};
        QTest::newRow("as in a request") << QStringList{QStringLiteral("--endpoint"), QStringLiteral("/t%20t")};
    }
    void encodedPath()
    {
        QFETCH(QStringList, more);
        COMPARE_RAN(m_program.run(QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("blank.json")} + more), 0);
    }

    void query_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QByteArray>("target");
        QTest::newRow("no name") << QStringLiteral("=v") << QByteArray("/b?=v");
        QTest::newRow("plain text") << QStringLiteral("a=x y%20+") << QByteArray("/b?a=x+y%2520%2B");
        QTest::newRow("no value") << QStringLiteral("a") << QByteArray("/b?a=");
    }
    void query()
    {
        QFETCH(QString, query);
        COMPARE_RAN(m_program.run(send({QStringLiteral("--query"), query})), 0);
        QTEST(m_backend.received().back().target, "target");
    }

    // Arguments are bytes.
    void bytes()
    {
        const Ran body = m_program.shell(QStringLiteral("token-lab send --config client.json --data \"$(printf 'a\\377\\376z')\""));
        COMPARE_RAN(body, 0);
        QCOMPARE(m_backend.received().back().body, QByteArray("a\xff\xfez"));
        const Ran header = m_program.shell(QStringLiteral("token-lab send --config client.json -H \"$(printf 'X-A: \\351')\""));
        COMPARE_RAN(header, 0);
        QCOMPARE(m_backend.received().back().headers.first("X-A"), std::optional<QByteArray>("\xe9"));
        const Ran query = m_program.shell(QStringLiteral("token-lab send --config client.json --query \"$(printf 'a=\\377')\""));
        COMPARE_RAN(query, 0);
        QCOMPARE(m_backend.received().back().target, QByteArray("/b?a=%FF"));
    }

    void oddFileNames_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *name, const char *line, int code, const char *said = "") {
            QTest::newRow(name) << QStringLiteral("f=$(printf 'a\\377\\303.json'); cp client.json \"$f\"; ") + QString::fromUtf8(line)
                                << code << QByteArray(said);
        };
        row("a configuration", "token-lab send --config \"$f\"", 0);
        row("alone among the arguments", "token-lab export \"$f\" --kind signer", 0, "HS256");
        row("a body", "token-lab send --config client.json --data @\"$f\"", 0);
        row("written", "token-lab export demo -o \"x$f\" && cmp \"x$f\" \"x$f\" && token-lab check \"x$f\" --offline", 0);
        row("must fail: not there", "token-lab send --config \"no$f\"", 2, "no such file or directory");
        row("must fail: a folder", "mkdir \"d$f\"; token-lab send --config \"d$f\"", 2, "directory");
    }
    void oddFileNames()
    {
        QFETCH(QString, line);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const Ran ran = m_program.shell(line);
        COMPARE_RAN(ran, code);
        QVERIFY2((ran.out + ran.err).contains(said), (ran.out + ran.err).constData());
    }

    // What never ends is not read for ever.
    void endless_data()
    {
        QTest::addColumn<QString>("line");
        QTest::newRow("configuration") << QStringLiteral("token-lab send --json --config /dev/zero");
        QTest::newRow("check") << QStringLiteral("token-lab check --json /dev/zero");
        QTest::newRow("standard input") << QStringLiteral("yes | token-lab send --json --config -");
        QTest::newRow("body") << QStringLiteral("token-lab send --json --config client.json --data @/dev/zero");
        QTest::newRow("key set") << QStringLiteral("echo '{}' | token-lab sign --json --jwks /dev/zero --kid a --alg HS256");
    }
    void endless()
    {
        QFETCH(QString, line);
        const Ran ran = m_program.shell(QStringLiteral("ulimit -v 3000000; ") + line);
        COMPARE_RAN(ran, 2);
        QVERIFY(!onlyObject(ran.out).isEmpty());
        QVERIFY2(ran.err.contains("larger than 256 MiB"), ran.err.constData());
    }

    void usage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *name, const QStringList &arguments, int code, const char *said) {
            QTest::newRow(name) << arguments << code << QByteArray(said);
        };
        const QString config = QStringLiteral("client.json"), empty = QStringLiteral(""), endpoint = QStringLiteral("--endpoint"),
                      method = QStringLiteral("--method");
        row("empty endpoint", send({endpoint, empty}), 2, "--endpoint: is empty");
        row("empty method", send({method, empty}), 2, "--method: is empty");
        row("check, empty endpoint", {QStringLiteral("check"), config, endpoint, empty, QStringLiteral("--json")}, 2, "is empty");
        row("export, empty method", {QStringLiteral("export"), config, method, empty, QStringLiteral("--json")}, 2, "is empty");
        row("check, no such method",
            {QStringLiteral("check"), config, endpoint, QStringLiteral("/token"), method, QStringLiteral("DELETE"),
             QStringLiteral("--json")},
            2, "has no endpoint DELETE /token; it has POST /token");
        row("check, --format json is --json",
            {QStringLiteral("check"), config, endpoint, QStringLiteral("/nope"), QStringLiteral("--format"), QStringLiteral("json")}, 2,
            "has no endpoint /nope");
        row("check, --format=json is --json", {QStringLiteral("check"), config, QStringLiteral("--format=json"), QStringLiteral("--nope")},
            2, "--nope");
        row("validate, no such method",
            {QStringLiteral("validate"), QStringLiteral("--config"), config, endpoint, QStringLiteral("/token"), method,
             QStringLiteral("DELETE"), QStringLiteral("x.y.z"), QStringLiteral("--json")},
            2, "has no endpoint DELETE /token");
        row("decode, no such file", {QStringLiteral("decode"), QStringLiteral("nope.json"), QStringLiteral("--json")}, 2,
            "nope.json: no such file, and no token either");
        row("decode, no such file with two dots", {QStringLiteral("decode"), QStringLiteral("keys.old.json"), QStringLiteral("--json")}, 2,
            "keys.old.json: no such file");
    }
    void usage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const Ran ran = m_program.run(arguments);
        COMPARE_RAN(ran, code);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        const QJsonObject object = onlyObject(ran.out);
        QCOMPARE(object.keys(), QStringList{QStringLiteral("error")});
    }

    void helpToNowhere()
    {
        for (const char *line : {"token-lab sign --help > /dev/full", "token-lab --version > /dev/full", "token-lab --help > /dev/full"}) {
            const Ran ran = m_program.shell(QString::fromLatin1(line));
            COMPARE_RAN(ran, 3);
            QVERIFY2(ran.err.contains("cannot be written"), ran.err.constData());
        }
    }

    void helpOfValues()
    {
        const Ran ran = m_program.run({QStringLiteral("send"), QStringLiteral("--help")});
        COMPARE_RAN(ran, 0);
        QCOMPARE(ran.out.simplified().count("percent-encoded here"), 2);
    }

    void times_data()
    {
        QTest::addColumn<QString>("at");
        QTest::addColumn<int>("code");
        const auto row = [](const char *at, int code) { QTest::newRow(at) << QString::fromLatin1(at) << code; };
        row("now", 0);
        row("1e9", 0);
        row("1.5e9", 0);
        row("2.1e9", 1);
        row("2033-05-18", 0); // the token ends at 03:33:20 of that day
        row("2033-05-19", 1);
        row("2033-05-18T03:33:19Z", 0);
        row("2033-05-18t05:33:25+02:00", 1);
        row("1999999999", 0);
        row("2000000009", 1);
        row("+9000d", 1);
        row("2033-13-40", 2);
        row("2033-5-1", 2);
        row("tomorrow", 2);
        row("1e99", 2);
    }
    void times()
    {
        QFETCH(QString, at);
        QFETCH(int, code);
        m_program.write(QStringLiteral("claims.json"), "{\"exp\":2000000000}");
        m_program.write(QStringLiteral("v.json"),
                        q("{'version':3,'endpoints':[{'endpoint':'/v','backend':[{'host':['http://h'],'url_pattern':'/'}],'extra_config':"
                          "{'auth/validator':{'alg':'HS256','jwk_local_path':'keys.json','disable_jwk_security':true}}}]}"));
        const Ran token =
            m_program.run({QStringLiteral("sign"), QStringLiteral("--jwks"), QStringLiteral("keys.json"), QStringLiteral("--kid"),
                           QStringLiteral("sim2"), QStringLiteral("--alg"), QStringLiteral("HS256"), QStringLiteral("claims.json")});
        COMPARE_RAN(token, 0);
        const Ran ran = m_program.run(
            {QStringLiteral("validate"), QStringLiteral("--config"), QStringLiteral("v.json"), QStringLiteral("--at"), at}, token.out);
        COMPARE_RAN(ran, code);
    }
};

QTEST_GUILESS_MAIN(ClientTest)
#include "tst_client.moc"
