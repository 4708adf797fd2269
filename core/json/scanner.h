// The one tokenizer: accepts, refuses and words its refusals as Go's encoding/json does, and hands what it meets to a Sink (a Value
// builder, a syntax tree). Iterative: the sink keeps the stack of containers. For the sources of this folder only.
//
// A Sink has
//   Context context()                                    where the next value goes
//   void open(Context kind, const char *at)              a container begins
//   void close(const char *end)                          it ends; end is behind its bracket
//   void name(const RawString &)
//   void string(const RawString &)
//   void number(const char *begin, const char *end)
//   void literal(char first, const char *begin, const char *end)   true, false, null
#pragma once

#include "core/json/parse.h"
#include "core/json/utf8.h"

#include <cstring>

namespace tokenlab::json::detail {

enum class Context : quint8 { Top, Object, Array };

// Passes bytes of a string up to the first quote, backslash, control character or the end.
Q_ALWAYS_INLINE const char *passStringRun(const char *p, const char *end, RawString &raw)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i lastControl = _mm_set1_epi8(0x1f);
    const __m128i angleMask = _mm_set1_epi8(char(0xFD));
    const __m128i angle = _mm_set1_epi8('<');
    const __m128i ampersand = _mm_set1_epi8('&');
    while (end - p >= 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
        const __m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
                                           _mm_cmpeq_epi8(_mm_min_epu8(block, lastControl), block));
        const __m128i htmls = _mm_or_si128(_mm_cmpeq_epi8(_mm_and_si128(block, angleMask), angle), _mm_cmpeq_epi8(block, ampersand));
        const auto stop = unsigned(_mm_movemask_epi8(stops));
        const auto html = unsigned(_mm_movemask_epi8(htmls));
        const auto high = unsigned(_mm_movemask_epi8(block));
        const unsigned before = stop ? (stop & (0u - stop)) - 1 : 0xFFFFu;
        raw.html |= (html & before) != 0;
        raw.nonAscii |= (high & before) != 0;
        if (stop)
            return p + std::countr_zero(stop);
        p += 16;
    }
#else
    constexpr quint64 ones = 0x0101010101010101ULL;
    constexpr quint64 highs = 0x8080808080808080ULL;
    while (end - p >= 8) {
        quint64 word;
        std::memcpy(&word, p, 8);
        const auto zeroByte = [](quint64 w) { return (w - ones) & ~w & highs; };
        // Anything out of the ordinary is left to the loop below, a byte at a time.
        if ((word & highs) || zeroByte(word ^ (ones * '"')) || zeroByte(word ^ (ones * '\\')) || ((word - ones * 0x20) & ~word & highs) ||
            zeroByte((word & ones * 0xFD) ^ (ones * '<')) || zeroByte(word ^ (ones * '&')))
            break;
        p += 8;
    }
#endif
    for (; p < end; ++p) {
        const auto c = static_cast<unsigned char>(*p);
        if (c == '"' || c == '\\' || c < 0x20)
            break;
        raw.nonAscii |= c >= 0x80;
        raw.html |= c == '<' || c == '>' || c == '&';
    }
    return p;
}

template <class Sink>
class Scanner
{
public:
    Scanner(QByteArrayView source, const Policy &policy, Sink &sink)
        : m_begin(source.data()), m_p(source.data()), m_end(source.data() + source.size()), m_policy(policy), m_sink(sink)
    {
    }

