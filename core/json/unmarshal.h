// Filling a struct from a JSON object by the rules of Go's encoding/json (specification §1.4): names match case-insensitively (standard)
// or exactly (JOSE fork), unknown members are ignored, null leaves the zero value, a type error is remembered (the first in member order
// wins) and decoding goes on.
#pragma once

#include "core/json/value.h"

#include <QByteArray>

#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace tokenlab::json {

struct UnmarshalError {
    enum Kind { Type, Base64 };
    Kind kind = Type;
    QByteArray jsonValue;  // `number`, `number 70000`, `string`, `array`, `object`, `bool`
    QByteArray structName; // empty: the value itself (`Go value of type T`)
    QByteArray field;      // dotted as Go prints it
    QByteArray goType;
    qsizetype at = 0; // Base64: the byte
};
// `json: cannot unmarshal number into Go struct field SignerConfig.kid of type string`, `illegal base64 data at input byte 3`, …
[[nodiscard]] QByteArray gatewayText(const UnmarshalError &error);

// []byte: a standard-base64 string, or an array of numbers 0–255.
struct ByteSlice {
    QByteArray *out;
};
using Target = std::variant<QByteArray *, bool *, quint32 *, std::vector<QByteArray> *, std::vector<std::vector<QByteArray>> *,
                            std::vector<quint16> *, ByteSlice, Value *>;
struct Field {
    std::string_view name;
    Target target;
};

// typeName is printed when the value is not an object at all (`jose.SignerConfig`); structName in field errors (`SignerConfig`).
[[nodiscard]] std::optional<UnmarshalError> unmarshalStruct(Value value, std::string_view typeName, std::string_view structName,
                                                            std::span<const Field> fields, bool caseSensitive = false);

// Go's case folding of encoding/json for member names (ASCII plus U+017F ſ and U+212A K).
[[nodiscard]] bool equalFold(std::string_view a, std::string_view b);

} // namespace tokenlab::json
