#include "app/cli/redact.h"

namespace tokenlab::cli {

QByteArray withoutPassword(const QByteArray &url)
{
    const qsizetype authority = url.indexOf("://");
    if (authority < 0)
        return url;
    const qsizetype begin = authority + 3;
    qsizetype end = begin;
    while (end < url.size() && url.at(end) != '/' && url.at(end) != '?' && url.at(end) != '#')
        ++end;
    const qsizetype at = url.left(end).lastIndexOf('@'), colon = url.indexOf(':', begin);
    if (at < begin || colon < 0 || colon > at)
        return url;
    return url.left(colon + 1) + "***" + url.mid(at);
}

bool isSecretHeader(QByteArrayView name)
{
    const QByteArray lower = name.toByteArray().toLower();
    return lower == "authorization" || lower == "proxy-authorization" || lower == "cookie" || lower.contains("api-key") ||
           lower.contains("token") || lower.contains("secret");
}

QByteArray shownHeader(const http::Header &header, bool showSecrets)
{
    return showSecrets || !isSecretHeader(header.name) ? header.value : QByteArrayLiteral("(not shown)");
}

} // namespace tokenlab::cli
