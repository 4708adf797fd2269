// Parsing with the acceptance and the error texts of the gateway's parsers (Go's encoding/json 1.25, go-jose's fork). Specification §4.3,
// §2.2. Iterative, linear, never deeper than the policy's limit; the input may be anything.
#pragma once

#include "core/json/value.h"
#include "core/support/result.h"

namespace tokenlab::json {

struct Policy {
    bool uniqueMembers = false;    // of the outermost object, as go-jose's fork: `json: duplicate key 'k' in object`
    bool firstValueOnly = false;   // json.Decoder: trailing bytes ignored; end of input words are `EOF` / `unexpected EOF`
    int maxDepth = 10000;          // 0: no limit of its own
    bool strictUtf8 = false;       // refuse invalid UTF-8 and lone surrogates instead of repairing
    bool uniqueEverywhere = false; // with uniqueMembers: nested objects too

    static constexpr Policy standard() { return {}; }                        // json.Unmarshal
    static constexpr Policy stream() { return {false, true, 10000, false}; } // json.Decoder.Decode
    static constexpr Policy joseFork() { return {true, false, 10000, false}; }
    static constexpr Policy strict() { return {true, false, 512, true, true}; } // JOSE verification: RFC 8259 without liberties
};

struct SyntaxError {
    enum Kind { UnexpectedEnd, Eof, UnexpectedEof, InvalidCharacter, MaxDepth, DuplicateMember, InvalidUtf8 };
    Kind kind = UnexpectedEnd;
    qsizetype offset = 0;   // byte where it was noticed
    char32_t character = 0; // InvalidCharacter, MaxDepth: the *byte* Go prints (as a code point 0–255)
    QByteArray context; // InvalidCharacter: what follows the character, e.g. `looking for beginning of value`; DuplicateMember: the name
};

// The gateway's own words for it, e.g. `invalid character '}' looking for beginning of object key string`.
[[nodiscard]] QByteArray gatewayText(const SyntaxError &error);

// 1-based line and column (in code points) of a byte offset.
struct Position {
    int line = 1;
    int column = 1;
};
[[nodiscard]] Position positionOf(QByteArrayView source, qsizetype offset);

// The source is kept (shared) by the document: strings without escapes are views into it. So bytes that do not own their memory
// (QByteArray::fromRawData) must outlive the document.
[[nodiscard]] Result<Document, SyntaxError> parse(const QByteArray &source, const Policy &policy = Policy::standard());

} // namespace tokenlab::json
