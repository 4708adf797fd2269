// Plays the backends and the key hosts of a layout on loopback.
#pragma once

#include "core/playground/server.h"
#include "tests/support/gatewaycases.h"

#include <memory>

namespace tokenlab::testsupport {

class CaseServer
{
public:
    CaseServer();
    [[nodiscard]] bool listen();
    [[nodiscard]] QByteArray origin() const { return m_server.origin(); }
    [[nodiscard]] playground::Server &server() { return m_server; }
    // The layout is kept by the caller.
    void serve(const Layout *layout) { m_layout = layout; }

private:
    [[nodiscard]] playground::Script answer(const playground::ServerRequest &request) const;
    const Layout *m_layout = nullptr;
    playground::Server m_server;
};

// A reply as it goes out over a socket.
[[nodiscard]] playground::Script scriptOf(const CannedReply &reply);

} // namespace tokenlab::testsupport
