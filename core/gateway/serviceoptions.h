// Top-level settings that change what one request meets on its way, beside the router's (asked of the gateway): limits of connections and
// what of the log is printed.
#pragma once

#include "core/json/value.h"

#include <QByteArray>
#include <QByteArrayView>

namespace tokenlab::gateway {

// Nanoseconds; 0: no limit. A negative one is none either, but for dialNs, which is over before it begins.
struct ConnectionLimits {
    qint64 responseHeaderNs = 0, dialNs = 0;          // of backends
    qint64 writeNs = 0, readNs = 0, readHeaderNs = 0; // of clients
    bool disableCompression = false, disableKeepAlives = false;

    // Time to read a request's head: where it has none of its own, the one of the whole request.
    [[nodiscard]] qint64 headNs() const { return readHeaderNs != 0 ? readHeaderNs : readNs; }
    // Over before anything can happen, as with `5` where five seconds were meant.
    [[nodiscard]] static bool isOverAtOnce(qint64 ns) { return ns > 0 && ns < 10'000; }
    [[nodiscard]] bool readsNothing() const { return isOverAtOnce(headNs()); }
};

// telemetry/logging. What it cannot read the gateway replaces by a logger that prints everything.
struct LogOptions {
    enum Level { Nothing, Critical, Error, Warning, Everything };
    Level level = Everything; // this and graver
    bool toSyslog = false;    // where that cannot be reached, the gateway prints everything instead
    // `stdout` or `syslog` that is there and neither true nor false: the gateway panics with these words, after it has read its
    // configuration and before anything else.
    QByteArray crash, crashPointer;

    [[nodiscard]] bool prints(QByteArrayView line) const; // `ERROR …`, `WARNING …`
};
[[nodiscard]] QByteArray name(LogOptions::Level level); // `CRITICAL`, …
// pointer: where it stands.
[[nodiscard]] LogOptions readLogOptions(json::Value logging, const QByteArray &pointer);

} // namespace tokenlab::gateway
