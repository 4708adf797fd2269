// Which keys may verify a token of an algorithm, and whether a signature's bytes have the shape that algorithm gives them. Private to
// core/jose.
#pragma once

#include "core/jose/verify.h"

namespace tokenlab::jose {

// kid: none where the token names none. Never empty: else an error of the kinds NoKeys to KeyUnusable.
[[nodiscard]] Result<std::vector<const Key *>, VerifyError> fittingKeys(const KeySet &set, Algorithm algorithm,
                                                                        const std::optional<QByteArray> &kid);
[[nodiscard]] std::optional<VerifyError> signatureFault(const Key &key, Algorithm algorithm, QByteArrayView signature);
[[nodiscard]] int macSize(Algorithm algorithm); // bytes of its hash

} // namespace tokenlab::jose
