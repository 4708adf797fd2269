// Every configuration file of the vectors, and those that were asked for beside them: accepted or refused as the gateway does, in its
// words, and where it printed what it had understood (`check -ddd`), understood alike.
#include "core/gateway/config.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tokenlab;
using namespace Qt::StringLiterals;

namespace {

QString listed(const std::vector<QByteArray> &texts)
{
    QStringList out;
    for (const QByteArray &text : texts)
        out += QString::fromUtf8(text);
    return u'[' + out.join(u' ') + u']';
}

QString mapped(const std::vector<std::pair<QByteArray, QByteArray>> &pairs)
{
    QStringList out;
    for (const auto &[from, to] : pairs)
        out += QString::fromUtf8(from) + u':' + QString::fromUtf8(to);
    return u"map["_s + out.join(u' ') + u']';
}

// As the gateway prints it; letters of methods and encodings in one case, as the lab keeps them.
QJsonObject dumped(const gateway::BackendConfig &backend)
{
    const auto text = [](const QByteArray &bytes) { return QString::fromUtf8(bytes); };
    return {{u"method"_s, text(backend.method)},
            {u"url_pattern"_s, text(backend.urlPattern)},
            {u"host"_s, listed(backend.hosts)},
            {u"target"_s, text(backend.target)},
            {u"deny"_s, listed(backend.deny)},
            {u"allow"_s, listed(backend.allow)},
            {u"mapping"_s, mapped(backend.mapping)},
            {u"group"_s, text(backend.group)},
            {u"encoding"_s, text(backend.encoding).toLower()},
            {u"is_collection"_s, backend.isCollection ? u"true"_s : u"false"_s},
            {u"sd"_s, text(backend.sd)},
            {u"sd_scheme"_s, text(backend.sdScheme)},
            {u"input_headers"_s, listed(backend.inputHeaders)},
            {u"input_query_strings"_s, listed(backend.inputQueryStrings)}};
}

QJsonObject dumped(const gateway::ServiceConfig &service)
{
    QJsonArray endpoints;
    for (const gateway::EndpointConfig &endpoint : service.endpoints) {
        QJsonArray backends;
        for (const gateway::BackendConfig &backend : endpoint.backends)
            backends.append(dumped(backend));
        endpoints.append(QJsonObject{{u"method"_s, QString::fromUtf8(endpoint.method)},
                                     {u"route"_s, QString::fromUtf8(endpoint.route)},
                                     {u"timeout"_s, endpoint.timeoutNs},
                                     {u"query"_s, listed(endpoint.inputQueryStrings)},
                                     {u"headers"_s, listed(endpoint.inputHeaders)},
                                     {u"output_encoding"_s, QString::fromUtf8(endpoint.outputEncoding)},
                                     {u"concurrent_calls"_s, QString::number(endpoint.concurrentCalls)},
                                     {u"backend"_s, backends}});
    }
    return {{u"port"_s, QString::number(service.port)}, {u"hosts"_s, listed(service.hosts)}, {u"endpoints"_s, endpoints}};
}

QJsonObject inOneCase(QJsonObject dump)
{
    QJsonArray endpoints;
    for (const QJsonValue &value : dump[u"endpoints"].toArray()) {
        QJsonObject endpoint = value.toObject();
        endpoint[u"method"] = endpoint[u"method"].toString().toUpper();
        QJsonArray backends;
        for (const QJsonValue &inner : endpoint[u"backend"].toArray()) {
            QJsonObject backend = inner.toObject();
            backend[u"encoding"] = backend[u"encoding"].toString().toLower();
            backends.append(backend);
        }
        endpoint[u"backend"] = backends;
        endpoints.append(endpoint);
    }
    dump[u"endpoints"] = endpoints;
    return dump;
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

// What the gateway prints after the file's name, for one case of the vectors.
QByteArray expectedText(const QJsonObject &check, const QString &file)
{
    const QString prefix = u"ERROR parsing the configuration file:\t'"_s + file + u"': "_s;
    QString text = check[u"text"].toString();
    if (text.startsWith(prefix))
        text.remove(0, prefix.size());
    return text.toUtf8();
}

// Go walks maps at random: the lines about several wrong members of one mapping come in any order.
QByteArray inAnyOrder(const QByteArray &text)
{
    QList<QByteArray> lines = text.split('\n');
    std::sort(lines.begin(), lines.end());
    return text.contains("mapping[") ? lines.join('\n') : text;
}

} // namespace

class TestConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void check_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QJsonObject>("environment");
        QTest::addColumn<QJsonObject>("expect");
        for (const char *source : {"config-cases.json", "config-asked.json"}) {
            QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/") + QLatin1String(source));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QJsonArray cases = QJsonDocument::fromJson(file.readAll()).object()[u"cases"].toArray();
            QVERIFY(!cases.isEmpty());
            for (const QJsonValue &value : cases) {
                const QJsonObject one = value.toObject();
                const QByteArray text = one.contains(u"base64") ? QByteArray::fromBase64(one[u"base64"].toString().toLatin1())
                                                                : one[u"text"].toString().toUtf8();
                QTest::newRow(
                    (QByteArray(source) + ": " + one[u"name"].toString().toUtf8().toPercentEncoding(" ':/{}[]()\",.*?|@#$+!")).constData())
                    << one[u"file"].toString() << text << one[u"environment"].toObject() << one[u"expect"].toObject();
            }
        }
    }

    void check()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, text);
        QFETCH(QJsonObject, environment);
        QFETCH(QJsonObject, expect);
        const QJsonObject want = expect[u"check"].toObject();
        gateway::Environment variables;
        for (auto it = environment.begin(); it != environment.end(); ++it)
            variables[it.key().toUtf8()] = it.value().toString().toUtf8();

        const auto service = gateway::load(text, file, variables);
        if (file.endsWith(u".yaml") || file.endsWith(u".yml") || file.endsWith(u".toml")) {
            QVERIFY(!service.ok());
            QCOMPARE(int(service.error().kind), int(gateway::ConfigError::NotReadYet));
            QVERIFY(!service.error().text.isEmpty());
            ++m_notRead;
            return;
        }
        ++m_read;
        if (want.contains(u"panic")) {
            QVERIFY(!service.ok());
            QCOMPARE(int(service.error().kind), int(gateway::ConfigError::Crash));
            QCOMPARE(service.error().text, "panic: " + want[u"panic"].toString().toUtf8());
        } else if (want[u"exit"].toInt() != 0) {
            QVERIFY2(!service.ok(), "the gateway refuses this");
            QCOMPARE(int(service.error().kind), int(gateway::ConfigError::Parse));
            QCOMPARE(inAnyOrder(service.error().text), inAnyOrder(expectedText(want, file)));
        } else {
            QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
            if (expect.contains(u"dump"))
                QCOMPARE(compact(dumped(*service)), compact(inOneCase(expect[u"dump"].toObject())));
        }
    }

    void cleanupTestCase()
    {
        qInfo("%d JSON files read, %d YAML and TOML files not read yet", m_read, m_notRead);
        QCOMPARE(m_notRead, 5);
    }

private:
    int m_read = 0, m_notRead = 0;
};

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
