// One HTTP exchange (HTTP/1.1 over sockets of our own) as the gateway's client (Go's net/http) has it: the same bytes out, the same answers
// taken and refused, in the same words. What still differs is listed at the end of this file.
#pragma once

#include "core/http/message.h"

#include <QObject>
#include <QStringList>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace tokenlab::net {

// TLS of the JWK client and of backends (specification §3, §13). Verification is ours, with Go's rules, before a byte goes out.
struct TlsPolicy {
    bool verify = true;                 // false: InsecureSkipVerify (pins still count)
    bool systemRoots = true;            // SSL_CERT_FILE and SSL_CERT_DIR respected
    std::vector<QByteArray> extraRoots; // contents of PEM files; blocks that do not parse are skipped
    std::vector<QByteArray> pins;       // decoded; not checked for http nor through a proxy
    std::vector<quint16> cipherSuites;  // empty: the JWK client's list
    std::vector<quint16> curves;        // IANA numbers; empty: every curve there is
    int minVersion = 0x0303;            // TLS 1.2
    int maxVersion = 0x0304;
    struct ClientCertificate {
        QByteArray certificatePem;
        QByteArray privateKeyPem;
    };
    std::vector<ClientCertificate> clientCertificates;
};

struct ExchangePolicy {
    TlsPolicy tls;
    std::chrono::milliseconds timeout{30000}; // whole exchange; 0: none, where `stages` are given or the caller aborts by itself
    // The key client has no limit of the whole: it gives up dialling and shaking hands, and waits for ever once it has asked.
    struct Stages {
        std::chrono::milliseconds dial{30000};
        std::chrono::milliseconds handshake{10000}; // with pins dial and handshake share `dial`
        std::chrono::milliseconds silence{5000};    // ours, from the request on; ends as Timeout
    };
    std::optional<Stages> stages;
    // Of a backend's transport, where the configuration sets them. 0: none; a dial limit below zero is over at once.
    std::chrono::nanoseconds dial{0};
    std::chrono::nanoseconds responseHeader{0}; // from a request to the end of its answer's head
    bool keepAlive = true;                      // false: each request says that its connection closes
    qsizetype maxBody = qsizetype(64) * 1024 * 1024;
    int maxRedirects = 10;
    bool acceptGzip = true; // send Accept-Encoding: gzip and gunzip by ourselves
    // Empty: from the environment as Go's http.ProxyFromEnvironment (never for loopback).
    QByteArray proxy;
};

// What became of one request of an exchange: the first, or one that a redirect led to. Times in milliseconds, -1: not come to.
struct HopReport {
    QByteArray url;       // password as ***
    QByteArray proxy;     // likewise; "": none
    QByteArray peer;      // `127.0.0.1:8443`: the address that was dialled last
    double lookupMs = -1; // -1 for a host that is an address, too
    double connectMs = -1;
    double handshakeMs = -1; // with the verification
    double answerMs = -1;    // from the request's end to the head of the answer
    // Once TLS was agreed on, whether the peer was then trusted or not.
    QByteArray protocol, suite;           // `TLSv1.3`, `TLS_AES_128_GCM_SHA256` (OpenSSL's name)
    std::vector<QByteArray> certificates; // DER, as sent
    bool pinsChecked = false;             // there were pins, and this was a request on which they count
    int status = 0;
    QByteArray location; // of a redirect
};

struct ExchangeResult {
    Result<http::Reply, http::TransportError> reply;
    double durationMs = 0;
    std::vector<HopReport> hops = {};
    // DER, as the last https host sent them.
    [[nodiscard]] std::vector<QByteArray> peerCertificates() const;
};

// Starts at once (from the event loop), emits finished() exactly once, unless destroyed; always from the event loop, never from inside
// start() or abort(). abort() finishes with Cancelled. For what goes before TransportError::text see core/http/message.h; after redirects
// the method in that prefix is still the first one's. A deadline is `context deadline exceeded`: Timeout, or bodyError once a body has
// begun.
class Exchange : public QObject
{
    Q_OBJECT
public:
    Exchange(const http::Request &request, const ExchangePolicy &policy, QObject *parent = nullptr);
    ~Exchange() override;
    void start();
    void abort();

Q_SIGNALS:
    void finished(const tokenlab::net::ExchangeResult &result);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::net

// What the gateway's client does otherwise:
// - It has no limit of a body (here maxBody), and no timeout at all for key sets (here always one).
// - It answers as soon as a JSON value is complete, however long the backend leaves its body open; here that is seen when the body or the
//   time is over, with the same outcome.
// - Chunks of a request's body are as large as the pieces it was read in; here there is one.
// - TLS: RC4 and 3DES suites and the post-quantum curves do not exist here, so a server that speaks nothing else is refused where the
//   gateway would go on; certificate policies are not looked at, nor name constraints of mail addresses and URIs; what may sign
//   certificates is not told to the server, so one of OpenSSL shows us a certificate signed with MD5, and breaks off with the gateway; of
//   several client certificates the first usable is sent; `server selected unsupported protocol version` lacks its number. What answered a
//   handshake, when it was not TLS, is asked with a second connection, which carries no request; not through a proxy.
// - Proxies: http, CONNECT and socks5 (whose errors are in Qt's words); not `https://` proxies. Addresses of a host are tried one after the
//   other, the gateway tries both families at once.
