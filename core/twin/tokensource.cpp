#include "core/twin/tokensource.h"

#include <QList>

#include <algorithm>

namespace tokenlab::twin {
namespace {

// The gateway's net/http refuses to read more cookies than these.
constexpr qsizetype mostCookies = 3000;

QByteArrayView trimmedBlanks(QByteArrayView text)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isBlank(text.back()))
        text.chop(1);
    return text;
}

bool isCookieByte(char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != ';' && c != '\\';
}

// One pair of a Cookie header; none: not this one, or not well formed, and passed over.
std::optional<QByteArray> cookieValue(QByteArrayView part, QByteArrayView wanted)
{
    const qsizetype equals = part.indexOf('=');
    const QByteArrayView name = trimmedBlanks(equals < 0 ? part : part.first(equals));
    QByteArrayView value = equals < 0 ? QByteArrayView() : part.sliced(equals + 1);
    if (name != wanted || name.isEmpty() || !std::all_of(name.begin(), name.end(), isTokenByte))
        return std::nullopt;
    if (value.size() > 1 && value.front() == '"' && value.back() == '"')
        value = value.sliced(1, value.size() - 2);
    if (!std::all_of(value.begin(), value.end(), isCookieByte))
        return std::nullopt;
    return value.toByteArray();
}

std::optional<QByteArray> findCookie(const http::HeaderList &headers, QByteArrayView wanted)
{
    const std::vector<QByteArray> lines = headers.all("Cookie");
    qsizetype count = 0;
    for (const QByteArray &line : lines)
        count += line.count(';') + 1;
    if (count > mostCookies)
        return std::nullopt;
    for (const QByteArray &line : lines)
        for (const QByteArray &part : line.split(';'))
            if (auto value = cookieValue(trimmedBlanks(part), wanted))
                return value;
    return std::nullopt;
}

// Go takes the Host header out of the list.
std::optional<QByteArray> firstHeader(const ClientRequest &request, const QByteArray &name)
{
    return name == "Host" ? std::nullopt : request.headers.first(name);
}

} // namespace

std::optional<TokenSource> findToken(const gateway::ValidatorConfig &config, const ClientRequest &request)
{
    static const QByteArray authorization = QByteArrayLiteral("Authorization");
    const auto header = firstHeader(request, config.authHeaderName.isEmpty() ? authorization : config.authHeaderName);
    if (header && !header->isEmpty()) {
        constexpr qsizetype prefix = 7;
        const bool bearer = header->size() > prefix && header->first(prefix).compare("bearer ", Qt::CaseInsensitive) == 0;
        return TokenSource{bearer ? header->sliced(prefix) : *header, false};
    }
    if (auto value = findCookie(request.headers, config.cookieKey.isEmpty() ? QByteArray("access_token") : config.cookieKey))
        return TokenSource{*value, true};
    return std::nullopt;
}

} // namespace tokenlab::twin
