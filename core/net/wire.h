// One request over a connection of its own, byte for byte as given: for asking a real gateway, where QNetworkAccessManager would add
// headers, follow redirects and unpack bodies.
#pragma once

#include "core/net/exchange.h"

namespace tokenlab::net {

struct WireRequest {
    bool tls = false;
    QByteArray host; // to connect to, without port and brackets
    quint16 port = 80;
    QByteArray method = "GET", target = "/";
    QByteArray hostHeader; // with port
    http::HeaderList headers;
    QByteArray body; // goes out with a Content-Length
};

struct WirePolicy {
    TlsPolicy tls;
    std::chrono::milliseconds timeout{30000}; // of the whole
    qsizetype maxBytes = qsizetype(64) * 1024 * 1024;
};

// Starts at once, emits finished() exactly once unless destroyed. `Connection: close` is sent along.
class WireExchange : public QObject
{
    Q_OBJECT
public:
    WireExchange(const WireRequest &request, const WirePolicy &policy, QObject *parent = nullptr);
    ~WireExchange() override;
    void start();
    void abort(); // ends as Cancelled

Q_SIGNALS:
    void finished(const tokenlab::net::ExchangeResult &result);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::net
