// Trust, pins and suites (specification §3) against real TLS servers on loopback.
#include "core/net/tlsclient.h"
#include "harness.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

using namespace tokenlab;
using namespace tokenlab::test;
using crypto::makeTlsIdentity;
using crypto::TlsIdentity;
using crypto::TlsIdentityRequest;
using http::TransportError;
using playground::Script;
using playground::Server;
using playground::ServerRequest;

namespace {

struct Identities {
    TlsIdentity ca, otherCa, intermediate, leaf, byIntermediate, expired, future, wrongName, commonNameOnly, dnsOnly, selfSigned,
        clientsOnly;
};

struct Case {
    TlsIdentity leaf;
    std::vector<TlsIdentity> further = {}; // sent after the leaf
    std::vector<QByteArray> roots = {};
    bool verify = true;
    std::vector<QByteArray> pins = {};
    int kind = -1;
    QByteArray text = {}; // beginning and end around the moment, which varies: "begin…end"
    QSsl::SslProtocol protocol = QSsl::TlsV1_2OrLater;
    QByteArray host = "127.0.0.1";
};

bool fits(const QByteArray &text, const QByteArray &pattern)
{
    const qsizetype gap = pattern.indexOf("...");
    if (gap < 0)
        return text == pattern;
    return text.startsWith(pattern.first(gap)) && text.endsWith(pattern.sliced(gap + 3));
}

} // namespace

Q_DECLARE_METATYPE(Case)

class TlsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void peers_data();
    void peers();
    void suites_data();
    void suites();
    void notTls_data();
    void notTls();
    void alerts_data();
    void alerts();
    void clientCertificate();
    void systemRootsVariable();
    void postIsSentOnce();
    void redirectToHttps();
    void bodyEndsWithTheConnection();

private:
    Identities m_ids;
    QTemporaryDir m_noRoots;
};

void TlsTest::initTestCase()
{
    // The machine's own roots would only cost time here.
    QVERIFY(m_noRoots.isValid());
    qputenv("SSL_CERT_FILE", (m_noRoots.path() + QStringLiteral("/none.pem")).toUtf8());
    qputenv("SSL_CERT_DIR", m_noRoots.path().toUtf8());
    const auto make = [](const TlsIdentityRequest &request, const TlsIdentity *issuer) {
        auto made = makeTlsIdentity(request, issuer);
        return made ? *std::move(made) : TlsIdentity{};
    };
    m_ids.ca = make(authority("Lab Test CA"), nullptr);
    m_ids.otherCa = make(authority("Other Test CA"), nullptr);
    m_ids.intermediate = make(authority("Lab Intermediate"), &m_ids.ca);
    const std::vector<QByteArray> names{"localhost", "127.0.0.1"};
    m_ids.leaf = make(identity("leaf", names), &m_ids.ca);
    m_ids.byIntermediate = make(identity("below", names), &m_ids.intermediate);
    TlsIdentityRequest request = identity("expired", names);
    request.notBefore = daysFromNow(-10);
    request.notAfter = daysFromNow(-5);
    m_ids.expired = make(request, &m_ids.ca);
    request.notBefore = daysFromNow(5);
    request.notAfter = daysFromNow(10);
    m_ids.future = make(request, &m_ids.ca);
    m_ids.wrongName = make(identity("wrong", {"127.0.0.9"}), &m_ids.ca);
    m_ids.commonNameOnly = make(identity("localhost", {}), &m_ids.ca);
    m_ids.dnsOnly = make(identity("dns", {"localhost"}), &m_ids.ca);
    m_ids.selfSigned = make(identity("self", names), nullptr);
    request = identity("clients", names);
    request.forClientsOnly = true;
    m_ids.clientsOnly = make(request, &m_ids.ca);
    QVERIFY(!m_ids.clientsOnly.certificatePem.isEmpty() && !m_ids.byIntermediate.certificatePem.isEmpty());
}

