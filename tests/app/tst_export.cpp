// `export` as its users run it: kinds, placeholders, checklist, difference, files for their owner alone.
#include "tests/app/program.h"

namespace {

// JSON with apostrophes for quotes.
QByteArray q(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

const QByteArray secretFile =
    q("{'version': 3, 'endpoints': [{'endpoint': '/t', 'method': 'POST', 'backend': [{'host': ['http://u:geheim@h:80'], 'url_pattern': "
      "'/x'}], "
      "'extra_config': {'auth/signer': {'alg': 'ES256', 'kid': 'k', 'keys_to_sign': ['a'], 'jwk_local_path': 'keys.json', "
      "'disable_jwk_security': true, 'secret_url': 'base64key://Z2VoZWlt', 'cypher_key': 'Z2VoZWlt'}}}]}");

QStringList words(const char *line)
{
    return QString::fromLatin1(line).split(QLatin1Char(' '));
}

} // namespace

class ExportTest : public QObject
{
    Q_OBJECT

private:
    Program m_program;

    [[nodiscard]] QFileDevice::Permissions mode(const QString &name) const
    {
        return QFileInfo(m_program.path(name)).permissions() &
               (QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther);
    }

private Q_SLOTS:
    void initTestCase() { m_program.write(QStringLiteral("s.json"), QByteArray(secretFile).replace("u:geheim@", "")); }
    void usage_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("err");
        const auto row = [](const char *arguments, int code, const char *err) {
            QTest::newRow(arguments) << QString::fromLatin1(arguments) << code << QByteArray(err);
        };
        row("export demo --kind validator --endpoint /token", 0, "");
        row("export demo --kind nothing", 2, "wanted gateway, endpoint, signer or validator");
        row("export demo --kind signer --endpoint /account", 1, "has no auth/signer");
        row("export demo --diff", 2, "-o FILE says what to compare with");
        row("export demo --diff --checklist -o x.json", 2, "cannot be asked for at once");
        row("export demo --kind endpoint --endpoint /tokn", 2, "did you mean /token?");
        row("export s.json --kind validator", 0, "have to be published at public-keys.json");
        row("export s.json --kind validator --public https://k/p.json", 0, "");
        row("export demo --kind validator --endpoint /token --public https://k/p.json", 0, "the key is symmetric");
        row("export s.json --public https://k/p.json", 0, "no validator is made");
        row("export s.json --add protected --public https://k/p.json", 0, "");
        row("export s.json --add protected", 0, "have to be published at public-keys.json");
        row("export demo --add refresh", 0, "");
        row("export demo --add validator --into /account", 0, "the auth/validator that /account has is replaced");
        row("export demo --add validator", 2, "--into PATH says which endpoint gets it");
        row("export demo --add refresh --into /account", 2, "only --add validator");
        row("export demo --add refresh --kind signer", 2, "--add prints the whole file");
        row("export demo --add nothing", 2, "--add");
        row("export demo --add validator --into /acount", 2, "did you mean /account?");
        row("export demo --add protected --endpoint /account", 1, "nothing can be added for the endpoint /account: it has no auth/signer");
        row("export demo --env", 0, "FC_ENABLE=1");
    }
    void usage()
    {
        QFETCH(QString, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, err);
        const Ran ran = m_program.run(arguments.split(QLatin1Char(' ')));
        COMPARE_RAN(ran, code);
        QVERIFY2(err.isEmpty() ? ran.err.isEmpty() : ran.err.contains(err), ran.err.constData());
        QCOMPARE(ran.out.isEmpty(), code != 0);
    }
    void secretsAreForTheirOwner()
    {
        COMPARE_RAN(m_program.run(words("export s.json -o out.json")), 0);
        QCOMPARE(m_program.read(QStringLiteral("out.json")), m_program.read(QStringLiteral("s.json")));
        QCOMPARE(mode(QStringLiteral("out.json")), QFileDevice::Permissions());
        COMPARE_RAN(m_program.run(words("export s.json --env -o out.tmpl")), 0);
        QVERIFY(!m_program.read(QStringLiteral("out.tmpl")).contains("Z2VoZWlt"));
        // Must not be closed: the file itself, written back, and one with nothing secret in it.
        COMPARE_RAN(m_program.run(words("export s.json -o s.json")), 0);
        QVERIFY(mode(QStringLiteral("s.json")) & QFileDevice::ReadGroup);
        COMPARE_RAN(m_program.run(words("export demo -o demo.json")), 0);
        QVERIFY(mode(QStringLiteral("demo.json")) & QFileDevice::ReadGroup);
    }
    void checklist()
    {
        const Ran ran = m_program.run(words("export s.json --checklist"));
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.out.contains("[ ] File keys.json: encrypted private key set (/t)"), ran.out.constData());
        QVERIFY(ran.out.contains("not on this machine"));
        QVERIFY(ran.out.contains("[ ] Port 8080"));
        QVERIFY(!ran.out.contains("Z2VoZWlt"));
        m_program.write(QStringLiteral("keys.json"), "{}");
        QFile::setPermissions(m_program.path(QStringLiteral("keys.json")),
                              QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadOther);
        QVERIFY(m_program.run(words("export s.json --checklist")).out.contains("readable for others too"));
        const QJsonObject json = onlyObject(m_program.run(words("export s.json --checklist --json")).out);
        const QJsonArray list = json.value(QLatin1String("checklist")).toArray();
        QCOMPARE(list.size(), 3);
        QCOMPARE(list.at(0)[QLatin1String("kind")].toString(), QStringLiteral("key-file"));
        QCOMPARE(list.at(0)[QLatin1String("here")].toString(), QStringLiteral("open"));
        QVERIFY(list.at(2)[QLatin1String("here")].isNull());
    }
    void passwordsInUrlsAreNotShown()
    {
        m_program.write(QStringLiteral("p.json"), q("{'version': 3, 'endpoints': [{'endpoint': '/t', 'backend': [{'host': ['http://h'],"
                                                    "'url_pattern': '/'}], 'extra_config': {'auth/signer': {'alg': 'HS256', 'kid': '',"
                                                    "'keys_to_sign': [], 'jwk_url': 'https://u:geheim@k/p'}}}]}"));
        for (const char *line : {"export p.json --checklist", "export p.json --checklist --json"}) {
            const Ran ran = m_program.run(words(line));
            COMPARE_RAN(ran, 0);
            QVERIFY2(ran.out.contains("https://***@k/p") && !ran.out.contains("geheim"), ran.out.constData());
        }
    }
    void difference()
    {
        COMPARE_RAN(m_program.run(words("export demo -o old.json")), 0);
        // Must be empty: nothing would change.
        QVERIFY(m_program.run(words("export demo --diff -o old.json")).out.isEmpty());
        m_program.write(QStringLiteral("new.json"), m_program.read(QStringLiteral("old.json")).replace("8080", "9090"));
        const Ran ran = m_program.run(words("export new.json --diff -o old.json"));
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.out.contains("\n-  \"port\": 8080,\n+  \"port\": 9090,\n"), ran.out.constData());
        QVERIFY(m_program.read(QStringLiteral("old.json")).contains("8080")); // nothing is written
        const QJsonObject json = onlyObject(m_program.run(words("export new.json --diff -o old.json --json")).out);
        QCOMPARE(json.value(QLatin1String("added")).toInt(), 1);
        QCOMPARE(json.value(QLatin1String("removed")).toInt(), 1);
    }
    // Nothing else of the file changes, and the gateway reads what came of it.
    void added_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QStringList>("members"); // of the added lines
        const auto row = [](const char *arguments, const QStringList &members) {
            QTest::newRow(arguments) << QString::fromLatin1(arguments) << members;
        };
        row("--add protected", {QStringLiteral("\"/private\""), QStringLiteral("auth/validator")});
        row("--add refresh", {QStringLiteral("\"/refresh\""), QStringLiteral("auth/validator"), QStringLiteral("auth/signer")});
        row("--add refresh --endpoint /t --method POST", {QStringLiteral("\"/refresh\"")});
        row("--add validator --into /open", {QStringLiteral("auth/validator"), QStringLiteral("ES256")});
        row("--add validator --into /t", {QStringLiteral("auth/validator")});
    }
    void added()
    {
        QFETCH(QString, arguments);
        QFETCH(QStringList, members);
        const QByteArray before = "{\n  \"version\": 3,\n  \"endpoints\": [\n    {\n      \"endpoint\": \"/open\",\n      \"backend\": "
                                  "[{\"host\": [\"http://h\"], \"url_pattern\": \"/\"}]\n    },\n    {\n      \"endpoint\": \"/t\",\n      "
                                  "\"method\": \"POST\",\n      \"backend\": [{\"host\": [\"http://h\"], \"url_pattern\": \"/\"}],\n      "
                                  "\"extra_config\": {\n        \"auth/signer\": {\"alg\": \"ES256\", \"kid\": \"k\", \"keys_to_sign\": "
                                  "[\"a\"], \"jwk_local_path\": \"keys.json\", \"disable_jwk_security\": true}\n      }\n    }\n  ]\n}\n";
        m_program.write(QStringLiteral("add.json"), before);
        const QStringList line = QStringList{QStringLiteral("export"), QStringLiteral("add.json")} + arguments.split(QLatin1Char(' '));
        const Ran shown = m_program.run(line + QStringList{QStringLiteral("--diff")});
        COMPARE_RAN(shown, 0);
        QCOMPARE(m_program.read(QStringLiteral("add.json")), before);
        const Ran written = m_program.run(line + QStringList{QStringLiteral("-o"), QStringLiteral("add.json")});
        COMPARE_RAN(written, 0);
        const QByteArray after = m_program.read(QStringLiteral("add.json"));
        QVERIFY(QJsonDocument::fromJson(after).isObject());
        for (const QString &member : members) {
            QVERIFY2(after.count(member.toUtf8()) > before.count(member.toUtf8()), after.constData());
            QVERIFY2(shown.out.contains(member.toUtf8()), shown.out.constData());
        }
        // With its method the endpoint is the same one; must fail with another's.
        if (arguments.contains(QLatin1String("/open"))) {
            m_program.write(QStringLiteral("add.json"), before);
            QStringList named = line;
            named.last() = QStringLiteral("get /open");
            QCOMPARE(m_program.run(named).out, after);
            named.last() = QStringLiteral("PUT /open");
            COMPARE_RAN(m_program.run(named), 2);
        }
        // Standard output gets the same.
        m_program.write(QStringLiteral("add.json"), before);
        QCOMPARE(m_program.run(line).out, after);
        const Ran checked = m_program.run(words("check add.json --offline"));
        QVERIFY2(!checked.out.contains("[parse"), checked.out.constData());
    }
    // A key file that is plain for one endpoint and encrypted for another is told once for each.
    void checklistTellsPlainFromEncrypted()
    {
        const QByteArray text = q("{'version': 3, 'host': ['http://h'], 'endpoints': ["
                                  "{'endpoint': '/a', 'backend': [{'url_pattern': '/'}], 'extra_config': {'auth/signer': {'alg': 'HS256', "
                                  "'kid': 'k', 'keys_to_sign': [], 'jwk_local_path': 'k.json', 'disable_jwk_security': true}}}, "
                                  "{'endpoint': '/b', 'backend': [{'url_pattern': '/'}], 'extra_config': {'auth/signer': {'alg': 'HS256', "
                                  "'kid': 'k', 'keys_to_sign': [], 'jwk_local_path': 'k.json', 'disable_jwk_security': true, 'secret_url': "
                                  "'base64key://Z2VoZWlt', 'cypher_key': 'Z2VoZWlt'}}}]}");
        m_program.write(QStringLiteral("both.json"), text);
        const QByteArray out = m_program.run(words("export both.json --checklist")).out;
        QVERIFY2(out.contains("File k.json: private key set (/a)") && out.contains("File k.json: encrypted private key set (/b)"),
                 out.constData());
        const QJsonObject json = onlyObject(m_program.run(words("export both.json --checklist --json")).out);
        const QJsonArray list = json.value(QLatin1String("checklist")).toArray();
        QCOMPARE(list.at(0)[QLatin1String("encrypted")].toBool(), false);
        QCOMPARE(list.at(1)[QLatin1String("encrypted")].toBool(), true);
        // Every variable is named, however many there are; JSON that --env makes is a template's.
        const QByteArray err = m_program.run(words("export both.json --env --json")).err;
        QVERIFY2(!err.contains("\xE2\x80\xA6"), err.constData());
        QVERIFY2(err.contains("SECRET_URL") && err.contains("CYPHER_KEY"), err.constData());
    }
    void relative()
    {
        m_program.write(QStringLiteral("abs.json"),
                        m_program.read(QStringLiteral("s.json")).replace("keys.json", m_program.path(QStringLiteral("k/x.json")).toUtf8()));
        const Ran ran = m_program.run(words("export abs.json --kind signer --relative ."));
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.out.contains("\"./k/x.json\""), ran.out.constData());
    }
    void anotherRelease()
    {
        m_program.write(QStringLiteral("r.json"),
                        m_program.read(QStringLiteral("s.json"))
                            .replace("{\"version\"", "{\"$schema\": \"https://www.krakend.io/schema/v2.3/krakend.json\", "
                                                     "\"version\""));
        QVERIFY(m_program.run(words("export r.json")).err.contains("rules of 2.13.8; your 2.3 may differ here"));
    }
    void templatesAreRendered()
    {
        const QString krakend = qEnvironmentVariable("TOKENLAB_KRAKEND");
        if (krakend.isEmpty() && QStandardPaths::findExecutable(QStringLiteral("krakend")).isEmpty())
            QSKIP("no krakend to render with");
        QDir(m_program.path(QString())).mkpath(QStringLiteral("settings"));
        m_program.write(QStringLiteral("settings/s.json"), q("{'kid': 'from-settings'}"));
        const QByteArray text = m_program.read(QStringLiteral("s.json")).replace("\"kid\": \"k\"", "\"kid\": {{ marshal .s.kid }}");
        m_program.write(QStringLiteral("t.tmpl"), text);
        const Ran ran = m_program.run(words("export t.tmpl --kind signer"));
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.out.contains("\"kid\": \"from-settings\""), ran.out.constData());
        QVERIFY2(ran.err.contains("t.tmpl is a template; shown as "), ran.err.constData());
        COMPARE_RAN(m_program.run(words("export t.tmpl -o rendered.json")), 0);
        // Must be refused: over the template.
        const Ran over = m_program.run(words("export t.tmpl -o t.tmpl"));
        COMPARE_RAN(over, 2);
        QVERIFY(over.err.contains("not written over it"));
        QCOMPARE(m_program.read(QStringLiteral("t.tmpl")), text);
        // Must fail with its place.
        m_program.write(QStringLiteral("bad.tmpl"), "{\n  {{ nope }}\n}");
        const Ran bad = m_program.run(words("export bad.tmpl"));
        COMPARE_RAN(bad, 2);
        QVERIFY2(bad.err.contains("bad.tmpl, line 2"), bad.err.constData());
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "tst_export.moc"
