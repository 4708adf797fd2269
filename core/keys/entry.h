// A key of a set as it stands there: with every member of its JWK, those that nobody here knows too, so that sets can be edited without
// loss; and with keys that the gateway refuses, which a table must show. RFC 7517.
#pragma once

#include "core/jose/keynumbers.h"

#include <optional>

namespace tokenlab::keys {

class Entry
{
public:
    // chain: DER of its certificate and of those above it, written as x5c, x5t and x5t#S256.
    [[nodiscard]] static Entry of(const jose::Key &key, const std::vector<QByteArray> &chain = {});
    // json: one value of any kind, already known to be JSON.
    [[nodiscard]] static Entry ofJson(QByteArrayView json);

    [[nodiscard]] const crypto::SecretBytes &json() const { return m_json; } // with its private members
    [[nodiscard]] const std::optional<jose::Key> &key() const { return m_key; }
    // Why the gateway loads no set that holds this.
    [[nodiscard]] const std::optional<jose::KeySetError> &refusal() const { return m_refusal; }
    [[nodiscard]] const jose::KeyLabels &labels() const { return m_labels; } // of refused ones as far as they are texts
    [[nodiscard]] bool hasChain() const { return m_hasChain; }
    // Holds `d`, `k` or another private member, whether the gateway takes it or not.
    [[nodiscard]] bool hasPrivateMembers() const { return m_private; }

    // Everything else stays as it is. "" takes a member out.
    [[nodiscard]] Entry withLabels(const jose::KeyLabels &labels) const;
    // Public members alone, by a list of what is public; none of an oct key and of one that the gateway refuses.
    [[nodiscard]] std::optional<QByteArray> publicJson() const;

private:
    void read();

    crypto::SecretBytes m_json;
    std::optional<jose::Key> m_key;
    std::optional<jose::KeySetError> m_refusal;
    jose::KeyLabels m_labels;
    bool m_hasChain = false;
    bool m_private = false;
};

using Entries = std::vector<Entry>;

// The text of a set: {"keys":[…]}, a key a line.
[[nodiscard]] crypto::SecretBytes writePrivate(const Entries &entries);
struct PublicSet {
    QByteArray text; // `.well-known/jwks.json`
    int count = 0;
    std::vector<std::size_t> leftOut; // secrets (oct), which have no public half, and refused keys
};
[[nodiscard]] PublicSet writePublic(const Entries &entries);

} // namespace tokenlab::keys