void TlsTest::peers_data()
{
    QTest::addColumn<Case>("one");
    const Identities &ids = m_ids;
    const QByteArray ca = ids.ca.certificatePem;
    const auto pin = [](const TlsIdentity &identity) { return *crypto::spkiPin(identity.certificateDer); };
    const QByteArray prefix = "tls: failed to verify certificate: x509: ";
    const QByteArray noPin = "JWK client did not find a pinned key";
    const int untrusted = TransportError::TlsUntrusted;

    QTest::newRow("right CA") << Case{ids.leaf, {}, {ca}};
    QTest::newRow("no CA") << Case{ids.leaf, {}, {}, true, {}, untrusted, prefix + "certificate signed by unknown authority"};
    QTest::newRow("another CA") << Case{
        ids.leaf, {}, {ids.otherCa.certificatePem}, true, {}, untrusted, prefix + "certificate signed by unknown authority"};
    QTest::newRow("another CA, right one sent along")
        << Case{ids.leaf, {ids.ca}, {ids.otherCa.certificatePem}, true, {}, untrusted, prefix + "certificate signed by unknown authority"};
    QTest::newRow("leaf given as CA") << Case{ids.leaf, {}, {ids.leaf.certificatePem}};
    QTest::newRow("self-signed given as CA") << Case{ids.selfSigned, {}, {ids.selfSigned.certificatePem}};
    QTest::newRow("self-signed") << Case{ids.selfSigned, {}, {ca}, true, {}, untrusted, prefix + "certificate signed by unknown authority"};
    QTest::newRow("intermediate sent") << Case{ids.byIntermediate, {ids.intermediate}, {ca}};
    QTest::newRow("intermediate missing") << Case{
        ids.byIntermediate, {}, {ca}, true, {}, untrusted, prefix + "certificate signed by unknown authority"};
    QTest::newRow("intermediate given as CA") << Case{ids.byIntermediate, {}, {ids.intermediate.certificatePem}};
    QTest::newRow("CA file with rubbish around")
        << Case{ids.leaf, {}, {"# comment\n-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n" + ca + "tail"}};
    QTest::newRow("DER as CA file") << Case{
        ids.leaf, {}, {ids.ca.certificateDer}, true, {}, untrusted, prefix + "certificate signed by unknown authority"};
    QTest::newRow("expired") << Case{
        ids.expired, {}, {ca}, true, {}, untrusted, prefix + "certificate has expired or is not yet valid: current time ...Z"};
    QTest::newRow("not yet valid") << Case{
        ids.future, {}, {ca}, true, {}, untrusted, prefix + "certificate has expired or is not yet valid: current time ...Z"};
    QTest::newRow("wrong name") << Case{
        ids.wrongName, {}, {ca}, true, {}, untrusted, prefix + "certificate is valid for 127.0.0.9, not 127.0.0.1"};
    QTest::newRow("names without addresses") << Case{
        ids.dnsOnly,
        {},
        {ca},
        true,
        {},
        untrusted,
        prefix + "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs"};
    Case byName{ids.dnsOnly, {}, {ca}};
    byName.host = "localhost";
    QTest::newRow("by name") << byName;
    Case commonName{
        ids.commonNameOnly, {}, {ca}, true, {}, untrusted, prefix + "certificate relies on legacy Common Name field, use SANs instead"};
    commonName.host = "localhost";
    QTest::newRow("common name only") << commonName;
    QTest::newRow("for clients only") << Case{
        ids.clientsOnly, {}, {ca}, true, {}, untrusted, prefix + "certificate specifies an incompatible key usage"};

    QTest::newRow("insecure: self-signed") << Case{ids.selfSigned, {}, {}, false};
    QTest::newRow("insecure: expired") << Case{ids.expired, {}, {}, false};
    for (const auto &[name, protocol] : {std::pair("1.2", QSsl::TlsV1_2), std::pair("1.3", QSsl::TlsV1_3)}) {
        const auto row = [&, version = name](const char *what) -> QTestData & { return QTest::addRow("TLS %s: %s", version, what); };
        row("right pin") << Case{ids.leaf, {}, {ca}, true, {pin(ids.leaf)}, -1, {}, protocol};
        row("wrong pin") << Case{ids.leaf, {}, {ca}, true, {pin(ids.otherCa)}, TransportError::PinMismatch, noPin, protocol};
        row("empty pin") << Case{ids.leaf, {}, {ca}, true, {QByteArray()}, TransportError::PinMismatch, noPin, protocol};
        row("one of two pins") << Case{ids.leaf, {}, {ca}, true, {pin(ids.otherCa), pin(ids.leaf)}, -1, {}, protocol};
        row("pin of a stray certificate that was sent") << Case{ids.leaf, {ids.otherCa}, {ca}, true, {pin(ids.otherCa)}, -1, {}, protocol};
        row("pin of the CA that was not sent") << Case{ids.leaf, {},      {ca}, true, {pin(ids.ca)}, TransportError::PinMismatch,
                                                       noPin,    protocol};
        row("untrusted with the right pin") << Case{
            ids.leaf, {}, {}, true, {pin(ids.leaf)}, untrusted, prefix + "certificate signed by unknown authority", protocol};
        row("insecure, wrong pin") << Case{ids.leaf, {}, {}, false, {pin(ids.ca)}, TransportError::PinMismatch, noPin, protocol};
        row("insecure, right pin") << Case{ids.leaf, {}, {}, false, {pin(ids.leaf)}, -1, {}, protocol};
    }
}

