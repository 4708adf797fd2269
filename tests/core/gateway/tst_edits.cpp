// 200 generated edits of large files that look like real ones: everything but the edited member stays byte for byte, judged by a scanner
// of this test's own, and undo restores the file. TOKENLAB_SEED names another series.
#include "core/gateway/edit.h"
#include "core/json/writer.h"

#include <QTest>

#include <map>
#include <random>

using namespace tokenlab;
namespace edit = gateway::edit;

namespace {

struct Place {
    QByteArray path;                // RFC 6901, of the member or element
    QByteArray container;           // path of what holds it
    qsizetype begin = 0, value = 0; // of the name (else the value), of the value
    qsizetype end = 0;
    int count = 0; // members or elements
};

// Every member and element of a valid JSON text, outermost first. No code of the program.
class Scanner
{
public:
    explicit Scanner(const QByteArray &text) : m_text(text)
    {
        blanks();
        value({}, {}, m_at);
    }
    std::vector<Place> places;

private:
    void blanks()
    {
        while (m_at < m_text.size() && std::strchr(" \t\r\n", m_text[m_at]) && m_text[m_at])
            ++m_at;
    }
    QByteArray string()
    {
        const qsizetype begin = m_at++;
        while (m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        ++m_at;
        return m_text.mid(begin, m_at - begin);
    }
    void value(const QByteArray &path, const QByteArray &container, qsizetype begin)
    {
        const std::size_t own = places.size();
        places.push_back({path, container, begin, m_at, 0, 0});
        const char first = m_text[m_at];
        int count = 0;
        if (first == '{' || first == '[') {
            ++m_at;
            for (blanks(); m_text[m_at] != '}' && m_text[m_at] != ']'; blanks()) {
                if (m_text[m_at] == ',') {
                    ++m_at;
                    blanks();
                }
                const qsizetype member = m_at;
                QByteArray name = QByteArray::number(count++);
                if (first == '{') {
                    const auto document = json::parse(string());
                    name = document.value().root().bytes().replace('~', "~0").replace('/', "~1");
                    blanks();
                    ++m_at;
                    blanks();
                }
                value(path + '/' + name, path, member);
            }
            ++m_at;
        } else if (first == '"') {
            string();
        } else {
            while (m_at < m_text.size() && !std::strchr(",]} \t\r\n", m_text[m_at]))
                ++m_at;
        }
        places[own].end = m_at;
        places[own].count = count;
    }

    const QByteArray m_text;
    qsizetype m_at = 0;
};

const Place *last(const Scanner &scanner, const QByteArray &path)
{
    const Place *found = nullptr;
    for (const Place &place : scanner.places)
        found = place.path == path ? &place : found;
    return found;
}

// The raw texts of everything directly in a container.
QByteArrayList inside(const QByteArray &text, const Scanner &scanner, const Place &container)
{
    QByteArrayList out;
    for (const Place &place : scanner.places) {
        if (place.container == container.path && place.begin > container.value && place.end < container.end)
            out += text.mid(place.begin, place.end - place.begin);
    }
    return out;
}

QByteArray same(const QByteArray &json)
{
    const auto document = json::parse(json);
    return document ? json::write(document->root()) : QByteArray("not JSON");
}

// A krakend.json as they grow over years.
class Writer
{
public:
    Writer(quint32 seed, int style) : m_random(seed), m_style(style) {}

