#include "core/gateway/routes.h"

#include "core/gateway/rules.h"

#include <QByteArrayList>

#include <algorithm>
#include <iterator>
#include <memory>

namespace tokenlab::gateway {
namespace {

bool isWildcardSign(char c)
{
    return c == ':' || c == '*';
}

QByteArray firstSegment(const QByteArray &path)
{
    const qsizetype slash = path.indexOf('/');
    return slash < 0 ? path : path.first(slash);
}

// The routes of one method as a tree of shared beginnings. A node has at most one wildcard below it, and where the paths part decides what
// is refused and in which words; so the tree has to be cut at the same places as the router's own. Named catch-alls do not get here: the
// gateway refuses a path that goes on behind a `*` while it reads the file.
class RouteTree
{
public:
    // The words of the refusal, empty when the route was taken in.
    QByteArray add(const QByteArray &route)
    {
        m_route = route;
        if (!m_root) {
            m_root = std::make_unique<Node>();
            return insert(*m_root, route);
        }
        return descend(route);
    }

private:
    struct Node {
        QByteArray text;
        bool isRoute = false;
        std::vector<std::unique_ptr<Node>> fixed; // each begins with another letter
        std::unique_ptr<Node> wildcard;
    };

    static Node *fixedChild(const Node &node, char first)
    {
        for (const auto &child : node.fixed)
            if (child->text.startsWith(first))
                return child.get();
        return nullptr;
    }

    // Everything behind `length` moves one node down.
    static void split(Node &node, qsizetype length)
    {
        auto lower = std::make_unique<Node>();
        lower->text = node.text.mid(length);
        lower->isRoute = node.isRoute;
        lower->fixed = std::move(node.fixed);
        lower->wildcard = std::move(node.wildcard);
        node.text.truncate(length);
        node.isRoute = false;
        node.fixed.clear();
        node.fixed.push_back(std::move(lower));
    }

    QByteArray descend(QByteArray rest)
    {
        Node *node = m_root.get();
        for (;;) {
            const auto apart = std::mismatch(rest.cbegin(), rest.cend(), node->text.cbegin(), node->text.cend());
            const qsizetype common = apart.first - rest.cbegin();
            if (common < node->text.size())
                split(*node, common);
            if (common == rest.size())
                return end(*node);
            rest.remove(0, common);
            const char next = rest.front();
            if (Node *child = fixedChild(*node, next)) {
                node = child;
                continue;
            }
            if (!isWildcardSign(next)) {
                node->fixed.push_back(std::make_unique<Node>());
                return insert(*node->fixed.back(), rest);
            }
            if (!node->wildcard)
                return insert(*node, rest);
            const Node &wildcard = *node->wildcard;
            const bool same = rest.startsWith(wildcard.text) && (rest.size() == wildcard.text.size() || rest[wildcard.text.size()] == '/');
            if (!same)
                return clash(wildcard, rest);
            node = node->wildcard.get();
        }
    }

    QByteArray end(Node &node) const
    {
        if (node.isRoute)
            return "handlers are already registered for path '" + m_route + '\'';
        node.isRoute = true;
        return {};
    }

    QByteArray clash(const Node &wildcard, const QByteArray &rest) const
    {
        const QByteArray segment = firstSegment(rest);
        return '\'' + segment + "' in new path '" + m_route + "' conflicts with existing wildcard '" + wildcard.text +
               "' in existing prefix '" + m_route.left(m_route.indexOf(segment)) + wildcard.text + '\'';
    }

