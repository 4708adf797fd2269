// A server whose key is not pinned gets no byte of a request: by either version of TLS, at the first try and the second, where HTTP/2 is
// offered, behind a redirect. Through a proxy the gateway looks at no pin (specification §3.3); there trust alone keeps a request back.
#include "harness.h"

#include <QTcpServer>
#include <QTcpSocket>

using namespace tokenlab;
using namespace tokenlab::test;
using http::TransportError;
using playground::Script;
using playground::Server;
using playground::ServerRequest;

namespace {

struct Case {
    QSsl::SslProtocol protocol = QSsl::TlsV1_3;
    bool offersH2 = false, proxied = false, redirected = false;
    bool verify = true, trusted = true, pinned = false;
    int kind = -1; // of the error; -1: answered
};

// Passes bytes on to where CONNECT names a port of loopback.
class Tunnel : public QObject
{
public:
    Tunnel()
    {
        connect(&m_server, &QTcpServer::newConnection, this, [this] { serve(m_server.nextPendingConnection()); });
    }
    [[nodiscard]] bool listen() { return m_server.listen(QHostAddress::LocalHost); }
    [[nodiscard]] QByteArray url() const { return "http://127.0.0.1:" + QByteArray::number(m_server.serverPort()); }
    [[nodiscard]] int opened() const { return m_opened; }

private:
    void serve(QTcpSocket *near)
    {
        auto *far = new QTcpSocket(near);
        connect(far, &QTcpSocket::readyRead, near, [near, far] { near->write(far->readAll()); });
        connect(far, &QTcpSocket::disconnected, near, [near] { near->disconnectFromHost(); });
        connect(near, &QTcpSocket::disconnected, far, [far] { far->disconnectFromHost(); });
        connect(far, &QTcpSocket::connected, near, [near] { near->write("HTTP/1.1 200 OK\r\n\r\n"); });
        connect(near, &QTcpSocket::readyRead, far, [this, near, far] {
            const QByteArray bytes = near->readAll();
            if (!bytes.startsWith("CONNECT ")) {
                far->write(bytes);
                return;
            }
            ++m_opened;
            const QByteArray target = bytes.split(' ').value(1);
            far->connectToHost(QHostAddress(QHostAddress::LocalHost), target.sliced(target.lastIndexOf(':') + 1).toUShort());
        });
    }

    QTcpServer m_server;
    int m_opened = 0;
};

} // namespace

Q_DECLARE_METATYPE(Case)

class PinsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void keepsBack_data();
    void keepsBack();

private:
    crypto::TlsIdentity m_ca, m_leaf, m_first;
};

void PinsTest::initTestCase()
{
    auto ca = crypto::makeTlsIdentity(authority("Pins CA"));
    QVERIFY(ca.ok());
    m_ca = *std::move(ca);
    for (crypto::TlsIdentity *one : {&m_leaf, &m_first}) {
        auto made = crypto::makeTlsIdentity(identity("leaf", {"127.0.0.1", "far.example"}), &m_ca);
        QVERIFY(made.ok());
        *one = *std::move(made);
    }
}

void PinsTest::keepsBack_data()
{
    QTest::addColumn<Case>("one");
    const int mismatch = TransportError::PinMismatch, untrusted = TransportError::TlsUntrusted;
    for (const auto &[version, protocol] : {std::pair("1.2", QSsl::TlsV1_2), std::pair("1.3", QSsl::TlsV1_3)}) {
        for (const bool h2 : {false, true}) {
            const auto row = [&, version = version, protocol = protocol](const char *name, Case one) {
                one.protocol = protocol;
                one.offersH2 = h2;
                QTest::addRow("TLS %s%s: %s", version, h2 ? ", h2 offered" : "", name) << one;
            };
            Case one;
            one.pinned = true;
            row("the pinned key", one);
            one.pinned = false;
            one.kind = mismatch;
            row("another key", one);
            one.verify = false;
            row("another key, nothing else asked", one);
            one.verify = true;
            one.redirected = true;
            row("another key behind a redirect", one);
            one.redirected = false;
            one.pinned = true;
            one.trusted = false;
            one.kind = untrusted;
            row("the pinned key, untrusted", one);
            one.proxied = true;
            row("the pinned key, untrusted, through a proxy", one);
            one.pinned = false;
            row("another key, untrusted, through a proxy", one);
            one.trusted = true;
            one.kind = -1;
            row("another key through a proxy, where no pin counts", one);
        }
    }
}

void PinsTest::keepsBack()
{
    QFETCH(const Case, one);
    Server server([](const ServerRequest &) { return Script{}; });
    QSslConfiguration configuration = serverConfiguration(m_leaf);
    configuration.setProtocol(one.protocol);
    if (one.offersH2)
        configuration.setAllowedNextProtocols({"h2", "http/1.1"});
    QVERIFY(server.listenTls(configuration));
    Server first([&server](const ServerRequest &) {
        Script script;
        script.status = 307;
        script.headers.append("Location", server.origin() + "/secret");
        return script;
    });
    QVERIFY(first.listenTls(serverConfiguration(m_first)));
    Tunnel proxy;
    QVERIFY(proxy.listen());

    net::ExchangePolicy policy;
    policy.tls.verify = one.verify;
    policy.tls.systemRoots = false;
    if (one.trusted)
        policy.tls.extraRoots = {m_ca.certificatePem};
    policy.tls.pins = {*crypto::spkiPin((one.pinned ? m_leaf : m_first).certificateDer)};
    if (one.proxied)
        policy.proxy = proxy.url();
    const QByteArray own = one.proxied ? server.origin().replace("127.0.0.1", "far.example") : server.origin();
    const QByteArray url = one.redirected ? first.origin() + "/start" : own + "/secret";
    constexpr int Tries = 2;
    for (int i = 0; i < Tries; ++i) {
        // A body cannot be sent on behind a redirect: the gateway streams it.
        const auto result = run(one.redirected ? get(url) : post(url, "{\"pass\":\"secret\"}"), policy);
        QVERIFY(result);
        QCOMPARE(result->reply.ok() ? -1 : int(result->reply.error().kind), one.kind);
        QCOMPARE(result->hops.back().pinsChecked, !one.proxied);
    }
    QCOMPARE(proxy.opened(), one.proxied ? Tries : 0);
    const std::size_t answered = one.kind < 0 ? Tries : 0;

    // Requests that nothing stops come after them: once they are answered, the server has read what there was before.
    net::ExchangePolicy open;
    open.tls.verify = false;
    for (int i = 0; i < 2; ++i)
        QVERIFY(run(get(server.origin() + "/open"), open)->reply.ok());
    QCOMPARE(server.received().size(), answered + 2);
    const qint64 both = server.applicationBytes();
    QVERIFY(run(get(server.origin() + "/open"), open)->reply.ok());
    const qint64 each = server.applicationBytes() - both;
    if (answered == 0)
        QCOMPARE(both, 2 * each);
    else
        QVERIFY(both > 2 * each);
}

QTEST_GUILESS_MAIN(PinsTest)
#include "tst_pins.moc"
