// What a user hands to send and simulate: bindings, parameters, files that are none, options, fragments; and what is said where it is bad.
#include "manual.h"
#include "program.h"

namespace {

QByteArray endpointAlone()
{
    const QByteArray whole = manual();
    return whole.mid(whole.indexOf('[') + 1).chopped(2);
}

QByteArray signerAlone()
{
    const QByteArray endpoint = endpointAlone(), name = "\"auth/signer\":";
    return endpoint.mid(endpoint.indexOf(name) + name.size()).chopped(2);
}

} // namespace

class InputTest : public QObject
{
    Q_OBJECT
    Program m_program;

private Q_SLOTS:
    void initTestCase()
    {
        m_program.write(QStringLiteral("krakend.json"), manual());
        m_program.write(QStringLiteral("body.json"), R"j({"access_token":{"sub":"a"},"refresh_token":{"b":1,"a":2}})j");
        m_program.write(QStringLiteral("login.json"), login);
    }

    void badBindings_data()
    {
        QTest::addColumn<QString>("binding");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *name, const char *binding, int code, const char *said) {
            QTest::newRow(name) << QString::fromUtf8(binding) << code << QByteArray(said);
        };
        row("must fail: neither URL nor file", "https://backend=notaurl", 2, "notaurl is neither a URL with a host nor an existing file");
        row("must fail: no scheme", "http://your-backend=127.0.0.1:8400", 2, "did you mean http://127.0.0.1:8400?");
        row("must fail: a name and a port", "http://your-backend=backend.internal:8400", 2, "did you mean http://backend.internal:8400?");
        row("must fail: no host", "https://backend=http://", 2, "is no URL with a host");
        row("must fail: no host, a port", "https://backend=http://:8400", 2, "is no URL with a host");
        row("must fail: a folder", "https://backend=/", 2, "neither");
        row("must fail: no such file", "http://your-backend=./none.json", 2, "./none.json is neither");
        row("misspelt host", "https://bakend=ORIGIN", 0,
            "acts on nothing in krakend.json, which names https://backend, http://your-backend");
        row("without its scheme", "your-backend=ORIGIN", 0, "acts on nothing");
        row("a path that is not there", "/keys/none.json=login.json", 0, "acts on nothing");
        row("of a backend's path", "https://backend/token-issuer=ORIGIN/token-issuer", 0, "");
        row("the whole jwk_url", "http://your-backend/jwk/symmetric.json=ORIGIN/jwk/symmetric.json", 0, "");
    }
    void badBindings()
    {
        QFETCH(QString, binding);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const QStringList arguments = send(QStringLiteral("krakend.json"), {QStringLiteral("--bind"), binding});
        const Ran ran = m_program.run(arguments);
        COMPARE_RAN(ran, code);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), said.isEmpty() ? 0 : 1);
        const Ran json = m_program.run(arguments + QStringList{QStringLiteral("--json")});
        COMPARE_RAN(json, code);
        QVERIFY(!onlyObject(json.out).isEmpty());
        QVERIFY2(json.out.contains(said), json.out.constData()); // in `error`, or in `notes`
    }

    void parameters_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("filled") << QStringList{QStringLiteral("--param"), QStringLiteral("id=token-issuer")} << 0
                                << QByteArray("https://backend/token-issuer");
        QTest::newRow("as a client asks") << QStringList{QStringLiteral("--endpoint"), QStringLiteral("/t/token-issuer")} << 0
                                          << QByteArray("https://backend/token-issuer");
        QTest::newRow("a question mark: the gateway's 400")
            << QStringList{QStringLiteral("--param"), QStringLiteral("id=a?b")} << 1 << QByteArray("encoded url params");
        QTest::newRow("must fail: missing") << QStringList{} << 2 << QByteArray("--param id=VALUE");
        QTest::newRow("must fail: unknown") << QStringList{QStringLiteral("--param"), QStringLiteral("x=1")} << 2
                                            << QByteArray("has no {x}");
        QTest::newRow("must fail: no value") << QStringList{QStringLiteral("--param"), QStringLiteral("id")} << 2
                                             << QByteArray("name=value");
    }
    void parameters()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        m_program.write(QStringLiteral("param.json"),
                        manual().replace("\"/token\"", "\"/t/{id}\"").replace("\"/token-issuer\"", "\"/{id}\""));
        const Ran ran = m_program.run(send(QStringLiteral("param.json"), arguments));
        COMPARE_RAN(ran, code);
        QVERIFY2((ran.out + ran.err).contains(said), (ran.out + ran.err).constData());
    }

    void unusable_data()
    {
        QTest::addColumn<QByteArray>("file"); // null: none at all
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("missing") << QByteArray() << QByteArray("no such file or directory");
        QTest::newRow("empty") << QByteArray("") << QByteArray("the file is empty");
        QTest::newRow("BOM") << "\xef\xbb\xbf" + manual() << QByteArray("line 1, column 1: the file begins with a byte order mark");
        QTest::newRow("truncated") << manual().chopped(3) << QByteArray("line 1, column");
        QTest::newRow("truncated in the third line") << QByteArray("{\n \"version\": 3,\n \"endp") << QByteArray("line 3, column");
        QTest::newRow("binary") << QByteArray("\x7f\x45LF\0\1\2", 7) << QByteArray("binary");
        QTest::newRow("trailing comma") << QByteArray("{\n\"version\":3,\n}") << QByteArray("line 3, column 1: invalid character '}'");
        QTest::newRow("a comment") << QByteArray("{ // here\n}") << QByteArray("line 1, column 3");
    }
    void unusable()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, said);
        const QString name = QStringLiteral("broken.json");
        QFile::remove(m_program.path(name));
        if (!file.isNull())
            m_program.write(name, file);
        for (const bool json : {false, true}) {
            const Ran ran = m_program.run(send(name, json ? QStringList{QStringLiteral("--json")} : QStringList()));
            COMPARE_RAN(ran, 2);
            QVERIFY2(ran.err.startsWith("token-lab: broken.json") && ran.err.contains(said), ran.err.constData());
            QCOMPARE(ran.err.count('\n'), 1);
            if (json)
                QCOMPARE(onlyObject(ran.out).value(QStringLiteral("verdict")).toString(), QStringLiteral("does-not-start"));
            else
                QVERIFY(ran.out.isEmpty());
        }
        if (!file.isNull()) {
            const Ran piped = m_program.run(send(QStringLiteral("-")), file);
            COMPARE_RAN(piped, 2);
            QVERIFY2(piped.err.startsWith("token-lab: standard input"), piped.err.constData());
        }
    }

    void usage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *name, const QStringList &arguments, const char *said) {
            QTest::newRow(name) << arguments << QByteArray(said);
        };
        row("no --config", {QStringLiteral("send")}, "--config");
        row("unknown option", send(QStringLiteral("krakend.json"), {QStringLiteral("--colour")}), "--colour");
        row("unknown template", send(QStringLiteral("krakend.json"), {QStringLiteral("--endpoint"), QStringLiteral("/tokne/{id}")}),
            "has no endpoint /tokne/{id}");
        row("bad header", send(QStringLiteral("krakend.json"), {QStringLiteral("-H"), QStringLiteral("nonsense")}), "Name: value");
        row("header with a line break", send(QStringLiteral("krakend.json"), {QStringLiteral("-H"), QStringLiteral("A: b\r\nC: d")}),
            "Name: value");
        row("bad binding", send(QStringLiteral("krakend.json"), {QStringLiteral("--bind"), QStringLiteral("nonsense")}), "FROM=TO");
        row("missing data file",
            QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("krakend.json"), QStringLiteral("--data"),
                        QStringLiteral("@none")},
            "no such file");
        row("a folder", send(QStringLiteral(".")), "is a directory");
        row("standard input twice",
            QStringList{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("-"), QStringLiteral("--data"),
                        QStringLiteral("-")},
            "both");
        row("simulate without a response", {QStringLiteral("simulate"), QStringLiteral("--config"), QStringLiteral("krakend.json")},
            "--response");
        row("simulate with too many",
            {QStringLiteral("simulate"), QStringLiteral("--config"), QStringLiteral("krakend.json"), QStringLiteral("--response"),
             QStringLiteral("body.json"), QStringLiteral("--response"), QStringLiteral("body.json")},
            "1 backend");
        row("simulate with a missing one",
            {QStringLiteral("simulate"), QStringLiteral("--config"), QStringLiteral("krakend.json"), QStringLiteral("--response"),
             QStringLiteral("none")},
            "no such file");
    }
    void usage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        const Ran ran = m_program.run(arguments);
        COMPARE_RAN(ran, 2);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY(ran.out.isEmpty());
    }

    void fragments_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("endpoint") << endpointAlone();
        QTest::newRow("an extra_config with a signer") << "{\"extra_config\":{\"auth/signer\":" + signerAlone() + "}}";
        QTest::newRow("a file without version") << manual().replace("\"version\":3,", "");
    }
    void fragments()
    {
        QFETCH(QByteArray, text);
        const Ran ran = m_program.run(send(QStringLiteral("-"), {QStringLiteral("--json")}), text);
        COMPARE_RAN(ran, 0);
        QCOMPARE(onlyObject(ran.out).value(QStringLiteral("verdict")).toString(), QStringLiteral("signed"));
        QCOMPARE(onlyObject(ran.out).value(QStringLiteral("method")).toString(), QStringLiteral("POST"));
        QVERIFY(onlyObject(ran.out).value(QStringLiteral("notes")).toArray().first().toString().contains(QStringLiteral("completed with")));
        QVERIFY2(ran.err.startsWith("token-lab: standard input ") && ran.err.count("completed with") == 1, ran.err.constData());
    }

    void signerAloneIsCompleted()
    {
        const Ran ran = m_program.run(QStringList{QStringLiteral("simulate"), QStringLiteral("--json"), QStringLiteral("--config"),
                                                  QStringLiteral("-"), QStringLiteral("--response"), QStringLiteral("body.json")} +
                                          binds,
                                      signerAlone());
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.err.contains("signer object"), ran.err.constData());
    }

    void environment()
    {
        const QMap<QString, QString> variables{{QStringLiteral("KRAKEND_VERSION"), QStringLiteral("2")}};
        COMPARE_RAN(m_program.run(send(QStringLiteral("krakend.json")), {}, variables), 0);
        const Ran ran = m_program.run(send(QStringLiteral("krakend.json"), {QStringLiteral("--gateway-env")}), {}, variables);
        COMPARE_RAN(ran, 1);
        QVERIFY(ran.out.contains("unsupported version"));
    }
};

QTEST_GUILESS_MAIN(InputTest)
#include "tst_input.moc"
