// New keys: every kind, their names, and a job that can be given up.
#include "core/jose/jws.h"
#include "core/keys/maker.h"
#include "tests/support/turnoftheloop.h"

#include <QSignalSpy>
#include <QTest>

using namespace tokenlab;
using jose::KeyType;
using keys::KidRule;
using keys::MakeError;

namespace {

constexpr Instant noon{1795521600}; // 2026-11-24 12:00 UTC

keys::MakeRequest request(KeyType type, int bits, const char *curve = "")
{
    keys::MakeRequest made;
    made.type = type;
    made.bits = bits;
    made.curve = curve;
    return made;
}

} // namespace

class TestMaker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kinds_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("bits");
        QTest::addColumn<QByteArray>("curve");
        QTest::addColumn<QByteArray>("alg");
        const auto row = [](const char *name, KeyType type, int bits, const char *curve, const char *alg) {
            QTest::newRow(name) << int(type) << bits << QByteArray(curve) << QByteArray(alg);
        };
        row("oct 256", KeyType::Oct, 256, "", "HS256");
        row("oct 384", KeyType::Oct, 384, "", "HS384");
        row("oct 512", KeyType::Oct, 512, "", "HS512");
        row("RSA 2048", KeyType::Rsa, 2048, "", "RS256");
        row("RSA 3072", KeyType::Rsa, 3072, "", "RS256");
        row("P-256", KeyType::Ec, 256, "P-256", "ES256");
        row("P-384", KeyType::Ec, 384, "P-384", "ES384");
        row("P-521", KeyType::Ec, 521, "P-521", "ES512");
        row("Ed25519", KeyType::Ed25519, 256, "Ed25519", "EdDSA");
    }
    void kinds()
    {
        QFETCH(int, type);
        QFETCH(int, bits);
        QFETCH(QByteArray, curve);
        QFETCH(QByteArray, alg);
        const auto made = keys::make(request(KeyType(type), bits, curve.constData()), {});
        QVERIFY(made);
        const jose::Key &key = *made->key();
        QCOMPARE(int(key.type()), type);
        QCOMPARE(key.bits(), bits);
        QCOMPARE(key.curve(), curve);
        QCOMPARE(key.alg(), alg);
        QCOMPARE(key.use(), "sig");
        QCOMPARE(key.kid(), key.thumbprint());
        QVERIFY(key.isPrivate());
        QVERIFY(keys::fits(key, alg));
        const auto signer = jose::Signer::create(key, alg, {}, false);
        QVERIFY(signer && signer->sign("{}"));
        const auto another = keys::make(request(KeyType(type), bits, curve.constData()), {});
        QVERIFY(another->key()->thumbprint() != key.thumbprint());
    }

    void refused_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("bits");
        QTest::addColumn<QByteArray>("curve");
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, KeyType type, int bits, const char *curve, const char *alg, MakeError::Kind kind) {
            QTest::newRow(name) << int(type) << bits << QByteArray(curve) << QByteArray(alg) << int(kind);
        };
        row("RSA 1024", KeyType::Rsa, 1024, "", "", MakeError::BadSize);
        row("oct 128", KeyType::Oct, 128, "", "", MakeError::BadSize);
        row("oct 0", KeyType::Oct, 0, "", "", MakeError::BadSize);
        row("P-224", KeyType::Ec, 0, "P-224", "", MakeError::BadCurve);
        row("RS256 of a secret", KeyType::Oct, 256, "", "RS256", MakeError::BadAlgorithm);
        row("ES256 of P-384", KeyType::Ec, 0, "P-384", "ES256", MakeError::BadAlgorithm);
        row("hs256", KeyType::Oct, 256, "", "hs256", MakeError::BadAlgorithm);
    }
    void refused()
    {
        QFETCH(int, type);
        QFETCH(int, bits);
        QFETCH(QByteArray, curve);
        QFETCH(QByteArray, alg);
        keys::MakeRequest asked = request(KeyType(type), bits, curve.constData());
        asked.alg = alg;
        const auto made = keys::make(asked, {});
        QVERIFY(!made);
        QTEST(int(made.error().kind), "kind");
    }

    void kids()
    {
        keys::MakeRequest asked = request(KeyType::Oct, 256);
        asked.alg = QByteArray();
        asked.use = {};
        asked.kid = {KidRule::Date, {}, noon};
        keys::Entries set;
        for (const char *kid : {"2026-11-24", "2026-11-24-2", "2026-11-24-3"}) {
            set.push_back(*keys::make(asked, set));
            QCOMPARE(set.back().labels().kid, kid);
            QVERIFY(set.back().labels().alg.isEmpty() && set.back().labels().use.isEmpty());
        }
        asked.kid = {KidRule::Given, "é\"", noon};
        QCOMPARE(keys::make(asked, set)->key()->kid(), "é\"");
    }

    void job()
    {
        keys::MakeJob job(request(KeyType::Rsa, 2048), {});
        std::optional<QByteArray> kid;
        connect(&job, &keys::MakeJob::finished, this, [&](const auto &made) { kid = made ? made->labels().kid : QByteArray(); });
        job.start();
        job.start(); // once is enough
        QVERIFY(job.isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(kid.has_value(), 60000);
        QVERIFY(!kid->isEmpty());
        QVERIFY(!job.isRunning());
    }

    void cancelledJob()
    {
        bool told = false;
        {
            keys::MakeJob job(request(KeyType::Rsa, 4096), {});
            connect(&job, &keys::MakeJob::finished, this, [&] { told = true; });
            job.start();
            job.cancel();
            QVERIFY(!job.isRunning());
        } // joins
        QVERIFY(test::turnOfTheLoop());
        QVERIFY(!told);
        const std::atomic_bool cancelled = true;
        const auto made = keys::make(request(KeyType::Rsa, 4096), {}, &cancelled);
        QVERIFY(!made);
        QCOMPARE(made.error().kind, MakeError::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestMaker)
#include "tst_maker.moc"
