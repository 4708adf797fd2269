#include "core/support/url.h"

#include "core/support/hex.h"

#include "core/support/address.h"

#include <QList>
#include <QString>

#include <vector>

namespace tokenlab {

namespace {

// Where in a URL a byte stands decides whether it must be escaped.
enum class Part { Path, Host, Zone, UserPassword, Fragment };

bool isAlnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool oneOf(char c, QByteArrayView set)
{
    return set.contains(c);
}

bool mustEscape(char c, Part part)
{
    if (isAlnum(c) || oneOf(c, "-_.~"))
        return false;
    if ((part == Part::Host || part == Part::Zone) && oneOf(c, "!$&'()*+,;=:[]<>\""))
        return false;
    if (oneOf(c, "$&+,/:;=?@")) {
        switch (part) {
        case Part::Path:
            return c == '?';
        case Part::UserPassword:
            return oneOf(c, "@/?:");
        case Part::Fragment:
            return false;
        default:
            return true;
        }
    }
    return !(part == Part::Fragment && oneOf(c, "!()*"));
}

UrlError reasonOnly(const QByteArray &reason)
{
    return {{}, reason};
}

Result<QByteArray, UrlError> unescaped(QByteArrayView text, Part part)
{
    QByteArray out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            const int high = i + 1 < text.size() ? hexValue(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
            const QByteArrayView escape = text.sliced(i, std::min<qsizetype>(3, text.size() - i));
            const auto refused = [&] { return fail(reasonOnly("invalid URL escape " + quoted(escape))); };
            if (high < 0 || low < 0)
                return refused();
            // A host may only escape bytes beyond ASCII, and the percent sign of a zone.
            if (part == Part::Host && high < 8 && escape != "%25")
                return refused();
            const char byte = char(high * 16 + low);
            if (part == Part::Zone && escape != "%25" && byte != ' ' && mustEscape(byte, Part::Host))
                return refused();
            out += byte;
            i += 2;
            continue;
        }
        if ((part == Part::Host || part == Part::Zone) && uchar(c) < 0x80 && mustEscape(c, part))
            return fail(reasonOnly("invalid character " + quoted(text.sliced(i, 1)) + " in host name"));
        out += c;
    }
    return out;
}

QByteArray escaped(QByteArrayView text, Part part)
{
    static const char Digits[] = "0123456789ABCDEF";
    QByteArray out;
    for (const char c : text) {
        if (mustEscape(c, part)) {
            out += '%';
            out += Digits[uchar(c) >> 4];
            out += Digits[uchar(c) & 15];
        } else {
            out += c;
        }
    }
    return out;
}

// An encoding by the author is kept where it is one; otherwise the standard one takes its place.
bool isEncoding(QByteArrayView text, Part part)
{
    for (const char c : text) {
        if (!oneOf(c, "!$&'()*+,;=:@[]%") && mustEscape(c, part))
            return false;
    }
    return true;
}

bool isOptionalPort(QByteArrayView text)
{
    if (text.isEmpty())
        return true;
    if (text[0] != ':')
        return false;
    for (const char c : text.sliced(1)) {
        if (c < '0' || c > '9')
            return false;
    }
    return true;
}

Result<QByteArray, UrlError> parseHost(QByteArrayView host)
{
    const qsizetype open = host.lastIndexOf('[');
    if (open > 0)
        return fail(reasonOnly("invalid IP-literal"));
    if (open == 0) {
        const qsizetype close = host.lastIndexOf(']');
        if (close < 0)
            return fail(reasonOnly("missing ']' in host"));
        const QByteArrayView port = host.sliced(close + 1);
        if (!isOptionalPort(port))
            return fail(reasonOnly("invalid port " + quoted(port) + " after host"));
        const QByteArrayView inner = host.sliced(1, close - 1);
        const qsizetype zone = inner.indexOf("%25");
        QByteArray name;
        const auto address = unescaped(zone >= 0 ? inner.first(zone) : inner, Part::Host);
        if (!address)
            return fail(address.error());
        name = *address;
        if (zone >= 0) {
            const auto rest = unescaped(inner.sliced(zone), Part::Zone);
            if (!rest)
                return fail(rest.error());
            name += *rest;
        }
        if (isIpv4(name))
            return fail(reasonOnly("invalid IP-literal"));
        if (const auto why = refusedIpv6(name))
            return fail(reasonOnly("invalid host: ParseAddr(" + quoted(name) + "): " + *why));
        return '[' + name + ']' + port.toByteArray();
    }
    if (const qsizetype colon = host.lastIndexOf(':'); colon >= 0) {
        const QByteArrayView port = host.sliced(colon);
        if (!isOptionalPort(port))
            return fail(reasonOnly("invalid port " + quoted(port) + " after host"));
    }
    return unescaped(host, Part::Host);
}

bool isUserinfo(QByteArrayView text)
{
    for (const char c : text) {
        if (!isAlnum(c) && !oneOf(c, "-._:~!$&'()*+,;=%@"))
            return false;
    }
    return true;
}

// RFC 3986 §5.2.4 over the reference seen from the base; the result is absolute.
QByteArray resolvePath(const QByteArray &base, const QByteArray &reference)
{
    QByteArray full = reference;
    if (reference.isEmpty())
        full = base;
    else if (reference[0] != '/')
        full = base.first(base.lastIndexOf('/') + 1) + reference;
    if (full.isEmpty())
        return full;
    std::vector<QByteArray> kept;
    const QList<QByteArray> segments = full.split('/');
    // The empty segment before a leading slash is not one.
    qsizetype i = full.startsWith('/') ? 1 : 0;
    for (; i < segments.size(); ++i) {
        if (segments[i] == "..") {
            if (!kept.empty())
                kept.pop_back();
        } else if (segments[i] != ".") {
            kept.push_back(segments[i]);
        }
    }
    if (segments.last() == "." || segments.last() == "..")
        kept.emplace_back();
    QByteArray out;
    for (const QByteArray &segment : kept)
        out += '/' + segment;
    return out.isEmpty() ? QByteArray("/") : out;
}

struct Scheme {
    QByteArray name;
    QByteArrayView rest;
    bool missing = false; // a colon with nothing before it
};

Scheme splitScheme(QByteArrayView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            continue;
        if ((c >= '0' && c <= '9') || oneOf(c, "+-.")) {
            if (i == 0)
                break;
            continue;
        }
        if (c == ':')
            return i == 0 ? Scheme{{}, text, true} : Scheme{text.first(i).toByteArray().toLower(), text.sliced(i + 1), false};
        break;
    }
    return {{}, text, false};
}

} // namespace

