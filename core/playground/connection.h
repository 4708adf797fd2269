// One accepted connection of the scripted server: reads HTTP/1.1 requests, writes what the scripts say, at the pace of the reader.
#pragma once

#include "core/playground/requestparser.h"
#include "core/playground/server.h"

#include <QTimer>

class QTcpSocket;

namespace tokenlab::playground {

// The bytes of one answer, produced piece by piece so that a gigabyte is never held.
class Outgoing
{
public:
    Outgoing() = default;
    Outgoing(const Script &script, bool headOnly);
    [[nodiscard]] QByteArray next(qsizetype most);
    [[nodiscard]] bool done() const;
    [[nodiscard]] bool mustClose() const { return m_mustClose; } // nothing else tells the client where the answer ends

private:
    QByteArray m_prefix, m_unit, m_suffix;
    qint64 m_repeats = 0;
    qint64 m_at = 0;    // within the piece
    int m_stage = 0;    // prefix, unit, suffix, end
    qint64 m_left = -1; // closeAfter
    bool m_mustClose = false;
};

class Connection : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<Script(const ServerRequest &)>;
    Connection(QTcpSocket *socket, Handler handler, std::function<void(qint64)> countBytes); // owns the socket; deletes itself at its end
    void setHangsUp(bool hangsUp) { m_hangsUp = hangsUp; }                                   // after the first bytes

private:
    void read();
    void serve(const ServerRequest &request, bool keepAlive);
    void refuse(int status);
    void begin();
    void pump();
    void answered();

    QTcpSocket *m_socket;
    Handler m_handler;
    std::function<void(qint64)> m_countBytes;
    RequestParser m_parser;
    Outgoing m_outgoing;
    QTimer m_delay, m_drip;
    int m_dripBytes = 0;
    bool m_busy = false;
    bool m_keepAlive = true;
    bool m_silent = false;
    bool m_hangsUp = false;
};

} // namespace tokenlab::playground
