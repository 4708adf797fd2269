#include "core/json/writer.h"

#include "core/json/node.h"
#include "core/json/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tokenlab::json {

namespace {

using detail::Node;

enum : quint8 { Raw, Short, Hex, NonAscii };

using ByteClasses = std::array<quint8, 256>;

constexpr ByteClasses classesOf(Escapes escapes)
{
    ByteClasses classes{};
    for (unsigned c = 0; c < 0x20; ++c)
        classes[c] = Hex;
    for (unsigned c = 0x80; c < 0x100; ++c)
        classes[c] = NonAscii;
    for (const char c : {'"', '\\', '\n', '\r', '\t'})
        classes[static_cast<unsigned char>(c)] = Short;
    if (escapes != Escapes::JoseFork) {
        classes[static_cast<unsigned char>('\b')] = Short;
        classes[static_cast<unsigned char>('\f')] = Short;
    }
    if (escapes != Escapes::Minimal) {
        for (const char c : {'<', '>', '&'})
            classes[static_cast<unsigned char>(c)] = Hex;
    }
    return classes;
}

constexpr ByteClasses standardClasses = classesOf(Escapes::Standard);
constexpr ByteClasses joseClasses = classesOf(Escapes::JoseFork);
constexpr ByteClasses minimalClasses = classesOf(Escapes::Minimal);

const ByteClasses &classes(Escapes escapes)
{
    switch (escapes) {
    case Escapes::JoseFork:
        return joseClasses;
    case Escapes::Minimal:
        return minimalClasses;
    case Escapes::Standard:
        break;
    }
    return standardClasses;
}

char shortEscape(char c)
{
    switch (c) {
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    default:
        return c;
    }
}

// The first byte that may not go out as it is, in any style of escapes.
Q_ALWAYS_INLINE const char *passPlainRun(const char *p, const char *end, const ByteClasses &byteClass)
{
#if defined(__SSE2__)
    while (end - p >= 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
        // As signed bytes everything from 0x80 is below the controls' end, so one comparison finds both.
        const __m128i outside = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
        const __m128i quotes = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
        const __m128i html = _mm_or_si128(_mm_cmpeq_epi8(_mm_and_si128(block, _mm_set1_epi8(char(0xFD))), _mm_set1_epi8('<')),
                                          _mm_cmpeq_epi8(block, _mm_set1_epi8('&')));
        const auto stop = unsigned(_mm_movemask_epi8(_mm_or_si128(outside, _mm_or_si128(quotes, html))));
        if (stop)
            return p + std::countr_zero(stop);
        p += 16;
    }
#endif
    while (p < end && byteClass[static_cast<unsigned char>(*p)] == Raw)
        ++p;
    return p;
}

// The end of a QByteArray as a raw buffer: grown by doubling, cut to size once.
class Output
{
public:
    explicit Output(QByteArray &bytes) : m_bytes(bytes)
    {
        const qsizetype used = bytes.size();
        const qsizetype room = bytes.capacity();
        bytes.resize(room - used >= 64 ? room : used + 512);
        take(std::size_t(used));
    }
    ~Output() { m_bytes.resize(m_p - m_begin); }
    Output(const Output &) = delete;
    Output &operator=(const Output &) = delete;

    Q_ALWAYS_INLINE void need(std::size_t size)
    {
        if (Q_UNLIKELY(std::size_t(m_end - m_p) < size))
            grow(size);
    }
    // The put functions rely on an earlier need().
    Q_ALWAYS_INLINE void put(char c) { *m_p++ = c; }
    Q_ALWAYS_INLINE void put(const char *from, std::size_t size)
    {
        detail::copyBytes(m_p, from, size);
        m_p += size;
    }
    void putHex(unsigned char c)
    {
        static constexpr char digits[] = "0123456789abcdef";
        put("\\u00", 4);
        put(digits[c >> 4]);
        put(digits[c & 15]);
    }

private:
    void take(std::size_t used)
    {
        m_begin = m_bytes.data();
        m_p = m_begin + used;
        m_end = m_begin + m_bytes.size();
    }
    Q_NEVER_INLINE void grow(std::size_t size)
    {
        const qsizetype used = m_p - m_begin;
        m_bytes.resize(std::max(m_bytes.size() * 2, used + qsizetype(size)));
        take(std::size_t(used));
    }