    QByteArray file(int endpoints)
    {
        QByteArray list;
        for (int i = 0; i < endpoints; ++i)
            list += (i ? "," + lineEnd(2) : QByteArray()) + endpoint(i);
        QByteArray out = '{' + lineEnd(1) + member("$schema", "\"https://www.krakend.io/schema/v2.13/krakend.json\"") + ',' + lineEnd(1) +
                         member("version", "3") + ',' + lineEnd(1) + member("@comment", "\"gr\xc3\xbc\xc3\x9f \\u00e9 \\/ {not: json}\"") +
                         ',' + lineEnd(1) + member("// port", "\"8080 is taken\"") + ',' + lineEnd(1) + member("port", "8.08e3") + ',' +
                         lineEnd(1) + member("port", "8080") + ',' + lineEnd(1) +
                         member("extra_config", "{" + member("telemetry/logging", "{" + member("level", "\"DEBUG\"") + "}") + "}") + ',' +
                         lineEnd(1) + member("endpoints", '[' + lineEnd(2) + list + lineEnd(1) + ']') + lineEnd(0) + '}';
        if (m_style % 3 == 0)
            out += lineEnd(0);
        return out;
    }

private:
    int pick(int n) { return int(m_random() % quint32(n)); }
    [[nodiscard]] QByteArray eol() const { return m_style & 1 ? "\r\n" : "\n"; }
    QByteArray lineEnd(int depth)
    {
        if (m_style == 7)
            return {};
        static const char *const steps[] = {"  ", "    ", "\t", "   "};
        // Hands of many people: now and then a line is indented otherwise.
        const bool odd = m_style >= 4 && pick(23) == 0;
        return eol() + QByteArray(steps[m_style % 4]).repeated(depth) + (odd ? " " : "");
    }
    QByteArray member(const QByteArray &name, const QByteArray &json)
    {
        static const char *const colons[] = {": ", ": ", " : ", ":"};
        return '"' + name + '"' + (m_style == 7 ? ":" : colons[m_style % 4]) + json;
    }
    QByteArray endpoint(int i)
    {
        const QByteArray n = QByteArray::number(i);
        QByteArrayList members{member("endpoint", "\"/v1/thing~" + n + "/{id}\""), member("method", pick(2) ? "\"POST\"" : "\"get\""),
                               member("timeout", pick(2) ? "\"1500ms\"" : "1.5e9")};
        if (pick(3) == 0)
            members += member("input_headers", "[\"Content-Type\", \"X-" + n + "\"]");
        if (pick(4) == 0)
            members += member("headers_to_pass", "[" + lineEnd(4) + "\"*\"" + lineEnd(3) + "]");
        if (pick(5) == 0)
            members += member("@owner", "{" + member("a/b", "[1.0, -0, 1E+2, 123456789012345678901234567890]") + "}");
        if (pick(5) == 0)
            members += member("concurrent_calls", "null");
        QByteArray backend = "{" + lineEnd(5) + member("url_pattern", "\"/b/" + n + "\"") + "," + lineEnd(5) +
                             member("Host", "[ \"http://b" + n + ":8000\" ]") + (pick(2) ? "," + member("extra_config", "{ }") : "") +
                             lineEnd(4) + "}";
        members += member("backend", '[' + lineEnd(4) + backend + lineEnd(3) + ']');
        if (pick(2)) {
            const QByteArray name = pick(3) ? "auth/signer" : "github.com/devopsfaith/krakend-jose/signer";
            const QByteArray signer = '{' + lineEnd(5) + member("alg", "\"RS256\"") + ',' + lineEnd(5) + member("kid", "\"k\"") + ',' +
                                      lineEnd(5) + member("kid", "\"k" + n + "\"") + "  ," + lineEnd(5) +
                                      member("keys_to_sign", "[\"access_token\"]") + ',' + lineEnd(5) + member("jwk_url", "\"https://k\"") +
                                      lineEnd(4) + '}';
            members += member("extra_config", '{' + lineEnd(4) + member(name, signer) + lineEnd(3) + '}');
        }
        return '{' + lineEnd(3) + members.join(',' + lineEnd(3)) + lineEnd(2) + '}';
    }

