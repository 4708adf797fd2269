#include "core/support/address.h"

#include "core/support/url.h"

#include <QList>

namespace tokenlab {

namespace {

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Where reading an IPv6 text stopped, for the words of the refusal.
QByteArray stoppedAt(const QByteArray &why, QByteArrayView rest)
{
    return rest.isEmpty() ? why : why + " (at " + quoted(rest) + ')';
}

} // namespace

bool isIpv4(QByteArrayView text)
{
    const QList<QByteArray> fields = text.toByteArray().split('.');
    if (fields.size() != 4)
        return false;
    for (const QByteArray &field : fields) {
        if (field.isEmpty() || field.size() > 3 || (field.size() > 1 && field[0] == '0'))
            return false;
        for (const char c : field) {
            if (c < '0' || c > '9')
                return false;
        }
        if (field.toInt() > 255)
            return false;
    }
    return true;
}

std::optional<QByteArray> refusedIpv6(QByteArrayView text)
{
    // Whichever of these comes first decides what the text is read as.
    qsizetype marker = 0;
    while (marker < text.size() && text[marker] != '.' && text[marker] != ':' && text[marker] != '%')
        ++marker;
    if (marker == text.size())
        return QByteArray("unable to parse IP");
    if (text[marker] == '%')
        return QByteArray("missing IPv6 address");
    if (text[marker] == '.') {
        for (qsizetype i = 0; i < text.size(); ++i) {
            if (text[i] != '.' && (text[i] < '0' || text[i] > '9'))
                return stoppedAt("unexpected character", text.sliced(i));
        }
        return QByteArray("IPv4 address too short");
    }
    QByteArrayView rest = text;
    if (const qsizetype percent = text.indexOf('%'); percent >= 0) {
        if (percent == text.size() - 1)
            return QByteArray("zone must be a non-empty string");
        rest = text.first(percent);
    }
    bool ellipsis = false;
    int bytes = 0;
    if (rest.startsWith("::")) {
        ellipsis = true;
        rest = rest.sliced(2);
        if (rest.isEmpty())
            return std::nullopt;
    }
    while (bytes < 16) {
        qsizetype digits = 0;
        while (digits < rest.size() && isHex(rest[digits])) {
            if (++digits > 4)
                return stoppedAt("each group must have 4 or less digits", rest);
        }
        if (digits == 0)
            return stoppedAt("each colon-separated field must have at least one digit", rest);
        if (digits < rest.size() && rest[digits] == '.') {
            if (!ellipsis && bytes != 12)
                return stoppedAt("embedded IPv4 address must replace the final 2 fields of the address", rest);
            if (bytes + 4 > 16)
                return stoppedAt("too many hex fields to fit an embedded IPv4 at the end of the address", rest);
            if (!isIpv4(rest))
                return stoppedAt("unexpected character", rest);
            bytes += 4;
            rest = {};
            break;
        }
        bytes += 2;
        rest = rest.sliced(digits);
        if (rest.isEmpty())
            break;
        if (rest[0] != ':')
            return stoppedAt("unexpected character, want colon", rest);
        if (rest.size() == 1)
            return stoppedAt("colon must be followed by more characters", rest);
        rest = rest.sliced(1);
        if (rest[0] == ':') {
            if (ellipsis)
                return stoppedAt("multiple :: in address", rest);
            ellipsis = true;
            rest = rest.sliced(1);
            if (rest.isEmpty())
                break;
        }
    }
    if (!rest.isEmpty())
        return stoppedAt("trailing garbage after address", rest);
    if (bytes < 16 && !ellipsis)
        return QByteArray("address string too short");
    if (bytes == 16 && ellipsis)
        return QByteArray("the :: must expand to at least one field of zeros");
    return std::nullopt;
}

bool isIpv6(QByteArrayView text)
{
    return text.contains(':') && !refusedIpv6(text);
}

bool isLoopbackAddress(QByteArrayView text)
{
    if (isIpv4(text))
        return text.startsWith("127.");
    if (!isIpv6(text))
        return false;
    QByteArray short_ = text.toByteArray().toLower();
    if (const qsizetype percent = short_.indexOf('%'); percent >= 0)
        short_.truncate(percent);
    if (short_.startsWith("::ffff:") && isIpv4(short_.sliced(7)))
        return short_.sliced(7).startsWith("127.");
    // ::1 in any spelling: nothing but zeros, and a one at the end.
    if (short_.contains('.') || !short_.endsWith('1'))
        return false;
    short_.chop(1);
    for (const char c : short_) {
        if (c != '0' && c != ':')
            return false;
    }
    return true;
}

bool isDomainName(QByteArrayView text)
{
    if (text == ".")
        return true;
    if (text.isEmpty() || text.size() > 254 || (text.size() == 254 && text.back() != '.'))
        return false;
    char last = '.';
    bool nonNumeric = false;
    int label = 0;
    for (const char c : text) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') {
            nonNumeric = true;
            ++label;
        } else if (c >= '0' && c <= '9') {
            ++label;
        } else if (c == '-') {
            if (last == '.')
                return false;
            ++label;
            nonNumeric = true;
        } else if (c == '.') {
            if (last == '.' || last == '-' || label > 63 || label == 0)
                return false;
            label = 0;
        } else {
            return false;
        }
        last = c;
    }
    return last != '-' && label <= 63 && nonNumeric;
}

} // namespace tokenlab
