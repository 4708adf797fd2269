// auth/validator of an endpoint as the gateway reads it (specification §8).
#pragma once

#include "core/json/unmarshal.h"
#include "core/json/value.h"

#include <QByteArray>

#include <utility>
#include <variant>
#include <vector>

namespace tokenlab::gateway {

// All texts as written. Members are read by the same rules as the signer's (§1.4).
struct ValidatorConfig {
    QByteArray alg, jwkUrl, localCa, localPath, secretUrl, issuer, rolesKey, scopesKey, scopesMatcher, cookieKey, authHeaderName,
        keyIdentifyStrategy, leeway;
    QByteArray cypherKey; // decoded bytes
    std::vector<QByteArray> audience, roles, scopes;
    std::vector<quint16> cipherSuites;
    std::vector<QByteArray> fingerprints;
    std::vector<std::pair<QByteArray, QByteArray>> propagateClaims; // claim, header
    bool disableJwkSecurity = false, rolesKeyIsNested = false, cache = false, operationDebug = false;
    qint64 cacheDuration = 0;
};
// What stands at `auth/validator`: a config, or the error that makes every request a 401.
using ValidatorSetting = std::variant<ValidatorConfig, json::UnmarshalError>;
[[nodiscard]] ValidatorSetting readValidator(json::Value validator, json::Arena &arena);

} // namespace tokenlab::gateway
