#include "core/net/firstrecord.h"

#include <QRandomGenerator>

namespace tokenlab::net {

namespace {

constexpr qsizetype HeaderSize = 5;
constexpr qsizetype MaxRecord = 16384 + 2048;
constexpr int MaxWarnings = 16;
constexpr uchar Alert = 21;
constexpr uchar Handshake = 22;

struct Name {
    int number;
    const char *words;
};
constexpr Name AlertNames[] = {
    {0, "close notify"},
    {10, "unexpected message"},
    {20, "bad record MAC"},
    {21, "decryption failed"},
    {22, "record overflow"},
    {30, "decompression failure"},
    {40, "handshake failure"},
    {42, "bad certificate"},
    {43, "unsupported certificate"},
    {44, "revoked certificate"},
    {45, "expired certificate"},
    {46, "unknown certificate"},
    {47, "illegal parameter"},
    {48, "unknown certificate authority"},
    {49, "access denied"},
    {50, "error decoding message"},
    {51, "error decrypting message"},
    {60, "export restriction"},
    {70, "protocol version not supported"},
    {71, "insufficient security level"},
    {80, "internal error"},
    {86, "inappropriate fallback"},
    {90, "user canceled"},
    {100, "no renegotiation"},
    {109, "missing extension"},
    {110, "unsupported extension"},
    {111, "certificate unobtainable"},
    {112, "unrecognized name"},
    {113, "bad certificate status response"},
    {114, "bad certificate hash value"},
    {115, "unknown PSK identity"},
    {116, "certificate required"},
    {120, "no application protocol"},
    {121, "encrypted client hello required"},
};

FirstRecord wrong(const QByteArray &text)
{
    return {FirstRecord::Wrong, text};
}

qsizetype number(QByteArrayView bytes, qsizetype at, int size)
{
    qsizetype out = 0;
    for (int i = 0; i < size; ++i)
        out = out << 8 | uchar(bytes[at + i]);
    return out;
}

QByteArray bigEndian(qsizetype value, int size)
{
    QByteArray out;
    for (int i = size - 1; i >= 0; --i)
        out += char(value >> (8 * i));
    return out;
}

QByteArray counted(int size, const QByteArray &bytes)
{
    return bigEndian(bytes.size(), size) + bytes;
}

QByteArray random32()
{
    QByteArray out(32, Qt::Uninitialized);
    for (char &byte : out)
        byte = char(QRandomGenerator::system()->bounded(256));
    return out;
}

} // namespace

QByteArray alertWords(int number)
{
    for (const Name &one : AlertNames) {
        if (one.number == number)
            return QByteArray("tls: ") + one.words;
    }
    return "tls: alert(" + QByteArray::number(number) + ')';
}

FirstRecord readFirstRecord(QByteArrayView bytes, bool ended)
{
    const auto tooShort = [ended](bool nothing) { return ended ? wrong(nothing ? "EOF" : "unexpected EOF") : FirstRecord{}; };
    for (int warnings = 0;;) {
        if (bytes.size() < HeaderSize)
            return tooShort(bytes.isEmpty());
        const auto type = uchar(bytes[0]);
        const qsizetype size = number(bytes, 3, 2);
        if (bytes.startsWith("HTTP/"))
            return wrong("http: server gave HTTP response to HTTPS client");
        if (type == 0x80)
            return wrong("tls: unsupported SSLv2 handshake received");
        if ((type != Alert && type != Handshake) || number(bytes, 1, 2) >= 0x1000)
            return wrong("tls: first record does not look like a TLS handshake");
        if (size > MaxRecord)
            return wrong("tls: oversized record received with length " + QByteArray::number(size));
        if (bytes.size() < HeaderSize + size)
            return tooShort(false);
        const QByteArrayView record = bytes.sliced(HeaderSize, size);
        if (type == Alert) {
            if (record.size() != 2)
                return wrong("local error: tls: unexpected message");
            if (record[1] == 0)
                return wrong("EOF");
            if (record[0] == 2)
                return {FirstRecord::FatalAlert, "remote error: " + alertWords(uchar(record[1]))};
            if (record[0] != 1)
                return wrong("local error: tls: unexpected message");
            if (++warnings > MaxWarnings)
                return wrong("local error: tls: unexpected message");
            bytes = bytes.sliced(HeaderSize + size);
            continue;
        }
        if (record.isEmpty())
            return wrong("local error: tls: unexpected message");
        if (record.size() == 4 && record[0] == 0 && number(record, 1, 3) == 0)
            return wrong("tls: received unexpected handshake message of type *tls.helloRequestMsg when waiting for *tls.serverHelloMsg");
        return {FirstRecord::InOrder};
    }
}

QByteArray clientHello()
{
    const auto extension = [](int type, const QByteArray &content) { return bigEndian(type, 2) + counted(2, content); };
    const QByteArray suites("\x13\x01\x13\x02\x13\x03\xc0\x2f\xc0\x2b\xc0\x30\xc0\x2c\xcc\xa8\xcc\xa9", 18);
    const QByteArray groups("\x00\x1d\x00\x17\x00\x18\x00\x19", 8);
    const QByteArray algorithms("\x08\x04\x04\x03\x08\x07\x08\x05\x08\x06\x04\x01\x05\x01\x06\x01\x05\x03\x06\x03", 20);
    const QByteArray extensions = extension(10, counted(2, groups)) + extension(11, counted(1, QByteArray(1, '\0'))) +
                                  extension(13, counted(2, algorithms)) + extension(43, counted(1, QByteArray("\x03\x04\x03\x03", 4))) +
                                  extension(51, counted(2, groups.first(2) + counted(2, random32())));
    const QByteArray body = QByteArray("\x03\x03", 2) + random32() + counted(1, random32()) + counted(2, suites) +
                            counted(1, QByteArray(1, '\0')) + counted(2, extensions);
    return QByteArray("\x16\x03\x01", 3) + counted(2, '\x01' + counted(3, body));
}

} // namespace tokenlab::net
