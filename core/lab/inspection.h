// What stands behind every endpoint of a file, looked at as the gateway would at its start: for `check` and the Problems list. No request
// of a client is played.
#pragma once

#include "core/lab/bindings.h"
#include "core/lab/run.h"
#include "core/problems/check.h"

#include <QObject>

#include <memory>

namespace tokenlab::lab {

struct Inspected {
    std::vector<problems::EndpointFacts> endpoints; // as service->endpoints
    QByteArray listenError;
    std::vector<QByteArray> clientTlsNotes;
};

// The key sets of validators are asked for as well, although the gateway does so at a request only: each set once, and none again that a
// signer has just loaded.
// Endpoints are looked at side by side, a few at a time: a silent key host holds up none of the others. Emits finished() once, from the
// event loop; destroyed before that, it says nothing.
class Inspection : public QObject
{
    Q_OBJECT
public:
    Inspection(std::shared_ptr<const gateway::ServiceConfig> service, const Bindings &bindings, const RunLimits &limits,
               QObject *parent = nullptr);
    ~Inspection() override;
    // Only these endpoints are looked at; of the others nothing is known. Not called: all.
    void setEndpoints(const std::vector<std::size_t> &endpoints);
    void start();

Q_SIGNALS:
    void finished(const tokenlab::lab::Inspected &inspected);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::lab
