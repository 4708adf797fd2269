// What a table shows of each key of a set, and what should be known before it is used.
#pragma once

#include "core/keys/entry.h"

#include <QString>

namespace tokenlab::keys {

enum class Warning {
    Refused,         // the gateway loads no set with this key; detail: its words
    EmptySecret,     // everybody can sign with it
    WeakSecret,      // shorter than the hash of its alg, or 256 bits; detail: bits wanted
    UnusableRsa,     // below 1024 bits: the gateway signs nothing with it
    WeakRsa,         // below 2048 bits
    SmallExponent,   // below 65537; detail: the exponent
    DuplicateKid,    // the gateway signs with the last one
    MissingKid,      // a signer's kid "" alone finds it
    PrivateInPublic, // a private key or a secret in a set that others read
    OtherAlgorithm,  // alg is not for this kind of key; detail: alg
    OtherUse         // use is not "sig"; detail: use
};
[[nodiscard]] QByteArray code(Warning warning); // `weak-rsa`

struct Finding {
    Warning warning = Warning::Refused;
    QByteArray detail;
};

struct Row {
    QByteArray kty; // `oct` `RSA` `EC` `OKP`; of refused keys as far as it is a text
    QByteArray curve;
    int bits = 0;
    QByteArray kid, alg, use;
    QByteArray thumbprint; // RFC 7638; empty for refused keys
    bool isPrivate = false;
    bool isSecret = false; // oct: it has no public half
    bool hasChain = false;
    std::vector<Finding> findings;
};

// isPublic: others read this set, as its file name or its use says. Else it is taken for public when it holds a public key.
[[nodiscard]] std::vector<Row> survey(const Entries &entries, bool isPublic = false);
// `.well-known/jwks.json`, `jwks.json`, `public-keys.json`: what a file for others is called.
[[nodiscard]] bool looksPublic(const QString &fileName);

} // namespace tokenlab::keys
