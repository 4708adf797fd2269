#include "core/crypto/keyread.h"

namespace tokenlab::crypto {
namespace {

enum Tag : unsigned char { Integer = 0x02, BitString = 0x03, OctetString = 0x04, Oid = 0x06, Sequence = 0x30, Context0 = 0xa0 };

struct Element {
    unsigned char tag = 0;
    QByteArrayView content;
};

// Takes the element at the front of the bytes; none where they are not DER.
std::optional<Element> take(QByteArrayView &bytes)
{
    if (bytes.size() < 2)
        return {};
    const auto tag = static_cast<unsigned char>(bytes[0]);
    const auto first = static_cast<unsigned char>(bytes[1]);
    qsizetype header = 2;
    qsizetype length = first;
    if (first >= 0x80) {
        const int count = first & 0x7f;
        if (count == 0 || count > 4 || bytes.size() < 2 + count)
            return {};
        length = 0;
        for (int i = 0; i < count; ++i)
            length = length << 8 | static_cast<unsigned char>(bytes[2 + i]);
        header += count;
    }
    if (length > bytes.size() - header)
        return {};
    const Element element{tag, bytes.sliced(header, length)};
    bytes = bytes.sliced(header + length);
    return element;
}

bool isNumber(const Element &element, char value)
{
    return element.tag == Integer && element.content.size() == 1 && element.content[0] == value;
}

bool beginsWithOid(const Element &element)
{
    QByteArrayView rest = element.content;
    const auto first = element.tag == Sequence ? take(rest) : std::nullopt;
    return first && first->tag == Oid;
}

} // namespace

DerShape recogniseDer(QByteArrayView der)
{
    const auto outer = take(der);
    if (!outer || outer->tag != Sequence || !der.isEmpty())
        return DerShape::None;
    QByteArrayView rest = outer->content;
    const auto first = take(rest);
    const auto second = first ? take(rest) : std::nullopt;
    if (!second)
        return DerShape::None;
    const bool onlyTwo = rest.isEmpty();
    if (first->tag == Sequence && second->tag == BitString && onlyTwo && beginsWithOid(*first))
        return DerShape::Spki;
    if (first->tag == Sequence && second->tag == OctetString && onlyTwo && beginsWithOid(*first))
        return DerShape::EncryptedPkcs8;
    if (first->tag == Sequence && beginsWithOid(*second))
        return DerShape::Certificate;
    if (isNumber(*first, 3) && beginsWithOid(*second))
        return DerShape::Pkcs12;
    if ((isNumber(*first, 0) || isNumber(*first, 1)) && beginsWithOid(*second) && !onlyTwo)
        return DerShape::Pkcs8;
    if (isNumber(*first, 1) && second->tag == OctetString)
        return DerShape::Sec1;
    if ((isNumber(*first, 0) || isNumber(*first, 1)) && second->tag == Integer && !onlyTwo)
        return DerShape::Pkcs1Private;
    if (first->tag == Integer && second->tag == Integer && onlyTwo)
        return DerShape::Pkcs1Public;
    return DerShape::None;
}

} // namespace tokenlab::crypto
