#include "core/net/requestwriter.h"

#include <QUrl>

#include <algorithm>
#include <map>

namespace tokenlab::net {

namespace {

constexpr char DefaultAgent[] = "Go-http-client/1.1";

// Written by the transport itself or not at all.
bool isTransports(const QByteArray &name)
{
    return name == "Host" || name == "User-Agent" || name == "Content-Length" || name == "Transfer-Encoding" || name == "Trailer";
}

bool usuallyLacksBody(const QByteArray &method)
{
    return method == "GET" || method == "HEAD" || method == "DELETE" || method == "OPTIONS" || method == "PROPFIND" || method == "SEARCH";
}

bool sendsLengthOfNothing(const QByteArray &method)
{
    return method == "POST" || method == "PUT" || method == "PATCH";
}

QByteArray line(const QByteArray &name, const QByteArray &value)
{
    return name + ": " + value.trimmed() + "\r\n";
}

QByteArray chunk(QByteArrayView bytes)
{
    QByteArray out = QByteArray::number(bytes.size(), 16) + "\r\n";
    out += bytes;
    return out + "\r\n";
}

// Where a body is unusual, its first byte is read to see whether there is one, and goes out alone.
QByteArray chunks(const QByteArray &method, const QByteArray &body)
{
    const qsizetype probed = usuallyLacksBody(method) ? 1 : 0;
    QByteArray out;
    out.reserve(body.size() + 64);
    if (probed > 0)
        out += chunk(QByteArrayView(body).first(probed));
    if (body.size() > probed)
        out += chunk(QByteArrayView(body).sliced(probed));
    return out + "0\r\n\r\n";
}

} // namespace

std::optional<QByteArray> badHeader(const http::HeaderList &headers)
{
    for (const http::Header &header : headers) {
        if (header.name.isEmpty() || !std::all_of(header.name.cbegin(), header.name.cend(), isTokenByte))
            return "net/http: invalid header field name " + quoted(header.name);
        for (const char c : header.value) {
            if ((uchar(c) < 0x20 && c != '\t') || c == 0x7f)
                return "net/http: invalid header field value for " + quoted(header.name);
        }
    }
    return std::nullopt;
}

bool asksForGzip(QByteArrayView method, const http::HeaderList &headers)
{
    // A header without a value counts as none.
    const auto has = [&headers](const char *name) { return !headers.first(name).value_or(QByteArray()).isEmpty(); };
    return method != "HEAD" && !has("Accept-Encoding") && !has("Range");
}

QByteArray hostHeader(const Url &url)
{
    QByteArray host = url.host;
    if (std::any_of(host.cbegin(), host.cend(), [](char c) { return uchar(c) >= 0x80; })) {
        const QByteArray port = url.portText();
        host = QUrl::toAce(QString::fromUtf8(url.hostName())) + (port.isEmpty() ? port : ':' + port);
    }
    if (!host.startsWith('['))
        return host;
    const qsizetype close = host.lastIndexOf(']');
    const qsizetype zone = host.lastIndexOf('%', close);
    return zone > 0 ? host.first(zone) + host.sliced(close) : host;
}

std::optional<QByteArray> basicAuthorization(const Url &url)
{
    if (!url.user)
        return std::nullopt;
    return "Basic " + (url.user->name + ':' + url.user->password.value_or(QByteArray())).toBase64();
}

QByteArray requestBytes(const Hop &hop, const WireOptions &options)
{
    const QByteArray host = hostHeader(hop.url);
    QByteArray target = hop.url.target();
    if (options.proxy && hop.url.opaque.isEmpty())
        target = hop.url.scheme + "://" + host + target;
    QByteArray out = hop.method + ' ' + target + " HTTP/1.1\r\n" + line("Host", host);
    if (const auto agent = hop.headers.first("User-Agent"); agent && !agent->isEmpty())
        out += line("User-Agent", *agent);
    const bool chunked = !hop.body.isEmpty() && !hop.headers.contains("Content-Length");
    if (chunked)
        out += line("Transfer-Encoding", "chunked");
    else if (!hop.body.isEmpty() || sendsLengthOfNothing(hop.method))
        out += line("Content-Length", QByteArray::number(hop.body.size()));

    std::multimap<QByteArray, QByteArray> sorted; // by name; lines of one name keep their order
    for (const http::Header &header : hop.headers) {
        if (const QByteArray name = http::canonicalHeaderName(header.name); !isTransports(name))
            sorted.emplace(name, header.value);
    }
    if (const auto basic = basicAuthorization(hop.url); basic && hop.headers.first("Authorization").value_or(QByteArray()).isEmpty()) {
        sorted.erase("Authorization");
        sorted.emplace("Authorization", *basic);
    }
    for (const auto &[name, value] : sorted)
        out += line(name, value);
    if (options.addGzip)
        out += line("Accept-Encoding", "gzip");
    if (options.addClose)
        out += line("Connection", "close");
    if (options.proxy) {
        if (const auto basic = basicAuthorization(*options.proxy))
            out += line("Proxy-Authorization", *basic);
    }
    out += "\r\n";
    return out + (chunked ? chunks(hop.method, hop.body) : hop.body);
}

QByteArray connectBytes(const QByteArray &hostAndPort, const Url &proxy)
{
    QByteArray out = "CONNECT " + hostAndPort + " HTTP/1.1\r\n" + line("Host", hostAndPort) + line("User-Agent", DefaultAgent);
    if (const auto basic = basicAuthorization(proxy))
        out += line("Proxy-Authorization", *basic);
    return out + "\r\n";
}

} // namespace tokenlab::net
