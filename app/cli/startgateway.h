// The gateway's start as far as a command asks for it: files of all endpoints, downloads of the asked one, or (`--whole`) of all. Design
// §5.
#pragma once

#include "app/cli/input.h"

#include <functional>

namespace tokenlab::cli {

struct Started {
    twin::SignerState signer; // of the asked endpoint
    twin::ValidatorState validator;
    double keyMs = -1;
    std::optional<twin::Outcome> doesNotStart; // another endpoint takes the whole gateway down
};
void startGateway(const Prepared &prepared, bool whole, Session &session, const std::function<void(const Started &)> &ready);

[[nodiscard]] lab::RunInput runInput(const Prepared &prepared, const Started &started);

// Prints the outcome and ends with its exit code.
void report(const twin::Outcome &outcome, const RequestOptions &options, Session &session);
// The same, with the problems that the payload of a run shows.
void report(const twin::Outcome &outcome, const Prepared &prepared, const RequestOptions &options, Session &session);

} // namespace tokenlab::cli
