// Sets as they are edited, written and shown. Above all: what is public never holds private bytes, in whatever form one looks for them.
#include "core/jose/base64.h"
#include "core/keys/import.h"
#include "core/keys/maker.h"
#include "core/keys/survey.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace tokenlab;
using keys::Entries;
using keys::Entry;
using keys::Warning;

namespace {

// Single quotes for double ones: moc drops a class beside raw strings with odd quotes.
QByteArray json(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

QByteArray recorded(const QString &name)
{
    QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/keys/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Entries imported(const QByteArray &file)
{
    const crypto::SecretBytes passphrase{QByteArrayView("test-only-passphrase")};
    const auto result = keys::import(file, {&passphrase, {}});
    return result ? result->entries : Entries();
}

// The bytes of every private member, and each form they could hide in: plain, hex, base64 at each of its three alignments.
QList<QByteArray> formsOfSecrets(const Entry &entry)
{
    const QJsonObject jwk = QJsonDocument::fromJson(entry.json().view().toByteArray()).object();
    QList<QByteArray> forms;
    for (const char *name : {"d", "p", "q", "dp", "dq", "qi", "k"}) {
        const QByteArray bytes = QByteArray::fromBase64(jwk[QLatin1String(name)].toString().toUtf8(), QByteArray::Base64UrlEncoding);
        if (bytes.size() < 16)
            continue;
        // A part is enough to be found out.
        for (const QByteArray &part : {bytes.first(16), bytes.last(16)}) {
            forms << part << part.toHex() << part.toHex().toUpper();
            for (int shift = 0; shift < 3; ++shift) {
                const QByteArray aligned = QByteArray(shift, 'x') + part;
                for (const auto option : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
                    const QByteArray text = aligned.toBase64(option | QByteArray::OmitTrailingEquals);
                    forms << text.mid(4, 12); // without what depends on the neighbours
                }
            }
        }
    }
    return forms;
}

// PEM holds base64 in lines: looked at as one line, and as the bytes inside.
QList<QByteArray> viewsOf(const QByteArray &text)
{
    QByteArray line = text;
    line.replace('\n', QByteArray());
    QList<QByteArray> views{text, line};
    const qsizetype begin = line.indexOf("KEY-----");
    if (begin >= 0)
        views << QByteArray::fromBase64(line.mid(begin + 8, line.indexOf("-----END") - begin - 8));
    for (const QByteArray &part : text.split('"'))
        views << QByteArray::fromBase64(part, QByteArray::Base64UrlEncoding);
    return views;
}

QByteArrayList codes(const keys::Row &row)
{
    QByteArrayList list;
    for (const keys::Finding &finding : row.findings)
        list += keys::code(finding.warning);
    return list;
}

} // namespace

class TestSets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publicHoldsNothingPrivate_data()
    {
        QTest::addColumn<QByteArray>("file");
        for (const char *name : {"rsa.pkcs8.pem", "rsa.pkcs1.pem", "rsa.legacy.pem", "rsa.sealed.pem", "rsa.p12", "p256.sec1.pem",
                                 "p256.scrypt.pem", "p256.legacy.p12", "p384.pkcs8.pem", "p521.sec1.pem", "ed25519.pkcs8.pem",
                                 "ed25519.pkcs8.der", "sshrsa.openssh", "sshp384.openssh", "sshed.openssh", "bundle.pem"})
            QTest::newRow(name) << recorded(QLatin1String(name));
        const QByteArray d = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
        const QByteArray ec = json(
            "'kty':'EC','crv':'P-256','x':'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4','y':'4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM'");
        QTest::newRow("a JWK") << "{" + ec + json(",'d':'") + d + "\"}";
        QTest::newRow("d twice, once in the wrong case") << "{" + ec + json(",'D':'") + d + json("','d':'") + d + "\"}";
        QTest::newRow("members nobody knows") << "{" + ec + json(",'d':'") + d + json("','backup':'") + d + json("','oth':[{'d':'") + d +
                                                     "\"}]}";
        QTest::newRow("inside key_ops") << "{" + ec + json(",'d':'") + d + json("','key_ops':['sign','") + d + "\"]}";
        QTest::newRow("a secret") << QByteArray(
            json("{'kty':'oct','k':'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'}"));
        QTest::newRow("a refused key") << json("{'kty':'EC','crv':'P-999','d':'") + d + "\"}";
    }
    void publicHoldsNothingPrivate()
    {
        QFETCH(QByteArray, file);
        const Entries entries = imported(file);
        QVERIFY(!entries.empty());
        const keys::PublicSet set = keys::writePublic(entries);
        QList<QByteArray> outputs{set.text};
        for (const Entry &entry : entries) {
            QVERIFY(entry.hasPrivateMembers());
            if (const auto json = entry.publicJson())
                outputs << *json;
            if (!entry.key())
                continue;
            outputs << entry.key()->toPublicJwk();
            if (const auto pem = jose::publicPem(*entry.key()))
                outputs << *pem;
        }
        QCOMPARE(set.count + int(set.leftOut.size()), int(entries.size()));
        QList<QByteArray> publicViews;
        for (const QByteArray &output : outputs)
            publicViews << viewsOf(output);
        const QList<QByteArray> privateViews = viewsOf(keys::writePrivate(entries).view().toByteArray());
        bool foundInPrivate = false;
        for (const Entry &entry : entries)
            for (const QByteArray &form : formsOfSecrets(entry)) {
                for (const QByteArray &view : publicViews)
                    QVERIFY2(!view.contains(form), view.constData());
                for (const QByteArray &view : privateViews) // the search does find
                    foundInPrivate = foundInPrivate || view.contains(form);
            }
        QVERIFY(foundInPrivate);
        // Public and private are the same key.
        for (const Entry &again : imported(set.text)) {
            QVERIFY(!again.hasPrivateMembers());
            QVERIFY(again.key() && !again.key()->isPrivate());
        }
    }

    void pemRoundTrip_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"rsa.pkcs8.pem", "p256.pkcs8.pem", "p384.pkcs8.pem", "p521.pkcs8.pem", "ed25519.pkcs8.pem"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }
    void pemRoundTrip()
    {
        QFETCH(QString, name);
        const QByteArray file = recorded(name);
        const jose::Key key = *imported(file).front().key();
        const auto plain = jose::privatePem(key, nullptr);
        QVERIFY(plain);
        QCOMPARE(plain->view().toByteArray(), file); // openssl's own bytes
        const crypto::SecretBytes passphrase{QByteArrayView("test-only-passphrase")};
        const auto sealed = jose::privatePem(key, &passphrase);
        QVERIFY(sealed);
        QVERIFY(sealed->view().toByteArray().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        const Entries back = imported(sealed->view().toByteArray());
        QCOMPARE(back.size(), std::size_t(1));
        QCOMPARE(back.front().key()->toPrivateJwk().view(), key.toPrivateJwk().view());
        const auto publicText = jose::publicPem(key);
        QVERIFY(publicText);
        QCOMPARE(imported(*publicText).front().key()->thumbprint(), key.thumbprint());
        QVERIFY(!jose::privatePem(key.publicKey(), nullptr)); // must fail
        QVERIFY(!jose::privatePem(jose::keyFrom(passphrase, {}), nullptr));
    }

    void editsKeepTheRest()
    {
        const QByteArray jwk = "{ \"kty\": \"oct\",\n \"x-ours\": {\"a\": \"b c\"}, \"kid\": \"old\", \"k\": "
                               "\"AAECAwQFBgcICQoLDA0ODw\",\"key_ops\":[\"sign\"] }";
        const Entry entry = imported(jwk).front();
        QCOMPARE(entry.labels().kid, "old");
        const Entry changed = entry.withLabels({"n\"ew", "HS256", {}});
        QCOMPARE(changed.json().view().toByteArray(),
                 QByteArray(json(
                     "{'kty':'oct','x-ours':{'a':'b c'},'kid':'n\\'ew','k':'AAECAwQFBgcICQoLDA0ODw','key_ops':['sign'],'alg':'HS256'}")));
        QCOMPARE(changed.labels().kid, "n\"ew");
        QCOMPARE(changed.withLabels({}).json().view().toByteArray(),
                 json("{'kty':'oct','x-ours':{'a':'b c'},'k':'AAECAwQFBgcICQoLDA0ODw','key_ops':['sign']}"));
        QCOMPARE(keys::writePrivate({changed}).view().toByteArray(), "{\"keys\":[\n" + changed.json().view().toByteArray() + "\n]}\n");
        QCOMPARE(keys::writePrivate({}).view().toByteArray(), "{\"keys\":[]}\n");
    }

    void publicSetKeepsWhatIsPublic()
    {
        const Entries entries = imported(recorded(QStringLiteral("rsa.p12")));
        const QJsonObject key = QJsonDocument::fromJson(keys::writePublic(entries).text)[QLatin1String("keys")][0].toObject();
        QCOMPARE(key[QLatin1String("x5c")].toArray().size(), 1);
        QVERIFY(!key[QLatin1String("x5t#S256")].toString().isEmpty());
        const Entry ops = imported(json("{'kty':'OKP','crv':'Ed25519','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo','d':'nWGxne_"
                                        "9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A','key_ops':['sign','verify']}"))
                              .front();
        QVERIFY(ops.publicJson()->contains(json("'key_ops':['verify']")));
    }

    void survey_data()
    {
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<bool>("isPublic");
        QTest::addColumn<QByteArray>("expected"); // per key, comma-separated
        const QByteArray k32 = json("'k':'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'");
        const auto row = [](const char *name, const QByteArray &keys, const char *expected, bool isPublic = false) {
            QTest::newRow(name) << "{\"keys\":[" + keys + "]}" << isPublic << QByteArray(expected);
        };
        row("all well", json("{'kty':'oct','kid':'a','alg':'HS256',") + k32 + "}", "");
        row("no kid", json("{'kty':'oct',") + k32 + "}", "missing-kid");
        row("short for HS384", json("{'kty':'oct','kid':'a','alg':'HS384',") + k32 + "}", "weak-secret");
        row("short", json("{'kty':'oct','kid':'a','k':'AAEC'}"), "weak-secret");
        row("empty", json("{'kty':'oct','kid':'a','k':''}"), "empty-secret");
        row("twice", json("{'kty':'oct','kid':'a',") + k32 + json("},{'kty':'oct','kid':'a',") + k32 + "}", "duplicate-kid|duplicate-kid");
        row("a secret for others", json("{'kty':'oct','kid':'a',") + k32 + "}", "private-in-public", true);
        row("a secret beside a public key",
            json("{'kty':'oct','kid':'a',") + k32 +
                json("},{'kty':'OKP','kid':'b','crv':'Ed25519','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'}"),
            "private-in-public|");
        row("refused", json("{'kty':'foo','kid':'a'},7,{'kty':'EC','kid':'b','d':'x'}"), "refused|refused,missing-kid|refused");
        row("another algorithm", json("{'kty':'oct','kid':'a','alg':'RS256','use':'enc',") + k32 + "}", "other-algorithm,other-use");
    }
    void survey()
    {
        QFETCH(QByteArray, set);
        QFETCH(bool, isPublic);
        QByteArrayList got;
        for (const keys::Row &row : keys::survey(imported(set), isPublic))
            got += codes(row).join(',');
        QTEST(got.join('|'), "expected");
    }

    void surveyOfRsa()
    {
        const auto row = [](int bits, int exponent) {
            crypto::RsaNumbers numbers;
            numbers.n = QByteArray(bits / 8, '\xff');
            numbers.e = exponent == 3 ? QByteArray("\x03") : QByteArray("\x01\x00\x01", 3);
            const auto key = jose::keyFrom(crypto::KeyNumbers(numbers), {"k", "RS256", "sig"});
            return keys::survey({Entry::of(*key)}).front();
        };
        QCOMPARE(codes(row(2048, 65537)), QByteArrayList());
        QCOMPARE(codes(row(1024, 65537)), QByteArrayList{"weak-rsa"});
        QCOMPARE(codes(row(1016, 3)), (QByteArrayList{"unusable-rsa", "small-exponent"}));
        QCOMPARE(row(2048, 3).bits, 2048);
        QCOMPARE(row(2048, 3).kty, "RSA");
    }

    void publicNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isPublic");
        QTest::newRow("well known") << QStringLiteral("/srv/.well-known/jwks.json") << true;
        QTest::newRow("jwks.json") << QStringLiteral("jwks.json") << true;
        QTest::newRow("public") << QStringLiteral("keys/signer-public.json") << true;
        QTest::newRow("private") << QStringLiteral("private.json") << false;
        QTest::newRow("a word that holds it") << QStringLiteral("republic.json") << false;
    }
    void publicNames()
    {
        QFETCH(QString, name);
        QTEST(keys::looksPublic(name), "isPublic");
    }

