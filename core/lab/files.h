// Files as the gateway reads them, with its words where it cannot.
#pragma once

#include "core/lab/bindings.h"
#include "core/twin/signer.h"

namespace tokenlab::lab {

// path as configured (what the words name); a binding may lead elsewhere. Files above 64 MiB are refused.
[[nodiscard]] twin::FileSupply readFile(const QByteArray &path, const Bindings &bindings);
// A key file likewise. What a binding puts in the place of an encrypted one may be a plain set: a stand-in has nobody to open it with.
void supplyKeyFile(twin::Supplies &supplies, const QByteArray &path, const Bindings &bindings);
void supplyKeyFile(twin::Supplies &supplies, const QByteArray &path, const Bindings &bindings, const twin::FileSupply &content);
[[nodiscard]] bool isPlainSet(QByteArrayView file); // a JSON object, which no encrypted file is

} // namespace tokenlab::lab
