#include "core/net/wire.h"

#include "core/net/tlsclient.h"

#include <QElapsedTimer>
#include <QSslCertificate>
#include <QSslSocket>
#include <QTimer>

namespace tokenlab::net {

namespace {

QByteArray message(const WireRequest &request)
{
    QByteArray out = request.method + ' ' + request.target + " HTTP/1.1\r\nHost: " + request.hostHeader + "\r\nConnection: close\r\n";
    for (const http::Header &header : request.headers)
        if (header.name.compare("Content-Length", Qt::CaseInsensitive) != 0 && header.name.compare("Connection", Qt::CaseInsensitive) != 0)
            out += header.name + ": " + header.value + "\r\n";
    const bool usuallyHasBody = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (!request.body.isEmpty() || usuallyHasBody)
        out += "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n";
    return out + "\r\n" + request.body;
}

http::TransportError::Kind kindOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return http::TransportError::Refused;
    case QAbstractSocket::HostNotFoundError:
        return http::TransportError::Dns;
    case QAbstractSocket::NetworkError:
        return http::TransportError::Unreachable;
    default:
        return http::TransportError::Other;
    }
}

} // namespace

struct WireExchange::Private {
    WireExchange *q = nullptr;
    WireRequest request;
    WirePolicy policy;
    QSslSocket socket;
    QTimer limit;
    QElapsedTimer clock;
    QByteArray received;
    bool started = false, done = false, asked = false;

    void begin()
    {
        if (done)
            return;
        started = true;
        clock.start();
        limit.setSingleShot(true);
        QObject::connect(&limit, &QTimer::timeout, q, [this] { fails(http::TransportError::Timeout, {}); });
        limit.start(policy.timeout);
        QObject::connect(&socket, &QSslSocket::readyRead, q, [this] { read(); });
        QObject::connect(&socket, &QSslSocket::disconnected, q, [this] { ended(); });
        QObject::connect(&socket, &QSslSocket::errorOccurred, q, [this](QAbstractSocket::SocketError error) { onError(error); });
        const QString host = QString::fromUtf8(request.host);
        if (!request.tls) {
            QObject::connect(&socket, &QSslSocket::connected, q, [this] { ask(); });
            socket.connectToHost(host, request.port);
            return;
        }
        socket.setSslConfiguration(clientConfiguration(policy.tls));
        // Whom to trust is judged here with the gateway's rules, and before a byte goes out.
        QObject::connect(&socket, &QSslSocket::encrypted, q, [this] {
            if (auto trouble = peerTrouble(socket.peerCertificateChain(), policy.tls, request.host, true))
                finish(fail(*trouble));
            else
                ask();
        });
        socket.connectToHostEncrypted(host, request.port);
    }

    void ask()
    {
        asked = true;
        socket.write(message(request));
    }

    void read()
    {
        received += socket.readAll();
        if (received.size() > policy.maxBytes)
            fails(http::TransportError::TooLarge, {});
    }

    void ended()
    {
        if (done)
            return;
        received += socket.readAll();
        if (!received.contains("\r\n\r\n"))
            return fails(http::TransportError::ClosedEarly, "EOF");
        auto reply = http::parseWire(received, request.method == "HEAD");
        if (!reply)
            return fails(http::TransportError::NotHttp, reply.error().what);
        reply->durationMs = double(clock.nsecsElapsed()) / 1e6;
        finish(*std::move(reply));
    }

    void onError(QAbstractSocket::SocketError error)
    {
        if (done)
            return;
        if (asked) // closing is how an answer ends
            return ended();
        if (request.tls && (error == QAbstractSocket::SslHandshakeFailedError || error == QAbstractSocket::SslInternalError ||
                            error == QAbstractSocket::RemoteHostClosedError))
            return finish(fail(handshakeError(socket.errorString(), policy.tls)));
        fails(kindOf(error), socket.errorString().toUtf8());
    }

    void fails(http::TransportError::Kind kind, const QByteArray &text)
    {
        http::TransportError error;
        error.kind = kind;
        error.text = text;
        finish(fail(std::move(error)));
    }

    void finish(Result<http::Reply, http::TransportError> result)
    {
        if (done)
            return;
        done = true;
        limit.stop();
        socket.disconnect(q);
        socket.abort();
        if (!result) {
            http::TransportError error = result.error();
            error.url = QByteArray(request.tls ? "https://" : "http://") + request.hostHeader + request.target;
            result = fail(std::move(error));
        }
        Q_EMIT q->finished({std::move(result), started ? double(clock.nsecsElapsed()) / 1e6 : 0});
    }
};

WireExchange::WireExchange(const WireRequest &request, const WirePolicy &policy, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->q = this;
    m_d->request = request;
    m_d->policy = policy;
}

WireExchange::~WireExchange()
{
    m_d->done = true;
    m_d->socket.disconnect(this);
}

void WireExchange::start()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->begin(); }, Qt::QueuedConnection);
}

void WireExchange::abort()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->fails(http::TransportError::Cancelled, {}); }, Qt::QueuedConnection);
}

} // namespace tokenlab::net
