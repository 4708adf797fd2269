// HMAC with a key that stays in its contexts: one key, many messages, from any thread.
#pragma once

#include "core/crypto/error.h"
#include "core/crypto/hash.h"
#include "core/support/result.h"

namespace tokenlab::crypto {

class Hmac
{
public:
    // The key may be empty: Go signs with an empty key too.
    [[nodiscard]] static Result<Hmac, CryptoError> create(Hash hash, QByteArrayView key);

    [[nodiscard]] qsizetype size() const; // of the tag
    // Writes size() bytes. Thread-safe.
    [[nodiscard]] Result<void, CryptoError> compute(QByteArrayView message, unsigned char *tag) const;

private:
    struct Private;
    explicit Hmac(std::shared_ptr<const Private> d) : m_d(std::move(d)) {}
    std::shared_ptr<const Private> m_d;
};

} // namespace tokenlab::crypto
