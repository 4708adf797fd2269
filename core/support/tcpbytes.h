// What the system knows of a TCP connection and Qt does not tell.
#pragma once

#include <QtGlobal>

namespace tokenlab {

// Bytes that the peer sent on this socket so far, read or not; 0 where the system does not tell.
[[nodiscard]] quint64 tcpBytesReceived(qintptr socket);

} // namespace tokenlab
