// Why a token is refused, and what is odd about one that is not, as sentences.
#pragma once

#include "core/jose/verify.h"
#include "core/support/clock.h"

#include <QString>

namespace tokenlab::text {

[[nodiscard]] QString sentence(const jose::VerifyError &error);
[[nodiscard]] QString sentence(const jose::VerifyNote &note, Instant now);
// `The signature is right: ES256, key "sim2" (EC P-256).` For a valid one.
[[nodiscard]] QString verifiedBy(const jose::Verification &verification);
[[nodiscard]] QString keyKind(const jose::Key &key); // `RSA, 2048 bits`, `EC P-256`, `a secret of 32 bytes`, `Ed25519`

} // namespace tokenlab::text
