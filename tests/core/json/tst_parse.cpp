#include "core/json/parse.h"
#include "core/json/writer.h"

#include <QTest>

#include <cmath>

using namespace tokenlab::json;

namespace {

QByteArray verdict(const QByteArray &text, const Policy &policy)
{
    const auto result = parse(text, policy);
    return result ? "ok " + write(result->root()) : gatewayText(result.error());
}

} // namespace

class TestParse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("standard");
        QTest::addColumn<QByteArray>("stream");
        QTest::newRow("sorted, last duplicate wins (§4.3)")
            << QByteArray(R"({"b":1,"a":2,"b":{"c":3}})") << QByteArray(R"(ok {"a":2,"b":{"c":3}})")
            << QByteArray(R"(ok {"a":2,"b":{"c":3}})");
        QTest::newRow("bytewise order (§5)") << QByteArray("{\"\xC3\xA9\":6,\"aa\":5,\"a\":4,\"A\":3,\"\\u0000\":2,\"\":1}")
                                             << QByteArray("ok {\"\":1,\"\\u0000\":2,\"A\":3,\"a\":4,\"aa\":5,\"\xC3\xA9\":6}")
                                             << QByteArray("ok {\"\":1,\"\\u0000\":2,\"A\":3,\"a\":4,\"aa\":5,\"\xC3\xA9\":6}");
        QTest::newRow("numbers keep their text (§5)")
            << QByteArray("[1.0,-0,1E400,1e5]") << QByteArray("ok [1.0,-0,1E400,1e5]") << QByteArray("ok [1.0,-0,1E400,1e5]");
        QTest::newRow("text after the value") << QByteArray("{} x") << QByteArray("invalid character 'x' after top-level value")
                                              << QByteArray("ok {}");
        QTest::newRow("number runs into a letter")
            << QByteArray("1x") << QByteArray("invalid character 'x' after top-level value") << QByteArray("ok 1");
        QTest::newRow("empty") << QByteArray() << QByteArray("unexpected end of JSON input") << QByteArray("EOF");
        QTest::newRow("null array") << QByteArray(nullptr, 0) << QByteArray("unexpected end of JSON input") << QByteArray("EOF");
        QTest::newRow("blanks only") << QByteArray(" \n") << QByteArray("unexpected end of JSON input") << QByteArray("EOF");
        QTest::newRow("NUL byte") << QByteArray("[1,\0]", 5) << QByteArray(R"(invalid character '\x00' looking for beginning of value)")
                                  << QByteArray(R"(invalid character '\x00' looking for beginning of value)");
        QTest::newRow("NUL after the value") << QByteArray("[]\0", 3) << QByteArray(R"(invalid character '\x00' after top-level value)")
                                             << QByteArray("ok []");
        QTest::newRow("lone surrogate and broken UTF-8 are repaired")
            << QByteArray("[\"\\ud800\",\"\xE2\x82\",\"\xFF\"]") << QByteArray("ok [\"\uFFFD\",\"\uFFFD\uFFFD\",\"\uFFFD\"]")
            << QByteArray("ok [\"\uFFFD\",\"\uFFFD\uFFFD\",\"\uFFFD\"]");
    }
    void texts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, standard);
        QFETCH(QByteArray, stream);
        QCOMPARE(verdict(text, Policy::standard()), standard);
        QCOMPARE(verdict(text, Policy::stream()), stream);
    }

    void strict_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("kind"); // -1: accepted
        QTest::addColumn<qsizetype>("offset");
        QTest::newRow("good") << QByteArray("{\"a\":\"\xC3\xA9\\ud83d\\ude00\"}") << -1 << qsizetype(0);
        QTest::newRow("duplicate") << QByteArray(R"({"a":1,"a":2})") << int(SyntaxError::DuplicateMember) << qsizetype(7);
        QTest::newRow("nested duplicate") << QByteArray(R"({"x":[{"a":1,"a":2}]})") << int(SyntaxError::DuplicateMember) << qsizetype(13);
        QTest::newRow("duplicate by escape") << QByteArray(R"({"a":1,"\u0061":2})") << int(SyntaxError::DuplicateMember) << qsizetype(7);
        QTest::newRow("bad UTF-8") << QByteArray("[\"ab\xFF\"]") << int(SyntaxError::InvalidUtf8) << qsizetype(4);
        QTest::newRow("bad UTF-8 in a name") << QByteArray("{\"\xED\xA0\x80\":1}") << int(SyntaxError::InvalidUtf8) << qsizetype(2);
        QTest::newRow("lone surrogate") << QByteArray(R"(["x\ud800"])") << int(SyntaxError::InvalidUtf8) << qsizetype(3);
        QTest::newRow("depth 512") << QByteArray(512, '[') + QByteArray(512, ']') << -1 << qsizetype(0);
        QTest::newRow("depth 513") << QByteArray(513, '[') + QByteArray(513, ']') << int(SyntaxError::MaxDepth) << qsizetype(512);
    }
    void strict()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, kind);
        QFETCH(qsizetype, offset);
        const auto result = parse(text, Policy::strict());
        QCOMPARE(result ? -1 : int(result.error().kind), kind);
        if (!result)
            QCOMPARE(result.error().offset, offset);
    }

    void duplicates_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("the first repetition in the text is named")
            << QByteArray(R"({"z":1,"b":1,"b":2,"z":2})") << QByteArray("json: duplicate key 'b' in object");
        QTest::newRow("nested ones do not count") << QByteArray(R"({"a":{"b":1,"b":2},"c":[{"d":1,"d":2}]})") << QByteArray();
        QTest::newRow("names of an outer and an inner object are apart") << QByteArray(R"({"a":{"a":{"a":1}}})") << QByteArray();
        QTest::newRow("syntax comes first") << QByteArray(R"({"a":1,"a":2)") << QByteArray("unexpected end of JSON input");
    }
    void duplicates()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, error);
        const auto result = parse(text, Policy::joseFork());
        QCOMPARE(result ? QByteArray() : gatewayText(result.error()), error);
    }

    // Cut at each byte, a document ends too early or complains of the blank that Go feeds its scanner; it is never accepted.
    void truncated()
    {
        const QByteArray text = "{\"a\":[true,false,null,-1.5e+30,\"x\\n\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":{}}}";
        for (qsizetype n = 0; n < text.size(); ++n) {
            const QByteArray cut = text.left(n);
            const auto standard = parse(cut);
            QVERIFY2(!standard.ok(), cut.constData());
            const QByteArray words = gatewayText(standard.error());
            QVERIFY2(words == "unexpected end of JSON input" || words.startsWith("invalid character ' ' "), words.constData());
            QCOMPARE(standard.error().offset, n);
            const auto stream = parse(cut, Policy::stream());
            QVERIFY(!stream.ok());
            QCOMPARE(gatewayText(stream.error()), QByteArray(n == 0 ? "EOF" : "unexpected EOF"));
        }
        QVERIFY(parse(text).ok());
    }

    // Bytes that are not followed by a NUL, as a memory-mapped file's: nothing behind them may be looked at (the sanitizers watch).
    void exactBuffers()
    {
        const QByteArray text = "{\"a\":[true,12,\"0123456789abcdef\xC3\xA9\",\"\\u00e9\\ud83d\\ude00\"]}";
        for (qsizetype n = 0; n <= text.size(); ++n) {
            const std::unique_ptr<char[]> copy(new char[std::size_t(n)]);
            memcpy(copy.get(), text.constData(), std::size_t(n));
            QCOMPARE(parse(QByteArray::fromRawData(copy.get(), n)).ok(), n == text.size());
        }
    }

    void depth_data()
    {
        QTest::addColumn<int>("depth");
        QTest::addColumn<int>("limit");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("10000 of 10000") << 10000 << 10000 << true;
        QTest::newRow("10001 of 10000") << 10001 << 10000 << false;
        QTest::newRow("100000 of 10000") << 100000 << 10000 << false;
        QTest::newRow("100000 without a limit") << 100000 << 0 << true;
        QTest::newRow("1000000 without a limit") << 1000000 << 0 << true;
    }
    void depth()
    {
        QFETCH(int, depth);
        QFETCH(int, limit);
        QFETCH(bool, accepted);
        Policy policy;
        policy.maxDepth = limit;
        const QByteArray arrays = QByteArray(depth, '[') + QByteArray(depth, ']');
        const QByteArray objects = QByteArray("{\"a\":").repeated(depth - 1) + "{}" + QByteArray(depth - 1, '}');
        for (const QByteArray &text : {arrays, objects}) {
            const auto result = parse(text, policy);
            QCOMPARE(result.ok(), accepted);
            if (accepted)
                QCOMPARE(write(result->root()), text);
            else
                QCOMPARE(result.error().kind, SyntaxError::MaxDepth);
        }
        QVERIFY(!parse(QByteArray(depth, '['), policy).ok());
    }

    void large()
    {
        QByteArray text = "{\"items\":[";
        for (int i = 0; text.size() < 10 * 1024 * 1024; ++i)
            text += (i ? ",{\"id\":" : "{\"id\":") + QByteArray::number(i) + ",\"name\":\"n\xC3\xA9\\u00e9<" + QByteArray::number(i) +
                    "\",\"tags\":[true,null]}";
        text += "]}";
        const auto result = parse(text);
        QVERIFY(result.ok());
        const QByteArray once = write(result->root());
        const auto again = parse(once);
        QVERIFY(again.ok());
        QVERIFY(write(again->root()) == once);
        const QByteArray one = '"' + QByteArray(10 * 1024 * 1024, 'x') + '"';
        QVERIFY(write(parse(one)->root()) == one);
        const QByteArray broken = '"' + QByteArray(1024 * 1024, '\xFF') + '"';
        QCOMPARE(parse(broken)->root().text().size(), std::size_t(3 * 1024 * 1024));
        // Many names, the wrong way round.
        QByteArray names = "{";
        for (int i = 200000; i > 0; --i)
            names += '"' + QByteArray::number(i % 100000 + 100000) + "\":" + QByteArray::number(i) + (i > 1 ? "," : "}");
        const auto sorted = parse(names);
        QCOMPARE(sorted->root().size(), std::size_t(100000));
        QCOMPARE(sorted->root().find("100001").text(), std::string_view("1"));
        QVERIFY(!sorted->root().find("x").exists());
    }

    void values()
    {
        const auto result = parse(R"({"n":12.5,"s":"\u0061b","t":true,"f":false,"z":null,"a":[1,[2]],"o":{"k":"v"}})");
        QVERIFY(result.ok());
        const Value root = result->root();
        QVERIFY(root.isObject() && root.isMap() && !root.isNilMap());
        QCOMPARE(root.size(), std::size_t(7));
        QCOMPARE(root.members().front().name, std::string_view("a"));
        QCOMPARE(root.find("n").toDouble(), 12.5);
        QCOMPARE(root.find("n").text(), std::string_view("12.5"));
        QCOMPARE(root.find("s").bytes(), QByteArray("ab"));
        QVERIFY(root.find("t").asBool() && !root.find("f").asBool() && !root.find("n").asBool());
        QVERIFY(root.find("z").exists() && root.find("z").isNull());
        QCOMPARE(root.find("a").at(1).at(0).text(), std::string_view("2"));
        QVERIFY(!root.find("a").at(2).exists() && !root.find("none").exists() && root.find("none").isNull());
        QVERIFY(!root.find("s").isMap() && root.find("s").elements().empty() && root.find("s").members().empty());
        QCOMPARE(Value().toDouble(), 0.0);
    }

    void doubles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("number");
        QTest::newRow("too large") << QByteArray("1e400") << HUGE_VAL;
        QTest::newRow("too large, negative") << QByteArray("-123456e999999999999999999") << -HUGE_VAL;
        QTest::newRow("too large without an exponent") << '1' + QByteArray(400, '0') << HUGE_VAL;
        QTest::newRow("too small") << QByteArray("1e-400") << 0.0;
        QTest::newRow("too small in zeros") << "0." + QByteArray(400, '0') + '1' << 0.0;
        QTest::newRow("denormal") << QByteArray("5e-324") << 5e-324;
        QTest::newRow("zero with an exponent") << QByteArray("0e999") << 0.0;
        QTest::newRow("long") << QByteArray("123456789012345678901234567890") << 123456789012345678901234567890.0;
    }
    void doubles()
    {
        QFETCH(QByteArray, text);
        QFETCH(double, number);
        const auto result = parse(text);
        QVERIFY(result.ok());
        QVERIFY(result->root().toDouble() == number);
    }

    void positions_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qsizetype>("offset");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("start") << QByteArray("{}") << qsizetype(0) << 1 << 1;
        QTest::newRow("behind a line feed") << QByteArray("{\n }") << qsizetype(3) << 2 << 2;
        QTest::newRow("CRLF counts once") << QByteArray("{\r\n\r\n}") << qsizetype(5) << 3 << 1;
        QTest::newRow("CR alone") << QByteArray("{\r}") << qsizetype(2) << 2 << 1;
        QTest::newRow("code points") << QByteArray("\"\xC3\xA9\xF0\x9F\x98\x80\"x") << qsizetype(8) << 1 << 5;
        QTest::newRow("behind the end") << QByteArray("ab") << qsizetype(99) << 1 << 3;
        QTest::newRow("before the start") << QByteArray("ab") << qsizetype(-1) << 1 << 1;
    }
    void positions()
    {
        QFETCH(QByteArray, text);
        QFETCH(qsizetype, offset);
        const Position position = positionOf(text, offset);
        QTEST(position.line, "line");
        QTEST(position.column, "column");
    }

    // The document keeps what its values point into.
    void lifetime()
    {
        Document document;
        {
            QByteArray text = R"({"a":"plain","b":"esc\u0061ped"})";
            document = *parse(text);
            text.fill('x');
        }
        QCOMPARE(write(document.root()), QByteArray(R"({"a":"plain","b":"escaped"})"));
        Arena arena;
        arena.keep(document.arena());
        const Value both[] = {document.root(), arena.string("more")};
        const Value list = arena.array(both);
        document = Document();
        QCOMPARE(write(list), QByteArray(R"([{"a":"plain","b":"escaped"},"more"])"));
    }
};

QTEST_GUILESS_MAIN(TestParse)
#include "tst_parse.moc"
