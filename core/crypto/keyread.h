// Keys, certificates and PKCS#12 files as other programs write them, taken apart into numbers. Input may be anything: work is bounded,
// and what is wrong is told by kind. Private numbers are in SecretBytes.
#pragma once

#include "core/crypto/pkey.h"

#include <optional>
#include <variant>
#include <vector>

namespace tokenlab::crypto {

using KeyNumbers = std::variant<RsaNumbers, EcNumbers, EdNumbers>;

// What DER bytes are by their outermost members alone; nothing behind them is allowed.
enum class DerShape {
    None,
    Pkcs1Private,   // RFC 8017 A.1.2
    Pkcs1Public,    // RFC 8017 A.1.1
    Sec1,           // RFC 5915
    Pkcs8,          // RFC 5208, 5958
    EncryptedPkcs8, // RFC 5208 §6
    Spki,           // RFC 5280 §4.1.2.7
    Certificate,    // RFC 5280 §4.1
    Pkcs12          // RFC 7292 §4
};
[[nodiscard]] DerShape recogniseDer(QByteArrayView der);

struct KeyReadError {
    enum Kind {
        Malformed,         // detail: what a library said
        PassphraseNeeded,  // it is encrypted, and none was given
        WrongPassphrase,   // it does not open
        UnsupportedKey,    // detail: its kind, as `X25519`, `DSA`, `EC secp256k1`
        UnsupportedCipher, // it is encrypted with something that is not at hand; detail: its name
        TooMuchWork,       // a passphrase would be hashed for minutes
        NotAPair           // the public half does not belong to the private one
    };
    Kind kind = Malformed;
    QByteArray detail;
};

// Any shape but Certificate and Pkcs12. passphrase nullptr: none given.
[[nodiscard]] Result<KeyNumbers, KeyReadError> readKeyDer(QByteArrayView der, DerShape shape, const SecretBytes *passphrase);

// The DER of a PEM block that is encrypted in the manner before PKCS#8. header: its lines, with `DEK-Info:`.
[[nodiscard]] Result<SecretBytes, KeyReadError> openLegacyPem(const QByteArray &header, QByteArrayView body, const SecretBytes *passphrase);

struct CertificateRead {
    std::optional<KeyNumbers> key; // public
    QByteArray unsupported;        // the kind of key, where it is none that signs tokens
    QByteArray der, subject, issuer;
    QByteArray subjectText; // `CN=signer.example`, for people
};
[[nodiscard]] Result<CertificateRead, KeyReadError> readCertificateDer(QByteArrayView der);

struct Pkcs12Read {
    struct NamedKey {
        KeyNumbers key;
        QByteArray name; // friendlyName
    };
    std::vector<NamedKey> keys;
    std::vector<CertificateRead> certificates;
    std::vector<QByteArray> unsupported; // kinds of keys that were left out
};
[[nodiscard]] Result<Pkcs12Read, KeyReadError> readPkcs12(QByteArrayView der, const SecretBytes *passphrase);

} // namespace tokenlab::crypto
