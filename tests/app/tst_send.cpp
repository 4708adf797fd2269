// send and simulate as a user meets them: verdicts, exit codes, the JSON object. What is handed to them is in tst_input.cpp.
#include "manual.h"
#include "program.h"

namespace {

QString freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return QString::number(server.serverPort());
}

} // namespace

class SendTest : public QObject
{
    Q_OBJECT
    Program m_program;

private Q_SLOTS:
    void initTestCase()
    {
        m_program.write(QStringLiteral("krakend.json"), manual());
        m_program.write(QStringLiteral("none.json"), R"j({"version":3})j");
        m_program.write(QStringLiteral("misspelt.json"), manual(R"j("alg":"HS256","kid":"sim2","keys_to_sign":["acces_token"])j"));
        m_program.write(QStringLiteral("half.json"), manual(R"j("alg":"HS256","kid":"sim2","keys_to_sign":["access_token","profile"])j"));
        m_program.write(QStringLiteral("kid.json"), manual(R"j("alg":"HS256","kid":"sim3","keys_to_sign":["access_token"])j"));
        m_program.write(QStringLiteral("alg.json"), manual(R"j("alg":"RS256","kid":"sim2","keys_to_sign":["access_token"])j"));
        m_program.write(QStringLiteral("type.json"), manual(R"j("alg":"HS256","kid":5,"keys_to_sign":["access_token"])j"));
        m_program.write(QStringLiteral("version.json"), manual().replace("\"version\":3", "\"version\":2"));
        const QByteArray backend = R"j("backend":[{"host":["https://backend"],"url_pattern":"/x"}]})j";
        m_program.write(QStringLiteral("routes.json"),
                        manual().chopped(2) + R"j(,{"endpoint":"/a/{x}",)j" + backend + R"j(,{"endpoint":"/a/{y}/b",)j" + backend + "]}");
        m_program.write(QStringLiteral("crash.json"), R"j({"version":3,"endpoints":[null]})j");
        m_program.write(QStringLiteral("response.txt"), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 44\r\n\r\n"
                                                        R"j({"access_token":{"sub":"a"},"refresh_token":{}})j");
        m_program.write(QStringLiteral("refused.txt"), "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n\r\n{}");
        m_program.write(QStringLiteral("body.json"), R"j({"access_token":{"sub":"a"},"refresh_token":{"b":1,"a":2}})j");
        m_program.write(QStringLiteral("array.json"), "[]");
        m_program.write(QStringLiteral("login.json"), login);
    }

