#include "core/net/redirect.h"

#include <QUrl>

namespace tokenlab::net {

namespace {

QByteArray asciiHost(const Url &url)
{
    const QByteArray ascii = QUrl::toAce(QString::fromUtf8(url.hostName()));
    return ascii.isEmpty() ? url.hostName().toLower() : ascii;
}

bool isSameOrBelow(const QByteArray &host, const QByteArray &parent)
{
    if (host == parent)
        return true;
    if (host.contains(':') || host.contains('%'))
        return false;
    return host.endsWith('.' + parent);
}

bool isSecret(const QByteArray &name)
{
    static const QList<QByteArray> Secrets{"Authorization", "Www-Authenticate",    "Cookie",
                                           "Cookie2",       "Proxy-Authorization", "Proxy-Authenticate"};
    return Secrets.contains(http::canonicalHeaderName(name));
}

} // namespace

RedirectRules::Decision RedirectRules::decide(const Hop &current, int status, const std::optional<QByteArray> &location)
{
    ++m_made;
    Hop next;
    next.method = current.method;
    switch (status) {
    case 301:
    case 302:
    case 303:
        if (next.method != "GET" && next.method != "HEAD")
            next.method = "GET";
        break;
    case 307:
    case 308:
        // The gateway streams a body and cannot send it twice: it takes the 307 itself for the answer.
        if (!current.body.isEmpty())
            return Stay{};
        break;
    default:
        return Stay{};
    }
    if (!location || location->isEmpty())
        return Stay{};
    const auto url = current.url.resolved(*location);
    if (!url)
        return http::TransportError{http::TransportError::BadRedirect,
                                    "failed to parse Location header " + quoted(*location) + ": " + url.error().text,
                                    current.url.redacted()};
    next.url = *url;
    if (!m_foreign && m_first.url.host != next.url.host)
        m_foreign = !isSameOrBelow(asciiHost(next.url), asciiHost(m_first.url));
    for (const http::Header &header : m_first.headers) {
        if (!(m_foreign && isSecret(header.name)))
            next.headers.append(header.name, header.value);
    }
    if (!(current.url.scheme == "https" && next.url.scheme == "http") && !next.headers.contains("Referer"))
        next.headers.append("Referer", current.url.withoutUser());
    if (m_made >= m_maxRequests)
        return http::TransportError{http::TransportError::TooManyRedirects,
                                    "stopped after " + QByteArray::number(m_maxRequests) + " redirects", *location};
    return next;
}

} // namespace tokenlab::net
