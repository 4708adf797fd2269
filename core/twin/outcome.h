// What the gateway would answer, as one value; views, log, "why?" and the command line read it and derive nothing again. Design §3, §5.
#pragma once

#include "core/http/message.h"
#include "core/json/value.h"
#include "core/twin/forward.h"
#include "core/twin/signer.h"
#include "core/twin/validator.h"

namespace tokenlab::twin {

enum class Verdict { Signed, PartlySigned, Unsigned, Refused, DoesNotStart, Incomplete };
[[nodiscard]] QByteArray name(Verdict verdict); // `signed`, `partly-signed`, …

enum class Stage { Config, Key, Request, Backend, Shape, Sign, Reply, Validators };
[[nodiscard]] QByteArray name(Stage stage); // `config`, `key`, …
enum class StepState { Ok, Failed, Skipped, Warning };

struct TraceStep {
    Stage stage = Stage::Config;
    StepState state = StepState::Ok;
    QByteArray rule;           // `§4.6`
    QByteArray pointer;        // in the configuration
    QByteArray payloadPointer; // in the payload
    QByteArray gatewayText;    // the gateway's own words, when it has some
    QByteArray detail;         // a short fact: `200 · 12 ms`, `2 of 2`
    double durationMs = -1;    // -1: not measured
};

struct BackendExchange {
    http::Request sent;
    std::vector<Dropped> dropped;
    std::optional<Result<http::Reply, http::TransportError>> reply; // none: not asked
    double durationMs = 0;
};

struct FieldOutcome {
    enum Kind { Signed, Missing, NotAnObject, AlreadySigned };
    QByteArray name;
    Kind kind = Missing;
    QByteArray token;                    // Signed only
    json::Type found = json::Type::Null; // NotAnObject: what stands there
};

struct Response {
    int status = 0;
    http::HeaderList headers; // without Date and Content-Length
    QByteArray body;
};

struct Outcome {
    QByteArray endpoint, method; // method: as it was asked, which need not be the endpoint's
    Verdict verdict = Verdict::DoesNotStart;
    QByteArray startError; // whole gateway
    bool crash = false, hangs = false;
    std::optional<StartError> signerError;
    std::optional<ValidatorVerdict> validator; // none: the endpoint has none, or the request did not come so far
    Instant at;                                // when it was judged
    std::vector<BackendExchange> backends;
    Response response;
    bool brokenOff = false;
    bool signs = true; // false: the endpoint has no auth/signer, so nothing was to be signed
    std::vector<FieldOutcome> fields;
    QByteArray payloadText;           // merged data before signing, as the gateway would write it
    std::vector<QByteArray> log;      // `ERROR [ENDPOINT: /token][JWTSigner] …`
    std::vector<QByteArray> wholeLog; // where the gateway's level hides lines of it; else empty
    std::vector<TraceStep> trace;
    std::vector<std::pair<QByteArray, QByteArray>> bindings;
    std::vector<QByteArray> notSimulated;
    std::vector<QByteArray> notes; // random orders and the like
};

} // namespace tokenlab::twin
