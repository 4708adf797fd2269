// Verdicts of auth/validator in words: for the command, the trace and the token cards.
#pragma once

#include "core/twin/tokenverdicts.h"

#include <QString>

namespace tokenlab::text {

// Why, without the status: `expired 22 months ago`, `no token in the request`. For a token that passes: `all checks pass`.
[[nodiscard]] QString validatorReason(const twin::ValidatorVerdict &verdict, Instant now);
// Whole sentences, with what helps where something does.
[[nodiscard]] QString validatorSentence(const twin::ValidatorVerdict &verdict, Instant now);
// `GET /account: 401, expired 22 months ago`.
[[nodiscard]] QString sentence(const twin::EndpointVerdict &verdict, Instant now);
// The validator keeps the gateway from running, or the endpoint from ever answering anything but 401.
[[nodiscard]] QString sentence(const twin::ValidatorError &error);
// Of a rule as a trace step names it (`§8.9 exp`); empty: not one of these.
[[nodiscard]] QString validatorRuleSentence(QByteArrayView rule);

} // namespace tokenlab::text
