// Route sets that were put to the gateway (KrakenD CE 2.13.8, `krakend check -t`): accepted or refused alike, in its words.
#include "core/gateway/routes.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tokenlab;

namespace {

Result<gateway::ServiceConfig, gateway::ConfigError> loaded(const QByteArray &text)
{
    return gateway::load(text, QStringLiteral("krakend.json"));
}

// `POST /a, GET /b`
QByteArray configOf(const QByteArray &routes)
{
    QByteArray endpoints;
    for (const QByteArray &route : routes.split(',')) {
        const QByteArrayList words = route.trimmed().split(' ');
        endpoints += QByteArray(endpoints.isEmpty() ? "" : ",") + "{\"method\":\"" + words.value(0) + "\",\"endpoint\":\"" +
                     words.value(1) + "\",\"backend\":[{\"host\":[\"http://h\"],\"url_pattern\":\"/\"}]}";
    }
    return "{\"version\":3,\"endpoints\":[" + endpoints + "]}";
}

} // namespace

class TestRoutes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void routes_data()
    {
        QTest::addColumn<QByteArray>("routes");
        QTest::addColumn<QByteArray>("text"); // empty: accepted
        QTest::addColumn<int>("endpoint");
        const auto row = [](const char *routes, const char *text = "", int endpoint = -1) {
            QTest::newRow(routes) << QByteArray(routes) << QByteArray(text) << endpoint;
        };
        row("POST /a, POST /b");
        row("POST /a, GET /a");
        row("POST /a, POST /a", "handlers are already registered for path '/a'", 1);
        row("POST /a, post /a", "handlers are already registered for path '/a'", 1);
        row("FOO /a, FOO /a");
        row("HEAD /a/{x}, HEAD /a/{y}");
        row("POST /a/{x}, POST /a/{y}", "':y' in new path '/a/:y' conflicts with existing wildcard ':x' in existing prefix '/a/:x'", 1);
        row("POST /a/{x}, GET /a/{y}");
        row("POST /a/{x}, POST /b, POST /a/{y}/b",
            "':y' in new path '/a/:y/b' conflicts with existing wildcard ':x' in existing prefix '/a/:x'", 2);
        row("POST /a/*", "wildcards must be named with a non-empty name in path '/a/*'", 0);
        row("POST /{x}, POST /{xy}", "':xy' in new path '/:xy' conflicts with existing wildcard ':x' in existing prefix '/:x'", 1);
        row("POST /{x}, POST /a, POST /{x}/b, POST /a/{y}");
        row("POST /a/{x}/b/{y}, POST /a/{x}/b/{y}", "handlers are already registered for path '/a/:x/b/:y'", 1);
        row("POST /b, POST ///b", "handlers are already registered for path '/b'", 1);
        row("POST /{x}, POST /abc/{x}, POST //{y}/ab",
            "':y' in new path '/:y/ab' conflicts with existing wildcard ':x' in existing prefix '/:x'", 2);
        row("POST //{x}/*", "wildcards must be named with a non-empty name in path '/:x/*'", 0);
        row("GET /{x}, GET /a");
    }

    void routes()
    {
        QFETCH(QByteArray, routes);
        QFETCH(QByteArray, text);
        QFETCH(int, endpoint);
        const auto service = loaded(configOf(routes));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        const auto &conflict = service->routeConflict;
        QCOMPARE(conflict ? conflict->text : QByteArray(), text);
        QCOMPARE(conflict ? int(conflict->endpoint) : -1, endpoint);
        if (conflict)
            QCOMPARE(conflict->pointer, "/endpoints/" + QByteArray::number(endpoint));
    }

    void literals_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("found"); // empty: none
        const auto row = [](const char *path, const char *method, const char *found) {
            QTest::addRow("%s %s", method, path) << QByteArray(path) << QByteArray(method) << QByteArray(found);
        };
        row("/i/42", "", "POST /i/{id}");
        row("i/42", "post", "POST /i/{id}");
        row("/i/42?x=1", "", "POST /i/{id}");
        row("/i/fixed", "", "POST /i/fixed");
        row("/i/fixed", "GET", "GET /i/{name}");
        row("/i/{name}", "", "GET /i/{name}");
        row("/i/:id", "", "POST /i/{id}");
        row("/i/42", "PUT", "");
        row("/i/", "", "");
        row("/f/1", "", "");
    }

    void literals()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, found);
        const auto service = loaded(configOf("POST /{all}, POST /i/{id}, FOO /f/{x}, POST /i/fixed, GET /i/{name}"));
        QVERIFY(service.ok());
        const gateway::EndpointConfig *endpoint = gateway::findEndpoint(*service, path, method);
        QCOMPARE(endpoint ? endpoint->method + ' ' + endpoint->path : QByteArray(), found);
    }

    void vectors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("words");
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/config-cases.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray cases = QJsonDocument::fromJson(file.readAll()).object().value(QLatin1String("cases")).toArray();
        for (const QJsonValue &one : cases) {
            const QJsonObject routes = one[QLatin1String("expect")].toObject().value(QLatin1String("routes")).toObject();
            if (routes.isEmpty())
                continue;
            const QString says = routes.value(QLatin1String("text")).toString();
            QTest::newRow(one[QLatin1String("name")].toString().toUtf8().constData())
                << one[QLatin1String("text")].toString().toUtf8()
                << (routes.value(QLatin1String("exit")).toInt() == 0 ? QByteArray() : says.section(QLatin1Char('\t'), 1).toUtf8());
        }
    }

    void vectors()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, words);
        const auto service = loaded(text);
        QVERIFY(service.ok());
        const auto conflict = gateway::findRouteConflict(*service);
        QCOMPARE(conflict ? conflict->text : QByteArray(), words);
    }

    // Cases with the gateway's answer from a file named by the environment; for longer runs by hand.
    void asked()
    {
        QFile file(qEnvironmentVariable("TOKENLAB_ROUTE_CASES"));
        if (file.fileName().isEmpty())
            QSKIP("no file of route cases named");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray cases = QJsonDocument::fromJson(file.readAll()).array();
        int differ = 0, compared = 0;
        for (const QJsonValue &one : cases) {
            const QByteArray says = one[QLatin1String("says")].toString().toUtf8();
            const auto service = loaded(one[QLatin1String("text")].toString().toUtf8());
            if (says.contains("parsing") || !service) {
                if (says.contains("parsing") == service.ok()) {
                    ++differ;
                    qWarning("%s\n  %s", one[QLatin1String("text")].toString().toUtf8().constData(), says.constData());
                }
                continue;
            }
            ++compared;
            const auto conflict = gateway::findRouteConflict(*service);
            const QByteArray expected = says.startsWith("Syntax OK") ? QByteArray() : says.mid(says.indexOf('\t') + 1);
            if ((conflict ? conflict->text : QByteArray()) != expected) {
                ++differ;
                qWarning("%s\n  %s\n  %s", one[QLatin1String("text")].toString().toUtf8().constData(), says.constData(),
                         conflict ? conflict->text.constData() : "-");
            }
        }
        qInfo("%d compared", compared);
        QCOMPARE(differ, 0);
    }
};

QTEST_GUILESS_MAIN(TestRoutes)
#include "tst_routes.moc"
