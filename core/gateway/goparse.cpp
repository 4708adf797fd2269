#include "core/gateway/goparse.h"

#include "core/json/writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace tokenlab::gateway {

namespace {

constexpr quint64 halfRange = quint64(1) << 63;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
}

// What is left of Go's message: the decoder cuts it at its last blank, to keep values out of logs.
QByteArray cutAtLastBlank(const QByteArray &message)
{
    return message.left(message.lastIndexOf(' '));
}

QByteArray quoted(std::string_view text)
{
    QByteArray out("\"");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || byte < 0x20) {
            out += "\\x" + QByteArray(1, c).toHex();
        } else {
            if (c == '"' || c == '\\')
                out += '\\';
            out += c;
        }
    }
    return out + '"';
}

QByteArray badDuration(const char *what, std::string_view text)
{
    return cutAtLastBlank("time: " + QByteArray(what) + ' ' + quoted(text));
}

std::optional<quint64> unitOf(std::string_view name)
{
    if (name == "ns")
        return 1;
    if (name == "us" || name == "\xc2\xb5s" || name == "\xce\xbcs") // micro sign, Greek mu
        return 1'000;
    if (name == "ms")
        return 1'000'000;
    if (name == "s")
        return 1'000'000'000;
    if (name == "m")
        return 60'000'000'000;
    if (name == "h")
        return 3'600'000'000'000;
    return std::nullopt;
}

struct Fraction {
    quint64 digits = 0;
    double scale = 1;
};

std::size_t takeFraction(std::string_view text, Fraction &out)
{
    std::size_t used = 0;
    bool full = false;
    for (; used < text.size() && isDigit(text[used]); ++used) {
        // Digits beyond what fits are read and dropped.
        if (full || out.digits > (halfRange - 1) / 10) {
            full = true;
            continue;
        }
        const quint64 next = out.digits * 10 + quint64(text[used] - '0');
        if (next > halfRange) {
            full = true;
            continue;
        }
        out.digits = next;
        out.scale *= 10;
    }
    return used;
}

// Underscores only between digits, or right after a base prefix.
bool underscoresFit(std::string_view text)
{
    char last = '^';
    if (!text.empty() && (text[0] == '-' || text[0] == '+'))
        text.remove_prefix(1);
    bool hex = false;
    if (text.size() >= 2 && text[0] == '0' && (lower(text[1]) == 'b' || lower(text[1]) == 'o' || lower(text[1]) == 'x')) {
        hex = lower(text[1]) == 'x';
        last = '0';
        text.remove_prefix(2);
    }
    for (const char c : text) {
        if (isDigit(c) || (hex && lower(c) >= 'a' && lower(c) <= 'f')) {
            last = '0';
        } else if (c == '_') {
            if (last != '0')
                return false;
            last = '_';
        } else {
            if (last == '_')
                return false;
            last = '!';
        }
    }
    return last != '_';
}

Result<quint64, NumberError> parseMagnitude(const std::string_view text, int bits)
{
    if (text.empty())
        return fail(NumberError::Syntax);
    unsigned base = 10;
    std::string_view digits = text;
    if (text[0] == '0') {
        const char mark = text.size() >= 3 ? lower(text[1]) : '\0';
        base = mark == 'b' ? 2 : mark == 'o' ? 8 : mark == 'x' ? 16 : 8;
        digits.remove_prefix(mark == 'b' || mark == 'o' || mark == 'x' ? 2 : 1);
    }
    const quint64 largest = bits == 64 ? std::numeric_limits<quint64>::max() : (quint64(1) << bits) - 1;
    quint64 number = 0;
    bool underscores = false;
    for (const char c : digits) {
        unsigned digit = 0;
        if (c == '_') {
            underscores = true;
            continue;
        }
        if (isDigit(c))
            digit = unsigned(c - '0');
        else if (lower(c) >= 'a' && lower(c) <= 'z')
            digit = unsigned(lower(c) - 'a') + 10;
        else
            return fail(NumberError::Syntax);
        if (digit >= base)
            return fail(NumberError::Syntax);
        if (number > (largest - digit) / base)
            return fail(NumberError::Range); // noticed before anything that follows
        number = number * base + digit;
    }
    if (underscores && !underscoresFit(text))
        return fail(NumberError::Syntax);
    return number;
}

