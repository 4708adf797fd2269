// Where --jwks points to: a file or a URL, with --ca, --pin and --insecure for the latter. Shared by sign and verify.
#pragma once

#include "app/cli/session.h"
#include "core/jose/jwk.h"

#include <functional>
#include <vector>

namespace tokenlab::cli {

struct KeySource {
    QString jwks; // a file, a URL, or `-`
    QString ca;
    std::vector<QByteArray> pins;
    bool insecure = false;
};

[[nodiscard]] bool isUrl(const QString &text);
// What the options contradict; empty: nothing.
[[nodiscard]] QString sourceFault(const KeySource &source);
// http:// without --insecure.
[[nodiscard]] QString insecureUrlSentence(const QString &url);
// The sentences speak of the gateway's file; here its members are options.
[[nodiscard]] QString inOptions(QString sentence);

// The text of the source, for a reader that is told nothing of where it comes from: a file at once, a URL over the gateway's key client
// (its TLS rules, but a status other than 2xx is an error). ready is not called where it cannot be had: then the session has ended. What
// came from a file may hold secrets and is wiped after the call.
void withKeyText(const KeySource &source, Session &session, const std::function<void(const QByteArray &text)> &ready);

} // namespace tokenlab::cli
