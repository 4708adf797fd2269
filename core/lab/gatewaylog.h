// The log of a running gateway, taken apart.
#pragma once

#include <QByteArray>

#include <vector>

namespace tokenlab::lab {

[[nodiscard]] QByteArray withoutAnsi(QByteArray text);
// `LEVEL text` of each entry, which may have several lines; access lines and what is no entry are left out.
[[nodiscard]] std::vector<QByteArray> logEntries(const QByteArray &log);
// ERROR, WARNING and CRITICAL entries that name the endpoint: by `[ENDPOINT: /token]`.
[[nodiscard]] std::vector<QByteArray> endpointLines(const QByteArray &log, const QByteArray &route);
// Why a gateway ended: the panic, the last ERROR or CRITICAL entry, what `ERROR parsing…` says, else its last line.
[[nodiscard]] QByteArray endText(const QByteArray &log);
[[nodiscard]] bool hasPanic(const QByteArray &log);

} // namespace tokenlab::lab
