// From backend replies to the gateway's response (specification §4–§7). Pure.
#pragma once

#include "core/support/clock.h"
#include "core/twin/outcome.h"
#include "core/twin/validator.h"

namespace tokenlab::twin {

// One per backend that was asked, in the order of the endpoint's backends.
using BackendReply = BackendExchange;

[[nodiscard]] Outcome respond(const gateway::ServiceConfig &service, const gateway::EndpointConfig &endpoint, const SignerState &signer,
                              const std::optional<ValidatorState> &validator, const ClientRequest &request, Instant now,
                              std::span<const BackendReply> replies);

// What write_timeout leaves of an answer that was ready so long after the request: nothing, once it is over.
void applyWriteTimeout(const gateway::ConnectionLimits &limits, double elapsedMs, Outcome &outcome);

// The data of one backend's reply after decoding and formatting, for the parameters of the next sequential one.
struct ShapedReply {
    json::Document data;
    QByteArray error;      // the gateway's words, empty when it went well
    bool complete = false; // false: a sequential endpoint asks no further backend
};
[[nodiscard]] ShapedReply shape(const gateway::BackendConfig &backend, const BackendExchange &exchange);

[[nodiscard]] Outcome outcomeOfConfigError(const gateway::ConfigError &error);

} // namespace tokenlab::twin
