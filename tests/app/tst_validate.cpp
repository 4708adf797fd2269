// validate: what auth/validator says to a token, as a user meets it.
#include "core/jose/jws.h"
#include "program.h"

namespace {

// Raw strings with slashes upset moc.
QByteArray q(QByteArray text)
{
    return text.replace('\'', '"');
}

const QByteArray &keys()
{
    static const QByteArray text = q("{'keys':[{'kty':'oct','kid':'sim2','k':"
                                     "'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'}]}");
    return text;
}

QByteArray configuration(const QByteArray &more = {})
{
    return q("{'version':3,'endpoints':[{'endpoint':'/open','backend':[{'host':['http://h'],'url_pattern':'/'}]},"
             "{'endpoint':'/account','backend':[{'host':['http://h'],'url_pattern':'/'}],"
             "'extra_config':{'auth/validator':{'alg':'HS256','jwk_url':'https://idp.test/keys','issuer':'i','roles':['admin']" +
             more + "}}}]}");
}

QString signedBy(const QByteArray &set, const QByteArray &claims)
{
    const auto loaded = tokenlab::jose::parseKeySet(set, tokenlab::jose::SetSource::LocalFile);
    const auto signer = tokenlab::jose::Signer::create(loaded->keys.front(), "HS256", {}, false);
    return QString::fromUtf8(*signer->sign(claims));
}

} // namespace

class ValidateTest : public QObject
{
    Q_OBJECT
    Program m_program;

