// QCA, started when it is first needed and never stopped: SecretBytes may outlive the application object.
#pragma once

#include "core/crypto/error.h"
#include "core/support/result.h"

namespace tokenlab::crypto {

// Starts QCA once, from any thread; the build's own plugin folder is searched too.
void initialiseQca();

// Starts QCA and loads its plugins, once.
void loadQcaPlugins();

// Starts QCA and asks for features by QCA's names (`cert,crl`). An error when no plugin offers them: the plugin is missing.
[[nodiscard]] Result<void, CryptoError> requireQca(const char *features);

} // namespace tokenlab::crypto
