#include "core/crypto/box.h"

#include <QTest>

using namespace tokenlab;
using crypto::SecretBytes;

namespace {

SecretBytes secret(const QByteArray &bytes)
{
    return SecretBytes{QByteArrayView(bytes)};
}

QByteArray hex(const char *text)
{
    return QByteArray::fromHex(text);
}

} // namespace

class TestBox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gcm_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("nonce");
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("sealed");
        QTest::newRow("GCM specification, test case 13")
            << QByteArray(32, '\0') << QByteArray(12, '\0') << QByteArray() << hex("530f8afbc74536b9a963b4f1c4cb738b");
        QTest::newRow("GCM specification, test case 14") << QByteArray(32, '\0') << QByteArray(12, '\0') << QByteArray(16, '\0')
                                                         << hex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
        QTest::newRow("GCM specification, test case 15")
            << hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308") << hex("cafebabefacedbaddecaf888")
            << hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b3"
                   "91aafd255")
            << hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66"
                   "2898015adb094dac5d93471bdec1a502270e3cc6c");
    }
    void gcm()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, nonce);
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, sealed);
        const auto made = crypto::sealAes256Gcm(secret(key), nonce, plain);
        QVERIFY(made);
        QCOMPARE(made->toHex(), sealed.toHex());
        const auto opened = crypto::openAes256Gcm(secret(key), nonce, sealed);
        QVERIFY(opened);
        QCOMPARE(opened->view(), QByteArrayView(plain));
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            QByteArray bad = sealed;
            bad[i] = char(bad[i] ^ 1);
            QVERIFY(!crypto::openAes256Gcm(secret(key), nonce, bad));
        }
        QVERIFY(!crypto::openAes256Gcm(secret(key), nonce, sealed.chopped(1)));
        QVERIFY(!crypto::openAes256Gcm(secret(key), nonce, sealed.first(15)));
        QVERIFY(!crypto::openAes256Gcm(secret(key), nonce, {}));
    }

    void wrongSizes()
    {
        QVERIFY(!crypto::sealAes256Gcm(secret(QByteArray(31, 'k')), QByteArray(12, 'n'), "x"));
        QVERIFY(!crypto::sealAes256Gcm(secret(QByteArray(32, 'k')), QByteArray(11, 'n'), "x"));
        QVERIFY(!crypto::openAes256Gcm(SecretBytes(), QByteArray(12, 'n'), QByteArray(20, 'x')));
        QVERIFY(!crypto::sealSecretBox(secret(QByteArray(31, 'k')), QByteArray(24, 'n'), "x"));
        QVERIFY(!crypto::openSecretBox(secret(QByteArray(32, 'k')), QByteArray(23, 'n'), QByteArray(20, 'x')));
    }

    // Specification §10: K of the manual, plain key 00…1f, nonce 00…17.
    void secretBox()
    {
        const SecretBytes key =
            secret(QByteArray::fromBase64("smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=", QByteArray::Base64UrlEncoding));
        const QByteArray whole =
            QByteArray::fromBase64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXtv7E3WaLqbxy/cG7zboKe0Xnr1B6gxfPZKOoieQF38zN49hbHcCrj1gW2yRH6UtS");
        const QByteArray nonce = whole.first(24);
        const QByteArray sealed = whole.sliced(24);
        QByteArray plain;
        for (char c = 0; c < 32; ++c)
            plain += c;
        const auto opened = crypto::openSecretBox(key, nonce, sealed);
        QVERIFY(opened);
        QCOMPARE(opened->view(), QByteArrayView(plain));
        const auto made = crypto::sealSecretBox(key, nonce, plain);
        QVERIFY(made);
        QCOMPARE(*made, sealed);
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            QByteArray bad = sealed;
            bad[i] = char(bad[i] ^ 0x80);
            QVERIFY(!crypto::openSecretBox(key, nonce, bad));
        }
        QVERIFY(!crypto::openSecretBox(key, nonce, {}));
        QVERIFY(!crypto::openSecretBox(secret(QByteArray(32, 'k')), nonce, sealed));
    }
};

QTEST_GUILESS_MAIN(TestBox)
#include "tst_box.moc"
