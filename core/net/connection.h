// One connection for one request: dialled by the gateway's rules, through a proxy where there is one, over TLS verified before the request
// goes out. Specification §2.3, §3.
#pragma once

#include "core/net/exchange.h"
#include "core/support/url.h"

class QHostInfo;

namespace tokenlab::net {

class Connection : public QObject
{
    Q_OBJECT
public:
    // What is asked and through what; of the policy `tls` and `stages` count.
    Connection(const Url &url, const std::optional<Url> &proxy, const ExchangePolicy &policy, QObject *parent = nullptr);
    ~Connection() override;

    void open();
    void write(const QByteArray &bytes);
    // What has come, at most so much; the peer waits while it is not read.
    [[nodiscard]] QByteArray read(qsizetype most);
    // What is known by now; of the answer nothing.
    [[nodiscard]] const HopReport &report() const;

Q_SIGNALS:
    void ready();                                             // the request may go out
    void failed(const tokenlab::http::TransportError &error); // before ready()
    void readable();
    // After ready(), once all has been read: `EOF` where the peer closed, else what broke the connection, in the gateway's words.
    void ended(const tokenlab::http::TransportError &why);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::net
