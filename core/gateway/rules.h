// The gateway's rules for hosts, paths and their parameters (specification §1.3), on plain bytes.
#pragma once

#include <QByteArray>

#include <optional>
#include <string_view>
#include <vector>

namespace tokenlab::gateway {

// `http://h:8000` of `h:8000/`; nothing where the gateway says `host X not valid: invalid host`.
[[nodiscard]] std::optional<QByteArray> cleanHost(const QByteArray &host);
// One leading slash is ensured, others are kept.
[[nodiscard]] QByteArray cleanPath(const QByteArray &path);
// `__debug`, `__echo`, `__health`, or something after a `*`: the gateway does not start.
[[nodiscard]] bool isForbiddenPath(const QByteArray &path);

// Names in braces in order of appearance, duplicates included: of an endpoint (a whole segment's start unless disable_rest) and of a
// url_pattern.
[[nodiscard]] std::vector<QByteArray> endpointParameters(const QByteArray &path, bool disableRest);
[[nodiscard]] std::vector<QByteArray> patternParameters(const QByteArray &pattern);
// `/t/:id` of `/t/{id}`; what stands behind a `?` stays as it is.
[[nodiscard]] QByteArray routeOf(const QByteArray &path, const std::vector<QByteArray> &parameters);
// `/{{.Id}}` of `/{id}`, for these names (sorted).
[[nodiscard]] QByteArray templateOf(const QByteArray &pattern, const std::vector<QByteArray> &names);
// Filled by the gateway itself from an earlier response or from the caller's token: `resp0_id`, `JWT.sub`.
[[nodiscard]] bool isDerivedParameter(const QByteArray &name);
// With the first letter in upper case, as the gateway keeps parameters.
[[nodiscard]] QByteArray parameterKey(const QByteArray &name);

// net.ParseIP: dotted IPv4 without leading zeros, or IPv6 without a zone.
[[nodiscard]] bool isIpAddress(std::string_view text);

} // namespace tokenlab::gateway
