#include "core/twin/gourl.h"

#include <QList>
#include <QString>

namespace tokenlab::twin {
namespace {

enum class Mode { Path, PathSegment, Host, UserPassword, Query, Fragment };

bool isAlnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isOneOf(char c, std::string_view set)
{
    return set.find(c) != std::string_view::npos;
}

int unhex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool shouldEscape(char c, Mode mode)
{
    if (isAlnum(c))
        return false;
    if (mode == Mode::Host && isOneOf(c, "!$&'()*+,;=:[]<>\""))
        return false;
    if (isOneOf(c, "-_.~"))
        return false;
    if (isOneOf(c, "$&+,/:;=?@")) {
        switch (mode) {
        case Mode::Path:
            return c == '?';
        case Mode::PathSegment:
            return isOneOf(c, "/;,?");
        case Mode::UserPassword:
            return isOneOf(c, "@/?:");
        case Mode::Query:
            return true;
        case Mode::Fragment:
            return false;
        case Mode::Host:
            break;
        }
    }
    if (mode == Mode::Fragment && isOneOf(c, "!()*"))
        return false;
    return true;
}

QByteArray escape(QByteArrayView text, Mode mode)
{
    static constexpr char hex[] = "0123456789ABCDEF";
    QByteArray out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == ' ' && mode == Mode::Query) {
            out += '+';
        } else if (shouldEscape(c, mode)) {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    return out;
}

Result<QByteArray, QByteArray> unescape(QByteArrayView text, Mode mode)
{
    QByteArray out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            const bool whole = i + 2 < text.size() && unhex(text[i + 1]) >= 0 && unhex(text[i + 2]) >= 0;
            const QByteArrayView piece = text.sliced(i, std::min<qsizetype>(3, text.size() - i));
            // In a host only bytes above ASCII may be escaped.
            if (!whole || (mode == Mode::Host && unhex(text[i + 1]) < 8 && piece != QByteArrayView("%25")))
                return fail(QByteArray("invalid URL escape " + goQuote(piece)));
            out += static_cast<char>(unhex(text[i + 1]) * 16 + unhex(text[i + 2]));
            i += 2;
        } else if (c == '+' && mode == Mode::Query) {
            out += ' ';
        } else if (mode == Mode::Host && static_cast<unsigned char>(c) < 0x80 && shouldEscape(c, mode)) {
            return fail(QByteArray("invalid character " + goQuote(text.sliced(i, 1)) + " in host name"));
        } else {
            out += c;
        }
    }
    return out;
}

bool validOptionalPort(QByteArrayView port)
{
    if (port.isEmpty())
        return true;
    if (port[0] != ':')
        return false;
    for (qsizetype i = 1; i < port.size(); ++i)
        if (port[i] < '0' || port[i] > '9')
            return false;
    return true;
}

Result<QByteArray, QByteArray> parseHost(QByteArrayView host)
{
    if (host.startsWith('[')) {
        const qsizetype end = host.lastIndexOf(']');
        if (end < 0)
            return fail(QByteArray("missing ']' in host"));
        const QByteArrayView port = host.sliced(end + 1);
        if (!validOptionalPort(port))
            return fail(QByteArray("invalid port " + goQuote(port) + " after host"));
        return unescape(host, Mode::Host);
    }
    if (const qsizetype colon = host.lastIndexOf(':'); colon >= 0) {
        const QByteArrayView port = host.sliced(colon);
        if (!validOptionalPort(port))
            return fail(QByteArray("invalid port " + goQuote(port) + " after host"));
    }
    return unescape(host, Mode::Host);
}

bool validUserinfo(QByteArrayView text)
{
    for (const char c : text)
        if (!isAlnum(c) && !isOneOf(c, "-._:~!$&'()*+,;=%@"))
            return false;
    return true;
}

bool validEncodedPath(QByteArrayView text)
{
    for (const char c : text) {
        if (isOneOf(c, "!$&'()*+,;=:@[]%"))
            continue;
        if (shouldEscape(c, Mode::Path))
            return false;
    }
    return true;
}

struct Scheme {
    QByteArray name;
    QByteArrayView rest;
};

Result<Scheme, QByteArray> cutScheme(QByteArrayView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            continue;
        if (isOneOf(c, "0123456789+-.")) {
            if (i == 0)
                return Scheme{{}, text};
            continue;
        }
        if (c == ':') {
            if (i == 0)
                return fail(QByteArray("missing protocol scheme"));
            return Scheme{text.first(i).toByteArray().toLower(), text.sliced(i + 1)};
        }
        return Scheme{{}, text};
    }
    return Scheme{{}, text};
}

