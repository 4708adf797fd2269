#include "core/json/unmarshal.h"

#include <charconv>

namespace tokenlab::json {

namespace {

QByteArray toBytes(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

// One rune of a name after Go's folding: lower ASCII; the long s and the Kelvin sign are s and k. Advances.
unsigned foldedUnit(std::string_view text, std::size_t &at)
{
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == 0xC5 && at + 1 < text.size() && text[at + 1] == '\xBF') {
        at += 2;
        return 's';
    }
    if (c == 0xE2 && at + 2 < text.size() && text[at + 1] == '\x84' && text[at + 2] == '\xAA') {
        at += 3;
        return 'k';
    }
    ++at;
    return c >= 'A' && c <= 'Z' ? unsigned(c | 0x20) : c;
}

// strconv.ParseUint of a JSON number; false: a fraction, an exponent, a sign, or out of range.
template <class T>
bool parseUnsigned(std::string_view literal, T &out)
{
    T number = 0;
    const auto [end, fault] = std::from_chars(literal.data(), literal.data() + literal.size(), number);
    if (fault != std::errc() || end != literal.data() + literal.size() || literal.front() == '-')
        return false;
    out = number;
    return true;
}

struct Base64Outcome {
    QByteArray bytes;
    qsizetype fault = -1;
};

int base64Digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Go's base64.StdEncoding with the position it names: line breaks skipped, padding mandatory, loose trailing bits. core/jose has it too,
// but stands above this folder.
Base64Outcome decodeBase64(std::string_view text)
{
    Base64Outcome outcome;
    std::size_t at = 0;
    const auto skipBreaks = [&] {
        while (at < text.size() && (text[at] == '\n' || text[at] == '\r'))
            ++at;
    };
    for (;;) {
        unsigned group = 0;
        int digits = 0;
        for (; digits < 4; ++digits) {
            skipBreaks();
            if (at == text.size()) {
                if (digits > 0)
                    outcome.fault = qsizetype(at) - digits;
                return outcome;
            }
            const int digit = base64Digit(text[at]);
            if (digit < 0)
                break;
            group = group << 6 | unsigned(digit);
            ++at;
        }
        if (digits < 4) {
            if (text[at] != '=' || digits < 2) {
                outcome.fault = qsizetype(at);
                return outcome;
            }
            ++at;
            if (digits == 2) { // a second one
                skipBreaks();
                if (at == text.size()) {
                    outcome.fault = qsizetype(text.size());
                    return outcome;
                }
                if (text[at] != '=') {
                    outcome.fault = qsizetype(at) - 1; // Go names the byte before it
                    return outcome;
                }
                ++at;
            }
            skipBreaks();
            if (at < text.size()) {
                outcome.fault = qsizetype(at);
                return outcome;
            }
            group <<= 6 * (4 - digits);
            outcome.bytes += char(group >> 16);
            if (digits == 3)
                outcome.bytes += char(group >> 8 & 0xFF);
            return outcome;
        }
        outcome.bytes += char(group >> 16);
        outcome.bytes += char(group >> 8 & 0xFF);
        outcome.bytes += char(group & 0xFF);
    }
}

// Decodes one field. The first type error is kept, whatever else happens.
class FieldReader
{
public:
    FieldReader(std::optional<UnmarshalError> &error, std::string_view structName, std::string_view field)
        : m_error(error), m_structName(structName), m_field(field)
    {
    }

    void read(Value value, QByteArray *out)
    {
        if (value.isNull())
            return;
        if (value.isString())
            *out = value.bytes();
        else
            typeError(kindName(value.type()), "string");
    }

    void read(Value value, bool *out)
    {
        if (value.isNull())
            return;
        if (value.isBool())
            *out = value.asBool();
        else
            typeError(kindName(value.type()), "bool");
    }

    void read(Value value, std::vector<QByteArray> *out)
    {
        readSlice(value, out, "[]string", [this](Value element, QByteArray &slot) { read(element, &slot); });
    }

