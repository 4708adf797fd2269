// The demo backend answers as the manual's does, with fresh times.
#include "core/http/message.h"
#include "core/playground/demo.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;
using playground::DemoBackend;

class DemoTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void answers_data();
    void answers();
    void freshTokens();
    void keySets();
    void takenPort();
    void configuration();
    void overTls();
    void filesThatCannotBeWritten();
    void switched();

private:
    http::Reply ask(const QByteArray &method, const QByteArray &target, const QByteArray &body, const QByteArray &header = {});

    Instant m_now{1700000000};
    std::unique_ptr<DemoBackend> m_backend;
    quint16 m_port = 0;
};

void DemoTest::init()
{
    m_backend = std::make_unique<DemoBackend>([this] { return m_now; });
    const auto port = m_backend->start(0);
    QVERIFY(port.ok());
    m_port = *port;
}

http::Reply DemoTest::ask(const QByteArray &method, const QByteArray &target, const QByteArray &body, const QByteArray &header)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
    socket.write(method + ' ' + target + " HTTP/1.1\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" +
                 header + "\r\n" + body);
    QByteArray got;
    if (!QTest::qWaitFor(
            [&] {
                got += socket.readAll();
                return socket.state() == QAbstractSocket::UnconnectedState;
            },
            10000))
        return {};
    const auto reply = http::parseReply(got + socket.readAll());
    return reply ? *reply : http::Reply{};
}

void DemoTest::answers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("has"); // in the body; `cookie`: a session cookie and no token
    const auto row = [](const char *name, const char *method, const char *target, const char *body, int status, const char *has) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body) << status << QByteArray(has);
    };
    const char *const john = "{\"user\":\"john\",\"pass\":\"doe\"}";
    row("manual: login", "POST", "/token-issuer", john, 200, "access_token");
    row("login by form", "POST", "/token-issuer", "user=john&pass=doe", 200, "access_token");
    row("login by form, escaped", "POST", "/token-issuer", "user=%6aohn&pass=doe&x", 200, "refresh_token");
    row("wrong password", "POST", "/token-issuer", "{\"user\":\"john\",\"pass\":\"x\"}", 401, "\"error\"");
    row("password of another type", "POST", "/token-issuer", "{\"user\":\"john\",\"pass\":5}", 401, "\"error\"");
    row("no body", "POST", "/token-issuer", "", 401, "\"error\"");
    row("broken JSON", "POST", "/token-issuer", "{\"user\":", 400, "\"error\"");
    row("classic answer asked for", "POST", "/token-issuer?token=false", john, 200, "cookie");
    row("classic login", "POST", "/login", john, 200, "cookie");
    row("login with token=true", "POST", "/login?token=true", john, 200, "access_token");
    row("login with another token", "POST", "/login?token=1", john, 200, "cookie");
    row("refresh", "POST", "/refresh", "{\"refresh_token\":\"eyJ…\"}", 200, "access_token");
    row("refresh without a token", "POST", "/refresh", "{}", 401, "\"error\"");
    row("account", "GET", "/account", "", 200, "\"john\"");
    row("overview", "GET", "/", "", 200, "/token-issuer");
    row("symmetric set", "GET", "/jwk/symmetric.json", "", 200, "sim2");
    row("private set", "GET", "/jwk/private.json", "", 200, "demo-ed25519");
    row("public set", "GET", "/jwk/public.json", "", 200, "demo-p521");
    row("unknown path", "GET", "/nothing", "", 404, "\"error\"");
    row("wrong method", "GET", "/token-issuer", "", 405, "\"error\"");
    row("wrong method of a set", "POST", "/jwk/public.json", "", 405, "\"error\"");
}

void DemoTest::answers()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QByteArray, has);
    const http::Reply reply = ask(method, target, body);
    QCOMPARE(reply.status, status);
    if (has == "cookie") {
        QVERIFY(reply.headers.first("Set-Cookie").value_or("").startsWith("session="));
        QVERIFY(!reply.body.contains("token"));
        return;
    }
    QVERIFY2(reply.body.contains(has), reply.body.constData());
    QVERIFY(!reply.headers.contains("Set-Cookie"));
    QCOMPARE(reply.headers.first("Content-Type").value_or(""), target == "/" ? "text/plain; charset=utf-8" : "application/json");
    QCOMPARE(reply.headers.contains("Allow"), status == 405);
}

