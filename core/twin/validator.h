// What auth/validator would answer to a request (specification §8). Pure: keys and clock are handed in, what is needed is returned as a
// value.
#pragma once

#include "core/gateway/config.h"
#include "core/support/clock.h"
#include "core/twin/forward.h"
#include "core/twin/signer.h"

#include <optional>
#include <variant>

namespace tokenlab::twin {

struct ValidatorError { // start-up
    QByteArray text;    // the gateway's words
    QByteArray logLine; // whole, with its level; empty: nothing is logged
    bool fatal = false; // the process exits (unknown alg, bad pins, unreadable local file, cache with a local path)
    bool crash = false; // a panic
    QByteArray member;  // at fault
    QByteArray rule;    // `§8.1`
};

struct ValidatorState { // as built at the gateway's start
    gateway::ValidatorConfig config;
    bool enabled = false;                  // the endpoint has a validator at all
    std::optional<ValidatorError> error;   // then every request is 401 (or the gateway does not run)
    std::optional<jose::KeySet> localKeys; // of jwk_local_path
    // Of jwk_url, as the request finds them: the set, or why there is none. The gateway downloads at each request unless `cache` is on.
    std::optional<DownloadSupply> download;
    bool downloadHangs = false;
};

using ValidatorStep = std::variant<Need, ValidatorState>;
// Start-up: asks for CA and key file (never for a download: that is the request's).
[[nodiscard]] ValidatorStep buildValidator(const gateway::EndpointConfig &endpoint, const Supplies &supplies);
// The download that a request makes, where one is needed for its token.
[[nodiscard]] std::optional<NeedDownload> neededDownload(const ValidatorState &state, const ClientRequest &request);

struct ValidatorVerdict {
    int status = 200;            // 200: passed; 401, 403, 500
    QByteArray rule;             // `§8.8 issuer`: what decided
    QByteArray gatewayText;      // the validator's own words (debug log), where it has some
    QByteArray claim;            // JSON pointer into the payload of what decided, when a claim did
    QByteArray member;           // of the validator's configuration that decided
    QByteArray expected, found;  // short texts, for the sentence
    json::Document claims;       // after success: for propagate_claims and JWT parameters
    std::vector<QByteArray> log; // ERROR and WARNING lines
    bool incomplete = false;     // something that is not played decides (revoker, CEL)
};
[[nodiscard]] ValidatorVerdict validate(const ValidatorState &state, const ClientRequest &request, Instant now);

} // namespace tokenlab::twin
