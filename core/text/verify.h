// Why a token is refused, and what is odd about one that is not, as sentences.
#pragma once

#include "core/http/fetcherror.h"
#include "core/jose/verify.h"
#include "core/keys/verifykeys.h"
#include "core/support/clock.h"

#include <QString>

namespace tokenlab::text {

[[nodiscard]] QString sentence(const jose::VerifyError &error);
[[nodiscard]] QString sentence(const jose::VerifyNote &note, Instant now);
// `The signature is right: ES256, key "sim2" (EC P-256).` For a valid one.
[[nodiscard]] QString verifiedBy(const jose::Verification &verification);
[[nodiscard]] QString keyKind(const jose::Key &key); // `RSA, 2048 bits`, `EC P-256`, `a secret of 32 bytes`, `Ed25519`

// Why keys to verify with could not be read. name: what the user knows the text by.
[[nodiscard]] QString sentence(const keys::VerifyKeysError &error, const QString &name, const QByteArray &text);
[[nodiscard]] QString sentence(const http::FetchError &error);

} // namespace tokenlab::text
