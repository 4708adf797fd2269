// One HTTP exchange over QNetworkAccessManager with the gateway's manners. Every loss against the gateway's own client is listed at the
// end of this file.
#pragma once

#include "core/http/message.h"

#include <QObject>
#include <QStringList>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace tokenlab::net {

// TLS of the JWK client and of backends (specification §3, §13). Verification is ours, with Go's rules, in the encrypted() slot.
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
    qsizetype maxBody = qsizetype(64) * 1024 * 1024;
    int maxRedirects = 10;
    bool acceptGzip = true; // send Accept-Encoding: gzip and gunzip by ourselves
    // Empty: from the environment as Go's http.ProxyFromEnvironment (never for loopback).
    QByteArray proxy;
};

struct ExchangeResult {
    Result<http::Reply, http::TransportError> reply;
    double durationMs = 0;
    std::vector<QByteArray> peerCertificates = {}; // DER, as the last https host sent them
};

// Starts at once (from the event loop), emits finished() exactly once, unless destroyed; always from the event loop, never from inside
// start() or abort(). abort() finishes with Cancelled. For what goes before TransportError::text see core/http/message.h; after redirects
// the method in that prefix is still the first one's. Deadlines are `context deadline exceeded` (Timeout).
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

// What QNetworkAccessManager would really put on the request line for that URL: it resolves dot segments and decodes what needs no
// encoding. Where it differs from Url::target() the backend sees another path than from the gateway, and the caller should say so.
[[nodiscard]] QByteArray targetAsSent(const QByteArray &url);
// Names whose several lines go out as one, joined by commas (cookies by semicolons): with a Qt that insists on it.
[[nodiscard]] QByteArrayList joinedAsSent(const http::HeaderList &headers);

} // namespace tokenlab::net

// Losses against the gateway's own client (Go's net/http), all of QNetworkAccessManager's making:
// - The request line: dot segments are resolved (`/a//b/../c` goes out as `/a//c`), `//a` as `/a`, encodings that need none are undone
//   (`%7e` as `~`), `%zz` in a query as `%25zz`. No way of building the QUrl avoids it; targetAsSent() tells.
// - Headers that cannot be left out: `Connection: Keep-Alive`, `Accept-Language: en,*` where none is given. Order and spelling of names
//   are Qt's; with Qt 6.5 and later values of one name are joined by commas, joinedAsSent() tells.
// - Bodies go out with a Content-Length, the gateway's backend requests chunked; an empty one as `Content-Length: 0` (not for GET, HEAD).
// - Over plain http a GET or HEAD whose connection closes unanswered is sent once more before it fails; no other method is sent twice, and
//   over https nothing is.
// - Answers: 102, 103 and the like are taken for the final answer (the gateway reads on), and a single malformed header line hides all of
//   them: both are told by Reply::unseen. Lines of one name come joined: `Content-Length: 5, 5` is taken for two lines, a list in
//   Transfer-Encoding for one. Headers without a value are not seen, nor the version: HTTP/1.0 with a Transfer-Encoding is refused here.
//   A bad chunk size ends in an empty body without an error; whether chunks were cut off is noticed by chance only (a JSON value broken
//   off by it fails all the same).
// - Garbage, an alert of a TLS server or half a head in place of a status line give `EOF`, where the gateway quotes what it read
//   (`net/http: HTTP/1.x transport connection broken: malformed HTTP response "…"`). A reset gives `EOF` or a text without the ports.
// - Over https a body without a length that ends by close_notify while the TCP connection stays open runs into the timeout.
// - Heads of more than a megabyte are slow (2 MB/s) and bounded by the timeout alone, the gateway's by 10 MB.
// - TLS: RC4 and 3DES suites and the post-quantum curves do not exist here, so a server that speaks nothing else is refused where the
//   gateway would go on; certificate policies and name constraints are not looked at; of several client certificates the first usable is
//   sent; `server selected unsupported protocol version` lacks its number.
// - Proxies: http, CONNECT and socks5; not `https://` proxies. One family of addresses at a time is named in dial errors.
// - Whether a silent host has accepted the connection or shaken hands is asked with a second connection, once the handshake's time is over.
// What the gateway's client has and this has not: no timeout at all for key sets (here always one), no limit of a body (here maxBody).
