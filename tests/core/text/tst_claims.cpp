// Dates, registered claims, and data from outside made inert.
#include "core/json/parse.h"
#include "core/text/text.h"

#include <QtTest>

#include <limits>

using namespace tokenlab;

constexpr qint64 now = 1795487580; // 24 Nov 2026, 02:33 UTC

class ClaimsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void relative_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("expected");
        QTest::newRow("now") << now << QStringLiteral("now");
        QTest::newRow("a second") << now + 1 << QStringLiteral("in 1 second");
        QTest::newRow("a second ago") << now - 1 << QStringLiteral("1 second ago");
        QTest::newRow("119 s") << now + 119 << QStringLiteral("in 119 seconds");
        QTest::newRow("2 min") << now + 120 << QStringLiteral("in 2 minutes");
        QTest::newRow("59 min") << now + 59 * 60 + 30 << QStringLiteral("in 59 minutes");
        QTest::newRow("2 h") << now - 7200 << QStringLiteral("2 hours ago");
        QTest::newRow("3 days") << now - 3 * 86400 << QStringLiteral("3 days ago");
        QTest::newRow("the manual's exp") << qint64(1735689600) << QStringLiteral("22 months ago");
        QTest::newRow("3 years") << now + qint64(3) * 366 * 86400 << QStringLiteral("in 3 years");
        QTest::newRow("no overflow, future") << std::numeric_limits<qint64>::max() << QStringLiteral("in 292277022600 years");
        QTest::newRow("no overflow, past") << std::numeric_limits<qint64>::min() << QStringLiteral("292277026396 years ago");
    }
    void relative()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, expected);
        const QString text = text::relativeTime(seconds, {now});
        if (expected.contains(QStringLiteral("2922770"))) // the exact year is not the point
            QVERIFY2(text.contains(QStringLiteral("2922770")), qPrintable(text));
        else
            QCOMPARE(text, expected);
    }

    void calendar()
    {
        QCOMPARE(text::utcTime(now), QStringLiteral("24 Nov 2026, 02:33 UTC"));
        QCOMPARE(text::utcTime(0), QStringLiteral("1 Jan 1970, 00:00 UTC"));
        QCOMPARE(text::utcTime(std::numeric_limits<qint64>::max()), QStringLiteral("after the year 9999"));
        QCOMPARE(text::utcTime(std::numeric_limits<qint64>::min()), QStringLiteral("before the year 1"));
        QVERIFY(!text::localTime(now).isEmpty());
    }

    void claims_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("wanted"); // part of the sentence; empty: none at all
        QTest::newRow("exp ahead") << QByteArray("exp") << QByteArray::number(now + 3540)
                                   << QStringLiteral("in 59 minutes · 24 Nov 2026, 03:32 UTC");
        QTest::newRow("exp of the manual") << QByteArray("exp") << QByteArray("1735689600")
                                           << QStringLiteral("expired 22 months ago · 1 Jan 2025, 00:00 UTC");
        QTest::newRow("exp as text (spec §8.7)") << QByteArray("exp") << QByteArray("\"1735689600\"") << QStringLiteral("401");
        QTest::newRow("exp as a date text") << QByteArray("exp") << QByteArray("\"2025-01-01\"") << QStringLiteral("a text");
        QTest::newRow("exp in milliseconds") << QByteArray("exp") << QByteArray("1795487580000") << QStringLiteral("milliseconds");
        QTest::newRow("exp with a fraction") << QByteArray("exp") << QByteArray("1735689600.5") << QStringLiteral("fraction");
        QTest::newRow("exp beyond float64") << QByteArray("exp") << QByteArray("1e400") << QStringLiteral("too large");
        QTest::newRow("exp null") << QByteArray("exp") << QByteArray("null") << QStringLiteral("absent");
        QTest::newRow("exp an object") << QByteArray("exp") << QByteArray("{}") << QStringLiteral("401");
        QTest::newRow("nbf ahead") << QByteArray("nbf") << QByteArray::number(now + 300) << QStringLiteral("not valid yet");
        QTest::newRow("iat ahead") << QByteArray("iat") << QByteArray::number(now + 300) << QStringLiteral("future");
        QTest::newRow("iat") << QByteArray("iat") << QByteArray::number(now - 300) << QStringLiteral("issued 5 minutes ago");
        QTest::newRow("sub") << QByteArray("sub") << QByteArray("\"john\"") << QStringLiteral("whom");
        QTest::newRow("sub as a number (spec §8.7)") << QByteArray("sub") << QByteArray("5") << QStringLiteral("401");
        QTest::newRow("aud list") << QByteArray("aud") << QByteArray("[\"a\"]") << QStringLiteral("accept");
        QTest::newRow("aud with a number") << QByteArray("aud") << QByteArray("[5]") << QStringLiteral("401");
        QTest::newRow("must fail: an unknown claim means nothing") << QByteArray("colour") << QByteArray("5") << QString();
        QTest::newRow("must fail: names are exact") << QByteArray("EXP") << QByteArray("5") << QString();
    }
    void claims()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QString, wanted);
        const auto document = json::parse(value);
        QVERIFY(document.ok());
        const QString meaning = text::claimMeaning(name.toStdString(), document.value().root(), {now});
        if (wanted.isEmpty())
            QCOMPARE(meaning, QString());
        else
            QVERIFY2(meaning.contains(wanted), qPrintable(meaning));
    }

    void headers()
    {
        const auto none = json::parse("\"none\""), hs = json::parse("\"HS256\""), odd = json::parse("\"ES256K\"");
        QVERIFY(text::headerMeaning("alg", none.value().root()).contains(QStringLiteral("no signature")));
        QVERIFY(text::headerMeaning("alg", hs.value().root()).contains(QStringLiteral("HMAC")));
        QVERIFY(text::headerMeaning("alg", odd.value().root()).contains(QStringLiteral("does not sign")));
        QVERIFY(text::headerMeaning("jwk", hs.value().root()).contains(QStringLiteral("not to be trusted")));
        QCOMPARE(text::headerMeaning("colour", hs.value().root()), QString());
    }

    void inert_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << QByteArray("role_a \xc3\xa9 \xf0\x9f\x98\x80") << QStringLiteral("role_a \u00e9 \U0001F600");
        QTest::newRow("markup stays text") << QByteArray("<b>x</b>") << QStringLiteral("<b>x</b>");
        QTest::newRow("escape sequence") << QByteArray("\x1b[2J") << QStringLiteral("\u241b[2J");
        QTest::newRow("line break") << QByteArray("a\nb") << QStringLiteral("a\u240ab");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QStringLiteral("a\u2400b");
        QTest::newRow("DEL") << QByteArray("\x7f") << QStringLiteral("\u2421");
        QTest::newRow("right-to-left override") << QByteArray("\xe2\x80\xae") << QStringLiteral("\u27e8U+202E\u27e9");
        QTest::newRow("zero width space") << QByteArray("\xe2\x80\x8b") << QStringLiteral("\u27e8U+200B\u27e9");
        QTest::newRow("C1 control") << QByteArray("\xc2\x9b") << QStringLiteral("\u27e8U+009B\u27e9");
        QTest::newRow("tag character") << QByteArray("\xf3\xa0\x81\x81") << QStringLiteral("\u27e8U+E0041\u27e9");
        QTest::newRow("invalid UTF-8") << QByteArray("a\xff") << QStringLiteral("a\ufffd");
    }
    void inert()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        QCOMPARE(text::inert(bytes), expected);
    }
};

QTEST_GUILESS_MAIN(ClaimsTest)
#include "tst_claims.moc"