std::optional<QByteArray> setPath(GoUrl &url, QByteArrayView raw)
{
    auto path = unescape(raw, Mode::Path);
    if (!path)
        return path.error();
    url.path = *path;
    url.rawPath = escape(url.path, Mode::Path) == raw ? QByteArray() : raw.toByteArray();
    return std::nullopt;
}

std::optional<QByteArray> setAuthority(GoUrl &url, QByteArrayView authority)
{
    const qsizetype at = authority.lastIndexOf('@');
    auto host = parseHost(at < 0 ? authority : authority.sliced(at + 1));
    if (!host)
        return host.error();
    url.host = *host;
    if (at < 0)
        return std::nullopt;
    const QByteArrayView info = authority.first(at);
    if (!validUserinfo(info))
        return QByteArray("net/url: invalid userinfo");
    const qsizetype colon = info.indexOf(':');
    auto user = unescape(colon < 0 ? info : info.first(colon), Mode::UserPassword);
    if (!user)
        return user.error();
    url.hasUser = true;
    url.user = *user;
    if (colon >= 0) {
        auto password = unescape(info.sliced(colon + 1), Mode::UserPassword);
        if (!password)
            return password.error();
        url.hasPassword = true;
        url.password = *password;
    }
    return std::nullopt;
}

Result<GoUrl, QByteArray> parseWithoutFragment(QByteArrayView text, bool viaRequest)
{
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return fail(QByteArray("net/url: invalid control character in URL"));
    if (text.isEmpty() && viaRequest)
        return fail(QByteArray("empty url"));
    GoUrl url;
    if (text == QByteArrayView("*")) {
        url.path = "*";
        return url;
    }
    auto scheme = cutScheme(text);
    if (!scheme)
        return fail(scheme.error());
    url.scheme = scheme->name;
    QByteArrayView rest = scheme->rest;
    if (const qsizetype mark = rest.indexOf('?'); mark >= 0) {
        url.forceQuery = mark == rest.size() - 1;
        url.rawQuery = rest.sliced(mark + 1).toByteArray();
        rest = rest.first(mark);
    }
    if (!rest.startsWith('/')) {
        if (!url.scheme.isEmpty()) {
            url.opaque = rest.toByteArray();
            return url;
        }
        if (viaRequest)
            return fail(QByteArray("invalid URI for request"));
        const qsizetype slash = rest.indexOf('/');
        if ((slash < 0 ? rest : rest.first(slash)).contains(':'))
            return fail(QByteArray("first path segment in URL cannot contain colon"));
    }
    if ((!url.scheme.isEmpty() || (!viaRequest && !rest.startsWith("///"))) && rest.startsWith("//")) {
        QByteArrayView authority = rest.sliced(2);
        rest = {};
        if (const qsizetype slash = authority.indexOf('/'); slash >= 0) {
            rest = authority.sliced(slash);
            authority = authority.first(slash);
        }
        if (auto error = setAuthority(url, authority))
            return fail(*error);
    }
    if (auto error = setPath(url, rest))
        return fail(*error);
    return url;
}

} // namespace

QByteArray goQuote(QByteArrayView text)
{
    static constexpr char hex[] = "0123456789abcdef";
    QByteArray out = "\"";
    const auto appendByte = [&out](unsigned char byte) {
        out += "\\x";
        out += hex[byte >> 4];
        out += hex[byte & 15];
    };
    for (qsizetype i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            static constexpr std::string_view named = "\a\b\f\n\r\t\v";
            if (const auto at = named.find(text[i]); byte != 0 && at != std::string_view::npos) {
                out += '\\';
                out += "abfnrtv"[at];
            } else if (byte == '"' || byte == '\\') {
                out += '\\';
                out += text[i];
            } else if (byte < 0x20 || byte == 0x7f) {
                appendByte(byte);
            } else {
                out += text[i];
            }
            ++i;
            continue;
        }
        const qsizetype length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        const QByteArrayView piece = text.sliced(i, std::min(length, text.size() - i));
        const QString decoded = QString::fromUtf8(piece);
        const auto points = decoded.toUcs4();
        const bool valid = piece.size() == length && points.size() == 1 && decoded.toUtf8() == piece && byte >= 0xc2 &&
                           (points.at(0) != 0xfffd || piece == QByteArrayView("\xef\xbf\xbd"));
        if (!valid) {
            appendByte(byte);
            ++i;
            continue;
        }
        const char32_t point = points.at(0);
        if (QChar::isPrint(point) && !QChar::isSpace(point)) {
            out.append(piece.data(), piece.size());
        } else {
            const QByteArray digits = QByteArray::number(uint(point), 16);
            out += point > 0xffff ? "\\U" : "\\u";
            out += digits.rightJustified(point > 0xffff ? 8 : 4, '0');
        }
        i += length;
    }
    out += '"';
    return out;
}

