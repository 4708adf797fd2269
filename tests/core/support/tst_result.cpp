// Result<T, E>: a value or an error, never both, also where the two types are alike.
#include "core/support/result.h"

#include <QString>
#include <QtTest>

#include <memory>

using namespace tokenlab;

namespace {

struct ParseError {
    enum Kind { Empty, NotANumber, TooLarge };
    Kind kind;
    qsizetype at;
    bool operator==(const ParseError &) const = default;
};

Result<int, ParseError> parse(const QString &text)
{
    if (text.isEmpty())
        return fail(ParseError{ParseError::Empty, 0});
    int number = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int digit = text[i].digitValue();
        if (digit < 0)
            return fail(ParseError{ParseError::NotANumber, i});
        if (number > 999)
            return fail(ParseError{ParseError::TooLarge, i});
        number = number * 10 + digit;
    }
    return number;
}

} // namespace

class TestResult : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data();
    void values();
    void errors_data();
    void errors();
    void sameTypes();
    void movesOut();
    void copies();
    void withoutValue();
};

void TestResult::values_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("value");
    QTest::newRow("zero is a value, not a failure") << QStringLiteral("0") << 0;
    QTest::newRow("several digits") << QStringLiteral("4096") << 4096;
}

void TestResult::values()
{
    QFETCH(const QString, text);
    const Result<int, ParseError> result = parse(text);
    QVERIFY(result.ok());
    QVERIFY(static_cast<bool>(result));
    QTEST(result.value(), "value");
    QTEST(*result, "value");
}

void TestResult::errors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<qsizetype>("at");
    QTest::newRow("empty") << QString() << int(ParseError::Empty) << qsizetype(0);
    QTest::newRow("a letter") << QStringLiteral("12x") << int(ParseError::NotANumber) << qsizetype(2);
    QTest::newRow("too large") << QStringLiteral("12345") << int(ParseError::TooLarge) << qsizetype(4);
}

void TestResult::errors()
{
    QFETCH(const QString, text);
    const Result<int, ParseError> result = parse(text);
    QVERIFY(!result.ok());
    QVERIFY(!static_cast<bool>(result));
    QTEST(int(result.error().kind), "kind");
    QTEST(result.error().at, "at");
}

void TestResult::sameTypes()
{
    const Result<QString, QString> good = QStringLiteral("text");
    const Result<QString, QString> bad = fail(QStringLiteral("text"));
    QVERIFY(good.ok());
    QVERIFY(!bad.ok());
    QCOMPARE(good.value(), bad.error());
}

void TestResult::movesOut()
{
    Result<std::unique_ptr<int>, ParseError> result = std::make_unique<int>(7);
    QCOMPARE(**result, 7);
    const std::unique_ptr<int> taken = std::move(result).value();
    QCOMPARE(*taken, 7);
    QVERIFY(!result.value());
}

void TestResult::copies()
{
    const Result<QString, ParseError> first = QStringLiteral("a");
    Result<QString, ParseError> second = first;
    second.value() += QStringLiteral("b");
    QCOMPARE(first->size(), 1);
    QCOMPARE(second->size(), 2);
}

void TestResult::withoutValue()
{
    const Result<void, ParseError> good;
    const Result<void, ParseError> bad = fail(ParseError{ParseError::Empty, 3});
    QVERIFY(good.ok());
    QVERIFY(!bad.ok());
    QCOMPARE(bad.error().at, 3);
}

QTEST_GUILESS_MAIN(TestResult)
#include "tst_result.moc"
