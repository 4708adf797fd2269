// Suggestions, fields, dropped parts, notes: sentences that name the right thing.
#include "core/text/text.h"

#include <QtTest>

using namespace tokenlab;

class NamesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nearest_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArrayList>("candidates");
        QTest::addColumn<QByteArray>("expected"); // empty: no suggestion
        const QByteArrayList manual{"access_token", "refresh_token", "exp"};
        QTest::newRow("a letter left out") << QByteArray("acess_token") << manual << QByteArray("access_token");
        QTest::newRow("neighbours swapped") << QByteArray("acecss_token") << manual << QByteArray("access_token");
        QTest::newRow("a plural") << QByteArray("refresh_tokens") << manual << QByteArray("refresh_token");
        QTest::newRow("camel case") << QByteArray("accessToken") << manual << QByteArray("access_token");
        QTest::newRow("hyphen") << QByteArray("access-token") << manual << QByteArray("access_token");
        QTest::newRow("case alone") << QByteArray("EXP") << manual << QByteArray("exp");
        QTest::newRow("short, one letter off") << QByteArray("exq") << manual << QByteArray("exp");
        QTest::newRow("the nearer of two") << QByteArray("refresh_tokenn") << QByteArrayList{"refresh_token", "refresh_tokens_all"}
                                           << QByteArray("refresh_token");
        QTest::newRow("not ASCII") << QByteArray("schl\xc3\xbcsel") << QByteArrayList{"schl\xc3\xbcssel"} << QByteArray("schl\xc3\xbcssel");
        QTest::newRow("must fail: nothing alike") << QByteArray("profile") << manual << QByteArray();
        QTest::newRow("must fail: the name itself") << QByteArray("exp") << QByteArrayList{"exp"} << QByteArray();
        QTest::newRow("must fail: empty") << QByteArray() << manual << QByteArray();
        QTest::newRow("must fail: huge") << QByteArray(100000, 'a') << QByteArrayList{QByteArray(100001, 'a')} << QByteArray();
        QTest::newRow("must fail: short and different") << QByteArray("ab") << QByteArrayList{"xy"} << QByteArray();
    }
    void nearest()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArrayList, candidates);
        QFETCH(QByteArray, expected);
        const std::vector<QByteArray> list(candidates.begin(), candidates.end());
        QCOMPARE(text::nearestName(name, list).value_or(QByteArray()), expected);
    }

    void fields_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("found");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QStringList>("wanted");
        QTest::addColumn<QString>("unwanted");
        const int null = int(json::Type::Null);
        QTest::newRow("missing, near miss") << int(twin::FieldOutcome::Missing) << null << QByteArray("acces_token")
                                            << QStringList{QStringLiteral("acces_token"),
                                                           QStringLiteral("did you mean \u201caccess_token\u201d")}
                                            << QString();
        QTest::newRow("missing, nothing near") << int(twin::FieldOutcome::Missing) << null << QByteArray("profile")
                                               << QStringList{QStringLiteral("not in the payload")} << QStringLiteral("did you mean");
        QTest::newRow("missing, dotted (§4.6)") << int(twin::FieldOutcome::Missing) << null << QByteArray("data.profile.name")
                                                << QStringList{QStringLiteral("top-level")} << QStringLiteral("did you mean");
        QTest::newRow("not an object: text") << int(twin::FieldOutcome::NotAnObject) << int(json::Type::String) << QByteArray("exp")
                                             << QStringList{QStringLiteral("a text"), QStringLiteral("objects only")} << QString();
        QTest::newRow("not an object: null") << int(twin::FieldOutcome::NotAnObject) << null << QByteArray("exp")
                                             << QStringList{QStringLiteral("null")} << QString();
        QTest::newRow("signed") << int(twin::FieldOutcome::Signed) << null << QByteArray("access_token")
                                << QStringList{QStringLiteral("is signed")} << QStringLiteral("not");
        QTest::newRow("twice") << int(twin::FieldOutcome::AlreadySigned) << null << QByteArray("access_token")
                               << QStringList{QStringLiteral("twice")} << QString();
        QTest::newRow("hostile name is shown inert") << int(twin::FieldOutcome::Missing) << null << QByteArray("a\x1b[31m")
                                                     << QStringList{QStringLiteral("\u241b")} << QStringLiteral("\x1b");
    }
    void fields()
    {
        QFETCH(int, kind);
        QFETCH(int, found);
        QFETCH(QByteArray, name);
        QFETCH(QStringList, wanted);
        QFETCH(QString, unwanted);
        twin::FieldOutcome field;
        field.kind = twin::FieldOutcome::Kind(kind);
        field.found = json::Type(found);
        field.name = name;
        const QString sentence = text::sentence(field, {"access_token", "refresh_token", "exp"});
        for (const QString &part : wanted)
            QVERIFY2(sentence.contains(part), qPrintable(sentence));
        QVERIFY2(unwanted.isEmpty() || !sentence.contains(unwanted), qPrintable(sentence));
    }

    void dropped()
    {
        twin::Dropped query{twin::Dropped::Query, "token", "true", "input_query_strings"};
        const QString sentence = text::sentence(query);
        QVERIFY(sentence.contains(QStringLiteral("query parameter token")));
        QVERIFY(sentence.contains(QStringLiteral("input_query_strings")));
        twin::Dropped header{twin::Dropped::Header, "Authorization", "Bearer secret", "input_headers"};
        QVERIFY(text::sentence(header).contains(QStringLiteral("Authorization")));
        QVERIFY2(!text::sentence(header).contains(QStringLiteral("secret")), "a dropped value may be a password");
        QVERIFY(text::sentence(twin::Dropped{twin::Dropped::Cookie, "sid", "x", "input_headers"})
                    .contains(QStringLiteral("\u201cCookie\u201d")));
        QVERIFY(!text::sentence(twin::Dropped{twin::Dropped::Header, "X", "y", {}}).contains(QStringLiteral("add")));
    }

    void everyNoteHasItsOwnSentence()
    {
        using Note = jose::DecodedToken::Note;
        QSet<QString> seen;
        for (int kind = Note::BearerStripped; kind <= Note::PayloadNotObject; ++kind) {
            const QString sentence = text::sentence(Note{Note::Kind(kind), "header"});
            QVERIFY(sentence.endsWith(QLatin1Char('.')));
            QVERIFY2(!seen.contains(sentence), qPrintable(sentence));
            QVERIFY2(!sentence.contains(QLatin1Char('%')), qPrintable(sentence));
            seen.insert(sentence);
            QVERIFY(!text::sentence(Note{Note::Kind(kind), {}}).contains(QLatin1Char('%')));
        }
    }

    void componentsAreNamed()
    {
        QVERIFY(text::componentNotSimulated("modifier/lua-proxy").contains(QStringLiteral("modifier/lua-proxy")));
        QVERIFY(text::componentNotSimulated("auth/validator").contains(QStringLiteral("401")));
    }
};

QTEST_GUILESS_MAIN(NamesTest)
#include "tst_names.moc"