void TlsTest::peers()
{
    QFETCH(const Case, one);
    Script script;
    script.body = "{\"keys\":[]}";
    Server server([&script](const ServerRequest &) { return script; });
    QSslConfiguration configuration = serverConfiguration(one.leaf, one.further);
    configuration.setProtocol(one.protocol);
    configuration.setBackendConfigurationOption("CipherString", QByteArray("DEFAULT:@SECLEVEL=0"));
    QVERIFY(server.listenTls(configuration));
    net::ExchangePolicy policy;
    policy.tls.verify = one.verify;
    policy.tls.extraRoots = one.roots;
    policy.tls.pins = one.pins;
    const QByteArray url = server.origin().replace("127.0.0.1", one.host) + "/jwk";
    // A POST with a secret, so that a leak would be a leak.
    const auto result = run(post(url, "{\"pass\":\"secret\"}"), policy);
    QVERIFY(result);
    if (one.kind < 0) {
        QVERIFY2(result->reply.ok(), result->reply.ok() ? "" : result->reply.error().text.constData());
        QCOMPARE(result->reply->body, script.body);
        QCOMPARE(int(server.received().size()), 1);
        return;
    }
    QVERIFY(!result->reply.ok());
    QVERIFY2(fits(result->reply.error().text, one.text), result->reply.error().text.constData());
    QCOMPARE(int(result->reply.error().kind), one.kind);
    QCOMPARE(result->reply.error().url, url);
    // Two requests that nothing stops come after it: when the server has read them, it has read all there was before. Both are of one
    // size, so what is left when it is taken off twice came from the refused one.
    policy.tls.verify = false;
    policy.tls.pins.clear();
    const auto first = run(get(url), policy);
    QVERIFY(first && first->reply.ok());
    const qint64 afterFirst = server.applicationBytes();
    const auto second = run(get(url), policy);
    QVERIFY(second && second->reply.ok());
    QCOMPARE(server.applicationBytes(), 2 * afterFirst);
    QCOMPARE(int(server.received().size()), 2);
    for (const ServerRequest &request : server.received())
        QCOMPARE(request.method, "GET");
}

void TlsTest::suites_data()
{
    QTest::addColumn<QList<int>>("client");
    QTest::addColumn<QString>("server"); // one suite of TLS 1.2; empty: TLS 1.3
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *name, const QList<int> &client, const char *server, const char *error) {
        QTest::newRow(name) << client << QString::fromLatin1(server) << QByteArray(error);
    };
    row("default, 1.3", {}, "", "");
    row("default, GCM", {}, "ECDHE-ECDSA-AES128-GCM-SHA256", "");
    row("default, CBC", {}, "ECDHE-ECDSA-AES128-SHA", "remote error: tls: handshake failure");
    row("one suite, the server's", {0xc02b}, "ECDHE-ECDSA-AES128-GCM-SHA256", "");
    row("one suite, another", {0xc02c}, "ECDHE-ECDSA-AES128-GCM-SHA256", "remote error: tls: handshake failure");
    row("CBC asked for", {0xc009}, "ECDHE-ECDSA-AES128-SHA", "");
    row("the manual's [5, 10], 1.3", {5, 10}, "", "");
    row("the manual's [5, 10], 1.2", {5, 10}, "ECDHE-ECDSA-AES128-GCM-SHA256", "remote error: tls: handshake failure");
    row("only names of 1.3, server 1.2", {0x1301}, "ECDHE-ECDSA-AES128-GCM-SHA256", "remote error: tls: handshake failure");
    row("unknown number, 1.3", {1}, "", "");
}

