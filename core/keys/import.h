// Keys from whatever they come in: PEM, DER, PKCS#12, OpenSSH, JWK, JWK sets, bare secrets. One function recognises and reads all of them.
// Pure: the caller reads the file. Input may be anything; size, number of blocks and work are bounded.
#pragma once

#include "core/keys/entry.h"

namespace tokenlab::keys {

enum class Form {
    Unknown,
    Pkcs1Private,
    Pkcs1Public,
    Sec1,
    Pkcs8,
    EncryptedPkcs8,
    Spki,
    Certificate,
    Pkcs12,
    LegacyPem, // encrypted before there was PKCS#8
    OpenSshPrivate,
    OpenSshPublic,
    Jwk,
    JwkSet,
    Secret
};

// How a bare secret stands in its file. Bytes: the file as it is, its line end too.
enum class SecretEncoding { Text, Hex, Base64, Base64Url, Bytes };

struct Reading {
    SecretEncoding encoding = SecretEncoding::Text;
    crypto::SecretBytes secret;
    [[nodiscard]] qsizetype bits() const { return secret.size() * 8; }
};

struct ImportError {
    enum Kind {
        Empty,
        TooLarge,
        TooMany,       // blocks or keys
        NotRecognised, // none of the forms
        NotText,       // asked to be read as hex or base64, and is not; line, detail: what is there
        Broken,        // recognised, and damaged; detail: in a library's or the gateway's words
        PassphraseNeeded,
        WrongPassphrase,
        UnsupportedKey,    // detail: its kind
        UnsupportedCipher, // detail: its name
        OpenSshEncrypted,  // bcrypt; detail: the key's type
        TooMuchWork,
        NotAPair,
        NoKey,   // recognised, and holds none
        NotAList // `keys` of a set is no array
    };
    Kind kind = NotRecognised;
    Form form = Form::Unknown;
    int block = 0;    // of several, from 1; elements of a set too
    int line = 0;     // where it begins, from 1; 0: not a text
    QByteArray label; // of a PEM block: `EC PRIVATE KEY`
    QByteArray detail;
};

struct ImportOptions {
    const crypto::SecretBytes *passphrase = nullptr; // none given
    std::optional<SecretEncoding> secret;            // read as a secret, in this encoding, whatever it looks like
};

struct Imported {
    struct Source {
        Form form = Form::Unknown;
        int block = 1;
        int line = 0;
        QByteArray name; // friendlyName, comment, or a certificate's subject
    };
    Entries entries;
    std::vector<Source> sources; // of each entry
    // What was left out, as authorities of a chain, parameters, or keys that cannot sign tokens.
    std::vector<ImportError> skipped;
    // More than one: a bare secret that can be read in these ways, and no entries. The caller asks.
    std::vector<Reading> readings;
};

[[nodiscard]] Result<Imported, ImportError> import(QByteArrayView file, const ImportOptions &options = {});
// An oct key of one reading.
[[nodiscard]] Entry secretEntry(const crypto::SecretBytes &secret);

} // namespace tokenlab::keys
