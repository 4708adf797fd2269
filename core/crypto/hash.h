// Digests.
#pragma once

#include "core/crypto/secretbytes.h"

#include <QByteArray>

namespace tokenlab::crypto {

enum class Hash { Sha1, Sha256, Sha384, Sha512 };

[[nodiscard]] qsizetype digestSize(Hash hash);
[[nodiscard]] QByteArray digest(Hash hash, QByteArrayView bytes);

// Lower-case hex of MD5: the gateway makes its AES keys so (specification §10). Empty where MD5 is switched off.
[[nodiscard]] SecretBytes md5Hex(QByteArrayView bytes);

} // namespace tokenlab::crypto
