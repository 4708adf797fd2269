#include "core/net/headreader.h"

#include "core/support/url.h"

#include <QList>

#include <algorithm>

namespace tokenlab::net {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

QByteArrayView withoutBlanks(QByteArrayView text)
{
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isBlank(text.back()))
        text.chop(1);
    return text;
}

bool isForbidden(char c)
{
    return (uchar(c) < 0x20 && c != '\t') || c == 0x7f;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

QByteArray listed(const std::vector<QByteArray> &values)
{
    QByteArray out;
    for (const QByteArray &value : values)
        out += (out.isEmpty() ? "" : " ") + quoted(value);
    return '[' + out + ']';
}

// Digits alone, up to 2^63 - 1.
Result<qint64, QByteArray> parseLength(const QByteArray &text)
{
    if (text.isEmpty())
        return fail(QByteArray("invalid empty Content-Length \"\""));
    bool ok = std::all_of(text.cbegin(), text.cend(), isDigit);
    const qint64 length = ok ? text.toLongLong(&ok, 10) : 0;
    if (!ok)
        return fail("bad Content-Length " + quoted(text));
    return length;
}

bool isSwitch(const http::HeaderList &headers)
{
    if (headers.first("Upgrade").value_or(QByteArray()).isEmpty())
        return false;
    for (const QByteArray &value : headers.all("Connection")) {
        for (const QByteArray &token : value.split(',')) {
            if (token.trimmed().compare("upgrade", Qt::CaseInsensitive) == 0)
                return true;
        }
    }
    return false;
}

Result<void, QByteArray> checkTrailerNames(const http::HeaderList &headers)
{
    for (const QByteArray &value : headers.all("Trailer")) {
        for (const QByteArray &part : value.split(',')) {
            const QByteArray key = http::canonicalHeaderName(part.trimmed());
            if (key == "Transfer-Encoding" || key == "Trailer" || key == "Content-Length")
                return fail("bad trailer key " + quoted(key));
        }
    }
    return {};
}

} // namespace

Result<bool, QByteArray> MimeHeader::addLine(QByteArrayView line)
{
    const bool first = m_first;
    m_first = false;
    if (!line.isEmpty() && isBlank(line.front())) {
        if (first)
            return fail("malformed MIME header initial line: " + quoted(line));
        // A folded line continues the value before it (RFC 9112 §5.2).
        m_open += ' ';
        m_open += withoutBlanks(line);
        return true;
    }
    if (auto flushed = flush(); !flushed)
        return fail(flushed.error());
    if (line.isEmpty())
        return false;
    if (!line.contains(':'))
        return fail("malformed MIME header: missing colon: " + quoted(line));
    m_open = withoutBlanks(line).toByteArray();
    m_hasOpen = true;
    return true;
}

Result<void, QByteArray> MimeHeader::flush()
{
    if (!m_hasOpen)
        return {};
    m_hasOpen = false;
    const qsizetype colon = m_open.indexOf(':');
    const QByteArrayView name = QByteArrayView(m_open).first(colon);
    QByteArrayView value = QByteArrayView(m_open).sliced(colon + 1);
    // A name with blanks is let through as it is.
    const auto isNameByte = [](char c) { return c == ' ' || isTokenByte(c); };
    if (name.isEmpty() || !std::all_of(name.begin(), name.end(), isNameByte) || std::any_of(value.begin(), value.end(), isForbidden))
        return fail("malformed MIME header line: " + quoted(m_open));
    while (!value.isEmpty() && isBlank(value.front()))
        value = value.sliced(1);
    m_headers.append(http::canonicalHeaderName(name), value.toByteArray());
    return {};
}

Result<StatusLine, QByteArray> readStatusLine(QByteArrayView line)
{
    const qsizetype blank = line.indexOf(' ');
    if (blank < 0)
        return fail("malformed HTTP response " + quoted(line));
    const QByteArrayView version = line.first(blank);
    QByteArrayView rest = line.sliced(blank + 1);
    while (rest.startsWith(' '))
        rest = rest.sliced(1);
    const qsizetype end = rest.indexOf(' ');
    const QByteArrayView code = end < 0 ? rest : rest.first(end);
    // Three characters that are a number, so `+20` and `-00` are two.
    const bool isNumber =
        code.size() == 3 && isDigit(code[1]) && isDigit(code[2]) && (isDigit(code[0]) || code[0] == '+' || code[0] == '-');
    const int number = isNumber ? (isDigit(code[0]) ? code[0] - '0' : 0) * 100 + (code[1] - '0') * 10 + (code[2] - '0') : 0;
    if (!isNumber || (code[0] == '-' && number != 0))
        return fail("malformed HTTP status code " + quoted(code));
    if (version.size() != 8 || !version.startsWith("HTTP/") || !isDigit(version[5]) || version[6] != '.' || !isDigit(version[7]))
        return fail("malformed HTTP version " + quoted(version));
    return StatusLine{number, end < 0 ? QByteArray() : rest.sliced(end + 1).toByteArray(), end >= 0, version[5] - '0', version[7] - '0'};
}

Result<Framing, QByteArray> readFraming(const StatusLine &status, bool toHead, http::HeaderList &headers)
{
    // An old answer's `Pragma: no-cache` means the newer header.
    if (headers.first("Pragma") == std::optional<QByteArray>("no-cache") && !headers.contains("Cache-Control"))
        headers.append("Cache-Control", "no-cache");

    bool chunked = false;
    const bool knowsEncodings = status.major > 1 || (status.major == 1 && status.minor >= 1) || (status.major == 0 && status.minor == 0);
    if (const auto encodings = headers.all("Transfer-Encoding"); !encodings.empty()) {
        headers.remove("Transfer-Encoding");
        if (knowsEncodings) {
            if (encodings.size() > 1)
                return fail("too many transfer encodings: " + listed(encodings));
            if (encodings.front().compare("chunked", Qt::CaseInsensitive) != 0)
                return fail("unsupported transfer encoding: " + quoted(encodings.front()));
            chunked = true;
        }
    }

    std::optional<qint64> length;
    if (const auto lengths = headers.all("Content-Length"); !lengths.empty()) {
        const QByteArray first = lengths.front().trimmed();
        if (std::any_of(lengths.begin(), lengths.end(), [&first](const QByteArray &one) { return one.trimmed() != first; }))
            return fail("http: message cannot contain multiple Content-Length headers; got " + listed(lengths));
        if (lengths.size() > 1)
            headers.set("Content-Length", first);
        const auto parsed = parseLength(first);
        if (!parsed)
            return fail(parsed.error());
        length = *parsed;
    }
    const bool bodiless = toHead || status.status / 100 == 1 || status.status == 204 || status.status == 304;
    if (!bodiless && chunked)
        headers.remove("Content-Length");
    if (chunked) {
        if (auto checked = checkTrailerNames(headers); !checked)
            return fail(checked.error());
        headers.remove("Trailer");
    }
    // Behind a switch of protocols comes whatever the new one says.
    if (status.status == 101 && !toHead && isSwitch(headers))
        return Framing{Framing::UntilClose, 0};
    if (bodiless || (!chunked && length == 0))
        return Framing{};
    if (chunked)
        return Framing{Framing::Chunked, 0};
    if (length)
        return Framing{Framing::Length, *length};
    return Framing{Framing::UntilClose, 0};
}

} // namespace tokenlab::net
