// One request of a client to a real gateway, byte for byte as given; and its answer as it came: no redirect is followed, nothing unpacked.
#pragma once

#include "core/net/exchange.h"
#include "core/support/url.h"
#include "core/twin/forward.h"

namespace tokenlab::lab {

// Starts from the event loop, emits finished() exactly once unless destroyed. Its connection is its own and `Connection: close` is sent
// along, so the gateway's end of it is the answer's end at the latest.
class ClientExchange : public QObject
{
    Q_OBJECT
public:
    // gateway: whom to dial, scheme, host and port. Of the policy `tls`, `timeout` (of the whole) and `maxBody` count.
    ClientExchange(const Url &gateway, const twin::ClientRequest &request, const net::ExchangePolicy &policy, QObject *parent = nullptr);
    ~ClientExchange() override;
    void start();

Q_SIGNALS:
    void finished(const tokenlab::net::ExchangeResult &result);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::lab
