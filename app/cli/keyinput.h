// What `keys` reads: keys in any form, passphrases, the parts of an encrypted set. Errors are sentences.
#pragma once

#include "app/cli/options.h"
#include "core/keys/import.h"

namespace tokenlab::cli {

// The first line of a file, or of standard input (`-`; asked for without echo at a terminal). prompt: what is asked.
[[nodiscard]] Result<crypto::SecretBytes, QString> readSecretLine(const QString &file, const QString &prompt);
// None: no option gave one.
[[nodiscard]] Result<std::optional<crypto::SecretBytes>, QString> passphraseOf(const KeysOptions &options);

[[nodiscard]] Result<keys::Imported, QString> importKeys(const QString &file, const KeysOptions &options,
                                                         const crypto::SecretBytes *passphrase);

struct SealParts {
    QByteArray secretUrl, cypherKey;
};
[[nodiscard]] Result<SealParts, QString> sealParts(const KeysOptions &options);

} // namespace tokenlab::cli
