#include "core/json/parse.h"
#include "core/json/unmarshal.h"

#include <QTest>

using namespace tokenlab::json;

namespace {

struct Thing {
    QByteArray name = "old", secret = "old";
    bool full = true;
    std::vector<QByteArray> list{"old"};
    std::vector<quint16> suites{7, 8};
    Value any;
};

QByteArray fill(const QByteArray &text, Thing &target, bool caseSensitive = false)
{
    static Document document; // keeps `any` alive
    document = *parse(text);
    const Field fields[] = {{"name", &target.name},     {"secret", ByteSlice{&target.secret}},
                            {"full", &target.full},     {"list", &target.list},
                            {"suites", &target.suites}, {"any", &target.any}};
    const auto error = unmarshalStruct(document.root(), "pkg.Thing", caseSensitive ? "" : "Thing", fields, caseSensitive);
    return error ? gatewayText(*error) : QByteArray();
}

QByteArray shown(const Thing &t)
{
    QByteArray out =
        t.name + '|' + t.secret + '|' + (t.full ? "true" : "false") + '|' + QByteArrayList(t.list.begin(), t.list.end()).join(',') + '|';
    for (const quint16 suite : t.suites)
        out += QByteArray::number(suite) + ',';
    return out;
}

} // namespace

class TestUnmarshal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fields_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QByteArray>("after");
        const QByteArray untouched = "old|old|true|old|7,8,";
        const auto row = [](const char *name, const char *text, const QByteArray &error, const QByteArray &after) {
            QTest::newRow(name) << QByteArray(text) << error << after;
        };
        row("all of them", R"({"name":"n","secret":"YWJj","full":false,"list":["a","b"],"suites":[1,65535]})", "",
            "n|abc|false|a,b|1,65535,");
        row("nothing", "{}", "", untouched);
        row("null is no object and no error", "null", "", untouched);
        row("null leaves texts and flags, empties lists", R"({"name":null,"secret":null,"full":null,"list":null,"suites":null})", "",
            "old||true||");
        row("unknown members are ignored", R"({"other":[1],"names":5})", "", untouched);
        row("names without case", R"({"NAME":"n","Full":false})", "", "n|old|false|old|7,8,");
        row("the long s and the Kelvin sign",
            "{\"\xC5\xBF"
            "ecret\":\"YQ==\",\"li\xC5\xBFt\":[]}",
            "", "old|a|true||7,8,");
        row("of NAME and name the lower comes last (§1.4)", R"({"name":"low","NAME":"up"})", "", "low|old|true|old|7,8,");
        row("a null element keeps what was there", R"({"list":[null,"b"],"suites":[null]})", "", "old|old|true|old,b|7,");
        row("bytes as numbers", R"({"secret":[97,98,0]})", "", QByteArray("old|ab\0|true|old|7,8,", 21));
        row("not an object", "[]", "json: cannot unmarshal array into Go value of type pkg.Thing", untouched);
        row("decoding goes on after an error", R"({"full":1,"list":["z"],"name":"n"})",
            "json: cannot unmarshal number into Go struct field Thing.full of type bool", "n|old|true|z|7,8,");
        row("the first error in member order", R"({"suites":[70000],"name":1,"full":"x"})",
            "json: cannot unmarshal string into Go struct field Thing.full of type bool", "old|old|true|old|7,");
        row("good elements around a bad one", R"({"suites":[1,"x",3]})",
            "json: cannot unmarshal string into Go struct field Thing.suites of type uint16", "old|old|true|old|1,8,3,");
        row("bad base64 leaves the bytes", R"({"secret":"YW*"})", "illegal base64 data at input byte 2", untouched);
    }
    void fields()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, error);
        QFETCH(QByteArray, after);
        Thing target;
        QCOMPARE(fill(text, target), error);
        QCOMPARE(shown(target), after);
    }

    void exactNames()
    {
        Thing target;
        QCOMPARE(fill(R"({"NAME":5,"name":"n"})", target, true), QByteArray());
        QCOMPARE(target.name, QByteArray("n"));
        QCOMPARE(fill(R"({"name":5})", target, true), QByteArray("json: cannot unmarshal number into Go value of type string"));
    }

    void anyValue()
    {
        Thing target;
        QCOMPARE(fill(R"({"any":{"x":[1]}})", target), QByteArray());
        QCOMPARE(target.any.find("x").at(0).text(), std::string_view("1"));
        QCOMPARE(fill(R"({"any":null})", target), QByteArray());
        QVERIFY(target.any.exists() && target.any.isNull());
    }

    void folding_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<bool>("equal");
        QTest::newRow("case") << QByteArray("JWK_url") << QByteArray("jwk_URL") << true;
        QTest::newRow("long s") << QByteArray("keys") << QByteArray("KEY\xC5\xBF") << true;
        QTest::newRow("Kelvin sign") << QByteArray("kid") << QByteArray("\xE2\x84\xAAid") << true;
        QTest::newRow("shorter") << QByteArray("kid") << QByteArray("ki") << false;
        QTest::newRow("longer") << QByteArray("kid") << QByteArray("kid ") << false;
        QTest::newRow("punctuation has no case") << QByteArray("a[b") << QByteArray("a{b") << false;
        QTest::newRow("cut rune") << QByteArray("s") << QByteArray("\xC5") << false;
    }
    void folding()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        const auto view = [](const QByteArray &bytes) { return std::string_view(bytes.constData(), std::size_t(bytes.size())); };
        QTEST(equalFold(view(a), view(b)), "equal");
        QTEST(equalFold(view(b), view(a)), "equal");
    }
};

QTEST_GUILESS_MAIN(TestUnmarshal)
#include "tst_unmarshal.moc"
