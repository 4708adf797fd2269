// What the gateway's own words mean and what to do about them: the table behind every sentence about a start, a backend or a signature.
#pragma once

#include <QByteArrayView>
#include <QString>

namespace tokenlab::text {

struct Advice {
    QString meaning; // what happened, without a full stop
    QString brief;   // the same without the gateway's words in brackets
    QString remedy;  // what to do, a sentence; may be empty
};

[[nodiscard]] Advice signerAdvice(QByteArrayView gatewayText);  // after `Unable to create the signer: `
[[nodiscard]] Advice backendAdvice(QByteArrayView gatewayText); // after `Proxy response: `
[[nodiscard]] Advice signingAdvice(QByteArrayView gatewayText); // after `Signing fields: `
[[nodiscard]] QString join(const Advice &advice);               // `Meaning. Remedy`
[[nodiscard]] QString sentenceOf(QByteArrayView gatewayText);
// The gateway's words on one line, inert: some of its errors have line breaks of their own.
[[nodiscard]] QString oneLine(QByteArrayView gatewayText);

} // namespace tokenlab::text