QByteArray quoted(QByteArrayView text)
{
    QByteArray out = "\"";
    const auto hex = [&out](const char *prefix, uint value, int width) {
        out += prefix + QByteArray::number(value, 16).rightJustified(width, '0');
    };
    for (qsizetype i = 0; i < text.size();) {
        const uchar c = uchar(text[i]);
        if (c < 0x80) {
            static constexpr char Named[] = "abtnvfr"; // 0x07 to 0x0d
            if (c == '"' || c == '\\')
                (out += '\\') += char(c);
            else if (c >= 7 && c <= 13)
                (out += '\\') += Named[c - 7];
            else if (c < 0x20 || c == 0x7f)
                hex("\\x", c, 2);
            else
                out += char(c);
            ++i;
            continue;
        }
        const qsizetype length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;
        const QByteArray unit = text.sliced(i, std::min(length, text.size() - i)).toByteArray();
        const QString decoded = QString::fromUtf8(unit);
        const QList<uint> points = decoded.toUcs4();
        if (length == 1 || points.size() != 1 || (points[0] == 0xfffd && decoded.toUtf8() != unit)) {
            hex("\\x", c, 2);
            ++i;
            continue;
        }
        const auto category = QChar::category(points[0]);
        const bool printable = category != QChar::Other_Control && category != QChar::Other_Format && category != QChar::Other_Surrogate &&
                               category != QChar::Other_PrivateUse && category != QChar::Other_NotAssigned &&
                               category != QChar::Separator_Line && category != QChar::Separator_Paragraph &&
                               category != QChar::Separator_Space;
        if (printable)
            out += unit;
        else if (points[0] > 0xffff)
            hex("\\U", points[0], 8);
        else
            hex("\\u", points[0], 4);
        i += length;
    }
    return out + '"';
}