    // Sets made here are what python3-jwcrypto reads; its thumbprints are ours.
    void jwcrypto()
    {
        QString python;
        for (const QString &candidate : {qEnvironmentVariable("TOKENLAB_PYTHON"), QStandardPaths::findExecutable(QStringLiteral("python3")),
                                         QStringLiteral("/usr/bin/python3")}) {
            QProcess tried;
            tried.start(candidate, {QStringLiteral("-c"), QStringLiteral("import jwcrypto")});
            if (!candidate.isEmpty() && tried.waitForFinished() && tried.exitCode() == 0 && python.isEmpty())
                python = candidate;
        }
        if (python.isEmpty()) {
            if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
                QFAIL("no python3 with jwcrypto");
            QSKIP("no python3 with jwcrypto");
        }
        Entries set;
        QByteArrayList expected;
        const auto add = [&](jose::KeyType type, int bits, const char *curve) {
            keys::MakeRequest request;
            request.type = type;
            request.bits = bits;
            request.curve = curve;
            auto made = keys::make(request, set);
            QVERIFY(made);
            set.push_back(std::move(*made));
            expected += set.back().key()->thumbprint();
        };
        add(jose::KeyType::Oct, 512, "");
        add(jose::KeyType::Rsa, 2048, "");
        for (const char *curve : {"P-256", "P-384", "P-521"})
            add(jose::KeyType::Ec, 0, curve);
        add(jose::KeyType::Ed25519, 0, "");
        for (const Entry &entry : imported(recorded(QStringLiteral("rsa.p12"))))
            set.push_back(entry), expected += entry.key()->thumbprint();
        QProcess process;
        process.start(python, {QStringLiteral("-c"), QStringLiteral("import sys, json\n"
                                                                    "from jwcrypto import jwk\n"
                                                                    "for one in json.load(sys.stdin)['keys']:\n"
                                                                    "  k = jwk.JWK(**one)\n"
                                                                    "  print(k.thumbprint(), k.has_private or k.is_symmetric)\n")});
        QVERIFY(process.waitForStarted());
        process.write(keys::writePrivate(set).view().toByteArray());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(60000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        QByteArray wanted;
        for (const QByteArray &thumbprint : expected)
            wanted += thumbprint + " True\n";
        QCOMPARE(process.readAllStandardOutput(), wanted);
    }
};

QTEST_GUILESS_MAIN(TestSets)
#include "tst_sets.moc"
