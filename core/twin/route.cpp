// The router's share of an answer: which endpoint takes a request, and what gin says when none does.
#include "core/twin/forward.h"
#include "core/twin/query.h"

#include <optional>

namespace tokenlab::twin {
namespace {

using Params = std::vector<std::pair<QByteArray, QByteArray>>;

bool isRegistered(const gateway::EndpointConfig &endpoint)
{
    static constexpr std::string_view methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (const std::string_view method : methods)
        if (endpoint.method == QByteArrayView(method.data(), qsizetype(method.size())))
            return true;
    return false;
}

bool sameLetter(char a, char b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    return lower(a) == lower(b);
}

// A parameter takes everything up to the next slash; at the end of a path it may not be empty.
std::optional<Params> match(QByteArrayView route, QByteArrayView path, bool foldCase = false, QByteArray *corrected = nullptr)
{
    Params params;
    qsizetype r = 0, p = 0;
    while (r < route.size()) {
        if (route[r] == ':') {
            qsizetype nameEnd = route.indexOf('/', r);
            if (nameEnd < 0)
                nameEnd = route.size();
            qsizetype valueEnd = path.indexOf('/', p);
            if (valueEnd < 0)
                valueEnd = path.size();
            if (valueEnd == p && p >= path.size())
                return std::nullopt;
            params.emplace_back(route.sliced(r + 1, nameEnd - r - 1).toByteArray(), path.sliced(p, valueEnd - p).toByteArray());
            if (corrected)
                *corrected += params.back().second;
            r = nameEnd;
            p = valueEnd;
            continue;
        }
        if (p >= path.size() || !(foldCase ? sameLetter(route[r], path[p]) : route[r] == path[p]))
            return std::nullopt;
        if (corrected)
            *corrected += route[r];
        ++r;
        ++p;
    }
    if (p != path.size())
        return std::nullopt;
    return params;
}

// Fixed text goes before a parameter at the first place where two routes differ.
bool isMoreExact(QByteArrayView a, QByteArrayView b)
{
    for (qsizetype i = 0; i < a.size() && i < b.size(); ++i)
        if (a[i] != b[i])
            return b[i] == ':';
    return a.size() > b.size();
}

const gateway::EndpointConfig *lookUp(const gateway::ServiceConfig &service, QByteArrayView method, QByteArrayView path)
{
    const gateway::EndpointConfig *best = nullptr;
    for (const gateway::EndpointConfig &endpoint : service.endpoints)
        if (endpoint.method == method && isRegistered(endpoint) && match(endpoint.route, path) &&
            (!best || isMoreExact(endpoint.route, best->route)))
            best = &endpoint;
    return best;
}

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
            if (endpoint.method == method && isRegistered(endpoint) && match(endpoint.route, candidate, true, &corrected))
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

    if (const gateway::EndpointConfig *found = lookUp(service, request.method, path)) {
        RouteAnswer answer;
        answer.params = *match(found->route, path);
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
        if (const QByteArray toggled = toggledSlash(path); lookUp(service, request.method, toggled))
            return redirect(request, *target, toggled);
        QByteArray clean = cleanPath(path);
        if (path.endsWith('/') && !clean.endsWith('/'))
            clean += '/';
        if (const auto corrected = lookUpLoosely(service, request.method, clean))
            return redirect(request, *target, *corrected);
    }

    QByteArray allow;
    for (const char *method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        if (request.method != method && lookUp(service, method, path))
            allow += (allow.isEmpty() ? "" : ", ") + QByteArray(method);
    }
    if (!allow.isEmpty())
        return refuse(request, 405, QByteArrayLiteral("405 method not allowed"), allow);
    return refuse(request, 404, QByteArrayLiteral("404 page not found"));
}

} // namespace tokenlab::twin
