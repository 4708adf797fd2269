// What the real gateway said to odd JSON in the place of a key set, row by row (tests/core/json/README.md says how it was asked).
#include "core/jose/jwk.h"
#include "testdata.h"

#include <QTest>

#include <optional>

using namespace tokenlab;
using jose::SetSource;

namespace {

// A row's input as the gateway got it.
QByteArray inputOf(const QJsonObject &row)
{
    if (row.contains(QLatin1String("in64")))
        return QByteArray::fromBase64(row.value(QLatin1String("in64")).toString().toLatin1());
    const QJsonArray repeat = row.value(QLatin1String("repeat")).toArray();
    if (repeat.isEmpty())
        return testdata::bytes(row.value(QLatin1String("in")));
    const qsizetype times = repeat.at(1).toInt();
    return testdata::bytes(repeat.at(0)).repeated(times) + testdata::bytes(repeat.at(2)).repeated(times);
}

// Of a text that is JSON.
const char *typeNameOf(const QByteArray &json)
{
    switch (const QByteArray text = json.trimmed(); text.at(0)) {
    case '"':
        return "string";
    case '[':
        return "array";
    case 't':
    case 'f':
        return "bool";
    case '{':
    case 'n': // null leaves a set without keys
        return "";
    default:
        return "number";
    }
}

// None of the rows whose JSON was accepted has `keys`, so only the type of the whole can be wrong.
QByteArray complaintOfType(const QByteArray &json, SetSource source)
{
    const QByteArray type = typeNameOf(json);
    if (type.isEmpty())
        return {};
    return "json: cannot unmarshal " + type + " into Go value of type " +
           (source == SetSource::LocalFile ? "jose.JSONWebKeySet" : "auth0.JWKS");
}

} // namespace

class TestAsked : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("remote");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<int>("keys");
        const QJsonArray rows = testdata::read("json-asked.json").object().value(QLatin1String("rows")).toArray();
        int asked = 0;
        int refused = 0;
        for (qsizetype i = 0; i < rows.size(); ++i) {
            const QJsonObject row = rows.at(i).toObject();
            const QByteArray as = testdata::bytes(row.value(QLatin1String("as")));
            if (as == "signer")
                continue; // no key set
            const QByteArray in = inputOf(row);
            QByteArray error = testdata::bytes(row.value(QLatin1String("error")));
            // A remote set and a backend's body are read by the same decoder.
            const bool remote = as == "stream";
            const bool element = as == "fork";
            if (error.isEmpty())
                error = complaintOfType(in, remote ? SetSource::Remote : SetSource::LocalFile);
            if (element && error.startsWith("Get \"\":"))
                error.clear(); // the file was read to its end; the gateway went on to the URL, which was empty
            const int keys = element && error.isEmpty() ? 1 : 0;
            QTest::newRow(qPrintable(QStringLiteral("gateway, row %1 as %2").arg(i).arg(QLatin1String(as))))
                << (element ? "{\"keys\":[" + in + "]}" : in) << remote << error << keys;
            ++asked;
            refused += !error.isEmpty();
        }
        QVERIFY(asked > 3000);
        QVERIFY(refused > 2000);
    }
    void rows()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, remote);
        QFETCH(QByteArray, error);
        QFETCH(int, keys);
        const auto set = jose::parseKeySet(text, remote ? SetSource::Remote : SetSource::LocalFile);
        QCOMPARE(set ? QByteArray() : set.error().text, error);
        QCOMPARE(set ? int(set->keys.size()) : 0, keys);
    }

    // Sets of random elements (members, types and repetitions at random; then good keys with something spoilt), as a file that
    // `jwk_local_path` names or behind `jwk_url`, with a kid that none has. A good file and a good remote set differ in what follows: the
    // gateway tells only of a remote one whether it was empty.
    void randomSets_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("remote");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<std::optional<bool>>("empty");
        const QJsonArray rows = testdata::read("keysets-asked.json").object().value(QLatin1String("rows")).toArray();
        QCOMPARE(rows.size(), 1000);
        for (qsizetype i = 0; i < rows.size(); ++i) {
            const QJsonObject row = rows.at(i).toObject();
            const QByteArray as = testdata::bytes(row.value(QLatin1String("as")));
            const QJsonValue empty = row.value(QLatin1String("empty"));
            QTest::newRow(qPrintable(QStringLiteral("gateway, set %1, %2").arg(i).arg(QLatin1String(as))))
                << testdata::bytes(row.value(QLatin1String("in"))) << (as == "remote") << testdata::bytes(row.value(QLatin1String("error")))
                << (empty.isBool() ? std::optional<bool>(empty.toBool()) : std::nullopt);
        }
    }
    void randomSets()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, remote);
        QFETCH(QByteArray, error);
        QFETCH(std::optional<bool>, empty);
        const auto set = jose::parseKeySet(text, remote ? SetSource::Remote : SetSource::LocalFile);
        QCOMPARE(set ? QByteArray() : set.error().text, error);
        if (empty)
            QCOMPARE(set->keys.empty(), *empty);
    }
};

QTEST_GUILESS_MAIN(TestAsked)
#include "tst_asked.moc"
