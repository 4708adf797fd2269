#include "core/jose/base64.h"

#include <array>
#include <cstring>

namespace tokenlab::jose {
namespace {

constexpr char urlAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr char stdAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr quint8 invalid = 0xff;

using DecodeMap = std::array<quint8, 256>;
// Two characters for each value of 12 bits: half the look-ups of the usual table.
using PairTable = std::array<std::array<char, 2>, 4096>;

constexpr DecodeMap decodeMap(const char *alphabet)
{
    DecodeMap map{};
    for (quint8 &value : map)
        value = invalid;
    for (quint8 i = 0; i < 64; ++i)
        map[static_cast<unsigned char>(alphabet[i])] = i;
    return map;
}

constexpr PairTable pairTable(const char *alphabet)
{
    PairTable table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = {alphabet[i >> 6], alphabet[i & 63]};
    return table;
}

constexpr DecodeMap urlMap = decodeMap(urlAlphabet);
constexpr DecodeMap stdMap = decodeMap(stdAlphabet);
constexpr PairTable urlPairs = pairTable(urlAlphabet);
constexpr PairTable stdPairs = pairTable(stdAlphabet);

struct Decoder {
    const DecodeMap &map;
    bool padded;
    const unsigned char *in;
    qsizetype size;
    qsizetype at = 0;
    qsizetype error = -1;

    [[nodiscard]] bool atLineBreak() const { return at < size && (in[at] == '\n' || in[at] == '\r'); }

    // Up to three bytes; the count, -1 on an error without output. Which byte an error names is Go's choice, line breaks included.
    int quantum(unsigned char *out)
    {
        quint32 value = 0;
        int count = 0;
        bool ended = false;
        while (count < 4) {
            if (at == size) {
                if (count == 0)
                    return 0;
                if (count == 1 || padded) {
                    error = at - count;
                    return -1;
                }
                break;
            }
            const unsigned char c = in[at++];
            const quint8 bits = map[c];
            if (bits != invalid) {
                value = value << 6 | bits;
                ++count;
                continue;
            }
            if (c == '\n' || c == '\r')
                continue;
            if (!padded || c != '=' || count < 2) {
                error = at - 1;
                return -1;
            }
            if (count == 2) {
                while (atLineBreak())
                    ++at;
                if (at == size) {
                    error = size;
                    return -1;
                }
                if (in[at] != '=') {
                    error = at - 1;
                    return -1;
                }
                ++at;
            }
            while (atLineBreak())
                ++at;
            if (at < size)
                error = at; // text after the padding; the bytes before it count
            ended = true;
            break;
        }
        value <<= 6 * (4 - count);
        const unsigned char bytes[3] = {static_cast<unsigned char>(value >> 16), static_cast<unsigned char>(value >> 8),
                                        static_cast<unsigned char>(value)};
        std::memcpy(out, bytes, std::size_t(count - 1));
        if (ended)
            at = error >= 0 ? at : size;
        return count - 1;
    }