    // Hangs the rest of a route below a node, or into it when it is new.
    QByteArray insert(Node &start, QByteArray rest)
    {
        Node *node = &start;
        for (;;) {
            const auto sign = std::find_if(rest.cbegin(), rest.cend(), isWildcardSign);
            if (sign == rest.cend())
                break;
            const qsizetype at = sign - rest.cbegin();
            const QByteArray wildcard = firstSegment(rest.mid(at));
            if (std::find_if(wildcard.cbegin() + 1, wildcard.cend(), isWildcardSign) != wildcard.cend())
                return "only one wildcard per path segment is allowed, has: '" + wildcard + "' in path '" + m_route + '\'';
            if (wildcard.size() < 2)
                return "wildcards must be named with a non-empty name in path '" + m_route + '\'';
            if (at > 0)
                node->text = rest.left(at);
            node->wildcard = std::make_unique<Node>();
            node = node->wildcard.get();
            node->text = wildcard;
            rest.remove(0, at + wildcard.size());
            if (rest.isEmpty()) {
                node->isRoute = true;
                return {};
            }
            node->fixed.push_back(std::make_unique<Node>());
            node = node->fixed.back().get();
        }
        node->text = rest;
        node->isRoute = true;
        return {};
    }

    std::unique_ptr<Node> m_root;
    QByteArray m_route; // being added, for the words
};

bool sameLetter(char a, char b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    return lower(a) == lower(b);
}

// Fixed text goes before a parameter at the first place where two routes differ.
bool isMoreExact(QByteArrayView a, QByteArrayView b)
{
    for (qsizetype i = 0; i < a.size() && i < b.size(); ++i)
        if (a[i] != b[i])
            return b[i] == ':';
    return a.size() > b.size();
}

constexpr std::string_view registeredMethods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

} // namespace

QByteArray registeredRoute(const QByteArray &route)
{
    QByteArrayList kept;
    for (const QByteArray &segment : route.split('/')) {
        if (segment == ".." && !kept.isEmpty())
            kept.removeLast();
        else if (!segment.isEmpty() && segment != "." && segment != "..")
            kept.append(segment);
    }
    return '/' + kept.join('/') + (route.endsWith('/') && !kept.isEmpty() ? "/" : "");
}

bool isRegisteredMethod(QByteArrayView method)
{
    return std::any_of(std::begin(registeredMethods), std::end(registeredMethods),
                       [method](std::string_view name) { return method == QByteArrayView(name.data(), qsizetype(name.size())); });
}

std::optional<RouteConflict> findRouteConflict(const ServiceConfig &service)
{
    std::map<QByteArray, RouteTree> trees;
    if (!service.router.healthPath.isEmpty())
        (void)trees["GET"].add(service.router.healthPath);
    for (std::size_t i = 0; i < service.endpoints.size(); ++i) {
        const EndpointConfig &endpoint = service.endpoints[i];
        if (!isRegisteredMethod(endpoint.method))
            continue;
        const QByteArray text = trees[endpoint.method].add(registeredRoute(endpoint.route));
        if (!text.isEmpty())
            return RouteConflict{text, endpoint.pointer, i};
    }
    return std::nullopt;
}

std::optional<PathParameters> matchPath(QByteArrayView route, QByteArrayView path, bool foldCase, QByteArray *corrected)
{
    PathParameters params;
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

const EndpointConfig *endpointTaking(const ServiceConfig &service, QByteArrayView method, QByteArrayView path)
{
    const EndpointConfig *best = nullptr;
    QByteArray bestRoute;
    for (const EndpointConfig &endpoint : service.endpoints) {
        if (endpoint.method != method || !isRegisteredMethod(endpoint.method))
            continue;
        const QByteArray route = registeredRoute(endpoint.route);
        if (!matchPath(route, path) || (best && !isMoreExact(route, bestRoute)))
            continue;
        best = &endpoint;
        bestRoute = route;
    }
    return best;
}

const EndpointConfig *endpointForLiteral(const ServiceConfig &service, QByteArrayView path, QByteArrayView method)
{
    const QByteArray wanted = method.toByteArray().toUpper();
    const qsizetype query = path.indexOf('?');
    const QByteArray clean = cleanPath((query < 0 ? path : path.first(query)).toByteArray());
    if (!wanted.isEmpty())
        return endpointTaking(service, wanted, clean);
    // Of several methods the first of the file that is not in the shadow of a more exact route.
    for (const EndpointConfig &endpoint : service.endpoints)
        if (endpointTaking(service, endpoint.method, clean) == &endpoint)
            return &endpoint;
    return nullptr;
}

} // namespace tokenlab::gateway
