// `check` as its users run it.
#include "core/playground/server.h"
#include "tests/app/program.h"

namespace {

QStringList words(const char *line)
{
    return QString::fromLatin1(line).split(QLatin1Char(' '));
}

QByteArray file(const char *signer)
{
    const QByteArray text = QByteArray("{\n  'version': 3,\n  'host': ['http://b'],\n  'endpoints': [\n"
                                       "    {'endpoint': '/t', 'backend': [{'url_pattern': '/x'}],\n"
                                       "     'extra_config': {'auth/signer': ") +
                            signer + "}}\n  ]\n}\n";
    return QByteArray(text).replace('\'', '"');
}

} // namespace

class CheckTest : public QObject
{
    Q_OBJECT

private:
    Program m_program;

private Q_SLOTS:
    void initTestCase()
    {
        m_program.write(
            QStringLiteral("k.json"),
            QByteArray("{'keys':[{'kty':'oct','kid':'k1','k':'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4"
                       "hcgUuTwjAzZr1Z9CAow'}]}")
                .replace('\'', '"'));
        m_program.write(QStringLiteral("good.json"),
                        file("{'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_local_path':'k.json','disable_jwk_security':true}"));
        m_program.write(QStringLiteral("other.json"),
                        file("{'alg':'HS256','kid':'k2','keys_to_sign':['a'],'jwk_local_path':'k.json','disable_jwk_security':true}"));
        m_program.write(QStringLiteral("broken.json"), "{\n  \"version\": 3,\n}\n");
        m_program.write(QStringLiteral("f.yml"), "version: 3\n");
    }
    void usage_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("out");
        QTest::addColumn<QByteArray>("err");
        const auto row = [](const char *arguments, int code, const char *out, const char *err = "") {
            QTest::newRow(arguments) << QString::fromLatin1(arguments) << code << QByteArray(out) << QByteArray(err);
        };
        row("check", 2, "", "FILE is required");
        row("check none.json", 2, "", "no such file or directory");
        row("check f.yml", 2, "", "YAML");
        row("check good.json --offline", 0, "good.json: 0 errors");
        row("check good.json", 0, "good.json: 0 errors");
        row("check broken.json", 1, "broken.json:3:1: error: ");
        row("check other.json --offline", 0, "0 errors");
        row("check other.json", 1, "[kid-not-in-file]");
        row("check other.json --format github", 1, "::error file=other.json,line=6,col=");
        row("check other.json --endpoint /nope", 2, "", "has no endpoint /nope");
        row("check other.json --format xml", 2, "", "format");
        row("check --explain url-insecure", 0, "url-insecure (error, ");
        row("check --explain url-insecur", 2, "", "did you mean url-insecure?");
        row("check --explain", 0, "suite-none-tls12 (");
        row("check demo --offline --fix", 2, "", "--fix");
        row("check good.json --krakend ./nothing", 3, "", "nothing");
    }
    void usage()
    {
        QFETCH(QString, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, out);
        QFETCH(QByteArray, err);
        const Ran ran = m_program.run(arguments.split(QLatin1Char(' ')));
        COMPARE_RAN(ran, code);
        QVERIFY2(out.isEmpty() ? ran.out.isEmpty() : ran.out.contains(out), ran.out.constData());
        QVERIFY2(err.isEmpty() || ran.err.contains(err), ran.err.constData());
    }
    void json()
    {
        const Ran ran = m_program.run(words("check other.json --json"));
        COMPARE_RAN(ran, 1);
        const QJsonObject object = QJsonDocument::fromJson(ran.out).object();
        const QJsonArray problems = object.value(QLatin1String("problems")).toArray();
        bool found = false;
        for (const QJsonValue &value : problems) {
            const QJsonObject problem = value.toObject();
            for (const char *member : {"severity", "code", "pointer", "message", "gateway", "lint", "fix"})
                QVERIFY2(problem.contains(QLatin1String(member)), member);
            if (problem.value(QLatin1String("code")).toString() != QLatin1String("kid-not-in-file"))
                continue;
            found = true;
            QCOMPARE(problem.value(QLatin1String("severity")).toString(), QStringLiteral("error"));
            QCOMPARE(problem.value(QLatin1String("pointer")).toString(), QStringLiteral("/endpoints/0/extra_config/auth~1signer/kid"));
            QCOMPARE(
                problem.value(QLatin1String("gateway")).toString(),
                QStringLiteral("ERROR [ENDPOINT: /t][JWTSigner] Unable to create the signer: Get \"\": unsupported protocol scheme \"\""));
            QCOMPARE(problem.value(QLatin1String("fix")).toString(), QStringLiteral("Set kid to k1"));
        }
        QVERIFY(found);
    }
    void fix()
    {
        const QByteArray good = m_program.read(QStringLiteral("good.json"));
        m_program.write(QStringLiteral("bad.json"),
                        QByteArray(good).replace("\"HS256\"", "\"hs256\"").replace(",\"disable_jwk_security\":true", ""));
        const Ran ran = m_program.run(words("check bad.json --fix"));
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.out.contains("fixed: bad.json:6:"), ran.out.constData());
        const QByteArray fixed = m_program.read(QStringLiteral("bad.json"));
        QVERIFY2(fixed.contains("\"HS256\"") && fixed.contains("disable_jwk_security"), fixed.constData());
        QCOMPARE(fixed.left(fixed.indexOf("\"auth/signer\"")), good.left(good.indexOf("\"auth/signer\"")));
        QCOMPARE(fixed.sliced(fixed.lastIndexOf("}}\n")), good.sliced(good.lastIndexOf("}}\n")));
        // Nothing is left to do, and nothing is written.
        const Ran again = m_program.run(words("check bad.json --fix"));
        COMPARE_RAN(again, 0);
        QVERIFY(!again.out.contains("fixed: "));
        QCOMPARE(m_program.read(QStringLiteral("bad.json")), fixed);
    }
    // The key host is asked once, however many rounds the fixes take; the gateway of a second check asks again.
    void fixAsksOnce()
    {
        tokenlab::playground::Server host([](const tokenlab::playground::ServerRequest &) {
            tokenlab::playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = R"j({"keys":[{"kty":"oct","kid":"k1","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i"}]})j";
            return script;
        });
        QVERIFY(host.listen().ok());
        const QByteArray signer =
            "{'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'" + host.origin() + "/k','disable_jwk_security':true}";
        m_program.write(QStringLiteral("once.json"), file(signer.constData()).replace("\"/x\"", "\"x\""));
        const Ran ran = m_program.run(words("check once.json --fix"));
        QVERIFY2(ran.out.contains("fixed: "), ran.out.constData());
        QCOMPARE(host.received().size(), std::size_t(1));
        (void)m_program.run(words("check once.json"));
        QCOMPARE(host.received().size(), std::size_t(2));
    }
};

QTEST_GUILESS_MAIN(CheckTest)
#include "tst_check.moc"
