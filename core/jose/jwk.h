// Keys and key sets, read with every rule and error text of the gateway (specification §2.2). Key material lives in OpenSSL handles or
// SecretBytes.
#pragma once

#include "core/crypto/secretbytes.h"
#include "core/support/result.h"

#include <QByteArray>

#include <memory>
#include <optional>
#include <vector>

namespace tokenlab::jose {

enum class KeyType { Oct, Rsa, Ec, Ed25519 };

// An immutable, shared key. Copies are cheap.
class Key
{
public:
    struct Private;
    explicit Key(std::shared_ptr<const Private> d) : m_d(std::move(d)) {}

    [[nodiscard]] KeyType type() const;
    [[nodiscard]] bool isPrivate() const;        // true for oct
    [[nodiscard]] const QByteArray &kid() const; // "" when absent
    [[nodiscard]] const QByteArray &alg() const; // as written in the JWK, "" when absent; ignored by the gateway
    [[nodiscard]] const QByteArray &use() const;
    // The texts of `key_ops`, ignored by the gateway; none where it is absent or no list.
    [[nodiscard]] const std::optional<std::vector<QByteArray>> &keyOps() const;
    // `x5t` and `x5t#S256` as written in the JWK, decoded; "" when absent, also where x5c has the certificate itself.
    [[nodiscard]] const QByteArray &x5t() const;
    [[nodiscard]] const QByteArray &x5tS256() const;
    [[nodiscard]] int bits() const;              // RSA modulus, EC field (256, 384, 521), oct length in bits, 256 for Ed25519
    [[nodiscard]] QByteArray curve() const;      // `P-256`, `Ed25519`; "" otherwise
    [[nodiscard]] QByteArray thumbprint() const; // RFC 7638 SHA-256, base64url
    [[nodiscard]] Key publicKey() const;         // the public half; oct returns itself
    [[nodiscard]] Key withKid(const QByteArray &kid) const;
    [[nodiscard]] QByteArray toPublicJwk() const;           // JSON; empty for oct (a secret has no public half)
    [[nodiscard]] crypto::SecretBytes toPrivateJwk() const; // JSON with the private members
    [[nodiscard]] const std::shared_ptr<const Private> &d() const { return m_d; }

private:
    std::shared_ptr<const Private> m_d;
};

struct KeySet {
    std::vector<Key> keys; // in array order
    // The gateway's choice: the last key with this kid (absent kid is ""). nullptr: none.
    [[nodiscard]] const Key *find(QByteArrayView kid) const;
};

enum class SetSource {
    LocalFile, // json.Unmarshal into jose.JSONWebKeySet
    Remote,    // json.Decoder into auth0.JWKS: only the first value counts
};

struct KeySetError {
    QByteArray text;   // the gateway's words, e.g. `go-jose/go-jose: invalid OCT (symmetric) key, missing k value`
    int index = -1;    // element of `keys`, -1: the document itself
    QByteArray member; // the JWK member at fault, when one is
};

// An empty set is no error here (what it means depends on the source: §2.1).
[[nodiscard]] Result<KeySet, KeySetError> parseKeySet(QByteArrayView json, SetSource source);
[[nodiscard]] Result<Key, KeySetError> parseKey(QByteArrayView json);

// Key generation for tests, playground and stand-ins. rsaBits 2048/3072/4096; octBytes ≥ 1; curve `P-256` `P-384` `P-521`.
struct GenerateError {
    QByteArray text;
};
[[nodiscard]] Result<Key, GenerateError> generateOct(int octBytes, const QByteArray &kid);
[[nodiscard]] Result<Key, GenerateError> generateRsa(int rsaBits, const QByteArray &kid);
[[nodiscard]] Result<Key, GenerateError> generateEc(QByteArrayView curve, const QByteArray &kid);
[[nodiscard]] Result<Key, GenerateError> generateEd25519(const QByteArray &kid);

[[nodiscard]] crypto::SecretBytes writePrivateSet(const KeySet &set);
[[nodiscard]] QByteArray writePublicSet(const KeySet &set); // oct keys left out

} // namespace tokenlab::jose
