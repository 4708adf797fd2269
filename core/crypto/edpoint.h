// Whether 32 bytes can be anybody's Ed25519 public key.
#pragma once

#include <QByteArrayView>

namespace tokenlab::crypto {

// On the curve, spelled canonically, in the group of the base point. With a point of small order anybody makes signatures that verify;
// Go and OpenSSL take those (PKey::verify too, for the gateway's sake).
[[nodiscard]] bool isProperEd25519Point(QByteArrayView x);

} // namespace tokenlab::crypto
