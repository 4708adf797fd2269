// `check` of files with much to say, or too much, and of key sets that only validators read.
#include "core/playground/server.h"
#include "tests/app/program.h"

namespace {

QStringList words(const QString &line)
{
    return line.split(QLatin1Char(' '));
}

QByteArray quoted(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

} // namespace

class CheckManyTest : public QObject
{
    Q_OBJECT

private:
    Program m_program;

    static int count(const QByteArray &out, const char *part) { return int(out.count(part)); }

private Q_SLOTS:
    // A file of an old release: a few of a kind stand for all, and errors are never left out.
    void oneKind()
    {
        QByteArray text = quoted("{'version':3,'host':['http://b'],'endpoints':[");
        for (int i = 0; i < 30; ++i)
            text += (i ? ",\n" : "\n") + quoted("{'endpoint':'/e") + QByteArray::number(i) +
                    quoted("','headers_to_pass':['a'],'backend':[{'url_pattern':'/'}],'extra_config':{'auth/signer':{'alg':'x','kid':'k',"
                           "'keys_to_sign':['a'],'jwk_url':'https://h/k'}}}");
        m_program.write(QStringLiteral("old.json"), text + "]}");
        const Ran some = m_program.run(words(QStringLiteral("check old.json --offline")));
        COMPARE_RAN(some, 1);
        QCOMPARE(count(some.out, "[legacy-member]"), 10);
        QCOMPARE(count(some.out, "[alg-unknown]"), 30);
        QVERIFY2(some.out.contains("20 more legacy-member; --all shows them"), some.out.constData());
        QVERIFY2(!some.out.contains("more alg-unknown"), some.out.constData());
        const Ran all = m_program.run(words(QStringLiteral("check old.json --offline --all")));
        QCOMPARE(count(all.out, "[legacy-member]"), 30);
        QVERIFY(!all.out.contains("--all shows them"));
        // The sum at the end is that of all, either way.
        QCOMPARE(some.out.mid(some.out.lastIndexOf("\nold.json: ")), all.out.mid(all.out.lastIndexOf("\nold.json: ")));
        for (const char *format : {"json", "github"})
            QCOMPARE(count(m_program.run(words(QStringLiteral("check old.json --offline --format %1").arg(QLatin1String(format)))).out,
                           "legacy-member"),
                     30);
    }

    void tooManyValues_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("refused");
        QTest::newRow("three million numbers") << "{\"version\":3,\"endpoints\":[],\"x\":[" + QByteArray("1,").repeated(3'000'000) + "1]}"
                                               << true;
        QTest::newRow("one long text of commas")
            << "{\"version\":3,\"endpoints\":[],\"@x\":\"" + QByteArray(",[{\\\"").repeated(800'000) + "\"}" << false;
        QTest::newRow("some thousand numbers") << "{\"version\":3,\"endpoints\":[],\"@x\":[" + QByteArray("1,").repeated(20'000) + "1]}"
                                               << false;
    }
    void tooManyValues()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, refused);
        m_program.write(QStringLiteral("big.json"), text);
        const Ran ran = m_program.run(words(QStringLiteral("check big.json --offline")));
        COMPARE_RAN(ran, refused ? 2 : 0);
        QCOMPARE(ran.err.contains("big.json has more than 2 million values"), refused);
        const Ran help = m_program.run(words(QStringLiteral("check --help")));
        QVERIFY(help.out.contains("2 million values"));
    }

    // Validators of one set ask for it once, and not at all for what the signer has just loaded.
    void setsOfValidators_data()
    {
        QTest::addColumn<QString>("place"); // of the validators
        QTest::addColumn<int>("asked");
        QTest::addColumn<QByteArray>("code"); // empty: none about the set
        QTest::newRow("the signer's own") << QStringLiteral("/set") << 1 << QByteArray();
        QTest::newRow("another with the same key") << QStringLiteral("/copy") << 2 << QByteArray("fit-other-set");
        QTest::newRow("without the key") << QStringLiteral("/other") << 2 << QByteArray("fit-kid-missing");
        QTest::newRow("html") << QStringLiteral("/html") << 2 << QByteArray("validator-keys");
        QTest::newRow("404") << QStringLiteral("/none") << 2 << QByteArray("validator-keys");
    }
    void setsOfValidators()
    {
        QFETCH(QString, place);
        QFETCH(int, asked);
        QFETCH(QByteArray, code);
        tokenlab::playground::Server host([](const tokenlab::playground::ServerRequest &request) {
            tokenlab::playground::Script script;
            const QByteArray path = request.target;
            script.headers.append("Content-Type", path == "/html" ? "text/html" : path == "/none" ? "text/plain" : "application/json");
            if (path == "/none")
                script.status = 404;
            script.body = path == "/none" ? QByteArray("404 page not found")
                                          : quoted("{'keys':[{'kty':'oct','kid':'KID','k':'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-"
                                                   "EstJQLr_T-1qS0gZH75aKtMN3Yj0i'}]}")
                                                .replace("KID", path == "/other" ? "q" : "k1");
            return script;
        });
        QVERIFY(host.listen().ok());
        const QByteArray rest = quoted(",'disable_jwk_security':true,'jwk_url':'") + host.origin();
        QByteArray text = quoted("{'version':3,'host':['http://b'],'endpoints':[{'endpoint':'/t','method':'POST','backend':["
                                 "{'url_pattern':'/x'}],'extra_config':{'auth/signer':{'alg':'HS256','kid':'k1','keys_to_sign':['a']") +
                          rest + quoted("/set'}}}");
        for (const char *path : {"/p", "/q"})
            text += quoted(",{'endpoint':'") + path +
                    quoted("','backend':[{'url_pattern':'/x'}],'extra_config':{'auth/validator':{'alg':'HS256'") + rest + place.toUtf8() +
                    quoted("'}}}");
        m_program.write(QStringLiteral("sets.json"), text + "]}");
        const Ran ran = m_program.run(words(QStringLiteral("check sets.json")));
        QCOMPARE(int(host.received().size()), asked);
        for (const char *one : {"fit-other-set", "fit-kid-missing", "fit-private-set", "validator-keys"})
            QVERIFY2(count(ran.out, QByteArray('[' + QByteArray(one) + ']').constData()) == (code == one ? 2 : 0), ran.out.constData());
        const Ran offline = m_program.run(words(QStringLiteral("check sets.json --offline")));
        QVERIFY2(!offline.out.contains("validator-keys"), offline.out.constData());
        QCOMPARE(int(host.received().size()), asked);
    }
};

QTEST_GUILESS_MAIN(CheckManyTest)
#include "tst_checkmany.moc"
