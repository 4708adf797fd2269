// Host names and IP texts by the gateway's rules, which are stricter than the system's: `127.1` and `2130706433` are names to it.
#pragma once

#include <QByteArray>

#include <optional>

namespace tokenlab {

[[nodiscard]] bool isIpv4(QByteArrayView text); // four decimal numbers, no leading zeros
[[nodiscard]] bool isIpv6(QByteArrayView text); // with or without %zone
[[nodiscard]] bool isLoopbackAddress(QByteArrayView text);
// Why a text is no IPv6 address, in the words of Go's netip.ParseAddr.
[[nodiscard]] std::optional<QByteArray> refusedIpv6(QByteArrayView text);
// What a resolver is asked at all; other names fail before.
[[nodiscard]] bool isDomainName(QByteArrayView text);

} // namespace tokenlab
