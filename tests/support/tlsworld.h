// Loopback servers of every kind, well-behaved and not, with certificates that are made for the run: what a client's TLS meets.
#pragma once

#include "core/crypto/tlsidentity.h"
#include "core/playground/server.h"

#include <QByteArrayList>
#include <QHostAddress>
#include <QObject>
#include <QTcpServer>
#include <QTemporaryDir>

#include <map>
#include <memory>
#include <optional>

class QProcess;
class QSslConfiguration;

namespace tokenlab::testsupport {

// Identities by name (`leaf`, `ca`, `expired`, …) and the files that trust them. Made by makeTlsIdentity(), as the playground's are.
class TlsIdentities
{
public:
    TlsIdentities();
    // What could not be made; empty where all is well.
    [[nodiscard]] const QByteArray &trouble() const { return m_trouble; }
    [[nodiscard]] const crypto::TlsIdentity &operator[](const QByteArray &name) const { return m_all.at(name); }
    [[nodiscard]] QByteArray pin(const QByteArray &name) const; // as jwk_fingerprints takes it
    [[nodiscard]] QByteArray file(const QByteArray &name, const QByteArray &content) const;
    [[nodiscard]] QByteArray folder() const { return m_folder.path().toUtf8(); }

private:
    void make(const QByteArray &name, const crypto::TlsIdentityRequest &request, const QByteArray &issuer = {});
    void makeAuthorities();
    void makeLeaves();

    std::map<QByteArray, crypto::TlsIdentity> m_all;
    QTemporaryDir m_folder;
    QByteArray m_trouble;
};

// One server. Http and Https answer `/jwk` and `/login` with the script and every other path with a good answer; RawTls and RawTcp send
// bytes as they are, once something was read. OpenSsl is `openssl s_server`, which shows what Qt's servers refuse to load (weak keys and
// signatures) and complains of a missing client certificate as other servers do; it answers `/jwk` with the good answer.
struct TlsHost {
    enum Kind { Https, Http, RawTls, RawTcp, OpenSsl, Nobody };
    enum ClientCertificate { NotAsked, Asked, Demanded };
    enum After { Close, Fin, Reset, StayOpen }; // of raw bytes; Close: with TLS's close_notify, Fin: without
    Kind kind = Https;
    QByteArray leaf = "leaf";
    QByteArrayList further = {};   // identities whose certificates are sent after it
    QByteArrayList arguments = {}; // of OpenSsl
    // OpenSSL's configuration commands: MinProtocol, MaxProtocol, CipherString, Ciphersuites, Groups, SignatureAlgorithms.
    std::vector<std::pair<QByteArray, QByteArray>> options = {};
    ClientCertificate clientCertificate = NotAsked;
    QByteArrayList protocols = {}; // ALPN
    QByteArray address = "127.0.0.1";
    std::optional<playground::Script> script = {}; // SELF and OTHER in a Location: the origins
    QByteArray raw = {};
    After after = Close;
};

class TlsServer : public QObject
{
    Q_OBJECT
public:
    TlsServer(const TlsIdentities &identities, TlsHost host, QObject *parent = nullptr);
    ~TlsServer() override;
    // `other`: what OTHER stands for.
    [[nodiscard]] bool listen(const QByteArray &other = {});
    [[nodiscard]] QByteArray origin() const; // `https://127.0.0.1:4711`
    [[nodiscard]] quint16 port() const { return m_port; }
    // Requests as they came, for Http and Https.
    [[nodiscard]] std::vector<playground::ServerRequest> takeReceived();
    [[nodiscard]] qint64 applicationBytes() const;
    void closeConnections();

private:
    [[nodiscard]] QSslConfiguration configuration() const;
    void serveRaw(QTcpSocket *socket);
    [[nodiscard]] bool startProcess();

    const TlsIdentities &m_identities;
    TlsHost m_host;
    QByteArray m_other;
    std::unique_ptr<playground::Server> m_http;
    std::unique_ptr<QTcpServer> m_raw;
    std::unique_ptr<QProcess> m_process;
    QTemporaryDir m_served;
    qint64 m_rawBytes = 0;
    std::size_t m_taken = 0;
    quint16 m_port = 0;
};

// An HTTP proxy: whatever host is named, the port is looked for on loopback.
class LoopbackProxy : public QObject
{
    Q_OBJECT
public:
    explicit LoopbackProxy(QObject *parent = nullptr);
    [[nodiscard]] bool listen() { return m_server.listen(QHostAddress::LocalHost); }
    [[nodiscard]] QByteArray url() const { return "http://127.0.0.1:" + QByteArray::number(m_server.serverPort()); }
    [[nodiscard]] int tunnels() const { return m_tunnels; }

private:
    void serve(QTcpSocket *near);
    QTcpServer m_server;
    int m_tunnels = 0;
};

// A key set as a key host answers it, and a backend's login.
[[nodiscard]] QByteArray tlsKeySet();
[[nodiscard]] playground::Script tlsAnswer(const QByteArray &body = tlsKeySet());

} // namespace tokenlab::testsupport
