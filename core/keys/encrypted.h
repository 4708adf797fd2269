// Encrypted key sets for jwk_local_path (specification §10): making, opening and re-keying the three parts that belong together
// (secret_url, cypher_key, the file), and saying which of them is wrong.
#pragma once

#include "core/keys/keyfile.h"

namespace tokenlab::keys {

struct EncryptedFault {
    enum Kind {
        NoSecretUrl,  // the gateway would read the file as plain JSON
        SecretUrlBad, // no URL, no scheme, a parameter
        SecretUrlNotBase64,
        SecretUrlLength, // detail: its bytes; 32 are wanted
        SecretUrlEmpty,  // base64key:// alone: a new key at each start, which opens nothing
        Cloud,           // detail: its scheme; a service elsewhere has the key
        UnknownScheme,   // detail: the scheme
        CypherKeyNotBase64,
        CypherKeyShort,  // detail: its bytes; at least 40 are wanted
        CypherKeyLocked, // secret_url does not open it
        FileShort,       // the gateway crashes at its start
        FileLocked,      // the key in cypher_key does not open it
        FilePlain,       // it is not encrypted at all
        NotASet,         // it opens, and is no key set; detail: the gateway's words
        Failed           // detail: a library's words
    };
    Kind kind = Failed;
    QByteArray gateway; // its words, where it would say any
    QByteArray detail;
    bool crash = false;
};

// cypherKey: base64, as it stands in the configuration. What opens is not looked at further.
[[nodiscard]] Result<crypto::SecretBytes, EncryptedFault> openEncrypted(QByteArrayView file, const QByteArray &secretUrl,
                                                                        const QByteArray &cypherKey);

// A new secret_url and cypher_key; refuses what is no key set for the gateway.
[[nodiscard]] Result<EncryptedKeyFile, EncryptedFault> sealSet(const crypto::SecretBytes &set);
// With a secret_url that is in use already, so that the deployment's secret stays: cypher_key and the file are new.
[[nodiscard]] Result<EncryptedKeyFile, EncryptedFault> sealSet(const crypto::SecretBytes &set, const QByteArray &secretUrl);

} // namespace tokenlab::keys
