// Keys in words: what was recognised and why it cannot be read, warnings of a key set, what is wrong with an encrypted one.
#pragma once

#include "core/keys/encrypted.h"
#include "core/keys/import.h"
#include "core/keys/maker.h"
#include "core/keys/survey.h"

#include <QString>

namespace tokenlab::text {

[[nodiscard]] QString formName(keys::Form form); // `PKCS#8 private key`
[[nodiscard]] QString encodingName(keys::SecretEncoding encoding);
// file: what the user knows it by; OpenSSH's command names it too.
[[nodiscard]] QString sentence(const keys::ImportError &error, const QString &file);
// The question that a bare secret asks: `the text itself (512 bits), or hex (256 bits)`.
[[nodiscard]] QString readings(const std::vector<keys::Reading> &readings);
[[nodiscard]] QString sentence(const keys::MakeError &error);
[[nodiscard]] QString warning(const keys::Finding &finding); // `weak RSA key: 2048 bits are the least …`
[[nodiscard]] QString sentence(const keys::EncryptedFault &fault);
[[nodiscard]] QString kindOfKey(const keys::Row &row); // `RSA 2048`, `EC P-256`, `oct 256`, `Ed25519`

} // namespace tokenlab::text
