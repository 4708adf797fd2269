// What the gateway's own words mean and what to do about them: the table behind every sentence about a start, a backend or a signature.
#pragma once

#include <QByteArrayView>
#include <QString>

namespace tokenlab::text {

struct Advice {
    QString meaning; // what happened, without a full stop
    QString remedy;  // what to do, a sentence; may be empty
};

[[nodiscard]] Advice signerAdvice(QByteArrayView gatewayText);  // after `Unable to create the signer: `
[[nodiscard]] Advice backendAdvice(QByteArrayView gatewayText); // after `Proxy response: `
[[nodiscard]] Advice signingAdvice(QByteArrayView gatewayText); // after `Signing fields: `
// `meaning. remedy`, and the gateway's words where the meaning does not carry them.
[[nodiscard]] QString join(const Advice &advice);

} // namespace tokenlab::text
