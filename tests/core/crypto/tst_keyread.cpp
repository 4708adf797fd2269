// What DER is by its shape, and the errors of reading it; keys as PEM and back.
#include "core/crypto/keyread.h"
#include "core/crypto/keywrite.h"

#include <QFile>
#include <QTest>

using namespace tokenlab::crypto;

namespace {

QByteArray recorded(const QString &name)
{
    QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/keys/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// Of the first PEM block.
QByteArray der(const QString &name)
{
    const QByteArray file = recorded(name);
    if (!name.endsWith(QLatin1String(".pem")))
        return file;
    const qsizetype begin = file.indexOf('\n') + 1;
    return QByteArray::fromBase64(file.mid(begin, file.indexOf("-----END") - begin));
}

} // namespace

class TestKeyRead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shapes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("shape");
        const auto row = [](const char *name, DerShape shape) {
            QTest::newRow(name) << der(QLatin1String(name)) << int(shape);
            QTest::newRow((QByteArray(name) + ", cut off").constData()) << der(QLatin1String(name)).chopped(1) << int(DerShape::None);
            QTest::newRow((QByteArray(name) + ", a byte too much").constData()) << der(QLatin1String(name)) + '\0' << int(DerShape::None);
        };
        row("rsa.pkcs1.pem", DerShape::Pkcs1Private);
        row("rsa.pkcs1pub.pem", DerShape::Pkcs1Public);
        row("p256.sec1.pem", DerShape::Sec1);
        row("ed25519.pkcs8.der", DerShape::Pkcs8);
        row("rsa.sealed-v1.der", DerShape::EncryptedPkcs8);
        row("p256.spki.der", DerShape::Spki);
        row("rsa.cert.der", DerShape::Certificate);
        row("rsa.p12", DerShape::Pkcs12);
        QTest::newRow("nothing") << QByteArray() << int(DerShape::None);
        QTest::newRow("an empty sequence") << QByteArray("\x30\x00", 2) << int(DerShape::None);
        QTest::newRow("a length of four thousand millions") << QByteArray("\x30\x84\xff\xff\xff\xff", 6) << int(DerShape::None);
        QTest::newRow("no length at all") << QByteArray("\x30\x80", 2) << int(DerShape::None);
    }
    void shapes()
    {
        QFETCH(QByteArray, bytes);
        QTEST(int(recogniseDer(bytes)), "shape");
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("passphrase"); // "": none
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, const QByteArray &bytes, const char *passphrase, KeyReadError::Kind kind) {
            QTest::newRow(name) << bytes << QByteArray(passphrase) << int(kind);
        };
        row("no passphrase", der(QStringLiteral("rsa.sealed.pem")), "", KeyReadError::PassphraseNeeded);
        row("wrong passphrase", der(QStringLiteral("rsa.sealed.pem")), "x", KeyReadError::WrongPassphrase);
        row("wrong passphrase, scrypt", der(QStringLiteral("p256.scrypt.pem")), "x", KeyReadError::WrongPassphrase);
        row("wrong passphrase, PKCS#5 1.5", der(QStringLiteral("rsa.sealed-v1.der")), "x", KeyReadError::WrongPassphrase);
        row("X25519", der(QStringLiteral("x25519.pkcs8.pem")), "", KeyReadError::UnsupportedKey);
        row("secp256k1", der(QStringLiteral("secp256k1.sec1.pem")), "", KeyReadError::UnsupportedKey);
        // The private number of one key, the point of another.
        QByteArray crossed = der(QStringLiteral("p256.sec1.pem"));
        crossed[crossed.indexOf(QByteArray("\x04\x20", 2)) + 10] = char(crossed[crossed.indexOf(QByteArray("\x04\x20", 2)) + 10] ^ 1);
        row("not a pair", crossed, "", KeyReadError::NotAPair);
    }
    void errors()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, passphrase);
        const SecretBytes given{QByteArrayView(passphrase)};
        const auto read = readKeyDer(bytes, recogniseDer(bytes), passphrase.isEmpty() ? nullptr : &given);
        QVERIFY(!read);
        QTEST(int(read.error().kind), "kind");
    }

    void pem()
    {
        const auto numbers = readKeyDer(der(QStringLiteral("p521.sec1.pem")), DerShape::Sec1, nullptr);
        QVERIFY(numbers);
        const auto key = PKey::ec(std::get<EcNumbers>(*numbers));
        QVERIFY(key);
        QCOMPARE(privatePem(*key, nullptr)->view().toByteArray(), recorded(QStringLiteral("p521.pkcs8.pem")));
        const auto publicText = publicPem(*key);
        QVERIFY(publicText && publicText->startsWith("-----BEGIN PUBLIC KEY-----\n"));
        EcNumbers half = std::get<EcNumbers>(*numbers);
        half.d = {};
        QVERIFY(!privatePem(*PKey::ec(half), nullptr)); // must fail
        QCOMPARE(*publicPem(*PKey::ec(half)), *publicText);
        // An x that is not the seed's would come back as another key.
        EdNumbers odd;
        odd.seed = SecretBytes::random(32);
        odd.x = generateEdNumbers()->x;
        QVERIFY(!privatePem(*PKey::ed25519(odd), nullptr));
    }

    void cancelled()
    {
        const std::atomic_bool cancelled = true;
        const auto made = generateRsaNumbers(4096, &cancelled);
        QVERIFY(!made);
        QCOMPARE(made.error().what, "cancelled");
    }
};

QTEST_GUILESS_MAIN(TestKeyRead)
#include "tst_keyread.moc"