Result<void, UrlError> Url::setPath(QByteArrayView text)
{
    const auto decoded = unescaped(text, Part::Path);
    if (!decoded)
        return fail(decoded.error());
    m_path = isEncoding(text, Part::Path) ? text.toByteArray() : escaped(*decoded, Part::Path);
    return {};
}

Result<Url, UrlError> Url::parse(QByteArrayView text)
{
    const qsizetype hash = text.indexOf('#');
    const QByteArrayView whole = hash >= 0 ? text.first(hash) : text;
    const auto refuse = [](QByteArrayView what, const QByteArray &reason) {
        return fail(UrlError{"parse " + quoted(what) + ": " + reason, reason});
    };
    for (const char c : whole) {
        if (uchar(c) < 0x20 || c == 0x7f)
            return refuse(whole, "net/url: invalid control character in URL");
    }
    Url url;
    const Scheme scheme = splitScheme(whole);
    if (scheme.missing)
        return refuse(whole, "missing protocol scheme");
    url.scheme = scheme.name;
    QByteArrayView rest = scheme.rest;
    if (const qsizetype mark = rest.indexOf('?'); mark >= 0) {
        url.m_forceQuery = mark == rest.size() - 1;
        url.m_query = rest.sliced(mark + 1).toByteArray();
        rest = rest.first(mark);
    }
    if (!rest.startsWith('/')) {
        if (!url.scheme.isEmpty()) {
            url.opaque = rest.toByteArray();
            rest = {};
        } else {
            const qsizetype slash = rest.indexOf('/');
            if ((slash >= 0 ? rest.first(slash) : rest).contains(':'))
                return refuse(whole, "first path segment in URL cannot contain colon");
        }
    } else if (rest.startsWith("//") && (!url.scheme.isEmpty() || !rest.startsWith("///"))) {
        QByteArrayView authority = rest.sliced(2);
        rest = {};
        if (const qsizetype slash = authority.indexOf('/'); slash >= 0) {
            rest = authority.sliced(slash);
            authority = authority.first(slash);
        }
        const qsizetype at = authority.lastIndexOf('@');
        const auto host = parseHost(authority.sliced(at + 1));
        if (!host)
            return refuse(whole, host.error().reason);
        url.host = *host;
        if (at >= 0) {
            const QByteArrayView userinfo = authority.first(at);
            if (!isUserinfo(userinfo))
                return refuse(whole, "net/url: invalid userinfo");
            const qsizetype colon = userinfo.indexOf(':');
            const auto name = unescaped(colon >= 0 ? userinfo.first(colon) : userinfo, Part::UserPassword);
            if (!name)
                return refuse(whole, name.error().reason);
            url.user = User{*name, std::nullopt};
            if (colon >= 0) {
                const auto password = unescaped(userinfo.sliced(colon + 1), Part::UserPassword);
                if (!password)
                    return refuse(whole, password.error().reason);
                url.user->password = *password;
            }
        }
    } else if (!url.scheme.isEmpty()) {
        url.m_omitHost = true;
    }
    if (const auto set = url.setPath(rest); !set)
        return refuse(whole, set.error().reason);
    if (hash >= 0 && hash + 1 < text.size()) {
        const QByteArrayView fragment = text.sliced(hash + 1);
        const auto decoded = unescaped(fragment, Part::Fragment);
        if (!decoded)
            return refuse(text, decoded.error().reason);
        url.m_fragment = isEncoding(fragment, Part::Fragment) ? fragment.toByteArray() : escaped(*decoded, Part::Fragment);
    }
    return url;
}

