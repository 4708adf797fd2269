// The document's one undo stack, the forms' splices, and the layouts of JSON for reading.
#include "core/gateway/edit.h"
#include "ui/documentstack.h"
#include "ui/files.h"
#include "ui/widgets/jsoneditor.h"
#include "ui/widgets/lineview.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <Qsci/qsciscintilla.h>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void merging()
    {
        DocumentStack document;
        document.reset("{}");
        for (const auto &[at, c] : {std::pair{1, 'a'}, {2, 'b'}, {3, 'c'}})
            document.edit({{at, at}, QByteArray(1, c)}, QStringLiteral("Typing"), QStringLiteral("typing"));
        QCOMPARE(document.bytes(), QByteArray("{abc}"));
        QCOMPARE(document.undoStack()->count(), 1);
        // Another field does not join.
        document.edit({{1, 4}, "x"}, QStringLiteral("kid"), QStringLiteral("signer/kid"));
        document.edit({{1, 2}, "xy"}, QStringLiteral("kid"), QStringLiteral("signer/kid"));
        QCOMPARE(document.undoStack()->count(), 2);
        document.undoStack()->undo();
        QCOMPARE(document.bytes(), QByteArray("{abc}"));
        document.undoStack()->undo();
        QCOMPARE(document.bytes(), QByteArray("{}"));
        document.undoStack()->redo();
        document.undoStack()->redo();
        QCOMPARE(document.bytes(), QByteArray("{xy}"));
    }
    void deletions()
    {
        DocumentStack document;
        document.reset("abcdef");
        document.edit(json::Splice{{3, 4}, {}}, {}, QStringLiteral("typing")); // backspace
        document.edit(json::Splice{{2, 3}, {}}, {}, QStringLiteral("typing"));
        document.edit(json::Splice{{2, 3}, {}}, {}, QStringLiteral("typing")); // delete
        QCOMPARE(document.bytes(), QByteArray("abf"));
        QCOMPARE(document.undoStack()->count(), 1);
        document.undoStack()->undo();
        QCOMPARE(document.bytes(), QByteArray("abcdef"));
    }
    void typedOverSelection()
    {
        DocumentStack document;
        document.reset("abcdef");
        document.edit(json::Splice{{1, 4}, {}}, {}, QStringLiteral("typing"));
        document.edit(json::Splice{{1, 1}, "pasted text"}, {}, QStringLiteral("typing"));
        QCOMPARE(document.undoStack()->count(), 1);
        document.undoStack()->undo();
        QCOMPARE(document.bytes(), QByteArray("abcdef"));
    }
    void refusedSplices_data()
    {
        QTest::addColumn<int>("begin");
        QTest::addColumn<int>("end");
        QTest::addColumn<bool>("taken");
        QTest::newRow("inside") << 0 << 1 << true;
        QTest::newRow("must fail: behind the end") << 2 << 9 << false;
        QTest::newRow("must fail: before the start") << -1 << 1 << false;
        QTest::newRow("must fail: backwards") << 2 << 1 << false;
    }
    void refusedSplices()
    {
        QFETCH(int, begin);
        QFETCH(int, end);
        DocumentStack document;
        document.reset("abc");
        document.edit({{begin, end}, "zz"}, {});
        QTEST(document.bytes() != "abc", "taken");
    }

    void forms_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("json");  // empty: removed
        QTest::addColumn<QByteArray>("after"); // empty: nothing to do
        QTest::newRow("replaced") << QByteArray("{ \"a\": 1, \"kid\" : \"x\" }") << QByteArray("kid") << QByteArray("\"y\"")
                                  << QByteArray("{ \"a\": 1, \"kid\" : \"y\" }");
        QTest::newRow("another spelling is the one the gateway reads")
            << QByteArray("{\"KID\":\"x\"}") << QByteArray("kid") << QByteArray("\"y\"") << QByteArray("{\"KID\":\"y\"}");
        QTest::newRow("the exact name wins over another spelling") << QByteArray("{\"kid\":\"x\",\"KID\":\"z\"}") << QByteArray("kid")
                                                                   << QByteArray("\"y\"") << QByteArray("{\"kid\":\"y\",\"KID\":\"z\"}");
        QTest::newRow("of duplicates the last") << QByteArray("{\"kid\":\"x\",\"kid\":\"z\"}") << QByteArray("kid") << QByteArray("\"y\"")
                                                << QByteArray("{\"kid\":\"x\",\"kid\":\"y\"}");
        QTest::newRow("removed") << QByteArray("{\"a\":1,\"kid\":2}") << QByteArray("kid") << QByteArray() << QByteArray("{\"a\":1}");
        QTest::newRow("must fail: no object") << QByteArray("[1]") << QByteArray("kid") << QByteArray("1") << QByteArray();
        QTest::newRow("must fail: nothing to remove") << QByteArray("{}") << QByteArray("kid") << QByteArray() << QByteArray();
    }
    void forms()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, after);
        auto tree = json::SyntaxTree::parse(before);
        QVERIFY(tree.ok());
        const auto splice =
            json.isEmpty() ? gateway::edit::removeMember(*tree, "", member) : gateway::edit::setMember(*tree, "", member, json);
        QCOMPARE(splice.has_value(), !after.isEmpty());
        if (splice)
            QCOMPARE(json::apply(before, *splice), after);
    }
    void lists()
    {
        const auto append = [](const QByteArray &text) {
            auto tree = json::SyntaxTree::parse(text);
            const auto splice = gateway::edit::appendText(*tree, "", "k", QStringLiteral("b\"c"));
            return splice ? json::apply(text, *splice) : QByteArray();
        };
        QCOMPARE(json::parse(append("{\"k\":[\"a\"]}")).value().root().find("k").size(), std::size_t(2));
        QCOMPARE(append("{\"k\":\"a\"}"), QByteArray("{\"k\":[\"a\", \"b\\\"c\"]}"));
        QCOMPARE(json::parse(append("{}")).value().root().find("k").at(0).bytes(), QByteArray("b\"c"));
    }
    void replaced_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("after"); // empty: nothing to do
        QTest::newRow("an element") << QByteArray("{\"k\": [\"x\",  \"acces\" ]}") << QByteArray("{\"k\": [\"x\",  \"access\" ]}");
        QTest::newRow("escaped in the file") << QByteArray(R"({"k": ["acc\u0065s"]})") << QByteArray(R"({"k": ["access"]})");
        QTest::newRow("must fail: not among them") << QByteArray("{\"k\": [\"x\"]}") << QByteArray();
        QTest::newRow("must fail: no array") << QByteArray("{\"k\": \"acces\"}") << QByteArray();
    }
    void replaced()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, after);
        auto tree = json::SyntaxTree::parse(text);
        const auto splice = gateway::edit::replaceText(*tree, "", "k", "acces", QStringLiteral("access"));
        QCOMPARE(splice.has_value(), !after.isEmpty());
        if (splice)
            QCOMPARE(json::apply(text, *splice), after);
    }
    void newParts()
    {
        QByteArray text = "{\n  \"version\": 3,\n  \"endpoints\": []\n}\n";
        auto tree = json::SyntaxTree::parse(text);
        text = json::apply(text, *gateway::edit::addEndpoint(*tree));
        tree = json::SyntaxTree::parse(text);
        QVERIFY(tree.ok());
        QVERIFY(tree->find("/endpoints/0/extra_config/auth~1signer/alg") > 0);
        auto bare = json::SyntaxTree::parse("{\"endpoints\":[{\"endpoint\":\"/a\",\"extra_config\":{\"x\":1}}]}");
        const QByteArray signing = json::apply(bare->source(), *gateway::edit::addSigner(*bare, "/endpoints/0"));
        auto again = json::SyntaxTree::parse(signing);
        QVERIFY(again.ok());
        QVERIFY(again->find("/endpoints/0/extra_config/x") > 0);
        QVERIFY(again->find("/endpoints/0/extra_config/auth~1signer/kid") > 0);
        QVERIFY(!gateway::edit::addSigner(*bare, "/endpoints/7"));
        QVERIFY(json::parse(gateway::edit::excerpt(*again, "/endpoints/0/extra_config/auth~1signer")).ok());
    }

    void pretty_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("order, duplicates and number texts stay")
            << QByteArray("{\"b\":1.0,\"a\":\"\\u0041\",\"b\":[1,2]}")
            << QByteArray("{\n  \"b\": 1.0,\n  \"a\": \"\\u0041\",\n  \"b\": [1, 2]\n}");
        QTest::newRow("empty containers") << QByteArray("{\"a\":{ },\"b\":[ ]}") << QByteArray("{\n  \"a\": {},\n  \"b\": []\n}");
        QTest::newRow("must fail: not JSON stays as it is") << QByteArray("{\"a\":") << QByteArray("{\"a\":");
        QTest::newRow("must fail: no text") << QByteArray() << QByteArray();
    }
    void pretty()
    {
        QFETCH(QByteArray, text);
        QTEST(gateway::edit::prettyLossless(text), "shown");
    }
    void shortened()
    {
        const QByteArray text = "{\"" + QByteArray(60, 'n') + "\":\"" + QByteArray(100, 'v') + "\"}";
        const QByteArray shown = gateway::edit::prettyShortened(text, 44);
        QVERIFY(shown.contains(QByteArray(60, 'n'))); // names are whole
        QVERIFY(!shown.contains(QByteArray(50, 'v')));
    }

    void editorBytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("large");
        QTest::newRow("plain") << QByteArray("{\r\n \"a\": \"\xc3\xa4\"\r\n}") << false;
        QTest::newRow("NUL and invalid UTF-8 stay") << QByteArray("a\0b\xff", 4) << false;
        QTest::newRow("a line of 5 kB") << QByteArray(5000, 'x') << true;
        QTest::newRow("over 1 MB") << QByteArray("0123456789abcde\n").repeated(70000) << true;
        QTest::newRow("must not be large: many short lines") << QByteArray("short\n").repeated(1000) << false;
    }
    void editorBytes()
    {
        QFETCH(QByteArray, text);
        JsonEditor editor(QStringLiteral("x"), QStringLiteral("x"), JsonEditor::Undo::Own);
        editor.setText(text);
        QTEST(editor.isLarge(), "large");
        QCOMPARE(editor.text(), text);
    }
    void editorSplices()
    {
        JsonEditor editor(QStringLiteral("x"), QStringLiteral("x"), JsonEditor::Undo::Outside);
        DocumentStack document;
        document.reset("{\"\xc3\xa4\": 1}");
        editor.setText(document.bytes());
        connect(&editor, &JsonEditor::spliced, this,
                [&](const json::Splice &splice) { document.edit(splice, {}, QStringLiteral("typing")); });
        editor.scintilla()->insertAt(QStringLiteral("ü"), 0, 3);
        QCOMPARE(document.bytes(), editor.text());
        QCOMPARE(document.bytes(), QByteArray("{\"\xc3\xa4\xc3\xbc\": 1}"));
        editor.scintilla()->undo();
        QCOMPARE(document.bytes(), editor.text()); // its own undo is off
        QCOMPARE(document.bytes(), QByteArray("{\"\xc3\xa4\xc3\xbc\": 1}"));
        editor.applySplice({{0, 1}, "[{"});
        QCOMPARE(editor.text(), QByteArray("[{\"\xc3\xa4\xc3\xbc\": 1}"));
    }
    void lineRows()
    {
        LineView view;
        view.setText(QByteArray(1000, 'a') + '\n' + "b\n");
        QCOMPARE(view.rowCount(), qsizetype(4)); // 400 + 400 + 200, and one
        view.resize(400, 300);
        // The rows of a large text, here of one line, are found in a thread; the newest text counts.
        view.setText(QByteArray(20'000'000, '6'));
        QVERIFY(view.isIndexing());
        QCOMPARE(view.rowCount(), qsizetype(0));
        view.setText(QByteArray(10'000'000, '7'));
        QVERIFY(!view.grab().isNull());
        QTRY_VERIFY(!view.isIndexing());
        QCOMPARE(view.rowCount(), qsizetype(25'000));
        QVERIFY(!view.grab().isNull());
        // A small one in between: the large one's rows must not come back.
        view.setText(QByteArray(10'000'000, '8'));
        view.setText("a\nb");
        QVERIFY(!view.isIndexing());
        QTRY_COMPARE(QThreadPool::globalInstance()->activeThreadCount(), 0);
        QCoreApplication::sendPostedEvents();
        QCOMPARE(view.rowCount(), qsizetype(2));
        // Nor may they come back to a view that is gone.
        auto gone = std::make_unique<LineView>();
        gone->setText(QByteArray(10'000'000, '9'));
        gone.reset();
        view.setText("\xff\xfe\xe2\x82");
        QVERIFY(!view.grab().isNull());
    }

    void files()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("k.json"));
        QVERIFY(writeFile(path, "one").ok());
        QCOMPARE(readFile(path).value(), QByteArray("one"));
        QVERIFY(writeFile(path, "two").ok());
        QCOMPARE(readFile(path).value(), QByteArray("two"));
        // Must fail: no such folder, and no such file.
        QVERIFY(!writeFile(folder.filePath(QStringLiteral("none/k.json")), "x").ok());
        QVERIFY(!readFile(folder.filePath(QStringLiteral("none.json"))).ok());
    }
};

QTEST_MAIN(TestDocument)
#include "tst_document.moc"
