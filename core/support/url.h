// URLs as the gateway's net/url reads, prints and resolves them. QUrl is more forgiving and rewrites what it reads, so the words of an
// error and the URL in a log line cannot come from it. RFC 3986; specification §2.3.
#pragma once

#include "core/support/result.h"

#include <QByteArray>

#include <optional>

namespace tokenlab {

// `text` is the gateway's whole message, `parse "http://[::1": missing ']' in host`: no `Get "URL": ` goes before it.
struct UrlError {
    QByteArray text;   // whole
    QByteArray reason; // what follows the colon
};

class Url
{
public:
    QByteArray scheme; // lower case
    QByteArray opaque; // after the colon where no slash follows
    struct User {
        QByteArray name; // decoded
        std::optional<QByteArray> password;
    };
    std::optional<User> user;
    QByteArray host; // with port and brackets, percent-decoded

    [[nodiscard]] static Result<Url, UrlError> parse(QByteArrayView text);
    // A Location or other reference, seen from this URL.
    [[nodiscard]] Result<Url, UrlError> resolved(QByteArrayView reference) const;

    [[nodiscard]] QByteArray hostName() const; // without port and brackets
    [[nodiscard]] QByteArray portText() const; // empty: none
    [[nodiscard]] int port() const;            // the scheme's own where none is stated; -1: no number up to 65535

    [[nodiscard]] QByteArray toString() const;
    [[nodiscard]] QByteArray redacted() const;    // a password as ***, as error texts print it
    [[nodiscard]] QByteArray withoutUser() const; // for Referer
    [[nodiscard]] QByteArray escapedPath() const; // as it goes out
    [[nodiscard]] QByteArray target() const;      // request line: path and query
    [[nodiscard]] const QByteArray &rawQuery() const { return m_query; }
    void dropEmptyPort(); // `host:` → `host`, as a request does

private:
    [[nodiscard]] Result<void, UrlError> setPath(QByteArrayView text);

    QByteArray m_path; // percent-encoded, as it goes out
    bool m_omitHost = false;
    bool m_forceQuery = false;
    QByteArray m_query;
    QByteArray m_fragment; // percent-encoded
};

// Go's %q: a quoted string with escapes.
[[nodiscard]] QByteArray quoted(QByteArrayView text);

// Any text that may be a URL, its password as ***: `http://user:***@host/`.
[[nodiscard]] QByteArray withoutPassword(const QByteArray &url);

} // namespace tokenlab
