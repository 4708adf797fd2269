#include "core/playground/connection.h"

#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>

namespace tokenlab::playground {

namespace {

constexpr qint64 HighWater = 256 * 1024; // bytes that may wait in the socket
constexpr qsizetype PieceSize = 64 * 1024;

QByteArray reasonOf(int status)
{
    switch (status) {
    case 100:
        return "Continue";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    default:
        return "Status";
    }
}

} // namespace

Outgoing::Outgoing(const Script &script, bool headOnly) : m_left(script.closeAfter)
{
    m_mustClose = script.closeAfter >= 0;
    if (!script.raw.isEmpty()) {
        m_prefix = script.raw;
        m_mustClose = m_mustClose || !script.keepOpen;
        return;
    }
    const bool bodiless = script.status == 204 || script.status == 304 || script.status < 200;
    const qint64 length = qint64(script.body.size()) * std::max<qint64>(script.repeatBody, 0) + script.tail.size();
    m_prefix = "HTTP/1.1 " + QByteArray::number(script.status) + ' ' + (script.reason.isEmpty() ? reasonOf(script.status) : script.reason) +
               "\r\n";
    for (const http::Header &header : script.headers)
        m_prefix += header.name + ": " + header.value + "\r\n";
    if (script.chunked)
        m_prefix += "Transfer-Encoding: chunked\r\n";
    else if (const auto stated = script.headers.first("Content-Length"))
        m_mustClose = m_mustClose || (!script.keepOpen && stated->trimmed() != QByteArray::number(length));
    else if (!bodiless && !script.headers.contains("Transfer-Encoding"))
        m_prefix += "Content-Length: " + QByteArray::number(length) + "\r\n";
    if (script.headers.contains("Transfer-Encoding"))
        m_mustClose = m_mustClose || !script.keepOpen;
    m_prefix += "\r\n";
    if (headOnly || bodiless)
        return;
    if (!script.body.isEmpty() && script.repeatBody > 0) {
        m_unit = script.chunked ? QByteArray::number(script.body.size(), 16) + "\r\n" + script.body + "\r\n" : script.body;
        m_repeats = script.repeatBody;
        // Small units are multiplied, so that a gigabyte of single bytes is not copied byte by byte.
        const qint64 factor = std::clamp<qint64>(PieceSize / m_unit.size(), 1, m_repeats);
        m_suffix = m_unit.repeated(qsizetype(m_repeats % factor));
        m_unit = m_unit.repeated(qsizetype(factor));
        m_repeats /= factor;
    }
    if (!script.tail.isEmpty())
        m_suffix += script.chunked ? QByteArray::number(script.tail.size(), 16) + "\r\n" + script.tail + "\r\n" : script.tail;
    if (script.chunked)
        m_suffix += "0\r\n\r\n";
}

bool Outgoing::done() const
{
    return m_left == 0 || m_stage == 3;
}

QByteArray Outgoing::next(qsizetype most)
{
    QByteArray out;
    while (out.size() < most && !done()) {
        const QByteArray &piece = m_stage == 0 ? m_prefix : m_stage == 1 ? m_unit : m_suffix;
        if (m_at >= piece.size() || (m_stage == 1 && m_repeats == 0)) {
            m_at = 0;
            if (m_stage != 1 || m_repeats == 0 || --m_repeats == 0)
                ++m_stage;
            continue;
        }
        qsizetype n = std::min<qsizetype>(piece.size() - qsizetype(m_at), most - out.size());
        if (m_left >= 0)
            n = std::min<qsizetype>(n, qsizetype(m_left));
        out += QByteArrayView(piece).sliced(qsizetype(m_at), n);
        m_at += n;
        if (m_left >= 0)
            m_left -= n;
    }
    // Ends are noticed at once, so that done() is true with the last byte.
    while (!done() && m_at >= (m_stage == 0 ? m_prefix : m_stage == 1 ? m_unit : m_suffix).size()) {
        m_at = 0;
        if (m_stage != 1 || m_repeats <= 1) {
            m_repeats = m_stage == 1 ? 0 : m_repeats;
            ++m_stage;
        } else {
            --m_repeats;
            break;
        }
    }
    return out;
}

Connection::Connection(QTcpSocket *socket, Handler handler, std::function<void(qint64)> countBytes)
    : m_socket(socket), m_handler(std::move(handler)), m_countBytes(std::move(countBytes))
{
    socket->setParent(this);
    socket->setReadBufferSize(HighWater);
    m_delay.setSingleShot(true);
    connect(&m_delay, &QTimer::timeout, this, &Connection::begin);
    connect(&m_drip, &QTimer::timeout, this, &Connection::pump);
    connect(socket, &QTcpSocket::readyRead, this, &Connection::read);
    connect(socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    connect(socket, &QTcpSocket::errorOccurred, this, [this] {
        if (m_socket->state() == QAbstractSocket::UnconnectedState)
            deleteLater();
    });
    if (auto *tls = qobject_cast<QSslSocket *>(socket))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, &Connection::pump);
    connect(socket, &QTcpSocket::bytesWritten, this, &Connection::pump);
    // A socket that was accepted late may hold bytes already, or be gone.
    QMetaObject::invokeMethod(
        this, [this] { m_socket->state() == QAbstractSocket::UnconnectedState ? deleteLater() : read(); }, Qt::QueuedConnection);
}

void Connection::read()
{
    const QByteArray bytes = m_socket->readAll();
    if (!bytes.isEmpty())
        m_countBytes(bytes.size());
    if (m_silent)
        return;
    if (m_hangsUp) {
        if (!bytes.isEmpty())
            m_socket->disconnectFromHost();
        return;
    }
    m_parser.feed(bytes);
    if (m_busy)
        return;
    switch (m_parser.advance()) {
    case RequestParser::NeedsMore:
        if (m_parser.takeContinueWish())
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
        return;
    case RequestParser::Malformed:
        return refuse(400);
    case RequestParser::HeadTooLarge:
        return refuse(431);
    case RequestParser::BodyTooLarge:
        return refuse(413);
    case RequestParser::Complete:
        break;
    }
    const bool keepAlive = m_parser.keepAlive();
    serve(m_parser.take(), keepAlive);
}

void Connection::serve(const ServerRequest &request, bool keepAlive)
{
    m_busy = true;
    const Script script = m_handler(request);
    m_silent = script.silent;
    if (m_silent)
        return;
    m_keepAlive = keepAlive;
    m_outgoing = Outgoing(script, request.method == "HEAD");
    m_dripBytes = std::max(script.dripBytes, 0);
    m_drip.setInterval(std::max(script.dripMs, 0));
    if (script.delayMs > 0)
        m_delay.start(script.delayMs);
    else
        begin();
}

void Connection::refuse(int status)
{
    m_busy = true;
    m_keepAlive = false;
    Script script;
    script.status = status;
    script.headers.append("Connection", "close");
    m_outgoing = Outgoing(script, false);
    begin();
}

void Connection::begin()
{
    if (m_dripBytes > 0)
        m_drip.start();
    pump();
}

void Connection::pump()
{
    if (!m_busy || m_silent || m_delay.isActive())
        return;
    if (m_dripBytes > 0) {
        // Only the timer drips: bytesWritten comes here as well.
        if (sender() != &m_drip && m_drip.isActive() && !m_outgoing.done())
            return;
        if (!m_outgoing.done())
            m_socket->write(m_outgoing.next(m_dripBytes));
    } else {
        const auto *tls = qobject_cast<const QSslSocket *>(m_socket);
        while (!m_outgoing.done() && m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0) < HighWater) {
            if (m_socket->write(m_outgoing.next(PieceSize)) < 0)
                return;
        }
    }
    if (m_outgoing.done())
        answered();
}

void Connection::answered()
{
    m_drip.stop();
    m_busy = false;
    if (m_outgoing.mustClose() || !m_keepAlive) {
        m_silent = true; // whatever still comes is only counted
        m_socket->disconnectFromHost();
        return;
    }
    // The next request of this connection may be here already.
    QMetaObject::invokeMethod(this, &Connection::read, Qt::QueuedConnection);
}

} // namespace tokenlab::playground
