// What a real gateway did beside what the twin said, as values. Pure: no sockets, no processes. Design §5 (`compare`).
#pragma once

#include "core/twin/outcome.h"

#include <optional>
#include <vector>

namespace tokenlab::twin {

// Why nothing can be compared; core/text makes the sentence.
struct GatewayTrouble {
    enum Kind {
        NoProgram,     // neither TOKENLAB_KRAKEND nor krakend in the PATH
        NotExecutable, // subject: what was named
        DockerSilent,  // no docker, or its daemon does not answer
        CannotStart,   // the system's words
        NoFolder,
        NoPort,
        NoRelease, // `krakend version` gives none
        NoKrakend, // nor does it behave like one
        NoAnswer,  // of a gateway elsewhere: subject is its URL
        BadUrl,
        Cancelled
    };
    Kind kind = NoProgram;
    QByteArray subject; // program or URL
    QByteArray text;    // the system's or the gateway's own words
};

// A request as a backend received it.
struct SeenRequest {
    QByteArray method, target;
    http::HeaderList headers;
    QByteArray body;
};
struct BackendSeen {
    bool watched = false; // the lab stood in for the backend, so it knows
    std::vector<SeenRequest> requests;
};

struct Observed {
    enum Start { Listens, Ended, Crashed, Silent }; // Silent: neither ended nor listened in time
    Start start = Listens;
    int exitCode = 0;
    QByteArray startText; // why it ended, in its words
    bool answered = false;
    Response response; // without Date, Content-Length and the connection's own headers
    bool brokenOff = false;
    double durationMs = 0;
    std::vector<BackendSeen> backends; // in the endpoint's order; empty: unknown
    bool logKnown = false;             // a gateway elsewhere keeps its log to itself
    std::vector<QByteArray> log;       // ERROR and WARNING lines of the endpoint
    QByteArray wholeLog;
    QByteArray release; // `2.13.8`; empty: unknown
};

struct Difference {
    enum Place { Start, Status, Header, Body, BodyMember, TokenHeader, TokenPayload, TokenSignature, Log, BrokenOff, Calls, Sent };
    Place place = Status;
    QByteArray name;    // header name; pointer in the body, or of the token in it; what of a sent request
    QByteArray pointer; // in the token's header or payload
    int backend = -1;   // Calls, Sent
    QByteArray lab, gateway;
};
// `header Content-Type`, `token /access_token payload /exp`: the `where` of --json.
[[nodiscard]] QByteArray where(const Difference &difference);

struct Comparison {
    std::vector<Difference> differences;
    // With two calls of the backend its answers differ by themselves: times that lie close together, identifiers that are made anew.
    std::vector<Difference> tolerated;
    std::vector<QByteArray> verified; // pointers of tokens whose signature was verified instead of compared
    [[nodiscard]] bool equal() const { return differences.empty(); }
};

// What has to be known to read a comparison rightly.
struct CompareNote {
    enum Kind {
        TwoCalls,     // the backends were asked by both: fresh values differ
        NotReplayed,  // detail: number of the backend whose failure cannot be played; the gateway asked it itself
        OtherRelease, // detail: the gateway's; the lab knows 2.13.8
        OwnFile,      // a gateway elsewhere runs on its own file
        NotSimulated  // detail: a component that the lab does not play
    };
    Kind kind = TwoCalls;
    QByteArray detail;
};

// sameReplies: both sides had the very same backend replies; else the answers of a backend that was called twice are met with tolerance.
[[nodiscard]] Comparison compare(const Outcome &lab, const SignerState &signer, const Observed &gateway, bool sameReplies);

} // namespace tokenlab::twin
