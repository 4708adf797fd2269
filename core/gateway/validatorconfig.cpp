#include "core/gateway/validatorconfig.h"

#include "core/gateway/components.h"
#include "core/support/headername.h"

namespace tokenlab::gateway {

ValidatorSetting readValidator(json::Value validator, json::Arena &arena)
{
    ValidatorConfig config;
    config.rolesKey.clear();
    const json::Field fields[] = {
        {"alg", &config.alg},
        {"auth_header_name", &config.authHeaderName},
        {"jwk_url", &config.jwkUrl},
        {"cache", &config.cache},
        {"cache_duration", &config.cacheDuration},
        {"issuer", &config.issuer},
        {"audience", &config.audience},
        {"roles", &config.roles},
        {"propagate_claims", &config.propagateClaims},
        {"propagate_claims_preserve_array", &config.propagateClaimsPreserveArray},
        {"roles_key", &config.rolesKey},
        {"roles_key_is_nested", &config.rolesKeyIsNested},
        {"cookie_key", &config.cookieKey},
        {"cipher_suites", &config.cipherSuites},
        {"disable_jwk_security", &config.disableJwkSecurity},
        {"jwk_fingerprints", &config.fingerprints},
        {"jwk_local_ca", &config.localCa},
        {"jwk_local_path", &config.localPath},
        {"secret_url", &config.secretUrl},
        {"cypher_key", json::ByteSlice{&config.cypherKey}},
        {"scopes", &config.scopes},
        {"scopes_key", &config.scopesKey},
        {"scopes_matcher", &config.scopesMatcher},
        {"key_identify_strategy", &config.keyIdentifyStrategy},
        {"operation_debug", &config.operationDebug},
        {"leeway", &config.leeway},
        {"failed_jwk_key_cooldown", &config.failedJwkKeyCooldown},
    };
    if (auto error = json::unmarshalStruct(remarshalled(validator, arena), "jose.SignatureConfig", "SignatureConfig", fields))
        return *error;
    if (config.rolesKey.isEmpty())
        config.rolesKey = "roles";
    config.authHeaderName = canonicalHeaderName(config.authHeaderName);
    return config;
}

} // namespace tokenlab::gateway