    QStringList arguments(const QStringList &more, const QString &file = QStringLiteral("k.json")) const
    {
        return QStringList{QStringLiteral("validate"), QStringLiteral("--config"), file, QStringLiteral("--bind"),
                           QStringLiteral("https://idp.test/keys=keys.json")} +
               more;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_program.write(QStringLiteral("keys.json"), keys());
        m_program.write(QStringLiteral("k.json"), configuration());
        m_program.write(QStringLiteral("fatal.json"), configuration(q(",'jwk_local_path':'nope.json'")));
        m_program.write(QStringLiteral("open.json"),
                        q("{'version':3,'endpoints':[{'endpoint':'/open','backend':[{'host':['http://h'],'url_pattern':'/'}]}]}"));
    }

    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("claims");
        QTest::addColumn<QString>("at");
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const QByteArray &claims, const char *at, int status, const char *rule, const char *reason) {
            QTest::newRow(name) << claims << QString::fromUtf8(at) << (status == 200 ? 0 : 1) << status << QString::fromUtf8(rule)
                                << QString::fromUtf8(reason);
        };
        const QByteArray good = q("{'iss':'i','roles':['admin'],'exp':1735689600}");
        row("before", good, "1735689000", 200, "", "all checks pass");
        row("within the leeway", good, "1735689601", 200, "", "all checks pass");
        row("behind it", good, "1735689602", 401, "§8.9 exp", "expired 2 seconds ago");
        row("RFC 3339", good, "2025-01-01T01:00:00+01:00", 200, "", "all checks pass");
        row("long ago", good, "2026-11-24T00:00:00Z", 401, "§8.9 exp", "expired 22 months ago");
        row("distance", q("{'iss':'i','roles':['admin'],'exp':4102444800}"), "+40000d", 401, "§8.9 exp", "expired");
        row("issuer", q("{'iss':'other','roles':['admin']}"), "0", 401, "§8.8 issuer", "issued by");
        row("role", q("{'iss':'i','roles':['user']}"), "0", 403, "§8.11 roles", "roles has \u201cuser\u201d, wanted admin");
        row("panic", q("{'iss':'i','roles':[5]}"), "0", 500, "§8.11 roles", "the gateway panics at this request");
    }
    void verdicts()
    {
        QFETCH(QByteArray, claims);
        QFETCH(QString, at);
        QFETCH(int, exit);
        const Ran ran = m_program.run(arguments({QStringLiteral("--at"), at, QStringLiteral("--json"), signedBy(keys(), claims)}));
        COMPARE_RAN(ran, exit);
        const QJsonObject object = onlyObject(ran.out);
        QTEST(object.value(QStringLiteral("status")).toInt(), "status");
        QTEST(object.value(QStringLiteral("rule")).toString(), "rule");
        QCOMPARE(object.value(QStringLiteral("endpoint")).toString(), QStringLiteral("/account"));
        QFETCH(QString, reason);
        QVERIFY2(object.value(QStringLiteral("reason")).toString().contains(reason), ran.out.constData());
    }

    void cookiesAndHeaders()
    {
        const QString token = signedBy(keys(), q("{'iss':'i','roles':['admin']}"));
        COMPARE_RAN(m_program.run(arguments({QStringLiteral("--cookie"), QStringLiteral("access_token=") + token})), 0);
        COMPARE_RAN(m_program.run(arguments({QStringLiteral("--cookie"), QStringLiteral("access_token"), token})), 0);
        COMPARE_RAN(m_program.run(arguments({QStringLiteral("-H"), QStringLiteral("Authorization: bearer ") + token})), 0);
        const Ran other = m_program.run(arguments({QStringLiteral("--cookie"), QStringLiteral("sid=") + token}));
        COMPARE_RAN(other, 1);
        QVERIFY2(other.out.contains("GET /account: 401, no token in the request"), other.out.constData());
    }

    // A validator on the endpoint that signs goes first: a good token lets the login through, a bad one never gets to the backend.
    void beforeTheSigner_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("token"); // empty: none
        QTest::addColumn<int>("status");
        const QString good = signedBy(keys(), q("{'iss':'i','roles':['admin'],'exp':4102444800}"));
        for (const char *command : {"send", "simulate"}) {
            const auto row = [command](const char *name, const QString &token, int status) {
                QTest::addRow("%s: %s", command, name) << QString::fromLatin1(command) << token << status;
            };
            row("a good token", good, 200);
            row("must fail: none", QString(), 401);
            row("must fail: no token", QStringLiteral("x"), 401);
            row("must fail: another's signature", good.left(good.lastIndexOf(QLatin1Char('.'))) + QStringLiteral(".AAAA"), 401);
            row("must fail: expired", signedBy(keys(), q("{'iss':'i','roles':['admin'],'exp':1735689600}")), 401);
            row("must fail: another issuer", signedBy(keys(), q("{'iss':'j','roles':['admin']}")), 401);
            row("must fail: without the role", signedBy(keys(), q("{'iss':'i','roles':['user']}")), 403);
        }
    }
    void beforeTheSigner()
    {
        QFETCH(QString, command);
        QFETCH(QString, token);
        QFETCH(int, status);
        const QByteArray set = "'alg':'HS256','jwk_url':'" + m_program.origin() + "/jwk/symmetric.json','disable_jwk_security':true";
        m_program.write(QStringLiteral("both.json"),
                        q("{'version':3,'endpoints':[{'endpoint':'/token','method':'POST','input_headers':['Authorization','Content-Type'],"
                          "'backend':[{'host':['" +
                          m_program.origin() + "'],'method':'POST','url_pattern':'/token-issuer'}],'extra_config':{'auth/signer':{" + set +
                          ",'kid':'sim2','keys_to_sign':['access_token','refresh_token']},'auth/validator':{" + set +
                          ",'issuer':'i','roles':['admin']}}}]}"));
        m_program.write(QStringLiteral("login.json"), q("{'access_token':{'sub':'a'},'refresh_token':{'sub':'b'}}"));
        QStringList line{command,
                         QStringLiteral("--json"),
                         QStringLiteral("--config"),
                         QStringLiteral("both.json"),
                         QStringLiteral("--data"),
                         QString::fromUtf8(q("{'user':'john','pass':'doe'}"))};
        if (!token.isEmpty())
            line += {QStringLiteral("-H"), QStringLiteral("Authorization: Bearer ") + token};
        if (command == QLatin1String("simulate"))
            line += {QStringLiteral("--response"), QStringLiteral("login.json")};
        const Ran ran = m_program.run(line);
        COMPARE_RAN(ran, status == 200 ? 0 : 1);
        const QJsonObject object = onlyObject(ran.out);
        const QJsonObject response = object.value(QStringLiteral("response")).toObject();
        QCOMPARE(response.value(QStringLiteral("status")).toInt(), status);
        QCOMPARE(object.value(QStringLiteral("verdict")).toString(), status == 200 ? QStringLiteral("signed") : QStringLiteral("refused"));
        const QString body = response.value(QStringLiteral("body")).toString();
        QCOMPARE(body.contains(QStringLiteral("\"access_token\":\"eyJ")), status == 200);
        // Nobody behind the validator is asked for a token that does not pass.
        QCOMPARE(object.value(QStringLiteral("backends")).toArray().isEmpty(), status != 200);
        if (status != 200)
            QVERIFY(body.isEmpty());
    }

    void unusable_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QString>("words");
        const auto row = [this](const char *name, const QStringList &more, int exit, const char *words,
                                const QString &file = QStringLiteral("k.json")) {
            QTest::newRow(name) << arguments(more, file) << exit << QString::fromUtf8(words);
        };
        row("time", {QStringLiteral("--at"), QStringLiteral("soon"), QStringLiteral("x.y.z")}, 2, "--at soon: wanted");
        row("no validator there", {QStringLiteral("--endpoint"), QStringLiteral("/open"), QStringLiteral("x.y.z")}, 2,
            "GET /open has no auth/validator");
        row("none at all", {QStringLiteral("x.y.z")}, 2, "has no endpoint with auth/validator", QStringLiteral("open.json"));
        row("no such endpoint", {QStringLiteral("--endpoint"), QStringLiteral("/acount"), QStringLiteral("x.y.z")}, 2, "did you mean");
        row("ends the gateway", {QStringLiteral("x.y.z")}, 1, "open nope.json: no such file or directory", QStringLiteral("fatal.json"));
        row("no token", {QStringLiteral("x")}, 1, "401, no token: a compact one has three parts");
    }
    void unusable()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exit);
        QFETCH(QString, words);
        const Ran ran = m_program.run(arguments);
        COMPARE_RAN(ran, exit);
        QVERIFY2((ran.out + ran.err).contains(words.toUtf8()), (ran.out + ran.err).constData());
    }
};

QTEST_GUILESS_MAIN(ValidateTest)
#include "tst_validate.moc"
