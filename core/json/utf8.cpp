#include "core/json/utf8.h"

#include <cstring>

namespace tokenlab::json::detail {

namespace {

unsigned hexDigit(char c)
{
    if (c <= '9')
        return unsigned(c - '0');
    return unsigned((c | 0x20) - 'a') + 10;
}

// The four digits after `\u`, which the scanner has seen.
unsigned unit(const char *p)
{
    return hexDigit(p[2]) << 12 | hexDigit(p[3]) << 8 | hexDigit(p[4]) << 4 | hexDigit(p[5]);
}

char *putRune(char *out, unsigned rune)
{
    if (rune < 0x80) {
        *out++ = char(rune);
    } else if (rune < 0x800) {
        *out++ = char(0xC0 | rune >> 6);
        *out++ = char(0x80 | (rune & 0x3F));
    } else if (rune < 0x10000) {
        *out++ = char(0xE0 | rune >> 12);
        *out++ = char(0x80 | (rune >> 6 & 0x3F));
        *out++ = char(0x80 | (rune & 0x3F));
    } else {
        *out++ = char(0xF0 | rune >> 18);
        *out++ = char(0x80 | (rune >> 12 & 0x3F));
        *out++ = char(0x80 | (rune >> 6 & 0x3F));
        *out++ = char(0x80 | (rune & 0x3F));
    }
    return out;
}

bool isHigh(unsigned u)
{
    return u >= 0xD800 && u < 0xDC00;
}
bool isLow(unsigned u)
{
    return u >= 0xDC00 && u < 0xE000;
}

bool lowFollows(const char *p, const char *end)
{
    return end - p >= 12 && p[6] == '\\' && p[7] == 'u' && isLow(unit(p + 6));
}

char unescaped(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c; // " \ /
    }
}

} // namespace

Utf8Check checkUtf8(const char *p, const char *end)
{
    bool separators = false;
    while (p < end) {
        if (end - p >= 8) {
            quint64 word;
            std::memcpy(&word, p, 8);
            if (!(word & 0x8080808080808080ULL)) {
                p += 8;
                continue;
            }
        }
        if (static_cast<unsigned char>(*p) < 0x80) {
            ++p;
            continue;
        }
        const int length = sequenceLength(p, end);
        if (!length)
            return {p, separators};
        if (length == 3 && isSeparator(p))
            separators = true;
        p += length;
    }
    return {nullptr, separators};
}

char *decodeString(const RawString &raw, char *out)
{
    const char *p = raw.begin;
    const char *const end = raw.end;
    while (p < end) {
        // Whole blocks are copied before they are looked at; what is left of the input bounds the room that is left.
#if defined(__SSE2__)
        while (end - p >= 16) {
            const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
            _mm_storeu_si128(reinterpret_cast<__m128i *>(out), block);
            const auto stop = unsigned(_mm_movemask_epi8(_mm_or_si128(block, _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')))));
            const int passed = stop ? std::countr_zero(stop) : 16;
            p += passed;
            out += passed;
            if (stop)
                break;
        }
#endif
        while (p < end && *p != '\\' && static_cast<unsigned char>(*p) < 0x80)
            *out++ = *p++;
        if (p == end)
            break;
        if (*p != '\\') {
            const int length = sequenceLength(p, end);
            if (length) {
                for (int i = 0; i < length; ++i)
                    *out++ = *p++;
            } else {
                out = putRune(out, 0xFFFD);
                ++p;
            }
        } else if (p[1] != 'u') {
            *out++ = unescaped(p[1]);
            p += 2;
        } else {
            unsigned rune = unit(p);
            if (isHigh(rune) && lowFollows(p, end)) {
                rune = 0x10000 + ((rune - 0xD800) << 10) + (unit(p + 6) - 0xDC00);
                p += 6;
            } else if (isHigh(rune) || isLow(rune)) {
                rune = 0xFFFD;
            }
            p += 6;
            out = putRune(out, rune);
        }
    }
    return out;
}

const char *strictFault(const RawString &raw)
{
    if (raw.nonAscii) {
        if (const char *fault = checkUtf8(raw.begin, raw.end).fault)
            return fault;
    }
    if (!raw.escaped)
        return nullptr;
    for (const char *p = raw.begin; p < raw.end;) {
        if (*p != '\\') {
            ++p;
        } else if (p[1] != 'u') {
            p += 2;
        } else {
            const unsigned u = unit(p);
            if (isHigh(u) && lowFollows(p, raw.end))
                p += 6;
            else if (isHigh(u) || isLow(u))
                return p;
            p += 6;
        }
    }
    return nullptr;
}

} // namespace tokenlab::json::detail
