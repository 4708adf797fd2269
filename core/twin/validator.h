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

struct ValidatorError {   // start-up
    QByteArray text;      // the gateway's words
    QByteArray logLine;   // whole, with its level; empty: nothing is logged
    bool fatal = false;   // the process exits (unknown alg, bad pins, unreadable local file, cache with a local path)
    bool crash = false;   // a panic
    bool unknown = false; // the keeper of the key file is a service elsewhere; the text is ours
    QByteArray member;    // at fault
    QByteArray rule;      // `§8.1`
    [[nodiscard]] bool endsGateway() const { return fatal || crash; }
};

struct ValidatorState { // as built at the gateway's start
    gateway::ValidatorConfig config;
    bool enabled = false;                  // the endpoint has a validator at all
    QByteArray route;                      // of the endpoint, for the log
    std::optional<ValidatorError> error;   // then every request is 401 (or the gateway does not run)
    std::optional<jose::KeySet> localKeys; // of jwk_local_path
    std::vector<QByteArray> extraRoots;    // contents of jwk_local_ca
    std::vector<QByteArray> pins;          // decoded
    bool hasRejecter = false;              // validation/cel at the endpoint may reject tokens too: not played
    // Of jwk_url, as the request finds them: the set, or why there is none. The gateway downloads at each request unless `cache` is on;
    // here every judgement has a set of its own, with `cache` too. That is the first request of a gateway with an empty cache. A later one
    // is answered from the cache, which says something else only where the host has changed its set since then: not to be known from a
    // file and one request.
    std::optional<DownloadSupply> download;
    bool downloadHangs = false;
};

using ValidatorStep = std::variant<Need, ValidatorState>;
// Start-up: asks for CA and key file (never for a download: that is the request's).
[[nodiscard]] ValidatorStep buildValidator(const gateway::EndpointConfig &endpoint, const Supplies &supplies);
// The download that a request makes, where one is needed for its token and its outcome is not supplied yet.
[[nodiscard]] std::optional<NeedDownload> neededDownload(const ValidatorState &state, const ClientRequest &request);
// The same for some token that comes so far; nothing where none does, or a key file is asked first.
[[nodiscard]] std::optional<NeedDownload> keySetDownload(const ValidatorState &state);
// jwk_url as it may be shown, without a password.
[[nodiscard]] QByteArray validatorKeyUrl(const ValidatorState &state);

// What decided, in the gateway's order.
enum class ValidatorRule {
    Passed,
    Setup,           // the configuration could not be read, or refuses an unprotected URL
    NoToken,         // neither header nor cookie
    Malformed,       // no JWS at all
    Algorithm,       // of the header, not the configured one
    KeyHost,         // no key set
    KeyMissing,      // none with this identity
    KeyMissingCrash, // none in the file, while the URL has some: a panic
    KeyKind,         // a private key
    Critical,        // crit names what is not understood
    Signature,
    ClaimTypes,
    Issuer,
    Audience,
    NotBefore,
    Expired,
    IssuedAt,
    ClaimValues, // what only the second reading of the claims objects to: names twice, numbers too large
    Roles,
    RolesCrash, // an element that is no text: a panic
    Scopes,
    ScopesCrash,
    Hangs,  // the key host stays silent: so does the gateway
    Unknown // the key host's answer, or the keeper of the file, cannot be seen from here
};

struct ValidatorVerdict {
    int status = 200; // 200: passed; 401, 403, 500; 0: none, see decided
    ValidatorRule decided = ValidatorRule::Passed;
    QByteArray rule;              // `§8.8 issuer`
    QByteArray gatewayText;       // the validator's own words (debug log), where it has some
    bool textIsOneOfMany = false; // several members of the header are wrong; which one is named is left to chance
    QByteArray claim;             // JSON pointer into the payload of what decided, when a claim did
    QByteArray member;            // of the validator's configuration that decided
    QByteArray expected, found;   // short texts, for the sentence
    json::Document claims;        // after success: for propagate_claims and JWT parameters
    std::vector<QByteArray> log;  // ERROR and WARNING lines
    bool incomplete = false;      // something that is not played decides (revoker, CEL), or cannot be seen
    [[nodiscard]] bool passed() const { return status == 200; }
};
[[nodiscard]] ValidatorVerdict validate(const ValidatorState &state, const ClientRequest &request, Instant now);

// The request and the parameters as the endpoint's own handler sees them behind a validator that let the token pass: headers of
// propagate_claims, `JWT.x` parameters of url_pattern.
struct Admitted {
    ClientRequest request;
    RouteAnswer route;
    std::vector<QByteArray> log;
};
[[nodiscard]] Admitted admit(const gateway::EndpointConfig &endpoint, const ValidatorState &state, json::Value claims,
                             const ClientRequest &request, const RouteAnswer &route);

} // namespace tokenlab::twin
