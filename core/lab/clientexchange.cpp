#include "core/lab/clientexchange.h"

#include "core/net/connection.h"
#include "core/net/replyreader.h"
#include "core/twin/clienthead.h"

#include <QElapsedTimer>
#include <QTimer>

namespace tokenlab::lab {

using http::TransportError;
using net::ReplyReader;

namespace {

constexpr qsizetype Piece = qsizetype{256} * 1024;

QByteArray message(const twin::ClientRequest &request)
{
    QByteArray out = request.method + ' ' + request.target + " HTTP/1.1\r\nHost: " + request.host + "\r\nConnection: close\r\n";
    // What the gateway is to refuse it gets as it stands; else the length is the body's.
    const bool refused = twin::refusedHead(request).has_value();
    for (const http::Header &header : request.headers)
        if ((refused || header.name.compare("Content-Length", Qt::CaseInsensitive) != 0) &&
            header.name.compare("Connection", Qt::CaseInsensitive) != 0)
            out += header.name + ": " + header.value + "\r\n";
    const bool usuallyHasBody = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (!request.body.isEmpty() || usuallyHasBody)
        out += "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n";
    return out + "\r\n" + request.body;
}

} // namespace

struct ClientExchange::Private {
    Private(ClientExchange *owner, const Url &asked, const twin::ClientRequest &sent, const net::ExchangePolicy &limits)
        : q(owner),
          gateway(asked),
          request(sent),
          policy(limits),
          reader(sent.method == "HEAD" ? ReplyReader::HeadAlone : ReplyReader::Body, limits.maxBody)
    {
    }

    ClientExchange *q;
    Url gateway;
    twin::ClientRequest request;
    net::ExchangePolicy policy;
    ReplyReader reader;
    net::Connection *connection = nullptr;
    QTimer limit;
    QElapsedTimer clock;
    bool done = false;

    void begin()
    {
        if (done)
            return;
        clock.start();
        limit.start(policy.timeout);
        connection = new net::Connection(gateway, std::nullopt, policy, q);
        QObject::connect(connection, &net::Connection::ready, q, [this] { connection->write(message(request)); });
        QObject::connect(connection, &net::Connection::failed, q, [this](const TransportError &error) { fails(error.kind, error.text); });
        QObject::connect(connection, &net::Connection::readable, q, [this] { read(); });
        QObject::connect(connection, &net::Connection::ended, q, [this](const TransportError &why) {
            if (reader.isUntouched())
                return fails(why.kind, why.text);
            reader.end(why.text == "EOF" ? QByteArray() : why.text);
            answer();
        });
        connection->open();
    }

    void read()
    {
        while (!done) {
            const QByteArray bytes = connection->read(Piece);
            if (bytes.isEmpty())
                return;
            const ReplyReader::State state = reader.feed(bytes);
            if (state != ReplyReader::NeedsHead && state != ReplyReader::NeedsBody)
                return answer();
        }
    }

    void answer()
    {
        if (reader.state() == ReplyReader::Refused)
            return fails(TransportError::NotHttp, reader.error());
        if (reader.state() == ReplyReader::TooLarge)
            return fails(TransportError::TooLarge, "the body is larger than " + QByteArray::number(policy.maxBody) + " bytes");
        http::Reply reply;
        reply.status = reader.status().status;
        reply.reason = reader.status().reason;
        reply.headers = reader.headers();
        reply.body = reader.takeBody();
        reply.bodyError = reader.bodyError();
        reply.cut = !reply.bodyError.isEmpty();
        reply.durationMs = double(clock.nsecsElapsed()) / 1e6;
        finish(std::move(reply));
    }

    void fails(TransportError::Kind kind, const QByteArray &text) { finish(fail(TransportError{kind, text, gateway.redacted()})); }

    void finish(Result<http::Reply, TransportError> result)
    {
        if (std::exchange(done, true))
            return;
        limit.stop();
        // Not within its own signal.
        connection->disconnect(q);
        std::exchange(connection, nullptr)->deleteLater();
        net::ExchangeResult out{std::move(result), double(clock.nsecsElapsed()) / 1e6};
        QMetaObject::invokeMethod(
            q, [owner = q, out = std::move(out)] { Q_EMIT owner->finished(out); }, Qt::QueuedConnection);
    }
};

ClientExchange::ClientExchange(const Url &gateway, const twin::ClientRequest &request, const net::ExchangePolicy &policy, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>(this, gateway, request, policy))
{
    m_d->limit.setSingleShot(true);
    connect(&m_d->limit, &QTimer::timeout, this, [this] { m_d->fails(TransportError::Timeout, "context deadline exceeded"); });
}

ClientExchange::~ClientExchange()
{
    m_d->done = true;
    if (m_d->connection)
        m_d->connection->disconnect(this);
}

void ClientExchange::start()
{
    QMetaObject::invokeMethod(
        this, [this] { m_d->begin(); }, Qt::QueuedConnection);
}

} // namespace tokenlab::lab
