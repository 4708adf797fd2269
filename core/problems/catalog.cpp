// Every kind of problem there is. Codes are stable: scripts and people name them.
#include "core/problems/ruletools.h"

#include <algorithm>
#include <array>

namespace tokenlab::problems {

namespace {

constexpr auto error = Severity::Error;
constexpr auto warning = Severity::Warning;
constexpr auto hint = Severity::Hint;

constexpr std::array own{
    // The gateway does not start at all.
    Code{"config-json", error, true, "§1.2"},
    Code{"config-format", hint, true, "§1.2"},
    Code{"config-type", error, true, "§1.2"},
    Code{"config-duration", error, true, "§1.2"},
    Code{"config-version", error, true, "§1.3"},
    Code{"config-null", error, true, "§1.2"},
    Code{"config-ip", error, true, "§1.3"},
    Code{"config-other", error, true, "§1.2"},
    Code{"host-invalid", error, true, "§1.3"},
    Code{"path-forbidden", error, true, "§1.3"},
    Code{"no-backend", error, true, "§1.3"},
    Code{"no-op-several", error, true, "§1.3"},
    Code{"url-parameters", error, true, "§1.3"},
    Code{"log-not-bool", error, true, "§12"},
    Code{"route-twice", error, true, "§9"},
    Code{"route-conflict", error, true, "§9"},
    Code{"method-unsupported", error, true, "§1.3"},
    Code{"port-invalid", error, true, "§1.3"},
    Code{"server-tls", error, false, "§13"},
    Code{"client-tls-file", warning, false, "§13"},
    Code{"krakend-check", warning, false, "§9"},
    // Members of auth/signer.
    Code{"signer-type", error, true, "§1.5.1"},
    Code{"cypher-key-base64", error, true, "§1.5.1"},
    Code{"url-insecure", error, true, "§1.5.2"},
    Code{"local-flag-missing", error, true, "§1.5.2"},
    Code{"flag-false-local", error, true, "§1.5.2"},
    Code{"flag-over-https", warning, true, "§3.2"},
    Code{"url-plain", warning, true, "§3"},
    Code{"url-missing", error, true, "§2.1"},
    Code{"url-invalid", error, true, "§2.3"},
    Code{"url-own-gateway", error, true, "§2.3"},
    Code{"url-unused", hint, true, "§2.1"},
    Code{"alg-missing", error, true, "§6.2"},
    Code{"alg-unknown", error, true, "§6.2"},
    Code{"alg-case", error, true, "§6.2"},
    Code{"kid-empty", hint, true, "§2.1"},
    Code{"keys-to-sign-empty", error, true, "§1.4"},
    Code{"keys-to-sign-dotted", warning, true, "§4.6"},
    Code{"keys-to-sign-twice", warning, true, "§4.6"},
    Code{"typ-schema", hint, true, "§1.4"},
    Code{"signer-ignored", warning, true, "§1.4"},
    Code{"signer-typo", warning, true, "§1.4"},
    Code{"signer-case", hint, true, "§1.4"},
    Code{"signer-case-unused", warning, true, "§1.4"},
    Code{"cypher-without-keeper", warning, true, "§10"},
    Code{"keeper-unused", hint, true, "§10"},
    // What the keys say.
    Code{"key-file-unreadable", error, false, "§1.5.5"},
    Code{"key-file-short", error, false, "§10"},
    Code{"keeper-url", error, false, "§10"},
    Code{"keeper-elsewhere", hint, true, "§10"},
    Code{"key-file-locked", error, false, "§10"},
    Code{"key-set-invalid", error, false, "§2.2"},
    Code{"key-element-bad", error, false, "§2.2"},
    Code{"key-set-empty", error, false, "§2.2"},
    Code{"kid-not-in-file", error, false, "§2.1"},
    Code{"kid-crash", error, false, "§2.1"},
    Code{"kid-absent", error, false, "§2.1"},
    Code{"kid-twice", warning, false, "§2.1"},
    Code{"key-public", error, false, "§6.2"},
    Code{"key-algorithm", error, false, "§6.2"},
    Code{"key-curve", error, false, "§6.2"},
    Code{"rsa-refused", error, false, "§6.2"},
    Code{"rsa-too-short", error, false, "§6.2"},
    Code{"rsa-weak", warning, false, "§6.2"},
    Code{"hmac-empty", error, false, "§2.2"},
    Code{"hmac-weak", warning, false, "§2.2"},
    Code{"key-says-other", hint, false, "§2.2"},
    Code{"key-type-header", error, false, "§2.3"},
    Code{"key-set-large", warning, false, "§2.3"},
    Code{"key-redirect-http", warning, false, "§2.3"},
    Code{"key-status", warning, false, "§2.3"},
    Code{"key-download", error, false, "§2.3"},
    Code{"key-host-silent", error, false, "§2.3"},
    Code{"key-host-unseen", warning, false, "§2.3"},
    // TLS of the key host.
    Code{"pin-undecodable", error, true, "§3.3"},
    Code{"pin-length", warning, true, "§3.3"},
    Code{"pin-mismatch", error, false, "§3.3"},
    Code{"pin-of-certificate", error, false, "§3.3"},
    Code{"pin-stray", warning, false, "§3.3"},
    Code{"pin-ignored", warning, true, "§3.3"},
    Code{"ca-unreadable", error, false, "§1.5.4"},
    Code{"ca-der", warning, false, "§3.2"},
    Code{"ca-empty", warning, false, "§3.2"},
    Code{"ca-unused", hint, true, "§3.2"},
    Code{"key-host-untrusted", error, false, "§3.2"},
    Code{"suite-unknown", warning, true, "§3.1"},
    Code{"suite-tls13", warning, true, "§3.1"},
    Code{"suite-legacy", warning, true, "§3.1"},
    Code{"suite-none-tls12", warning, true, "§3.1"},
};

const std::vector<Code> &all()
{
    static const std::vector<Code> codes = [] {
        std::vector<Code> out(own.begin(), own.end());
        const std::span<const Code> more = ruleCodes();
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }();
    return codes;
}

} // namespace

std::span<const Code> catalog()
{
    return all();
}

const Code *findCode(std::string_view id)
{
    const auto found = std::find_if(all().begin(), all().end(), [&](const Code &code) { return code.id == id; });
    return found == all().end() ? nullptr : &*found;
}

} // namespace tokenlab::problems
