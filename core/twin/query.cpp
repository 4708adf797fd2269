#include "core/twin/query.h"

#include "core/support/hex.h"
#include "core/support/url.h"

namespace tokenlab::twin {
namespace {

Result<QByteArray, QByteArray> unescape(QByteArrayView text, bool plusIsBlank)
{
    QByteArray out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += plusIsBlank && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size() || hexValue(text[i + 1]) < 0 || hexValue(text[i + 2]) < 0)
            return fail(QByteArray("invalid URL escape " + quoted(text.sliced(i, std::min<qsizetype>(3, text.size() - i)))));
        out += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
        i += 2;
    }
    return out;
}

QByteArray queryEscape(const QByteArray &text)
{
    return text.toPercentEncoding().replace("%20", "+");
}

} // namespace

QueryValues parseQuery(QByteArrayView rawQuery)
{
    QueryValues values;
    while (!rawQuery.isEmpty()) {
        const qsizetype end = rawQuery.indexOf('&');
        const QByteArrayView pair = end < 0 ? rawQuery : rawQuery.first(end);
        rawQuery = end < 0 ? QByteArrayView() : rawQuery.sliced(end + 1);
        if (pair.isEmpty() || pair.contains(';'))
            continue;
        const qsizetype equal = pair.indexOf('=');
        const auto key = unescape(equal < 0 ? pair : pair.first(equal), true);
        const auto value = unescape(equal < 0 ? QByteArrayView() : pair.sliced(equal + 1), true);
        if (key && value)
            values[*key].push_back(*value);
    }
    return values;
}

QByteArray encodeQuery(const QueryValues &values)
{
    QByteArray out;
    for (const auto &[name, list] : values) {
        const QByteArray key = queryEscape(name);
        for (const QByteArray &value : list) {
            if (!out.isEmpty())
                out += '&';
            out += key + '=' + queryEscape(value);
        }
    }
    return out;
}

Result<QByteArray, QByteArray> pathUnescape(QByteArrayView text)
{
    return unescape(text, false);
}

QByteArray pathEscape(const QByteArray &path)
{
    return path.toPercentEncoding("$&+,/:;=@");
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

std::optional<RequestTarget> parseTarget(QByteArrayView target)
{
    if (!target.startsWith('/'))
        return std::nullopt;
    for (const char c : target)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
            return std::nullopt;
    const qsizetype mark = target.indexOf('?');
    auto path = pathUnescape(mark < 0 ? target : target.first(mark));
    if (!path)
        return std::nullopt;
    return RequestTarget{*path, mark < 0 ? QByteArray() : target.sliced(mark + 1).toByteArray()};
}

} // namespace tokenlab::twin
