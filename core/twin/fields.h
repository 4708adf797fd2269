// SignFields and the body (specification §4.6, §5): everything is serialised once; the text before signing serves the tokens and the body.
#pragma once

#include "core/jose/jws.h"
#include "core/twin/outcome.h"

namespace tokenlab::twin {

struct SignedBody {
    QByteArray body;        // of the response
    QByteArray payloadText; // the same before signing
    std::vector<FieldOutcome> fields;
    std::optional<jose::SignError> error; // then body is empty
    QByteArray errorField;
};

// data: a map, possibly a nil one. signer may be null when there is nothing to sign.
[[nodiscard]] SignedBody signFields(json::Value data, const std::vector<QByteArray> &keysToSign, const jose::Signer *signer,
                                    qsizetype sizeHint);

} // namespace tokenlab::twin
