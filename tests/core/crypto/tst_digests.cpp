#include "core/crypto/hash.h"
#include "core/crypto/hmac.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace tokenlab;
using crypto::Hash;
using crypto::Hmac;

class TestDigests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void digests_data()
    {
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("hex");
        const auto row = [](const char *name, Hash hash, const char *text, const char *hex) {
            QTest::newRow(name) << int(hash) << QByteArray(text) << QByteArray(hex);
        };
        row("FIPS 180-2 SHA-1 abc", Hash::Sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
        row("FIPS 180-2 SHA-256 abc", Hash::Sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        row("SHA-256 of nothing", Hash::Sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        row("FIPS 180-2 SHA-384 abc", Hash::Sha384, "abc",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
        row("FIPS 180-2 SHA-512 abc", Hash::Sha512, "abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca4"
            "9f");
    }
    void digests()
    {
        QFETCH(int, hash);
        QFETCH(QByteArray, text);
        const QByteArray digest = crypto::digest(Hash(hash), text);
        QCOMPARE(digest.size(), crypto::digestSize(Hash(hash)));
        QTEST(digest.toHex(), "hex");
        QVERIFY(crypto::digest(Hash(hash), text + 'x') != digest);
    }

    void md5()
    {
        QCOMPARE(crypto::md5Hex("abc").view(), "900150983cd24fb0d6963f7d28e17f72");            // RFC 1321 A.5
        QCOMPARE(crypto::md5Hex(QByteArrayView()).view(), "d41d8cd98f00b204e9800998ecf8427e"); // RFC 1321 A.5
    }

    void hmacs_data()
    {
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("hex");
        const auto row = [](const char *name, Hash hash, const QByteArray &key, const QByteArray &text, const char *hex) {
            QTest::newRow(name) << int(hash) << key << text << QByteArray(hex);
        };
        const QByteArray longKey(131, '\xaa');
        row("RFC 4231 4.2 SHA-256", Hash::Sha256, QByteArray(20, '\x0b'), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        row("RFC 4231 4.2 SHA-384", Hash::Sha384, QByteArray(20, '\x0b'), "Hi There",
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6");
        row("RFC 4231 4.2 SHA-512", Hash::Sha512, QByteArray(20, '\x0b'), "Hi There",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a1268"
            "54");
        row("RFC 4231 4.3 SHA-256", Hash::Sha256, "Jefe", "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        row("RFC 4231 4.7 SHA-256, key longer than a block", Hash::Sha256, longKey,
            "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        row("empty key, empty text, SHA-256", Hash::Sha256, {}, {}, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
        row("empty key, empty text, SHA-512", Hash::Sha512, {}, {},
            "b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac6730c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d"
            "47");
    }
    void hmacs()
    {
        QFETCH(int, hash);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, text);
        const auto hmac = Hmac::create(Hash(hash), key);
        QVERIFY(hmac);
        QByteArray tag(hmac->size(), '\0');
        // More than once: contexts are used again.
        for (int i = 0; i < 3; ++i) {
            QVERIFY(hmac->compute(text, reinterpret_cast<unsigned char *>(tag.data())));
            QTEST(tag.toHex(), "hex");
            QByteArray other(hmac->size(), '\0');
            QVERIFY(hmac->compute(text + 'x', reinterpret_cast<unsigned char *>(other.data())));
            QVERIFY(other != tag);
        }
    }

    void manyThreads()
    {
        const auto hmac = Hmac::create(Hash::Sha256, "key");
        QVERIFY(hmac);
        QByteArray expected(32, '\0');
        QVERIFY(hmac->compute("The quick brown fox", reinterpret_cast<unsigned char *>(expected.data())));
        std::atomic<int> good = 0;
        std::vector<std::thread> threads; // joined: what OpenSSL keeps for a thread is given back then
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 2000; ++i) {
                    QByteArray tag(32, '\0');
                    if (hmac->compute("The quick brown fox", reinterpret_cast<unsigned char *>(tag.data())) && tag == expected)
                        ++good;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(good.load(), 8000);
    }
};

QTEST_GUILESS_MAIN(TestDigests)
#include "tst_digests.moc"