Result<GoUrl, QByteArray> GoUrl::parse(QByteArrayView text)
{
    const qsizetype hash = text.indexOf('#');
    const QByteArrayView front = hash < 0 ? text : text.first(hash);
    auto url = parseWithoutFragment(front, false);
    if (!url)
        return fail(QByteArray("parse " + goQuote(front) + ": " + url.error()));
    if (hash >= 0 && hash + 1 < text.size()) {
        auto fragment = unescape(text.sliced(hash + 1), Mode::Fragment);
        if (!fragment)
            return fail(QByteArray("parse " + goQuote(text) + ": " + fragment.error()));
        url->fragment = *fragment;
    }
    return url;
}

Result<GoUrl, QByteArray> GoUrl::parseRequestUri(QByteArrayView text)
{
    auto url = parseWithoutFragment(text, true);
    if (!url)
        return fail(QByteArray("parse " + goQuote(text) + ": " + url.error()));
    return url;
}

QByteArray GoUrl::escapedPath() const
{
    if (!rawPath.isEmpty() && validEncodedPath(rawPath)) {
        if (const auto plain = unescape(rawPath, Mode::Path); plain && *plain == path)
            return rawPath;
    }
    if (path == "*")
        return path;
    return escape(path, Mode::Path);
}

QByteArray GoUrl::toString() const
{
    QByteArray out;
    if (!scheme.isEmpty())
        out = scheme + ':';
    if (!opaque.isEmpty()) {
        out += opaque;
    } else {
        if (!scheme.isEmpty() || !host.isEmpty() || hasUser) {
            if (!host.isEmpty() || !path.isEmpty() || hasUser)
                out += "//";
            if (hasUser) {
                out += escape(user, Mode::UserPassword);
                if (hasPassword)
                    out += ':' + escape(password, Mode::UserPassword);
                out += '@';
            }
            out += escape(host, Mode::Host);
        }
        const QByteArray shown = escapedPath();
        if (!shown.isEmpty() && shown[0] != '/' && !host.isEmpty())
            out += '/';
        out += shown;
    }
    if (forceQuery || !rawQuery.isEmpty())
        out += '?' + rawQuery;
    if (!fragment.isEmpty())
        out += '#' + escape(fragment, Mode::Fragment);
    return out;
}

QByteArray GoUrl::redacted() const
{
    if (!hasPassword)
        return toString();
    GoUrl copy = *this;
    copy.hasPassword = false;
    copy.password.clear();
    QByteArray out = copy.toString();
    const QByteArray plain = escape(user, Mode::UserPassword);
    const qsizetype at = out.indexOf(plain + '@');
    return at < 0 ? out : out.replace(at, plain.size() + 1, user + ":***@");
}

GoValues parseQuery(QByteArrayView rawQuery)
{
    GoValues values;
    while (!rawQuery.isEmpty()) {
        const qsizetype end = rawQuery.indexOf('&');
        const QByteArrayView pair = end < 0 ? rawQuery : rawQuery.first(end);
        rawQuery = end < 0 ? QByteArrayView() : rawQuery.sliced(end + 1);
        if (pair.isEmpty() || pair.contains(';'))
            continue;
        const qsizetype equal = pair.indexOf('=');
        const auto key = unescape(equal < 0 ? pair : pair.first(equal), Mode::Query);
        const auto value = unescape(equal < 0 ? QByteArrayView() : pair.sliced(equal + 1), Mode::Query);
        if (key && value)
            values[*key].push_back(*value);
    }
    return values;
}

QByteArray encodeQuery(const GoValues &values)
{
    QByteArray out;
    for (const auto &[name, list] : values) {
        const QByteArray key = escape(name, Mode::Query);
        for (const QByteArray &value : list) {
            if (!out.isEmpty())
                out += '&';
            out += key + '=' + escape(value, Mode::Query);
        }
    }
    return out;
}

Result<QByteArray, QByteArray> pathUnescape(QByteArrayView text)
{
    return unescape(text, Mode::PathSegment);
}

QByteArray cleanPath(QByteArrayView path)
{
    std::vector<QByteArrayView> parts;
    for (qsizetype i = 0; i < path.size();) {
        qsizetype end = path.indexOf('/', i);
        if (end < 0)
            end = path.size();
        const QByteArrayView part = path.sliced(i, end - i);
        if (part == QByteArrayView("..")) {
            if (!parts.empty())
                parts.pop_back();
        } else if (!part.isEmpty() && part != QByteArrayView(".")) {
            parts.push_back(part);
        }
        i = end + 1;
    }
    QByteArray out;
    for (const QByteArrayView part : parts) {
        out += '/';
        out.append(part.data(), part.size());
    }
    return out.isEmpty() ? QByteArray("/") : out;
}

} // namespace tokenlab::twin
