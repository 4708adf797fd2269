#include "core/support/tcpbytes.h"

#ifdef Q_OS_LINUX
#include <cstddef>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace tokenlab {

quint64 tcpBytesReceived(qintptr socket)
{
#ifdef Q_OS_LINUX
    tcp_info info{};
    socklen_t size = sizeof info;
    // An older system tells less of it.
    if (::getsockopt(int(socket), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
        size >= offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
        return info.tcpi_bytes_received;
#else
    (void)socket;
#endif
    return 0;
}

} // namespace tokenlab
