// One answer out of the bytes of a connection, read as the gateway's client (Go's net/http) reads it: interim answers skipped, every
// refusal in its words, bodies by length, in chunks or until the close. No sockets: it is fed.
#pragma once

#include "core/net/chunkreader.h"

namespace tokenlab::net {

class ReplyReader
{
public:
    enum Asked {
        Body,
        HeadAlone, // HEAD: no body whatever the head says
        Tunnel     // CONNECT: the same, interim answers are final, and errors stand alone
    };
    ReplyReader(Asked asked, qsizetype maxBody) : m_asked(asked), m_maxBody(maxBody) {}

    enum State {
        NeedsHead,
        NeedsBody,
        Complete, // as far as it goes: bodyError() may say that it broke
        Refused,  // no answer at all: error()
        TooLarge  // the body is larger than maxBody
    };
    // Bytes behind a complete answer are ignored.
    State feed(QByteArrayView bytes);
    // Nothing more comes. `why`: what reading on gives (a reset, a TLS alert); empty: a plain end.
    State end(const QByteArray &why = {});

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool hasHead() const { return m_state == NeedsBody || m_state == Complete || m_state == TooLarge; }
    [[nodiscard]] bool isUntouched() const { return m_headBytes == 0 && m_held.isEmpty(); } // not a byte came
    [[nodiscard]] const QByteArray &error() const { return m_error; }                       // the gateway's words
    [[nodiscard]] const StatusLine &status() const { return m_status; }
    [[nodiscard]] const http::HeaderList &headers() const { return m_headers; }
    [[nodiscard]] const Framing &framing() const { return m_framing; }
    [[nodiscard]] const QByteArray &bodyError() const { return m_bodyError; } // what reading on behind the body gives; empty: its end
    [[nodiscard]] QByteArray takeBody() { return std::move(m_body); }

private:
    State refuse(const QByteArray &text);
    void readHead();
    void readHeadLine(QByteArrayView line);
    void finishHead();
    void feedBody(QByteArrayView bytes);

    Asked m_asked;
    qsizetype m_maxBody;
    State m_state = NeedsHead;
    QByteArray m_error;

    QByteArray m_held; // of the head: not yet read
    qsizetype m_scanned = 0;
    qint64 m_headBytes = 0; // read so far, interim answers included
    bool m_hasStatus = false;
    StatusLine m_status;
    MimeHeader m_mime;
    http::HeaderList m_headers;

    Framing m_framing;
    ChunkReader m_chunks;
    QByteArray m_body;
    QByteArray m_bodyError;
};

} // namespace tokenlab::net
