// Owners for OpenSSL's objects and the reading of its error queue. Private to core/crypto.
#pragma once

#include "core/crypto/error.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <memory>

namespace tokenlab::crypto {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T *object) const
    {
        Free(object);
    }
};

using BnPtr = std::unique_ptr<BIGNUM, Deleter<&BN_clear_free>>;
using BnCtxPtr = std::unique_ptr<BN_CTX, Deleter<&BN_CTX_free>>;
using CipherCtxPtr = std::unique_ptr<EVP_CIPHER_CTX, Deleter<&EVP_CIPHER_CTX_free>>;
using EcGroupPtr = std::unique_ptr<EC_GROUP, Deleter<&EC_GROUP_free>>;
using EcPointPtr = std::unique_ptr<EC_POINT, Deleter<&EC_POINT_free>>;
using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, Deleter<&ECDSA_SIG_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, Deleter<&EVP_MD_CTX_free>>;
using ParamBldPtr = std::unique_ptr<OSSL_PARAM_BLD, Deleter<&OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, Deleter<&OSSL_PARAM_free>>;
using PKeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, Deleter<&EVP_PKEY_CTX_free>>;
using PKeyPtr = std::unique_ptr<EVP_PKEY, Deleter<&EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Deleter<&X509_free>>;

// The newest entry of this thread's error queue, which is emptied: read once, at the call that failed.
inline CryptoError openSslError(const char *operation)
{
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char *reason = code ? ERR_reason_error_string(code) : nullptr;
    return {QByteArray(operation) + ": " + (reason ? reason : "refused")};
}

inline const unsigned char *bytesOf(QByteArrayView view)
{
    return reinterpret_cast<const unsigned char *>(view.data());
}

inline BnPtr toBn(QByteArrayView bigEndian)
{
    return BnPtr(BN_bin2bn(bytesOf(bigEndian), int(bigEndian.size()), nullptr));
}

} // namespace tokenlab::crypto
