#include "tests/support/tlsworld.h"

#include "core/crypto/clientkey.h"
#include "core/crypto/peerverify.h"

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QStandardPaths>
#include <QTcpSocket>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif
#ifdef Q_OS_LINUX
#include <csignal>
#include <sys/prctl.h>
#endif

namespace tokenlab::testsupport {

using crypto::TlsIdentityRequest;
using playground::Script;
using playground::ServerRequest;

namespace {

constexpr qint64 Day = 24 * 3600;

TlsIdentityRequest lasting(const QByteArray &commonName, int fromDay = -2, int toDay = 30)
{
    TlsIdentityRequest request;
    request.commonName = commonName;
    request.notBefore = {systemNow().secondsSinceEpoch + fromDay * Day};
    request.notAfter = {systemNow().secondsSinceEpoch + toDay * Day};
    return request;
}

TlsIdentityRequest authority(const QByteArray &commonName, int fromDay = -2, int toDay = 30)
{
    TlsIdentityRequest request = lasting(commonName, fromDay, toDay);
    request.authority = true;
    return request;
}

TlsIdentityRequest host(const QByteArray &commonName = "leaf")
{
    TlsIdentityRequest request = lasting(commonName);
    request.names = {"127.0.0.1", "::1", "localhost", "keys.example"};
    return request;
}

bool isEdwards(TlsIdentityRequest::KeyKind kind)
{
    return kind == TlsIdentityRequest::Ed25519 || kind == TlsIdentityRequest::Ed448;
}

} // namespace

TlsIdentities::TlsIdentities()
{
    makeAuthorities();
    makeLeaves();
}

void TlsIdentities::make(const QByteArray &name, const TlsIdentityRequest &request, const QByteArray &issuer)
{
    auto made = crypto::makeTlsIdentity(request, issuer.isEmpty() ? nullptr : &m_all[issuer]);
    if (!made)
        m_trouble += name + ": " + made.error().step + '\n';
    m_all.insert_or_assign(name, made ? *std::move(made) : crypto::TlsIdentity{});
}

void TlsIdentities::makeAuthorities()
{
    do
        make("ca", authority("Pairs CA"));
    while (m_all["ca"].certificateDer.size() % 3 == 0 && m_trouble.isEmpty()); // its base64 has padding
    make("other-ca", authority("Other CA"));
    make("twin-ca", authority("Pairs CA")); // of the same name, with another key
    make("system-ca", authority("System CA"));
    make("middle", authority("Middle"), "ca");
    make("old-ca", authority("Old CA", -20, -10));
    make("old-middle", authority("Old middle", -20, -10), "ca");
    TlsIdentityRequest request = authority("SHA-1 CA");
    request.digest = TlsIdentityRequest::Sha1;
    make("sha1-ca", request);
    request = lasting("Version 1 CA");
    request.version1 = true;
    make("v1-ca", request);
    request.commonName = "Version 1 middle";
    make("v1-middle", request, "ca");
    request = authority("Short CA");
    request.pathLength = 0;
    make("short-ca", request);
    make("below-short", authority("Below short"), "short-ca");
    request = authority("Unsigning CA");
    request.keyUsage = "critical,cRLSign";
    make("no-sign-ca", request);
    request = authority("Clients CA");
    request.extendedKeyUsage = "clientAuth";
    make("clients-ca", request);
    request = authority("Rsa CA");
    request.key = TlsIdentityRequest::Rsa2048;
    make("rsa-ca", request);
    make("rsa-twin-ca", request);
    request = authority("Weak CA");
    request.key = TlsIdentityRequest::Rsa1024;
    make("weak-ca", request);
    request = authority("Edwards CA");
    request.key = TlsIdentityRequest::Ed25519;
    make("ed-ca", request);
    const auto constrained = [&](const QByteArray &name, const QByteArray &constraints) {
        TlsIdentityRequest one = authority("Constrained CA " + name);
        one.extensions = {{"nameConstraints", constraints}};
        make(name, one);
    };
    constrained("only-this-ca", "critical,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    constrained("other-addresses-ca", "critical,permitted;IP:10.0.0.0/255.0.0.0");
    constrained("not-this-ca", "critical,excluded;IP:127.0.0.0/255.0.0.0");
    constrained("only-example-ca", "permitted;DNS:example");
    constrained("not-example-ca", "permitted;DNS:elsewhere");
    constrained("no-keys-ca", "excluded;DNS:keys.example");
}

void TlsIdentities::makeLeaves()
{
    const auto leaf = [&](const QByteArray &name, const QByteArray &issuer, auto &&change) {
        TlsIdentityRequest request = host();
        change(request);
        make(name, request, issuer);
    };
    const auto none = [](TlsIdentityRequest &) {};
    leaf("leaf", "ca", none);
    leaf("self", {}, none);
    leaf("by-other", "other-ca", none);
    leaf("by-system", "system-ca", none);
    leaf("by-middle", "middle", none);
    leaf("by-old-ca", "old-ca", none);
    leaf("by-old-middle", "old-middle", none);
    leaf("by-sha1-ca", "sha1-ca", none);
    leaf("by-v1-ca", "v1-ca", none);
    leaf("by-v1-middle", "v1-middle", none);
    leaf("by-short", "short-ca", none);
    leaf("by-below-short", "below-short", none);
    leaf("by-no-sign", "no-sign-ca", none);
    leaf("by-clients-ca", "clients-ca", none);
    leaf("by-leaf", "leaf", none);
    leaf("by-rsa", "rsa-ca", none);
    leaf("by-weak", "weak-ca", none);
    leaf("by-ed", "ed-ca", none);
    for (const char *name : {"only-this-ca", "other-addresses-ca", "not-this-ca"})
        leaf(QByteArray("by-") + name, name, [](TlsIdentityRequest &one) { one.names = {"127.0.0.1"}; });
    for (const char *name : {"only-example-ca", "not-example-ca", "no-keys-ca"})
        leaf(QByteArray("by-") + name, name, [](TlsIdentityRequest &one) { one.names = {"keys.example"}; });

    const std::pair<const char *, TlsIdentityRequest::KeyKind> kinds[] = {
        {"rsa", TlsIdentityRequest::Rsa2048},    {"rsa-1024", TlsIdentityRequest::Rsa1024}, {"p384", TlsIdentityRequest::P384},
        {"p521", TlsIdentityRequest::P521},      {"ed25519", TlsIdentityRequest::Ed25519},  {"ed448", TlsIdentityRequest::Ed448},
        {"k256", TlsIdentityRequest::Secp256k1},
    };
    for (const auto &[name, kind] : kinds)
        leaf(name, "ca", [kind = kind](TlsIdentityRequest &one) {
            one.key = kind;
            if (isEdwards(kind))
                one.keyUsage = "critical,digitalSignature";
        });
    leaf("sha1", "ca", [](TlsIdentityRequest &one) { one.digest = TlsIdentityRequest::Sha1; });
    leaf("md5", "rsa-ca", [](TlsIdentityRequest &one) { one.digest = TlsIdentityRequest::Md5; });
    leaf("sha1-rsa", "rsa-ca", [](TlsIdentityRequest &one) { one.digest = TlsIdentityRequest::Sha1; });
    leaf("sha384", "ca", [](TlsIdentityRequest &one) { one.digest = TlsIdentityRequest::Sha384; });

    leaf("expired", "ca", [](TlsIdentityRequest &one) { one.notAfter = {systemNow().secondsSinceEpoch - Day}; });
    leaf("future", "ca", [](TlsIdentityRequest &one) { one.notBefore = {systemNow().secondsSinceEpoch + Day}; });
    const auto named = [&](const QByteArray &name, const QByteArray &commonName, const std::vector<QByteArray> &names) {
        leaf(name, "ca", [&](TlsIdentityRequest &one) {
            one.commonName = commonName;
            one.names = names;
        });
    };
    named("wrong", "wrong", {"wrong.example", "127.0.0.9"});
    named("dns-only", "dns", {"localhost", "b.example"});
    named("ip-only", "ip", {"127.0.0.1", "192.0.2.1"});
    named("cn-ip", "127.0.0.1", {});
    named("cn-name", "keys.example", {});
    named("cn-other", "somebody else", {});
    named("cn-and-san", "keys.example", {"b.example"});
    named("wildcard", "wild", {"*.example"});
    named("star", "star", {"*"});
    named("inner-star", "star", {"k*.example", "keys.*"});
    named("upper", "upper", {"KEYS.Example"});
    leaf("uri-only", "ca", [](TlsIdentityRequest &one) {
        one.names = {};
        one.extensions = {{"subjectAltName", "URI:https://keys.example/"}};
    });

    leaf("bad-name-and-use", "not-this-ca", [](TlsIdentityRequest &one) {
        one.names = {"127.0.0.1"};
        one.forClientsOnly = true;
    });
    leaf("no-usage", "ca", [](TlsIdentityRequest &one) { one.extendedKeyUsage = QByteArray(); });
    leaf("clients-only", "ca", [](TlsIdentityRequest &one) { one.forClientsOnly = true; });
    leaf("any-usage", "ca", [](TlsIdentityRequest &one) { one.extendedKeyUsage = "anyExtendedKeyUsage"; });
    leaf("code-signing", "ca", [](TlsIdentityRequest &one) { one.extendedKeyUsage = "codeSigning,emailProtection"; });
    leaf("no-signing", "ca", [](TlsIdentityRequest &one) { one.keyUsage = "critical,keyAgreement"; });
    leaf("rsa-encipherment", "ca", [](TlsIdentityRequest &one) {
        one.key = TlsIdentityRequest::Rsa2048;
        one.keyUsage = "critical,keyEncipherment";
    });
    leaf("critical", "ca", [](TlsIdentityRequest &one) { one.extensions = {{"1.2.3.4", "critical,DER:0500"}}; });
    leaf("uncritical", "ca", [](TlsIdentityRequest &one) { one.extensions = {{"1.2.3.4", "DER:0500"}}; });
    leaf("authority-leaf", "ca", [](TlsIdentityRequest &one) { one.authority = true; });
    leaf("v1-leaf", "ca", [](TlsIdentityRequest &one) { one.version1 = true; });
    leaf("client", "ca", [](TlsIdentityRequest &one) { one.forClientsOnly = true; });
}

QByteArray TlsIdentities::pin(const QByteArray &name) const
{
    return crypto::spkiPin((*this)[name].certificateDer).value_or(QByteArray()).toBase64(QByteArray::Base64UrlEncoding);
}

QByteArray TlsIdentities::file(const QByteArray &name, const QByteArray &content) const
{
    const QString path = m_folder.filePath(QString::fromUtf8(name));
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? path.toUtf8() : QByteArray();
}

QByteArray tlsKeySet()
{
    return "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"alg\":\"HS256\",\"k\":\"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTE\"}]}";
}

Script tlsAnswer(const QByteArray &body)
{
    Script script;
    script.headers.append("Content-Type", "application/json");
    script.body = body;
    return script;
}

TlsServer::TlsServer(const TlsIdentities &identities, TlsHost host, QObject *parent)
    : QObject(parent), m_identities(identities), m_host(std::move(host))
{
}

TlsServer::~TlsServer()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished(5000);
}

bool TlsServer::startProcess()
{
    const crypto::TlsIdentity &leaf = m_identities[m_host.leaf];
    const auto write = [this](const char *name, const QByteArray &content) {
        QFile file(m_served.filePath(QLatin1String(name)));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    };
    if (!write("leaf.pem", leaf.certificatePem) || !write("leaf.key", leaf.keyPem.view().toByteArray()) ||
        !write("jwk", "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + tlsKeySet()))
        return false;
    m_process = std::make_unique<QProcess>();
    m_process->setWorkingDirectory(m_served.path());
    m_process->setProcessChannelMode(QProcess::MergedChannels);
#ifdef Q_OS_LINUX
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); }); // also where this process is killed
#endif
    QStringList arguments{QStringLiteral("s_server"),
                          QStringLiteral("-accept"),
                          QString::fromLatin1(m_host.address) + QStringLiteral(":0"),
                          QStringLiteral("-cipher"),
                          QStringLiteral("ALL:@SECLEVEL=0"),
                          QStringLiteral("-cert"),
                          QStringLiteral("leaf.pem"),
                          QStringLiteral("-key"),
                          QStringLiteral("leaf.key"),
                          QStringLiteral("-HTTP")};
    for (const QByteArray &one : m_host.arguments)
        arguments.append(QString::fromLatin1(one));
    m_process->start(QStandardPaths::findExecutable(QStringLiteral("openssl")), arguments);
    QByteArray said;
    while (m_port == 0 && m_process->waitForReadyRead(60000)) {
        said += m_process->readAll();
        const qsizetype at = said.indexOf("ACCEPT ");
        const qsizetype end = said.indexOf('\n', at);
        if (at >= 0 && end > 0)
            m_port = said.first(end).sliced(said.lastIndexOf(':', end) + 1).trimmed().toUShort();
    }
    return m_port != 0;
}

