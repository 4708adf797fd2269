// Bare secrets: the ways in which a text can be bytes.
#include "core/keys/import_p.h"

#include "core/jose/base64.h"
#include "core/support/hex.h"

#include <algorithm>

namespace tokenlab::keys {
namespace {

using crypto::SecretBytes;

constexpr qsizetype maxSecretText = 64 * 1024;

// Without the line end that editors and `echo` put behind it.
QByteArrayView oneLine(QByteArrayView text)
{
    if (text.endsWith('\n'))
        text.chop(1);
    if (text.endsWith('\r'))
        text.chop(1);
    return text;
}

Result<SecretBytes, qsizetype> fromHex(QByteArrayView text)
{
    if (text.startsWith("0x") || text.startsWith("0X"))
        text = text.sliced(2);
    SecretBytes bytes = SecretBytes::zeros(text.size() / 2);
    qsizetype digits = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int value = hexValue(text[i]);
        if (value < 0)
            return fail(i);
        unsigned char &byte = bytes.mutableData()[qMin(digits / 2, qMax<qsizetype>(0, bytes.size() - 1))];
        byte = static_cast<unsigned char>(byte << 4 | value);
        ++digits;
    }
    if (digits == 0 || digits % 2)
        return fail(text.size());
    return bytes;
}

Result<SecretBytes, qsizetype> fromBase64(QByteArrayView text, bool url)
{
    while (text.endsWith('='))
        text.chop(1);
    QByteArray plain = text.toByteArray();
    if (!url) {
        for (qsizetype i = 0; i < plain.size(); ++i) {
            if (plain[i] == '-' || plain[i] == '_') {
                crypto::wipe(plain);
                return fail(i);
            }
            plain[i] = plain[i] == '+' ? '-' : plain[i] == '/' ? '_' : plain[i];
        }
    }
    auto bytes = jose::decodeBase64RawUrlStrict(plain);
    crypto::wipe(plain);
    if (!bytes)
        return fail(bytes.error().at);
    if (bytes->isEmpty())
        return fail(qsizetype(0));
    SecretBytes secret{QByteArrayView(*bytes)};
    crypto::wipe(*bytes);
    return secret;
}

} // namespace

std::vector<Reading> readingsOf(QByteArrayView file)
{
    const QByteArrayView text = oneLine(file);
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte != 0x7f;
    });
    if (text.isEmpty() || text.size() > maxSecretText || !printable)
        return {};
    std::vector<Reading> readings{{SecretEncoding::Text, SecretBytes(text)}};
    const QByteArrayView trimmed = text.trimmed();
    const auto add = [&](SecretEncoding encoding, const Result<SecretBytes, qsizetype> &bytes) {
        // Base64 and base64url are mostly the same bytes: no question then.
        if (bytes && std::none_of(readings.begin(), readings.end(), [&](const Reading &one) { return one.secret.equals(bytes->view()); }))
            readings.push_back({encoding, *bytes});
    };
    add(SecretEncoding::Hex, fromHex(trimmed));
    add(SecretEncoding::Base64, fromBase64(trimmed, false));
    add(SecretEncoding::Base64Url, fromBase64(trimmed, true));
    return readings;
}

Result<Reading, ImportError> readSecret(QByteArrayView file, SecretEncoding encoding)
{
    if (file.size() > maxSecretText)
        return fail(errorAt(ImportError::TooLarge, Form::Secret, {}));
    const QByteArrayView text = oneLine(file);
    const QByteArrayView trimmed = text.trimmed();
    const auto decoded = [&](const Result<SecretBytes, qsizetype> &bytes, const char *name) -> Result<Reading, ImportError> {
        if (!bytes)
            return fail(errorAt(ImportError::NotText, Form::Secret, {1, 1, {}},
                                QByteArray(name) + ": byte " + QByteArray::number(bytes.error() + 1)));
        return Reading{encoding, *bytes};
    };
    switch (encoding) {
    case SecretEncoding::Hex:
        return decoded(fromHex(trimmed), "hex");
    case SecretEncoding::Base64:
        return decoded(fromBase64(trimmed, false), "base64");
    case SecretEncoding::Base64Url:
        return decoded(fromBase64(trimmed, true), "base64url");
    case SecretEncoding::Text:
        return Reading{encoding, SecretBytes(text)};
    case SecretEncoding::Bytes:
        break;
    }
    return Reading{encoding, SecretBytes(file)};
}

Entry secretEntry(const SecretBytes &secret)
{
    return Entry::of(jose::keyFrom(secret, {}));
}

} // namespace tokenlab::keys
