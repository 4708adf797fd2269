// The validator's side of a run: what its files say at the gateway's start, and the key set that a request's token makes it download.
#pragma once

#include "core/lab/keydownload.h"

namespace tokenlab::lab {

// Reads the files it names; never asks a key host.
[[nodiscard]] twin::ValidatorState validatorAtStart(const gateway::EndpointConfig &endpoint, const Bindings &bindings);

// Downloads what the request's token needs, if anything, and hands the state back with it. Emits finished() once.
class ValidatorKeys : public QObject
{
    Q_OBJECT
public:
    ValidatorKeys(const twin::ValidatorState &state, const twin::ClientRequest &request, const Bindings &bindings, const RunLimits &limits,
                  QObject *parent = nullptr);
    void start();
    void abort();

Q_SIGNALS:
    void finished(const tokenlab::twin::ValidatorState &state);

private:
    twin::ValidatorState m_state;
    twin::ClientRequest m_request;
    Bindings m_bindings;
    RunLimits m_limits;
    QPointer<KeyDownload> m_download;
};

} // namespace tokenlab::lab
