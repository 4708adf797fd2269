// The router's share of an answer: which endpoint takes a request, and what gin says when none does.
#include "core/gateway/routes.h"
#include "core/twin/clientaddress.h"
#include "core/twin/clienthead.h"
#include "core/twin/forward.h"
#include "core/twin/query.h"

#include <QByteArrayList>

#include <algorithm>
#include <optional>
#include <vector>

namespace tokenlab::twin {
namespace {

using gateway::endpointTaking;
using gateway::isRegisteredMethod;
using gateway::matchPath;
using gateway::registeredRoute;

QByteArray toggledSlash(const QByteArray &path)
{
    return path.size() > 1 && path.endsWith('/') ? path.chopped(1) : path + '/';
}

// Case-insensitive, with or without the last slash; the corrected path.
std::optional<QByteArray> lookUpLoosely(const gateway::ServiceConfig &service, QByteArrayView method, const QByteArray &path)
{
    for (const QByteArray &candidate : {path, toggledSlash(path)}) {
        for (const gateway::EndpointConfig &endpoint : service.endpoints) {
            QByteArray corrected;
            if (endpoint.method == method && isRegisteredMethod(endpoint.method) &&
                matchPath(registeredRoute(endpoint.route), candidate, true, &corrected))
                return corrected;
        }
    }
    return std::nullopt;
}

QByteArray htmlEscape(QByteArray text)
{
    return text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#34;").replace('\'', "&#39;");
}

// http.Redirect, for a path on the same host.
RouteAnswer redirect(const ClientRequest &request, const RequestTarget &target, const QByteArray &path)
{
    RouteAnswer answer;
    const bool isGet = request.method == "GET";
    answer.status = isGet ? 301 : 307;
    answer.location = cleanPath(pathEscape(path));
    if (path.endsWith('/') && !answer.location.endsWith('/'))
        answer.location += '/';
    if (!target.rawQuery.isEmpty())
        answer.location += '?' + target.rawQuery;
    if (isGet) {
        answer.contentType = QByteArrayLiteral("text/html; charset=utf-8");
        answer.body = "<a href=\"" + htmlEscape(answer.location) + "\">Moved Permanently</a>.\n\n";
    }
    return answer;
}

RouteAnswer refuse(const gateway::RouterOptions &router, const ClientRequest &request, int status, const QByteArray &text,
                   const QByteArray &allow = {})
{
    RouteAnswer answer;
    answer.status = status;
    const std::optional<QByteArray> &own = status == 404 ? router.notFoundBody : router.notAllowedBody;
    answer.contentType = own ? QByteArrayLiteral("application/json; charset=utf-8") : QByteArrayLiteral("text/plain");
    const QByteArray body = own.value_or(text);
    if (!allow.isEmpty())
        answer.headers.append(QByteArrayLiteral("Allow"), allow);
    answer.headers.append(QByteArrayLiteral("X-Krakend"), router.versionHeader());
    answer.headers.append(QByteArrayLiteral("X-Krakend-Completed"), QByteArrayLiteral("false"));
    if (request.method != "HEAD")
        answer.body = body;
    return answer;
}

// The methods that the router knows, in the order in which it met them: its health endpoint first, then the file's.
std::vector<QByteArray> knownMethods(const gateway::ServiceConfig &service)
{
    std::vector<QByteArray> out;
    const auto add = [&](const QByteArray &method) {
        if (std::find(out.begin(), out.end(), method) == out.end())
            out.push_back(method);
    };
    if (!service.router.healthPath.isEmpty())
        add(QByteArrayLiteral("GET"));
    for (const gateway::EndpointConfig &endpoint : service.endpoints) {
        if (isRegisteredMethod(endpoint.method))
            add(endpoint.method);
    }
    return out;
}

bool isHealth(const gateway::ServiceConfig &service, const QByteArray &path)
{
    return !service.router.healthPath.isEmpty() && path == service.router.healthPath;
}

qsizetype headSize(const ClientRequest &request)
{
    // The request line and the Host line with what stands around them.
    qsizetype size = request.method.size() + request.target.size() + request.host.size() + 22;
    for (const http::Header &header : request.headers)
        size += header.name.size() + header.value.size() + 4;
    return size;
}

RouteAnswer tooLarge()
{
    RouteAnswer answer;
    answer.status = 431;
    answer.contentType = QByteArrayLiteral("text/plain; charset=utf-8");
    answer.body = QByteArrayLiteral("431 Request Header Fields Too Large");
    return answer;
}

// auto_options: every path of the file answers OPTIONS, with its methods by the alphabet.
RouteAnswer options(const gateway::RouterOptions &router, std::vector<QByteArray> methods)
{
    std::sort(methods.begin(), methods.end());
    RouteAnswer answer;
    answer.status = 200;
    answer.headers.append(QByteArrayLiteral("Allow"), QByteArrayList(methods.begin(), methods.end()).join(", "));
    answer.headers.append(QByteArrayLiteral("X-Krakend"), router.versionHeader());
    return answer;
}

RouteAnswer badRequest(const QByteArray &body)
{
    RouteAnswer answer;
    answer.status = 400;
    answer.contentType = QByteArrayLiteral("text/plain; charset=utf-8");
    answer.body = body;
    return answer;
}

} // namespace

RouteAnswer matchRoute(const gateway::ServiceConfig &service, const gateway::EndpointConfig &endpoint, const ClientRequest &request)
{
    const auto target = parseTarget(request.target);
    if (!target)
        return badRequest(QByteArrayLiteral("400 Bad Request"));
    if (headSize(request) > service.maxHeaderBytes + 4096)
        return tooLarge();
    if (auto refused = refusedHead(request))
        return *std::move(refused);
    const gateway::RouterOptions &router = service.router;
    QByteArray path = target->path;
    if (router.removeExtraSlash) {
        const bool slash = path.endsWith('/');
        path = cleanPath(path);
        if (slash && !path.endsWith('/'))
            path += '/';
    }

    if (const gateway::EndpointConfig *found = endpointTaking(service, request.method, path)) {
        RouteAnswer answer;
        answer.params = *matchPath(registeredRoute(found->route), path);
        for (const auto &[name, value] : answer.params) {
            if (router.disablePathDecoding)
                break;
            const auto plain = pathUnescape(value);
            if (!plain)
                return badRequest("error: " + plain.error());
            if (*plain != value || value.contains('?') || value.contains('#'))
                return badRequest(QByteArrayLiteral("error: encoded url params"));
        }
        if (found->route != endpoint.route || found->method != endpoint.method)
            answer.takenBy = found->method + ' ' + found->route;
        answer.clientAddress = clientAddress(router, request);
        return answer;
    }
    if (request.method == "GET" && isHealth(service, path)) {
        RouteAnswer answer;
        answer.takenBy = "GET " + router.healthPath;
        return answer;
    }

    std::vector<QByteArray> allowed;
    for (const QByteArray &method : knownMethods(service)) {
        if (request.method != method && (endpointTaking(service, method, path) || (method == "GET" && isHealth(service, path))))
            allowed.push_back(method);
    }
    if (router.autoOptions && request.method == "OPTIONS" && !allowed.empty() && !isHealth(service, path))
        return options(router, allowed);

    if (path != "/" && request.method != "CONNECT") {
        if (const QByteArray toggled = toggledSlash(path);
            !router.disableRedirectTrailingSlash && endpointTaking(service, request.method, toggled))
            return redirect(request, *target, toggledSlash(target->path));
        QByteArray clean = cleanPath(target->path);
        if (target->path.endsWith('/') && !clean.endsWith('/'))
            clean += '/';
        if (!router.disableRedirectFixedPath) {
            if (const auto corrected = lookUpLoosely(service, request.method, clean))
                return redirect(request, *target, *corrected);
        }
    }

    if (!allowed.empty() && !router.disableHandleMethodNotAllowed) {
        if (router.autoOptions)
            allowed.push_back(QByteArrayLiteral("OPTIONS"));
        return refuse(router, request, 405, QByteArrayLiteral("405 method not allowed"),
                      QByteArrayList(allowed.begin(), allowed.end()).join(", "));
    }
    return refuse(router, request, 404, QByteArrayLiteral("404 page not found"));
}

} // namespace tokenlab::twin
