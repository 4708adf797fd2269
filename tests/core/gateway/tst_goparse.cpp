// Scalars as Go reads them. Rows marked "asked" were put to the gateway (config-asked.json holds the rest of them).
#include "core/gateway/goparse.h"

#include <QTest>

#include <limits>

using namespace tokenlab;

namespace {
std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}
} // namespace

class TestGoParse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void durations_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<QByteArray>("error");
        const auto good = [](const char *text, qint64 ns) { QTest::newRow(text) << QByteArray(text) << ns << QByteArray(); };
        const auto bad = [](const char *text, const char *error) {
            QTest::newRow(text) << QByteArray(text) << qint64(0) << QByteArray(error);
        };
        good("0", 0);
        good("-0", 0);
        good("+5s", 5'000'000'000);
        good("1h2m3s4ms", 3'723'004'000'000);
        good("1.5h", 5'400'000'000'000);
        good(".5s", 500'000'000);
        good("1.s", 1'000'000'000);
        good("-1.5s", -1'500'000'000);
        good("5\xc2\xb5s", 5'000);
        good("5\xce\xbcs", 5'000);
        good("1s1s", 2'000'000'000);
        good("0.0000000001s", 0);
        good("1.99999999999999999999s", 2'000'000'000);
        good("2562047h47m16.854775807s", std::numeric_limits<qint64>::max());
        good("-9223372036854775808ns", std::numeric_limits<qint64>::min());
        bad("", "time: invalid duration");
        bad("+", "time: invalid duration");
        bad(".", "time: invalid duration");
        bad(".s", "time: invalid duration");
        bad("s", "time: invalid duration");
        bad("2562047h47m16.854775808s", "time: invalid duration");
        bad("9223372036854775809ns", "time: invalid duration");
        bad(" 2s", "time: invalid duration \"");
        bad("x \xc3\xa9 y", "time: invalid duration \"x \\xc3\\xa9");
        bad("\"a\" b", "time: invalid duration \"\\\"a\\\"");
        bad("2000", "time: missing unit in duration");
        bad("1.5", "time: missing unit in duration");
        bad("1 s", "time: unknown unit");
        bad("2S", "time: unknown unit");
        bad("1d", "time: unknown unit");
        bad("1e3s", "time: unknown unit");
    }
    void durations()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, error);
        const auto duration = gateway::parseDuration(view(text));
        QCOMPARE(duration.ok() ? QByteArray() : QByteArray(duration.error()), error);
        if (duration.ok())
            QTEST(qint64(*duration), "ns");
    }

    void integers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("result");
        for (const auto &[text, result] : std::initializer_list<std::pair<const char *, const char *>>{
                 {"0", "0"},
                 {"42", "42"},
                 {"+7", "7"},
                 {"-7", "-7"},
                 {"017", "15"},
                 {"0o17", "15"},
                 {"0b11", "3"},
                 {"0X1f", "31"},
                 {"1_000", "1000"},
                 {"0x_1", "1"},
                 {"0_7", "7"},
                 {"9223372036854775807", "9223372036854775807"},
                 {"-9223372036854775808", "-9223372036854775808"},
                 {"9223372036854775808", "strconv.ParseInt: value out of range"},
                 {"-9223372036854775809", "strconv.ParseInt: value out of range"},
                 {"99999999999999999999x", "strconv.ParseInt: value out of range"}, // noticed before the x
                 {"", "strconv.ParseInt: invalid syntax"},
                 {"-", "strconv.ParseInt: invalid syntax"},
                 {"0x", "strconv.ParseInt: invalid syntax"},
                 {"08", "strconv.ParseInt: invalid syntax"},
                 {"1__0", "strconv.ParseInt: invalid syntax"},
                 {"_1", "strconv.ParseInt: invalid syntax"},
                 {"1_", "strconv.ParseInt: invalid syntax"},
                 {"1.0", "strconv.ParseInt: invalid syntax"},
                 {"1e3", "strconv.ParseInt: invalid syntax"},
                 {" 1", "strconv.ParseInt: invalid syntax"},
                 {"\xd9\xa1", "strconv.ParseInt: invalid syntax"},
             })
            QTest::newRow(text) << QByteArray(text) << QByteArray(result);
    }
    void integers()
    {
        QFETCH(QByteArray, text);
        const auto number = gateway::parseInt(view(text));
        QTEST(number.ok() ? QByteArray::number(*number) : gateway::gatewayText(number.error(), "ParseInt"), "result");
    }

    void unsignedAreBounded()
    {
        QCOMPARE(*gateway::parseUint("65535", 16), 65535u);
        QVERIFY(!gateway::parseUint("65536", 16).ok());
        QCOMPARE(int(gateway::parseUint("65536", 16).error()), int(gateway::NumberError::Range));
        QCOMPARE(int(gateway::parseUint("-1", 16).error()), int(gateway::NumberError::Syntax));
        QCOMPARE(*gateway::parseUint("18446744073709551615", 64), std::numeric_limits<quint64>::max());
        QVERIFY(!gateway::parseUint("18446744073709551616", 64).ok());
    }

    void floats_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("result");
        for (const auto &[text, result] : std::initializer_list<std::pair<const char *, const char *>>{
                 {"1.5", "1.5"},
                 {"1_0.5", "10.5"},
                 {"0x1p4", "16"},
                 {".5", "0.5"},
                 {"5.", "5"},
                 {"1e-400", "0"},
                 {"-1e-400", "-0"},
                 {"1e400", "strconv.ParseFloat: value out of range"},
                 {"0x1", "strconv.ParseFloat: invalid syntax"},
                 {"1__0", "strconv.ParseFloat: invalid syntax"},
                 {".", "strconv.ParseFloat: invalid syntax"},
                 {"1e", "strconv.ParseFloat: invalid syntax"},
                 {"+nan", "strconv.ParseFloat: invalid syntax"},
                 {"x", "strconv.ParseFloat: invalid syntax"},
             })
            QTest::newRow(text) << QByteArray(text) << QByteArray(result);
    }
    void floats()
    {
        QFETCH(QByteArray, text);
        const auto number = gateway::parseFloat(view(text));
        QTEST(number.ok() ? gateway::formatPlain(*number) : gateway::gatewayText(number.error(), "ParseFloat"), "result");
    }

    void booleans()
    {
        for (const char *yes : {"1", "t", "T", "true", "TRUE", "True"})
            QVERIFY(*gateway::parseBool(yes));
        for (const char *no : {"0", "f", "F", "false", "FALSE", "False"})
            QVERIFY(!*gateway::parseBool(no));
        for (const char *neither : {"", "yes", "tRUE", "2", " true"})
            QVERIFY(!gateway::parseBool(neither).ok());
    }

    void truncation()
    {
        QCOMPARE(gateway::truncate(3.99), 3);
        QCOMPARE(gateway::truncate(-3.99), -3);
        QCOMPARE(gateway::truncate(1e19), std::numeric_limits<qint64>::min());
        QCOMPARE(gateway::truncate(-0x1p63), std::numeric_limits<qint64>::min());
    }

    void plainNumbers_data()
    {
        QTest::addColumn<double>("number");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("whole") << 5.0 << QByteArray("5");
        QTest::newRow("minus zero") << -0.0 << QByteArray("-0");
        QTest::newRow("small") << 5e-7 << QByteArray("0.0000005");
        QTest::newRow("asked: 23 digits") << 123456789012345678901234.0 << QByteArray("123456789012345690000000");
        QTest::newRow("asked: 1e22") << 1e22 << QByteArray("10000000000000000000000");
        QTest::newRow("fraction") << -123.456 << QByteArray("-123.456");
    }
    void plainNumbers()
    {
        QFETCH(double, number);
        QTEST(gateway::formatPlain(number), "text");
    }

    void overflow_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("found");
        QTest::newRow("none") << QByteArray("{\"a\":[1,-2.5e3,1e308]}") << QByteArray();
        QTest::newRow("in a string") << QByteArray("{\"1e400\":\"\\\"1e400\"}") << QByteArray();
        QTest::newRow("tiny") << QByteArray("[1e-400,0.0000e999999]") << QByteArray();
        QTest::newRow("first of two") << QByteArray("[1,-1e309,1e310]") << QByteArray("-1e309");
        QTest::newRow("many digits") << QByteArray("[1" + QByteArray(400, '0') + "]") << QByteArray('1' + QByteArray(400, '0'));
        QTest::newRow("many digits, tiny") << QByteArray("[0." + QByteArray(400, '0') + "1]") << QByteArray();
        QTest::newRow("long but small exponent") << QByteArray("[0." + QByteArray(400, '0') + "1e500]") << QByteArray();
    }
    void overflow()
    {
        QFETCH(QByteArray, json);
        const std::string_view found = gateway::firstOverflow(view(json));
        QTEST(QByteArray(found.data(), qsizetype(found.size())), "found");
    }

    void floatNumbers()
    {
        QCOMPARE(gateway::withFloatNumbers("{\"a\":[5.0,1e2,\"5.0\",-0,1E400e]"), QByteArray("{\"a\":[5,100,\"5.0\",-0,0]"));
        QCOMPARE(gateway::withFloatNumbers("[1735689600,1e21,5e-7,123456789012345678901]"),
                 QByteArray("[1735689600,1e+21,5e-7,123456789012345680000]"));
    }
};

QTEST_GUILESS_MAIN(TestGoParse)
#include "tst_goparse.moc"