QSslConfiguration TlsServer::configuration() const
{
    QSslConfiguration out = QSslConfiguration::defaultConfiguration();
    const crypto::TlsIdentity &leaf = m_identities[m_host.leaf];
    QList<QSslCertificate> chain{QSslCertificate(leaf.certificatePem)};
    for (const QByteArray &name : m_host.further)
        chain.append(QSslCertificate(m_identities[name].certificatePem));
    out.setLocalCertificateChain(chain);
    // As a handle, since Qt reads no Edwards keys.
    out.setPrivateKey(QSslKey(crypto::privateKeyHandle(leaf.keyPem.view())));
    out.setPeerVerifyMode(m_host.clientCertificate == TlsHost::NotAsked ? QSslSocket::VerifyNone
                          : m_host.clientCertificate == TlsHost::Asked  ? QSslSocket::QueryPeer
                                                                        : QSslSocket::VerifyPeer);
    // They would be sent, too, where they lead on from the leaf.
    if (m_host.clientCertificate == TlsHost::NotAsked)
        out.setCaCertificates({});
    else
        out.setCaCertificates({QSslCertificate(m_identities["ca"].certificatePem)});
    if (!m_host.protocols.isEmpty())
        out.setAllowedNextProtocols(m_host.protocols);
    out.setBackendConfigurationOption("CipherString", QByteArray("ALL:@SECLEVEL=0"));
    for (const auto &[name, value] : m_host.options)
        out.setBackendConfigurationOption(name, value);
    return out;
}

