#include "core/gateway/layout.h"

#include "core/gateway/edit.h"
#include "core/json/parse.h"

namespace tokenlab::gateway {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// End of the token (string, number, literal or punctuation) at `at`; the text is known to be JSON.
qsizetype tokenEnd(const QByteArray &text, qsizetype at)
{
    const char first = text[at];
    if (first == '"') {
        for (qsizetype i = at + 1; i < text.size(); ++i) {
            if (text[i] == '\\')
                ++i;
            else if (text[i] == '"')
                return i + 1;
        }
        return text.size();
    }
    if (QByteArrayView("{}[],:").contains(first))
        return at + 1;
    qsizetype i = at;
    while (i < text.size() && !isBlank(text[i]) && !QByteArrayView("{}[],:").contains(text[i]))
        ++i;
    return i;
}

qsizetype skipBlanks(const QByteArray &text, qsizetype at)
{
    while (at < text.size() && isBlank(text[at]))
        ++at;
    return at;
}

// The end of an array that holds only a few short scalars; -1 otherwise.
qsizetype shortArrayEnd(const QByteArray &text, qsizetype at)
{
    qsizetype used = 0;
    for (qsizetype i = skipBlanks(text, at + 1); i < text.size() && used < 60; i = skipBlanks(text, i)) {
        if (text[i] == '[' || text[i] == '{')
            return -1;
        if (text[i] == ']')
            return i + 1;
        const qsizetype end = tokenEnd(text, i);
        used += end - i;
        i = end;
    }
    return -1;
}

void appendToken(QByteArray &out, QByteArrayView token, qsizetype keep)
{
    if (keep < 0 || token.size() <= keep + 2 || token.front() != '"') {
        out += token;
        return;
    }
    qsizetype cut = keep;
    while (cut > 1 && (uchar(token[cut]) & 0xc0) == 0x80)
        --cut;
    out += token.first(cut);
    out += "\xE2\x80\xA6\"";
}

void appendOnLine(QByteArray &out, const QByteArray &json, qsizetype begin, qsizetype end, const Layout &layout)
{
    for (qsizetype k = skipBlanks(json, begin); k < end; k = skipBlanks(json, k)) {
        const qsizetype e = tokenEnd(json, k);
        if (json[k] == ',') {
            out += ',';
            out += layout.gap;
        } else if (json[k] == ':') {
            out += layout.colon;
        } else {
            out += QByteArrayView(json).sliced(k, e - k);
        }
        k = e;
    }
}

} // namespace

QByteArray laidOut(const QByteArray &json, const Layout &layout)
{
    if (!json::parse(json))
        return json;
    QByteArray out;
    out.reserve(json.size() + json.size() / 4);
    if (!layout.lines) {
        appendOnLine(out, json, 0, json.size(), layout);
        return out;
    }
    qsizetype depth = 0;
    // Deep nesting would make the indentation quadratic.
    const auto newLine = [&] {
        out += '\n';
        for (qsizetype i = 0; i < qMin<qsizetype>(depth, 64); ++i)
            out += layout.step;
    };
    for (qsizetype i = skipBlanks(json, 0); i < json.size(); i = skipBlanks(json, i)) {
        const qsizetype end = tokenEnd(json, i);
        const char c = json[i];
        if (c == '{' || c == '[') {
            const qsizetype next = skipBlanks(json, end);
            if (next < json.size() && (json[next] == '}' || json[next] == ']')) {
                out += c;
                out += json[next];
                i = next + 1;
                continue;
            }
            const qsizetype arrayEnd = c == '[' && !(layout.spreadList && depth == 0) ? shortArrayEnd(json, i) : -1;
            if (arrayEnd > 0) {
                appendOnLine(out, json, i, arrayEnd, layout);
                i = arrayEnd;
                continue;
            }
            out += c;
            ++depth;
            newLine();
        } else if (c == '}' || c == ']') {
            --depth;
            newLine();
            out += c;
        } else if (c == ',') {
            out += c;
            newLine();
        } else if (c == ':') {
            out += layout.colon;
        } else {
            const qsizetype after = skipBlanks(json, end);
            const bool isName = after < json.size() && json[after] == ':';
            appendToken(out, QByteArrayView(json).sliced(i, end - i), isName ? -1 : layout.keep);
        }
        i = end;
    }
    return out;
}

namespace edit {

QByteArray prettyLossless(const QByteArray &json)
{
    return laidOut(json, {});
}

QByteArray prettyShortened(const QByteArray &json, qsizetype keep)
{
    Layout layout;
    layout.keep = keep;
    return laidOut(json, layout);
}

} // namespace edit

} // namespace tokenlab::gateway
