// The recorded cases of what the gateway sends to its backends (tests/data/forward-cases.json).
#pragma once

#include "core/gateway/config.h"
#include "core/twin/forward.h"

#include <QByteArrayList>
#include <QString>

#include <optional>
#include <vector>

namespace tokenlab::testsupport {

// As a backend sees it; headers sorted, those of the transport apart and without Host.
struct SeenRequest {
    QByteArray method, target, body;
    std::vector<http::Header> headers, transport;
};

struct ForwardCase {
    QByteArray name;
    QByteArray endpoint;         // JSON text with placeholders
    twin::ClientRequest request; // target with placeholders
    std::vector<SeenRequest> backends;
    int status = 0;
    QByteArray body, location;
};

[[nodiscard]] Result<std::vector<ForwardCase>, QByteArray> loadForwardCases(const QString &fileName);

// `{{endpoint}}` is `/fN`; `{{backend}}` the origin.
[[nodiscard]] QByteArray forwardPath(std::size_t index);
[[nodiscard]] QByteArray forwardConfiguration(const std::vector<ForwardCase> &cases, const QByteArray &origin);
[[nodiscard]] twin::ClientRequest forwardRequest(const ForwardCase &c, std::size_t index);

// What every backend of these cases answers, and the key set at `/jwk`.
[[nodiscard]] QByteArray forwardReplyBody();
[[nodiscard]] QByteArray forwardKeySet();

[[nodiscard]] SeenRequest seen(const QByteArray &method, const QByteArray &target, const http::HeaderList &headers, const QByteArray &body,
                               std::size_t index);
enum class Extent { Message, Wire }; // Wire: with the headers of the transport
[[nodiscard]] QByteArrayList differences(const SeenRequest &expected, const SeenRequest &actual, Extent extent);

} // namespace tokenlab::testsupport