    // True when the policy accepts the text.
    bool run()
    {
        if (!skipBlanks())
            return ended();
        m_started = true;

    value:
        switch (*m_p) {
        case '"': {
            RawString raw;
            if (!passString(raw))
                return false;
            m_sink.string(raw);
            goto after;
        }
        case '{':
            if (!enter())
                return false;
            m_sink.open(Context::Object, m_p++);
            if (!skipBlanks())
                return ended();
            if (*m_p == '}')
                goto close;
            goto name;
        case '[':
            if (!enter())
                return false;
            m_sink.open(Context::Array, m_p++);
            if (!skipBlanks())
                return ended();
            if (*m_p == ']')
                goto close;
            goto value;
        case 't':
            if (!passLiteral("true", 4))
                return false;
            goto after;
        case 'f':
            if (!passLiteral("false", 5))
                return false;
            goto after;
        case 'n':
            if (!passLiteral("null", 4))
                return false;
            goto after;
        case '-':
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7':
        case '8':
        case '9':
            if (!passNumber())
                return false;
            goto after;
        default:
            return refuse("looking for beginning of value");
        }

    name:
        if (*m_p != '"')
            return refuse("looking for beginning of object key string");
        {
            RawString raw;
            if (!passString(raw))
                return false;
            m_sink.name(raw);
        }
        if (!skipBlanks())
            return ended();
        if (*m_p != ':')
            return refuse("after object key");
        ++m_p;
        if (!skipBlanks())
            return ended();
        goto value;

    close:
        --m_depth;
        m_sink.close(++m_p);

    after:
        switch (m_sink.context()) {
        case Context::Object:
            if (!skipBlanks())
                return ended();
            if (*m_p == ',') {
                ++m_p;
                if (!skipBlanks())
                    return ended();
                goto name;
            }
            if (*m_p == '}')
                goto close;
            return refuse("after object key:value pair");
        case Context::Array:
            if (!skipBlanks())
                return ended();
            if (*m_p == ',') {
                ++m_p;
                if (!skipBlanks())
                    return ended();
                goto value;
            }
            if (*m_p == ']')
                goto close;
            return refuse("after array element");
        case Context::Top:
            break;
        }
        if (!m_policy.firstValueOnly && skipBlanks())
            return refuse("after top-level value");
        return true;
    }

    [[nodiscard]] const SyntaxError &error() const { return m_error; }

private:
    static bool isBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
    static bool isDigit(char c) { return c >= '0' && c <= '9'; }

    // False: the end of the text.
    Q_ALWAYS_INLINE bool skipBlanks()
    {
        if (Q_LIKELY(m_p < m_end) && static_cast<unsigned char>(*m_p) > ' ')
            return true;
        return skipMoreBlanks();
    }
    Q_ALWAYS_INLINE bool skipMoreBlanks()
    {
        if (m_end - m_p >= 2 && *m_p == ' ' && static_cast<unsigned char>(m_p[1]) > ' ') {
            ++m_p;
            return true;
        }
        return skipLongBlanks();
    }
    Q_NEVER_INLINE bool skipLongBlanks()
    {
        const char *p = m_p;
#if defined(__SSE2__)
        while (m_end - p >= 16) {
            const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
            const __m128i blanks =
                _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\n'))),
                             _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\r')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\t'))));
            const unsigned others = ~unsigned(_mm_movemask_epi8(blanks)) & 0xFFFFu;
            if (others) {
                m_p = p + std::countr_zero(others);
                return true;
            }
            p += 16;
        }
