// Strict verification of a signed token (RFC 7515 §5.2, RFC 8725) with keys from elsewhere: the keys decide which algorithms are possible,
// the token never names its own key, and every reason for a refusal has a name and a place. What the gateway's validator would say, which
// is more lenient, is ParsedJws and twin::validate; dates in claims are its business too.
#pragma once

#include "core/jose/jws.h"
#include "core/support/clock.h"

namespace tokenlab::jose {

// What bounds the work that a token can make.
inline constexpr qsizetype largestToken = qsizetype(16) * 1024 * 1024; // bytes of its text
inline constexpr qsizetype largestHeader = qsizetype(64) * 1024;       // bytes of a protected header, encoded
inline constexpr int mostSignatures = 16;                              // of the general form
inline constexpr int mostJsonMembers = 4096;                           // commas in the text of a JSON form
inline constexpr int mostTries = 32;                                   // signatures calculated for a token, over all keys

// Keys to verify with: a JWK set, or a single JWK. Unlike the gateway's, a set with elements of unknown or broken kinds is usable (RFC 7517
// §5); those are left out and told. Numbers of a wrong size are not stretched to fit.
struct VerificationKeys {
    KeySet set;
    std::vector<KeySetError> skipped;
    bool isSet = true; // false: a single JWK
};
// The error: no JSON, or neither a set nor a key; of a single JWK also what is wrong with it.
[[nodiscard]] Result<VerificationKeys, KeySetError> readVerificationKeys(QByteArrayView json);

struct VerifyError {
    enum Kind {
        // The token's shape
        Empty,
        TooLarge,        // limit; member: what is too much (`token`, `header`, `signatures`, `members`, `keys`)
        NotAToken,       // got: parts of a compact form, 3 are needed
        Encrypted,       // five parts: a JWE
        BadBase64,       // part, at
        Whitespace,      // part, at
        Padding,         // part, at
        TrailingBits,    // part, at
        NotJson,         // part, at; detail: the parser's words
        DuplicateMember, // part, member; of an object of the JSON form, of a header, or of both headers together
        NotAnObject,     // part
        MissingMember,   // part, member
        BadMember,       // part, member: of a wrong type or value
        MixedForms,      // member: `signature` beside `signatures` and their like
        // The header
        AlgNone,       // member: as written
        AlgUnknown,    // detail: alg
        AlgNotAllowed, // detail: alg
        Critical,      // member: an extension that is not known here; empty: `crit` itself is not as it must be, detail says why
        Unencoded,     // `b64: false`
        // The key
        NoKeys,            // the set is empty
        KidNotFound,       // detail: kid
        KeyOnlyInToken,    // member: `jwk`, `jku`, `x5u` or `x5c`, and no key of ours fits
        AmbiguousKid,      // detail: kid; got: how many
        NoKeyForAlg,       // detail: alg
        Confusion,         // HS* where the key is public, or RS*, ES*, … where it is a secret; detail: alg
        AlgKeyMismatch,    // detail: alg, asymmetric but of another type
        WrongCurve,        // detail: alg, member: the key's curve
        KeyAlg,            // detail: alg, member: the JWK's own `alg`
        KeyUse,            // member: the JWK's `use`
        KeyOps,            // the JWK's `key_ops` has no `verify`
        EmptyKey,          // a secret without bytes
        SecretIsPublicKey, // a secret that is the text of a public key or certificate
        KeyTooSmall,       // RSA; got, expected: bits
        KeyUnusable,       // numbers that nothing verifies with
        // The signature
        NoSignature,  // the third part is empty
        DerSignature, // ECDSA as ASN.1 instead of r || s
        WrongLength,  // got, expected: bytes
        ZeroNumber,   // member: `r` or `s`
        OutOfRange,   // member: `r`, `s` of ECDSA, `S` of Ed25519, `s` of RSA
        Mismatch,     // got: keys tried
    };
    Kind kind = Empty;
    QByteArray part;   // `token`, `header` (protected), `unprotected header`, `payload`, `signature`
    QByteArray member; // and detail: outside data, as they are
    QByteArray detail;
    qsizetype at = -1; // byte in the part's text (of JSON: in the decoded text)
    qint64 got = 0, expected = 0;
    int signature = -1; // which one of the general form
};

struct VerifyNote {
    enum Kind {
        IgnoredKeySource,  // detail: `jwk`, `jku`, `x5u`, `x5c` of the header, not followed
        ShortSecret,       // got, expected: bytes (RFC 7518 §3.2)
        SmallRsaKey,       // got, expected: bits (RFC 7518 §3.3)
        UnprotectedAlg,    // alg stands outside of what is signed
        KidWithoutKey,     // the token names a kid, the key that verified has none
        KidMissing,        // several keys could have been meant
        SignatureNotTried, // detail: kid; of several signatures one whose key is not here; got: its index
        PayloadNotJson,    // fine for a JWS, no JWT
        PayloadNotObject,  // likewise
        PayloadDuplicate,  // detail: the member
        ClaimExpired,      // the dates are not judged here; got: seconds
        ClaimNotYetValid,  // got: seconds
    };
    Kind kind = IgnoredKeySource;
    QByteArray detail;
    qint64 got = 0, expected = 0;
};

struct Verification {
    std::optional<VerifyError> error; // none: valid
    DecodedToken::Form form = DecodedToken::None;
    QByteArray alg, kid;    // as the token says, as far as it was read
    json::Document header;  // both headers together; absent root where it could not be read
    QByteArray payload;     // decoded; what it says counts only when the token is valid
    std::optional<Key> key; // that verified
    int signature = 0;      // which one of the general form verified
    std::vector<VerifyNote> notes;

    [[nodiscard]] bool valid() const { return !error; }
};

// allowed: empty for all that the keys can do. now: for notes on dates, none: no such notes. Nothing is trimmed: a line break at the
// token's end is the caller's to take off.
[[nodiscard]] Verification verifyToken(QByteArrayView token, const KeySet &keys, std::span<const Algorithm> allowed = {},
                                       std::optional<Instant> now = {});

} // namespace tokenlab::jose
