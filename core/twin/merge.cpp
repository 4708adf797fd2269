#include "core/twin/merge.h"

namespace tokenlab::twin {
namespace {

using json::Arena;
using json::Document;
using json::Member;
using json::Value;

// Members of `second` go over those of `first`; both are sorted.
Document overlay(const Document &first, const Document &second, std::vector<QByteArray> *clashes)
{
    auto arena = std::make_shared<Arena>();
    if (first.arena())
        arena->keep(first.arena());
    if (second.arena())
        arena->keep(second.arena());
    const auto a = first.root().members();
    const auto b = second.root().members();
    std::vector<Member> all;
    all.reserve(a.size() + b.size());
    std::size_t i = 0, k = 0;
    while (i < a.size() || k < b.size()) {
        if (k == b.size() || (i < a.size() && a[i].name < b[k].name)) {
            all.push_back(a[i++]);
        } else {
            if (i < a.size() && a[i].name == b[k].name) {
                if (clashes)
                    clashes->emplace_back(a[i].name.data(), qsizetype(a[i].name.size()));
                ++i;
            }
            all.push_back(b[k++]);
        }
    }
    const Value object = arena->object(all);
    return Document(std::move(arena), object);
}

Document emptyMap()
{
    auto arena = std::make_shared<Arena>();
    const Value value = arena->object({});
    return Document(std::move(arena), value);
}

} // namespace

Merged merge(const gateway::EndpointConfig &endpoint, std::vector<BackendData> parts)
{
    Merged out;
    std::size_t results = 0;
    bool stopped = false;
    for (std::size_t i = 0; i < parts.size() && !stopped; ++i) {
        BackendData &part = parts[i];
        if (part.failed) {
            out.error += (out.failed ? "\n" : "") + part.error;
            out.failed = true;
            out.complete = false;
            if (!out.hasData)
                out.status = part.status;
            stopped = endpoint.sequential;
            continue;
        }
        stopped = endpoint.sequential && parts.size() > 1 && !part.complete;
        if (++results == 1) {
            out.data = std::move(part.data);
            out.complete = part.complete && !out.failed;
            out.status = part.status;
            out.headers = part.headers;
            out.hasData = true;
            continue;
        }
        // A combination has no metadata; a nil map is dropped and makes it incomplete.
        out.status = 0;
        out.headers = nullptr;
        const bool firstNil = out.data.root().isNilMap();
        const bool secondNil = part.data.root().isNilMap();
        out.complete = out.complete && part.complete && !firstNil && !secondNil;
        if (firstNil)
            out.data = secondNil ? emptyMap() : std::move(part.data);
        else if (!secondNil)
            out.data = overlay(out.data, part.data, &out.clashes);
    }
    if (results < endpoint.backends.size())
        out.complete = false;
    return out;
}

bool staticDataActs(const gateway::EndpointConfig::StaticData &data, const Merged &merged)
{
    if (data.strategy == "success")
        return !merged.failed;
    if (data.strategy == "errored")
        return merged.failed;
    if (data.strategy == "complete")
        return !merged.failed && merged.hasData && merged.complete;
    if (data.strategy == "incomplete")
        return !merged.hasData || !merged.complete;
    return true;
}

void addStaticData(const gateway::EndpointConfig &endpoint, Merged &merged)
{
    if (!endpoint.staticData || !staticDataActs(*endpoint.staticData, merged))
        return;
    // Points into the service's document, which outlives one answer; the answer itself is bytes.
    const Document data(nullptr, endpoint.staticData->data);
    if (!merged.hasData || merged.data.root().isNilMap())
        merged.data = data;
    else
        merged.data = overlay(merged.data, data, nullptr);
    merged.hasData = true;
}

} // namespace tokenlab::twin
