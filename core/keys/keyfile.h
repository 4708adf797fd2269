// `jwk_local_path`: plain and encrypted key-set files (specification §10). Pure: the caller reads the file.
#pragma once

#include "core/jose/jwk.h"

namespace tokenlab::keys {

struct KeyFileError {
    QByteArray text;           // the gateway's words
    bool crash = false;        // an encrypted file shorter than 12 bytes: the gateway panics at start-up
    bool notSimulated = false; // the keeper is a service elsewhere (awskms, hashivault, …): what it would answer is unknown
};

// secretUrl "" means: the file is plain JSON, whatever cypherKey says. cypherKey: already base64-decoded.
[[nodiscard]] Result<crypto::SecretBytes, KeyFileError> openKeyFile(QByteArrayView file, const QByteArray &secretUrl,
                                                                    QByteArrayView cypherKey);

// Makes an encrypted file with random nonces; plainKey 32 random bytes. keeperKey: 32 bytes.
struct EncryptedKeyFile {
    QByteArray file;               // nonce12 || AES-256-GCM || tag16
    QByteArray cypherKey;          // standard base64, for the configuration
    crypto::SecretBytes secretUrl; // `base64key://…`
};
[[nodiscard]] Result<EncryptedKeyFile, KeyFileError> encryptKeyFile(const crypto::SecretBytes &set);

} // namespace tokenlab::keys
