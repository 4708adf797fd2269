#include "core/playground/server.h"

#include "core/playground/connection.h"

#include <QHash>
#include <QPointer>
#include <QSslConfiguration>
#include <QSslServer>
#include <QSslSocket>
#include <QTcpServer>

#include <algorithm>

namespace tokenlab::playground {

namespace {
// A playground may run for days: only the last requests are remembered.
constexpr std::size_t MaxRemembered = 2000;
} // namespace

struct Server::Private {
    Handler handler;
    std::unique_ptr<QTcpServer> listener;
    std::vector<ServerRequest> received;
    std::vector<QPointer<Connection>> connections;
    qint64 applicationBytes = 0;
    qint64 accepted = 0;
    quint16 lastPort = 0;
    bool tls = false;
    bool hangsUp = false;

    void adopt(QTcpSocket *socket)
    {
        ++accepted;
        auto *connection = new Connection(
            socket,
            [this](const ServerRequest &request) {
                if (received.size() >= MaxRemembered)
                    received.erase(received.begin(), received.begin() + qint64(MaxRemembered / 2));
                received.push_back(request);
                return handler ? handler(request) : Script{};
            },
            [this](qint64 bytes) { applicationBytes += bytes; });
        connection->setHangsUp(hangsUp);
        std::erase_if(connections, [](const QPointer<Connection> &one) { return one.isNull(); });
        connections.emplace_back(connection);
    }

    Result<quint16, ListenError> open(quint16 port, const QHostAddress &address, QObject *context)
    {
        if (!address.isLoopback())
            return fail(ListenError{QStringLiteral("the playground listens on loopback addresses only")});
        QTcpServer *server = listener.get();
        QObject::connect(server, &QTcpServer::pendingConnectionAvailable, context, [this, server] {
            while (QTcpSocket *socket = server->nextPendingConnection())
                adopt(socket);
        });
        if (!server->listen(address, port)) {
            const QString text = server->errorString();
            listener.reset();
            return fail(ListenError{text});
        }
        lastPort = server->serverPort();
        return lastPort;
    }

    void closeConnections()
    {
        for (const QPointer<Connection> &connection : connections)
            delete connection.data();
        connections.clear();
    }
};

Server::Server(Handler handler, QObject *parent) : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->handler = std::move(handler);
}

Server::~Server()
{
    close();
}

Result<quint16, Server::ListenError> Server::listen(quint16 port, const QHostAddress &address)
{
    close();
    m_d->tls = false;
    m_d->listener = std::make_unique<QTcpServer>();
    return m_d->open(port, address, this);
}

Result<quint16, Server::ListenError> Server::listenTls(const QSslConfiguration &configuration, quint16 port, const QHostAddress &address)
{
    close();
    m_d->tls = true;
    auto server = std::make_unique<QSslServer>();
    server->setSslConfiguration(configuration);
    m_d->listener = std::move(server);
    return m_d->open(port, address, this);
}

void Server::setHangsUp(bool hangsUp)
{
    m_d->hangsUp = hangsUp;
}

void Server::close()
{
    m_d->closeConnections();
    m_d->listener.reset();
}

void Server::closeConnections()
{
    m_d->closeConnections();
}

bool Server::isListening() const
{
    return m_d->listener != nullptr;
}

quint16 Server::port() const
{
    return m_d->listener ? m_d->listener->serverPort() : m_d->lastPort;
}

QByteArray Server::origin() const
{
    const QHostAddress address = m_d->listener ? m_d->listener->serverAddress() : QHostAddress(QHostAddress::LocalHost);
    QByteArray host = address.toString().toLatin1();
    if (address.protocol() == QAbstractSocket::IPv6Protocol)
        host = '[' + host + ']';
    return QByteArray(m_d->tls ? "https://" : "http://") + host + ':' + QByteArray::number(port());
}

const std::vector<ServerRequest> &Server::received() const
{
    return m_d->received;
}

qint64 Server::applicationBytes() const
{
    return m_d->applicationBytes;
}

qint64 Server::openConnections() const
{
    return std::count_if(m_d->connections.begin(), m_d->connections.end(), [](const QPointer<Connection> &one) { return !one.isNull(); });
}

qint64 Server::acceptedConnections() const
{
    return m_d->accepted;
}

} // namespace tokenlab::playground
