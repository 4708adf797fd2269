#include "core/crypto/qcainit.h"
#include "core/crypto/secretbytes.h"

#include <QTest>

#include <set>
#include <thread>
#include <vector>

using namespace tokenlab;
using crypto::SecretBytes;

class TestSecretBytes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsBytes()
    {
        const SecretBytes secret("key\0material");
        QCOMPARE(secret.size(), 3); // a QByteArrayView of a literal ends at its NUL
        const QByteArray bytes("key\0material", 12);
        const SecretBytes whole{QByteArrayView(bytes)};
        QCOMPARE(whole.size(), 12);
        QCOMPARE(whole.view().toByteArray(), bytes);
        QVERIFY(!whole.isEmpty());
    }

    void emptyIsSafe()
    {
        SecretBytes none;
        QCOMPARE(none.size(), 0);
        QVERIFY(none.isEmpty());
        QVERIFY(none.data());
        QVERIFY(none.mutableData());
        QVERIFY(none.equals({}));
        QVERIFY(!none.equals("a"));
        QVERIFY(SecretBytes(QByteArrayView()).isEmpty());
        QVERIFY(SecretBytes::zeros(0).isEmpty());
        QVERIFY(SecretBytes::zeros(-1).isEmpty());
        QVERIFY(SecretBytes::random(0).isEmpty());
    }

    void copiesAreIndependent()
    {
        const SecretBytes first("abc");
        SecretBytes second = first;
        second.mutableData()[0] = 'x';
        QCOMPARE(first.view(), "abc");
        QCOMPARE(second.view(), "xbc");
        SecretBytes third;
        third = second;
        second.mutableData()[1] = 'y';
        QCOMPARE(third.view(), "xbc");
        const SecretBytes moved = std::move(third);
        QCOMPARE(moved.view(), "xbc");
    }

    void equality_data()
    {
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<bool>("equal");
        QTest::newRow("same") << QByteArray("secret") << true;
        QTest::newRow("bad: shorter") << QByteArray("secre") << false;
        QTest::newRow("bad: longer") << QByteArray("secrets") << false;
        QTest::newRow("bad: one bit") << QByteArray("secres") << false;
        QTest::newRow("bad: empty") << QByteArray() << false;
    }
    void equality()
    {
        QFETCH(QByteArray, other);
        QTEST(SecretBytes("secret").equals(other), "equal");
    }

    void randomIsNotRepeated()
    {
        std::set<QByteArray> seen;
        for (int i = 0; i < 64; ++i) {
            const SecretBytes bytes = SecretBytes::random(24);
            QCOMPARE(bytes.size(), 24);
            seen.insert(bytes.view().toByteArray());
        }
        QCOMPARE(seen.size(), std::size_t(64));
        QCOMPARE(SecretBytes::random(100000).size(), 100000); // more than QCA's locked pool
    }

    void manyThreads()
    {
        // Joined, not waited for: QThread::wait() returns before a thread has given back what OpenSSL keeps for it.
        std::vector<std::thread> threads;
        std::vector<int> good(4, 0);
        for (std::size_t t = 0; t < good.size(); ++t) {
            threads.emplace_back([&good, t] {
                for (int i = 0; i < 500; ++i) {
                    SecretBytes a = SecretBytes::random(1 + i % 50);
                    const SecretBytes b = a;
                    good[t] += b.equals(a.view());
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(good, std::vector<int>(4, 500));
    }

    void wiping()
    {
        QByteArray bytes("secret");
        bytes.detach();
        crypto::wipe(bytes);
        QVERIFY(bytes.isEmpty());
        crypto::wipe(bytes);
        QVERIFY(bytes.isEmpty());
    }

    // A plugin that is not there is an answer, not a crash.
    void missingFeature()
    {
        const auto missing = crypto::requireQca("token-lab-no-such-feature");
        QVERIFY(!missing);
        QVERIFY(missing.error().what.contains("token-lab-no-such-feature"));
        QVERIFY(crypto::requireQca("random"));
    }
};

QTEST_GUILESS_MAIN(TestSecretBytes)
#include "tst_secretbytes.moc"
