#include "core/twin/tokenverdicts.h"

namespace tokenlab::twin {
namespace {

// `/a/{id}` with something in its place: the router's part does not matter here.
QByteArray targetOf(const QByteArray &path)
{
    QByteArray target = path;
    target.replace('{', "").replace('}', "");
    return target;
}

} // namespace

ClientRequest requestWithToken(const gateway::EndpointConfig &endpoint, const QByteArray &token)
{
    ClientRequest request;
    request.method = endpoint.method;
    request.target = targetOf(endpoint.path);
    const auto *config = endpoint.validator ? std::get_if<gateway::ValidatorConfig>(&*endpoint.validator) : nullptr;
    const bool ownHeader = config && !config->authHeaderName.isEmpty();
    request.headers.append(ownHeader ? config->authHeaderName : QByteArrayLiteral("Authorization"), "Bearer " + token);
    return request;
}

std::vector<EndpointVerdict> verdictsFor(const gateway::ServiceConfig &service, const std::map<std::size_t, ValidatorState> &states,
                                         const QByteArray &token, Instant now)
{
    std::vector<EndpointVerdict> out;
    for (std::size_t i = 0; i < service.endpoints.size(); ++i) {
        const gateway::EndpointConfig &endpoint = service.endpoints[i];
        if (!endpoint.validator)
            continue;
        EndpointVerdict &one = out.emplace_back();
        one.endpoint = i;
        one.method = endpoint.method;
        one.path = endpoint.path;
        one.pointer = endpoint.validatorPointer;
        const auto found = states.find(i);
        if (found == states.end()) {
            one.verdict.status = 0;
            one.verdict.decided = ValidatorRule::Unknown;
            one.verdict.incomplete = true;
            continue;
        }
        if (found->second.error && found->second.error->endsGateway())
            one.startError = found->second.error;
        one.verdict = validate(found->second, requestWithToken(endpoint, token), now);
    }
    return out;
}

} // namespace tokenlab::twin
