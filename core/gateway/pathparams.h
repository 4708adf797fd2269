// The `{placeholders}` of an endpoint's path and their values, as a client puts them on the request line.
#pragma once

#include <QByteArray>

#include <map>
#include <vector>

namespace tokenlab::gateway {

// Their names in the order of the path, each once. What follows a `?` is not the path's.
[[nodiscard]] std::vector<QByteArray> pathParams(const QByteArray &target);
// A value as it stands in a path: what would end its segment is percent-encoded.
[[nodiscard]] QByteArray pathText(const QByteArray &value);
// An endpoint's path as a client asks for it: what no request line has is percent-encoded; its placeholders stay.
[[nodiscard]] QByteArray encodedPath(const QByteArray &path);
// The path with its placeholders filled; those without a value, or with an empty one, stay.
[[nodiscard]] QByteArray filledPath(const QByteArray &target, const std::map<QByteArray, QByteArray> &values);

} // namespace tokenlab::gateway
