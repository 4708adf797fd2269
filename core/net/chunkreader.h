// A body in chunks (RFC 9112 §7.1) as the gateway's client reads it, fed with bytes as they come.
#pragma once

#include "core/net/headreader.h"

namespace tokenlab::net {

class ChunkReader
{
public:
    // Reads on in `bytes`, appends data to `body`; stops at the end, at an error, and when `body` has more than `limit` bytes.
    void feed(QByteArrayView bytes, QByteArray &body, qsizetype limit);
    // The input is over: what that means for the body.
    void end();
    [[nodiscard]] bool isDone() const { return m_state == State::Done; }
    // The gateway's words where the body broke; the data before it counts. Empty: not broken.
    [[nodiscard]] const QByteArray &error() const { return m_error; }

private:
    void broken(const QByteArray &text);
    void readSize(QByteArrayView line); // with its line break
    void readTrailer();

    enum class State { Size, Data, DataEnd, Trailer, Done };
    State m_state = State::Size;
    QByteArray m_held; // an unfinished line, at most a few kB
    quint64 m_left = 0;
    qint64 m_excess = 0;
    QByteArray m_error;
};

} // namespace tokenlab::net
