#include "core/jose/base64.h"
#include "core/keys/keyfile.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tokenlab;

namespace {

// Specification §10's vector.
const QByteArray keeperUrl = "base64key:" // moc takes two slashes in some literals for a comment
                             "//smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=";
const QByteArray cypherKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXtv7E3WaLqbxy/cG7zboKe0Xnr1B6gxfPZKOoieQF38zN49hbHcCrj1gW2yRH6UtS";
const QByteArray fileText =
    "AAECAwQFBgcICQoL8d4ttEv9ejpqvR8HWHZ62Nfx7ojNZMKWUHdU+zPzNPWpIXyDbZLnJM/SQGLmbtNQkQJffoOgoNkpKsjJJ0cEybobLZ184jPPvJRniZVCPXOD"
    "s/cSuw/eVSR/qOOtRQFPUZk6PCErQEmKwYM9/zKdyn86Xg==";
const QByteArray plain = R"({"keys":[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","kid":"k1","alg":"HS256"}]})";

QByteArray fromBase64(const QByteArray &text)
{
    return QByteArray::fromBase64(text);
}

QByteArray bytes(const QJsonValue &value)
{
    return value.toString().toUtf8();
}

} // namespace

class TestKeyFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vector()
    {
        QCOMPARE(fromBase64(fileText).size(), 127);
        const auto opened = keys::openKeyFile(fromBase64(fileText), keeperUrl, fromBase64(cypherKey));
        QVERIFY2(opened.ok(), opened ? "" : opened.error().text.constData());
        QCOMPARE(opened->view(), QByteArrayView(plain));
    }

    void everyByteCounts()
    {
        const QByteArray file = fromBase64(fileText);
        for (qsizetype i = 0; i < file.size(); ++i) {
            QByteArray bad = file;
            bad[i] = char(bad[i] ^ 1);
            const auto opened = keys::openKeyFile(bad, keeperUrl, fromBase64(cypherKey));
            QVERIFY(!opened);
            QCOMPARE(opened.error().text, "cipher: message authentication failed");
        }
        const QByteArray cypher = fromBase64(cypherKey);
        for (qsizetype i = 0; i < cypher.size(); ++i) {
            QByteArray bad = cypher;
            bad[i] = char(bad[i] ^ 1);
            const auto opened = keys::openKeyFile(file, keeperUrl, bad);
            QVERIFY(!opened);
            QCOMPARE(opened.error().text, "secrets (code=Unknown): localsecrets: Decrypt failed");
        }
    }

    // What the gateway said (tests/data/keyfile-cases.json).
    void asked_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("secretUrl");
        QTest::addColumn<QByteArray>("cypher");
        QTest::addColumn<QByteArray>("error");
        QFile source(QStringLiteral(TOKENLAB_TEST_DATA "/keyfile-cases.json"));
        QVERIFY(source.open(QIODevice::ReadOnly));
        const QJsonArray cases = QJsonDocument::fromJson(source.readAll())[QLatin1String("cases")].toArray();
        QVERIFY(cases.size() > 30);
        for (const QJsonValue &c : cases)
            QTest::newRow(bytes(c[QLatin1String("name")]).constData())
                << fromBase64(bytes(c[QLatin1String("file")])) << bytes(c[QLatin1String("secretUrl")])
                << fromBase64(bytes(c[QLatin1String("cypherKey")])) << bytes(c[QLatin1String("startError")]);
    }
    void asked()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, secretUrl);
        QFETCH(QByteArray, cypher);
        QFETCH(QByteArray, error);
        const auto opened = keys::openKeyFile(file, secretUrl, cypher);
        QCOMPARE(opened ? QByteArray() : opened.error().text, error);
        if (opened)
            QCOMPARE(opened->view(), QByteArrayView(plain));
        else
            QVERIFY(!opened.error().crash);
    }

    // The "encrypted: …" cases of gateway-cases.json.
    void gatewayCases_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("secretUrl");
        QTest::addColumn<QByteArray>("cypher");
        QTest::addColumn<QByteArray>("error");
        QFile source(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
        QVERIFY(source.open(QIODevice::ReadOnly));
        const QJsonDocument document = QJsonDocument::fromJson(source.readAll());
        const QJsonArray cases = document.isArray() ? document.array() : document[QLatin1String("cases")].toArray();
        int rows = 0;
        for (const QJsonValue &c : cases) {
            const QString name = c[QLatin1String("name")].toString();
            if (!name.startsWith(QLatin1String("encrypted: ")))
                continue;
            const QJsonObject signer = c[QLatin1String("endpoint")][QLatin1String("extra_config")][QLatin1String("auth/signer")].toObject();
            const QJsonObject files = c[QLatin1String("files")].toObject();
            QByteArray error;
            for (const QJsonValue &line : c[QLatin1String("expect")][QLatin1String("log")].toArray()) {
                const QByteArray text = bytes(line);
                const QByteArray prefix = "Unable to create the signer: ";
                error = text.sliced(text.indexOf(prefix) + prefix.size());
            }
            const QJsonValue file = *files.begin();
            QTest::newRow(name.toUtf8().constData())
                << (file.isString() ? bytes(file) : fromBase64(bytes(file[QLatin1String("base64")])))
                << bytes(signer[QLatin1String("secret_url")]) << fromBase64(bytes(signer[QLatin1String("cypher_key")])) << error;
            ++rows;
        }
        QVERIFY(rows >= 10);
    }
    void gatewayCases()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, secretUrl);
        QFETCH(QByteArray, cypher);
        QFETCH(QByteArray, error);
        const auto opened = keys::openKeyFile(file, secretUrl, cypher);
        QByteArray text = opened ? QByteArray() : opened.error().text;
        if (opened)
            if (const auto set = jose::parseKeySet(opened->view(), jose::SetSource::LocalFile); !set)
                text = set.error().text;
        QCOMPARE(text, error);
    }

    void shortFilesCrashTheGateway_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("crash");
        QTest::newRow("empty") << 0 << true;
        QTest::newRow("11 bytes") << 11 << true;
        QTest::newRow("bad: 12 bytes only fail") << 12 << false;
        QTest::newRow("bad: 27 bytes only fail") << 27 << false;
    }
    void shortFilesCrashTheGateway()
    {
        QFETCH(int, size);
        QFETCH(bool, crash);
        const auto opened = keys::openKeyFile(QByteArray(size, 'x'), keeperUrl, fromBase64(cypherKey));
        QVERIFY(!opened);
        QCOMPARE(opened.error().crash, crash);
        // The keeper is asked first.
        QVERIFY(!keys::openKeyFile(QByteArray(size, 'x'), keeperUrl, "short").error().crash);
    }

    void keepersElsewhere_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("elsewhere");
        QTest::newRow("awskms") << QByteArray("awskms:"
                                              "//alias/x?region=eu-west-1")
                                << true;
        QTest::newRow("hashivault") << QByteArray("hashivault:"
                                                  "//x")
                                    << true;
        QTest::newRow("bad: unknown") << QByteArray("foo:"
                                                    "//x")
                                      << false;
    }
    void keepersElsewhere()
    {
        QFETCH(QByteArray, url);
        const auto opened = keys::openKeyFile("x", url, "y");
        QVERIFY(!opened);
        QTEST(opened.error().notSimulated, "elsewhere");
    }

    void plainFile()
    {
        const auto opened = keys::openKeyFile(plain, {}, "ignored");
        QVERIFY(opened);
        QCOMPARE(opened->view(), QByteArrayView(plain));
        QVERIFY(keys::openKeyFile({}, {}, {})->isEmpty());
    }

    void roundTrip_data()
    {
        QTest::addColumn<QByteArray>("set");
        QTest::newRow("a set") << plain;
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("large") << QByteArray(200000, 'x');
    }
    void roundTrip()
    {
        QFETCH(QByteArray, set);
        const auto made = keys::encryptKeyFile(crypto::SecretBytes{QByteArrayView(set)});
        QVERIFY(made);
        QCOMPARE(made->file.size(), 12 + set.size() + 16);
        const auto cypher = jose::decodeBase64(made->cypherKey);
        QVERIFY(cypher);
        QCOMPARE(cypher->size(), 24 + 16 + 32);
        const QByteArray url = made->secretUrl.view().toByteArray();
        const auto opened = keys::openKeyFile(made->file, url, *cypher);
        QVERIFY(opened);
        QCOMPARE(opened->view(), QByteArrayView(set));
        const auto again = keys::encryptKeyFile(crypto::SecretBytes{QByteArrayView(set)});
        QVERIFY(again->file != made->file);
        QVERIFY(again->cypherKey != made->cypherKey);
        QVERIFY(!again->secretUrl.equals(made->secretUrl.view()));
        QVERIFY(!keys::openKeyFile(again->file, url, *cypher));
    }
};

QTEST_GUILESS_MAIN(TestKeyFile)
#include "tst_keyfile.moc"
