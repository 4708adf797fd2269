// The one error of core/crypto: what an operation of a library refused, in that library's words. Never holds key material.
#pragma once

#include <QByteArray>

namespace tokenlab::crypto {

struct CryptoError {
    QByteArray what;
};

} // namespace tokenlab::crypto
