#include "core/net/closewitness.h"

#include "core/support/tcpbytes.h"

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace tokenlab::net {

#ifdef Q_OS_UNIX

void CloseWitness::watch(qintptr descriptor)
{
    drop();
    if (descriptor >= 0)
        m_socket = ::fcntl(int(descriptor), F_DUPFD_CLOEXEC, 0);
}

void CloseWitness::drop()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

// After a close the peer is still known, after a reset there is none.
bool CloseWitness::wasReset() const
{
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    return m_socket >= 0 && ::getpeername(m_socket, reinterpret_cast<sockaddr *>(&address), &size) != 0 && errno == ENOTCONN;
}

quint64 CloseWitness::bytesReceived() const
{
    return m_socket >= 0 ? tcpBytesReceived(m_socket) : 0;
}

#else

quint64 CloseWitness::bytesReceived() const
{
    return 0;
}
void CloseWitness::watch(qintptr) {}
void CloseWitness::drop() {}
bool CloseWitness::wasReset() const
{
    return false;
}

#endif

} // namespace tokenlab::net
