// What a validator hands on with a token that passed: claims as headers and as parameters of url_pattern.
#include "core/twin/claims.h"
#include "core/twin/validator.h"

namespace tokenlab::twin {
namespace {

// The claim that an entry of propagate_claims means, with the object it stands in. Only `http…` names are not taken apart at their dots.
json::Value holderOf(json::Value claims, const QByteArray &path, QByteArray &name)
{
    name = path;
    return path.contains('.') && !path.startsWith("http") ? claimHolder(claims, path, name) : claims;
}

QByteArray listText(const std::vector<QByteArray> &texts)
{
    QByteArray out;
    for (const QByteArray &text : texts)
        out += (out.isEmpty() ? "" : " ") + text;
    return '[' + out + ']';
}

// As Go's client writes a value.
QByteArray headerValue(QByteArrayView text)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isBlank(text.back()))
        text.chop(1);
    return text.toByteArray();
}

void propagate(const ValidatorState &state, json::Value claims, Admitted &into)
{
    const gateway::ValidatorConfig &config = state.config;
    QByteArray warning;
    for (const std::vector<QByteArray> &entry : config.propagateClaims) {
        // Of several wrong entries only the last is told, and none where a good one follows.
        warning.clear();
        if (entry.size() != 2) {
            warning = "invalid number of claims to propagate: " + listText(entry);
            continue;
        }
        QByteArray name;
        const json::Value holder = holderOf(claims, entry[0], name);
        const QByteArray header = http::canonicalHeaderName(entry[1]);
        into.request.headers.remove(header);
        if (!config.propagateClaimsPreserveArray) {
            // A claim that is not there becomes an empty header.
            into.request.headers.append(header, headerValue(claimText(holder, name).value_or(QByteArray())));
            continue;
        }
        for (const QByteArray &line : claimLines(holder, name).value_or(std::vector<QByteArray>{QByteArray()}))
            into.request.headers.append(header, headerValue(line));
    }
    if (!warning.isEmpty())
        into.log.push_back("WARNING [ENDPOINT: " + state.route + "][PropagateHeaders] " + warning);
}

} // namespace

Admitted admit(const gateway::EndpointConfig &endpoint, const ValidatorState &state, json::Value claims, const ClientRequest &request,
               const RouteAnswer &route)
{
    Admitted out{request, route, {}};
    if (!state.enabled)
        return out;
    propagate(state, claims, out);
    for (const gateway::BackendConfig &backend : endpoint.backends) {
        for (const QByteArray &parameter : backend.urlParams) {
            if (!parameter.startsWith("JWT."))
                continue;
            // What is missing stays in the URL as it is written.
            if (const auto value = claimText(claims, parameter.sliced(4)))
                out.route.params.emplace_back(parameter, *value);
        }
    }
    return out;
}

} // namespace tokenlab::twin
