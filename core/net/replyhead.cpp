#include "core/net/replyhead.h"

#include "core/support/url.h"

#include <algorithm>

namespace tokenlab::net {

namespace {

bool isForbidden(char c)
{
    return (uchar(c) < 0x20 && c != '\t') || c == 0x7f;
}

QList<QByteArray> trimmedParts(const QByteArray &joined)
{
    QList<QByteArray> parts;
    for (const QByteArray &part : joined.split(','))
        parts.append(part.trimmed());
    return parts;
}

QByteArray broken(const QByteArray &text)
{
    return "net/http: HTTP/1.x transport connection broken: " + text;
}

QByteArray listed(const QList<QByteArray> &parts)
{
    QList<QByteArray> quotedParts;
    for (const QByteArray &part : parts)
        quotedParts.append(quoted(part));
    return '[' + quotedParts.join(' ') + ']';
}

// Digits alone, up to 2^63 - 1.
std::optional<qint64> parseLength(const QByteArray &text)
{
    if (!std::all_of(text.cbegin(), text.cend(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    bool ok = false;
    const qint64 length = text.toLongLong(&ok, 10);
    return ok ? std::optional(length) : std::nullopt;
}

} // namespace

Result<ReplyHead, QByteArray> readReplyHead(const QList<std::pair<QByteArray, QByteArray>> &pairs)
{
    ReplyHead out;
    bool chunked = false;
    std::optional<QByteArray> encoding, length;
    for (const auto &[name, value] : pairs) {
        const QByteArray canonical = http::canonicalHeaderName(name);
        // Qt joins cookies by line breaks, all other lines of a name by commas.
        const QList<QByteArray> values = canonical == "Set-Cookie" ? value.split('\n') : QList<QByteArray>{value};
        for (const QByteArray &one : values) {
            if (std::any_of(one.cbegin(), one.cend(), isForbidden))
                return fail(broken("malformed MIME header line: " + quoted(name + ": " + one)));
            if (canonical == "Transfer-Encoding")
                encoding = one;
            else if (canonical == "Content-Length")
                length = one;
            else
                out.headers.append(canonical, one);
        }
    }
    if (encoding) {
        const QList<QByteArray> parts = trimmedParts(*encoding);
        const auto isChunked = [](const QByteArray &part) { return part.compare("chunked", Qt::CaseInsensitive) == 0; };
        // A list may have been one line or several; nobody writes `chunked, chunked` in one.
        if (parts.size() > 1 && std::all_of(parts.cbegin(), parts.cend(), isChunked))
            return fail(broken("too many transfer encodings: " + listed(parts)));
        if (parts.size() > 1 || !isChunked(parts.constFirst()))
            return fail(broken("unsupported transfer encoding: " + quoted(*encoding)));
        chunked = true;
    }
    if (length) {
        const QList<QByteArray> parts = trimmedParts(*length);
        const QByteArray &first = parts.constFirst();
        if (std::any_of(parts.cbegin(), parts.cend(), [&first](const QByteArray &part) { return part != first; }))
            return fail(broken("http: message cannot contain multiple Content-Length headers; got " + listed(parts)));
        const auto number = parseLength(first);
        if (!number)
            return fail(broken("bad Content-Length " + quoted(first)));
        if (!chunked) {
            out.announced = number;
            out.headers.append(QByteArrayLiteral("Content-Length"), first);
        }
    }
    if (const auto trailer = out.headers.first("Trailer"); trailer && chunked) {
        for (const QByteArray &part : trimmedParts(*trailer)) {
            const QByteArray key = http::canonicalHeaderName(part);
            if (key == "Transfer-Encoding" || key == "Trailer" || key == "Content-Length")
                return fail(broken("bad trailer key " + quoted(key)));
        }
        out.headers.remove("Trailer");
    }
    return out;
}

QByteArray unseenPart(int status, bool hasHeaders)
{
    if (status >= 100 && status < 200 && status != 101)
        return "an interim answer came first (" + QByteArray::number(status) +
               "), which Token Lab cannot read past; the gateway goes on to the final one";
    if (!hasHeaders)
        return QByteArrayLiteral("no line of the answer's head could be read here: where one of them is malformed the gateway refuses the "
                                 "answer, or reads the others");
    return {};
}

} // namespace tokenlab::net
