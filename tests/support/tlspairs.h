// Pairs of a server and a signer's configuration (specification §3), what the gateway says of each is in tests/data/tls-asked.json, by
// name.
#pragma once

#include "tests/support/tlsworld.h"

namespace tokenlab::testsupport {

struct TlsPair {
    QByteArray name;
    TlsHost host;
    QByteArray members;            // of the signer or of client_tls
    QByteArray url = "ORIGIN/jwk"; // ORIGIN, PORT: of the first server
    std::optional<TlsHost> other = {};
    bool backend = false;     // `members` are the configuration's own, and the server is a backend
    QByteArray labError = {}; // what the lab says where it cannot play it: core/net/exchange.h lists why
};

[[nodiscard]] std::vector<TlsPair> trustPairs(const TlsIdentities &ids);
[[nodiscard]] std::vector<TlsPair> certificatePairs(const TlsIdentities &ids);
[[nodiscard]] std::vector<TlsPair> pinPairs(const TlsIdentities &ids);
[[nodiscard]] std::vector<TlsPair> handshakePairs(const TlsIdentities &ids);
[[nodiscard]] std::vector<TlsPair> answerPairs(const TlsIdentities &ids);
[[nodiscard]] std::vector<TlsPair> backendPairs(const TlsIdentities &ids);

} // namespace tokenlab::testsupport
