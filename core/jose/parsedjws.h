// A signed token as go-jose reads and verifies it before a validator looks at its claims: what it accepts, refuses, and the words it has
// for that (specification §8.3–§8.6). For pasted tokens, which are taken apart as far as they go, see decodeToken().
#pragma once

#include "core/jose/jwk.h"
#include "core/support/result.h"

#include <map>
#include <optional>

namespace tokenlab::jose {

struct JwsError {
    QByteArray text;                               // the gateway's words
    bool anyOfThese = false;                       // several members are wrong, and which one is named is left to chance there
    bool unsupportedKey = false, critical = false; // of verify()
};

class ParsedJws
{
public:
    // Members of a header by name, as they stand in the text; empty: null.
    using RawHeader = std::map<QByteArray, QByteArray>;

    // Compact, flattened, or general with any number of signatures.
    [[nodiscard]] static Result<ParsedJws, JwsError> parse(QByteArrayView token);

    // Of the first signature.
    [[nodiscard]] const QByteArray &alg() const { return m_alg; }
    [[nodiscard]] const QByteArray &kid() const { return m_kid; }
    [[nodiscard]] const std::optional<QByteArray> &x5t() const { return m_x5t; } // when it is a text
    [[nodiscard]] const std::optional<QByteArray> &x5tS256() const { return m_x5tS256; }
    [[nodiscard]] const QByteArray &payload() const { return m_payload; }

    // Public keys and secrets only: a private key is refused.
    [[nodiscard]] Result<void, JwsError> verify(const Key &key) const;

private:
    friend class JwsReader;
    QByteArray m_alg, m_kid, m_payload;
    std::optional<QByteArray> m_x5t, m_x5tS256;
    std::size_t m_signatures = 1;
    // Of the first signature.
    std::optional<QByteArray> m_protectedBytes; // none: there is no protected header at all
    RawHeader m_merged;                         // protected and unprotected
    QByteArray m_signature;
};

} // namespace tokenlab::jose
