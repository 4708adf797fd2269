// What came instead of a server's hello, in the gateway's words (Go's crypto/tls reads records by itself; OpenSSL says less of them).
#pragma once

#include <QByteArray>

#include <optional>

namespace tokenlab::net {

struct FirstRecord {
    enum State { NeedsMore, InOrder, FatalAlert, Wrong };
    State state = NeedsMore;
    QByteArray text = {}; // of FatalAlert and Wrong
};

// `ended`: nothing more will come.
[[nodiscard]] FirstRecord readFirstRecord(QByteArrayView bytes, bool ended);

// `tls: handshake failure`, as the gateway names an alert of the peer.
[[nodiscard]] QByteArray alertWords(int number);

// A hello to ask with: of TLS 1.2 and 1.3, with the suites that the gateway offers.
[[nodiscard]] QByteArray clientHello();

} // namespace tokenlab::net
