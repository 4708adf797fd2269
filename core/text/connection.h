// What was met on the way to a host, in words: for the Connection page and `pins`. Specification §3, §13.
#pragma once

#include "core/net/seenhop.h"

#include <QString>

#include <optional>
#include <vector>

namespace tokenlab::text {

struct ConnectionStep {
    enum Kind { Lookup, Connect, Handshake, Trust, Pins, Answer };
    enum State { Done, Failed, Attention, NotReached };
    Kind kind = Lookup;
    State state = NotReached;
    QString title; // `TLS handshake`
    QString text;  // what came of it; for a failed one the gateway's words
    double ms = -1;
};

// Which of the gateway's clients it is: their settings have other names.
enum class GatewayClient { KeyHost, Backend, Alone };

// The steps of one hop that apply to it (http has no TLS). error: of the whole exchange, for its last hop.
[[nodiscard]] std::vector<ConnectionStep> connectionSteps(const net::SeenHop &hop, const net::TlsPolicy &policy,
                                                          const std::optional<http::TransportError> &error);

// What to change, most fitting first. `certificate` is the one of hop.certificates that the action takes.
struct ConnectionRemedy {
    enum Action { Words, TrustCertificate, UsePin };
    Action action = Words;
    int certificate = -1;
    QString text;
};
[[nodiscard]] std::vector<ConnectionRemedy> connectionRemedies(const net::SeenHop &hop, const net::TlsPolicy &policy,
                                                               const std::optional<http::TransportError> &error, GatewayClient client);

// `sent · verified`, `sent, not needed`, `not sent: the trusted root`
[[nodiscard]] QString certificateRole(const net::SeenCertificate &certificate);
[[nodiscard]] QString certificateValidity(const crypto::CertificateInfo &info, Instant now);
// What a pin with this policy makes the gateway do: `jwk_fingerprints` beside `disable_jwk_security`, over http and through proxies.
[[nodiscard]] QString pinMeaning(const net::SeenHop &hop, const net::TlsPolicy &policy);

} // namespace tokenlab::text
