#include "core/problems/ruletools.h"

#include <array>

namespace tokenlab::problems {

namespace {

constexpr Severity E = Severity::Error, W = Severity::Warning, H = Severity::Hint;

constexpr std::array codes{
    // What an endpoint that signs loses, its backends, its names.
    Code{"cache-ttl-lost", W, true, "§4.1"},
    Code{"output-encoding-lost", W, true, "§4.1"},
    Code{"rate-limit-lost", W, true, "§4.1"},
    Code{"lua-endpoint-lost", W, true, "§4.1"},
    Code{"completed-header-lost", H, true, "§4.1"},
    Code{"error-message-lost", H, true, "§4.1"},
    Code{"partial-refused", H, true, "§4.5"},
    Code{"failed-login-400", H, true, "§4.2"},
    Code{"error-code-lost", W, true, "§4.2"},
    Code{"error-details-no-name", W, true, "§4.2"},
    Code{"created-becomes-ok", H, false, "§7.1"},
    Code{"chunked-body", W, false, "§13"},
    Code{"query-dropped", H, false, "§13"},
    Code{"header-dropped", H, false, "§13"},
    Code{"no-op-unsigned", E, true, "§7.4"},
    Code{"no-host", E, true, "§1.3"},
    Code{"host-without-scheme", E, true, "§1.3"},
    Code{"host-scheme-assumed", H, true, "§1.3"},
    Code{"encoding-as-json", H, true, "§1.3"},
    Code{"sd-unknown", W, true, "§1.3"},
    Code{"url-pattern-no-slash", H, true, "§1.3"},
    Code{"url-pattern-missing", W, true, "§1.3"},
    Code{"parallel-share-body", E, true, "§4.5"},
    Code{"backend-twice", W, true, "§4.5"},
    Code{"backends-same-member", W, true, "§4.5"},
    Code{"timeout-negative", E, true, "§1.3"},
    Code{"concurrent-login", W, true, "§1.3"},
    Code{"member-twice", W, true, "§1.2"},
    Code{"text-not-utf8", H, true, "§1.2"},
    Code{"member-case", H, true, "§1.2"},
    Code{"member-case-unused", W, true, "§1.2"},
    Code{"legacy-member", W, true, "§1.2"},
    Code{"unknown-member", W, true, "§1.2"},
    Code{"unknown-component", W, true, "§1.1"},
    Code{"component-level", W, true, "§1.1"},
    // The last payload.
    Code{"key-misspelt", E, false, "§4.6"},
    Code{"key-missing", W, false, "§4.6"},
    Code{"key-not-an-object", W, false, "§4.6"},
    Code{"claim-not-text", E, false, "§8.7"},
    Code{"aud-type", E, false, "§8.7"},
    Code{"time-not-number", E, false, "§8.7"},
    Code{"time-milliseconds", W, false, "§8.9"},
    Code{"time-in-future", W, false, "§8.9"},
    Code{"exp-missing", W, false, "§8.9"},
    Code{"exp-past", W, false, "§8.9"},
    // Validators.
    Code{"validator-fatal", E, false, "§8.1"},
    Code{"validator-crash", E, true, "§8.1"},
    Code{"validator-off", W, true, "§8.1"},
    Code{"validator-keys", W, false, "§8.5"},
    Code{"validator-keys-silent", W, false, "§8.5"},
    Code{"validator-typo", W, true, "§8.1"},
    Code{"leeway-one-second", W, true, "§8.9"},
    Code{"scopes-without-key", W, true, "§8.12"},
    Code{"scopes-key-unused", H, true, "§8.12"},
    Code{"roles-key-flat", W, true, "§8.11"},
    Code{"roles-key-url", H, true, "§8.11"},
    Code{"strategy-x5t", W, true, "§8.5"},
    Code{"login-needs-token", H, true, "§13"},
    Code{"fit-algorithm", W, true, "§8.4"},
    Code{"fit-private-set", W, true, "§8.6"},
    Code{"fit-other-set", H, true, "§8.5"},
    Code{"fit-kid-missing", W, false, "§8.5"},
    Code{"fit-private-key", W, false, "§8.6"},
    Code{"fit-key-differs", W, false, "§8.6"},
    Code{"fit-issuer", W, false, "§8.8"},
    Code{"fit-audience", W, false, "§8.8"},
    // The official schema.
    Code{"schema", W, true, "§9"},
    Code{"schema-unjudged", H, true, "§9"},
    // Secrets.
    Code{"secret-in-url", W, true, "§2.3"},
    Code{"secret-key-inline", W, true, "§2.2"},
    Code{"secret-member", W, true, "§4.5"},
    Code{"secret-keeper-inline", W, true, "§10"},
    // Releases and editions.
    Code{"schema-other-release", H, true, "§0"},
    Code{"version-odd", H, true, "§1.2"},
    Code{"legacy-namespace", H, true, "§1.1"},
    Code{"both-namespaces", W, true, "§1.1"},
    Code{"signer-level", E, true, "§1.1"},
    Code{"enterprise-only", H, true, "§1.1"},
};

} // namespace

std::span<const Code> ruleCodes()
{
    return codes;
}

} // namespace tokenlab::problems
