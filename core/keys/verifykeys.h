// Keys to verify with from a text of any form: a JWK set, a JWK, or what other programs write keys as.
#pragma once

#include "core/jose/verify.h"
#include "core/json/parse.h"
#include "core/keys/import.h"

#include <optional>
#include <variant>

namespace tokenlab::keys {

struct NoKeyInside {
}; // read as one of the forms, and no key to verify with is in it; a bare secret does not count

using VerifyKeysError = std::variant<json::SyntaxError, jose::KeySetError, ImportError, NoKeyInside>;

// Whether the text is taken for a JWK set or a JWK rather than for one of the other forms.
[[nodiscard]] bool beginsAsJson(QByteArrayView text);
// Only public halves are kept, of the JSON forms secrets too. The text itself is not kept.
[[nodiscard]] Result<jose::VerificationKeys, VerifyKeysError> readVerifyKeys(const QByteArray &text);
// Of what was imported: public halves without a kid, because such files know none, so that what a token names is not compared.
// secrets: bare ones too; any text could be one, the page of an error too, so that somebody has to have said that it is.
[[nodiscard]] jose::VerificationKeys verifyKeysOf(const Imported &imported, bool secrets);

} // namespace tokenlab::keys
