// What the real gateway said to odd JSON, row by row (README.md beside this file).
#include "core/json/parse.h"
#include "core/json/syntaxtree.h"
#include "core/json/unmarshal.h"
#include "core/json/writer.h"

#include <QFile>
#include <QTest>

using namespace tokenlab::json;

namespace {

QByteArray contentOf(const char *name)
{
    QFile file(QLatin1String(TOKENLAB_TEST_DATA "/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// `safejson`: an object as it is, an array as `collection`, anything else as `content`.
QByteArray safeJsonBody(Value root)
{
    if (root.isObject())
        return write(root);
    return QByteArray(root.isArray() ? "{\"collection\":" : "{\"content\":") + write(root) + '}';
}

Document parsed(const QByteArray &text)
{
    auto result = parse(text);
    return result ? std::move(result).value() : Document();
}

} // namespace

class TestAsked : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows_data()
    {
        QTest::addColumn<QByteArray>("as");
        QTest::addColumn<QByteArray>("in");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QByteArray>("out");
        m_asked = parsed(contentOf("json-asked.json"));
        const Value rows = m_asked.root().find("rows");
        QVERIFY(rows.size() > 3000);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Value row = rows.at(i);
            QByteArray in = row.find("in").bytes();
            if (row.find("in64").exists())
                in = QByteArray::fromBase64(row.find("in64").bytes());
            if (const Value repeat = row.find("repeat"); repeat.exists()) {
                const auto times = qsizetype(repeat.at(1).toDouble());
                in = repeat.at(0).bytes().repeated(times) + repeat.at(2).bytes().repeated(times);
            }
            const QByteArray as = row.find("as").bytes();
            QTest::newRow(qPrintable(QStringLiteral("gateway, row %1 as %2").arg(i).arg(QLatin1String(as))))
                << as << in << row.find("error").bytes() << row.find("out").bytes();
        }
    }
    void rows()
    {
        QFETCH(QByteArray, as);
        QFETCH(QByteArray, in);
        QFETCH(QByteArray, error);
        QFETCH(QByteArray, out);
        if (as == "signer") {
            QCOMPARE(signerError(in), error);
            return;
        }
        const Policy policy = as == "stream" ? Policy::stream() : as == "fork" ? Policy::joseFork() : Policy::standard();
        const auto result = parse(in, policy);
        const auto tree = SyntaxTree::parse(in, policy);
        if (as == "fork" && !error.startsWith("json: duplicate key")) {
            // The fork breaks off at a number in a string's place, so a later duplicate is not reached; that is the key reader's order.
            const bool brokenOff = error.startsWith("json: cannot unmarshal number");
            QVERIFY2(brokenOff || (result.ok() && tree.ok()), "the fork must not see a duplicate here");
            return;
        }
        QCOMPARE(result ? QByteArray() : gatewayText(result.error()), error);
        QCOMPARE(tree ? QByteArray() : gatewayText(tree.error()), error);
        if (result && !out.isEmpty())
            QCOMPARE(safeJsonBody(result->root()), out);
    }

    void gatewayBodies_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("error");
        m_cases = parsed(contentOf("gateway-cases.json"));
        int rows = 0;
        for (const Value c : m_cases.root().find("cases").elements()) {
            const QByteArray name = c.find("name").bytes();
            const Value backends = c.find("backends");
            const Value body = backends.at(0).find("body");
            const Value encoded = backends.at(0).find("bodyBase64");
            if (!name.startsWith("body: ") || backends.size() != 1 || !(body.isString() || encoded.isString()))
                continue;
            const QByteArray bytes = encoded.isString() ? QByteArray::fromBase64(encoded.bytes()) : body.bytes();
            const QByteArray log = c.find("expect").find("log").at(0).bytes();
            const QByteArray mark = "Proxy response: ";
            const qsizetype at = log.indexOf(mark);
            QByteArray error = at < 0 ? QByteArray() : log.mid(at + mark.size());
            if (!error.startsWith("invalid character") && !error.endsWith("EOF"))
                error.clear(); // about types, not syntax
            QTest::newRow(("gateway-cases.json, " + name).constData()) << bytes << error;
            ++rows;
        }
        QVERIFY(rows > 25);
    }
    void gatewayBodies()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, error);
        const auto result = parse(body, Policy::stream());
        QCOMPARE(result ? QByteArray() : gatewayText(result.error()), error);
    }

    void configFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("error");
        m_configs = parsed(contentOf("config-cases.json"));
        int refused = 0;
        for (const Value c : m_configs.root().find("cases").elements()) {
            if (!c.find("file").bytes().endsWith(".json") || !c.find("text").isString())
                continue;
            QByteArray said = c.find("expect").find("check").find("text").bytes();
            QByteArray error;
            for (const char *start : {"invalid character", "unexpected end of JSON input"}) {
                if (const qsizetype at = said.indexOf(start); at >= 0 && error.isEmpty())
                    error = said.mid(at).trimmed();
            }
            if (const qsizetype at = error.indexOf('\n'); at >= 0)
                error.truncate(at);
            refused += !error.isEmpty();
            QTest::newRow(("config-cases.json, " + c.find("name").bytes()).constData()) << c.find("text").bytes() << error;
        }
        QVERIFY(refused >= 4);
    }
    void configFiles()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, error);
        const auto result = parse(text);
        QCOMPARE(result ? QByteArray() : gatewayText(result.error()), error);
        const auto tree = SyntaxTree::parse(text);
        QCOMPARE(tree ? QByteArray() : gatewayText(tree.error()), error);
    }

private:
    static QByteArray signerError(const QByteArray &text)
    {
        const Document document = parsed(text);
        QByteArray alg, kid, typ, url, ca, path, secret, cypher;
        bool full = false;
        bool insecure = false;
        std::vector<QByteArray> keys, prints;
        std::vector<quint16> suites;
        const Field fields[] = {{"alg", &alg},
                                {"kid", &kid},
                                {"typ", &typ},
                                {"jwk_url", &url},
                                {"full", &full},
                                {"keys_to_sign", &keys},
                                {"cipher_suites", &suites},
                                {"disable_jwk_security", &insecure},
                                {"jwk_fingerprints", &prints},
                                {"jwk_local_ca", &ca},
                                {"jwk_local_path", &path},
                                {"secret_url", &secret},
                                {"cypher_key", ByteSlice{&cypher}}};
        const auto error = unmarshalStruct(document.root(), "jose.SignerConfig", "SignerConfig", fields);
        return error ? gatewayText(*error) : QByteArray();
    }

    Document m_asked, m_cases, m_configs;
};

QTEST_GUILESS_MAIN(TestAsked)
#include "tst_asked.moc"