bool TlsServer::listen(const QByteArray &other)
{
    m_other = other;
    const QHostAddress address(QString::fromLatin1(m_host.address));
    switch (m_host.kind) {
    case TlsHost::Http:
    case TlsHost::Https: {
        m_http = std::make_unique<playground::Server>([this](const ServerRequest &request) {
            const bool asked = request.target == "/jwk" || request.target == "/login";
            const QByteArray plain = request.target.startsWith("/login") ? QByteArray("{\"t\":{\"sub\":\"john\"}}") : tlsKeySet();
            Script script = asked && m_host.script ? *m_host.script : tlsAnswer(plain);
            if (auto location = script.headers.first("Location"))
                script.headers.set("Location", location->replace("SELF", origin()).replace("OTHER", m_other));
            return script;
        });
        const auto listening = m_host.kind == TlsHost::Http ? m_http->listen(0, address) : m_http->listenTls(configuration(), 0, address);
        m_port = listening ? *listening : quint16(0);
        return m_port != 0;
    }
    case TlsHost::RawTls:
    case TlsHost::RawTcp:
        if (m_host.kind == TlsHost::RawTls) {
            auto server = std::make_unique<QSslServer>();
            server->setSslConfiguration(configuration());
            m_raw = std::move(server);
        } else {
            m_raw = std::make_unique<QTcpServer>();
        }
        connect(m_raw.get(), &QTcpServer::pendingConnectionAvailable, this, [this] {
            while (QTcpSocket *socket = m_raw->nextPendingConnection())
                serveRaw(socket);
        });
        break;
    case TlsHost::OpenSsl:
        return startProcess();
    case TlsHost::Nobody: // a port that was free a moment ago
        m_raw = std::make_unique<QTcpServer>();
        break;
    }
    const bool listens = m_raw->listen(address);
    m_port = m_raw->serverPort();
    if (m_host.kind == TlsHost::Nobody)
        m_raw->close();
    return listens;
}

