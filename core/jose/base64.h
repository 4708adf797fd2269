// Go's base64 with the byte position of its CorruptInputError. Specification §2.2, §3.3.
#pragma once

#include "core/support/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace tokenlab::jose {

struct Base64Error {
    qsizetype at = 0; // `illegal base64 data at input byte N`
};
[[nodiscard]] QByteArray gatewayText(const Base64Error &error);

// \r and \n are skipped anywhere; non-zero trailing bits are tolerated, as Go's non-strict decoders do.
[[nodiscard]] Result<QByteArray, Base64Error> decodeBase64(QByteArrayView text);       // StdEncoding: padding mandatory
[[nodiscard]] Result<QByteArray, Base64Error> decodeBase64Url(QByteArrayView text);    // URLEncoding: padding mandatory (pins, keeper keys)
[[nodiscard]] Result<QByteArray, Base64Error> decodeBase64RawUrl(QByteArrayView text); // RawURLEncoding (JOSE)
// The canonical form only (RFC 7515 §2): no line breaks, no padding, zero trailing bits. Empty optional state: at = first offending byte.
[[nodiscard]] Result<QByteArray, Base64Error> decodeBase64RawUrlStrict(QByteArrayView text);

// What a half token gives: the bytes before the first fault.
struct PartialBase64 {
    QByteArray bytes;
    qsizetype errorAt = -1; // -1: no fault
};
[[nodiscard]] PartialBase64 decodeBase64RawUrlPartially(QByteArrayView text);

[[nodiscard]] QByteArray encodeBase64RawUrl(QByteArrayView bytes);
void appendBase64RawUrl(QByteArray &out, QByteArrayView bytes);
[[nodiscard]] QByteArray encodeBase64Url(QByteArrayView bytes); // padded
[[nodiscard]] QByteArray encodeBase64(QByteArrayView bytes);    // standard, padded

} // namespace tokenlab::jose