    QByteArray &m_bytes;
    char *m_begin = nullptr;
    char *m_p = nullptr;
    char *m_end = nullptr;
};

// From p on, where something needs a look.
Q_NEVER_INLINE void putUncommon(Output &out, const char *p, const char *end, Escapes escapes)
{
    const ByteClasses &byteClass = classes(escapes);
    while (p < end) {
        const char *run = p;
        for (;;) {
            p = passPlainRun(p, end, byteClass);
            if (p == end)
                break;
            const quint8 kind = byteClass[static_cast<unsigned char>(*p)];
            if (kind == Raw) { // the block search is the same for all styles
                ++p;
                continue;
            }
            if (kind != NonAscii)
                break;
            const int length = detail::sequenceLength(p, end);
            if (!length || (length == 3 && escapes != Escapes::Minimal && detail::isSeparator(p)))
                break;
            p += length;
        }
        out.need(std::size_t(p - run) + 8);
        out.put(run, std::size_t(p - run));
        if (p == end)
            return;
        const char c = *p;
        switch (byteClass[static_cast<unsigned char>(c)]) {
        case Short:
            out.put('\\');
            out.put(shortEscape(c));
            ++p;
            break;
        case Hex:
            out.putHex(static_cast<unsigned char>(c));
            ++p;
            break;
        default:
            if (detail::sequenceLength(p, end)) {
                out.put(p[2] == '\xA8' ? "\\u2028" : "\\u2029", 6);
                p += 3;
            } else {
                out.put("\\ufffd", 6);
                ++p;
            }
            break;
        }
    }
}

Q_ALWAYS_INLINE void putString(Output &out, std::string_view text, Escapes escapes)
{
    const char *end = text.data() + text.size();
    const char *p = passPlainRun(text.data(), end, classes(escapes));
    const auto plain = std::size_t(p - text.data());
    out.need(plain + 3);
    out.put('"');
    out.put(text.data(), plain);
    if (p != end)
        putUncommon(out, p, end, escapes);
    out.need(2);
    out.put('"');
}

Q_ALWAYS_INLINE void putPlain(Output &out, std::string_view text)
{
    out.need(text.size() + 3);
    out.put('"');
    out.put(text.data(), text.size());
    out.put('"');
}

struct Frame {
    const void *next; // Member or Value
    const void *end;
    bool object;
    bool plainNames;
};

void putIndent(Output &out, std::size_t depth)
{
    out.need(1 + depth * 2);
    out.put('\n');
    for (std::size_t i = 0; i < depth; ++i)
        out.put("  ", 2);
}

template <bool pretty>
void putValue(Output &out, Value root, Escapes escapes)
{
    detail::Stack<Frame, 32> outer;
    Frame current{nullptr, nullptr, false, false};
    std::size_t depth = 0;
    const Node *node = root.node();
    if (!node)
        node = &detail::NullNode;

    for (;;) {
        // One value,
        switch (node->type) {
        case Type::Null:
            out.need(4);
            out.put("null", 4);
            break;
        case Type::Bool:
            out.need(5);
            if (node->flags & detail::True)
                out.put("true", 4);
            else
                out.put("false", 5);
            break;
        case Type::Number:
            out.need(node->size);
            out.put(static_cast<const char *>(node->data), node->size);
            break;
        case Type::String:
            if (node->flags & detail::PlainText)
                putPlain(out, node->text());
            else
                putString(out, node->text(), escapes);
            break;
        case Type::Array:
            out.need(2);
            if (node->size == 0) {
                out.put("[]", 2);
                break;
            }
            out.put('[');
            outer.push(current);
            ++depth;
            current = {node->data, node->elements().data() + node->size, false, false};
            goto child;
        case Type::Object:
            out.need(4);
            if (node->flags & detail::NilMap) {
                out.put("null", 4);
                break;
            }
            if (node->size == 0) {
                out.put("{}", 2);
                break;
            }
            out.put('{');
            outer.push(current);
            ++depth;
            current = {node->data, node->members().data() + node->size, true, (node->flags & detail::PlainNames) != 0};
            goto child;
        }

        // then the ends of what it was the last of,
        for (;;) {
            if (depth == 0)
                return;
            if (current.next != current.end)
                break;
            if constexpr (pretty)
                putIndent(out, depth - 1);
            out.need(1);
            out.put(current.object ? '}' : ']');
            current = outer.back();
            outer.cut(outer.size() - 1);
            --depth;
        }
        out.need(1);
        out.put(',');

    child: // then the next one.
        if constexpr (pretty)
            putIndent(out, depth);
        Value value;
        if (current.object) {
            const auto *member = static_cast<const Member *>(current.next);
            current.next = member + 1;
            if (current.plainNames)
                putPlain(out, member->name);
            else
                putString(out, member->name, escapes);
            out.need(2);
            out.put(':');
            if constexpr (pretty)
                out.put(' ');
            value = member->value;
        } else {
            const auto *element = static_cast<const Value *>(current.next);
            current.next = element + 1;
            value = *element;
        }
        node = value.node() ? value.node() : &detail::NullNode;
    }
}

} // namespace

QByteArray write(Value value, Escapes escapes)
{
    QByteArray out;
    append(out, value, escapes);
    return out;
}

void append(QByteArray &out, Value value, Escapes escapes)
{
    Output output(out);
    putValue<false>(output, value, escapes);
}

void appendString(QByteArray &out, std::string_view text, Escapes escapes)
{
    Output output(out);
    putString(output, text, escapes);
}

QByteArray writePretty(Value value)
{
    QByteArray out;
    {
        Output output(out);
        putValue<true>(output, value, Escapes::Standard);
    }
    return out;
}

QByteArray formatFloat(double number)
{
    if (!std::isfinite(number))
        return {};
    // Shortest digits as d.ddde±XX, then laid out as Go does: fixed notation pads with zeros instead of printing digits nobody asked for.
    char buffer[32];
    const auto printed = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
    const std::string_view text(buffer, std::size_t(printed.ptr - buffer));
    const std::size_t mark = text.find('e');
    QByteArray sign, digits;
    for (const char c : text.substr(0, mark)) {
        if (c == '-')
            sign = "-";
        else if (c != '.')
            digits += c;
    }
    int exponent = 0;
    std::string_view exponentText = text.substr(mark + 1);
    if (exponentText.front() == '+')
        exponentText.remove_prefix(1);
    std::from_chars(exponentText.data(), exponentText.data() + exponentText.size(), exponent);

    const double magnitude = std::fabs(number);
    if (magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21)) {
        QByteArray out = sign + digits.left(1);
        if (digits.size() > 1)
            out += '.' + digits.mid(1);
        out += exponent < 0 ? "e-" : "e+";
        return out + QByteArray::number(std::abs(exponent));
    }
    if (exponent < 0)
        return sign + "0." + QByteArray(-exponent - 1, '0') + digits;
    if (digits.size() <= exponent + 1)
        return sign + digits + QByteArray(exponent + 1 - digits.size(), '0');
    return sign + digits.left(exponent + 1) + '.' + digits.mid(exponent + 1);
}

} // namespace tokenlab::json