    [[nodiscard]] QByteArray run()
    {
        QByteArray result(size / 4 * 3 + 3, Qt::Uninitialized);
        auto *out = reinterpret_cast<unsigned char *>(result.data());
        unsigned char *const begin = out;
        while (at < size && error < 0) {
            if (size - at >= 4) {
                const quint8 a = map[in[at]];
                const quint8 b = map[in[at + 1]];
                const quint8 c = map[in[at + 2]];
                const quint8 d = map[in[at + 3]];
                if ((a | b | c | d) < 64) {
                    const quint32 value = quint32(a) << 18 | quint32(b) << 12 | quint32(c) << 6 | d;
                    out[0] = static_cast<unsigned char>(value >> 16);
                    out[1] = static_cast<unsigned char>(value >> 8);
                    out[2] = static_cast<unsigned char>(value);
                    out += 3;
                    at += 4;
                    continue;
                }
            }
            const int count = quantum(out);
            if (count > 0)
                out += count;
        }
        result.truncate(out - begin);
        return result;
    }
};

Decoder decoder(const DecodeMap &map, bool padded, QByteArrayView text)
{
    return {map, padded, reinterpret_cast<const unsigned char *>(text.data()), text.size()};
}

Result<QByteArray, Base64Error> decode(const DecodeMap &map, bool padded, QByteArrayView text)
{
    Decoder d = decoder(map, padded, text);
    QByteArray bytes = d.run();
    if (d.error >= 0)
        return fail(Base64Error{d.error});
    return bytes;
}

constexpr qsizetype encodedSize(qsizetype bytes)
{
    return bytes / 3 * 4 + (bytes % 3 ? bytes % 3 + 1 : 0);
}

void encodeTo(char *out, QByteArrayView bytes, const PairTable &pairs)
{
    const auto *in = reinterpret_cast<const unsigned char *>(bytes.data());
    const unsigned char *const whole = in + bytes.size() / 3 * 3;
    for (; in < whole; in += 3, out += 4) {
        const quint32 value = quint32(in[0]) << 16 | quint32(in[1]) << 8 | in[2];
        std::memcpy(out, pairs[value >> 12].data(), 2);
        std::memcpy(out + 2, pairs[value & 0xfff].data(), 2);
    }
    switch (bytes.size() % 3) {
    case 1:
        std::memcpy(out, pairs[std::size_t(in[0]) << 4].data(), 2);
        break;
    case 2: {
        const quint32 value = quint32(in[0]) << 16 | quint32(in[1]) << 8;
        std::memcpy(out, pairs[value >> 12].data(), 2);
        out[2] = pairs[value & 0xfff][0];
        break;
    }
    default:
        break;
    }
}

QByteArray encode(QByteArrayView bytes, const PairTable &pairs, bool padded)
{
    const qsizetype size = encodedSize(bytes.size());
    QByteArray out(padded ? (bytes.size() + 2) / 3 * 4 : size, Qt::Uninitialized);
    encodeTo(out.data(), bytes, pairs);
    std::memset(out.data() + size, '=', std::size_t(out.size() - size));
    return out;
}

} // namespace

QByteArray gatewayText(const Base64Error &error)
{
    return "illegal base64 data at input byte " + QByteArray::number(error.at);
}

Result<QByteArray, Base64Error> decodeBase64(QByteArrayView text)
{
    return decode(stdMap, true, text);
}

Result<QByteArray, Base64Error> decodeBase64Url(QByteArrayView text)
{
    return decode(urlMap, true, text);
}

Result<QByteArray, Base64Error> decodeBase64RawUrl(QByteArrayView text)
{
    return decode(urlMap, false, text);
}

Result<QByteArray, Base64Error> decodeBase64RawUrlStrict(QByteArrayView text)
{
    for (qsizetype i = 0; i < text.size(); ++i)
        if (urlMap[static_cast<unsigned char>(text[i])] == invalid)
            return fail(Base64Error{i});
    const qsizetype rest = text.size() % 4;
    if (rest == 1)
        return fail(Base64Error{text.size() - 1});
    const int unused = rest == 2 ? 0xf : rest == 3 ? 0x3 : 0;
    if (unused && (urlMap[static_cast<unsigned char>(text.back())] & unused))
        return fail(Base64Error{text.size() - 1});
    return decode(urlMap, false, text);
}

PartialBase64 decodeBase64RawUrlPartially(QByteArrayView text)
{
    Decoder d = decoder(urlMap, false, text);
    PartialBase64 result{d.run(), d.error};
    // The group that holds the fault still has whole bytes before it.
    if (d.error > 0)
        result.bytes = decoder(urlMap, false, text.first(d.error)).run();
    return result;
}

QByteArray encodeBase64RawUrl(QByteArrayView bytes)
{
    return encode(bytes, urlPairs, false);
}

void appendBase64RawUrl(QByteArray &out, QByteArrayView bytes)
{
    const qsizetype at = out.size();
    out.resize(at + encodedSize(bytes.size()));
    encodeTo(out.data() + at, bytes, urlPairs);
}

QByteArray encodeBase64Url(QByteArrayView bytes)
{
    return encode(bytes, urlPairs, true);
}

QByteArray encodeBase64(QByteArrayView bytes)
{
    return encode(bytes, stdPairs, true);
}

} // namespace tokenlab::jose
