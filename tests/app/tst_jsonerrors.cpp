// --json where an input cannot be used: one object on standard output all the same, whichever the command.
#include "program.h"

namespace {

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class JsonErrorsTest : public QObject
{
    Q_OBJECT
    Program m_program;

private Q_SLOTS:
    void initTestCase()
    {
        m_program.write(QStringLiteral("bad.json"), "{\n\"version\": 3,\n}");
        m_program.write(QStringLiteral("empty.json"), "");
        m_program.write(QStringLiteral("f.yml"), "version: 3\n");
        m_program.write(QStringLiteral("old.json"), R"j({"version":2})j");
        m_program.write(QStringLiteral("none.json"), R"j({"version":3})j");
        m_program.write(QStringLiteral("payload.json"), R"j({"sub":"a"})j");
        m_program.write(QStringLiteral("keys.json"), R"j({"keys":[{"kty":"oct","kid":"a","k":"AA"}]})j");
    }

    void refused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said"); // among the words of the error
        QTest::addColumn<bool>("asOutcome");  // of send and simulate: the gateway does not start, and that is their answer
        const auto row = [](const char *arguments, int code, const char *said, bool asOutcome = false) {
            QTest::newRow(arguments) << words(arguments) << code << QByteArray(said) << asOutcome;
        };
        row("validate --config nope.json x.y.z", 2, "open nope.json: no such file or directory");
        row("validate --config bad.json x.y.z", 2, "bad.json, line 3, column 1: ");
        row("validate --config empty.json x.y.z", 2, "the file is empty");
        row("validate --config f.yml x.y.z", 2, "YAML");
        row("validate --config old.json x.y.z", 1, "unsupported version: 2 (want: 3)");
        row("validate --config none.json x.y.z", 2, "none.json has no endpoints");
        row("validate --config demo --at soon x.y.z", 2, "--at soon");
        row("validate --config demo --bind x x.y.z", 2, "--bind x");
        row("validate --config demo -- ", 2, "no token");
        row("compare --gateway http://127.0.0.1:1 --config nope.json", 2, "open nope.json: no such file or directory");
        row("compare --gateway http://127.0.0.1:1 --config bad.json", 2, "bad.json, line 3, column 1: ");
        row("compare --gateway http://127.0.0.1:1 --config old.json", 1, "unsupported version: 2 (want: 3)");
        row("compare --gateway http://127.0.0.1:1 --config none.json", 2, "none.json has no endpoints");
        row("compare --gateway ./nothing --config demo", 2, "nothing");
        row("check nope.json", 2, "open nope.json: no such file or directory");
        row("check f.yml", 2, "YAML");
        row("check", 2, "FILE is required");
        row("check --explain nothing", 2, "no problem has the code nothing");
        row("export nope.json", 2, "open nope.json: no such file or directory");
        row("export bad.json", 2, "bad.json, line 3, column 1: ");
        row("export old.json", 1, "unsupported version: 2 (want: 3)");
        row("export none.json --kind endpoint", 2, "none.json has no endpoints");
        row("export none.json --kind nothing", 2, "--kind");
        row("sign --jwks nope.json --kid a --alg HS256 payload.json", 2, "open nope.json: no such file or directory");
        row("sign --jwks bad.json --kid a --alg HS256 payload.json", 2, "bad.json, line 3, column 1: ");
        row("sign --jwks keys.json --kid a --alg HS256 nope.json", 2, "open nope.json: no such file or directory");
        row("sign --jwks keys.json --kid a --alg HS256 bad.json", 2, "bad.json, line 3, column 1: ");
        row("sign --jwks keys.json --kid b --alg HS256 payload.json", 1, "no key");
        row("decode bad.json", 2, "bad.json holds no token");
        row("decode .", 2, "");
        row("playground --port 70000", 2, "--port");
        row("send --config demo --bind x", 2, "--bind x");
        row("send --config demo --data @nope", 2, "nope");
        row("compare --config demo --endpoint /tokn", 2, "did you mean /token");
        row("send", 2, "--config is required");
        row("simulate --config none.json", 2, "--response");
        row("simulate --config demo --response nope.txt", 2, "nope.txt");
        row("send --config nope.json", 2, "open nope.json: no such file or directory", true);
        row("send --config bad.json", 2, "invalid character '}'", true);
        row("simulate --config bad.json --response payload.json", 2, "invalid character '}'", true);
        row("simulate --config old.json --response payload.json", 1, "unsupported version: 2 (want: 3)", true);
        row("simulate --config empty.json --response payload.json", 2, "unexpected end of JSON input", true);
    }
    void refused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        QFETCH(bool, asOutcome);
        arguments.insert(1, QStringLiteral("--json"));
        const Ran ran = m_program.run(arguments);
        COMPARE_RAN(ran, code);
        const QJsonObject object = onlyObject(ran.out);
        if (asOutcome) {
            QCOMPARE(object.value(QStringLiteral("verdict")).toString(), QStringLiteral("does-not-start"));
            const QString error = object.value(QStringLiteral("start")).toObject().value(QStringLiteral("error")).toString();
            QVERIFY2(error.contains(QString::fromUtf8(said)) || ran.err.contains(said), ran.out.constData());
        } else {
            QVERIFY2(object.keys() == QStringList{QStringLiteral("error")}, ran.out.constData());
            const QString error = object.value(QStringLiteral("error")).toString();
            QVERIFY2(!error.isEmpty() && error.contains(QString::fromUtf8(said)), ran.out.constData());
        }
        QVERIFY2(ran.err.startsWith("token-lab: ") && ran.err.count('\n') == 1, ran.err.constData());
    }

    // The table above would be content with a program that refuses everything.
    void taken()
    {
        for (const char *line :
             {"check none.json --json", "export none.json --json", "sign --json --jwks keys.json --kid a --alg HS256 payload.json"}) {
            const Ran ran = m_program.run(words(line));
            COMPARE_RAN(ran, 0);
            QVERIFY2(!onlyObject(ran.out + (ran.out.endsWith('\n') ? "" : "\n")).contains(QStringLiteral("error")), line);
        }
    }
};

QTEST_GUILESS_MAIN(JsonErrorsTest)
#include "tst_jsonerrors.moc"
