// UTF-8 and string escapes as Go reads them: a sequence that is not well formed costs one U+FFFD a byte. For this folder only.
#pragma once

#include <QtGlobal>

#include <bit>
#include <cstddef>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tokenlab::json::detail {

// A string as it stands in the text, without its quotes, its escapes already checked.
struct RawString {
    const char *begin;
    const char *end;
    bool escaped;  // has a backslash
    bool nonAscii; // has a byte from 0x80
    bool html;     // has < > or &, which the gateway's writers escape

    [[nodiscard]] std::size_t size() const { return std::size_t(end - begin); }
};

// Length of the well-formed sequence (RFC 3629) at p, which is below end; 0: not well formed.
Q_ALWAYS_INLINE int sequenceLength(const char *p, const char *end)
{
    const auto byte = [p](int i) { return static_cast<unsigned char>(p[i]); };
    const auto continues = [&](int i) { return (byte(i) & 0xC0) == 0x80; };
    const unsigned lead = byte(0);
    const std::ptrdiff_t left = end - p;
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2)
        return 0;
    if (lead < 0xE0)
        return left >= 2 && continues(1) ? 2 : 0;
    if (lead < 0xF0) {
        if (left < 3 || !continues(1) || !continues(2))
            return 0;
        if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F))
            return 0;
        return 3;
    }
    if (lead > 0xF4 || left < 4 || !continues(1) || !continues(2) || !continues(3))
        return 0;
    if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F))
        return 0;
    return 4;
}

// U+2028 and U+2029, the two that Go's writers escape beyond ASCII.
Q_ALWAYS_INLINE bool isSeparator(const char *p)
{
    return p[0] == '\xE2' && p[1] == '\x80' && (p[2] == '\xA8' || p[2] == '\xA9');
}

struct Utf8Check {
    const char *fault;  // the first byte that is not well formed, nullptr: none
    bool hasSeparators; // up to there
};
[[nodiscard]] Utf8Check checkUtf8(const char *begin, const char *end);

// Writes the decoded text, returns its end. Room: raw.size(), three times that when it is not well-formed UTF-8.
char *decodeString(const RawString &raw, char *out);

// Where a strict reader objects: bad UTF-8, an escaped surrogate without its other half. nullptr: nowhere.
[[nodiscard]] const char *strictFault(const RawString &raw);

} // namespace tokenlab::json::detail
