// Files as the gateway reads them, with its words where it cannot.
#pragma once

#include "core/lab/bindings.h"
#include "core/twin/signer.h"

namespace tokenlab::lab {

// path as configured (what the words name); a binding may lead elsewhere. Files above 64 MiB are refused.
[[nodiscard]] twin::FileSupply readFile(const QByteArray &path, const Bindings &bindings);

} // namespace tokenlab::lab
