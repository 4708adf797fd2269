#include "core/jose/base64.h"
#include "testdata.h"

#include <QTest>

using namespace tokenlab;

class TestBase64 : public QObject
{
    Q_OBJECT

    // Go's answer as recorded: `=HEX`, or the position of the error.
    static QByteArray answer(const Result<QByteArray, jose::Base64Error> &result)
    {
        return result ? '=' + result->toHex() : QByteArray::number(result.error().at);
    }

private Q_SLOTS:
    void asGo_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("standard");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("raw");
        const QJsonArray rows = testdata::read("base64-cases.json").array();
        QVERIFY(rows.size() > 300);
        int index = 0;
        for (const QJsonValue &row : rows)
            QTest::addRow("Go, case %d %s", index++, row[QLatin1String("text")].toString().toUtf8().toPercentEncoding().constData())
                << testdata::bytes(row[QLatin1String("text")]) << testdata::bytes(row[QLatin1String("std")])
                << testdata::bytes(row[QLatin1String("url")]) << testdata::bytes(row[QLatin1String("raw")]);
    }
    void asGo()
    {
        QFETCH(QByteArray, text);
        QTEST(answer(jose::decodeBase64(text)), "standard");
        QTEST(answer(jose::decodeBase64Url(text)), "url");
        QTEST(answer(jose::decodeBase64RawUrl(text)), "raw");
        // The part before a fault is a prefix of the truth.
        const auto partial = jose::decodeBase64RawUrlPartially(text);
        const auto whole = jose::decodeBase64RawUrl(text);
        QCOMPARE(partial.errorAt >= 0, !whole.ok());
        if (whole)
            QCOMPARE(partial.bytes, *whole);
        else if (const auto before = jose::decodeBase64RawUrl(QByteArrayView(text).first(partial.errorAt)))
            QCOMPARE(partial.bytes, *before);
    }

    void strict_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &text, const char *expected) {
            QTest::newRow(name) << text << QByteArray(expected);
        };
        row("empty", "", "=");
        row("RFC 7515 C", "A-z_4ME", "=03ecffe0c1");
        row("two characters", "AA", "=00");
        row("three characters", "AAA", "=0000");
        row("bad: line break", "AA\nAA", "2");
        row("bad: padding", "AA==", "2");
        row("bad: standard alphabet", "A+AA", "1");
        row("bad: one character", "A", "0");
        row("bad: five characters", "AAAAA", "4");
        row("bad: trailing bits of two", "AB", "1");
        row("bad: trailing bits of three", "AAB", "2");
        row("bad: blank", "AA AA", "2");
        row("bad: not ASCII", "AA\xc3\xa9", "2");
    }
    void strict()
    {
        QFETCH(QByteArray, text);
        QTEST(answer(jose::decodeBase64RawUrlStrict(text)), "expected");
    }

    void encoding()
    {
        QByteArray bytes;
        for (int length = 0; length < 300; ++length) {
            QCOMPARE(jose::encodeBase64RawUrl(bytes), bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
            QCOMPARE(jose::encodeBase64Url(bytes), bytes.toBase64(QByteArray::Base64UrlEncoding));
            QCOMPARE(jose::encodeBase64(bytes), bytes.toBase64());
            QByteArray appended = "x.";
            jose::appendBase64RawUrl(appended, bytes);
            QCOMPARE(appended, "x." + jose::encodeBase64RawUrl(bytes));
            const auto back = jose::decodeBase64RawUrlStrict(jose::encodeBase64RawUrl(bytes));
            QVERIFY(back);
            QCOMPARE(*back, bytes);
            bytes += char(length * 7 + 3);
        }
    }

    void words() { QCOMPARE(jose::gatewayText(jose::Base64Error{60}), "illegal base64 data at input byte 60"); }
};

QTEST_GUILESS_MAIN(TestBase64)
#include "tst_base64.moc"
