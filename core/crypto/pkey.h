// Asymmetric keys built from the raw numbers of a JWK, signing and verifying what the gateway's Go code would. Opaque handles, shared,
// immutable; safe to use from any thread.
#pragma once

#include "core/crypto/error.h"
#include "core/crypto/hash.h"
#include "core/support/result.h"

#include <atomic>
#include <memory>

namespace tokenlab::crypto {

enum class Curve { P256, P384, P521 };
[[nodiscard]] int fieldBits(Curve curve);        // 256, 384, 521
[[nodiscard]] qsizetype fieldBytes(Curve curve); // 32, 48, 66

// Big-endian; leading zeros are allowed.
struct RsaNumbers {
    QByteArray n, e;
    SecretBytes d, p, q, dp, dq, qi; // all empty: a public key
};
struct EcNumbers {
    Curve curve = Curve::P256;
    QByteArray x, y; // fieldBytes each
    SecretBytes d;   // fieldBytes, or empty: a public key
};
struct EdNumbers {
    QByteArray x;     // 32 bytes
    SecretBytes seed; // 32 bytes
};

enum class Scheme { Pkcs1, Pss, Ecdsa, Ed25519 }; // Pss: MGF1 of the same hash, salt as long as the hash. Ecdsa: r || s of fixed width

class PKey
{
public:
    [[nodiscard]] static Result<PKey, CryptoError> rsa(const RsaNumbers &numbers);
    // d = 0 signs as Go 1.25 does (nobody can verify it); d at or above the order is refused when it signs.
    [[nodiscard]] static Result<PKey, CryptoError> ec(const EcNumbers &numbers);
    // x goes into the signature as it is given, even where it does not belong to the seed.
    [[nodiscard]] static Result<PKey, CryptoError> ed25519(const EdNumbers &numbers);

    [[nodiscard]] bool isPrivate() const;
    // hash is not looked at for Ed25519.
    [[nodiscard]] Result<QByteArray, CryptoError> sign(Scheme scheme, Hash hash, QByteArrayView message) const;
    [[nodiscard]] bool verify(Scheme scheme, Hash hash, QByteArrayView message, QByteArrayView signature) const;

    [[nodiscard]] Result<SecretBytes, CryptoError> privateInfo() const; // DER of PKCS#8
    [[nodiscard]] Result<QByteArray, CryptoError> publicInfo() const;   // DER of SubjectPublicKeyInfo

private:
    struct Private;
    explicit PKey(std::shared_ptr<const Private> d) : m_d(std::move(d)) {}
    std::shared_ptr<const Private> m_d;
};

[[nodiscard]] bool isOnCurve(Curve curve, QByteArrayView x, QByteArrayView y);

// Takes seconds for long keys; ends early, with an error, soon after `cancelled` turns true.
[[nodiscard]] Result<RsaNumbers, CryptoError> generateRsaNumbers(int bits, const std::atomic_bool *cancelled = nullptr);
[[nodiscard]] Result<EcNumbers, CryptoError> generateEcNumbers(Curve curve);
[[nodiscard]] Result<EdNumbers, CryptoError> generateEdNumbers();

} // namespace tokenlab::crypto
