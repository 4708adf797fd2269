// Differences as `diff -u` would print them, and for random texts: what the hunks say turns the old text into the new one.
#include "core/support/difference.h"

#include <QTest>

#include <random>

using namespace tokenlab;

namespace {

QByteArray applied(const QByteArray &before, const Difference &difference)
{
    QByteArrayList lines;
    for (qsizetype begin = 0; begin < before.size();) {
        const qsizetype feed = before.indexOf('\n', begin);
        const qsizetype end = feed < 0 ? before.size() : feed + 1;
        lines += before.mid(begin, end - begin);
        begin = end;
    }
    QByteArray out;
    qsizetype at = 0;
    for (const Hunk &hunk : difference.hunks) {
        for (; at < hunk.oldBegin; ++at)
            out += lines.value(at);
        for (const DiffLine &line : hunk.lines) {
            const QByteArray text = line.text + (line.hasLineEnd ? "\n" : "");
            if (line.kind != DiffLine::Added && lines.value(at++) != text)
                return "a line that is not there: " + text;
            if (line.kind != DiffLine::Removed)
                out += text;
        }
    }
    for (; at < lines.size(); ++at)
        out += lines.value(at);
    return out;
}

} // namespace

class TestDifference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printed_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("one line") << QByteArray("a\nb\nc\n") << QByteArray("a\nB\nc\n")
                                  << QByteArray("--- o\n+++ n\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
        QTest::newRow("far apart") << QByteArray("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n")
                                   << QByteArray("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n")
                                   << QByteArray("--- o\n+++ n\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -9,4 +10,3 @@\n 9\n 10\n 11\n-12\n");
        QTest::newRow("near: one hunk") << QByteArray("a\n1\n2\n3\n4\n5\n6\nb\n") << QByteArray("A\n1\n2\n3\n4\n5\n6\nB\n")
                                        << QByteArray("--- o\n+++ n\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
        QTest::newRow("a line end is lost") << QByteArray("a\nb\n") << QByteArray("a\nb")
                                            << QByteArray("--- o\n+++ n\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n");
        QTest::newRow("from nothing") << QByteArray() << QByteArray("a\n") << QByteArray("--- o\n+++ n\n@@ -0,0 +1 @@\n+a\n");
        QTest::newRow("to nothing") << QByteArray("a\n") << QByteArray() << QByteArray("--- o\n+++ n\n@@ -1 +0,0 @@\n-a\n");
        QTest::newRow("carriage returns count")
            << QByteArray("a\r\n") << QByteArray("a\n") << QByteArray("--- o\n+++ n\n@@ -1 +1 @@\n-a\r\n+a\n");
        QTest::newRow("must be none: equal") << QByteArray("a\nb") << QByteArray("a\nb") << QByteArray();
    }
    void printed()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QTEST(unified(difference(before, after), "o", "n"), "text");
    }
    void leadsFromOldToNew()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 300; ++round) {
            QByteArray before, after;
            for (QByteArray *text : {&before, &after}) {
                for (auto i = random() % 40; i > 0; --i)
                    *text += QByteArray::number(random() % 6) + (random() % 50 ? "\n" : "");
            }
            const Difference found = difference(before, after, int(random() % 5));
            QCOMPARE(applied(before, found), after);
            QCOMPARE(found.isEmpty(), before == after);
        }
    }
    void hugeAndDifferent()
    {
        QByteArray before, after;
        for (int i = 0; i < 60000; ++i) {
            before += "old " + QByteArray::number(i) + '\n';
            after += "new " + QByteArray::number(i) + '\n';
        }
        const Difference found = difference(before, after);
        QCOMPARE(found.removed, qsizetype(60000));
        QCOMPARE(applied(before, found), after);
        // One changed line in a large file stays one.
        QByteArray one = before;
        one.replace("old 30000\n", "other\n");
        QCOMPARE(difference(before, one).added, qsizetype(1));
    }
};

QTEST_GUILESS_MAIN(TestDifference)
#include "tst_difference.moc"
