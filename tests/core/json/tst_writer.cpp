#include "core/json/parse.h"
#include "core/json/writer.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <limits>

using namespace tokenlab::json;

namespace {

// A random value, and the same as JSON text written with random escapes, blanks and order.
class Maker
{
public:
    explicit Maker(quint32 seed) : m_random(seed) {}

    QByteArray text(int depth)
    {
        switch (m_random.bounded(depth > 0 ? 8 : 5)) {
        case 0:
            return "null";
        case 1:
            return m_random.bounded(2) ? "true" : "false";
        case 2:
            return number();
        case 3:
        case 4:
            return string();
        case 5:
        case 6: {
            QByteArray out = "{" + blanks();
            const int count = m_random.bounded(m_random.bounded(10) ? 6 : 60);
            for (int i = 0; i < count; ++i)
                out += (i ? "," + blanks() : QByteArray()) + string() + blanks() + ":" + blanks() + text(depth - 1) + blanks();
            return out + "}";
        }
        default: {
            QByteArray out = "[" + blanks();
            const int count = m_random.bounded(6);
            for (int i = 0; i < count; ++i)
                out += (i ? "," + blanks() : QByteArray()) + text(depth - 1) + blanks();
            return out + "]";
        }
        }
    }

private:
    QByteArray blanks()
    {
        QByteArray out;
        while (!m_random.bounded(3))
            out += " \n\r\t"[m_random.bounded(4)];
        return m_random.bounded(20) ? out : out + QByteArray(40, ' ');
    }
    QByteArray number()
    {
        QByteArray out = m_random.bounded(2) ? "-" : "";
        out += m_random.bounded(3) ? QByteArray::number(m_random.bounded(1, 1000000)) : QByteArray("0");
        if (m_random.bounded(2))
            out += '.' + QByteArray::number(m_random.bounded(1000));
        if (!m_random.bounded(3))
            out += QByteArray(m_random.bounded(2) ? "e" : "E+") + QByteArray::number(m_random.bounded(400));
        return out;
    }
    QByteArray string()
    {
        static const QByteArray pieces[] = {
            "a",   "b",    "key",  "0123456789abcdef", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xE2\x80\xA8", "<",    ">&",       "/",    "\\/",
            "\\n", "\\\"", "\\\\", "\\u0000",          "\\u00e9",  "\\ud83d\\ude00",   "\\ud800",      "\xFF", "\xE2\x82", "\x7F", "'",
            " "};
        QByteArray out = "\"";
        for (int i = m_random.bounded(m_random.bounded(8) ? 5 : 40); i > 0; --i)
            out += pieces[std::size_t(m_random.bounded(int(std::size(pieces))))];
        return out + "\"";
    }
    QRandomGenerator m_random;
};

bool same(Value a, Value b)
{
    if (a.type() != b.type() || a.text() != b.text() || a.asBool() != b.asBool() || a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a.isArray() ? !same(a.at(i), b.at(i))
                        : a.members()[i].name != b.members()[i].name || !same(a.members()[i].value, b.members()[i].value))
            return false;
    }
    return true;
}

} // namespace

class TestWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strings_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("standard");
        QTest::addColumn<QByteArray>("fork");
        QTest::addColumn<QByteArray>("minimal");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &standard, const QByteArray &fork,
                            const QByteArray &minimal) { QTest::newRow(name) << text << standard << fork << minimal; };
        row("plain", "abc", "\"abc\"", "\"abc\"", "\"abc\"");
        row("empty", "", "\"\"", "\"\"", "\"\"");
        row("quotes", "\"\\/'", "\"\\\"\\\\/'\"", "\"\\\"\\\\/'\"", "\"\\\"\\\\/'\"");
        row("line ends", "\n\r\t", "\"\\n\\r\\t\"", "\"\\n\\r\\t\"", "\"\\n\\r\\t\"");
        row("b and f (§5)", "\b\f", "\"\\b\\f\"", "\"\\u0008\\u000c\"", "\"\\b\\f\"");
        row("controls", QByteArray("\0\x01\x1f\x7f", 4), QByteArray("\"\\u0000\\u0001\\u001f\x7f\""),
            QByteArray("\"\\u0000\\u0001\\u001f\x7f\""), QByteArray("\"\\u0000\\u0001\\u001f\x7f\""));
        row("HTML", "a<b>&", "\"a\\u003cb\\u003e\\u0026\"", "\"a\\u003cb\\u003e\\u0026\"", "\"a<b>&\"");
        row("separators", "\u2027\u2028\u2029\u202a", "\"\u2027\\u2028\\u2029\u202a\"", "\"\u2027\\u2028\\u2029\u202a\"",
            "\"\u2027\u2028\u2029\u202a\"");
        row("UTF-8", "\u00e9\u20ac\U0001F600", "\"\u00e9\u20ac\U0001F600\"", "\"\u00e9\u20ac\U0001F600\"", "\"\u00e9\u20ac\U0001F600\"");
        row("bad UTF-8, a byte each", "\xFFx\xE2\x82", "\"\\ufffdx\\ufffd\\ufffd\"", "\"\\ufffdx\\ufffd\\ufffd\"",
            "\"\\ufffdx\\ufffd\\ufffd\"");
        row("replacement character itself", "\uFFFD", "\"\uFFFD\"", "\"\uFFFD\"", "\"\uFFFD\"");
        row("late in a long text", QByteArray(40, 'x') + "<" + QByteArray(40, 'y'),
            '"' + QByteArray(40, 'x') + "\\u003c" + QByteArray(40, 'y') + '"',
            '"' + QByteArray(40, 'x') + "\\u003c" + QByteArray(40, 'y') + '"', '"' + QByteArray(40, 'x') + "<" + QByteArray(40, 'y') + '"');
    }
    void strings()
    {
        QFETCH(QByteArray, text);
        const std::string_view view(text.constData(), std::size_t(text.size()));
        const auto written = [&](Escapes escapes) {
            QByteArray out = "=";
            appendString(out, view, escapes);
            return out.mid(1);
        };
        QTEST(written(Escapes::Standard), "standard");
        QTEST(written(Escapes::JoseFork), "fork");
        QTEST(written(Escapes::Minimal), "minimal");
        // The same as a value and as a name.
        Arena arena;
        const Member member{view, arena.stringView(view)};
        QByteArray expected;
        appendString(expected, view);
        QCOMPARE(write(arena.object({&member, 1})), '{' + expected + ':' + expected + '}');
    }

    void everyByteAtEveryPlace()
    {
        for (int c = 0; c < 256; ++c) {
            QByteArray one;
            const char byte = char(c);
            appendString(one, std::string_view(&byte, 1));
            one = one.mid(1, one.size() - 2);
            for (int before = 0; before < 34; ++before) {
                const QByteArray text = QByteArray(before, 'x') + byte + QByteArray(34 - before, 'y');
                QByteArray out;
                appendString(out, std::string_view(text.constData(), std::size_t(text.size())));
                QCOMPARE(out, '"' + QByteArray(before, 'x') + one + QByteArray(34 - before, 'y') + '"');
            }
        }
    }

    void made()
    {
        Arena arena;
        QCOMPARE(write(Value()), QByteArray("null"));
        QCOMPARE(write(arena.nilMap()), QByteArray("null"));
        QVERIFY(arena.nilMap().isObject() && arena.nilMap().isMap() && arena.nilMap().isNilMap());
        QCOMPARE(write(arena.object({})), QByteArray("{}"));
        QCOMPARE(write(arena.array({})), QByteArray("[]"));
        const Member members[] = {{"b", arena.number("1.50")}, {"a", arena.boolean(true)}, {"b", arena.null()}};
        QCOMPARE(write(arena.object(members)), QByteArray(R"({"a":true,"b":null})"));
        const Value opaque = arena.opaqueObject(members);
        QCOMPARE(write(opaque), QByteArray(R"({"b":1.50,"a":true,"b":null})"));
        QVERIFY(opaque.isObject() && !opaque.isMap());
        QCOMPARE(opaque.find("a").asBool(), true);
        QVERIFY(!opaque.find("c").exists());
        QCOMPARE(write(arena.opaqueObject({})), QByteArray("{}"));
        // A string is signed in place of an object: names and values may be mixed freely, their escapes are their own.
        const auto document = parse(R"({"plain":"x","odd<":"y>"})");
        const Member mixed[] = {{"odd<", document->root().find("plain")}, {"plain", document->root().find("odd<")}};
        QCOMPARE(write(arena.object(mixed)), QByteArray(R"({"odd\u003c":"x","plain":"y\u003e"})"));
        QByteArray out = "before ";
        append(out, opaque);
        QCOMPARE(out, QByteArray(R"(before {"b":1.50,"a":true,"b":null})"));
    }

    void pretty()
    {
        QCOMPARE(writePretty(parse(R"({"b":[1,[],{}],"a":{"x":"<"}})")->root()),
                 QByteArray("{\n  \"a\": {\n    \"x\": \"\\u003c\"\n  },\n  \"b\": [\n    1,\n    [],\n    {}\n  ]\n}"));
        QCOMPARE(writePretty(parse("1")->root()), QByteArray("1"));
    }

    void floats_data()
    {
        QTest::addColumn<double>("number");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](double number, const char *text) { QTest::newRow(text) << number << QByteArray(text); };
        row(0.0, "0");
        row(-0.0, "-0");
        row(1735689600, "1735689600");
        row(0.1, "0.1");
        row(-2.5, "-2.5");
        row(1e21, "1e+21");
        row(-1.25e21, "-1.25e+21");
        row(999999999999999900000.0, "999999999999999900000");
        row(123456789012345680000.0, "123456789012345680000");
        row(1e-6, "0.000001");
        row(0.00000123, "0.00000123");
        row(9.9e-7, "9.9e-7");
        row(1e-9, "1e-9");
        row(1e-10, "1e-10");
        row(5e-324, "5e-324");
        row(1.7976931348623157e308, "1.7976931348623157e+308");
        row(1.0 / 3, "0.3333333333333333");
        row(100.5, "100.5");
        row(9007199254740993.0, "9007199254740992");
    }
    void floats()
    {
        QFETCH(double, number);
        QTEST(formatFloat(number), "text");
    }
    void floatsThatAreRefused()
    {
        QVERIFY(formatFloat(std::numeric_limits<double>::quiet_NaN()).isEmpty());
        QVERIFY(formatFloat(std::numeric_limits<double>::infinity()).isEmpty());
    }

    // What is written reads back as the same value and writes as the same bytes.
    void roundTrip()
    {
        const quint32 seed = qEnvironmentVariableIsSet("TOKENLAB_SEED") ? qEnvironmentVariable("TOKENLAB_SEED").toUInt()
                                                                        : QRandomGenerator::global()->generate();
        qInfo("TOKENLAB_SEED=%u", seed);
        Maker maker(seed);
        for (int i = 0; i < 3000; ++i) {
            const QByteArray text = maker.text(4);
            const auto result = parse(text);
            QVERIFY2(result.ok(), text.constData());
            for (const Escapes escapes : {Escapes::Standard, Escapes::JoseFork, Escapes::Minimal}) {
                const QByteArray once = write(result->root(), escapes);
                const auto again = parse(once, Policy::standard());
                QVERIFY2(again.ok(), once.constData());
                QVERIFY2(same(result->root(), again->root()), text.constData());
                QCOMPARE(write(again->root(), escapes), once);
            }
            const auto spaced = parse(writePretty(result->root()));
            QVERIFY(spaced.ok());
            QVERIFY2(same(result->root(), spaced->root()), text.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestWriter)
#include "tst_writer.moc"
