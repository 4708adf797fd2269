// A look at a key host or a backend as the gateway's client meets it: each hop with its times, the chain as sent and as verified, the pins,
// and what the gateway would make of it. For the Connection page and `pins`. Specification §2.3, §3, §13.
#pragma once

#include "core/lab/bindings.h"
#include "core/lab/run.h"
#include "core/net/seenhop.h"

#include <QObject>
#include <QPointer>

#include <memory>
#include <optional>
#include <variant>

namespace tokenlab::lab {

// What is asked, and with which policy.
struct ProbeTarget {
    QByteArray url; // as in the document
    http::Request request;
    net::ExchangePolicy policy;
    std::optional<Binding> binding; // the one that acted
    // A key host of the document: what the gateway's start makes of the answer is said too.
    std::shared_ptr<const gateway::ServiceConfig> service;
    std::size_t endpoint = 0;
    twin::Supplies supplies;
};

struct Probed {
    std::vector<net::SeenHop> hops;
    Result<http::Reply, http::TransportError> reply = fail(http::TransportError{http::TransportError::Cancelled, {}, {}});
    double durationMs = 0;
    bool hangs = false;                      // the key host stayed silent past our deadline, and the gateway would go on waiting
    std::optional<twin::SignerState> signer; // key hosts of the document: with the words of a failed start
    QByteArray gatewayText; // why there is no answer, as the gateway words it (`Get "https://…": …`); "" where there is one
};

class Probe : public QObject
{
    Q_OBJECT
public:
    explicit Probe(ProbeTarget target, QObject *parent = nullptr);
    ~Probe() override;
    void start(); // finished() comes once, from the event loop
    void abort(); // and then it does not come

Q_SIGNALS:
    void finished(const tokenlab::lab::Probed &probed);

private:
    ProbeTarget m_target;
    QPointer<net::Exchange> m_exchange;
};

// Where the gateway does not come to ask: its signer's error before that, or a key that lies in a file (then `error` is empty).
struct NoKeyHost {
    std::optional<twin::StartError> error;
    std::optional<QByteArray> boundToFile; // jwk_url is bound to this file
};
// The key host of an endpoint's signer, with its CA file read and its pins decoded.
[[nodiscard]] Result<ProbeTarget, NoKeyHost> keyHostTarget(std::shared_ptr<const gateway::ServiceConfig> service, std::size_t endpoint,
                                                           const Bindings &bindings, const RunLimits &limits);
// A backend's host with the document's client_tls: GET of its root, which answers to whatever it likes.
[[nodiscard]] ProbeTarget backendTarget(const gateway::ServiceConfig &service, const QByteArray &host, const Bindings &bindings,
                                        const RunLimits &limits);
// A URL alone, with the key client's settings.
struct UrlTrust {
    std::vector<QByteArray> extraRoots; // PEM
    std::vector<QByteArray> pins;       // decoded
    bool verify = true;
};
[[nodiscard]] ProbeTarget urlTarget(const QByteArray &url, const UrlTrust &trust, const RunLimits &limits);

} // namespace tokenlab::lab
