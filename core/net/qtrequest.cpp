#include "core/net/qtrequest.h"

#include "core/net/tlsclient.h"
#include "core/support/url.h"

#include <QLibraryInfo>
#include <QSslConfiguration>
#include <QVersionNumber>

#include <algorithm>

namespace tokenlab::net {

namespace {

// Qt has one value for a name. Up to 6.4 it writes the value as it is, so further lines can go out with it; badHeader() has seen to it
// that these are the only line breaks. Later versions refuse or clean such values.
bool keepsLines()
{
    static const bool keeps = QLibraryInfo::version() < QVersionNumber(6, 5);
    return keeps;
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

QNetworkRequest qtRequest(const Hop &hop, const ExchangePolicy &policy, bool wantsGunzip)
{
    const QByteArray host = hop.url.hostName();
    QByteArray authority = host.isEmpty() ? QByteArray("127.0.0.1") : host;
    if (authority.contains(':'))
        authority = '[' + authority.replace('%', "%25") + ']';
    if (!hop.url.portText().isEmpty())
        authority += ':' + hop.url.portText();
    QNetworkRequest out(QUrl::fromEncoded(hop.url.scheme + "://" + authority + hop.url.target(), QUrl::TolerantMode));
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    out.setAttribute(QNetworkRequest::HttpPipeliningAllowedAttribute, false);
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::PreferNetwork);
    out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);

    http::HeaderList merged;
    for (const http::Header &header : hop.headers) {
        const QByteArray name = http::canonicalHeaderName(header.name);
        if (name == "Content-Length" || name == "Transfer-Encoding" || name == "Trailer")
            continue; // the transport's own
        const auto before = merged.first(name);
        const QByteArray between = keepsLines() ? "\r\n" + name + ": " : name == "Cookie" ? "; " : ", ";
        merged.set(name, before ? *before + between + header.value : header.value);
    }
    if (!merged.contains("User-Agent"))
        merged.set("User-Agent", "Go-http-client/1.1");
    if (!merged.contains("Accept-Encoding"))
        merged.set("Accept-Encoding", wantsGunzip ? "gzip" : "identity");
    if (hop.url.user && !merged.contains("Authorization"))
        merged.set("Authorization", "Basic " + (hop.url.user->name + ':' + hop.url.user->password.value_or(QByteArray())).toBase64());
    for (const http::Header &header : merged)
        out.setRawHeader(header.name, header.value);
    if (hop.url.scheme == "https")
        out.setSslConfiguration(clientConfiguration(policy.tls));
    return out;
}

QByteArrayList joinedAsSent(const http::HeaderList &headers)
{
    QByteArrayList seen, joined;
    if (keepsLines())
        return joined;
    for (const http::Header &header : headers) {
        const QByteArray name = http::canonicalHeaderName(header.name);
        if (seen.contains(name) && !joined.contains(name))
            joined.append(name);
        seen.append(name);
    }
    return joined;
}

QByteArray targetAsSent(const QByteArray &url)
{
    const auto parsed = Url::parse(url);
    if (!parsed)
        return {};
    QUrl qt = QUrl::fromEncoded("http://h" + parsed->target(), QUrl::TolerantMode);
    return qt.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment | QUrl::NormalizePathSegments);
}

} // namespace tokenlab::net