void DemoTest::freshTokens()
{
    const auto payload = [this] {
        return QJsonDocument::fromJson(ask("POST", "/token-issuer", playground::demoRequestBody()).body).object();
    };
    const QJsonObject first = payload();
    const QJsonObject access = first[QLatin1String("access_token")].toObject();
    QCOMPARE(access.keys(), (QStringList{QStringLiteral("aud"), QStringLiteral("exp"), QStringLiteral("iat"), QStringLiteral("iss"),
                                         QStringLiteral("jti"), QStringLiteral("roles"), QStringLiteral("sub")}));
    QCOMPARE(access[QLatin1String("iat")].toInteger(), m_now.secondsSinceEpoch);
    QCOMPARE(access[QLatin1String("exp")].toInteger(), m_now.secondsSinceEpoch + 3600);
    QCOMPARE(first[QLatin1String("exp")].toInteger(), m_now.secondsSinceEpoch + 3600);
    const QJsonObject refresh = first[QLatin1String("refresh_token")].toObject();
    QVERIFY(!refresh.contains(QLatin1String("roles")));
    QVERIFY(refresh[QLatin1String("exp")].toInteger() > access[QLatin1String("exp")].toInteger());
    QVERIFY(refresh[QLatin1String("jti")] != access[QLatin1String("jti")]);
    m_now.secondsSinceEpoch += 10;
    const QJsonObject second = payload()[QLatin1String("access_token")].toObject();
    QCOMPARE(second[QLatin1String("iat")].toInteger(), m_now.secondsSinceEpoch);
    QVERIFY(second[QLatin1String("jti")] != access[QLatin1String("jti")]);
}

// No private member in the public set; the same kids in both.
void DemoTest::keySets()
{
    const auto keys = [this](const char *target) {
        return QJsonDocument::fromJson(ask("GET", target, {}).body).object()[QLatin1String("keys")].toArray();
    };
    const QJsonArray open = keys("/jwk/public.json");
    const QJsonArray secret = keys("/jwk/private.json");
    QCOMPARE(open.size(), qsizetype(5));
    QCOMPARE(secret.size(), qsizetype(6));
    for (qsizetype i = 0; i < open.size(); ++i) {
        const QJsonObject one = open[i].toObject();
        for (const char *member : {"d", "p", "q", "dp", "dq", "qi", "k"})
            QVERIFY(!one.contains(QLatin1String(member)));
        const QJsonObject other = secret[i].toObject();
        QCOMPARE(one[QLatin1String("kid")], other[QLatin1String("kid")]);
        QCOMPARE(one[QLatin1String("x")], other[QLatin1String("x")]);
        QVERIFY(other.contains(QLatin1String("d")));
    }
}

void DemoTest::takenPort()
{
    DemoBackend other([] { return Instant{}; });
    const auto fallback = other.start(m_port);
    QVERIFY(fallback.ok());
    QVERIFY(*fallback != m_port);
    QVERIFY(other.origin() != m_backend->origin());
    DemoBackend strict([] { return Instant{}; });
    QVERIFY(!strict.start(m_port, false).ok());
}

void DemoTest::configuration()
{
    const QJsonObject root = QJsonDocument::fromJson(playground::demoConfiguration()).object();
    QCOMPARE(root[QLatin1String("version")].toInt(), 3);
    QCOMPARE(root[QLatin1String("endpoints")].toArray().size(), qsizetype(3));
    const QByteArray text = playground::demoConfiguration();
    for (const auto &[from, to] : playground::demoBindings("http://127.0.0.1:8400")) {
        QVERIFY(text.contains(from));
        QCOMPARE(to, "http://127.0.0.1:8400");
    }
    QVERIFY(!text.contains("127.0.0.1"));
    QVERIFY(QJsonDocument::fromJson(playground::demoRequestBody()).isObject());
}

