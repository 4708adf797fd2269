#include "core/crypto/hmac.h"

#include "core/crypto/hash_p.h"
#include "core/crypto/openssl_p.h"

#include <openssl/core_names.h>

#include <mutex>
#include <vector>

namespace tokenlab::crypto {
namespace {

using MacPtr = std::unique_ptr<EVP_MAC, Deleter<&EVP_MAC_free>>;
using MacCtxPtr = std::unique_ptr<EVP_MAC_CTX, Deleter<&EVP_MAC_CTX_free>>;

} // namespace

struct Hmac::Private {
    MacCtxPtr keyed; // never computes itself: it is copied
    qsizetype size = 0;
    // Contexts at rest. Going back to the key costs no allocation, a copy costs several.
    mutable std::mutex mutex;
    mutable std::vector<MacCtxPtr> resting;

    [[nodiscard]] MacCtxPtr take() const
    {
        {
            const std::lock_guard lock(mutex);
            if (!resting.empty()) {
                MacCtxPtr ctx = std::move(resting.back());
                resting.pop_back();
                return ctx;
            }
        }
        return MacCtxPtr(EVP_MAC_CTX_dup(keyed.get()));
    }

    void giveBack(MacCtxPtr ctx) const
    {
        const std::lock_guard lock(mutex);
        if (resting.size() < 16)
            resting.push_back(std::move(ctx));
    }
};

Result<Hmac, CryptoError> Hmac::create(Hash hash, QByteArrayView key)
{
    const MacPtr mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    if (!mac)
        return fail(openSslError("HMAC"));
    auto d = std::make_shared<Private>();
    d->size = digestSize(hash);
    d->keyed.reset(EVP_MAC_CTX_new(mac.get()));
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char *>(digestName(hash)), 0),
                           OSSL_PARAM_construct_end()};
    // A null pointer would mean "keep the key"; an empty key needs an address of its own.
    const unsigned char none = 0;
    if (!d->keyed || EVP_MAC_init(d->keyed.get(), key.isEmpty() ? &none : bytesOf(key), std::size_t(key.size()), params) != 1)
        return fail(openSslError("HMAC"));
    return Hmac(std::move(d));
}

qsizetype Hmac::size() const
{
    return m_d->size;
}

Result<void, CryptoError> Hmac::compute(QByteArrayView message, unsigned char *tag) const
{
    MacCtxPtr ctx = m_d->take();
    std::size_t length = 0;
    if (!ctx || EVP_MAC_update(ctx.get(), bytesOf(message), std::size_t(message.size())) != 1 ||
        EVP_MAC_final(ctx.get(), tag, &length, std::size_t(m_d->size)) != 1 || EVP_MAC_init(ctx.get(), nullptr, 0, nullptr) != 1)
        return fail(openSslError("HMAC"));
    m_d->giveBack(std::move(ctx));
    return {};
}

} // namespace tokenlab::crypto