    std::mt19937 m_random;
    const int m_style;
};

const QByteArrayList newValues{"\"text with \\\"quotes\\\" and \xe2\x82\xac\"",
                               "1.50",
                               "true",
                               "null",
                               "[]",
                               "{}",
                               "[\"a\",\"b\"]",
                               R"({"alg":"ES256","kid":"x","keys_to_sign":["a","b"],"nested":{"deep":[{"x":1e400},{}]}})",
                               R"([{"a":1},{"b":"2"}])"};

} // namespace

class TestEdits : public QObject
{
    Q_OBJECT

private:
    int m_edits = 0;

private Q_SLOTS:
    void nothingElseChanges_data()
    {
        QTest::addColumn<int>("style");
        QTest::newRow("two blanks, final line end") << 0;
        QTest::newRow("four blanks, CRLF") << 1;
        QTest::newRow("tabs, blanks around colons") << 2;
        QTest::newRow("three blanks, no blank behind colons, CRLF") << 3;
        QTest::newRow("two blanks, uneven") << 4;
        QTest::newRow("four blanks, uneven, CRLF") << 5;
        QTest::newRow("tabs, uneven") << 6;
        QTest::newRow("one line") << 7;
    }
    void nothingElseChanges()
    {
        QFETCH(int, style);
        const quint32 seed = quint32(qEnvironmentVariable("TOKENLAB_SEED", QStringLiteral("20261124")).toUInt()) + quint32(style);
        const QByteArray original = Writer(seed, style).file(260);
        QVERIFY(json::parse(original).ok());
        if (style != 7)
            QVERIFY(original.count('\n') > 2000);
        std::mt19937 random(seed);
        const auto pick = [&](std::size_t n) { return std::size_t(random() % n); };
        QByteArray text = original;
        std::vector<edit::Edit> undo;
        for (int n = 0, tries = 0; n < 25 && tries < 2000; ++tries) {
            const auto tree = json::SyntaxTree::parse(text);
            QVERIFY(tree.ok());
            const Scanner before(text);
            const Place target = before.places[1 + pick(before.places.size() - 1)];
            const Place *place = last(before, target.path);
            const Place *container = last(before, target.container);
            if (!place || place->begin != target.begin || !container || place->begin < container->begin || place->end > container->end)
                continue; // hidden by a later member of its name
            const bool inObject = text[container->value] == '{';
            const QByteArray json = newValues[qsizetype(pick(std::size_t(newValues.size())))];
            const QByteArray fresh = "new~/name " + QByteArray::number(n);
            const QByteArray freshToken = QByteArray(fresh).replace('~', "~0").replace('/', "~1");
            std::optional<json::Splice> splice;
            QByteArray expectedPath, expectedJson = json;
            Place changed = *container; // nothing outside of it may change
            const std::size_t kind = pick(6);
            switch (kind) {
            case 0:
                splice = edit::setAt(*tree, place->path, json);
                expectedPath = place->path;
                changed = *place;
                changed.begin = place->value;
                break;
            case 1:
                if (!inObject)
                    continue;
                splice = edit::setMember(*tree, container->path, fresh, json);
                expectedPath = container->path + '/' + freshToken;
                break;
            case 2:
                if (text[place->value] != '{')
                    continue;
                splice = edit::setAt(*tree, place->path + '/' + freshToken + "/inner/last", json);
                expectedPath = place->path + '/' + freshToken + "/inner/last";
                changed = *place;
                break;
            case 3:
                splice = edit::removeAt(*tree, place->path);
                break;
            case 4:
                if (!inObject)
                    continue;
                splice = edit::renameAt(*tree, place->path, fresh);
                expectedPath = container->path + '/' + freshToken;
                expectedJson = text.mid(place->value, place->end - place->value);
                changed = *place;
                changed.end = place->value;
                break;
            default:
                if (text[place->value] != '[')
                    continue;
                splice = edit::setAt(*tree, place->path + "/-", json);
                expectedPath = place->path + '/' + QByteArray::number(place->count);
                changed = *place;
                break;
            }
            QVERIFY2(splice, (QByteArray::number(qulonglong(kind)) + ' ' + place->path).constData());
            ++n;
            ++m_edits;
            const edit::Edit step{*splice};
            const QByteArray after = edit::apply(text, step);
            QVERIFY(json::parse(after).ok());
            const Scanner now(after);

            // Outside the member's place, not a byte.
            const qsizetype behind = text.size() - changed.end;
            QCOMPARE(after.first(changed.begin), text.first(changed.begin));
            QCOMPARE(after.last(behind), text.last(behind));
            // Its neighbours as they were, in their order.
            const Place &around = kind == 2 || kind == 5 ? *place : *container;
            const Place *aroundNow = last(now, around.path);
            QVERIFY(aroundNow);
            QByteArrayList was = inside(text, before, around), is = inside(after, now, *aroundNow);
            const QByteArray own = text.mid(place->begin, place->end - place->begin);
            if (kind == 0 || kind == 4) {
                QCOMPARE(is.size(), was.size());
                qsizetype differing = 0;
                for (qsizetype i = 0; i < is.size(); ++i)
                    differing += is[i] != was[i] && was[i] != own;
                QCOMPARE(differing, qsizetype(0));
            } else if (kind == 3) {
                QVERIFY(was.removeOne(own));
                QCOMPARE(is.size(), was.size());
                std::sort(is.begin(), is.end());
                std::sort(was.begin(), was.end());
                QCOMPARE(is, was);
            } else {
                QCOMPARE(is.size(), was.size() + 1);
                is.removeLast();
                QCOMPARE(is, was);
            }
            if (!expectedPath.isEmpty()) {
                const Place *set = last(now, expectedPath);
                QVERIFY2(set, expectedPath.constData());
                QCOMPARE(same(after.mid(set->value, set->end - set->value)), same(expectedJson));
            }
            // In the file's own manner.
            if (style & 1 && style != 7)
                QCOMPARE(after.count('\n'), after.count("\r\n"));
            else
                QVERIFY(!after.contains('\r'));
            if (style == 7)
                QVERIFY(!after.contains('\n'));
            if (style == 2)
                QVERIFY(!splice->text.contains("\n "));

            const edit::Edit back = edit::inverse(text, step);
            QCOMPARE(edit::apply(after, back), text);
            undo.push_back(back);
            text = after;
        }
        QCOMPARE(undo.size(), std::size_t(25));
        QVERIFY(text != original);
        for (; !undo.empty(); undo.pop_back())
            text = edit::apply(text, undo.back());
        QCOMPARE(text, original);
    }
    void twoHundredWereMade() { QCOMPARE(m_edits, 200); }

