#include "core/playground/requestparser.h"

namespace tokenlab::playground {

namespace {

constexpr qsizetype MaxHead = 1024 * 1024;
constexpr qsizetype MaxBody = qsizetype(64) * 1024 * 1024;

struct Line {
    QByteArrayView text;
    qsizetype next = 0;
};

// The line at `from`, without its end; next = 0 where the end is not here yet.
Line lineAt(QByteArrayView buffer, qsizetype from)
{
    const qsizetype end = buffer.indexOf('\n', from);
    if (end < 0)
        return {};
    QByteArrayView text = buffer.sliced(from, end - from);
    if (text.endsWith('\r'))
        text.chop(1);
    return {text, end + 1};
}

} // namespace

RequestParser::State RequestParser::advance()
{
    if (m_phase == Phase::Head) {
        if (const State state = readHead(); state != Complete)
            return state;
    }
    if (m_phase == Phase::Length)
        return readBody();
    if (m_phase == Phase::Chunks || m_phase == Phase::Trailer)
        return readChunks();
    return Complete;
}

RequestParser::State RequestParser::readHead()
{
    qsizetype at = 0;
    // Empty lines before a request are allowed (RFC 9112 §2.2).
    while (at < m_buffer.size() && (m_buffer[at] == '\r' || m_buffer[at] == '\n'))
        ++at;
    m_buffer.remove(0, at);
    if (m_buffer.startsWith('\x16')) // a TLS handshake: its sender waits for an answer and would send no empty line
        return Malformed;
    qsizetype end = m_buffer.indexOf("\r\n\r\n");
    const qsizetype bare = m_buffer.indexOf("\n\n");
    if (end < 0 || (bare >= 0 && bare < end))
        end = bare;
    if (end < 0)
        return m_buffer.size() > MaxHead ? HeadTooLarge : NeedsMore;
    if (end > MaxHead)
        return HeadTooLarge;
    const QByteArray head = m_buffer.first(end + 2);
    m_buffer.remove(0, end + (end == bare ? 2 : 4));

    Line line = lineAt(head, 0);
    const auto first = line.text.indexOf(' ');
    const auto last = line.text.lastIndexOf(' ');
    if (first <= 0 || last <= first || !line.text.sliced(last + 1).startsWith("HTTP/1."))
        return Malformed;
    m_request.method = line.text.first(first).toByteArray();
    m_request.target = line.text.sliced(first + 1, last - first - 1).toByteArray();
    m_keepAlive = line.text.sliced(last + 1) != "HTTP/1.0";
    for (line = lineAt(head, line.next); line.next > 0 && !line.text.isEmpty(); line = lineAt(head, line.next)) {
        const qsizetype colon = line.text.indexOf(':');
        if (colon <= 0)
            return Malformed;
        m_request.headers.append(line.text.first(colon).toByteArray(), line.text.sliced(colon + 1).trimmed().toByteArray());
    }
    if (const auto connection = m_request.headers.first("Connection")) {
        const QByteArray wish = connection->toLower();
        m_keepAlive = wish.contains("close") ? false : m_keepAlive || wish.contains("keep-alive");
    }
    if (m_request.headers.first("Transfer-Encoding").value_or(QByteArray()).toLower().contains("chunked")) {
        m_phase = Phase::Chunks;
    } else {
        bool ok = true;
        const auto stated = m_request.headers.first("Content-Length");
        const qlonglong length = stated ? stated->toLongLong(&ok) : 0;
        if (!ok || length < 0)
            return Malformed;
        if (length > MaxBody)
            return BodyTooLarge;
        m_length = qsizetype(length);
        m_phase = Phase::Length;
    }
    m_wantsContinue = m_request.headers.first("Expect").value_or(QByteArray()).toLower() == "100-continue";
    return Complete;
}

RequestParser::State RequestParser::readBody()
{
    if (m_buffer.size() < m_length)
        return NeedsMore;
    m_request.body = m_buffer.first(m_length);
    m_buffer.remove(0, m_length);
    m_phase = Phase::Done;
    return Complete;
}

RequestParser::State RequestParser::readChunks()
{
    qsizetype at = 0; // what was consumed goes at once, however the loop ends
    State state = NeedsMore;
    while (state == NeedsMore) {
        const Line line = lineAt(m_buffer, at);
        if (line.next == 0)
            break;
        if (m_phase == Phase::Trailer) {
            at = line.next;
            if (line.text.isEmpty()) {
                m_phase = Phase::Done;
                state = Complete;
            }
            continue;
        }
        QByteArrayView digits = line.text;
        if (const qsizetype semicolon = digits.indexOf(';'); semicolon >= 0)
            digits = digits.first(semicolon);
        bool ok = false;
        const qulonglong size = digits.trimmed().toByteArray().toULongLong(&ok, 16);
        if (!ok) {
            state = Malformed;
        } else if (size > qulonglong(MaxBody) || m_request.body.size() + qsizetype(size) > MaxBody) {
            state = BodyTooLarge;
        } else if (size == 0) {
            m_phase = Phase::Trailer;
            at = line.next;
        } else {
            const Line end = line.next + qsizetype(size) <= m_buffer.size() ? lineAt(m_buffer, line.next + qsizetype(size)) : Line{};
            if (end.next == 0)
                break;
            m_request.body += QByteArrayView(m_buffer).sliced(line.next, qsizetype(size));
            at = end.next;
        }
    }
    m_buffer.remove(0, at);
    return state;
}

ServerRequest RequestParser::take()
{
    m_phase = Phase::Head;
    m_wantsContinue = false;
    return std::exchange(m_request, ServerRequest{});
}

} // namespace tokenlab::playground
