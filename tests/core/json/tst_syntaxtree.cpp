#include "core/json/syntaxtree.h"
#include "core/json/writer.h"

#include <QRandomGenerator>
#include <QTest>

using namespace tokenlab::json;

namespace {

SyntaxTree treeOf(const QByteArray &text)
{
    auto result = SyntaxTree::parse(text);
    return result ? std::move(result).value() : *SyntaxTree::parse("null");
}

QByteArray written(const QByteArray &text)
{
    const auto result = parse(text);
    return result ? write(result->root()) : QByteArray();
}

} // namespace

class TestSyntaxTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nodes()
    {
        const QByteArray text = " {\"a\" : [1, {\"b\":null}],\n \"\\u0061\": \"x\"} ";
        const SyntaxTree tree = treeOf(text);
        QCOMPARE(tree.source(), text);
        QCOMPARE(tree.root().type, Type::Object);
        QCOMPARE(tree.root().range, (Range{1, text.size() - 1}));
        QCOMPARE(tree.root().children.size(), std::size_t(2)); // duplicates included
        const SyntaxTree::Node &first = tree.node(tree.root().children[0]);
        QCOMPARE(text.mid(first.nameRange.begin, first.nameRange.length()), QByteArray("\"a\""));
        QCOMPARE(text.mid(first.range.begin, first.range.length()), QByteArray("[1, {\"b\":null}]"));
        const SyntaxTree::Node &second = tree.node(tree.root().children[1]);
        QCOMPARE(second.name, QByteArray("a"));
        QCOMPARE(second.parent, 0);
    }

    void refused()
    {
        const auto result = SyntaxTree::parse("{\"a\":1,}");
        QVERIFY(!result.ok());
        QCOMPARE(gatewayText(result.error()), QByteArray("invalid character '}' looking for beginning of object key string"));
        QCOMPARE(result.error().offset, qsizetype(7));
        QVERIFY(!SyntaxTree::parse("{\"a\":1,\"a\":1}", Policy::joseFork()).ok());
        QVERIFY(SyntaxTree::parse("{} x", Policy::stream()).ok());
    }

    void deep()
    {
        Policy policy;
        policy.maxDepth = 0;
        const QByteArray text = QByteArray(100000, '[') + QByteArray(100000, ']');
        const auto result = SyntaxTree::parse(text, policy);
        QVERIFY(result.ok());
        QCOMPARE(result->size(), 100000);
        QCOMPARE(result->find(result->pointerOf(99999)), 99999);
        QCOMPARE(result->at(99999), 99999);
        QVERIFY(!SyntaxTree::parse(text).ok());
    }

    void find_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("value"); // empty: no such place
        // RFC 6901 §5
        QTest::newRow("the whole") << QByteArray("") << QByteArray("whole");
        QTest::newRow("/foo/0") << QByteArray("/foo/0") << QByteArray("\"bar\"");
        QTest::newRow("empty name") << QByteArray("/") << QByteArray("0");
        QTest::newRow("~1") << QByteArray("/a~1b") << QByteArray("1");
        QTest::newRow("~0") << QByteArray("/m~0n") << QByteArray("8");
        QTest::newRow("quote") << QByteArray("/k\"l") << QByteArray("6");
        QTest::newRow("~01 is ~1") << QByteArray("/x~01") << QByteArray("9");
        QTest::newRow("the last duplicate") << QByteArray("/d/v") << QByteArray("3");
        QTest::newRow("no slash") << QByteArray("foo") << QByteArray();
        QTest::newRow("leading zero") << QByteArray("/foo/00") << QByteArray();
        QTest::newRow("behind the last") << QByteArray("/foo/2") << QByteArray();
        QTest::newRow("the new element") << QByteArray("/foo/-") << QByteArray();
        QTest::newRow("sign") << QByteArray("/foo/+1") << QByteArray();
        QTest::newRow("huge index") << QByteArray("/foo/18446744073709551616") << QByteArray();
        QTest::newRow("bad escape") << QByteArray("/m~2n") << QByteArray();
        QTest::newRow("cut escape") << QByteArray("/m~") << QByteArray();
        QTest::newRow("into a text") << QByteArray("/foo/0/x") << QByteArray();
        QTest::newRow("missing") << QByteArray("/nope") << QByteArray();
    }
    void find()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, value);
        const QByteArray text =
            "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"k\\\"l\":6,\"m~n\":8,\"x~1\":9,\"d\":{\"v\":1},\"d\":{\"v\":2,\"v\":3}}";
        const SyntaxTree tree = treeOf(text);
        const int index = tree.find(pointer);
        if (value.isEmpty()) {
            QCOMPARE(index, -1);
            return;
        }
        QVERIFY(index >= 0);
        const Range range = tree.node(index).range;
        QCOMPARE(text.mid(range.begin, range.length()), value == "whole" ? text : value);
        QCOMPARE(tree.pointerOf(index), pointer);
    }

    void at_data()
    {
        QTest::addColumn<qsizetype>("offset");
        QTest::addColumn<QByteArray>("pointer"); // "-": nothing there
        //                                      0         1         2
        //                                      0123456789012345678901234
        // text                                ` {"ab": [10, {}], "c":1} `
        QTest::newRow("before") << qsizetype(0) << QByteArray("-");
        QTest::newRow("brace") << qsizetype(1) << QByteArray("");
        QTest::newRow("name") << qsizetype(3) << QByteArray("/ab");
        QTest::newRow("colon") << qsizetype(6) << QByteArray("");
        QTest::newRow("array bracket") << qsizetype(8) << QByteArray("/ab");
        QTest::newRow("number") << qsizetype(10) << QByteArray("/ab/0");
        QTest::newRow("comma in the array") << qsizetype(11) << QByteArray("/ab");
        QTest::newRow("inner object") << qsizetype(14) << QByteArray("/ab/1");
        QTest::newRow("second name") << qsizetype(19) << QByteArray("/c");
        QTest::newRow("last brace") << qsizetype(23) << QByteArray("");
        QTest::newRow("behind") << qsizetype(24) << QByteArray("-");
    }
    void at()
    {
        QFETCH(qsizetype, offset);
        QFETCH(QByteArray, pointer);
        const SyntaxTree tree = treeOf(" {\"ab\": [10, {}], \"c\":1} ");
        const int index = tree.at(offset);
        QCOMPARE(index < 0 ? QByteArray("-") : tree.pointerOf(index), pointer);
    }

    void edits_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("edit"); // what, pointer, arguments
        QTest::addColumn<QByteArray>("after");
        const auto row = [](const char *name, const char *text, const char *edit, const char *after) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(edit) << QByteArray(after);
        };
        row("member, one line", R"({"a":1})", "member||b|2", R"({"a":1,"b":2})");
        row("member, one line with blanks", R"({"a": 1, "c": 3})", "member||b|2", R"({"a": 1, "c": 3, "b": 2})");
        row("member, single with blanks after colons", R"({"a": 1})", "member||b|2", R"({"a": 1, "b": 2})");
        row("member, blanks inside braces", R"({ "a": 1 })", "member||b|2", R"({ "a": 1, "b": 2 })");
        row("member, lines", "{\n  \"a\": 1\n}\n", "member||b|2", "{\n  \"a\": 1,\n  \"b\": 2\n}\n");
        row("member, tabs and CRLF", "{\r\n\t\"a\": 1\r\n}\r\n", "member||b|2", "{\r\n\t\"a\": 1,\r\n\t\"b\": 2\r\n}\r\n");
        row("member, blank before the colon", "{\n  \"a\" : 1\n}", "member||b|2", "{\n  \"a\" : 1,\n  \"b\" : 2\n}");
        row("member, empty text", "{}", "member||a|1", "{\"a\": 1}");
        row("member, empty over two lines", "{\n}", "member||a|1", "{\n  \"a\": 1\n}");
        row("member, empty beside lines", "{\n    \"o\": {}\n}", "member|/o|a|1", "{\n    \"o\": {\n        \"a\": 1\n    }\n}");
        row("member, empty beside lines, CRLF", "{\r\n  \"o\": { }\r\n}", "member|/o|a|1", "{\r\n  \"o\": {\r\n    \"a\": 1\r\n  }\r\n}");
        row("member, empty in one line", R"({"o":{},"p":1})", "member|/o|a|1", R"({"o":{"a":1},"p":1})");
        row("member, empty in an array of lines", "[\n {}\n]", "member|/0|a|1", "[\n {\n  \"a\": 1\n }\n]");
        row("member, name with escapes", "{}", "member||q\"\\<\n|1", "{\"q\\\"\\\\<\\n\": 1}");
        row("member, value of lines", "{\n  \"a\": 1\n}", "member||b|{\n  \"x\": []\n}",
            "{\n  \"a\": 1,\n  \"b\": {\n    \"x\": []\n  }\n}");
        row("member, value of lines into CRLF", "{\r\n  \"a\": 1\r\n}", "member||b|[\n  1\n]",
            "{\r\n  \"a\": 1,\r\n  \"b\": [\r\n    1\r\n  ]\r\n}");
        row("element at the end", "[1, 2]", "element||2|3", "[1, 2, 3]");
        row("element at the start", "[1, 2]", "element||0|0", "[0, 1, 2]");
        row("element between", "[1,2]", "element||1|9", "[1,9,2]");
        row("element, far behind", "[1]", "element||99|2", "[1, 2]");
        row("element, empty", "[ ]", "element||0|1", "[1]");
        row("element, lines at the end", "[\n  1\n]", "element||1|2", "[\n  1,\n  2\n]");
        row("element, lines at the start", "[\n  1\n]", "element||0|0", "[\n  0,\n  1\n]");
        row("element, first on the bracket's line", "[1,\n 2]", "element||2|3", "[1,\n 2,\n 3]");
        row("element, empty beside lines", "{\n  \"k\": []\n}", "element|/k|0|\"x\"", "{\n  \"k\": [\n    \"x\"\n  ]\n}");
        row("remove the only", R"({ "a": 1 })", "remove|/a", "{}");
        row("remove the first", R"({"a": 1, "b": 2})", "remove|/a", R"({"b": 2})");
        row("remove the last", R"({"a": 1, "b": 2})", "remove|/b", R"({"a": 1})");
        row("remove the middle, lines", "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", "remove|/b", "{\n  \"a\": 1,\n  \"c\": 3\n}");
        row("remove the last, lines", "{\n  \"a\": 1,\n  \"b\": 2\n}", "remove|/b", "{\n  \"a\": 1\n}");
        row("remove the first, lines", "{\n  \"a\": 1,\n  \"b\": 2\n}", "remove|/a", "{\n  \"b\": 2\n}");
        row("remove an element", "[1 , 2 , 3]", "remove|/1", "[1 , 3]");
        row("remove a duplicate: the one that counts", R"({"a":1,"a":2})", "remove|/a", R"({"a":1})");
        row("replace", R"({"a": [1, 2], "b":3})", "replace|/a|{}", R"({"a": {}, "b":3})");
        row("replace the whole, blanks kept", " 1 \n", "replace||[true]", " [true] \n");
        row("replace by lines", "{\n  \"a\": 1\n}", "replace|/a|[\n  2\n]", "{\n  \"a\": [\n    2\n  ]\n}");
        row("rename", R"({"a" :1})", "rename|/a|b\"", "{\"b\\\"\" :1}");
    }
    void edits()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, edit);
        QFETCH(QByteArray, after);
        const SyntaxTree tree = treeOf(text);
        const QByteArrayList words = edit.split('|');
        const int index = tree.find(words[1]);
        QVERIFY(index >= 0);
        Splice splice;
        if (words[0] == "member")
            splice = tree.insertMember(index, words[2], words[3]);
        else if (words[0] == "element")
            splice = tree.insertElement(index, words[2].toInt(), words[3]);
        else if (words[0] == "remove")
            splice = tree.remove(index);
        else if (words[0] == "replace")
            splice = tree.replaceValue(index, words[2]);
        else
            splice = tree.renameMember(index, words[2]);
        const QByteArray edited = apply(text, splice);
        QCOMPARE(edited, after);
        QVERIFY(parse(edited).ok());
        QCOMPARE(apply(edited, inverse(text, splice)), text);
    }

    // Random edits of random documents: still JSON, every byte outside the splice as before, and the inverse takes it back.
    void randomEdits()
    {
        const quint32 seed = qEnvironmentVariableIsSet("TOKENLAB_SEED") ? qEnvironmentVariable("TOKENLAB_SEED").toUInt()
                                                                        : QRandomGenerator::global()->generate();
        qInfo("TOKENLAB_SEED=%u", seed);
        m_random.seed(seed);
        for (int document = 0; document < 200; ++document) {
            m_lineEnd = m_random.bounded(2) ? "\n" : "\r\n";
            m_lines = m_random.bounded(2) != 0;
            QByteArray text = random(4, 0);
            for (int step = 0; step < 20; ++step) {
                const SyntaxTree tree = treeOf(text);
                const int index = m_random.bounded(tree.size());
                const SyntaxTree::Node &node = tree.node(index);
                const QByteArray value = random(2, 0);
                Splice splice = tree.replaceValue(index, value);
                qsizetype sizeChange = 0;
                switch (m_random.bounded(4)) {
                case 0:
                    if (node.type == Type::Object)
                        splice = tree.insertMember(index, "new", value);
                    else if (node.type == Type::Array)
                        splice = tree.insertElement(index, m_random.bounded(int(node.children.size()) + 1), value);
                    sizeChange = node.type == Type::Object || node.type == Type::Array;
                    break;
                case 1:
                    if (index > 0) {
                        splice = tree.remove(index);
                        sizeChange = -1;
                    }
                    break;
                case 2:
                    if (node.nameRange.length() > 0)
                        splice = tree.renameMember(index, "re\"named");
                    break;
                default:
                    break;
                }
                const QByteArray edited = apply(text, splice);
                const auto again = SyntaxTree::parse(edited);
                QVERIFY2(again.ok(), edited.constData());
                QCOMPARE(edited.left(splice.range.begin), text.left(splice.range.begin));
                QCOMPARE(edited.mid(splice.range.begin + splice.text.size()), text.mid(splice.range.end));
                QCOMPARE(apply(edited, inverse(text, splice)), text);
                if (sizeChange) {
                    const int container = sizeChange > 0 ? index : node.parent;
                    const QByteArray pointer = tree.pointerOf(container);
                    if (const int there = again->find(pointer); tree.find(pointer) == container && there >= 0)
                        QCOMPARE(qsizetype(again->node(there).children.size()),
                                 qsizetype(tree.node(container).children.size()) + sizeChange);
                }
                QVERIFY(!written(edited).isEmpty());
                text = edited;
            }
        }
    }

private:
    QByteArray random(int depth, int level)
    {
        const auto separator = [&](int inner) {
            return m_lines ? m_lineEnd + QByteArray(2 * inner, ' ') : m_random.bounded(2) ? QByteArray(" ") : QByteArray();
        };
        const int kind = m_random.bounded(depth > 0 ? 6 : 3);
        if (kind < 3)
            return kind == 0 ? "null" : kind == 1 ? QByteArray::number(m_random.bounded(1000)) : QByteArray("\"t\\n\xC3\xA9\"");
        const int count = m_random.bounded(4);
        QByteArray out = kind == 3 ? "[" : "{";
        for (int i = 0; i < count; ++i) {
            out += (i ? "," : "") + separator(level + 1);
            if (kind != 3)
                out += "\"k" + QByteArray::number(m_random.bounded(5)) + "\":" + (m_random.bounded(2) ? " " : "");
            out += random(depth - 1, level + 1);
        }
        if (count)
            out += separator(level);
        return out + (kind == 3 ? "]" : "}");
    }

    QRandomGenerator m_random;
    QByteArray m_lineEnd = "\n";
    bool m_lines = true;
};

QTEST_GUILESS_MAIN(TestSyntaxTree)
#include "tst_syntaxtree.moc"
