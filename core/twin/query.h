// Paths and query strings as Go's net/url and path take them apart and write them.
#pragma once

#include "core/support/result.h"

#include <QByteArray>

#include <map>
#include <optional>
#include <vector>

namespace tokenlab::twin {

// Values of one name stay in order; std::map sorts the names by bytes as url.Values.Encode does. Broken pairs are left out, as by
// URL.Query().
using QueryValues = std::map<QByteArray, std::vector<QByteArray>>;
[[nodiscard]] QueryValues parseQuery(QByteArrayView rawQuery);
[[nodiscard]] QByteArray encodeQuery(const QueryValues &values);

// url.PathUnescape; the error is `invalid URL escape "%b"`.
[[nodiscard]] Result<QByteArray, QByteArray> pathUnescape(QByteArrayView text);
// As URL.String() writes a path it has only decoded.
[[nodiscard]] QByteArray pathEscape(const QByteArray &path);

// path.Clean for absolute paths.
[[nodiscard]] QByteArray cleanPath(QByteArrayView path);

// The target of a request line; nothing where net/http answers 400 by itself.
struct RequestTarget {
    QByteArray path; // decoded
    QByteArray rawQuery;
};
[[nodiscard]] std::optional<RequestTarget> parseTarget(QByteArrayView target);

} // namespace tokenlab::twin