    void read(Value value, quint32 *out) { readUnsigned(value, *out, "uint32"); }

    void read(Value value, std::vector<std::vector<QByteArray>> *out)
    {
        readSlice(value, out, "[][]string", [this](Value element, std::vector<QByteArray> &slot) { read(element, &slot); });
    }

    void read(Value value, std::vector<quint16> *out)
    {
        readSlice(value, out, "[]uint16", [this](Value element, quint16 &slot) { readUnsigned(element, slot, "uint16"); });
    }

    void read(Value value, ByteSlice slice)
    {
        if (value.isString()) {
            const Base64Outcome decoded = decodeBase64(value.text());
            if (decoded.fault < 0) {
                *slice.out = decoded.bytes;
            } else if (!m_error) {
                m_error = UnmarshalError{UnmarshalError::Base64, {}, {}, toBytes(m_field), "[]uint8", decoded.fault};
            }
            return;
        }
        std::vector<quint8> bytes(slice.out->begin(), slice.out->end());
        readSlice(value, &bytes, "[]uint8", [this](Value element, quint8 &slot) { readUnsigned(element, slot, "uint8"); });
        *slice.out = QByteArray(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size()));
    }

    void read(Value value, Value *out) { *out = value; }

private:
    // Go decodes into the slice that is there: an element that cannot be decoded, or is null, keeps its old value.
    template <class T, class ReadElement>
    void readSlice(Value value, std::vector<T> *out, const char *goType, ReadElement readElement)
    {
        if (value.isNull()) {
            out->clear();
            return;
        }
        if (!value.isArray()) {
            typeError(kindName(value.type()), goType);
            return;
        }
        out->resize(value.size());
        for (std::size_t i = 0; i < value.size(); ++i)
            readElement(value.at(i), (*out)[i]);
    }

    template <class T>
    void readUnsigned(Value value, T &slot, const char *goType)
    {
        if (value.isNull())
            return;
        if (!value.isNumber())
            typeError(kindName(value.type()), goType);
        else if (!parseUnsigned(value.text(), slot))
            typeError("number " + value.bytes(), goType);
    }

    void typeError(const QByteArray &kind, const char *goType)
    {
        if (!m_error)
            m_error = UnmarshalError{UnmarshalError::Type, kind, toBytes(m_structName), toBytes(m_field), goType, 0};
    }

    std::optional<UnmarshalError> &m_error;
    const std::string_view m_structName;
    const std::string_view m_field;
};

} // namespace

bool equalFold(std::string_view a, std::string_view b)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (foldedUnit(a, i) != foldedUnit(b, j))
            return false;
    }
    return i == a.size() && j == b.size();
}

QByteArray gatewayText(const UnmarshalError &error)
{
    if (error.kind == UnmarshalError::Base64)
        return "illegal base64 data at input byte " + QByteArray::number(error.at);
    const QByteArray start = "json: cannot unmarshal " + error.jsonValue + " into Go ";
    if (error.structName.isEmpty())
        return start + "value of type " + error.goType;
    return start + "struct field " + error.structName + '.' + error.field + " of type " + error.goType;
}

std::optional<UnmarshalError> unmarshalStruct(Value value, std::string_view typeName, std::string_view structName,
                                              std::span<const Field> fields, bool caseSensitive)
{
    std::optional<UnmarshalError> error;
    if (value.isNull())
        return error;
    if (!value.isObject()) {
        error = UnmarshalError{UnmarshalError::Type, kindName(value.type()), {}, {}, toBytes(typeName), 0};
        return error;
    }
    for (const Member &member : value.members()) {
        const Field *found = nullptr;
        for (const Field &field : fields) {
            if (field.name == member.name) {
                found = &field;
                break;
            }
            if (!found && !caseSensitive && equalFold(field.name, member.name))
                found = &field;
        }
        if (!found)
            continue;
        FieldReader reader(error, structName, found->name);
        std::visit([&](auto target) { reader.read(member.value, target); }, found->target);
    }
    return error;
}

} // namespace tokenlab::json
