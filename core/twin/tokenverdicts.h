// What each protected endpoint of a file would say to one token: for the cards of signed tokens.
#pragma once

#include "core/twin/validator.h"

#include <map>
#include <vector>

namespace tokenlab::twin {

struct EndpointVerdict {
    std::size_t endpoint = 0; // index in the file
    QByteArray method, path, pointer;
    ValidatorVerdict verdict;
    std::optional<ValidatorError> startError; // the gateway would not even run
};

// A request that carries the token where this validator looks for it.
[[nodiscard]] ClientRequest requestWithToken(const gateway::EndpointConfig &endpoint, const QByteArray &token);

// Every endpoint with a validator, in the order of the file. states: as built at the gateway's start, by endpoint, with the key set that
// was downloaded where one is needed; where a state is missing the verdict cannot be told.
[[nodiscard]] std::vector<EndpointVerdict> verdictsFor(const gateway::ServiceConfig &service,
                                                       const std::map<std::size_t, ValidatorState> &states, const QByteArray &token,
                                                       Instant now);

} // namespace tokenlab::twin