void TlsServer::serveRaw(QTcpSocket *socket)
{
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    const auto finish = [this, socket] {
        switch (m_host.after) {
        case TlsHost::Close:
            socket->disconnectFromHost();
            return;
        case TlsHost::Fin:
#ifdef Q_OS_UNIX
            ::shutdown(int(socket->socketDescriptor()), SHUT_WR);
#endif
            return;
        case TlsHost::Reset: {
#ifdef Q_OS_UNIX
            const linger at{1, 0};
            ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &at, sizeof at);
#endif
            socket->abort();
            return;
        }
        case TlsHost::StayOpen:
            return;
        }
    };
    const auto answer = [this, socket, finish] {
        const QByteArray bytes = socket->readAll();
        const bool first = m_rawBytes == 0 || !socket->property("answered").toBool();
        m_rawBytes += bytes.size();
        if (bytes.isEmpty() || !first)
            return;
        socket->setProperty("answered", true);
        if (m_host.raw.isEmpty())
            return finish();
        if (auto *tls = qobject_cast<QSslSocket *>(socket)) {
            connect(tls, &QSslSocket::encryptedBytesWritten, socket, [tls, finish] {
                if (tls->encryptedBytesToWrite() == 0)
                    finish();
            });
        } else {
            connect(socket, &QTcpSocket::bytesWritten, socket, [socket, finish] {
                if (socket->bytesToWrite() == 0)
                    finish();
            });
        }
        socket->write(m_host.raw);
    };
    connect(socket, &QTcpSocket::readyRead, this, answer);
    answer();
}

