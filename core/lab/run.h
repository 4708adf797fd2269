// One run from request to outcome, shared by the window and the command line. Asynchronous over the event loop; never blocks it but for
// reading small local files.
#pragma once

#include "core/gateway/config.h"
#include "core/lab/bindings.h"
#include "core/problems/check.h"
#include "core/support/clock.h"
#include "core/twin/respond.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>

namespace tokenlab::lab {

struct RunLimits {
    std::chrono::milliseconds keyHostDeadline{5000}; // a silent key host would hang the gateway's start: after this we say so
    std::chrono::milliseconds dialTimeout{30000};    // the gateway's own, of its key client
    std::chrono::milliseconds handshakeTimeout{10000};
    qsizetype maxBody = qsizetype(64) * 1024 * 1024;
};

// The gateway's start for one endpoint: loads CA, key file, key set of its signer, and the files of its validator. Emits finished() once.
class GatewayStart : public QObject
{
    Q_OBJECT
public:
    GatewayStart(std::shared_ptr<const gateway::ServiceConfig> service, std::size_t endpoint, const Bindings &bindings,
                 const RunLimits &limits, QObject *parent = nullptr);
    ~GatewayStart() override;
    void start();
    void abort();
    // Before start(): the files of the top-level `tls` are left alone. They are the whole gateway's, and looked at once is enough.
    void skipListening();
    // From finished() on; not enabled where the endpoint has none.
    [[nodiscard]] const twin::ValidatorState &validator() const;
    // From finished() on: all that was seen on the way, so that no file is read and no key host asked for it again. Its signer knows
    // nothing of listening.
    [[nodiscard]] const problems::EndpointFacts &facts() const;

Q_SIGNALS:
    void finished(const tokenlab::twin::SignerState &state);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

struct RunInput {
    std::shared_ptr<const gateway::ServiceConfig> service;
    std::size_t endpoint = 0;
    twin::SignerState signer; // as loaded at the gateway's start
    double keyMs = -1;
    twin::ValidatorState validator; // likewise; simulate() takes the key set that a token needs from here, a Run downloads it
    twin::ClientRequest request;
    Bindings bindings;
    RunLimits limits;
};

// Lets the validator judge the request's token, asks the backends (parallel or sequential) and lets the twin answer. Emits finished() once;
// cancel() emits it with what was had, or not at all when destroyed.
class Run : public QObject
{
    Q_OBJECT
public:
    explicit Run(RunInput input, QObject *parent = nullptr);
    ~Run() override;
    void start();
    void cancel();

Q_SIGNALS:
    void finished(const tokenlab::twin::Outcome &outcome);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

// The bindings that act on this endpoint's key, CA, backends and client certificates.
[[nodiscard]] std::vector<std::pair<QByteArray, QByteArray>>
actingBindings(const gateway::ServiceConfig &service, const gateway::EndpointConfig &endpoint, const Bindings &bindings);

// Without backends: the same answer from given replies (simulate, edited payloads). Pure but for the clock handed in.
[[nodiscard]] twin::Outcome simulate(const RunInput &input, std::span<const http::Reply> replies, Instant now);
// The same where some of the backends failed: an error stands for the reply that did not come.
using GivenReply = Result<http::Reply, http::TransportError>;
[[nodiscard]] twin::Outcome simulate(const RunInput &input, std::span<const GivenReply> replies, Instant now);

} // namespace tokenlab::lab
