// Several backends' data as one, and the static data (specification §4.5).
#pragma once

#include "core/twin/backenddata.h"

namespace tokenlab::twin {

struct Merged {
    json::Document data; // a map, possibly a nil one; absent root: none at all
    bool hasData = false;
    bool complete = false;
    int status = 0;
    const http::HeaderList *headers = nullptr;
    bool failed = false;
    QByteArray error;                // every error in order, a line each
    std::vector<QByteArray> clashes; // top-level members that several backends deliver
};

// parts: those that were asked, in order.
[[nodiscard]] Merged merge(const gateway::EndpointConfig &endpoint, std::vector<BackendData> parts);
void addStaticData(const gateway::EndpointConfig &endpoint, Merged &merged);
[[nodiscard]] bool staticDataActs(const gateway::EndpointConfig::StaticData &data, const Merged &merged);

} // namespace tokenlab::twin
