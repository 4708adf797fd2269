// auth/validator of an endpoint as the gateway reads it (specification §8).
#pragma once

#include "core/json/unmarshal.h"
#include "core/json/value.h"

#include <QByteArray>

#include <variant>
#include <vector>

namespace tokenlab::gateway {

// All texts as written. Members are read by the same rules as the signer's (§1.4).
struct ValidatorConfig {
    QByteArray alg, jwkUrl, localCa, localPath, secretUrl, issuer, scopesKey, scopesMatcher, cookieKey, keyIdentifyStrategy, leeway,
        failedJwkKeyCooldown;
    QByteArray rolesKey = "roles";
    QByteArray authHeaderName; // canonical; empty: Authorization
    QByteArray cypherKey;      // decoded bytes
    std::vector<QByteArray> audience, roles, scopes;
    std::vector<quint16> cipherSuites;
    std::vector<QByteArray> fingerprints;
    std::vector<std::vector<QByteArray>> propagateClaims; // claim, header; entries that are no pairs are skipped at each request
    bool disableJwkSecurity = false, rolesKeyIsNested = false, cache = false, operationDebug = false, propagateClaimsPreserveArray = false;
    quint32 cacheDuration = 0; // seconds; 0: 15 minutes
};
// What stands at `auth/validator`: a config, or the error that makes every request a 401.
using ValidatorSetting = std::variant<ValidatorConfig, json::UnmarshalError>;
[[nodiscard]] ValidatorSetting readValidator(json::Value validator, json::Arena &arena);

} // namespace tokenlab::gateway
