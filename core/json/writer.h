// The gateway's bytes: members in stored order (sorted), no blanks, HTML-escaped. Specification §5.
#pragma once

#include "core/json/value.h"

#include <QByteArray>

namespace tokenlab::json {

enum class Escapes {
    Standard, // Go 1.25 encoding/json: \b and \f
    JoseFork, // go-jose's fork: \u0008 and \u000c; JOSE headers and flattened JSON
    Minimal,  // what RFC 8259 demands and no more: for files that people read
};

[[nodiscard]] QByteArray write(Value value, Escapes escapes = Escapes::Standard);
void append(QByteArray &out, Value value, Escapes escapes = Escapes::Standard);
void appendString(QByteArray &out, std::string_view text, Escapes escapes = Escapes::Standard);

// Indented for people to read (two blanks), same escapes and order; never what the gateway sends.
[[nodiscard]] QByteArray writePretty(Value value);

// float64 as encoding/json prints it (empty for NaN and infinities, which it refuses): shortest round trip, exponent form below 1e-6 and
// from 1e21, `e-09` as `e-9`.
[[nodiscard]] QByteArray formatFloat(double number);

} // namespace tokenlab::json