// The characters a JSON number literal is made of.
bool isNumberByte(char c)
{
    return isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

struct Float {
    double value = 0;
    bool overflow = false;
};

Float toFloat(std::string_view literal, std::chars_format format = std::chars_format::general)
{
    Float out;
    const auto [end, error] = std::from_chars(literal.data(), literal.data() + literal.size(), out.value, format);
    if (error == std::errc::result_out_of_range) {
        // Too small is zero for Go; only too large is an error. The sign of the decimal exponent tells them apart, and without one the
        // first digit does.
        const auto exponent = literal.find_first_of(format == std::chars_format::hex ? "pP" : "eE");
        const bool small = exponent != std::string_view::npos ? exponent + 1 < literal.size() && literal[exponent + 1] == '-'
                                                              : literal.find_first_of("123456789") > literal.find('.');
        out.overflow = !small;
        out.value = literal.front() == '-' ? -0.0 : 0.0;
    }
    return out;
}

// Calls what for each number literal of a valid JSON text until it returns false; other for all else.
template <class Number, class Other>
void eachNumber(std::string_view json, Number what, Other other)
{
    std::size_t i = 0;
    while (i < json.size()) {
        const std::size_t begin = i;
        if (json[i] == '"') {
            for (++i; i < json.size() && json[i] != '"'; ++i) {
                if (json[i] == '\\')
                    ++i;
            }
            i = std::min(i + 1, json.size());
            other(json.substr(begin, i - begin));
        } else if (isDigit(json[i]) || json[i] == '-') {
            while (i < json.size() && isNumberByte(json[i]))
                ++i;
            if (!what(json.substr(begin, i - begin)))
                return;
        } else {
            ++i;
            other(json.substr(begin, 1));
        }
    }
}

} // namespace

Result<qint64, QByteArray> parseDuration(const std::string_view text)
{
    const auto invalid = [&] { return fail(badDuration("invalid duration", text)); };
    std::string_view rest = text;
    bool negative = false;
    if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
        negative = rest[0] == '-';
        rest.remove_prefix(1);
    }
    if (rest == "0")
        return 0;
    if (rest.empty())
        return invalid();
    quint64 total = 0;
    while (!rest.empty()) {
        std::size_t used = 0;
        quint64 whole = 0;
        for (; used < rest.size() && isDigit(rest[used]); ++used) {
            if (whole > halfRange / 10)
                return invalid();
            whole = whole * 10 + quint64(rest[used] - '0');
            if (whole > halfRange)
                return invalid();
        }
        bool digits = used > 0;
        rest.remove_prefix(used);
        Fraction fraction;
        if (!rest.empty() && rest[0] == '.') {
            rest.remove_prefix(1);
            used = takeFraction(rest, fraction);
            digits = digits || used > 0;
            rest.remove_prefix(used);
        }
        if (!digits)
            return invalid();
        used = 0;
        while (used < rest.size() && rest[used] != '.' && !isDigit(rest[used]))
            ++used;
        if (used == 0)
            return fail(badDuration("missing unit in duration", text));
        const auto unit = unitOf(rest.substr(0, used));
        if (!unit)
            return fail(QByteArray("time: unknown unit"));
        rest.remove_prefix(used);
        if (whole > halfRange / *unit)
            return invalid();
        whole *= *unit;
        if (fraction.digits > 0) {
            whole += quint64(double(fraction.digits) * (double(*unit) / fraction.scale));
            if (whole > halfRange)
                return invalid();
        }
        total += whole;
        if (total > halfRange)
            return invalid();
    }
    if (negative)
        return total == halfRange ? std::numeric_limits<qint64>::min() : -qint64(total);
    if (total > halfRange - 1)
        return invalid();
    return qint64(total);
}

Result<qint64, NumberError> parseInt(std::string_view text)
{
    if (text.empty())
        return fail(NumberError::Syntax);
    const bool negative = text[0] == '-';
    if (negative || text[0] == '+')
        text.remove_prefix(1);
    const auto magnitude = parseMagnitude(text, 64);
    if (!magnitude)
        return fail(NumberError(magnitude.error()));
    if (*magnitude > (negative ? halfRange : halfRange - 1))
        return fail(NumberError::Range);
    return negative ? qint64(~*magnitude + 1) : qint64(*magnitude);
}

