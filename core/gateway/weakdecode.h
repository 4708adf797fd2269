// The gateway's weakly typed decoding of the whole file (mapstructure 2.5 with koanf's settings; specification §1.2): names match
// case-insensitively, scalars convert into each other, a single value stands for a list. Errors are gathered in the order of the
// gateway's struct fields, as it prints them.
#pragma once

#include "core/gateway/rawconfig.h"
#include "core/json/value.h"

#include <vector>

namespace tokenlab::gateway {

struct DecodeIssue {
    QByteArray text;    // one line of the gateway's list: `'port' cannot parse value as 'int': strconv.ParseInt: invalid syntax`
    QByteArray pointer; // JSON pointer into the file
};

struct Decoded {
    RawService service;
    std::vector<DecodeIssue> issues;
};

[[nodiscard]] Decoded decodeService(json::Value root);
// `decoding failed due to the following error(s):` and the lines.
[[nodiscard]] QByteArray gatewayText(const std::vector<DecodeIssue> &issues);

// RFC 6901 escaping of one member name, with its leading slash.
[[nodiscard]] QByteArray pointerToken(std::string_view name);

} // namespace tokenlab::gateway
