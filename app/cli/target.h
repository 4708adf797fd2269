// Which endpoint of a file the arguments mean, or what of the router's own answers.
#pragma once

#include "app/cli/input.h"

namespace tokenlab::cli {

struct Target {
    std::size_t endpoint = 0;
    QByteArray method;      // empty: the endpoint's, or as asked
    bool unmatched = false; // no endpoint takes it; this one only stands for the gateway
};
// What a request asks for: an endpoint, or what the router alone answers, 405, a redirect or 404. None: the session has been told.
[[nodiscard]] std::optional<Target> chooseTarget(const Configuration &configuration, const RequestOptions &options, Refusal refusal,
                                                 Session &session);

} // namespace tokenlab::cli