Result<quint64, NumberError> parseUint(std::string_view text, int bits)
{
    return parseMagnitude(text, bits);
}

Result<bool, NumberError> parseBool(std::string_view text)
{
    for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
        if (text == yes)
            return true;
    }
    for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
        if (text == no)
            return false;
    }
    return fail(NumberError::Syntax);
}

Result<double, NumberError> parseFloat(std::string_view text)
{
    const std::string_view whole = text;
    const bool negative = !text.empty() && text[0] == '-';
    const bool sign = negative || (!text.empty() && text[0] == '+');
    if (sign)
        text.remove_prefix(1);
    const QByteArray word = QByteArray(text.data(), qsizetype(text.size())).toLower();
    if (word == "inf" || word == "infinity")
        return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    if (word == "nan" && !sign)
        return std::numeric_limits<double>::quiet_NaN();

    const bool hex = word.startsWith("0x");
    bool digits = false;
    bool point = false;
    QByteArray clean(negative ? "-" : "");
    std::size_t i = hex ? 2 : 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '_')
            continue;
        if (c == '.' && !point) {
            point = true;
        } else if (isDigit(c) || (hex && lower(c) >= 'a' && lower(c) <= 'f')) {
            digits = true;
        } else {
            break;
        }
        clean += c;
    }
    if (!digits)
        return fail(NumberError::Syntax);
    if (i < text.size() && lower(text[i]) == (hex ? 'p' : 'e')) {
        clean += text[i++];
        if (i < text.size() && (text[i] == '+' || text[i] == '-')) {
            if (text[i] == '-')
                clean += '-';
            ++i;
        }
        if (i >= text.size() || !isDigit(text[i]))
            return fail(NumberError::Syntax);
        for (; i < text.size() && (isDigit(text[i]) || text[i] == '_'); ++i) {
            if (text[i] != '_')
                clean += text[i];
        }
    } else if (hex) {
        return fail(NumberError::Syntax); // a hexadecimal mantissa needs its exponent
    }
    if (i != text.size() || (text.find('_') != std::string_view::npos && !underscoresFit(whole)))
        return fail(NumberError::Syntax);
    const Float number = toFloat({clean.constData(), std::size_t(clean.size())}, hex ? std::chars_format::hex : std::chars_format::general);
    if (number.overflow)
        return fail(NumberError::Range);
    return number.value;
}

QByteArray gatewayText(NumberError error, std::string_view function)
{
    return "strconv." + QByteArray(function.data(), qsizetype(function.size())) +
           (error == NumberError::Syntax ? ": invalid syntax" : ": value out of range");
}

qint64 truncate(double number)
{
    if (!(number >= -0x1p63 && number < 0x1p63))
        return std::numeric_limits<qint64>::min();
    return qint64(number);
}

QByteArray formatPlain(double number)
{
    // The library's fixed form shows every digit of a large number; Go pads the shortest ones with zeros.
    std::array<char, 64> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
    QByteArray digits(buffer.data(), result.ptr - buffer.data());
    const qsizetype mark = digits.indexOf('e');
    if (mark < 0)
        return digits;
    const int exponent = digits.mid(mark + 1).toInt();
    digits.truncate(mark);
    const bool negative = digits.startsWith('-');
    if (negative)
        digits.remove(0, 1);
    digits.replace(".", "");
    const qsizetype point = exponent + 1;
    QByteArray out(negative ? "-" : "");
    if (point <= 0)
        return out + "0." + QByteArray(-point, '0') + digits;
    if (point >= digits.size())
        return out + digits + QByteArray(point - digits.size(), '0');
    return out + digits.left(point) + '.' + digits.mid(point);
}

std::string_view firstOverflow(std::string_view json)
{
    std::string_view found;
    eachNumber(
        json,
        [&](std::string_view literal) {
            if (toFloat(literal).overflow)
                found = literal;
            return found.empty();
        },
        [](std::string_view) {});
    return found;
}

QByteArray withFloatNumbers(std::string_view json)
{
    QByteArray out;
    out.reserve(qsizetype(json.size()));
    eachNumber(
        json,
        [&](std::string_view literal) {
            out += json::formatFloat(toFloat(literal).value);
            return true;
        },
        [&](std::string_view other) { out.append(other.data(), qsizetype(other.size())); });
    return out;
}

} // namespace tokenlab::gateway