    void layout_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("after"); // empty: refused
        QTest::newRow("tabs") << QByteArray("{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}") << QByteArray("/a/c") << QByteArray("{\"x\":{\"y\":1}}")
                              << QByteArray("{\n\t\"a\": {\n\t\t\"b\": 1,\n\t\t\"c\": {\n\t\t\t\"x\": {\n\t\t\t\t\"y\": 1\n\t\t\t}\n\t\t}"
                                            "\n\t}\n}");
        QTest::newRow("CRLF, one-line list stays on its line")
            << QByteArray("{\r\n    \"a\": [1]\r\n}") << QByteArray("/a") << QByteArray("[\"one\",\"two\"]")
            << QByteArray("{\r\n    \"a\": [\"one\", \"two\"]\r\n}");
        QTest::newRow("a list on lines stays on lines") << QByteArray("{\n  \"a\": [\n    1\n  ]\n}") << QByteArray("/a")
                                                        << QByteArray("[1,2]") << QByteArray("{\n  \"a\": [\n    1,\n    2\n  ]\n}");
        QTest::newRow("one-line file") << QByteArray("{\"a\":1}") << QByteArray("/b/c") << QByteArray("{\"x\": [ 1,2 ]}")
                                       << QByteArray("{\"a\":1,\"b\":{\"c\":{\"x\":[1,2]}}}");
        QTest::newRow("missing objects on the way")
            << QByteArray("{\n  \"backend\": [\n    {\n      \"host\": 1\n    }\n  ]\n}")
            << QByteArray("/backend/0/extra_config/backend~1http/e") << QByteArray("true")
            << QByteArray("{\n  \"backend\": [\n    {\n      \"host\": 1,\n      \"extra_config\": {\n        \"backend/http\": {\n"
                          "          \"e\": true\n        }\n      }\n    }\n  ]\n}");
        QTest::newRow("null counts as missing") << QByteArray("{\"extra_config\": null}") << QByteArray("/extra_config/a")
                                                << QByteArray("1") << QByteArray("{\"extra_config\": {\"a\": 1}}");
        QTest::newRow("another spelling on the way") << QByteArray("{\"Extra_Config\": {}}") << QByteArray("/extra_config/a")
                                                     << QByteArray("1") << QByteArray("{\"Extra_Config\": {\"a\": 1}}");
        QTest::newRow("components have one spelling") << QByteArray("{\"extra_config\": {\"Auth\": 2}}") << QByteArray("/extra_config/auth")
                                                      << QByteArray("1") << QByteArray("{\"extra_config\": {\"Auth\": 2, \"auth\": 1}}");
        QTest::newRow("an element behind the last") << QByteArray("[1]") << QByteArray("/1") << QByteArray("2") << QByteArray("[1, 2]");
        QTest::newRow("must fail: an element far behind") << QByteArray("[1]") << QByteArray("/7") << QByteArray("2") << QByteArray();
        QTest::newRow("must fail: through a number") << QByteArray("{\"a\": 1}") << QByteArray("/a/b") << QByteArray("2") << QByteArray();
        QTest::newRow("must fail: no JSON") << QByteArray("{\"a\": 1}") << QByteArray("/a") << QByteArray("{") << QByteArray();
        QTest::newRow("must fail: no pointer") << QByteArray("{\"a\": 1}") << QByteArray("a") << QByteArray("2") << QByteArray();
        QTest::newRow("must fail: a bad escape") << QByteArray("{\"a\": 1}") << QByteArray("/a~2") << QByteArray("2") << QByteArray();
    }
    void layout()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, after);
        const auto tree = json::SyntaxTree::parse(before);
        const auto splice = edit::setAt(*tree, path, json);
        QCOMPARE(splice ? json::apply(before, *splice) : QByteArray(), after);
    }

    void removedAndRenamed()
    {
        const QByteArray text = "{\"a\": 1, \"A\": 2, \"list\": [1, 2, 3]}";
        const auto tree = json::SyntaxTree::parse(text);
        QCOMPARE(json::apply(text, *edit::removeAt(*tree, "/list/1")), QByteArray("{\"a\": 1, \"A\": 2, \"list\": [1, 3]}"));
        QCOMPARE(json::apply(text, *edit::renameAt(*tree, "/A", "b")), QByteArray("{\"a\": 1, \"b\": 2, \"list\": [1, 2, 3]}"));
        // Must fail: two members of one name, an element's name, the document itself, nothing there.
        QVERIFY(!edit::renameAt(*tree, "/A", "a"));
        QVERIFY(!edit::renameAt(*tree, "/list/0", "x"));
        QVERIFY(!edit::removeAt(*tree, ""));
        QVERIFY(!edit::removeAt(*tree, "/list/3"));
        QVERIFY(!edit::removeAt(*tree, "/list/01"));
    }

    void severalSplices_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QByteArray>("single"); // begin:end:text of the joined splice; empty: none
        QTest::newRow("apart") << QByteArray("abcdefgh") << QByteArray("aXcdYYgh") << QByteArray("1:6:XcdYY");
        QTest::newRow("characters stay whole") << QByteArray("a\xc3\xa4z") << QByteArray("a\xc3\xa5z") << QByteArray("1:3:\xc3\xa5");
        QTest::newRow("growing repetition") << QByteArray("aa") << QByteArray("aaa") << QByteArray("2:2:a");
        QTest::newRow("must be none: nothing changes") << QByteArray("abc") << QByteArray("abc") << QByteArray();
    }
    void severalSplices()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        const edit::Edit whole{{{0, before.size()}, after}};
        const auto single = edit::joined(before, whole);
        QTEST(single ? QByteArray::number(single->range.begin) + ':' + QByteArray::number(single->range.end) + ':' + single->text
                     : QByteArray(),
              "single");
        QCOMPARE(edit::apply(before, single ? edit::Edit{*single} : edit::Edit{}), after);
    }
    void editsInOrder()
    {
        const QByteArray text = "0123456789";
        const edit::Edit edit{{{1, 3}, "A"}, {{3, 3}, "BB"}, {{8, 9}, ""}};
        QCOMPARE(edit::apply(text, edit), QByteArray("0ABB345679"));
        QCOMPARE(edit::apply(edit::apply(text, edit), edit::inverse(text, edit)), text);
        // Must be left out: what overlaps the one before, and what is not in the text.
        const edit::Edit bad{{{1, 3}, "A"}, {{2, 4}, "B"}, {{-1, 0}, "C"}, {{9, 11}, "D"}};
        QCOMPARE(edit::apply(text, bad), QByteArray("0A3456789"));
        QCOMPARE(edit::apply(edit::apply(text, bad), edit::inverse(text, bad)), text);
    }
};

QTEST_GUILESS_MAIN(TestEdits)
#include "tst_edits.moc"
