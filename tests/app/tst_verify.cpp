// verify as a user meets it: keys from files, standard input and URLs, exit codes and the one JSON object.
#include "program.h"

namespace {

const char token[] = "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk";
const char secret[] = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ";

QStringList words(const char *line)
{
    return QString::fromUtf8(line).replace(QStringLiteral("TOKEN"), QLatin1String(token)).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class TestVerify : public QObject
{
    Q_OBJECT

private:
    Program m_program;
    tokenlab::playground::DemoBackend m_tls{tokenlab::systemNow};

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray key =
            QByteArray("{\"kty\":\"oct\",\"kid\":\"sim2\",\"k\":\"") + secret + "-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}";
        m_program.write(QStringLiteral("keys.json"), "{\"keys\":[" + key + "]}");
        m_program.write(QStringLiteral("key.json"), key);
        m_program.write(QStringLiteral("odd.json"), "{\"keys\":[{\"kty\":\"AKP\"}," + key + "]}");
        m_program.write(QStringLiteral("none.json"), "{\"keys\":[{\"kty\":\"AKP\",\"kid\":\"sim2\"}]}");
        m_program.write(QStringLiteral("bad.json"), "{\n  \"keys\": [,]\n}");
        m_program.write(QStringLiteral("list.json"), "[]");
        m_program.write(QStringLiteral("key.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        m_program.write(QStringLiteral("secret.txt"), "a secret that somebody has in a file\n");
        m_program.write(QStringLiteral("token.txt"), QByteArray(token) + '\n');
        m_program.write(QStringLiteral("token-crlf.txt"), QByteArray(token) + "\r\n");
        m_program.write(QStringLiteral("two-ends.txt"), QByteArray(token) + "\n\n");
        m_program.write(QStringLiteral("empty.txt"), "\n");
        const QString folder = m_program.path(QStringLiteral("tls"));
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(m_tls.start(0, true));
        const auto port = m_tls.startHttps(0, true, folder);
        QVERIFY2(port.ok(), port ? "" : qPrintable(port.error().text));
    }

    void verify_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said"); // on stdout for 0 and 1, else on stderr
        const auto row = [](const char *name, const char *arguments, const char *input, int code, const char *said) {
            QTest::newRow(name) << words(arguments) << QByteArray(input) << code << QByteArray(said);
        };
        row("a set, standard input", "--jwks keys.json", token, 0,
            "The signature is right: HS256, key \u201csim2\u201d (a secret of 64 bytes).");
        row("with a line end", "--jwks keys.json -", (QByteArray(token) + '\n').constData(), 0, "The signature is right");
        row("as an argument", "--jwks keys.json TOKEN", "", 0, "sub");
        row("a file", "--jwks keys.json token.txt", "", 0, "The signature is right");
        row("a file with CRLF", "--jwks keys.json token-crlf.txt", "", 0, "The signature is right");
        row("a JWK", "--jwks key.json TOKEN", "", 0, "The signature is right");
        row("keys of unknown kinds beside it", "--jwks odd.json TOKEN", "", 0, "The signature is right");
        row("its algorithm", "--jwks keys.json --alg ES256 --alg HS256 TOKEN", "", 0, "The signature is right");
        row("a URL", "--jwks ORIGIN/jwk/symmetric.json --insecure TOKEN", "", 0, "The signature is right");
        row("no: two line ends", "--jwks keys.json two-ends.txt", "", 1, "a blank or a line break");
        row("no: other algorithms", "--jwks keys.json --alg HS512 TOKEN", "", 1, "HS256 is not among the allowed algorithms.");
        row("no: cut off", "--jwks keys.json", QByteArray(token).chopped(1).constData(), 1, "The signature");
        row("no: a letter changed", "--jwks keys.json", QByteArray(token).replace("eyJzdWIiOiJhIn0", "eyJzdWIiOiJiIn0").constData(), 1,
            "something was changed");
        row("no: none", "--jwks keys.json eyJhbGciOiJub25lIn0.e30.", "", 1, "not signed at all");
        row("no: other keys", "--jwks ORIGIN/jwk/public.json --insecure TOKEN", "", 1, "no key has the kid");
        row("no: the only key is of an unknown kind", "--jwks none.json TOKEN", "", 1, "A key was left out");
        row("no: a text of three parts", "--jwks keys.json a.b.c", "", 1, "Refused: ");
        row("must fail: http without --insecure", "--jwks ORIGIN/jwk/symmetric.json TOKEN", "", 2, "--insecure allows http");
        row("must fail: no such file", "--jwks nothing.json TOKEN", "", 2, "no such file");
        row("must fail: keys not JSON", "--jwks bad.json TOKEN", "", 2, "bad.json, line 2, column 12");
        row("must fail: a PEM with nothing in it", "--jwks key.pem TOKEN", "", 2, "key.pem");
        row("must fail: a bare secret", "--jwks secret.txt TOKEN", "", 2, "token-lab keys import");
        row("must fail: keys a list", "--jwks list.json TOKEN", "", 2, "neither a JWK set nor a JWK");
        row("must fail: neither file nor token", "--jwks keys.json tokn", "", 2, "neither a file nor a token");
        row("must fail: nothing", "--jwks keys.json", "", 2, "no token");
        row("must fail: an empty file", "--jwks keys.json empty.txt", "", 2, "no token");
        row("must fail: both standard input", "--jwks - -", "x", 2, "cannot both be standard input");
        row("must fail: no --jwks", "TOKEN", "", 2, "--jwks is required");
        row("must fail: an unknown algorithm", "--jwks keys.json --alg HS265 TOKEN", "", 2, "did you mean HS256?");
        row("must fail: none is no algorithm", "--jwks keys.json --alg none TOKEN", "", 2, "no such algorithm");
        row("must fail: --ca with a file", "--jwks keys.json --ca x.pem TOKEN", "", 2, "for a key set from a URL");
        row("must fail: a pin that is none", "--jwks https://127.0.0.1:1/k --pin x TOKEN", "", 2, "--pin x");
        row("must fail: no such CA", "--jwks https://127.0.0.1:1/k --ca nothing.pem TOKEN", "", 2, "--ca: open nothing.pem");
        row("must fail: nobody there", "--jwks http://127.0.0.1:1/k --insecure TOKEN", "", 3, "othing listens");
        row("must fail: 404", "--jwks ORIGIN/nothing --insecure TOKEN", "", 3, "answers 404");
        row("must fail: untrusted", "--jwks TLS/jwk/symmetric.json TOKEN", "", 3, "not trusted");
        row("must fail: another pin", "--jwks TLS/jwk/symmetric.json --ca CA --pin AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= TOKEN", "",
            3, "pin");
        row("a CA", "--jwks TLS/jwk/symmetric.json --ca CA TOKEN", "", 0, "The signature is right");
        row("a CA and a pin", "--jwks TLS/jwk/symmetric.json --ca CA --pin PIN TOKEN", "", 0, "The signature is right");
        row("untrusted, but --insecure", "--jwks TLS/jwk/symmetric.json --insecure TOKEN", "", 0, "The signature is right");
    }
    void verify()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const auto &tls = *m_tls.tls();
        arguments.replaceInStrings(QStringLiteral("TLS"), QString::fromUtf8(tls.origin));
        arguments.replaceInStrings(QRegularExpression(QStringLiteral("^CA$")), tls.caFile);
        arguments.replaceInStrings(QRegularExpression(QStringLiteral("^PIN$")), QString::fromUtf8(tls.leafPin));
        const Ran ran = m_program.run(QStringList{QStringLiteral("verify")} + arguments, input);
        COMPARE_RAN(ran, code);
        const QByteArray &where = code < 2 ? ran.out : ran.err;
        QVERIFY2(where.toLower().contains(said.toLower()), where.constData());
        QCOMPARE(ran.err.count('\n'), code < 2 ? 0 : 1);
        QCOMPARE(ran.out.isEmpty(), code >= 2);
        const Ran json = m_program.run(QStringList{QStringLiteral("verify"), QStringLiteral("--json")} + arguments, input);
        COMPARE_RAN(json, code);
        const QJsonObject object = onlyObject(json.out);
        QVERIFY2(!object.isEmpty(), json.out.constData());
        QVERIFY(!(ran.out + ran.err + json.out + json.err).contains(secret));
        if (code >= 2) {
            QCOMPARE(object.keys(), QStringList{QStringLiteral("error")});
            return;
        }
        QCOMPARE(object.keys(),
                 (QStringList{QStringLiteral("alg"), QStringLiteral("header"), QStringLiteral("kid"), QStringLiteral("notes"),
                              QStringLiteral("payload"), QStringLiteral("reason"), QStringLiteral("valid")}));
        QCOMPARE(object.value(QStringLiteral("valid")).toBool(), code == 0);
        QCOMPARE(object.value(QStringLiteral("reason")).isNull(), code == 0);
        if (code == 0) {
            QCOMPARE(object.value(QStringLiteral("alg")).toString(), QStringLiteral("HS256"));
            QCOMPARE(object.value(QStringLiteral("kid")).toString(), QStringLiteral("sim2"));
            QCOMPARE(object.value(QStringLiteral("header")).toObject().value(QStringLiteral("typ")).toString(), QStringLiteral("JWT"));
            QCOMPARE(object.value(QStringLiteral("payload")).toObject().value(QStringLiteral("sub")).toString(), QStringLiteral("a"));
        } else {
            QVERIFY2(object.value(QStringLiteral("payload")).isNull(), "claims that nobody vouches for");
        }
    }

    // RFC 8037 A.4, its key as SPKI; and a key and certificate of openssl's making.
    void keyFiles()
    {
        const QByteArray der = QByteArray::fromHex("302a300506032b6570032100") +
                               QByteArray::fromBase64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", QByteArray::Base64UrlEncoding);
        m_program.write(QStringLiteral("ed.der"), der);
        m_program.write(QStringLiteral("ed.pem"), "-----BEGIN PUBLIC KEY-----\n" + der.toBase64() + "\n-----END PUBLIC KEY-----\n");
        const QString rfc = QStringLiteral("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
                                           "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        for (const char *file : {"ed.der", "ed.pem"}) {
            const QStringList arguments{QStringLiteral("verify"), QStringLiteral("--jwks"), QLatin1String(file), rfc};
            const Ran ran = m_program.run(arguments);
            COMPARE_RAN(ran, 0);
            QVERIFY2(ran.out.contains("EdDSA, Ed25519") && ran.out.contains("no JWT"), ran.out.constData());
            const Ran json = m_program.run(arguments + QStringList{QStringLiteral("--json")});
            QCOMPARE(onlyObject(json.out).value(QStringLiteral("payload")).toString(), QStringLiteral("Example of Ed25519 signing"));
            COMPARE_RAN(m_program.run({QStringLiteral("verify"), QStringLiteral("--jwks"), QLatin1String(file), QLatin1String(token)}), 1);
        }
        const Ran made = m_program.shell(
            QStringLiteral("openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.crt -days 2 -subj /CN=test 2>/dev/null && "
                           "printf %s eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJhIn0 > input && "
                           "openssl dgst -sha256 -sign rsa.key input | base64 -w0 | tr '+/' '-_' | tr -d = > signature && "
                           "(cat input; printf .; cat signature) > signed.txt && "
                           "token-lab verify --jwks rsa.crt < signed.txt && token-lab verify --jwks rsa.key signed.txt"));
        COMPARE_RAN(made, 0);
        QCOMPARE(made.out.count("The signature is right: RS256, RSA, 2048 bits"), 2);
        QVERIFY(made.out.contains("the key that fits has none to compare"));
    }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