Result<Url, UrlError> Url::resolved(QByteArrayView reference) const
{
    auto parsed = parse(reference);
    if (!parsed)
        return parsed;
    Url url = *std::move(parsed);
    const bool ownScheme = !url.scheme.isEmpty();
    if (!ownScheme)
        url.scheme = scheme;
    if (ownScheme || !url.host.isEmpty() || url.user) {
        url.m_path = resolvePath(url.m_path, {});
        return url;
    }
    if (!url.opaque.isEmpty())
        return url;
    if (url.m_path.isEmpty() && !url.m_forceQuery && url.m_query.isEmpty()) {
        url.m_query = m_query;
        if (url.m_fragment.isEmpty())
            url.m_fragment = m_fragment;
    }
    if (url.m_path.isEmpty() && !opaque.isEmpty()) {
        url.opaque = opaque;
        return url;
    }
    url.host = host;
    url.user = user;
    url.m_path = resolvePath(m_path, url.m_path);
    return url;
}

QByteArray Url::hostName() const
{
    QByteArrayView name = host;
    const qsizetype colon = host.lastIndexOf(':');
    if (colon >= 0 && isOptionalPort(name.sliced(colon)))
        name = name.first(colon);
    if (name.startsWith('[') && name.endsWith(']'))
        name = name.sliced(1, name.size() - 2);
    return name.toByteArray();
}

QByteArray Url::portText() const
{
    const qsizetype colon = host.lastIndexOf(':');
    if (colon < 0 || !isOptionalPort(QByteArrayView(host).sliced(colon)))
        return {};
    return host.sliced(colon + 1);
}

int Url::port() const
{
    const QByteArray text = portText();
    if (text.isEmpty())
        return scheme == "https" ? 443 : 80;
    bool ok = false;
    const uint number = text.toUInt(&ok);
    return ok && number <= 65535 ? int(number) : -1;
}

QByteArray Url::escapedPath() const
{
    return m_path;
}

QByteArray Url::target() const
{
    QByteArray out = m_path.isEmpty() ? QByteArray("/") : m_path;
    if (m_forceQuery || !m_query.isEmpty())
        out += '?' + m_query;
    return out;
}

QByteArray Url::toString() const
{
    QByteArray out;
    if (!scheme.isEmpty())
        out += scheme + ':';
    if (!opaque.isEmpty()) {
        out += opaque;
    } else {
        if ((!scheme.isEmpty() || !host.isEmpty() || user) && !(m_omitHost && host.isEmpty() && !user)) {
            if (!host.isEmpty() || !m_path.isEmpty() || user)
                out += "//";
            if (user) {
                out += escaped(user->name, Part::UserPassword);
                if (user->password)
                    out += ':' + escaped(*user->password, Part::UserPassword);
                out += '@';
            }
            // A zone's percent sign is the only one that needs its escape back.
            const qsizetype zone = host.startsWith('[') ? host.indexOf('%') : -1;
            if (zone >= 0)
                out += escaped(QByteArrayView(host).first(zone), Part::Host) + escaped(QByteArrayView(host).sliced(zone), Part::Zone);
            else
                out += escaped(host, Part::Host);
        }
        if (!m_path.isEmpty() && m_path[0] != '/' && !host.isEmpty())
            out += '/';
        if (out.isEmpty()) {
            const qsizetype slash = m_path.indexOf('/');
            if ((slash >= 0 ? m_path.first(slash) : m_path).contains(':'))
                out += "./";
        }
        out += m_path;
    }
    if (m_forceQuery || !m_query.isEmpty())
        out += '?' + m_query;
    if (!m_fragment.isEmpty())
        out += '#' + m_fragment;
    return out;
}

QByteArray Url::redacted() const
{
    if (!user || !user->password)
        return toString();
    Url copy = *this;
    copy.user.reset();
    const QByteArray without = copy.toString();
    const qsizetype slashes = without.indexOf("//");
    return without.first(slashes + 2) + user->name + ":***@" + without.sliced(slashes + 2);
}

QByteArray Url::withoutUser() const
{
    Url copy = *this;
    copy.user.reset();
    return copy.toString();
}

void Url::dropEmptyPort()
{
    if (host.endsWith(':') && host.lastIndexOf(':') > host.lastIndexOf(']'))
        host.chop(1);
}

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

} // namespace tokenlab
