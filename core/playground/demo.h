// The demo backend of the manual's example: login, refresh and key endpoints on loopback, and the demo configuration bound to it.
#pragma once

#include "core/playground/server.h"
#include "core/support/clock.h"

namespace tokenlab::playground {

class DemoBackend : public QObject
{
    Q_OBJECT
public:
    explicit DemoBackend(std::function<Instant()> clock, QObject *parent = nullptr);
    ~DemoBackend() override;
    // The preferred port, else any free one (orAnyFree).
    [[nodiscard]] Result<quint16, Server::ListenError> start(quint16 port = 8400, bool orAnyFree = true);
    [[nodiscard]] QByteArray origin() const;

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

[[nodiscard]] QByteArray demoConfiguration(); // resources: the manual's example as a whole krakend.json, manual host names
// FROM of each binding: the manual's hosts; TO is the origin.
[[nodiscard]] std::vector<std::pair<QByteArray, QByteArray>> demoBindings(const QByteArray &origin);
[[nodiscard]] QByteArray demoRequestBody();

} // namespace tokenlab::playground
