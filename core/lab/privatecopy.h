// The gateway's file as a started gateway gets it: the same document, edited as little as it takes to reach the same hosts and files as
// the lab, on a private port. The edits are splices; the open document is never touched.
#pragma once

#include "core/gateway/config.h"
#include "core/lab/bindings.h"

#include <QString>
#include <QStringList>

#include <functional>

namespace tokenlab::lab {

// A loopback server that answers in a backend's place.
struct StandIn {
    std::size_t backend = 0; // of the asked endpoint
    QByteArray origin;
};

struct PrivateCopy {
    QByteArray text;
    QStringList files; // that it names and that are there: a container needs them mounted
    // What stands in it in place of what the document says, and back.
    std::vector<std::pair<QByteArray, QByteArray>> replaced; // ours, the document's
    // The gateway's words as they would be without our replacements.
    [[nodiscard]] QByteArray restored(QByteArray text) const;
};

// serveFile: the URL under which a file is served, for a jwk_url that is bound to one.
[[nodiscard]] PrivateCopy privateCopy(const QByteArray &document, const gateway::ServiceConfig &service, std::size_t endpoint,
                                      const Bindings &bindings, const std::vector<StandIn> &standIns, const QString &workingDirectory,
                                      const std::function<QByteArray(const QByteArray &path)> &serveFile);

// Listens on 127.0.0.1 and this port alone, and logs as a gateway without telemetry/logging does: everything, to its output.
[[nodiscard]] QByteArray withPort(const QByteArray &document, quint16 port);

} // namespace tokenlab::lab
