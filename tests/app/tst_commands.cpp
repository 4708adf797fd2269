// demo, sign, decode, export, playground, help: the other commands as a user meets them.
#include "program.h"

#ifdef Q_OS_UNIX
#include <csignal>
#endif

namespace {

constexpr const char *token =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk";
constexpr const char *keys =
    R"({"keys":[{"kty":"oct","kid":"sim2","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]})";

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class CommandsTest : public QObject
{
    Q_OBJECT
    Program m_program;

private Q_SLOTS:
    void initTestCase()
    {
        m_program.write(QStringLiteral("keys.json"), keys);
        m_program.write(QStringLiteral("payload.json"), R"({"sub":"a"})");
        m_program.write(QStringLiteral("array.json"), "[1]");
        m_program.write(QStringLiteral("bad.json"), "{\n\"sub\":\n}");
        m_program.write(QStringLiteral("badkeys.json"), R"({"keys":[{"kty":"oct","kid":"a","k":"AA"},{"kty":"foo"}]})");
        m_program.write(QStringLiteral("token.txt"), QByteArray("Bearer ") + token + "\n");
    }

    void demo()
    {
        const Ran ran = m_program.run({QStringLiteral("demo")});
        COMPARE_RAN(ran, 0);
        for (const char *part : {"\"roles\": [", "Would answer 200, all signed", "\"access_token\":\"eyJ",
                                 "Token \u201crefresh_token\u201d", "\"auth/signer\": {", "token-lab playground"})
            QVERIFY2(ran.out.contains(part), part);
        QVERIFY2(ran.err.isEmpty(), ran.err.constData());
        const Ran json = m_program.run({QStringLiteral("demo"), QStringLiteral("--json")});
        COMPARE_RAN(json, 0);
        QCOMPARE(onlyObject(json.out).value(QStringLiteral("verdict")).toString(), QStringLiteral("signed"));
    }

#ifdef Q_OS_LINUX
    void outputThatCannotBeWritten()
    {
        const Ran full = m_program.shell(QStringLiteral("token-lab export demo > /dev/full"));
        COMPARE_RAN(full, 3);
        QVERIFY2(full.err.contains("cannot be written") && full.err.count('\n') == 1, full.err.constData());
        const Ran closed = m_program.shell(QStringLiteral("token-lab demo | true"));
        QVERIFY2(closed.err.isEmpty(), closed.err.constData());
    }
#endif

    void sign_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said"); // on stdout for 0, on stderr otherwise
        const auto row = [](const char *name, const char *arguments, const char *input, int code, const char *said) {
            QTest::newRow(name) << words(arguments) << QByteArray(input) << code << QByteArray(said);
        };
        row("spec §6.5.2, standard input", "--jwks keys.json --kid sim2 --alg HS256", R"({"sub":"a"})", 0, token);
        row("a file", "--jwks keys.json --kid sim2 --alg HS256 payload.json", "", 0, token);
        row("blanks and order do not matter", "--jwks keys.json --kid sim2 --alg HS256 -", " { \"sub\" : \"a\" } ", 0, token);
        row("a URL", "--jwks ORIGIN/jwk/symmetric.json --insecure --kid sim2 --alg HS256 payload.json", "", 0, token);
        row("typ", "--jwks keys.json --kid sim2 --alg HS256 --typ at+jwt payload.json", "", 0,
            "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJhdCtqd3QifQ.");
        row("full", "--jwks keys.json --kid sim2 --alg HS256 --full payload.json", "", 0, R"({"payload":"eyJzdWIiOiJhIn0","protected":)");
        row("must fail: http without --insecure", "--jwks ORIGIN/jwk/symmetric.json --kid sim2 --alg HS256 payload.json", "", 2,
            "--insecure");
        row("must fail: nobody there", "--jwks http://127.0.0.1:1/k --insecure --kid sim2 --alg HS256 payload.json", "", 3,
            "othing listens");
        row("must fail: not a key set", "--jwks ORIGIN/ --insecure --kid sim2 --alg HS256 payload.json", "", 3, "Content-Type");
        row("must fail: wrong kid", "--jwks keys.json --kid sim1 --alg HS256 payload.json", "", 1, "did you mean \u201csim2\u201d");
        row("must fail: wrong kid at the URL", "--jwks ORIGIN/jwk/symmetric.json --insecure --kid nope --alg HS256 payload.json", "", 1,
            "no key with this kid");
        row("must fail: wrong algorithm", "--jwks keys.json --kid sim2 --alg RS256 payload.json", "", 1, "oct key");
        row("must fail: algorithm in lower case", "--jwks keys.json --kid sim2 --alg hs256 payload.json", "", 1, "letter by letter");
        row("must fail: an array", "--jwks keys.json --kid sim2 --alg HS256 array.json", "", 2, "objects only");
        row("must fail: not JSON", "--jwks keys.json --kid sim2 --alg HS256 bad.json", "", 2, "bad.json, line 3, column 1");
        row("must fail: a bad key", "--jwks badkeys.json --kid a --alg HS256 payload.json", "", 2, "badkeys.json");
        row("must fail: no such file", "--jwks none.json --kid a --alg HS256 payload.json", "", 2, "no such file");
        row("must fail: --ca with a file", "--jwks keys.json --ca x.pem --kid a --alg HS256 payload.json", "", 2, "URL");
        row("must fail: no kid", "--jwks keys.json --alg HS256 payload.json", "", 2, "--kid");
        row("must fail: bad pin", "--jwks https://127.0.0.1:1/k --pin x --kid a --alg HS256 payload.json", "", 2, "pin");
    }
    void sign()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const Ran ran = m_program.run(QStringList{QStringLiteral("sign")} + arguments, input);
        COMPARE_RAN(ran, code);
        if (code == 0) {
            QVERIFY2(ran.out.startsWith(said), ran.out.constData());
            const Ran json = m_program.run(QStringList{QStringLiteral("sign"), QStringLiteral("--json")} + arguments, input);
            COMPARE_RAN(json, 0);
            const QJsonObject object = onlyObject(json.out);
            QCOMPARE(object.keys(), (QStringList{QStringLiteral("header"), QStringLiteral("payload"), QStringLiteral("token")}));
            QCOMPARE(object.value(QStringLiteral("payload")).toObject().value(QStringLiteral("sub")).toString(), QStringLiteral("a"));
            QCOMPARE(object.value(QStringLiteral("header")).toObject().value(QStringLiteral("kid")).toString(), QStringLiteral("sim2"));
        } else {
            QVERIFY2(ran.err.contains(said), ran.err.constData());
            QCOMPARE(ran.err.count('\n'), 1);
            QVERIFY(ran.out.isEmpty());
        }
        QVERIFY(!(ran.out + ran.err).contains("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"));
    }

    void decode_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("code");
        const QByteArray manual = "eyJhbGciOiJIUzI1NiIsImtpZCI6InNcdTIifQ."
                                  "eyJhdWQiOiJodHRwOi8vYXBpLmV4YW1wbGUuY29tIiwiZXhwIjoxNzM1Njg5NjAwLCJpf1MiOiJodHRwczovL2tyYWtlbmQuaW8iLCJq"
                                  "dGkiOiJtbmIyM3Zjf1J0NzU2eXVcd21uYnZjeDk4ZXJ0eXVcd3AiLCJyb2xlcyI6WyJyb2xlX2EiLCJyb2xlX2IiXSwif1ViIjoiMTIz"
                                  "NDU2Nzg5MHF3ZXJ0eXVcdyJ9.htgbhantGcv6zrN1i43Rl58q1sokh3lzuFgzfenI0Rk";
        QTest::newRow("an argument") << QStringList{QString::fromUtf8(token)} << QByteArray() << QByteArray("whom it is about") << 0;
        QTest::newRow("a file, with Bearer") << QStringList{QStringLiteral("token.txt")} << QByteArray() << QByteArray("left out") << 0;
        QTest::newRow("standard input") << QStringList{} << QByteArray(token) << QByteArray("\"HS256\"") << 0;
        // The manual page's tokens are garbled: neither header nor payload is JSON. They are shown as far as they go.
        QTest::newRow("the manual's garbled token")
            << QStringList{QString::fromUtf8(manual)} << QByteArray() << QByteArray("Not JSON") << 1;
        QTest::newRow("flattened")
            << QStringList{QStringLiteral("-")}
            << QByteArray(
                   R"({"payload":"eyJzdWIiOiJhIn0","protected":"eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ","signature":"VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk"})")
            << QByteArray("flattened JSON") << 0;
    }
    void decode()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, said);
        QFETCH(int, code);
        const Ran ran = m_program.run(QStringList{QStringLiteral("decode")} + arguments, input);
        COMPARE_RAN(ran, code);
        QVERIFY2(ran.out.contains(said), ran.out.constData());
        QVERIFY2(!ran.out.toLower().contains(" is valid"), "decode never says valid");
        const Ran json = m_program.run(QStringList{QStringLiteral("decode"), QStringLiteral("--json")} + arguments, input);
        COMPARE_RAN(json, code);
        QCOMPARE(onlyObject(json.out).keys(),
                 (QStringList{QStringLiteral("form"), QStringLiteral("header"), QStringLiteral("headerText"), QStringLiteral("notes"),
                              QStringLiteral("payload"), QStringLiteral("payloadText"), QStringLiteral("signature")}));
    }

    void whatIsSaidOfNoToken_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("must fail: a file without one") << words("bad.json") << QByteArray() << 2 << QByteArray("bad.json holds no token");
        QTest::newRow("must fail: standard input")
            << words("-") << QByteArray("hello\n") << 2 << QByteArray("standard input holds no token");
        QTest::newRow("must fail: a folder") << words(".") << QByteArray() << 2 << QByteArray("is a directory");
        QTest::newRow("must fail: no file") << words("hello") << QByteArray() << 2 << QByteArray("neither a file nor a token");
        QTest::newRow("nothing can be decoded") << words("????.????.x") << QByteArray() << 1 << QByteArray();
        QTest::newRow("nothing is JSON") << words("hello.world.x") << QByteArray() << 1 << QByteArray();
    }
    void whatIsSaidOfNoToken()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const Ran ran = m_program.run(QStringList{QStringLiteral("decode")} + arguments, input);
        COMPARE_RAN(ran, code);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        const Ran json = m_program.run(QStringList{QStringLiteral("decode"), QStringLiteral("--json")} + arguments, input);
        COMPARE_RAN(json, code);
        QVERIFY2(!onlyObject(json.out).isEmpty(), json.out.constData());
        QCOMPARE(onlyObject(json.out).contains(QStringLiteral("error")), code == 2);
    }

    // `sign | decode`: the line end is the shell's, two are not.
    void lineEndOfAPipe_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<bool>("noted");
        QTest::newRow("none") << QByteArray() << false;
        QTest::newRow("LF") << QByteArray("\n") << false;
        QTest::newRow("CRLF") << QByteArray("\r\n") << false;
        QTest::newRow("must be noted: two") << QByteArray("\n\n") << true;
        QTest::newRow("must be noted: a blank") << QByteArray(" \n") << true;
    }
    void lineEndOfAPipe()
    {
        QFETCH(QByteArray, end);
        QFETCH(bool, noted);
        const Ran ran = m_program.run({QStringLiteral("decode")}, token + end);
        COMPARE_RAN(ran, 0);
        QCOMPARE(ran.out.contains("White space"), noted);
    }

    void failuresAsJson_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const char *arguments, int code, const char *said) {
            QTest::newRow(name) << words(arguments) << code << QString::fromUtf8(said);
        };
        row("sign: wrong kid", "sign --jwks keys.json --kid nope --alg HS256 payload.json", 1, "nope");
        row("sign: an array", "sign --jwks keys.json --kid sim2 --alg HS256 array.json", 2, "objects only");
        row("sign: not JSON", "sign --jwks keys.json --kid sim2 --alg HS256 bad.json", 2, "line 3");
        row("sign: nobody there", "sign --jwks http://127.0.0.1:1/k --insecure --kid sim2 --alg HS256 payload.json", 3, "othing listens");
        row("compare: unknown endpoint", "compare --config demo --endpoint /tokne", 2, "did you mean /token");
        row("send: bad binding", "send --config demo --bind demo=nonsense", 2, "no");
        row("simulate: too many", "simulate --config demo -r payload.json -r payload.json", 2, "1 backend");
        row("decode: empty", "decode", 2, "holds no token");
        row("export: missing", "export none.json", 2, "no such file");
        row("export: no signer", "export demo --kind signer --endpoint /account", 1, "auth/signer");
        row("wrong usage", "sign --jwks keys.json", 2, "--kid");
        row("unknown option", "playground --tls-port 1", 2, "--tls-port");
        row("unknown command", "sned", 2, "send");
    }
    void failuresAsJson()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, said);
        const Ran plain = m_program.run(arguments);
        COMPARE_RAN(plain, code);
        const Ran ran = m_program.run(arguments + QStringList{QStringLiteral("--json")});
        COMPARE_RAN(ran, code);
        const QJsonObject object = onlyObject(ran.out);
        QCOMPARE(object.keys(), QStringList{QStringLiteral("error")});
        QVERIFY2(object.value(QStringLiteral("error")).toString().contains(said), ran.out.constData());
        QCOMPARE(ran.err, plain.err);
    }

    // Nobody who signs with --jwks has a jwk_url.
    void signSpeaksOfItsOptions_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("nobody there") << words("--jwks http://127.0.0.1:1/jwk_url --insecure --kid sim2 --alg HS256 payload.json")
                                      << QByteArray("Start it, or correct --jwks.");
        QTest::newRow("a public key") << words("--jwks ORIGIN/jwk/public.json --insecure --kid rs --alg RS256 payload.json")
                                      << QByteArray();
        QTest::newRow("bad pin") << words("--jwks https://127.0.0.1:1/k --pin x --kid a --alg HS256 payload.json")
                                 << QByteArray("A pin in --pin");
        QTest::newRow("no CA") << words("--jwks https://127.0.0.1:1/k --ca none.pem --kid a --alg HS256 payload.json")
                               << QByteArray("--ca");
        QTest::newRow("a host that stays silent")
            << words("--jwks http://127.0.0.1:PORT/k --insecure --kid a --alg HS256 payload.json") << QByteArray("Make it answer.");
    }
    void signSpeaksOfItsOptions()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        arguments.replaceInStrings(QStringLiteral("PORT"), QString::number(silent.serverPort()));
        const Ran ran = m_program.run(QStringList{QStringLiteral("sign")} + arguments);
        QVERIFY(ran.code > 0);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QByteArray rest = ran.err;
        rest.replace("/jwk_url", "");
        for (const char *member : {"jwk_url", "jwk_local", "jwk_fingerprints", "bind "})
            QVERIFY2(!rest.contains(member), ran.err.constData());
    }

    void notATokenAtAll()
    {
        for (const char *text : {"hello", "", "{}", "[1]"}) {
            const Ran ran = m_program.run({QStringLiteral("decode"), QStringLiteral("-")}, text);
            COMPARE_RAN(ran, 2);
            QVERIFY(ran.out.isEmpty());
            QCOMPARE(ran.err.count('\n'), 1);
        }
    }

    void exported_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("gateway") << words("demo") << 0 << QByteArray("{\n  \"$schema\"");
        QTest::newRow("endpoint") << words("demo --kind endpoint") << 0 << QByteArray("{\n  \"endpoint\": \"/token\",\n");
        QTest::newRow("another endpoint") << words("demo --kind endpoint --endpoint /refresh") << 0
                                          << QByteArray("{\n  \"endpoint\": \"/refresh\",\n");
        QTest::newRow("signer") << words("demo --kind signer") << 0 << QByteArray("{\n  \"alg\": \"HS256\",\n");
        QTest::newRow("--json changes nothing") << words("demo --json") << 0 << QByteArray("{\n  \"$schema\"");
        QTest::newRow("must fail: a whole file has no endpoint") << words("demo --endpoint /token") << 2 << QByteArray("whole file");
        QTest::newRow("must fail: unknown kind") << words("demo --kind colour") << 2 << QByteArray("wanted gateway");
        QTest::newRow("must fail: no signer there") << words("demo --kind signer --endpoint /account") << 1 << QByteArray("no auth/signer");
        QTest::newRow("must fail: missing file") << words("none.json") << 2 << QByteArray("no such file");
        QTest::newRow("must fail: folder as output") << words("demo -o .") << 3 << QByteArray("cannot be written");
    }
    void exported()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, begins);
        const Ran ran = m_program.run(QStringList{QStringLiteral("export")} + arguments);
        COMPARE_RAN(ran, code);
        if (code == 0) {
            QVERIFY2(ran.out.startsWith(begins), ran.out.constData());
            QVERIFY(!QJsonDocument::fromJson(ran.out).object().isEmpty());
            QVERIFY(ran.out.endsWith("\n}\n"));
        } else {
            QVERIFY2(ran.err.contains(begins), ran.err.constData());
        }
    }

    void exportKeepsEveryByte()
    {
        const QByteArray odd = "{ \"version\" : 3,\"port\":8080, \"unknown\": 1e3,\r\n\"endpoints\":[ ] }";
        m_program.write(QStringLiteral("odd.json"), odd);
        const Ran ran =
            m_program.run({QStringLiteral("export"), QStringLiteral("odd.json"), QStringLiteral("-o"), QStringLiteral("out.json")});
        COMPARE_RAN(ran, 0);
        QVERIFY(ran.out.isEmpty());
        QCOMPARE(m_program.read(QStringLiteral("out.json")), odd);
        // A pipe is no terminal: nothing is added there either.
        QCOMPARE(m_program.run({QStringLiteral("export"), QStringLiteral("odd.json")}).out, odd);
    }