void TlsTest::suites()
{
    QFETCH(const QList<int>, client);
    QFETCH(const QString, server);
    QFETCH(const QByteArray, error);
    Server listener([](const ServerRequest &) { return Script{}; });
    QSslConfiguration configuration = serverConfiguration(m_ids.leaf);
    configuration.setProtocol(server.isEmpty() ? QSsl::TlsV1_3 : QSsl::TlsV1_2);
    if (!server.isEmpty())
        configuration.setCiphers(server);
    QVERIFY(listener.listenTls(configuration));
    net::ExchangePolicy policy;
    policy.tls.extraRoots = {m_ids.ca.certificatePem};
    for (const int number : client)
        policy.tls.cipherSuites.push_back(quint16(number));
    const auto result = run(get(listener.origin() + "/x"), policy);
    QVERIFY(result);
    QCOMPARE(result->reply.ok() ? QByteArray() : result->reply.error().text, error);
}

void TlsTest::notTls_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<int>("kind");
    const auto row = [](const char *name, const QByteArray &answer, const char *error, TransportError::Kind kind) {
        QTest::newRow(name) << answer << QByteArray(error) << int(kind);
    };
    row("asked: SSH", "SSH-2.0-x\r\n", "tls: first record does not look like a TLS handshake", TransportError::TlsNotTls);
    row("asked: HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "http: server gave HTTP response to HTTPS client", TransportError::TlsNotTls);
    row("asked: closes", "", "EOF", TransportError::ClosedEarly);
    row("asked: alert 40", QByteArray("\x15\x03\x03\x00\x02\x02\x28", 7), "remote error: tls: handshake failure",
        TransportError::TlsHandshake);
    row("asked: alert 70", QByteArray("\x15\x03\x03\x00\x02\x02\x46", 7), "remote error: tls: protocol version not supported",
        TransportError::TlsHandshake);
}

void TlsTest::notTls()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, error);
    QFETCH(const int, kind);
    QTcpServer plain;
    QVERIFY(plain.listen(QHostAddress::LocalHost));
    connect(&plain, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = plain.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket, &answer] {
            socket->readAll();
            socket->write(answer);
            socket->disconnectFromHost();
        });
    });
    const auto result = run(get("https://127.0.0.1:" + QByteArray::number(plain.serverPort()) + "/x"), {});
    QVERIFY(result && !result->reply);
    QCOMPARE(result->reply.error().text, error);
    QCOMPARE(int(result->reply.error().kind), kind);
}

// Qt's words, as servers of OpenSSL and Go caused them.
void TlsTest::alerts_data()
{
    QTest::addColumn<QString>("qt");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *name, const char *qt, const char *error) {
        QTest::newRow(name) << QString::fromLatin1(qt) << QByteArray(error);
    };
    row("after the handshake", "Error while reading: error:0A00045C:SSL routines::tlsv13 alert certificate required",
        "remote error: tls: certificate required");
    row("in it", "Error during SSL handshake: error:0A000410:SSL routines::sslv3 alert handshake failure",
        "remote error: tls: handshake failure");
    row("version", "Error during SSL handshake: error:0A00042E:SSL routines::tlsv1 alert protocol version",
        "remote error: tls: protocol version not supported");
    row("nothing known", "Error during SSL handshake: error:0A0000XX:SSL routines::strange",
        "tls: handshake failed: Error during SSL "
        "handshake: error:0A0000XX:SSL routines::strange");
}

void TlsTest::alerts()
{
    QFETCH(const QString, qt);
    QTEST(net::handshakeError(qt, {}).text, "error");
}

