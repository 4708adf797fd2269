#include "core/http/message.h"

#include <algorithm>

namespace tokenlab::http {

namespace {

bool sameName(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

// `HTTP/1.1 200 OK`, `HTTP/2 200`.
struct StatusLine {
    int status = 0;
    QByteArray reason;
};

std::optional<StatusLine> readStatusLine(QByteArrayView line)
{
    if (!line.startsWith("HTTP/") || line.size() < 6 || line[5] < '0' || line[5] > '9')
        return std::nullopt;
    const qsizetype blank = line.indexOf(' ');
    if (blank < 0)
        return std::nullopt;
    const QByteArrayView rest = line.sliced(blank + 1).trimmed();
    if (rest.size() < 3 || (rest.size() > 3 && rest[3] != ' '))
        return std::nullopt;
    StatusLine out;
    for (const char c : rest.first(3)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        out.status = out.status * 10 + (c - '0');
    }
    out.reason = rest.sliced(3).trimmed().toByteArray();
    return out.status >= 100 ? std::optional(out) : std::nullopt;
}

struct Head {
    Reply reply;
    qsizetype end = 0; // where the body starts
};

Result<Head, MessageError> readHead(const QByteArray &text, qsizetype start)
{
    Head head;
    bool first = true;
    for (qsizetype at = start; at < text.size() || first;) {
        qsizetype next = text.indexOf('\n', at);
        QByteArrayView line = QByteArrayView(text).sliced(at, (next < 0 ? text.size() : next) - at);
        if (line.endsWith('\r'))
            line.chop(1);
        next = next < 0 ? text.size() : next + 1;
        head.end = next;
        if (first) {
            const auto status = readStatusLine(line);
            if (!status)
                return fail(MessageError{at, "malformed status line"});
            head.reply.status = status->status;
            head.reply.reason = status->reason;
            first = false;
        } else if (line.isEmpty()) {
            return head;
        } else if (line[0] == ' ' || line[0] == '\t') {
            // A folded line continues the value before it (RFC 9112 §5.2).
            if (head.reply.headers.isEmpty())
                return fail(MessageError{at, "malformed header line"});
            std::vector<Header> all(head.reply.headers.begin(), head.reply.headers.end());
            all.back().value += ' ' + line.trimmed().toByteArray();
            head.reply.headers = {};
            for (const Header &header : all)
                head.reply.headers.append(header.name, header.value);
        } else {
            const qsizetype colon = line.indexOf(':');
            const QByteArrayView name = line.first(std::max<qsizetype>(colon, 0));
            if (colon <= 0 || !std::all_of(name.begin(), name.end(), isTokenByte))
                return fail(MessageError{at, "malformed header line"});
            head.reply.headers.append(name.toByteArray(), line.sliced(colon + 1).trimmed().toByteArray());
        }
        at = next;
    }
    return head;
}

struct Chunks {
    QByteArray body;
    bool whole = false;
};

// nullopt: this is no chunked body (curl joins chunks unless told otherwise, and keeps the header).
std::optional<Chunks> joinChunks(const QByteArray &text)
{
    Chunks out;
    qsizetype at = 0;
    while (true) {
        const qsizetype end = text.indexOf("\r\n", at);
        if (end < 0)
            return at > 0 ? std::optional(out) : std::nullopt;
        QByteArray digits = text.sliced(at, end - at);
        if (const qsizetype semicolon = digits.indexOf(';'); semicolon >= 0)
            digits.truncate(semicolon);
        bool ok = false;
        const qulonglong size = digits.trimmed().toULongLong(&ok, 16);
        if (!ok)
            return at > 0 ? std::optional(out) : std::nullopt;
        at = end + 2;
        if (size == 0) {
            out.whole = true;
            return out;
        }
        const qsizetype left = text.size() - at;
        if (left == 0)
            return out.body.isEmpty() ? std::nullopt : std::optional(out);
        if (qulonglong(left) < size) {
            out.body += QByteArrayView(text).sliced(at);
            return out;
        }
        out.body += QByteArrayView(text).sliced(at, qsizetype(size));
        at += qsizetype(size);
        if (!QByteArrayView(text).sliced(at).startsWith("\r\n"))
            return out;
        at += 2;
    }
}

} // namespace

void HeaderList::set(const QByteArray &name, const QByteArray &value)
{
    const auto at = std::find_if(m_headers.begin(), m_headers.end(), [&](const Header &header) { return sameName(header.name, name); });
    if (at == m_headers.end())
        return append(name, value);
    *at = {name, value};
    m_headers.erase(std::remove_if(at + 1, m_headers.end(), [&](const Header &header) { return sameName(header.name, name); }),
                    m_headers.end());
}

void HeaderList::remove(QByteArrayView name)
{
    std::erase_if(m_headers, [&](const Header &header) { return sameName(header.name, name); });
}

std::optional<QByteArray> HeaderList::first(QByteArrayView name) const
{
    for (const Header &header : m_headers) {
        if (sameName(header.name, name))
            return header.value;
    }
    return std::nullopt;
}

std::vector<QByteArray> HeaderList::all(QByteArrayView name) const
{
    std::vector<QByteArray> out;
    for (const Header &header : m_headers) {
        if (sameName(header.name, name))
            out.push_back(header.value);
    }
    return out;
}

Result<Reply, MessageError> parseReply(const QByteArray &text)
{
    if (!text.startsWith("HTTP/")) {
        Reply reply;
        reply.status = 200;
        reply.reason = "OK";
        reply.headers.append("Content-Type", "application/json");
        reply.body = text;
        return reply;
    }
    qsizetype start = 0;
    while (true) {
        auto head = readHead(text, start);
        if (!head)
            return fail(head.error());
        const qsizetype lineEnd = text.indexOf('\n', head->end);
        const QByteArrayView nextLine = QByteArrayView(text).sliced(head->end, (lineEnd < 0 ? text.size() : lineEnd) - head->end).trimmed();
        // After 100, a redirect that was followed or a proxy's CONNECT, curl prints the next head.
        if (readStatusLine(nextLine)) {
            start = head->end;
            continue;
        }
        Reply reply = std::move(head->reply);
        reply.body = text.sliced(head->end);
        if (reply.headers.first("Transfer-Encoding").value_or(QByteArray()).toLower().contains("chunked")) {
            if (auto chunks = joinChunks(reply.body)) {
                reply.body = std::move(chunks->body);
                reply.cut = !chunks->whole;
            }
            reply.headers.remove("Transfer-Encoding");
        } else if (const auto stated = reply.headers.first("Content-Length")) {
            bool ok = false;
            const qlonglong length = stated->toLongLong(&ok);
            const bool encoded = reply.headers.contains("Content-Encoding");
            if (ok && length >= 0 && !encoded) {
                reply.cut = reply.body.size() < length;
                // Editors end a file with a line break; anything else beyond the length is an edit and meant.
                if (reply.body.size() > length && reply.body.sliced(qsizetype(length)).trimmed().isEmpty())
                    reply.body.truncate(qsizetype(length));
            }
        }
        if (sameName(reply.headers.first("Content-Encoding").value_or(QByteArray()), "gzip")) {
            // `curl --compressed` prints the body unpacked and keeps the header.
            if (reply.body.startsWith("\x1f\x8b")) {
                auto unpacked = gunzip(reply.body, qsizetype(64) * 1024 * 1024);
                if (!unpacked && unpacked.error().tooLarge)
                    return fail(MessageError{head->end, "the unpacked body is too large"});
                if (!unpacked) {
                    reply.bodyError = unpacked.error().text;
                    reply.body = unpacked.error().produced;
                } else {
                    reply.body = *std::move(unpacked);
                }
            }
            reply.headers.remove("Content-Encoding");
            reply.headers.remove("Content-Length");
        }
        if (reply.cut && reply.bodyError.isEmpty())
            reply.bodyError = "unexpected EOF";
        return reply;
    }
}

} // namespace tokenlab::http
