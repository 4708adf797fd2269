// What is to be seen in a hop of an exchange that is over: the chain as sent and as verified by the gateway's rules, and the pins that it
// meets. Specification §3.2, §3.3.
#pragma once

#include "core/crypto/certificateinfo.h"
#include "core/crypto/peerverify.h"
#include "core/net/exchange.h"

#include <optional>
#include <vector>

namespace tokenlab::net {

struct SeenCertificate {
    QByteArray der;
    crypto::CertificateInfo info;
    bool sent = false, verified = false; // verified: on the path from the peer's certificate to a trusted root
    int pin = -1;                        // which of the policy's pins it meets
    // Taken as the only root, it would make this peer trusted: the one that "trust this CA" takes.
    bool vouches = false;
};

struct SeenHop {
    HopReport report;
    bool secure = false; // https
    // Those that were sent in their order, then those of the verified path that were not sent. Bytes that are no certificate are left out.
    std::vector<SeenCertificate> certificates;
    // By the gateway's rules, whether the policy asks for it or not; nothing where no chain was seen.
    std::optional<Result<crypto::VerifiedPeer, crypto::PeerError>> trust;
    bool pinMet = false;
};

[[nodiscard]] std::vector<SeenHop> seenHops(const std::vector<HopReport> &hops, const TlsPolicy &policy, Instant now);

} // namespace tokenlab::net
