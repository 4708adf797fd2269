// Placeholders of a path and what a client puts in their places.
#include "core/gateway/pathparams.h"

#include <QTest>

using namespace tokenlab;

class TestPathParams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fills_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<QByteArray>("filled");
        QTest::newRow("none") << QByteArray("/a") << QByteArray() << QByteArray("/a");
        QTest::newRow("one") << QByteArray("/a/{id}") << QByteArray("id") << QByteArray("/a/1%2F%202");
        QTest::newRow("twice") << QByteArray("/{id}/{id}") << QByteArray("id") << QByteArray("/1%2F%202/1%2F%202");
        QTest::newRow("one of two has a value") << QByteArray("/{x}/{id}/") << QByteArray("x,id") << QByteArray("/{x}/1%2F%202/");
        QTest::newRow("must stay: empty value") << QByteArray("/{empty}") << QByteArray("empty") << QByteArray("/{empty}");
        QTest::newRow("must stay: in the query") << QByteArray("/a?b={id}") << QByteArray() << QByteArray("/a?b={id}");
        QTest::newRow("must stay: not closed") << QByteArray("/a/{id") << QByteArray() << QByteArray("/a/{id");
        QTest::newRow("must stay: closed in the query") << QByteArray("/a/{id?}") << QByteArray() << QByteArray("/a/{id?}");
    }
    void fills()
    {
        QFETCH(QByteArray, target);
        QByteArrayList names;
        for (const QByteArray &name : gateway::pathParams(target))
            names << name;
        QTEST(names.join(','), "names");
        QTEST(gateway::filledPath(target, {{"id", "1/ 2"}, {"empty", ""}}), "filled");
    }
};

QTEST_GUILESS_MAIN(TestPathParams)
#include "tst_pathparams.moc"
