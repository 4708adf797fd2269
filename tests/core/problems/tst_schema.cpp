// What `krakend check -n` says of a file: the vectors, mutated configurations that were put to it, and its words where they are easily
// wrong.
#include "core/gateway/config.h"
#include "core/problems/schema.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tokenlab;
using namespace Qt::StringLiterals;

namespace {

QJsonArray casesOf(const QString &name)
{
    QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/") + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object()[u"cases"].toArray();
}

QByteArray textOf(const QJsonObject &row)
{
    if (row.contains(u"base64"))
        return QByteArray::fromBase64(row[u"base64"].toString().toLatin1());
    return row[u"text"].toString().toUtf8();
}

QByteArrayList lines(const QByteArray &text)
{
    const auto tree = json::SyntaxTree::parse(text);
    QByteArrayList out;
    if (tree)
        for (const problems::SchemaViolation &violation : problems::lint(*tree))
            out.append(problems::lintLine(violation));
    std::sort(out.begin(), out.end());
    return out;
}

QByteArray verdict(const QByteArray &text)
{
    const auto tree = json::SyntaxTree::parse(text);
    if (!tree)
        return "no JSON";
    switch (problems::lintVerdict(*tree)) {
    case problems::LintVerdict::Clean:
        return "clean";
    case problems::LintVerdict::Refused:
        return "refused";
    case problems::LintVerdict::Unknown:
        break;
    }
    return "unknown";
}

QByteArrayList texts(const QJsonArray &array)
{
    QByteArrayList out;
    for (const QJsonValue &value : array)
        out.append(value.toString().toUtf8());
    std::sort(out.begin(), out.end());
    return out;
}

// JSON in single quotes.
QByteArray quoted(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

// A whole file around members of its only endpoint.
QByteArray endpointWith(const QByteArray &members)
{
    return quoted("{'version':3,'endpoints':[{'endpoint':'/t','backend':[{'url_pattern':'/x','host':['http://h']}]") +
           (members.isEmpty() ? QByteArray() : ',' + members) + "}]}";
}

} // namespace

class TestSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArrayList>("violations");
        QTest::addColumn<int>("exitCode");
        for (const QJsonValue &value : casesOf(u"config-cases.json"_s)) {
            const QJsonObject row = value.toObject();
            const QJsonObject lint = row[u"expect"][u"lint"].toObject();
            // A file that the gateway cannot read is refused before the linter sees it.
            if (!row[u"file"].toString().endsWith(u".json") || row[u"expect"][u"check"][u"exit"].toInt() != 0)
                continue;
            QTest::newRow(row[u"name"].toString().toUtf8().constData())
                << textOf(row) << texts(lint[u"violations"].toArray()) << lint[u"exit"].toInt();
        }
        QCOMPARE_GT(casesOf(u"config-cases.json"_s).size(), 200);
    }
    void vectors()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArrayList, violations);
        QFETCH(int, exitCode);
        QCOMPARE(lines(text), violations);
        QCOMPARE(verdict(text), QByteArray(exitCode == 0 ? "clean" : "refused"));
    }

    void asked_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArrayList>("violations");
        QTest::addColumn<QByteArray>("expected");
        for (const QJsonValue &value : casesOf(u"lint-asked.json"_s)) {
            const QJsonObject row = value.toObject();
            QTest::newRow(row[u"name"].toString().toUtf8().constData())
                << row[u"text"].toString().toUtf8() << texts(row[u"violations"].toArray()) << row[u"verdict"].toString().toUtf8();
        }
        QCOMPARE_GT(casesOf(u"lint-asked.json"_s).size(), 200);
    }
    void asked()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArrayList, violations);
        QFETCH(QByteArray, expected);
        QCOMPARE(lines(text), violations);
        QCOMPARE(verdict(text), expected);
    }

    // Words that were asked for one by one.
    void words_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("line");
        const auto row = [](const char *name, const QByteArray &text, const char *line) {
            QTest::newRow(name) << text << QByteArray(line);
        };
        row("thousands", quoted("{'version':3,'port':70000}"), "at '/port': maximum: got 70,000, want 65,535");
        row("six digits", quoted("{'version':3,'port':999999}"), "at '/port': maximum: got 999,999, want 65,535");
        row("a million", quoted("{'version':3,'port':-1234567}"),
            "at '/port': minimum: got -1.234567\xc3\x97"
            "10\xe2\x81\xb0\xe2\x81\xb6, want 0");
        row("a great number", quoted("{'version':3,'port':1e17}"),
            "at '/port': maximum: got 1\xc3\x97"
            "10\xc2\xb9\xe2\x81\xb7, want 65,535");
        row("a whole number with a fraction", quoted("{'version':3.0}"), "");
        row("quotes and backslashes", endpointWith("\"a'b\\\\\\n\\\"\":1"),
            "at '/endpoints/0': additional properties 'a\\'b\\\\\\n\"' not allowed");
        row("names of the pointer", quoted("{'version':3,'extra_config':{'router':{'error_body':{'x~y/z':1}}}}"),
            "at '/extra_config/router/error_body': additional properties 'x~y/z' not allowed");
        row("annotations are welcome", endpointWith(quoted("'@x':1,'$y':2,'_z':3,'#k':4")), "");
        row("a line break in a path", endpointWith(quoted("'timeout':'1s'")).replace("\"/t\"", "\"/t\\n\""), "");
    }
    void words()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, line);
        QCOMPARE(lines(text).join('\n'), line);
    }

    void neverCleanWhereSomethingIsNotKnown_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<QByteArrayList>("places");
        QTest::newRow("all known") << endpointWith({}) << QByteArray("clean") << QByteArrayList();
        QTest::newRow("a component that is not known from inside")
            << endpointWith(quoted("'extra_config':{'documentation/openapi':{'x':1}}")) << QByteArray("unknown")
            << QByteArrayList{"/endpoints/0/extra_config/documentation~1openapi"};
        QTest::newRow("not known, but of the wrong type")
            << endpointWith(quoted("'extra_config':{'documentation/openapi':5}")) << QByteArray("refused") << QByteArrayList();
        QTest::newRow("refused whatever stands in the other")
            << endpointWith(quoted("'zzz':1,'extra_config':{'documentation/openapi':{}}")) << QByteArray("refused")
            << QByteArrayList{"/endpoints/0/extra_config/documentation~1openapi"};
        QTest::newRow("no component of the gateway at all")
            << endpointWith(quoted("'extra_config':{'my/own':{}}")) << QByteArray("refused") << QByteArrayList();
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("no JSON") << QByteArrayList();
    }
    void neverCleanWhereSomethingIsNotKnown()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QFETCH(QByteArrayList, places);
        QCOMPARE(verdict(text), expected);
        if (const auto tree = json::SyntaxTree::parse(text)) {
            const std::vector<QByteArray> found = problems::unjudged(*tree);
            QCOMPARE(QByteArrayList(found.begin(), found.end()), places);
        }
    }

    void causesAreWithoutHeadings()
    {
        const auto tree =
            json::SyntaxTree::parse(endpointWith(quoted("'extra_config':{'auth/signer':{'kid':'k','keys_to_sign':['a'],'zz':1}}")));
        QVERIFY(tree);
        QByteArrayList messages;
        for (const problems::SchemaViolation &violation : problems::lintCauses(*tree))
            messages.append(violation.message);
        QCOMPARE(messages,
                 (QByteArrayList{"'oneOf' failed, none matched", "additional properties 'zz' not allowed", "missing property 'alg'"}));
        QVERIFY(problems::lint(*tree).size() > 3);
    }

    void members()
    {
        const std::vector<QByteArray> signer = problems::schemaMembers("/endpoints/3/extra_config/auth~1signer");
        QVERIFY(std::find(signer.begin(), signer.end(), QByteArray("leeway")) != signer.end());
        QVERIFY(std::find(signer.begin(), signer.end(), QByteArray("typ")) == signer.end());
        QVERIFY(problems::schemaMembers("/endpoints/3/nothing/here").empty());
        QVERIFY(problems::schemaMembers("/port").empty());
        QVERIFY(!problems::schemaMembers({}).empty());
    }
};

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
