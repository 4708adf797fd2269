// Whether a connection was closed or reset by its peer: Qt gives the same error for both, the gateway does not.
#pragma once

#include <QtGlobal>

namespace tokenlab::net {

// Holds the socket a little longer than Qt, which has let go of it when it tells of the end.
class CloseWitness
{
public:
    CloseWitness() = default;
    ~CloseWitness() { drop(); }
    CloseWitness(const CloseWitness &) = delete;
    CloseWitness &operator=(const CloseWitness &) = delete;

    void watch(qintptr descriptor);
    void drop();                         // the connection is open to the peer until then
    [[nodiscard]] bool wasReset() const; // to be asked when the connection is over
    // What has come so far; 0 where the system does not tell.
    [[nodiscard]] quint64 bytesReceived() const;

private:
    int m_socket = -1;
};

} // namespace tokenlab::net
