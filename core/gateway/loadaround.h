// A file that the gateway ends at: what else is in it. The gateway names its first error alone; here the place of each is taken out of a
// copy, and the copy is loaded again.
#pragma once

#include "core/gateway/config.h"

namespace tokenlab::gateway {

struct LoadedAround {
    // Of the file without the places that end the start; all pointers are those of the file. None: what is wrong cannot be taken out.
    std::optional<ServiceConfig> service;
    std::vector<ConfigError> errors; // in the gateway's order, the given one first
    // Endpoints, backends and lists of them that are not in the file: what is said of them is of no use.
    std::vector<QByteArray> invented;
};
// `first`: what load() said of the text. A bounded number of copies is loaded, fewer of large files.
[[nodiscard]] LoadedAround loadAround(const QByteArray &text, const ConfigError &first);

} // namespace tokenlab::gateway
