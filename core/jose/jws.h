// JWS as the gateway makes them (specification §6; RFC 7515): three header members, compact or flattened. And taking tokens apart.
#pragma once

#include "core/jose/jwk.h"
#include "core/json/value.h"

#include <optional>
#include <span>
#include <vector>

namespace tokenlab::jose {

enum class Algorithm { HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA };
[[nodiscard]] std::span<const Algorithm> allAlgorithms();
[[nodiscard]] std::optional<Algorithm> algorithmFromName(QByteArrayView name); // exact case
[[nodiscard]] QByteArray name(Algorithm algorithm);
[[nodiscard]] KeyType keyTypeOf(Algorithm algorithm);
[[nodiscard]] bool isRandomised(Algorithm algorithm); // PS*, ES*

struct SignerError { // start-up, §6.2
    enum Kind { UnsupportedAlgorithm, UnsupportedKey };
    Kind kind = UnsupportedAlgorithm;
};
struct SignError { // per request, §6.2
    enum Kind { CurveMismatch, KeyTooSmall, MessageTooLong, Crypto };
    Kind kind = Crypto;
    int expectedBits = 0;
    int gotBits = 0;
    QByteArray detail;
};
[[nodiscard]] QByteArray gatewayText(const SignerError &error);
[[nodiscard]] QByteArray gatewayText(const SignError &error);

class Signer
{
public:
    // algorithmText is the configuration's text, looked at with exact case. typ "" means `JWT`.
    [[nodiscard]] static Result<Signer, SignerError> create(const Key &key, QByteArrayView algorithmText, const QByteArray &typ, bool full);

    // The token (compact, or flattened JSON) over these payload bytes. Thread-safe.
    [[nodiscard]] Result<QByteArray, SignError> sign(QByteArrayView payload) const;

    [[nodiscard]] const Key &key() const;
    [[nodiscard]] Algorithm algorithm() const;
    [[nodiscard]] bool full() const;
    [[nodiscard]] QByteArray headerJson() const;

    struct Private;

private:
    std::shared_ptr<const Private> m_d;
};

// Verifies signature bytes over an input with one key and one algorithm; no token rules (those are core's `verify`, later).
[[nodiscard]] bool verifySignature(const Key &key, Algorithm algorithm, QByteArrayView signingInput, QByteArrayView signature);

// A token taken apart as far as it goes; never says whether it is valid.
struct DecodedToken {
    enum Form { Compact, Flattened, None };
    Form form = None;
    QByteArray headerText, payloadText;                   // decoded bytes as they are
    json::Document header, payload;                       // absent root where the text is not JSON
    QByteArray protectedPart, payloadPart, signaturePart; // base64url texts
    QByteArray signature;
    struct Note {
        enum Kind {
            BearerStripped,
            QuotesStripped,
            WhitespaceStripped,
            UrlDecoded,
            BadBase64,
            NotJson,
            DuplicateMember,
            MissingPart,
            TooManyParts,
            AlgNone,
            UnprotectedHeader,
            NonCanonicalBase64,
            EmptySignature,
            PayloadNotObject
        };
        Kind kind;
        QByteArray detail; // part name, position or member
    };
    std::vector<Note> notes;
};
[[nodiscard]] DecodedToken decodeToken(QByteArrayView text);

} // namespace tokenlab::jose
