// A small scripted HTTP/1.1 server on QTcpServer or QSslServer for the playground and the tests: it can answer properly and misbehave on
// order.
#pragma once

#include "core/http/message.h"

#include <QHostAddress>
#include <QObject>

#include <functional>
#include <memory>
#include <vector>

class QSslConfiguration;

namespace tokenlab::playground {

struct ServerRequest {
    QByteArray method, target; // as on the request line
    http::HeaderList headers;
    QByteArray body; // chunks joined
};

// What goes out. Only `status`, `headers` and `body` matter for a well-behaved answer (Content-Length is added unless present or `raw`).
// The connection stays open for the client's next request, unless only its end tells where the answer ends (`raw`, a Content-Length that
// does not fit the body): then it is closed, unless `keepOpen`.
struct Script {
    int status = 200;
    QByteArray reason;
    http::HeaderList headers;
    QByteArray body;
    QByteArray raw;    // non-empty: these very bytes instead
    int delayMs = 0;   // before the first byte
    int dripBytes = 0; // >0: so many bytes every dripMs
    int dripMs = 50;
    qint64 closeAfter = -1; // ≥0: close after so many bytes of the whole message
    bool silent = false;    // accept, read, never answer
    bool chunked = false;
    qint64 repeatBody = 1; // body is sent so many times (1 GB without holding it)
    QByteArray tail = {};  // once, after all of them
    bool keepOpen = false;
};

class Server : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<Script(const ServerRequest &)>;
    explicit Server(Handler handler, QObject *parent = nullptr);
    ~Server() override;

    struct ListenError {
        QString text;
    };
    // Loopback only. port 0: any free one.
    [[nodiscard]] Result<quint16, ListenError> listen(quint16 port = 0,
                                                      const QHostAddress &address = QHostAddress(QHostAddress::LocalHost));
    [[nodiscard]] Result<quint16, ListenError> listenTls(const QSslConfiguration &configuration, quint16 port = 0,
                                                         const QHostAddress &address = QHostAddress(QHostAddress::LocalHost));
    // From now on who connects is hung up on after the first bytes.
    void setHangsUp(bool hangsUp);
    void close();
    void closeConnections();
    [[nodiscard]] bool isListening() const;
    [[nodiscard]] quint16 port() const;
    [[nodiscard]] QByteArray origin() const;                          // `http://127.0.0.1:8400`
    [[nodiscard]] const std::vector<ServerRequest> &received() const; // for tests
    [[nodiscard]] qint64 applicationBytes() const;                    // bytes received after the TLS handshake
    [[nodiscard]] qint64 openConnections() const;
    [[nodiscard]] qint64 acceptedConnections() const; // for TLS: only those whose handshake was completed

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::playground