QByteArray TlsServer::origin() const
{
    const bool tls = m_host.kind != TlsHost::Http;
    const QByteArray host = m_host.address.contains(':') ? '[' + m_host.address + ']' : m_host.address;
    return QByteArray(tls ? "https://" : "http://") + host + ':' + QByteArray::number(m_port);
}

std::vector<ServerRequest> TlsServer::takeReceived()
{
    if (!m_http)
        return {};
    const auto &all = m_http->received();
    std::vector<ServerRequest> out(all.begin() + std::ptrdiff_t(std::min(m_taken, all.size())), all.end());
    m_taken = all.size();
    return out;
}

qint64 TlsServer::applicationBytes() const
{
    return m_http ? m_http->applicationBytes() : m_rawBytes;
}

void TlsServer::closeConnections()
{
    if (m_http)
        m_http->closeConnections();
    if (m_raw) {
        const auto sockets = m_raw->findChildren<QTcpSocket *>();
        for (QTcpSocket *socket : sockets)
            socket->disconnectFromHost();
    }
}

LoopbackProxy::LoopbackProxy(QObject *parent) : QObject(parent)
{
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *near = m_server.nextPendingConnection())
            serve(near);
    });
}

void LoopbackProxy::serve(QTcpSocket *near)
{
    auto *far = new QTcpSocket(near);
    connect(near, &QTcpSocket::disconnected, near, &QObject::deleteLater);
    connect(far, &QTcpSocket::readyRead, near, [near, far] { near->write(far->readAll()); });
    connect(far, &QTcpSocket::disconnected, near, [near] { near->disconnectFromHost(); });
    connect(far, &QTcpSocket::connected, near, [near] { near->write("HTTP/1.1 200 Connection established\r\n\r\n"); });
    connect(far, &QTcpSocket::errorOccurred, near, [near, far] {
        if (!near->property("open").toBool() || far->state() == QAbstractSocket::UnconnectedState)
            near->disconnectFromHost();
    });
    connect(near, &QTcpSocket::readyRead, far, [this, near, far] {
        if (near->property("open").toBool()) {
            far->write(near->readAll());
            return;
        }
        const QByteArray head = near->peek(8192);
        const qsizetype end = head.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        near->read(end + 4);
        near->setProperty("open", true);
        ++m_tunnels;
        const QByteArray target = head.split(' ').value(1);
        far->connectToHost(QHostAddress(QHostAddress::LocalHost), target.sliced(target.lastIndexOf(':') + 1).toUShort());
    });
}

} // namespace tokenlab::testsupport
