// Files that are no gateway file, each through the command line: exit 2 and a sentence with file, line and column. And what is odd but
// read all the same.
#include "tests/app/program.h"

namespace {

// JSON with apostrophes for quotes.
QByteArray q(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

const QByteArray good = q("{'version': 3, 'endpoints': [{'endpoint': '/t', 'method': 'POST', 'backend': [{'host': ['http://127.0.0.1:19'], "
                          "'url_pattern': '/x'}]}]}");

QByteArray deep(int levels)
{
    return QByteArray("[").repeated(levels);
}

} // namespace

class MalformedTest : public QObject
{
    Q_OBJECT

private:
    Program m_program;

private Q_SLOTS:
    void refused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words"); // of the sentence; empty: none at all
        const auto row = [](const char *name, const QByteArray &bytes, int code, const QByteArray &words) {
            QTest::newRow(name) << bytes << code << words;
        };
        row("must not fail: a good file", good, 0, {});
        row("empty", "", 2, "f.json, line 1, column 1: the file is empty");
        row("blanks", " \n\t\n", 2, "the file is empty");
        row("binary",
            QByteArray("\x7f"
                       "ELF\0\0\1",
                       7),
            2, "f.json, line 1, column 1: the file is binary");
        row("UTF-8 with BOM", "\xef\xbb\xbf" + good, 2, "f.json, line 1, column 1: the file begins with a byte order mark");
        row("UTF-16", QByteArray("\xff\xfe{\0", 4), 2, "the file is UTF-16");
        row("too deep", "{\"version\": 3,\n\"a\": " + deep(20000), 2, "f.json, line 2, column ");
        row("never closed", "{\"version\": 3,\n \"a\": [1, 2", 2, "f.json, line 2, column ");
        row("trailing comma", "{\n  \"version\": 3,\n}", 2, "f.json, line 3, column 1: ");
        row("a comment", "{\r\n  // no\r\n  \"version\": 3}", 2, "f.json, line 2, column 3: ");
        row("text behind the end", good + "\n}", 2, "f.json, line 2, column 1: ");
        row("Latin-1 outside of texts", "{\"version\": 3,\n\xe4: 1}", 2, "f.json, line 2, column 1: ");
        row("an array", "[]", 2, "f.json, line 1, column 1: ");
        row("no version", "{\"name\": \"x\"}", 1, "unsupported version: 0 (want: 3)");
        row("a wrong version", "{\"version\": 2, \"endpoints\": []}", 1, "f.json, /version: unsupported version: 2 (want: 3)");
        row("a template", "{\n  \"version\": {{ .x }}\n}", 2, "f.json, line 2, column 14: a flexible-configuration template");
        row("must not fail: CRLF", QByteArray(good).replace(", ", ",\r\n"), 0, {});
        row("must not fail: duplicate members", QByteArray(good).replace("{\"version\": 3,", "{\"version\": 2, \"version\": 3,"), 0, {});
        row("must not fail: Latin-1 in a text", QByteArray(good).replace("{\"version\"", "{\"name\": \"\xe4\", \"version\""), 0, {});
    }
    void refused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        m_program.write(QStringLiteral("f.json"), bytes);
        // No krakend for this one: a template stays one.
        const QMap<QString, QString> environment{{QStringLiteral("TOKENLAB_KRAKEND"), QStringLiteral("/nowhere/krakend")}};
        const Ran exported = m_program.run({QStringLiteral("export"), QStringLiteral("f.json")}, {}, environment);
        COMPARE_RAN(exported, code);
        QVERIFY2(exported.err.contains(words), exported.err.constData());
        QVERIFY2(exported.err.count('\n') == (words.isEmpty() ? 0 : 1), exported.err.constData());
        QCOMPARE(exported.out, words.isEmpty() ? bytes : QByteArray());
        // The same by send, which goes on to ask a backend that is not there.
        const Ran sent = m_program.run({QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("f.json")}, {}, environment);
        COMPARE_RAN(sent, code == 0 ? 1 : code);
        QVERIFY2(sent.err.contains(words), sent.err.constData());
        // And by standard input.
        const Ran piped = m_program.run({QStringLiteral("export"), QStringLiteral("-")}, bytes, environment);
        COMPARE_RAN(piped, code);
        QVERIFY2(piped.err.contains(QByteArray(words).replace("f.json", "standard input")), piped.err.constData());
    }
    void hundredMegabytes()
    {
        // Zeros, and a valid file's beginning that never ends.
        m_program.write(QStringLiteral("zeros.json"), QByteArray(100'000'000, '\0'));
        const Ran zeros = m_program.run({QStringLiteral("export"), QStringLiteral("zeros.json")});
        COMPARE_RAN(zeros, 2);
        QVERIFY2(zeros.err.contains("line 1, column 1: the file is binary"), zeros.err.left(400).constData());
        m_program.write(QStringLiteral("long.json"), "{\"version\": 3,\n\"a\": \"" + QByteArray(100'000'000, 'x'));
        const Ran endless = m_program.run({QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("long.json")});
        COMPARE_RAN(endless, 2);
        QVERIFY2(endless.err.contains("long.json, line 2, column 100000007"), endless.err.left(400).constData());
        QVERIFY(endless.err.size() < 1000);
    }
    void notThere_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("missing") << QStringLiteral("none.json") << QByteArray("no such file or directory");
        QTest::newRow("a folder") << QStringLiteral("/") << QByteArray("is a directory");
    }
    void notThere()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, words);
        const Ran ran = m_program.run({QStringLiteral("export"), name});
        COMPARE_RAN(ran, 2);
        QVERIFY2(ran.err.contains(words), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(MalformedTest)
#include "tst_malformed.moc"
