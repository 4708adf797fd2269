#include "core/twin/reply.h"

#include <map>

namespace tokenlab::twin {
namespace {

bool allowsBody(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

} // namespace

Written writeJson(int metadataStatus, const http::HeaderList *metadataHeaders, QByteArray body, http::HeaderList own)
{
    Written out;
    out.response.status = metadataStatus > 0 ? metadataStatus : 200;
    std::optional<qint64> length;
    if (!metadataHeaders) {
        if (!own.contains("Content-Type"))
            own.append(QByteArrayLiteral("Content-Type"), QByteArrayLiteral("application/json; charset=utf-8"));
        out.response.headers = std::move(own);
    } else {
        std::map<QByteArray, QByteArray> headers;
        for (const http::Header &header : own)
            headers.emplace(header.name, header.value);
        std::map<QByteArray, bool> seen;
        for (const http::Header &header : *metadataHeaders) {
            const QByteArray name = http::canonicalHeaderName(header.name);
            if (!seen.emplace(name, true).second)
                continue;
            headers.erase(name);
            if (!header.value.isEmpty())
                headers.emplace(name, header.value);
        }
        // The client of the gateway takes these away, or net/http writes its own.
        for (const char *name : {"Transfer-Encoding", "Trailer", "Date", "Connection"})
            headers.erase(QByteArray(name));
        if (const auto found = headers.find(QByteArrayLiteral("Content-Length")); found != headers.end()) {
            bool ok = false;
            const qint64 value = found->second.trimmed().toLongLong(&ok);
            if (ok && value >= 0)
                length = value;
            headers.erase(found);
        }
        headers.emplace(QByteArrayLiteral("Content-Type"), QByteArrayLiteral("application/json; charset=utf-8"));
        if (out.response.status == 304)
            headers.erase(QByteArrayLiteral("Content-Type"));
        for (const auto &[name, value] : headers)
            out.response.headers.append(name, value);
    }
    if (!allowsBody(out.response.status)) {
        if (out.response.status == 304)
            out.response.headers.remove("Content-Type");
        return out;
    }
    // The body is written in one piece: one longer than announced is refused whole, one shorter ends the connection.
    if (length && *length < body.size()) {
        out.brokenOff = *length > 0;
        return out;
    }
    out.brokenOff = length && *length > body.size();
    out.response.body = std::move(body);
    return out;
}

Written abortWith(int status)
{
    Written out;
    out.response.status = status;
    return out;
}

Written writeRouteAnswer(const RouteAnswer &answer)
{
    Written out;
    out.response.status = answer.status;
    out.response.headers = answer.headers;
    if (!answer.contentType.isEmpty())
        out.response.headers.append(QByteArrayLiteral("Content-Type"), answer.contentType);
    if (!answer.location.isEmpty())
        out.response.headers.append(QByteArrayLiteral("Location"), answer.location);
    out.response.body = answer.body;
    return out;
}

} // namespace tokenlab::twin
