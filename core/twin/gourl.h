// Go's net/url as far as the gateway's answers depend on it: what it accepts, how it words refusals, how it writes a URL back.
#pragma once

#include "core/support/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace tokenlab::twin {

// fmt's %q.
[[nodiscard]] QByteArray goQuote(QByteArrayView text);

struct GoUrl {
    QByteArray scheme, opaque, host, path, rawPath, rawQuery, fragment;
    QByteArray user, password;
    bool hasUser = false, hasPassword = false, forceQuery = false;

    // The whole error text, `parse "http://[::1": missing ']' in host`.
    [[nodiscard]] static Result<GoUrl, QByteArray> parse(QByteArrayView text);
    // url.ParseRequestURI, for the target of a request line.
    [[nodiscard]] static Result<GoUrl, QByteArray> parseRequestUri(QByteArrayView text);

    [[nodiscard]] QByteArray escapedPath() const;
    [[nodiscard]] QByteArray toString() const;
    [[nodiscard]] QByteArray redacted() const; // a password as ***
};

// Values of one name stay in order; std::map sorts the names by bytes as url.Values.Encode does. Broken pairs are left out, as by
// URL.Query().
using GoValues = std::map<QByteArray, std::vector<QByteArray>>;
[[nodiscard]] GoValues parseQuery(QByteArrayView rawQuery);
[[nodiscard]] QByteArray encodeQuery(const GoValues &values);

// url.PathUnescape.
[[nodiscard]] Result<QByteArray, QByteArray> pathUnescape(QByteArrayView text);

// path.Clean of Go for absolute paths.
[[nodiscard]] QByteArray cleanPath(QByteArrayView path);

} // namespace tokenlab::twin
