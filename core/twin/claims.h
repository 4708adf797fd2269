// Claims of a token as the validator reads them: once into the registered ones with their types, once into a map (specification §8.7).
// Private to core/twin.
#pragma once

#include "core/json/value.h"
#include "core/support/result.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace tokenlab::twin {

struct ClaimFault {
    QByteArray text;  // the gateway's words
    QByteArray claim; // its name, when one is at fault
};

struct RegisteredClaims {
    QByteArray issuer;
    std::vector<QByteArray> audience;
    std::optional<qint64> expiry, notBefore, issuedAt; // as the gateway's integers: what does not fit is the smallest
};
[[nodiscard]] Result<RegisteredClaims, ClaimFault> readRegisteredClaims(const QByteArray &payload);
// An object in any case: null is an empty one. Only for payloads that the first reading took.
[[nodiscard]] Result<json::Document, ClaimFault> readClaimMap(const QByteArray &payload);

// A claim as it goes into a header or a URL, and as several header lines (propagate_claims_preserve_array). Numbers have gone through
// float64. None: no such claim.
[[nodiscard]] std::optional<QByteArray> claimText(json::Value claims, const QByteArray &name);
[[nodiscard]] std::optional<std::vector<QByteArray>> claimLines(json::Value claims, const QByteArray &name);

// The object that holds the last name of a dotted path; absent where the way down breaks.
[[nodiscard]] json::Value claimHolder(json::Value claims, const QByteArray &path, QByteArray &lastName);

} // namespace tokenlab::twin
