// `keys encrypt`, `decrypt` and `rekey`: encrypted sets for jwk_local_path.
#pragma once

#include "app/cli/options.h"
#include "app/cli/session.h"
#include "core/crypto/secretbytes.h"

namespace tokenlab::cli {

void sealKeys(const crypto::SecretBytes &set, const KeysOptions &options, Session &session);
void openKeys(const KeysOptions &options, Session &session);
void rekey(const KeysOptions &options, Session &session);

} // namespace tokenlab::cli