#endif
        while (p < m_end && isBlank(*p))
            ++p;
        m_p = p;
        return p < m_end;
    }

    bool enter()
    {
        if (++m_depth <= m_policy.maxDepth || m_policy.maxDepth <= 0)
            return true;
        m_error.kind = SyntaxError::MaxDepth;
        m_error.offset = m_p - m_begin;
        m_error.character = static_cast<unsigned char>(*m_p);
        return false;
    }

    // m_p at the opening quote; afterwards behind the closing one.
    Q_ALWAYS_INLINE bool passString(RawString &raw)
    {
        raw = {m_p + 1, nullptr, false, false, false};
        const char *p = passStringRun(raw.begin, m_end, raw);
        if (Q_UNLIKELY(p == m_end || *p != '"')) {
            p = passEscapes(p, raw);
            if (!p)
                return false;
        }
        raw.end = p;
        m_p = p + 1;
        if (Q_UNLIKELY(m_policy.strictUtf8))
            return checkStrictly(raw);
        return true;
    }

    Q_NEVER_INLINE const char *passEscapes(const char *p, RawString &raw)
    {
        for (;;) {
            if (p == m_end)
                return stop(ended());
            if (*p == '"')
                return p;
            if (*p != '\\')
                return stop(refuseAt(p, "in string literal"));
            raw.escaped = true;
            if (++p == m_end)
                return stop(ended("in string escape code"));
            switch (*p) {
            case '"':
            case '\\':
            case '/':
            case 'b':
            case 'f':
            case 'n':
            case 'r':
            case 't':
                ++p;
                break;
            case 'u':
                ++p;
                for (int i = 0; i < 4; ++i, ++p) {
                    if (p == m_end)
                        return stop(ended("in \\u hexadecimal character escape"));
                    if (!isDigit(*p) && !(*p >= 'a' && *p <= 'f') && !(*p >= 'A' && *p <= 'F'))
                        return stop(refuseAt(p, "in \\u hexadecimal character escape"));
                }
                break;
            default:
                return stop(refuseAt(p, "in string escape code"));
            }
            p = passStringRun(p, m_end, raw);
        }
    }
    static const char *stop(bool) { return nullptr; }

    Q_NEVER_INLINE bool checkStrictly(const RawString &raw)
    {
        const char *fault = strictFault(raw);
        if (!fault)
            return true;
        m_error.kind = SyntaxError::InvalidUtf8;
        m_error.offset = fault - m_begin;
        return false;
    }

    Q_ALWAYS_INLINE bool passNumber()
    {
        const char *p = m_p;
        if (*p == '-') {
            if (++p == m_end)
                return ended("in numeric literal");
            if (!isDigit(*p))
                return refuseAt(p, "in numeric literal");
        }
        if (*p == '0') {
            ++p;
        } else {
            while (p < m_end && isDigit(*p))
                ++p;
        }
        if (p < m_end && *p == '.') {
            if (++p == m_end)
                return ended("after decimal point in numeric literal");
            if (!isDigit(*p))
                return refuseAt(p, "after decimal point in numeric literal");
            while (p < m_end && isDigit(*p))
                ++p;
        }
        if (p < m_end && (*p == 'e' || *p == 'E')) {
            ++p;
            if (p < m_end && (*p == '+' || *p == '-'))
                ++p;
            if (p == m_end)
                return ended("in exponent of numeric literal");
            if (!isDigit(*p))
                return refuseAt(p, "in exponent of numeric literal");
            while (p < m_end && isDigit(*p))
                ++p;
        }
        m_sink.number(m_p, p);
        m_p = p;
        return true;
    }

    Q_ALWAYS_INLINE bool passLiteral(const char *word, int length)
    {
        if (Q_UNLIKELY(m_end - m_p < length || std::memcmp(m_p, word, std::size_t(length)) != 0))
            return refuseLiteral(word, length);
        m_sink.literal(*word, m_p, m_p + length);
        m_p += length;
        return true;
    }
    Q_NEVER_INLINE bool refuseLiteral(const char *word, int length)
    {
        for (int i = 1; i < length; ++i) {
            if (m_p + i < m_end && m_p[i] == word[i])
                continue;
            const QByteArray context = QByteArray("in literal ") + word + " (expecting '" + word[i] + "')";
            return m_p + i < m_end ? refuseAt(m_p + i, context) : ended(context);
        }
        return false; // not reached: the words differ
    }

    bool refuse(const char *context) { return refuseAt(m_p, QByteArray(context)); }
    bool refuseAt(const char *at, const char *context) { return refuseAt(at, QByteArray(context)); }
    Q_NEVER_INLINE bool refuseAt(const char *at, const QByteArray &context)
    {
        m_error.kind = SyntaxError::InvalidCharacter;
        m_error.offset = at - m_begin;
        m_error.character = static_cast<unsigned char>(*at);
        m_error.context = context;
        return false;
    }

    // The text ends where it may not. Go's Unmarshal then feeds its scanner one blank, and complains of that blank where no blank may
    // stand (context); its Decoder does not.
    bool ended(const char *context) { return ended(QByteArray(context)); }
    Q_NEVER_INLINE bool ended(const QByteArray &context = {})
    {
        m_error.offset = m_end - m_begin;
        if (m_policy.firstValueOnly) {
            m_error.kind = m_started ? SyntaxError::UnexpectedEof : SyntaxError::Eof;
        } else if (context.isEmpty()) {
            m_error.kind = SyntaxError::UnexpectedEnd;
        } else {
            m_error.kind = SyntaxError::InvalidCharacter;
            m_error.character = U' ';
            m_error.context = context;
        }
        return false;
    }

    const char *const m_begin;
    const char *m_p;
    const char *const m_end;
    const Policy m_policy;
    Sink &m_sink;
    int m_depth = 0;
    bool m_started = false;
    SyntaxError m_error;
};

} // namespace tokenlab::json::detail
