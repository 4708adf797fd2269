#include "app/cli/target.h"

#include "core/gateway/routes.h"
#include "core/text/text.h"
#include "core/twin/query.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenlab::cli {

namespace {

struct Targets {
    Q_DECLARE_TR_FUNCTIONS(Targets)
};

QString endpointNames(const gateway::ServiceConfig &service)
{
    QStringList names;
    for (const gateway::EndpointConfig &endpoint : service.endpoints) {
        if (names.size() == 8) {
            names.append(QStringLiteral("…"));
            break;
        }
        names.append(text::inert(endpoint.method + ' ' + endpoint.path));
    }
    return names.join(QLatin1String(", "));
}

std::optional<std::size_t> endpointFor(const gateway::ServiceConfig &service, const QByteArray &path, const QByteArray &method)
{
    const gateway::EndpointConfig *endpoint = gateway::findEndpoint(service, path, method);
    if (!endpoint) {
        if (const auto target = twin::parseTarget(path)) // as it stands in a request line
            endpoint = gateway::findEndpoint(service, target->path, method);
    }
    return endpoint ? std::optional(std::size_t(endpoint - service.endpoints.data())) : std::nullopt;
}

std::optional<QByteArray> nearestPath(const gateway::ServiceConfig &service, const QByteArray &path)
{
    std::vector<QByteArray> paths;
    for (const gateway::EndpointConfig &candidate : service.endpoints)
        paths.push_back(candidate.path);
    return text::nearestName(path.left(path.indexOf('?') < 0 ? path.size() : path.indexOf('?')), paths);
}

QString noSuchEndpoint(const Configuration &configuration, const QByteArray &path, const QByteArray &method)
{
    const gateway::ServiceConfig &service = *configuration.service;
    if (service.endpoints.empty())
        return Targets::tr("%1 has no endpoints").arg(configuration.name);
    const bool ofAnother = !method.isEmpty() && endpointFor(service, path, {});
    const QString what = text::inert(ofAnother ? (path.isEmpty() ? method : method + ' ' + path) : path);
    const auto nearest = ofAnother ? std::nullopt : nearestPath(service, path);
    return nearest ? Targets::tr("%1 has no endpoint %2, did you mean %3?").arg(configuration.name, what, text::inert(*nearest))
                   : Targets::tr("%1 has no endpoint %2; it has %3").arg(configuration.name, what, endpointNames(service));
}

// The endpoint and the method of a request that the router sends on to another spelling of the path; none: it does not.
struct Redirected {
    std::size_t endpoint = 0;
    QByteArray method, location;
};
std::optional<Redirected> redirected(const gateway::ServiceConfig &service, const QByteArray &target, const QByteArray &method)
{
    std::vector<QByteArray> methods{method};
    if (method.isEmpty()) {
        methods.clear();
        for (const gateway::EndpointConfig &endpoint : service.endpoints)
            if (std::find(methods.begin(), methods.end(), endpoint.method) == methods.end())
                methods.push_back(endpoint.method);
    }
    for (const QByteArray &one : methods) {
        twin::ClientRequest request;
        request.method = one;
        request.target = target;
        const twin::RouteAnswer answer = twin::matchRoute(service, service.endpoints.front(), request);
        const auto goal = answer.location.isEmpty() ? std::nullopt : twin::parseTarget(answer.location);
        const gateway::EndpointConfig *taking = goal ? gateway::endpointTaking(service, one, goal->path) : nullptr;
        if (taking)
            return Redirected{std::size_t(taking - service.endpoints.data()), one, answer.location};
    }
    return std::nullopt;
}

} // namespace

std::optional<std::size_t> chooseEndpoint(const Configuration &configuration, const QByteArray &path, const QByteArray &method,
                                          Session &session)
{
    if (const auto found = endpointFor(*configuration.service, path, method))
        return found;
    session.fail(Unusable, noSuchEndpoint(configuration, path, method));
    return std::nullopt;
}

std::optional<Target> chooseTarget(const Configuration &configuration, const RequestOptions &options, Refusal refusal, Session &session)
{
    const gateway::ServiceConfig &service = *configuration.service;
    const QByteArray method = options.method.toUpper();
    Target target;
    if (const auto found = endpointFor(service, options.endpoint, method)) {
        target.endpoint = *found;
        return target;
    }
    if (refusal == Refusal::OneEndpoint || service.endpoints.empty() || options.endpoint.contains('{')) {
        session.fail(Unusable, noSuchEndpoint(configuration, options.endpoint, method));
        return std::nullopt;
    }
    if (const auto found = method.isEmpty() ? std::nullopt : endpointFor(service, options.endpoint, {})) {
        target.endpoint = *found;
        return target;
    }
    const QByteArray path = options.endpoint.startsWith('/') ? options.endpoint : '/' + options.endpoint;
    if (const auto on = redirected(service, path, method)) {
        target.endpoint = on->endpoint;
        target.method = on->method;
        session.remark(Targets::tr("%1 has no endpoint %2; the gateway sends such a client on to %3, did you mean %4?")
                           .arg(configuration.name, text::inert(options.endpoint), text::inert(on->location),
                                text::inert(service.endpoints[on->endpoint].path)));
        return target;
    }
    const QString sentence = noSuchEndpoint(configuration, options.endpoint, method);
    if (refusal == Refusal::AsError) { // two gateways that answer 404 would be equal, whatever was meant
        session.fail(Unusable, sentence);
        return std::nullopt;
    }
    session.remark(sentence);
    target.unmatched = true;
    const auto nearest = nearestPath(service, options.endpoint);
    if (const auto found = nearest ? endpointFor(service, *nearest, {}) : std::nullopt)
        target.endpoint = *found;
    target.method = !method.isEmpty() ? method : nearest ? service.endpoints[target.endpoint].method : options.data ? "POST" : "GET";
    return target;
}

} // namespace tokenlab::cli