#ifdef Q_OS_UNIX
    void exportKeepsWhatTheTargetIs_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const char *line, int code = 0) { QTest::newRow(name) << QString::fromUtf8(line) << code; };
        row("a named pipe",
            "rm -f fifo got; mkfifo fifo; cat fifo > got & token-lab export odd.json -o fifo; wait; test -p fifo && cmp got odd.json");
        row("a link to a named pipe",
            "rm -f fifo link got; mkfifo fifo; ln -s fifo link; cat fifo > got & token-lab export odd.json -o link; wait; test -p fifo && "
            "test -L link && cmp got odd.json");
        row("a link to a file", "rm -f link; mkdir -p there; echo old > there/got; ln -s there/got link; token-lab export odd.json -o "
                                "link; test -L link && cmp "
                                "there/got odd.json");
        row("a link to nothing yet", "rm -f link got; ln -s got link; token-lab export odd.json -o link; test -L link && cmp got odd.json");
        row("/dev/stdout", "token-lab export odd.json -o /dev/stdout > got; cmp got odd.json");
        row("a file", "echo older and much longer than the new one > got; token-lab export odd.json -o got; cmp got odd.json");
        row("must fail: a folder", "mkdir -p folder; token-lab export odd.json -o folder", 3);
        row("must fail: a folder that is not there", "token-lab export odd.json -o nowhere/x", 3);
    }
    void exportKeepsWhatTheTargetIs()
    {
        QFETCH(QString, line);
        QFETCH(int, code);
        m_program.write(QStringLiteral("odd.json"), "{\"version\":3,\t\"endpoints\":[],\r\n\"x\":1.0}");
        const Ran ran = m_program.shell(line);
        COMPARE_RAN(ran, code);
        QCOMPARE(ran.err.count("cannot be written"), code == 0 ? 0 : 1);
    }
