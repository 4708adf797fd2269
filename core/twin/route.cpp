// The router's share of an answer: which endpoint takes a request, and what gin says when none does.
#include "core/gateway/routes.h"
#include "core/twin/forward.h"
#include "core/twin/query.h"

#include <optional>

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

RouteAnswer refuse(const ClientRequest &request, int status, const QByteArray &body, const QByteArray &allow = {})
{
    RouteAnswer answer;
    answer.status = status;
    answer.contentType = QByteArrayLiteral("text/plain");
    if (!allow.isEmpty())
        answer.headers.append(QByteArrayLiteral("Allow"), allow);
    answer.headers.append(QByteArrayLiteral("X-Krakend"), QByteArrayLiteral("Version 2.13.8"));
    answer.headers.append(QByteArrayLiteral("X-Krakend-Completed"), QByteArrayLiteral("false"));
    if (request.method != "HEAD")
        answer.body = body;
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
    const QByteArray &path = target->path;

    if (const gateway::EndpointConfig *found = endpointTaking(service, request.method, path)) {
        RouteAnswer answer;
        answer.params = *matchPath(registeredRoute(found->route), path);
        for (const auto &[name, value] : answer.params) {
            const auto plain = pathUnescape(value);
            if (!plain)
                return badRequest("error: " + plain.error());
            if (*plain != value || value.contains('?') || value.contains('#'))
                return badRequest(QByteArrayLiteral("error: encoded url params"));
        }
        if (found->route != endpoint.route || found->method != endpoint.method)
            answer.takenBy = found->method + ' ' + found->route;
        return answer;
    }

    if (path != "/" && request.method != "CONNECT") {
        if (const QByteArray toggled = toggledSlash(path); endpointTaking(service, request.method, toggled))
            return redirect(request, *target, toggled);
        QByteArray clean = cleanPath(path);
        if (path.endsWith('/') && !clean.endsWith('/'))
            clean += '/';
        if (const auto corrected = lookUpLoosely(service, request.method, clean))
            return redirect(request, *target, *corrected);
    }

    QByteArray allow;
    for (const char *method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        if (request.method != method && endpointTaking(service, method, path))
            allow += (allow.isEmpty() ? "" : ", ") + QByteArray(method);
    }
    if (!allow.isEmpty())
        return refuse(request, 405, QByteArrayLiteral("405 method not allowed"), allow);
    return refuse(request, 404, QByteArrayLiteral("404 page not found"));
}

} // namespace tokenlab::twin
