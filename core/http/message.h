// HTTP messages as values: order and duplicates of headers are kept, names compare case-insensitively. RFC 9110 §5, RFC 9112.
#pragma once

#include "core/support/headername.h"
#include "core/support/result.h"

#include <QByteArray>

#include <initializer_list>
#include <optional>
#include <vector>

namespace tokenlab::http {

struct Header {
    QByteArray name;
    QByteArray value;
    friend bool operator==(const Header &, const Header &) = default;
};

class HeaderList
{
public:
    HeaderList() = default;
    HeaderList(std::initializer_list<Header> headers) : m_headers(headers) {}
    void append(const QByteArray &name, const QByteArray &value) { m_headers.push_back({name, value}); }
    void set(const QByteArray &name, const QByteArray &value); // replaces all of that name
    void remove(QByteArrayView name);
    [[nodiscard]] std::optional<QByteArray> first(QByteArrayView name) const;
    [[nodiscard]] std::vector<QByteArray> all(QByteArrayView name) const;
    [[nodiscard]] bool contains(QByteArrayView name) const { return first(name).has_value(); }
    [[nodiscard]] bool isEmpty() const { return m_headers.empty(); }
    [[nodiscard]] qsizetype size() const { return qsizetype(m_headers.size()); }
    [[nodiscard]] auto begin() const { return m_headers.begin(); }
    [[nodiscard]] auto end() const { return m_headers.end(); }
    friend bool operator==(const HeaderList &, const HeaderList &) = default;

private:
    std::vector<Header> m_headers;
};

using tokenlab::canonicalHeaderName;

struct Request {
    QByteArray method = "GET";
    QByteArray url; // absolute, as it goes out; userinfo is sent as Basic authorization
    HeaderList headers;
    QByteArray body;
};

struct Reply {
    int status = 0;
    QByteArray reason;
    HeaderList headers;
    QByteArray body;     // after gunzip
    bool cut = false;    // the connection ended before the announced length
    QByteArray finalUrl; // after redirects
    double durationMs = 0;
    // What reading on after `body` gives in the gateway, without any prefix: empty for a plain end, else `unexpected EOF` (cut),
    // `invalid byte in chunk length`, `gzip: invalid checksum`, `context deadline exceeded`, … A JSON value that was complete before is
    // still taken there.
    QByteArray bodyError;
};

// Why there is no reply. `text` is the gateway's (Go's net/http's) wording without its `Get "URL": ` prefix, where known; the twin
// composes `Get ` + quoted(url) + `: ` + text (the method's first letter alone is upper case). Kinds that are whole as they are and get no
// prefix: BadUrl (`parse "…": missing ']' in host`), Timeout (`context deadline exceeded`, as a backend's deadline is logged), and
// TooLarge, which is our limit and no words of the gateway's.
struct TransportError {
    enum Kind {
        BadUrl,
        UnsupportedScheme,
        NoHost,
        Dns,
        Refused,
        Unreachable,
        Timeout,
        ClosedEarly,
        NotHttp,
        TooLarge,
        TooManyRedirects,
        BadRedirect,
        BadEncoding,
        TlsUntrusted,
        TlsHandshake,
        TlsNotTls,
        PinMismatch,
        Cancelled,
        Other
    };
    Kind kind = Other;
    QByteArray text;
    QByteArray url; // the URL as the gateway prints it (after redirects: the last one), password as ***
    [[nodiscard]] bool isWhole() const { return kind == BadUrl || kind == Timeout || kind == TooLarge; }
};

// `curl -i` output or a bare body (→ 200, application/json). Chunked bodies are joined; of several heads (100, redirects) the last counts.
// The text may have been edited: a body longer than its Content-Length is taken whole, a shorter one is `cut`. A text that begins with
// `HTTP/` is a head and never a body.
struct MessageError {
    qsizetype offset = 0;
    QByteArray what;
};
[[nodiscard]] Result<Reply, MessageError> parseReply(const QByteArray &text);

// RFC 1952; for Content-Encoding: gzip. Bounded by limit.
struct GunzipError {
    bool tooLarge = false;
    QByteArray produced; // what came out before
    QByteArray text;     // the gateway's words: `gzip: invalid header`, `gzip: invalid checksum`, `unexpected EOF`, `flate: corrupt input`
};
[[nodiscard]] Result<QByteArray, GunzipError> gunzip(QByteArrayView data, qsizetype limit);
[[nodiscard]] QByteArray gzip(QByteArrayView data);

} // namespace tokenlab::http
