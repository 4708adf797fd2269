// The members of one element of a key set before they are a key: what go-jose's rawJSONWebKey holds. Private to core/jose.
#pragma once

#include "core/jose/jwk.h"
#include "core/json/syntaxtree.h"

#include <optional>

namespace tokenlab::jose {

struct RawJwk {
    QByteArray use, kty, kid, crv, alg;
    std::optional<QByteArray> k, x, y, n, e, d, p, q, dp, dq, qi; // decoded; an empty text is present without bytes
    std::vector<QByteArray> x5c;
    std::optional<std::vector<QByteArray>> keyOps; // go-jose does not know it: never an error
    QByteArray x5u, x5t, x5tS256;

    RawJwk() = default;
    RawJwk(RawJwk &&) = default;
    RawJwk &operator=(RawJwk &&) = default;
    RawJwk(const RawJwk &) = delete;
    RawJwk &operator=(const RawJwk &) = delete;
    ~RawJwk(); // wipes what was decoded
};

// Errors as go-jose's JSON parser orders them: a number where text belongs, bad base64 and a duplicate name end it at once, other wrong
// types are remembered and lose against those.
[[nodiscard]] Result<RawJwk, KeySetError> readRawJwk(const json::SyntaxTree &tree, int node);

// From the members to a key, with every check of JSONWebKey.UnmarshalJSON.
[[nodiscard]] Result<Key, KeySetError> buildKey(const RawJwk &raw);

} // namespace tokenlab::jose
