// Every reason to refuse a token, and every note, has a sentence of its own.
#include "core/text/verify.h"

#include <QSet>
#include <QTest>

using namespace tokenlab;
using Kind = jose::VerifyError::Kind;
using Note = jose::VerifyNote;

class TestVerifyText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKind()
    {
        QSet<QString> seen;
        int kinds = 0;
        for (int kind = Kind::Empty; kind <= Kind::Mismatch; ++kind, ++kinds) {
            jose::VerifyError error;
            error.kind = Kind(kind);
            error.part = "payload";
            error.member = "MEMBER";
            error.detail = "DETAIL";
            const QString sentence = text::sentence(error);
            QVERIFY2(sentence.size() > 15 && sentence.endsWith(QLatin1Char('.')), qPrintable(sentence));
            QVERIFY2(sentence.at(0).isUpper() || !sentence.at(0).isLetter(), qPrintable(sentence));
            QVERIFY2(!sentence.contains(QLatin1Char('%')), qPrintable(sentence));
            QVERIFY2(!seen.contains(sentence), qPrintable(sentence));
            seen.insert(sentence);
            error.signature = 1;
            QVERIFY(text::sentence(error).startsWith(QStringLiteral("Signature 2: ")));
        }
        QCOMPARE(kinds, 40);
    }

    void everyNote()
    {
        QSet<QString> seen;
        for (int kind = Note::IgnoredKeySource; kind <= Note::ClaimNotYetValid; ++kind) {
            const QString sentence = text::sentence(Note{Note::Kind(kind), "DETAIL", 7, 9}, Instant{100});
            QVERIFY2(sentence.size() > 15 && sentence.endsWith(QLatin1Char('.')) && !sentence.contains(QLatin1Char('%')),
                     qPrintable(sentence));
            QVERIFY2(!seen.contains(sentence), qPrintable(sentence));
            seen.insert(sentence);
        }
    }

    void words_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("detail");
        QTest::addColumn<QString>("said");
        QTest::newRow("confusion, public key") << int(Kind::Confusion) << QByteArray() << QByteArray("HS256")
                                               << QStringLiteral("RS/HS confusion");
        QTest::newRow("confusion, secret") << int(Kind::Confusion) << QByteArray() << QByteArray("RS256")
                                           << QStringLiteral("a secret for HMAC");
        QTest::newRow("crit, an extension") << int(Kind::Critical) << QByteArray("exp") << QByteArray() << QStringLiteral("exp");
        QTest::newRow("crit, empty") << int(Kind::Critical) << QByteArray() << QByteArray("empty") << QStringLiteral("an empty list");
        QTest::newRow("too many signatures") << int(Kind::TooLarge) << QByteArray("signatures") << QByteArray()
                                             << QStringLiteral("signatures; at most");
        QTest::newRow("made inert") << int(Kind::KidNotFound) << QByteArray() << QByteArray("a\x1b[31m\xe2\x80\xae") << QStringLiteral("␛");
        QTest::newRow("cut short") << int(Kind::KidNotFound) << QByteArray() << QByteArray(5000, 'k') << QStringLiteral("k…”");
    }
    void words()
    {
        QFETCH(int, kind);
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, detail);
        QFETCH(QString, said);
        jose::VerifyError error;
        error.kind = Kind(kind);
        error.part = "header";
        error.member = member;
        error.detail = detail;
        const QString sentence = text::sentence(error);
        QVERIFY2(sentence.contains(said), qPrintable(sentence));
        QVERIFY(!sentence.contains(QChar(0x202e)) && !sentence.contains(QChar(0x1b)));
        QVERIFY(sentence.size() < 400);
        error.kind = Kind::Mismatch;
        QVERIFY2(!text::sentence(error).contains(said), "must fail: another kind says something else");
    }
};

QTEST_GUILESS_MAIN(TestVerifyText)
#include "tst_verify.moc"
