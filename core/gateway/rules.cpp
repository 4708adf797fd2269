#include "core/gateway/rules.h"

#include "core/support/address.h"

#include <algorithm>
#include <set>

namespace tokenlab::gateway {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isHostByte(char c)
{
    return isLetter(c) || isDigit(c) || c == '.' || c == '_' || c == '-';
}
bool isStrictByte(char c)
{
    return isLetter(c) || isDigit(c) || c == '-' || c == '_';
}
bool isLooseByte(char c)
{
    return isStrictByte(c) || c == '.' || c == ':' || c == '/';
}

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}
QByteArray bytes(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

struct HostMatch {
    std::string_view scheme, name, port;
    std::size_t end = 0;
};

std::optional<HostMatch> matchHost(std::string_view text, std::size_t at)
{
    HostMatch match;
    const std::string_view rest = text.substr(at);
    const auto nameAt = [&](std::size_t from) {
        std::size_t length = 0;
        while (from + length < rest.size() && isHostByte(rest[from + length]))
            ++length;
        return length;
    };
    // The scheme is optional: where no name follows it, its own letters are the name (`http://` is the host http).
    std::size_t used = rest.starts_with("http://") ? 7 : rest.starts_with("https://") ? 8 : 0;
    std::size_t length = used > 0 ? nameAt(used) : 0;
    if (length == 0) {
        used = 0;
        length = nameAt(0);
    }
    if (length == 0)
        return std::nullopt;
    match.scheme = rest.substr(0, used);
    match.name = rest.substr(used, length);
    used += length;
    if (used < rest.size() && rest[used] == ':') {
        std::size_t digits = 0;
        while (digits < 6 && used + 1 + digits < rest.size() && isDigit(rest[used + 1 + digits]))
            ++digits;
        if (digits >= 2) {
            match.port = rest.substr(used, digits + 1);
            used += digits + 1;
        }
    }
    if (used < rest.size() && rest[used] == '/')
        ++used;
    match.end = at + used;
    return match;
}

template <class Accept>
std::vector<QByteArray> inBraces(const QByteArray &text, bool afterSlash, Accept accept)
{
    std::vector<QByteArray> names;
    qsizetype i = 0;
    while (i < text.size()) {
        if (text[i] != '{' || (afterSlash && (i == 0 || text[i - 1] != '/'))) {
            ++i;
            continue;
        }
        qsizetype end = i + 1;
        while (end < text.size() && accept(text[end]))
            ++end;
        if (end > i + 1 && end < text.size() && text[end] == '}') {
            names.push_back(text.mid(i + 1, end - i - 1));
            i = end + 1;
        } else {
            ++i;
        }
    }
    return names;
}

// The gateway replaces name after name through the whole text. In one pass it comes to the same, unless what is written for one name
// can make up another (which then begins with the mark).
template <class Replacement>
QByteArray replaceInBraces(QByteArray text, const std::vector<QByteArray> &names, char mark, Replacement replacement)
{
    constexpr std::size_t fewNames = 1000;
    if (names.size() < fewNames && std::any_of(names.begin(), names.end(), [&](const QByteArray &name) { return name.startsWith(mark); })) {
        for (const QByteArray &name : names)
            text.replace('{' + name + '}', replacement(name));
        return text;
    }
    const std::set<QByteArray> known(names.begin(), names.end());
    QByteArray out;
    qsizetype done = 0;
    for (qsizetype open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
        qsizetype close = open + 1;
        while (close < text.size() && isLooseByte(text[close]))
            ++close;
        if (close == text.size() || text[close] != '}')
            continue;
        const QByteArray name = text.mid(open + 1, close - open - 1);
        if (!known.contains(name))
            continue;
        out += text.mid(done, open - done) + replacement(name);
        done = close + 1;
    }
    return out + text.mid(done);
}

} // namespace

std::optional<QByteArray> cleanHost(const QByteArray &host)
{
    const std::string_view text = view(host);
    std::optional<HostMatch> only;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto match = matchHost(text, at);
        if (!match) {
            ++at;
            continue;
        }
        if (only)
            return std::nullopt; // exactly one match, wherever it stands
        only = match;
        at = match->end;
    }
    if (!only)
        return std::nullopt;
    return (only->scheme.empty() ? QByteArray("http://") : bytes(only->scheme)) + bytes(only->name) + bytes(only->port);
}

QByteArray cleanPath(const QByteArray &path)
{
    return path.startsWith('/') ? path : '/' + path;
}

bool isForbiddenPath(const QByteArray &path)
{
    for (qsizetype i = 0; i + 1 < path.size(); ++i) {
        if (path[i] == '*' && path[i + 1] != '\n')
            return true;
    }
    const qsizetype lastBreak = path.lastIndexOf('\n');
    for (const QByteArrayView reserved : {QByteArrayView("/__debug"), QByteArrayView("/__echo"), QByteArrayView("/__health")}) {
        for (qsizetype at = path.indexOf(reserved); at >= 0; at = path.indexOf(reserved, at + 1)) {
            const qsizetype end = at + reserved.size();
            if (end == path.size() || (path[end] == '/' && lastBreak < end))
                return true;
        }
    }
    return false;
}

std::vector<QByteArray> endpointParameters(const QByteArray &path, bool disableRest)
{
    return disableRest ? inBraces(path, false, isLooseByte) : inBraces(path, true, isStrictByte);
}

std::vector<QByteArray> patternParameters(const QByteArray &pattern)
{
    return inBraces(pattern, false, isLooseByte);
}

QByteArray routeOf(const QByteArray &path, const std::vector<QByteArray> &parameters)
{
    const qsizetype question = path.indexOf('?');
    QByteArray route = question < 0 ? path : path.left(question);
    route = replaceInBraces(route, parameters, ':', [](const QByteArray &name) { return ':' + name; });
    return question < 0 ? route : route + path.mid(question);
}

QByteArray templateOf(const QByteArray &pattern, const std::vector<QByteArray> &names)
{
    return replaceInBraces(pattern, names, '.', [](const QByteArray &name) { return "{{." + parameterKey(name) + "}}"; });
}

bool isDerivedParameter(const QByteArray &name)
{
    if (name.startsWith("JWT."))
        return name.size() > 4;
    if (!name.startsWith("resp"))
        return false;
    qsizetype i = 4;
    while (i < name.size() && isDigit(name[i]))
        ++i;
    return i > 4 && i + 1 < name.size() && name[i] == '_';
}

QByteArray parameterKey(const QByteArray &name)
{
    return name.left(1).toUpper() + name.mid(1);
}

bool isIpAddress(std::string_view text)
{
    const QByteArrayView view(text.data(), qsizetype(text.size()));
    return isIpv4(view) || (isIpv6(view) && !view.contains('%'));
}

} // namespace tokenlab::gateway
