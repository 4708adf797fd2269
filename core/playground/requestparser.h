// HTTP/1.1 requests out of a byte stream (RFC 9112): content lengths and chunks, bounded.
#pragma once

#include "core/playground/server.h"

namespace tokenlab::playground {

class RequestParser
{
public:
    enum State { NeedsMore, Complete, Malformed, HeadTooLarge, BodyTooLarge };

    void feed(QByteArrayView bytes) { m_buffer += bytes; }
    [[nodiscard]] State advance();
    [[nodiscard]] bool keepAlive() const { return m_keepAlive; }
    [[nodiscard]] ServerRequest take(); // after Complete; the next request begins
    // True once for a request whose client waits for `100 Continue` before its body.
    [[nodiscard]] bool takeContinueWish() { return std::exchange(m_wantsContinue, false); }

private:
    [[nodiscard]] State readHead();
    [[nodiscard]] State readBody();
    [[nodiscard]] State readChunks();

    enum class Phase { Head, Length, Chunks, Trailer, Done };
    QByteArray m_buffer;
    ServerRequest m_request;
    Phase m_phase = Phase::Head;
    qsizetype m_length = 0;
    bool m_keepAlive = true;
    bool m_wantsContinue = false;
};

} // namespace tokenlab::playground
