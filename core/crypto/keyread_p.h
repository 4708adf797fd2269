// Between the files that read keys. Inside core/crypto only.
#pragma once

#include "core/crypto/keyread.h"
#include "core/crypto/openssl_p.h"

#include <openssl/provider.h>

namespace tokenlab::crypto {

// A passphrase is hashed this often at most; every program in use stays far below.
inline constexpr long maxIterations = 5'000'000;

// OpenSSL's context with the ciphers that are found in old files alone. Of its own: nothing else gets to see them.
class OldCiphers
{
public:
    OldCiphers() : m_context(OSSL_LIB_CTX_new())
    {
        if (!m_context)
            return;
        m_default = OSSL_PROVIDER_load(m_context, "default");
        m_legacy = OSSL_PROVIDER_load(m_context, "legacy"); // absent on some systems: then such files are refused
        ERR_clear_error();
    }
    ~OldCiphers()
    {
        if (m_legacy)
            OSSL_PROVIDER_unload(m_legacy);
        if (m_default)
            OSSL_PROVIDER_unload(m_default);
        OSSL_LIB_CTX_free(m_context);
    }
    OldCiphers(const OldCiphers &) = delete;
    OldCiphers &operator=(const OldCiphers &) = delete;

    [[nodiscard]] OSSL_LIB_CTX *context() const { return m_context; }

private:
    OSSL_LIB_CTX *m_context;
    OSSL_PROVIDER *m_default = nullptr;
    OSSL_PROVIDER *m_legacy = nullptr;
};

[[nodiscard]] Result<KeyNumbers, KeyReadError> numbersOf(const EVP_PKEY *key, bool withSecrets);
[[nodiscard]] Result<KeyNumbers, KeyReadError> numbersOf(const PKCS8_PRIV_KEY_INFO *info);
// Whether a passphrase can be tried against this cipher in bearable time.
[[nodiscard]] bool isAffordable(const X509_ALGOR *algorithm);
// After a failed decryption: the passphrase, or a cipher that is not there. Empties the queue.
[[nodiscard]] KeyReadError decryptionError(const X509_ALGOR *algorithm);
[[nodiscard]] KeyReadError malformed(const char *operation);

} // namespace tokenlab::crypto
