#include "core/net/chunkreader.h"

#include "core/support/hex.h"

#include <algorithm>

namespace tokenlab::net {

namespace {

constexpr qsizetype LongestLine = 4096; // with its end; the gateway's buffer
constexpr qint64 MostOverhead = qint64{16} * 1024;

} // namespace

void ChunkReader::broken(const QByteArray &text)
{
    m_error = text;
    m_state = State::Done;
}

void ChunkReader::feed(QByteArrayView bytes, QByteArray &body, qsizetype limit)
{
    while (m_state != State::Done && !bytes.isEmpty()) {
        switch (m_state) {
        case State::Data: {
            const qsizetype room = limit + 1 - body.size();
            if (room <= 0)
                return;
            const qsizetype n = std::min({bytes.size(), room, qsizetype(std::min<quint64>(m_left, quint64(bytes.size())))});
            body.append(bytes.first(n));
            bytes = bytes.sliced(n);
            m_left -= quint64(n);
            if (m_left == 0)
                m_state = State::DataEnd;
            break;
        }
        case State::DataEnd:
            m_held += bytes.front();
            bytes = bytes.sliced(1);
            if (m_held.size() < 2)
                break;
            if (m_held != "\r\n")
                return broken("malformed chunked encoding");
            m_held.clear();
            m_state = State::Size;
            break;
        case State::Size: {
            const qsizetype lineEnd = bytes.indexOf('\n');
            const qsizetype n = std::min(lineEnd < 0 ? bytes.size() : lineEnd + 1, LongestLine + 1 - m_held.size());
            m_held += bytes.first(n);
            bytes = bytes.sliced(n);
            if (m_held.size() > LongestLine || (m_held.size() == LongestLine && !m_held.endsWith('\n')))
                return broken("header line too long");
            if (m_held.endsWith('\n'))
                readSize(std::exchange(m_held, {}));
            break;
        }
        case State::Trailer: {
            const qsizetype n = std::min(bytes.size(), LongestLine - m_held.size());
            m_held += bytes.first(n);
            bytes = bytes.sliced(n);
            readTrailer();
            break;
        }
        case State::Done:
            break;
        }
    }
}

void ChunkReader::readSize(QByteArrayView line)
{
    const qsizetype cr = line.indexOf('\r');
    if (cr < 0)
        return broken("chunked line ends with bare LF");
    if (cr != line.size() - 2)
        return broken("invalid CR in chunked line");
    line.chop(2);
    m_excess += line.size() + 2;
    while (!line.isEmpty() && (line.back() == ' ' || line.back() == '\t'))
        line.chop(1);
    if (const qsizetype extension = line.indexOf(';'); extension >= 0)
        line = line.first(extension);
    if (line.isEmpty())
        return broken("empty hex number for chunk length");
    quint64 size = 0;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const int digit = hexValue(line[i]);
        if (digit < 0)
            return broken("invalid byte in chunk length");
        if (i == 16)
            return broken("http chunk length too large");
        size = size << 4 | quint64(digit);
    }
    // Who sends one byte a chunk has five bytes of overhead for it; far more is no honest use.
    m_excess = std::max<qint64>(m_excess - 16 - qint64(2 * size), 0);
    if (m_excess > MostOverhead)
        return broken("chunked encoding contains too much non-data");
    m_left = size;
    m_state = size == 0 ? State::Trailer : State::Data;
}

void ChunkReader::readTrailer()
{
    if (m_held.startsWith("\r\n")) {
        m_state = State::Done;
        return;
    }
    const qsizetype last = m_held.indexOf("\r\n\r\n");
    if (last < 0) {
        if (m_held.size() >= LongestLine)
            broken("http: suspiciously long trailer after chunked body");
        return;
    }
    // Read as a header and then forgotten: nobody downstream looks at it.
    MimeHeader header;
    for (qsizetype at = 0; at < m_held.size();) {
        const qsizetype end = m_held.indexOf('\n', at);
        QByteArrayView line = QByteArrayView(m_held).sliced(at, end - at);
        if (line.endsWith('\r'))
            line.chop(1);
        const auto more = header.addLine(line);
        if (!more)
            return broken(more.error());
        if (!*more)
            break;
        at = end + 1;
    }
    m_state = State::Done;
}

void ChunkReader::end()
{
    if (m_state == State::Done)
        return;
    if (m_state != State::Trailer)
        return broken("unexpected EOF");
    broken(m_held.size() < 2 ? "http: unexpected EOF reading trailer" : "http: suspiciously long trailer after chunked body");
}

} // namespace tokenlab::net