void DemoTest::overTls()
{
    QVERIFY(!m_backend->tls());
    QTemporaryDir folder(QDir::tempPath() + QStringLiteral("/a \"quoted\" folder-XXXXXX"));
    QVERIFY(folder.isValid());
    const auto port = m_backend->startHttps(0, true, folder.path());
    QVERIFY(port.ok());
    const playground::PlaygroundTls tls = *m_backend->tls();
    QCOMPARE(tls.origin, "https://127.0.0.1:" + QByteArray::number(*port));
    QVERIFY(tls.leafPin.size() == 44 && tls.caPin.size() == 44 && tls.leafPin != tls.caPin);
    const auto content = [](const QString &name) {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QCOMPARE(content(tls.caFile), tls.caPem);
    for (const QString &name : {tls.caFile, tls.configurationFile})
        QCOMPARE(QFile::permissions(name) & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    const QJsonObject root = QJsonDocument::fromJson(content(tls.configurationFile)).object();
    QCOMPARE(root[QLatin1String("client_tls")].toObject()[QLatin1String("ca_certs")].toArray(), QJsonArray{tls.caFile});
    for (const QJsonValue &endpoint : root[QLatin1String("endpoints")].toArray()) {
        const QJsonObject backend = endpoint.toObject()[QLatin1String("backend")].toArray()[0].toObject();
        QCOMPARE(backend[QLatin1String("host")].toArray(), QJsonArray{QString::fromLatin1(tls.origin)});
        const QJsonObject extra = endpoint.toObject()[QLatin1String("extra_config")].toObject();
        for (const QJsonValue &component : extra) {
            const QJsonObject members = component.toObject();
            QVERIFY(members[QLatin1String("jwk_url")].toString().startsWith(QString::fromLatin1(tls.origin) + QLatin1Char('/')));
            QCOMPARE(members[QLatin1String("jwk_local_ca")].toString(), tls.caFile);
            QVERIFY(!members.contains(QLatin1String("disable_jwk_security")));
        }
    }
    // Each run has a CA of its own.
    DemoBackend other([] { return Instant{}; });
    QVERIFY(other.start(0).ok() && other.startHttps(0).ok());
    QVERIFY(other.tls()->caPem != tls.caPem && other.tls()->caFile.isEmpty());
    DemoBackend strict([] { return Instant{}; });
    QVERIFY(!strict.startHttps(*port, false).ok());
    QVERIFY(!strict.tls());
}

void DemoTest::filesThatCannotBeWritten()
{
    const auto started = m_backend->startHttps(0, true, QStringLiteral("/nowhere/at/all"));
    QVERIFY(!started.ok());
    QVERIFY(started.error().text.startsWith(QStringLiteral("/nowhere/at/all/ca.pem: ")));
    QVERIFY(!m_backend->tls());
}

void DemoTest::switched()
{
    using playground::Fault;
    const QByteArray good = ask("GET", "/jwk/symmetric.json", {}).body;
    QSignalSpy changed(m_backend.get(), &DemoBackend::faultsChanged);
    QVERIFY(m_backend->setFault(Fault::EmptySet, true).ok());
    QCOMPARE(ask("GET", "/jwk/symmetric.json", {}).body, QByteArray("{\"keys\":[]}"));
    QCOMPARE(ask("GET", "/jwk/nothing.json", {}).status, 404);
    QCOMPARE(ask("POST", "/token-issuer", playground::demoRequestBody()).status, 200);
    QVERIFY(m_backend->setFault(Fault::Login500, true).ok());
    QCOMPARE(ask("POST", "/token-issuer", playground::demoRequestBody()).status, 500);
    QCOMPARE(ask("GET", "/account", {}).status, 200);
    QVERIFY(m_backend->setFault(Fault::EmptySet, true).ok()); // no change
    QCOMPARE(changed.count(), 2);
    // Down, and back at the same place.
    QVERIFY(m_backend->setFault(Fault::KeyHostDown, true).ok());
    QCOMPARE(m_backend->origin(), "http://127.0.0.1:" + QByteArray::number(m_port));
    auto other = std::make_unique<DemoBackend>([] { return Instant{}; });
    QVERIFY(other->start(m_port, false).ok());
    QVERIFY(!m_backend->setFaults({}).ok()); // somebody else has the port
    other.reset();
    QVERIFY(m_backend->setFaults({}).ok());
    QCOMPARE(changed.count(), 4);
    QCOMPARE(ask("GET", "/jwk/symmetric.json", {}).body, good);
}

QTEST_GUILESS_MAIN(DemoTest)
#include "tst_demo.moc"
