// From one backend's reply to the data that is merged (specification §4.2–§4.4).
#pragma once

#include "core/twin/outcome.h"

namespace tokenlab::twin {

// The gateway's proxy.Response, or the error beside it.
struct BackendData {
    json::Document data; // a map, possibly a nil one
    bool complete = false;
    int status = 0;                            // of the metadata; 0: none
    const http::HeaderList *headers = nullptr; // of the metadata: a no-op backend's
    QByteArray error;                          // the gateway's words; the rest is then without meaning
    QByteArray rule;                           // what decided, for the trace
    bool failed = false;
    bool notSimulated = false; // an encoding that is not played
    bool ownLimit = false;     // our limit, not the gateway's: what it would say is unknown
    bool details = false;      // return_error_details took over
};

[[nodiscard]] BackendData backendData(const gateway::BackendConfig &backend, const BackendExchange &exchange);

// The reply's body by the backend's encoding.
[[nodiscard]] BackendData decodeBody(const gateway::BackendConfig &backend, const http::Reply &reply);

// target, allow or deny, mapping, group. True when several mappings run into one another, so that the gateway's random order shows.
[[nodiscard]] json::Document format(const gateway::BackendConfig &backend, const json::Document &data);
[[nodiscard]] bool mappingOrderMatters(const gateway::BackendConfig &backend, json::Value data);

[[nodiscard]] bool isNoOp(const gateway::BackendConfig &backend);

// `Post "http://h/x": …` as the proxy reports it.
[[nodiscard]] QByteArray transportErrorText(const http::TransportError &error, const QByteArray &method);

} // namespace tokenlab::twin