    void verdicts_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<int>("status"); // 0: no response
        QTest::addColumn<QString>("said");
        const QString signedVerdict = QStringLiteral("signed");
        QTest::newRow("the manual's example") << send(QStringLiteral("krakend.json")) << 0 << signedVerdict << 200
                                              << QStringLiteral("all signed");
        QTest::newRow("demo configuration") << QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("demo"),
                                                           QStringLiteral("--bind"), QStringLiteral("demo=ORIGIN")}
                                            << 0 << signedVerdict << 200 << QStringLiteral("all signed");
        QTest::newRow("body from a file") << QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("krakend.json"),
                                                         QStringLiteral("--data"), QStringLiteral("@login.json")} +
                                                 binds
                                          << 0 << signedVerdict << 200 << QStringLiteral("all signed");
        QTest::newRow("path without a slash, method in lower case")
            << send(QStringLiteral("krakend.json"),
                    {QStringLiteral("--endpoint"), QStringLiteral("token"), QStringLiteral("--method"), QStringLiteral("post")})
            << 0 << signedVerdict << 200 << QStringLiteral("all signed");
        QTest::newRow("a query parameter that is not forwarded")
            << send(QStringLiteral("krakend.json"), {QStringLiteral("--query"), QStringLiteral("token=true")}) << 0 << signedVerdict << 200
            << QStringLiteral("input_query_strings");
        QTest::newRow("refused login") << QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("krakend.json"),
                                                      QStringLiteral("--data"), QStringLiteral("{}")} +
                                              binds
                                       << 1 << QStringLiteral("refused") << 400 << QStringLiteral("the backend answered 401");
        QTest::newRow("key host that is not there") << QStringList{QStringLiteral("send"),
                                                                   QStringLiteral("--config"),
                                                                   QStringLiteral("krakend.json"),
                                                                   QStringLiteral("--bind"),
                                                                   QStringLiteral("https://backend=ORIGIN"),
                                                                   QStringLiteral("--bind"),
                                                                   QStringLiteral("http://your-backend=http://127.0.0.1:") + freePort()}
                                                    << 1 << QStringLiteral("refused") << 401 << QStringLiteral("othing listens");
        QTest::newRow("backend that is not there") << QStringList{QStringLiteral("send"),
                                                                  QStringLiteral("--config"),
                                                                  QStringLiteral("krakend.json"),
                                                                  QStringLiteral("--bind"),
                                                                  QStringLiteral("https://backend=http://127.0.0.1:") + freePort(),
                                                                  QStringLiteral("--bind"),
                                                                  QStringLiteral("http://your-backend=ORIGIN")}
                                                   << 1 << QStringLiteral("refused") << 400 << QStringLiteral("othing listens");
        QTest::newRow("misspelt keys_to_sign") << send(QStringLiteral("misspelt.json")) << 1 << QStringLiteral("unsigned") << 200
                                               << QStringLiteral("did you mean \u201caccess_token\u201d");
        QTest::newRow("misspelt, allowed") << send(QStringLiteral("misspelt.json"), {QStringLiteral("--allow-unsigned")}) << 0
                                           << QStringLiteral("unsigned") << 200 << QStringLiteral("nothing is signed");
        QTest::newRow("one of two") << send(QStringLiteral("half.json")) << 1 << QStringLiteral("partly-signed") << 200
                                    << QStringLiteral("1 of 2");
        QTest::newRow("refused stays refused, though unsigned is allowed")
            << QStringList{QStringLiteral("send"), QStringLiteral("--allow-unsigned"), QStringLiteral("--config"),
                           QStringLiteral("krakend.json")} +
                   binds
            << 1 << QStringLiteral("refused") << 400 << QStringLiteral("400");
        QTest::newRow("wrong kid") << send(QStringLiteral("kid.json")) << 1 << QStringLiteral("refused") << 401
                                   << QStringLiteral("no key with this kid");
        QTest::newRow("wrong algorithm") << send(QStringLiteral("alg.json")) << 1 << QStringLiteral("refused") << 401
                                         << QStringLiteral("oct key");
        QTest::newRow("wrong type") << send(QStringLiteral("type.json")) << 1 << QStringLiteral("refused") << 401
                                    << QStringLiteral("/endpoints/0/extra_config/auth~1signer");
        QTest::newRow("wrong method: 405") << send(QStringLiteral("krakend.json"), {QStringLiteral("--method"), QStringLiteral("GET")}) << 1
                                           << QStringLiteral("refused") << 405
                                           << QStringLiteral("405: the endpoint does not take this method\nGET /token \u00b7");
        QTest::newRow("unknown path: 404") << send(QStringLiteral("none.json"), {QStringLiteral("--endpoint"), QStringLiteral("/token"),
                                                                                 QStringLiteral("--method"), QStringLiteral("PUT")})
                                           << 1 << QStringLiteral("refused") << 404
                                           << QStringLiteral("404: no such endpoint\nPUT /token\n");
        QTest::newRow("does not start") << send(QStringLiteral("version.json")) << 1 << QStringLiteral("does-not-start") << 0
                                        << QStringLiteral("unsupported version: 2 (want: 3)");
        QTest::newRow("crashes") << send(QStringLiteral("crash.json")) << 1 << QStringLiteral("does-not-start") << 0
                                 << QStringLiteral("crash");

        QTest::newRow("two endpoints the router cannot tell apart")
            << send(QStringLiteral("routes.json")) << 1 << QStringLiteral("does-not-start") << 0
            << QStringLiteral("':y' in new path '/a/:y/b' conflicts with existing wildcard ':x'");

        const QStringList simulate =
            QStringList{QStringLiteral("simulate"), QStringLiteral("--config"), QStringLiteral("krakend.json")} + binds;
        QTest::newRow("simulate: curl -i") << simulate + QStringList{QStringLiteral("--response"), QStringLiteral("response.txt")} << 0
                                           << signedVerdict << 200 << QStringLiteral("all signed");
        QTest::newRow("simulate: bare body") << simulate + QStringList{QStringLiteral("--response"), QStringLiteral("body.json")} << 0
                                             << signedVerdict << 200 << QStringLiteral("all signed");
        QTest::newRow("simulate: 401") << simulate + QStringList{QStringLiteral("--response"), QStringLiteral("refused.txt")} << 1
                                       << QStringLiteral("refused") << 400 << QStringLiteral("401");
        QTest::newRow("simulate: an array") << simulate + QStringList{QStringLiteral("--response"), QStringLiteral("array.json")} << 1
                                            << QStringLiteral("refused") << 400 << QStringLiteral("is_collection");
        QTest::newRow("simulate: two endpoints the router cannot tell apart")
            << QStringList{QStringLiteral("simulate"), QStringLiteral("--config"), QStringLiteral("routes.json"),
                           QStringLiteral("--response"), QStringLiteral("body.json")} +
                   binds
            << 1 << QStringLiteral("does-not-start") << 0
            << QStringLiteral("':y' in new path '/a/:y/b' conflicts with existing wildcard ':x'");
    }
    void verdicts()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, verdict);
        QFETCH(int, status);
        QFETCH(QString, said);

        const Ran human = m_program.run(arguments);
        COMPARE_RAN(human, code);
        QVERIFY2((human.out + human.err).contains(said.toUtf8()), human.out.constData());
        QVERIFY2(!human.out.contains("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"), "the secret key is never printed");

        const Ran ran = m_program.run(arguments + QStringList{QStringLiteral("--json")});
        COMPARE_RAN(ran, code);
        const QJsonObject object = onlyObject(ran.out);
        QStringList members = object.keys();
        members.removeAll(QStringLiteral("notes"));
        QCOMPARE(members,
                 (QStringList{QStringLiteral("backends"), QStringLiteral("bindings"), QStringLiteral("brokenOff"),
                              QStringLiteral("endpoint"), QStringLiteral("fields"), QStringLiteral("log"), QStringLiteral("method"),
                              QStringLiteral("notSimulated"), QStringLiteral("problems"), QStringLiteral("response"),
                              QStringLiteral("signer"), QStringLiteral("start"), QStringLiteral("trace"), QStringLiteral("verdict")}));
        QCOMPARE(object.value(QStringLiteral("verdict")).toString(), verdict);
        const QJsonValue response = object.value(QStringLiteral("response"));
        QCOMPARE(response.isNull(), status == 0);
        QCOMPARE(response.toObject().value(QStringLiteral("status")).toInt(), status);
        QCOMPARE(object.value(QStringLiteral("start")).toObject().value(QStringLiteral("ok")).toBool(),
                 verdict != QLatin1String("does-not-start"));
        for (const QJsonValue &step : object.value(QStringLiteral("trace")).toArray()) {
            QCOMPARE(step.toObject().keys(), (QStringList{QStringLiteral("message"), QStringLiteral("pointer"), QStringLiteral("rule"),
                                                          QStringLiteral("state"), QStringLiteral("step")}));
            QVERIFY(!step.toObject().value(QStringLiteral("message")).toString().isEmpty());
        }
    }

    // What the payload tells has the codes of check, in the text and as JSON.
    void problemsOfThePayload_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QStringList>("codes");
        const auto row = [](const char *name, const char *reply, const QStringList &codes) {
            QTest::newRow(name) << QByteArray(reply).replace('\'', '"') << codes;
        };
        row("misspelt, no text, no expiry", "{'acess_token': {}, 'refresh_token': {'iss': 5}}",
            {QStringLiteral("key-misspelt"), QStringLiteral("claim-not-text"), QStringLiteral("exp-missing")});
        row("missing, no object", "{'access_token': 'a'}", {QStringLiteral("key-not-an-object"), QStringLiteral("key-missing")});
        row("times", "{'access_token': {'exp': 1, 'nbf': 'x'}, 'refresh_token': {'exp': 4102444800000, 'aud': 7}}",
            {QStringLiteral("exp-past"), QStringLiteral("time-not-number"), QStringLiteral("aud-type"),
             QStringLiteral("time-milliseconds")});
        row("must be none", "{'access_token': {'exp': 4102444800}, 'refresh_token': {'exp': 4102444800}}", {});
    }
    void problemsOfThePayload()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QStringList, codes);
        const QStringList arguments{QStringLiteral("simulate"), QStringLiteral("--config"),        QStringLiteral("demo"),
                                    QStringLiteral("--bind"),   QStringLiteral("demo=ORIGIN"),     QStringLiteral("--response"),
                                    QStringLiteral("-"),        QStringLiteral("--allow-unsigned")};
        const Ran human = m_program.run(arguments, reply);
        COMPARE_RAN(human, 0);
        const QJsonObject object = onlyObject(m_program.run(arguments + QStringList{QStringLiteral("--json")}, reply).out);
        const QJsonArray problems = object.value(QLatin1String("problems")).toArray();
        QStringList told;
        for (const QJsonValue &problem : problems) {
            told += problem[QLatin1String("code")].toString();
            QVERIFY2(human.out.contains(" [" + told.last().toUtf8() + "]\n"), human.out.constData());
            QVERIFY(problem[QLatin1String("pointer")].toString().contains(QLatin1String("/keys_to_sign/")));
            QVERIFY(problem[QLatin1String("line")].toInt() > 1);
            for (const char *member : {"severity", "message", "gateway", "lint", "fix", "effect", "column", "fixes"})
                QVERIFY2(problem.toObject().contains(QLatin1String(member)), member);
        }
        told.sort();
        codes.sort();
        QCOMPARE(told, codes);
        QCOMPARE(human.out.contains("\nHints\n"), !codes.isEmpty());
    }

    // The bytes of §6.5.2 of the specification.
    void simulatedBytes()
    {
        m_program.write(QStringLiteral("one.json"), manual(R"j("alg":"HS256","kid":"sim2","keys_to_sign":["access_token"])j"));
        const Ran ran = m_program.run(QStringList{QStringLiteral("simulate"), QStringLiteral("--config"), QStringLiteral("one.json"),
                                                  QStringLiteral("--json"), QStringLiteral("--response"), QStringLiteral("-")} +
                                          binds,
                                      R"j({"z":1.0,"access_token":{"sub":"a"}})j");
        COMPARE_RAN(ran, 0);
        QCOMPARE(
            onlyObject(ran.out).value(QStringLiteral("response")).toObject().value(QStringLiteral("body")).toString().toUtf8(),
            QByteArray(
                R"j({"access_token":"eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk","z":1.0})j"));
    }

    void backendsAndBindings()
    {
        const Ran ran =
            m_program.run(send(QStringLiteral("krakend.json"),
                               {QStringLiteral("--json"), QStringLiteral("--query"), QStringLiteral("token=true"), QStringLiteral("-H"),
                                QStringLiteral("Authorization: Basic c2VjcmV0"), QStringLiteral("--query"), QStringLiteral("[1,2]=x")}));
        COMPARE_RAN(ran, 0);
        const QJsonObject object = onlyObject(ran.out);
        const QJsonObject backend = object.value(QStringLiteral("backends")).toArray().at(0).toObject();
        QCOMPARE(backend.keys(),
                 (QStringList{QStringLiteral("body"), QStringLiteral("dropped"), QStringLiteral("durationMs"), QStringLiteral("error"),
                              QStringLiteral("headers"), QStringLiteral("method"), QStringLiteral("status"), QStringLiteral("url")}));
        QCOMPARE(backend.value(QStringLiteral("url")).toString(), QStringLiteral("https://backend/token-issuer"));
        QCOMPARE(backend.value(QStringLiteral("body")).toString(), QString::fromUtf8(login));
        QCOMPARE(backend.value(QStringLiteral("status")).toInt(), 200);
        QVERIFY(backend.value(QStringLiteral("error")).isNull());
        QStringList dropped;
        for (const QJsonValue &item : backend.value(QStringLiteral("dropped")).toArray())
            dropped.append(item.toObject().value(QStringLiteral("name")).toString());
        QVERIFY(dropped.contains(QStringLiteral("token")) && dropped.contains(QStringLiteral("Authorization")));
        QVERIFY2(!ran.out.contains("c2VjcmV0"), "a dropped value is not printed");
        QCOMPARE(object.value(QStringLiteral("bindings")).toArray().size(), 2);
        QCOMPARE(object.value(QStringLiteral("fields")).toArray().at(0).toObject().value(QStringLiteral("outcome")).toString(),
                 QStringLiteral("signed"));
        QCOMPARE(object.value(QStringLiteral("log")).toArray().size(), 0);
    }

    void credentialsAreNotShown()
    {
        m_program.write(
            QStringLiteral("headers.json"),
            manual().replace("\"method\":\"POST\",", "\"method\":\"POST\",\"input_headers\":[\"Authorization\",\"Content-Type\"],"));
        const Ran ran =
            m_program.run(send(QStringLiteral("headers.json"), {QStringLiteral("-H"), QStringLiteral("Authorization: Basic c2VjcmV0")}));
        COMPARE_RAN(ran, 0);
        QVERIFY(ran.out.contains("Authorization: (not shown)"));
        QVERIFY(!ran.out.contains("c2VjcmV0") && !ran.out.contains("\"pass\""));
    }

    void secretsAsJson_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<bool>("secret");
        QTest::newRow("Authorization") << QStringLiteral("Authorization: v41ue") << true;
        QTest::newRow("Cookie") << QStringLiteral("Cookie: v41ue") << true;
        QTest::newRow("Proxy-Authorization") << QStringLiteral("Proxy-Authorization: v41ue") << true;
        QTest::newRow("X-Api-Key") << QStringLiteral("x-api-key: v41ue") << true;
        QTest::newRow("must be shown: another") << QStringLiteral("X-Colour: v41ue") << false;
    }
    void secretsAsJson()
    {
        QFETCH(QString, header);
        QFETCH(bool, secret);
        m_program.write(QStringLiteral("headers.json"),
                        manual().replace("\"method\":\"POST\",", "\"method\":\"POST\",\"input_headers\":[\"*\"],"));
        const QStringList arguments = send(QStringLiteral("headers.json"), {QStringLiteral("-H"), header});
        for (const bool json : {true, false}) {
            const QStringList more = json ? QStringList{QStringLiteral("--json")} : QStringList();
            const Ran masked = m_program.run(arguments + more);
            COMPARE_RAN(masked, 0);
            QCOMPARE(masked.out.contains("v41ue"), !secret);
            QCOMPARE(masked.out.contains("(not shown)"), secret);
            const Ran shown = m_program.run(arguments + more + QStringList{QStringLiteral("--show-secrets")});
            COMPARE_RAN(shown, 0);
            QVERIFY2(shown.out.contains("v41ue"), shown.out.constData());
        }
    }

    void passwordsInBindings()
    {
        QString origin = QString::fromUtf8(m_program.origin());
        origin.replace(QStringLiteral("http://"), QStringLiteral("http://john:v41ue@"));
        for (const bool json : {true, false}) {
            const Ran ran = m_program.run(QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("krakend.json"),
                                                      QStringLiteral("--data"), QString::fromUtf8(login), QStringLiteral("--bind"),
                                                      QStringLiteral("https://backend=") + origin, QStringLiteral("--bind"),
                                                      QStringLiteral("http://your-backend=") + origin, QStringLiteral("--bind"),
                                                      QStringLiteral("https://idle=") + origin} +
                                          (json ? QStringList{QStringLiteral("--json")} : QStringList()));
            COMPARE_RAN(ran, 0);
            QVERIFY2(ran.out.contains("john:***@"), ran.out.constData());
            QVERIFY2(!(ran.out + ran.err).contains("v41ue"), (ran.out + ran.err).constData());
        }
    }

    // §10: an encrypted key file of less than 12 bytes takes the whole gateway down, whichever endpoint is asked.
    void anotherEndpointCrashes()
    {
        m_program.write(QStringLiteral("short.key"), "short");
        const QByteArray other =
            R"j(,{"endpoint":"/other","method":"POST","backend":[{"host":["https://backend"],"url_pattern":"/x"}],"extra_config":{"auth/signer":{"alg":"HS256","kid":"a","keys_to_sign":["a"],"jwk_url":"https://unused","jwk_local_path":"short.key","secret_url":"base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=","cypher_key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXtv7E3WaLqbxy/cG7zboKe0Xnr1B6gxfPZKOoieQF38zN49hbHcCrj1gW2yRH6UtS"}}}]})j";
        m_program.write(QStringLiteral("two.json"), manual().chopped(2) + other);
        const Ran ran = m_program.run(send(QStringLiteral("two.json"), {QStringLiteral("--json")}));
        COMPARE_RAN(ran, 1);
        QCOMPARE(onlyObject(ran.out).value(QStringLiteral("verdict")).toString(), QStringLiteral("does-not-start"));
        QVERIFY(onlyObject(ran.out).value(QStringLiteral("start")).toObject().value(QStringLiteral("crash")).toBool());
    }

    // A download of another endpoint counts with --whole only.
    void wholeGateway()
    {
        const QByteArray other =
            R"j(,{"endpoint":"/other","method":"POST","backend":[{"host":["https://backend"],"url_pattern":"/x"}],"extra_config":{"auth/signer":{"alg":"HS256","kid":"not there","keys_to_sign":["a"],"jwk_url":"http://your-backend/jwk/symmetric.json","disable_jwk_security":true,"jwk_local_path":"keys.json"}}}]})j";
        m_program.write(QStringLiteral("keys.json"), R"j({"keys":[{"kty":"oct","k":"AA","kid":"x"}]})j");
        m_program.write(QStringLiteral("whole.json"), manual().chopped(2) + other);
        COMPARE_RAN(m_program.run(send(QStringLiteral("whole.json"))), 0);
        const Ran ran = m_program.run(send(QStringLiteral("whole.json"), {QStringLiteral("--whole"), QStringLiteral("--json")}));
        COMPARE_RAN(ran, 1);
        QVERIFY(onlyObject(ran.out).value(QStringLiteral("start")).toObject().value(QStringLiteral("crash")).toBool());
    }

    // Which endpoint a path means, and what is answered where none does.
    void paths_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("endpoint");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QString &config, const QStringList &more, const char *endpoint, int status,
                            const char *method = "GET") {
            QTest::newRow(name) << QStringList{QStringLiteral("send"), QStringLiteral("--config"), config} + more
                                << QString::fromLatin1(method) << QString::fromUtf8(endpoint) << status;
        };
        const QString paths = QStringLiteral("paths.json"), endpoint = QStringLiteral("--endpoint"), param = QStringLiteral("--param");
        row("asked: no endpoints", QStringLiteral("none.json"), {endpoint, QStringLiteral("/x")}, "/x", 404);
        row("asked: double slashes", paths, {endpoint, QStringLiteral("//a//b")}, "//a//b", 307, "POST");
        row("as registered", paths, {endpoint, QStringLiteral("/a/b")}, "//a//b", 500, "POST");
        row("template", paths, {endpoint, QStringLiteral("/i/{id}"), param, QStringLiteral("id=7")}, "/i/{id}", 500);
        row("template filled with another's text", paths, {endpoint, QStringLiteral("/i/{id}"), param, QStringLiteral("id=fixed")},
            "/i/fixed", 500);
        row("literal", paths, {endpoint, QStringLiteral("/i/7")}, "/i/{id}", 500);
        row("literal, wrong method", paths, {endpoint, QStringLiteral("/i/7"), QStringLiteral("--method"), QStringLiteral("PUT")},
            "/i/{id}", 405, "PUT");
    }
    void paths()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, method);
        QFETCH(const QString, endpoint);
        QFETCH(const int, status);
        QByteArray config = "{'version':3,'endpoints':[{'endpoint':'//a//b','method':'POST','backend':[B]},"
                            "{'endpoint':'/i/{id}','backend':[B]},{'endpoint':'/i/fixed','backend':[B]}]}";
        config.replace("[B]", "[{'host':['http://127.0.0.1:9999'],'url_pattern':'/'}]").replace('\'', '"');
        m_program.write(QStringLiteral("paths.json"), config);
        const Ran ran = m_program.run(arguments + QStringList{QStringLiteral("--json")});
        COMPARE_RAN(ran, 1);
        const QJsonObject object = onlyObject(ran.out);
        QCOMPARE(object.value(QStringLiteral("endpoint")).toString(), endpoint);
        QCOMPARE(object.value(QStringLiteral("method")).toString(), method);
        QCOMPARE(object.value(QStringLiteral("response")).toObject().value(QStringLiteral("status")).toInt(), status);
    }

    // Two hundred endpoints with one key file, one of them without its key: only --whole asks that one's URL.
    void sharedKeyFile()
    {
        tokenlab::playground::Server silent([](const tokenlab::playground::ServerRequest &) {
            tokenlab::playground::Script script;
            script.silent = true;
            return script;
        });
        QVERIFY(silent.listen().ok());
        m_program.write(QStringLiteral("shared-keys.json"), R"j({"keys":[{"kty":"oct","k":"AA","kid":"x"}]})j");
        QByteArray all = manual().chopped(2);
        for (int i = 0; i < 200; ++i) {
            QByteArray one = ",{'endpoint':'/e" + QByteArray::number(i) +
                             "','backend':[{'host':['https://backend'],'url_pattern':'/x'}],'extra_config':{'auth/signer':{'alg':'HS256',"
                             "'kid':'" +
                             (i == 150 ? "y" : "x") + "','keys_to_sign':['a'],'jwk_url':'" + silent.origin() +
                             "','disable_jwk_security':true,'jwk_local_path':'shared-keys.json'}}}";
            all += one.replace('\'', '"');
        }
        m_program.write(QStringLiteral("shared.json"), all + "]}");
        COMPARE_RAN(m_program.run(send(QStringLiteral("shared.json"))), 0);
        QVERIFY(silent.received().empty());
        const Ran ran = m_program.run(send(QStringLiteral("shared.json"), {QStringLiteral("--whole"), QStringLiteral("--json")}));
        COMPARE_RAN(ran, 1);
        QCOMPARE(silent.received().size(), std::size_t(1));
        const QJsonObject object = onlyObject(ran.out), start = object.value(QStringLiteral("start")).toObject();
        QVERIFY(start.value(QStringLiteral("hangs")).toBool());
        QCOMPARE(start.value(QStringLiteral("error")).toString(),
                 QStringLiteral("GET /e150 waits for ever for ") + QString::fromUtf8(silent.origin()));
        QVERIFY(object.value(QStringLiteral("signer")).toObject().value(QStringLiteral("error")).isNull());
    }

    void silentKeyHost()
    {
        tokenlab::playground::Server silent([](const tokenlab::playground::ServerRequest &) {
            tokenlab::playground::Script script;
            script.silent = true;
            return script;
        });
        QVERIFY(silent.listen().ok());
        const QStringList arguments{
            QStringLiteral("send"),         QStringLiteral("--config"),
            QStringLiteral("krakend.json"), QStringLiteral("--json"),
            QStringLiteral("--bind"),       QStringLiteral("http://your-backend=") + QString::fromUtf8(silent.origin())};
        const Ran ran = m_program.run(arguments);
        COMPARE_RAN(ran, 1);
        const QJsonObject start = onlyObject(ran.out).value(QStringLiteral("start")).toObject();
        QVERIFY(start.value(QStringLiteral("hangs")).toBool() && !start.value(QStringLiteral("ok")).toBool());
        QVERIFY(onlyObject(ran.out).value(QStringLiteral("signer")).toObject().value(QStringLiteral("error")).isNull());
    }

    void hostileResponses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::newRow("depth 100 000") << "{\"access_token\":" + QByteArray(100000, '[') + QByteArray(100000, ']') + '}' << 400;
        QTest::newRow("never closed") << QByteArray(1000000, '{') << 400;
        QTest::newRow("10 MB claim") << "{\"access_token\":{\"a\":\"" + QByteArray(10000000, 'x') + "\"}}" << 200;
        QTest::newRow("NUL bytes") << QByteArray(1000, '\0') << 400;
        QTest::newRow("invalid UTF-8") << QByteArray("{\"access_token\":{\"a\":\"\xff\xfe\"}}") << 200;
        QTest::newRow("terminal escapes") << QByteArray("{\"a\":\"\xe2\x80\xae\\u001b[2J\",\"access_token\":{\"\\u001b]0;x\\u0007\":1}}")
                                          << 200;
    }
    void hostileResponses()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        m_program.write(QStringLiteral("hostile"), body);
        const QStringList arguments = QStringList{QStringLiteral("simulate"), QStringLiteral("--config"), QStringLiteral("misspelt.json"),
                                                  QStringLiteral("--response"), QStringLiteral("hostile")} +
                                      binds;
        const Ran json = m_program.run(arguments + QStringList{QStringLiteral("--json")});
        COMPARE_RAN(json, 1);
        QCOMPARE(onlyObject(json.out).value(QStringLiteral("response")).toObject().value(QStringLiteral("status")).toInt(), status);
        const Ran human = m_program.run(arguments);
        COMPARE_RAN(human, 1);
        QVERIFY2(human.out.size() < 100000, "a terminal is not flooded");
        QVERIFY(!human.out.contains('\x1b') && !human.out.contains("\xe2\x80\xae"));
    }

    // A container without any locale: nothing but ours on standard error.
    void bareLocale()
    {
        const Ran ran = m_program.run(send(QStringLiteral("krakend.json")), {},
                                      {{QStringLiteral("LC_ALL"), QStringLiteral("C")}, {QStringLiteral("LANG"), QString()}});
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.err.isEmpty(), ran.err.constData());
        QVERIFY(ran.out.contains("\u201caccess_token\u201d"));
    }
};

QTEST_GUILESS_MAIN(SendTest)
#include "tst_send.moc"
