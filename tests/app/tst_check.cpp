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
        row("check good.json --krakend /bin/true", 3, "", "does not tell its KrakenD version");
        row("check good.json --krakend /bin/true --offline", 0, "no krakend was asked: --offline");
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
    // Places are those of what was given, not of what it was completed to.
    void partsHaveTheirOwnPlaces_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("place"); // line:column pointer
        const auto row = [](const char *name, const char *text, const char *code, const char *place) {
            QTest::newRow(name) << QByteArray(text).replace('\'', '"') << QByteArray(code) << QByteArray(place);
        };
        const char *const signer = "{\n  'alg': 'hs256',\n  'kid': 'k1',\n  'keys_to_sign': ['a'],\n  'jwk_local_path': 'k.json'\n}\n";
        row("signer", signer, "alg-case", "2:3 /alg");
        row("another member of it", signer, "local-flag-missing", "5:3 /jwk_local_path");
        row("extra_config without braces", "\n'auth/signer': {\n  'alg': 'hs256',\n  'kid': 'k1', 'keys_to_sign': ['a']},\n", "alg-case",
            "3:3 /auth~1signer/alg");
        row("endpoint", "{'endpoint': '/t',\n'extra_config': {'auth/signer': {\n 'alg': 'hs256', 'kid': 'k1', 'keys_to_sign': ['a']}}}",
            "alg-case", "3:2 /extra_config/auth~1signer/alg");
        row("endpoints as they stand in a file",
            "{'endpoint': '/a'},\n{'endpoint': '/t',\n'extra_config': {'auth/signer': {\n 'alg': 'hs256', 'kid': 'k1', 'keys_to_sign': "
            "[]}}}",
            "alg-case", "4:2 /1/extra_config/auth~1signer/alg");
        row("file without version", "{'endpoints': [{'endpoint': '/t',\n'extra_config': {'auth/signer': {'alg': 'hs256'}}}]}", "alg-case",
            "2:34 /endpoints/0/extra_config/auth~1signer/alg");
        row("must not move: a whole file",
            "{'version': 3, 'endpoints': [{'endpoint': '/t', 'backend': [{'host': 'http://b', 'url_pattern': '/'}],\n"
            "'extra_config': {'auth/signer': {'alg': 'hs256'}}}]}",
            "alg-case", "2:34 /endpoints/0/extra_config/auth~1signer/alg");
        row("in what was completed", "{'alg': 'HS256', 'kid': 'k1', 'keys_to_sign': ['a'], 'jwk_url': 'http://k/'}", "failed-login-400",
            "1:1 /endpoints/0/backend/0 completed");
    }
    void partsHaveTheirOwnPlaces()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, place);
        m_program.write(QStringLiteral("part.json"), text);
        const QJsonObject object = QJsonDocument::fromJson(m_program.run(words("check part.json --offline --json")).out).object();
        QByteArrayList places;
        QByteArrayList codes;
        for (const QJsonValue &value : object.value(QLatin1String("problems")).toArray()) {
            codes += value[QLatin1String("code")].toString().toUtf8();
            if (codes.last() == code)
                places += QByteArray::number(value[QLatin1String("line")].toInt()) + ':' +
                          QByteArray::number(value[QLatin1String("column")].toInt()) + ' ' +
                          value[QLatin1String("pointer")].toString().toUtf8() +
                          (value[QLatin1String("completed")].toBool() ? " completed" : "");
        }
        QVERIFY2(!places.isEmpty(), codes.join(' ').constData());
        QCOMPARE(places.first(), place);
        // The same for people and for a workflow.
        const QByteArray at = place.left(place.indexOf(' '));
        QVERIFY(m_program.run(words("check part.json --offline")).out.contains("part.json:" + at + ": "));
        QVERIFY(m_program.run(words("check part.json --offline --format github"))
                    .out.contains(",line=" + at.left(at.indexOf(':')) + ",col=" + at.sliced(at.indexOf(':') + 1) + ",title=" + code));
    }
    // Lines of a template are those of what it was rendered to, and --fix cannot write it back.
    void renderedPlaces()
    {
        if (qEnvironmentVariable("TOKENLAB_KRAKEND").isEmpty() && QStandardPaths::findExecutable(QStringLiteral("krakend")).isEmpty())
            QSKIP("no krakend to render with");
        m_program.write(
            QStringLiteral("two.tmpl"),
            QByteArray("{'version':3,'host':['http://b'],'endpoints':[{{ range $i, $p := (list 'a' 'b') }}{{ if $i }},{{ end }}\n"
                       "{'endpoint':'/{{ $p }}','backend':[{'url_pattern':'/x'}],\n"
                       "'extra_config':{'auth/signer':{'alg':'hs256','kid':'k1','keys_to_sign':['a']}}}{{ end }}]}\n")
                .replace('\'', '"'));
        const Ran ran = m_program.run(words("check two.tmpl --offline"));
        QVERIFY2(ran.out.contains("two.tmpl (rendered):5:"), ran.out.constData());
        QVERIFY2(ran.out.contains("    fix      ") && !ran.out.contains("(done by --fix)"), ran.out.constData());
        QVERIFY(m_program.run(words("check two.tmpl --offline --format github")).out.contains("file=two.tmpl,line=1,col=1,"));
        // Must say so: a file that can be mended.
        m_program.write(QStringLiteral("two.json"), file("{'alg':'hs256','kid':'k1','keys_to_sign':['a']}"));
        QVERIFY(m_program.run(words("check two.json --offline")).out.contains("(done by --fix)"));
    }
    // Which krakend was asked and what it said.
    void krakendIsNamed()
    {
        const QJsonObject offline = QJsonDocument::fromJson(m_program.run(words("check good.json --offline --json")).out).object();
        QCOMPARE(offline.value(QLatin1String("krakend")).toString(), QStringLiteral("no krakend was asked: --offline"));
        QTemporaryDir folder;
        const QMap<QString, QString> none{{QStringLiteral("TOKENLAB_KRAKEND"), QString()}, {QStringLiteral("PATH"), folder.path()}};
        QVERIFY(m_program.run(words("check good.json"), {}, none).out.contains("no krakend was asked: none is in the PATH"));
        const QMap<QString, QString> other{{QStringLiteral("TOKENLAB_KRAKEND"), QStringLiteral("/bin/true")}};
        const Ran silent = m_program.run(words("check good.json"), {}, other);
        COMPARE_RAN(silent, 0);
        QVERIFY2(silent.out.contains("no krakend was asked: /bin/true does not tell"), silent.out.constData());
        if (qEnvironmentVariable("TOKENLAB_KRAKEND").isEmpty() && QStandardPaths::findExecutable(QStringLiteral("krakend")).isEmpty())
            QSKIP("no krakend to ask");
        m_program.write(QStringLiteral("fine.json"), m_program.read(QStringLiteral("good.json")));
        const Ran fine = m_program.run(words("check fine.json"));
        QVERIFY2(fine.out.contains("check -tn finds nothing wrong\n"), fine.out.constData());
        m_program.write(QStringLiteral("odd.json"),
                        m_program.read(QStringLiteral("good.json")).replace("\"version\"", "\"foo\": 1, \"version\""));
        const Ran odd = m_program.run(words("check odd.json"));
        QVERIFY2(odd.out.contains("check -tn: its schema objects\n"), odd.out.constData());
        const Ran broken = m_program.run(words("check broken.json"));
        QVERIFY2(broken.out.contains("check -tn refuses the file\n"), broken.out.constData());
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
