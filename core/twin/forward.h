// What the gateway sends to each backend (specification §13, §1.3; vectors/forward-cases.json) and what it drops on the way. Pure.
#pragma once

#include "core/gateway/config.h"
#include "core/http/message.h"
#include "core/json/value.h"

#include <span>

namespace tokenlab::twin {

struct ClientRequest {
    QByteArray method = "POST";
    QByteArray target; // path and query as on the request line
    http::HeaderList headers;
    QByteArray body;
    QByteArray remoteAddress = "127.0.0.1";
    QByteArray host = "localhost:8080"; // the Host header: X-Forwarded-Host
    bool hostGiven = false;             // by the client itself, whichever gateway it asks
};

struct Dropped {
    enum Kind { Header, Query, Cookie };
    Kind kind = Header;
    QByteArray name, value;
    QByteArray fix; // the member that would forward it: `input_headers`, `input_query_strings`
};

struct BackendRequest {
    http::Request request;
    std::vector<Dropped> dropped;
    QByteArray error;              // no hosts available, …: nothing is sent
    std::vector<QByteArray> notes; // what the gateway would choose at random
};

// Does the request meet the endpoint at all? 404, 405, 301/307, 400 (encoded url params) are answered by the router before any backend.
struct RouteAnswer {
    int status = 0; // 0: the endpoint handles it
    QByteArray contentType, body, location;
    std::vector<std::pair<QByteArray, QByteArray>> params; // name (lower case first letter as in the file), value
    http::HeaderList headers;                              // of the router's own answer, beside Content-Type and Location
    QByteArray clientAddress;                              // whom the router takes for the client; empty: not asked
    QByteArray takenBy;                                    // `GET /token/me`: another endpoint of the file handles this request
};
[[nodiscard]] RouteAnswer matchRoute(const gateway::ServiceConfig &service, const gateway::EndpointConfig &endpoint,
                                     const ClientRequest &request);

// previous: results of earlier backends when sequential (parameters resp0_…); empty otherwise.
[[nodiscard]] BackendRequest forward(const gateway::EndpointConfig &endpoint, std::size_t backend, const ClientRequest &request,
                                     const RouteAnswer &route, std::span<const json::Value> previous = {});

} // namespace tokenlab::twin
