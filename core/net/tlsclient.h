// A TLS policy as Qt's configuration, and what became of a handshake in the gateway's words. Specification §3.
#pragma once

#include "core/net/exchange.h"

#include <QSslConfiguration>

#include <optional>

namespace tokenlab::net {

[[nodiscard]] QSslConfiguration clientConfiguration(const TlsPolicy &policy);

// Verification and pins for the chain as sent; nothing if all is well. To be called before any byte of the request goes out.
[[nodiscard]] std::optional<http::TransportError> peerTrouble(const QList<QSslCertificate> &sent, const TlsPolicy &policy,
                                                              const QByteArray &host, bool checkPins);

// What a failed handshake's error text means.
[[nodiscard]] http::TransportError handshakeError(const QString &errorString, const TlsPolicy &policy);
// Of such an error: OpenSSL did not tell what came, and the gateway would.
[[nodiscard]] bool isUncertain(const http::TransportError &error);

} // namespace tokenlab::net
