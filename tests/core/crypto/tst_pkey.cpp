#include "core/crypto/certificatekey.h"
#include "core/crypto/pkey.h"
#include "core/crypto/rsacheck.h"

#include <QTest>

using namespace tokenlab;
using namespace tokenlab::crypto;

class TestPKey : public QObject
{
    Q_OBJECT

private:
    RsaNumbers m_rsa; // one key for all rows: making it takes long

    static QByteArray mutated(QByteArray bytes, qsizetype at)
    {
        bytes[at] = char(bytes[at] ^ 1);
        return bytes;
    }

    static RsaNumbers publicHalf(const RsaNumbers &numbers) { return {numbers.n, numbers.e, {}, {}, {}, {}, {}, {}}; }

private Q_SLOTS:
    void initTestCase()
    {
        const auto made = generateRsaNumbers(2048);
        QVERIFY(made);
        m_rsa = *made;
    }

    void rsa_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::addColumn<int>("hash");
        for (const Scheme scheme : {Scheme::Pkcs1, Scheme::Pss})
            for (const Hash hash : {Hash::Sha256, Hash::Sha384, Hash::Sha512})
                QTest::addRow("scheme %d, hash %d", int(scheme), int(hash)) << int(scheme) << int(hash);
    }
    void rsa()
    {
        QFETCH(int, scheme);
        QFETCH(int, hash);
        const auto key = PKey::rsa(m_rsa);
        QVERIFY(key);
        QVERIFY(key->isPrivate());
        const auto open = PKey::rsa(publicHalf(m_rsa));
        QVERIFY(open);
        QVERIFY(!open->isPrivate());
        const auto signature = key->sign(Scheme(scheme), Hash(hash), "message");
        QVERIFY(signature);
        QCOMPARE(signature->size(), 256);
        QVERIFY(open->verify(Scheme(scheme), Hash(hash), "message", *signature));
        QVERIFY(!open->verify(Scheme(scheme), Hash(hash), "messagE", *signature));
        QVERIFY(!open->verify(Scheme(scheme), Hash(hash), "message", mutated(*signature, 100)));
        QVERIFY(!open->verify(Scheme(scheme), Hash(hash), "message", signature->chopped(1)));
        QVERIFY(!open->verify(Scheme(scheme), Hash(hash), "message", {}));
        const Scheme other = Scheme(scheme) == Scheme::Pss ? Scheme::Pkcs1 : Scheme::Pss;
        QVERIFY(!open->verify(other, Hash(hash), "message", *signature));
        QVERIFY(!open->verify(Scheme::Ecdsa, Hash(hash), "message", *signature));
        QVERIFY(!open->verify(Scheme::Ed25519, Hash(hash), "message", *signature));
        QVERIFY(!open->sign(Scheme(scheme), Hash(hash), "message"));
        QVERIFY(!key->sign(Scheme::Ecdsa, Hash(hash), "message"));
        QVERIFY(!key->sign(Scheme::Ed25519, Hash(hash), "message"));
    }

    void ec_data()
    {
        QTest::addColumn<int>("curve");
        QTest::newRow("P-256") << int(Curve::P256);
        QTest::newRow("P-384") << int(Curve::P384);
        QTest::newRow("P-521") << int(Curve::P521);
    }
    void ec()
    {
        QFETCH(int, curve);
        auto numbers = generateEcNumbers(Curve(curve));
        QVERIFY(numbers);
        QVERIFY(isOnCurve(Curve(curve), numbers->x, numbers->y));
        QVERIFY(!isOnCurve(Curve(curve), numbers->y, numbers->x));
        QVERIFY(!isOnCurve(Curve(curve), numbers->x, numbers->y.chopped(1)));
        QVERIFY(!isOnCurve(Curve(curve), QByteArray(fieldBytes(Curve(curve)), '\xff'), numbers->y));
        const auto key = PKey::ec(*numbers);
        const auto open = PKey::ec({numbers->curve, numbers->x, numbers->y, {}});
        QVERIFY(key && open);
        for (int i = 0; i < 20; ++i) { // short r and s are padded
            const auto signature = key->sign(Scheme::Ecdsa, Hash::Sha256, "message");
            QVERIFY(signature);
            QCOMPARE(signature->size(), 2 * fieldBytes(Curve(curve)));
            QVERIFY(open->verify(Scheme::Ecdsa, Hash::Sha256, "message", *signature));
            QVERIFY(!open->verify(Scheme::Ecdsa, Hash::Sha256, "message", mutated(*signature, 5)));
            QVERIFY(!open->verify(Scheme::Ecdsa, Hash::Sha256, "message", mutated(*signature, signature->size() - 1)));
            QVERIFY(!open->verify(Scheme::Ecdsa, Hash::Sha384, "message", *signature));
        }
        QVERIFY(!open->verify(Scheme::Ecdsa, Hash::Sha256, "message", {}));
        QVERIFY(!open->verify(Scheme::Ecdsa, Hash::Sha256, "message", QByteArray(2 * fieldBytes(Curve(curve)), '\0')));
        QVERIFY(!open->sign(Scheme::Ecdsa, Hash::Sha256, "message"));

        // d = 0 signs, each time otherwise, and nobody can verify it.
        numbers->d = SecretBytes::zeros(fieldBytes(Curve(curve)));
        const auto zero = PKey::ec(*numbers);
        QVERIFY(zero);
        QVERIFY(zero->isPrivate());
        const auto first = zero->sign(Scheme::Ecdsa, Hash::Sha256, "message");
        const auto second = zero->sign(Scheme::Ecdsa, Hash::Sha256, "message");
        QVERIFY(first && second);
        QCOMPARE(first->size(), 2 * fieldBytes(Curve(curve)));
        QVERIFY(*first != *second);
        QVERIFY(!zero->verify(Scheme::Ecdsa, Hash::Sha256, "message", *first));

        const QByteArray ones(fieldBytes(Curve(curve)), '\xff');
        numbers->d = SecretBytes{QByteArrayView(ones)};
        const auto large = PKey::ec(*numbers);
        QVERIFY(large);
        const auto refused = large->sign(Scheme::Ecdsa, Hash::Sha256, "message");
        QVERIFY(!refused);
        QCOMPARE(refused.error().what, "input overflows the modulus");
    }

    void ed25519()
    {
        const auto numbers = generateEdNumbers();
        QVERIFY(numbers);
        const auto key = PKey::ed25519(*numbers);
        const auto open = PKey::ed25519({numbers->x, {}});
        QVERIFY(key && open);
        const auto signature = key->sign(Scheme::Ed25519, Hash::Sha512, "message");
        QVERIFY(signature);
        QCOMPARE(signature->size(), 64);
        QVERIFY(open->verify(Scheme::Ed25519, Hash::Sha512, "message", *signature));
        QVERIFY(!open->verify(Scheme::Ed25519, Hash::Sha512, "message", mutated(*signature, 3)));
        QVERIFY(!open->verify(Scheme::Ed25519, Hash::Sha512, "other", *signature));
        QVERIFY(!open->verify(Scheme::Ecdsa, Hash::Sha512, "message", *signature));
        QVERIFY(!open->sign(Scheme::Ed25519, Hash::Sha512, "message"));
        // An x that is not the seed's: signs, never verifies.
        const auto wrong = PKey::ed25519({generateEdNumbers()->x, numbers->seed});
        QVERIFY(wrong);
        const auto useless = wrong->sign(Scheme::Ed25519, Hash::Sha512, "message");
        QVERIFY(useless);
        QVERIFY(*useless != *signature);
        QVERIFY(!wrong->verify(Scheme::Ed25519, Hash::Sha512, "message", *useless));
        QVERIFY(!open->verify(Scheme::Ed25519, Hash::Sha512, "message", *useless));
        QVERIFY(!PKey::ed25519({numbers->x.chopped(1), {}}));
        QVERIFY(!PKey::ed25519({numbers->x, SecretBytes("short")}));
    }

    // More rows, asked of the gateway, are in tests/data/key-cases.json (jose_tst_keysets).
    void checks()
    {
        QVERIFY(checkRsa(m_rsa, true));
        RsaNumbers without = m_rsa;
        without.dp = without.dq = without.qi = {};
        const auto completed = checkRsa(without, false);
        QVERIFY(completed);
        QVERIFY(completed->signs);
        QVERIFY(completed->numbers.dp.equals(m_rsa.dp.view()));
        QVERIFY(completed->numbers.dq.equals(m_rsa.dq.view()));
        QVERIFY(completed->numbers.qi.equals(m_rsa.qi.view()));
        // Both primes the larger one: the exponents still fit below them, whichever of the two that is.
        RsaNumbers wrong = m_rsa;
        (m_rsa.p.view() < m_rsa.q.view() ? wrong.p : wrong.q) = m_rsa.p.view() < m_rsa.q.view() ? m_rsa.q : m_rsa.p;
        QCOMPARE(checkRsa(wrong, true).error().what, "crypto/rsa: p * q != n");
        QVERIFY(publicRsaWorks(m_rsa.n, m_rsa.e));
        QVERIFY(!publicRsaWorks(m_rsa.n, "\x01"));
        QVERIFY(!publicRsaWorks({}, m_rsa.e));
        QVERIFY(!publicRsaWorks("\x04", m_rsa.e));
        QVERIFY(!generateRsaNumbers(64));
    }

    void bitLengths_data()
    {
        QTest::addColumn<QByteArray>("number");
        QTest::addColumn<int>("bits");
        QTest::newRow("nothing") << QByteArray() << 0;
        QTest::newRow("zeros") << QByteArray(3, '\0') << 0;
        QTest::newRow("one") << QByteArray("\x01") << 1;
        QTest::newRow("leading zeros") << QByteArray("\0\0\x80\0", 4) << 16;
        QTest::newRow("ones") << QByteArray("\x01\xff") << 9;
    }
    void bitLengths()
    {
        QFETCH(QByteArray, number);
        QTEST(bitLength(number), "bits");
    }

    void malformedCertificates_data()
    {
        QTest::addColumn<QByteArray>("der");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("bad: nothing") << QByteArray() << QByteArray("x509: malformed certificate");
        QTest::newRow("bad: text") << QByteArray("hello") << QByteArray("x509: malformed certificate");
        QTest::newRow("bad: longer than it is") << QByteArray("\x30\x05\x02\x01") << QByteArray("x509: malformed certificate");
        QTest::newRow("bad: indefinite length") << QByteArray("\x30\x80\0\0", 4) << QByteArray("x509: malformed certificate");
        QTest::newRow("bad: five bytes of length") << QByteArray("\x30\x85\0\0\0\0\x01", 7) << QByteArray("x509: malformed certificate");
        QTest::newRow("bad: length not minimal") << QByteArray("\x30\x81\x01\0", 4) << QByteArray("x509: malformed certificate");
        QTest::newRow("bad: an empty sequence") << QByteArray("\x30\0", 2) << QByteArray("x509: malformed tbs certificate");
        QTest::newRow("bad: a number inside") << QByteArray("\x30\x03\x02\x01\x01") << QByteArray("x509: malformed tbs certificate");
    }
    void malformedCertificates()
    {
        QFETCH(QByteArray, der);
        const auto key = readCertificateKey(der);
        QVERIFY(!key);
        QTEST(key.error().what, "text");
    }
};

QTEST_GUILESS_MAIN(TestPKey)
#include "tst_pkey.moc"
