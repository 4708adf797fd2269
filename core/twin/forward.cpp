#include "core/twin/forward.h"

#include "core/support/url.h"
#include "core/twin/clientaddress.h"
#include "core/twin/query.h"

#include <QList>

#include <algorithm>
#include <map>
#include <optional>

namespace tokenlab::twin {
namespace {

using Headers = std::map<QByteArray, std::vector<QByteArray>>;

const QByteArray &userAgent()
{
    static const QByteArray text = QByteArrayLiteral("KrakenD Version 2.13.8");
    return text;
}

// What Go's server and client settle between themselves on each connection.
bool isTransport(const QByteArray &name)
{
    return name == "Host" || name == "Content-Length" || name == "Transfer-Encoding" || name == "Trailer";
}

bool contains(const std::vector<QByteArray> &list, const QByteArray &text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

Headers received(const ClientRequest &request)
{
    Headers all;
    for (const http::Header &header : request.headers) {
        const QByteArray name = http::canonicalHeaderName(header.name);
        if (!isTransport(name))
            all[name].push_back(header.value);
    }
    // Every client states it, unless it sends chunks; only where it is forwarded the backend's request has a length.
    const QByteArray encoding = request.headers.first("Transfer-Encoding").value_or(QByteArray());
    if (!request.body.isEmpty() && encoding.compare("chunked", Qt::CaseInsensitive) != 0)
        all[QByteArrayLiteral("Content-Length")] = {QByteArray::number(request.body.size())};
    return all;
}

Headers endpointHeaders(const gateway::EndpointConfig &endpoint, const ClientRequest &request, const QByteArray &client, const Headers &all)
{
    Headers passed;
    static const std::vector<QByteArray> defaults{QByteArrayLiteral("Content-Type")};
    for (const QByteArray &name : endpoint.inputHeaders.empty() ? defaults : endpoint.inputHeaders) {
        if (name == "*") {
            passed = all;
            break;
        }
        if (const auto found = all.find(http::canonicalHeaderName(name)); found != all.end())
            passed[name] = found->second;
    }
    passed[QByteArrayLiteral("X-Forwarded-For")] = {client};
    passed[QByteArrayLiteral("X-Forwarded-Host")] = {request.host};
    const bool ownAgent = passed.contains(QByteArrayLiteral("User-Agent"));
    passed[ownAgent ? QByteArrayLiteral("X-Forwarded-Via") : QByteArrayLiteral("User-Agent")] = {userAgent()};
    return passed;
}

// The names of a backend's own list, literally: a `*` there passes nothing.
template <class Map>
void keepOnly(Map &values, const std::vector<QByteArray> &names)
{
    if (names.empty())
        return;
    std::erase_if(values, [&names](const auto &item) { return !contains(names, item.first); });
}

QueryValues endpointQuery(const gateway::EndpointConfig &endpoint, const QueryValues &all)
{
    QueryValues passed;
    for (const QByteArray &name : endpoint.inputQueryStrings) {
        if (name == "*")
            return all;
        if (const auto found = all.find(name); found != all.end())
            passed[name] = found->second;
    }
    return passed;
}

std::vector<Dropped> dropped(const Headers &allHeaders, const Headers &sentHeaders, const QueryValues &allQuery,
                             const QueryValues &sentQuery)
{
    std::vector<Dropped> out;
    for (const auto &[name, values] : allHeaders) {
        static const std::vector<QByteArray> replaced{QByteArrayLiteral("Connection"), QByteArrayLiteral("X-Forwarded-For"),
                                                      QByteArrayLiteral("X-Forwarded-Host"), QByteArrayLiteral("Accept-Encoding"),
                                                      QByteArrayLiteral("Content-Length")};
        if (contains(replaced, name))
            continue;
        const auto sent = sentHeaders.find(name);
        if (sent != sentHeaders.end() && sent->second == values)
            continue;
        for (const QByteArray &value : values)
            out.push_back({name == "Cookie" ? Dropped::Cookie : Dropped::Header, name, value, QByteArrayLiteral("input_headers")});
    }
    for (const auto &[name, values] : allQuery) {
        if (sentQuery.contains(name))
            continue;
        for (const QByteArray &value : values)
            out.push_back({Dropped::Query, name, value, QByteArrayLiteral("input_query_strings")});
    }
    return out;
}

// fmt's %v of decoded JSON.
QByteArray formatValue(json::Value value, int depth = 0)
{
    if (depth > 64)
        return {};
    switch (value.type()) {
    case json::Type::Null:
        return QByteArrayLiteral("<nil>");
    case json::Type::Bool:
        return value.asBool() ? QByteArrayLiteral("true") : QByteArrayLiteral("false");
    case json::Type::Number:
    case json::Type::String:
        return value.bytes();
    case json::Type::Array: {
        QByteArray out = "[";
        for (const json::Value element : value.elements())
            out += (out.size() > 1 ? " " : "") + formatValue(element, depth + 1);
        return out + ']';
    }
    case json::Type::Object: {
        QByteArray out = "map[";
        for (const json::Member &member : value.members()) {
            if (out.size() > 4)
                out += ' ';
            out.append(member.name.data(), qsizetype(member.name.size()));
            out += ':' + formatValue(member.value, depth + 1);
        }
        return out + ']';
    }
    }
    return {};
}

// `0_access_token.sub` of `{{.Resp0_access_token.sub}}`, looked up as the sequential merger does: where the way down breaks, the last
// name is looked up at the level reached.
std::optional<QByteArray> sequentialParameter(QByteArrayView name, std::span<const json::Value> previous)
{
    const qsizetype underscore = name.indexOf('_');
    if (underscore <= 0)
        return std::nullopt;
    bool ok = false;
    const int index = name.first(underscore).toByteArray().toInt(&ok);
    if (!ok || index < 0 || std::size_t(index) >= previous.size())
        return std::nullopt;
    const auto path = name.sliced(underscore + 1).toByteArray().split('.');
    json::Value data = previous[std::size_t(index)];
    if (!data.isMap() || data.isNilMap())
        return std::nullopt;
    for (qsizetype i = 0; i + 1 < path.size(); ++i) {
        const json::Value next = data.find(std::string_view(path[i].constData(), std::size_t(path[i].size())));
        if (!next.exists() || !next.isMap())
            break;
        data = next;
    }
    const QByteArray &last = path.last();
    const json::Value value = data.find(std::string_view(last.constData(), std::size_t(last.size())));
    if (!value.exists())
        return std::nullopt;
    if (value.isArray()) {
        QByteArray out;
        bool first = true;
        for (const json::Value element : value.elements()) {
            if (!first)
                out += ',';
            out += formatValue(element);
            first = false;
        }
        return out;
    }
    return formatValue(value);
}

QByteArray fillPattern(const QByteArray &pattern, const RouteAnswer &route, std::span<const json::Value> previous)
{
    QByteArray path = pattern;
    for (const auto &[name, value] : route.params) {
        QByteArray key = name;
        if (!key.isEmpty())
            key[0] = (key[0] >= 'a' && key[0] <= 'z') ? char(key[0] - 32) : key[0];
        path.replace("{{." + key + "}}", value);
    }
    for (qsizetype at = 0; (at = path.indexOf("{{.Resp", at)) >= 0;) {
        const qsizetype end = path.indexOf("}}", at);
        if (end < 0)
            break;
        const auto value = sequentialParameter(QByteArrayView(path).sliced(at + 7, end - at - 7), previous);
        if (!value) {
            at = end;
            continue;
        }
        path.replace(at, end + 2 - at, *value);
        at += value->size();
    }
    return path;
}

// Letter by letter, as Go does: beyond ASCII too.
QByteArray upperCase(const QByteArray &text)
{
    QList<uint> letters = QString::fromUtf8(text).toUcs4();
    for (uint &letter : letters)
        letter = QChar::toUpper(letter);
    return QString::fromUcs4(reinterpret_cast<const char32_t *>(letters.constData()), letters.size()).toUtf8();
}

// net/http looks at what goes out before it opens a connection. Headers come in clean; claims need not be.
std::optional<QByteArray> badHeader(const Headers &headers)
{
    for (const auto &[name, values] : headers) {
        if (name.isEmpty() || !std::all_of(name.begin(), name.end(), isTokenByte))
            return "net/http: invalid header field name " + quoted(name);
        for (const QByteArray &value : values)
            for (const char c : value)
                if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
                    return "net/http: invalid header field value for " + quoted(name);
    }
    return std::nullopt;
}

} // namespace

BackendRequest forward(const gateway::EndpointConfig &endpoint, std::size_t backend, const ClientRequest &request, const RouteAnswer &route,
                       std::span<const json::Value> previous)
{
    BackendRequest out;
    const gateway::BackendConfig &config = endpoint.backends[backend];
    out.request.method = upperCase(config.method);
    out.request.body = request.body;

    const qsizetype mark = request.target.indexOf('?');
    const QueryValues allQuery = mark < 0 ? QueryValues() : parseQuery(QByteArrayView(request.target).sliced(mark + 1));
    const Headers allHeaders = received(request);
    const QByteArray client = route.clientAddress.isEmpty() ? clientAddress({}, request) : route.clientAddress;
    Headers headers = endpointHeaders(endpoint, request, client, allHeaders);
    QueryValues query = endpointQuery(endpoint, allQuery);
    // The URL is made with the backend's own filter of the query already applied, the headers are filtered after it.
    keepOnly(query, config.inputQueryStrings);
    keepOnly(headers, config.inputHeaders);
    out.dropped = dropped(allHeaders, headers, allQuery, query);

    // A backend that sees no User-Agent of the router's gets that of Go's client; an empty one is not sent at all.
    if (const auto agent = headers.find(QByteArrayLiteral("User-Agent")); agent == headers.end())
        headers[QByteArrayLiteral("User-Agent")] = {QByteArrayLiteral("Go-http-client/1.1")};
    else if (agent->second.empty() || agent->second.front().isEmpty())
        headers.erase(agent);
    else
        agent->second.resize(1);
    for (const auto &[name, values] : headers)
        for (const QByteArray &value : values)
            out.request.headers.append(name, value);

    if (config.hosts.empty()) {
        out.error = QByteArrayLiteral("no hosts available");
        return out;
    }
    if (config.hosts.size() > 1)
        out.notes.push_back("the gateway picks one of " + QByteArray::number(qulonglong(config.hosts.size())) +
                            " hosts for each request; the first is taken here");
    const auto url = Url::parse(config.hosts.front() + fillPattern(config.urlPattern, route, previous));
    if (!url) {
        out.error = url.error().text;
        return out;
    }
    out.request.url = url->toString();
    if (const qsizetype hash = out.request.url.indexOf('#'); hash >= 0)
        out.request.url.truncate(hash);
    if (!query.empty()) {
        if (!url->rawQuery().isEmpty())
            out.request.url += '&';
        else if (!out.request.url.endsWith('?'))
            out.request.url += '?';
        out.request.url += encodeQuery(query);
    }
    if (!std::all_of(out.request.method.begin(), out.request.method.end(), isTokenByte))
        out.error = "net/http: invalid method " + quoted(out.request.method);
    else if (const auto bad = badHeader(headers))
        out.error = out.request.method.first(1) + out.request.method.sliced(1).toLower() + ' ' + quoted(out.request.url) + ": " + *bad;
    return out;
}

} // namespace tokenlab::twin