void TlsTest::clientCertificate()
{
    Server server([](const ServerRequest &) { return Script{}; });
    QSslConfiguration configuration = serverConfiguration(m_ids.leaf);
    configuration.setCaCertificates({QSslCertificate(m_ids.ca.certificatePem)});
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setProtocol(QSsl::TlsV1_2);
    QVERIFY(server.listenTls(configuration));
    net::ExchangePolicy policy;
    policy.tls.extraRoots = {m_ids.ca.certificatePem};
    const auto refused = run(get(server.origin() + "/x"), policy);
    QVERIFY(refused && !refused->reply);
    policy.tls.clientCertificates = {{m_ids.clientsOnly.certificatePem, m_ids.clientsOnly.keyPem.view().toByteArray()}};
    const auto taken = run(get(server.origin() + "/x"), policy);
    QVERIFY(taken);
    QVERIFY2(taken->reply.ok(), taken->reply.ok() ? "" : taken->reply.error().text.constData());
}

void TlsTest::systemRootsVariable()
{
    QTemporaryDir dir;
    QFile file(dir.filePath(QStringLiteral("roots.pem")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(m_ids.ca.certificatePem);
    file.close();
    Server server([](const ServerRequest &) { return Script{}; });
    QVERIFY(server.listenTls(serverConfiguration(m_ids.leaf)));
    const QByteArray before = qgetenv("SSL_CERT_FILE");
    qputenv("SSL_CERT_FILE", file.fileName().toUtf8());
    net::ExchangePolicy policy;
    const auto trusted = run(get(server.origin() + "/x"), policy);
    policy.tls.systemRoots = false;
    const auto alone = run(get(server.origin() + "/x"), policy);
    qputenv("SSL_CERT_FILE", before);
    QVERIFY(trusted && trusted->reply.ok());
    QVERIFY(alone && !alone->reply.ok());
}

// Qt sends a request again when its connection closes unanswered; the second handshake is where that ends.
void TlsTest::postIsSentOnce()
{
    Script script;
    script.raw = "x";
    script.closeAfter = 0;
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listenTls(serverConfiguration(m_ids.leaf)));
    net::ExchangePolicy policy;
    policy.tls.verify = false;
    for (const http::Request &request : {post(server.origin() + "/x", "{}"), get(server.origin() + "/x")}) {
        const std::size_t before = server.received().size();
        const auto result = run(request, policy);
        QVERIFY(result && !result->reply);
        QCOMPARE(result->reply.error().text, "EOF");
        QTRY_COMPARE(server.openConnections(), qint64(0));
        QCOMPARE(int(server.received().size() - before), 1);
    }
}

// https to http is followed, and TLS is checked at each host of the way.
void TlsTest::redirectToHttps()
{
    Server end([](const ServerRequest &) { return Script{}; });
    QVERIFY(end.listen());
    Script script;
    script.status = 302;
    Server start([&](const ServerRequest &) {
        script.headers.set("Location", end.origin() + "/end");
        return script;
    });
    QVERIFY(start.listenTls(serverConfiguration(m_ids.leaf)));
    net::ExchangePolicy policy;
    policy.tls.extraRoots = {m_ids.ca.certificatePem};
    policy.tls.pins = {*crypto::spkiPin(m_ids.leaf.certificateDer)};
    const auto followed = run(get(start.origin() + "/x"), policy);
    QVERIFY(followed && followed->reply.ok());
    QVERIFY(!end.received().back().headers.contains("Referer"));

    Server first([&](const ServerRequest &) {
        Script other;
        other.status = 302;
        other.headers.append("Location", start.origin() + "/x");
        return other;
    });
    QVERIFY(first.listen());
    policy.tls.pins = {QByteArray(32, 'x')};
    const auto refused = run(get(first.origin() + "/y"), policy);
    QVERIFY(refused && !refused->reply.ok());
    QCOMPARE(int(refused->reply.error().kind), int(TransportError::PinMismatch));
    QCOMPARE(refused->reply.error().url, start.origin() + "/x");
}

void TlsTest::bodyEndsWithTheConnection()
{
    Script script;
    script.raw = "HTTP/1.0 200 OK\r\nContent-Type: a/b\r\n\r\n" + QByteArray(300000, 'x');
    Server server([&script](const ServerRequest &) { return script; });
    QVERIFY(server.listenTls(serverConfiguration(m_ids.leaf)));
    net::ExchangePolicy policy;
    policy.tls.verify = false;
    const auto result = run(get(server.origin() + "/x"), policy);
    QVERIFY(result && result->reply.ok());
    QCOMPARE(result->reply->body.size(), qsizetype(300000));
}

QTEST_GUILESS_MAIN(TlsTest)
#include "tst_tls.moc"