#endif

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("unknown command") << words("sned --config x") << QByteArray("did you mean \"send\"");
        QTest::newRow("pins of nothing") << words("pins") << QByteArray("a URL or a file with certificates is wanted");
        QTest::newRow("no such file for the window") << words("none.json") << QByteArray("no command or file");
        QTest::newRow("unknown option") << words("--colour") << QByteArray("--colour");
        QTest::newRow("port out of range") << words("playground --port 70000") << QByteArray("--port");
        QTest::newRow("port no number") << words("playground --port x") << QByteArray("--port");
    }
    void wrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        const Ran ran = m_program.run(arguments);
        COMPARE_RAN(ran, 2);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY(ran.out.isEmpty());
    }

    void helpAndVersion()
    {
        const Ran version = m_program.run({QStringLiteral("--version")});
        COMPARE_RAN(version, 0);
        QCOMPARE(version.out, QByteArray("token-lab " TOKENLAB_VERSION "\n"));
        const Ran help = m_program.run({QStringLiteral("--help")});
        COMPARE_RAN(help, 0);
        for (const char *command : {"demo", "send", "simulate", "sign", "decode", "playground", "export", "compare", "validate", "check",
                                    "verify", "keys", "pins"})
            QVERIFY(help.out.contains(QByteArray("\n  ") + command));
    }

    // Every example of every --help, as a person would type it, against this test's playground.
    void examples_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        for (const char *command : {"demo", "send", "simulate", "sign", "decode", "export", "check", "verify"}) {
            const Ran help = m_program.run({QString::fromUtf8(command), QStringLiteral("--help")});
            int number = 0;
            bool inExamples = false;
            for (const QString &line : QString::fromUtf8(help.out).split(QLatin1Char('\n'))) {
                inExamples = inExamples || line.startsWith(QLatin1String("Examples:"));
                if (inExamples && line.startsWith(QLatin1String("  ")))
                    QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QString::fromUtf8(command)).arg(++number)))
                        << line.trimmed() << (line.contains(QStringLiteral("wrong")) ? 1 : 0);
            }
            if (number == 0)
                QTest::newRow(command) << QString() << 0;
        }
    }
    void examples()
    {
        QFETCH(QString, line);
        QFETCH(int, code);
        QVERIFY2(!line.isEmpty(), "no example");
        const QString origin = QString::fromUtf8(m_program.origin());
        line.replace(QStringLiteral("http://127.0.0.1:8400"), origin);
        line.replace(QStringLiteral("--config demo"), QStringLiteral("--config demo --bind demo=") + origin);
        const Ran ran = m_program.shell(line);
        COMPARE_RAN(ran, code);
        // Variables in the place of values are told, and what a block replaces.
        QVERIFY2(ran.err.isEmpty() || line.contains(QLatin1String("--env")) || line.contains(QLatin1String("--add")), ran.err.constData());
    }

    // The commands of README.md, in its order, as a newcomer would paste them.
    void readme()
    {
        QFile file(QStringLiteral(TOKENLAB_SOURCE_DIR "/README.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString origin = QString::fromUtf8(m_program.origin());
        bool inBlock = false;
        int tried = 0;
        for (QString line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
            if (line.startsWith(QLatin1String("```"))) {
                inBlock = !inBlock;
                continue;
            }
            const bool command = line.startsWith(QLatin1String("token-lab ")) || line.contains(QLatin1String("| token-lab "));
            // The one without --bind is for a file whose hosts exist, the other for a program of the reader's.
            if (!inBlock || !command || line.contains(QLatin1String("/path/to/")) ||
                (line.contains(QLatin1String("send --config krakend.json")) && !line.contains(QLatin1String("--bind"))))
                continue;
            line.replace(QStringLiteral("http://127.0.0.1:8400"), origin);
            line.replace(QStringLiteral("--config demo"), QStringLiteral("--config demo --bind demo=") + origin);
            const Ran ran = m_program.shell(line);
            COMPARE_RAN(ran, line.contains(QLatin1String("wrong")) ? 1 : 0);
            ++tried;
        }
        QVERIFY2(tried >= 8, qPrintable(QString::number(tried)));
    }

#ifdef Q_OS_UNIX
    void playground_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    void playground()
    {
        QFETCH(int, signal);
        QProcess process;
        process.start(QStringLiteral(TOKENLAB_PROGRAM), {QStringLiteral("playground")});
        QByteArray out;
        QTRY_VERIFY_WITH_TIMEOUT((out += process.readAllStandardOutput()).contains("token-lab send"), 20000);
        QVERIFY(out.contains("/jwk/symmetric.json"));
        // The printed line is ready to be used.
        const QString line = QString::fromUtf8(out.mid(out.indexOf("token-lab send"))).trimmed();
        COMPARE_RAN(m_program.shell(line), 0);
        QSignalSpy finished(&process, &QProcess::finished);
        kill(pid_t(process.processId()), signal);
        QVERIFY(finished.count() > 0 || finished.wait(20000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
    }
#endif

    void playgroundPortTaken()
    {
        const QByteArray port = m_program.origin().mid(m_program.origin().lastIndexOf(':') + 1);
        const Ran ran = m_program.run({QStringLiteral("playground"), QStringLiteral("--port"), QString::fromUtf8(port)});
        COMPARE_RAN(ran, 3);
        QVERIFY2(ran.err.contains("is not free"), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(CommandsTest)
#include "tst_commands.moc"
