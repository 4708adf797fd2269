// Scalars as the gateway's Go code reads them: time.ParseDuration, strconv.ParseInt/ParseUint/ParseBool/ParseFloat (base 0) and the
// words of their errors as the decoder prints them (specification §1.2).
#pragma once

#include "core/support/result.h"

#include <QByteArray>

#include <string_view>

namespace tokenlab::gateway {

// Nanoseconds, or what stands after the field's name: `time: invalid duration`, `time: missing unit in duration`, `time: unknown unit`.
[[nodiscard]] Result<qint64, QByteArray> parseDuration(std::string_view text);

enum class NumberError { Syntax, Range };
[[nodiscard]] Result<qint64, NumberError> parseInt(std::string_view text);
[[nodiscard]] Result<quint64, NumberError> parseUint(std::string_view text, int bits);
[[nodiscard]] Result<bool, NumberError> parseBool(std::string_view text);
[[nodiscard]] Result<double, NumberError> parseFloat(std::string_view text);
// `strconv.ParseInt: invalid syntax`, `strconv.ParseUint: value out of range`.
[[nodiscard]] QByteArray gatewayText(NumberError error, std::string_view function);

// A float64 as an integer, cut towards zero; what does not fit becomes the smallest integer, as on amd64.
[[nodiscard]] qint64 truncate(double number);
// strconv.FormatFloat(x, 'f', -1, 64): shortest digits, never an exponent.
[[nodiscard]] QByteArray formatPlain(double number);

// The first number literal of a valid JSON text that no float64 can hold (`1e400`), or an empty view.
[[nodiscard]] std::string_view firstOverflow(std::string_view json);
// A valid JSON text with every number written as encoding/json writes the float64 it was read into: `5.0` becomes `5`.
[[nodiscard]] QByteArray withFloatNumbers(std::string_view json);

} // namespace tokenlab::gateway
