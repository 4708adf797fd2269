#include "core/net/replyreader.h"

#include <algorithm>

namespace tokenlab::net {

namespace {

constexpr qint64 LargestHead = qint64{10} * 1024 * 1024;
constexpr char HeadTooLarge[] = "net/http: server response headers exceeded 10485760 bytes; aborted";

} // namespace

ReplyReader::State ReplyReader::refuse(const QByteArray &text)
{
    m_error = m_asked == Tunnel ? text : "net/http: HTTP/1.x transport connection broken: " + text;
    m_held.clear();
    return m_state = Refused;
}

ReplyReader::State ReplyReader::feed(QByteArrayView bytes)
{
    if (m_state == NeedsHead) {
        m_held += bytes;
        readHead();
        return m_state;
    }
    if (m_state == NeedsBody)
        feedBody(bytes);
    return m_state;
}

void ReplyReader::readHead()
{
    qsizetype at = 0;
    while (m_state == NeedsHead) {
        const qsizetype end = m_held.indexOf('\n', std::max(at, m_scanned));
        if (end < 0)
            break;
        m_headBytes += end + 1 - at;
        if (m_headBytes > LargestHead) {
            refuse(HeadTooLarge);
            return;
        }
        QByteArrayView line = QByteArrayView(m_held).sliced(at, end - at);
        if (line.endsWith('\r'))
            line.chop(1);
        readHeadLine(line);
        at = end + 1;
    }
    if (m_state == Refused)
        return;
    if (m_state == NeedsHead) {
        if (at > 0)
            m_held.remove(0, at);
        m_scanned = m_held.size();
        if (m_headBytes + m_held.size() >= LargestHead)
            refuse(HeadTooLarge);
        return;
    }
    const QByteArray rest = std::exchange(m_held, {});
    if (m_state == NeedsBody)
        feedBody(QByteArrayView(rest).sliced(at));
}

void ReplyReader::readHeadLine(QByteArrayView line)
{
    if (!m_hasStatus) {
        auto status = readStatusLine(line);
        if (!status) {
            refuse(status.error());
            return;
        }
        m_status = *std::move(status);
        m_hasStatus = true;
        return;
    }
    const auto more = m_mime.addLine(line);
    if (!more)
        refuse(more.error());
    else if (!*more)
        finishHead();
}

void ReplyReader::finishHead()
{
    m_headers = m_mime.take();
    auto framing = readFraming(m_status, m_asked != Body, m_headers);
    if (!framing) {
        refuse(framing.error());
        return;
    }
    // Interim answers are read past; 101 is final (RFC 9110 §15.2).
    if (m_asked != Tunnel && m_status.status >= 100 && m_status.status <= 199 && m_status.status != 101) {
        m_hasStatus = false;
        m_mime = {};
        m_headers = {};
        return;
    }
    m_framing = *framing;
    m_state = m_framing.kind == Framing::None ? Complete : NeedsBody;
}

void ReplyReader::feedBody(QByteArrayView bytes)
{
    if (m_framing.kind == Framing::Chunked) {
        m_chunks.feed(bytes, m_body, m_maxBody);
        if (m_chunks.isDone()) {
            m_bodyError = m_chunks.error();
            m_state = Complete;
        }
    } else {
        qsizetype n = std::min(bytes.size(), m_maxBody + 1 - m_body.size());
        if (m_framing.kind == Framing::Length)
            n = qsizetype(std::min<qint64>(n, m_framing.length - m_body.size()));
        m_body.append(bytes.first(n));
        if (m_framing.kind == Framing::Length && m_body.size() == m_framing.length)
            m_state = Complete;
    }
    if (m_body.size() > m_maxBody)
        m_state = TooLarge;
}

ReplyReader::State ReplyReader::end(const QByteArray &why)
{
    if (m_state == NeedsHead) {
        if (isUntouched() && m_asked != Tunnel) {
            m_error = why.isEmpty() ? QByteArray("EOF") : why;
            return m_state = Refused;
        }
        // A line without its end is a line at the end of the input.
        if (!m_held.isEmpty())
            readHeadLine(std::exchange(m_held, {}));
        if (m_state == NeedsHead) {
            const auto closed = m_mime.close();
            refuse(!closed ? closed.error() : why.isEmpty() ? QByteArray("unexpected EOF") : why);
        }
        return m_state;
    }
    if (m_state != NeedsBody)
        return m_state;
    if (m_framing.kind == Framing::Chunked && why.isEmpty()) {
        m_chunks.end();
        m_bodyError = m_chunks.error();
    } else if (!why.isEmpty() || m_framing.kind == Framing::Length) {
        m_bodyError = why.isEmpty() ? QByteArray("unexpected EOF") : why;
    }
    return m_state = Complete;
}

} // namespace tokenlab::net
