// All rules over one document and what is known about its surroundings. Pure: files, key sets and replies are handed in.
#pragma once

#include "core/problems/problem.h"
#include "core/support/clock.h"
#include "core/twin/outcome.h"
#include "core/twin/validator.h"

#include <map>
#include <memory>

namespace tokenlab::problems {

// What stands behind one endpoint, as far as it was looked at.
struct EndpointFacts {
    std::optional<twin::SignerState> signer;       // as built with the real files and downloads; none: offline
    std::optional<twin::ValidatorState> validator; // likewise
    const twin::Outcome *lastOutcome = nullptr;    // of the last run: payload, fields, backend statuses
    // Files that the endpoint names, by path as written: content or Go's words. For what only a look inside tells (a DER file as CA).
    std::map<QByteArray, twin::FileSupply> files;
    std::optional<twin::DownloadSupply> download; // of jwk_url: type, size, redirects
    std::vector<QByteArray> peerCertificates;     // DER, as the key host sent them
    bool proxied = false;                         // the environment sends jwk_url through a proxy
    std::vector<QByteArray> verifiedCertificates; // of these those that the trust rests on; empty: none does, or nobody looked
};

struct Input {
    const json::SyntaxTree *document = nullptr; // none: the text is no JSON
    QByteArray source;
    QString fileName;
    std::shared_ptr<const gateway::ServiceConfig> service; // none: configError says why
    std::optional<gateway::ConfigError> configError;
    std::vector<EndpointFacts> endpoints;   // as service->endpoints; empty: offline
    QByteArray listenError;                 // why the gateway ends when it wants to listen, in its words: files of the top-level tls
    std::vector<QByteArray> clientTlsNotes; // files of client_tls that serve for nothing; the gateway says not a word
    Instant now;
};

// Where it stands in the text: the member's name, or what is nearest to a member that is not there.
[[nodiscard]] qsizetype offsetOf(const json::SyntaxTree &document, const QByteArray &pointer);

// Ordered by place in the document, errors first at the same place; what the gateway itself ends at comes before all. Such an error does
// not hide the others: they are what would be said of the file without it.
[[nodiscard]] std::vector<Problem> check(const Input &input);

// Only what the last outcomes tell: names of keys_to_sign that met nothing, claims that sign and do not validate.
[[nodiscard]] std::vector<Problem> checkReplies(const Input &input);

} // namespace tokenlab::problems
