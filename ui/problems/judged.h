// One judgement of the document: all problems, with what views need of each, and the fixing of what is safe. Values only: made in a worker.
#pragma once

#include "core/lab/bindings.h"
#include "core/problems/check.h"

#include <QString>

#include <array>
#include <memory>
#include <set>

namespace tokenlab::ui {

// What is known beyond the file and its neighbours on the disk.
struct Known {
    std::map<QByteArray, problems::EndpointFacts> signers;               // looked at, by the signer's text in the file
    std::map<QByteArray, std::shared_ptr<const twin::Outcome>> outcomes; // of the last runs, by `METHOD /path`
};

struct Question {
    QByteArray source;
    QString fileName;
    Known known;
    lab::Bindings bindings;
    Instant now;
};

using Counts = std::array<int, 3>; // errors, warnings, hints

struct Judged {
    QByteArray source;
    std::vector<problems::Problem> list;
    std::vector<int> lines;                                // of each problem, from 1; 0: none
    std::shared_ptr<const gateway::ServiceConfig> service; // none: the gateway would not read the file
    Counts counts{};
    std::vector<Counts> endpoints;            // as service->endpoints
    int notLoaded = 0;                        // endpoints whose key set nobody downloaded: what it says is not known
    std::map<QByteArray, std::size_t> wanted; // of these one for each signer, by its text
    std::set<QByteArray> signers;             // the texts of all
    int safe = 0;                             // problems that have a safe fix
};

[[nodiscard]] QByteArray keyOf(const gateway::EndpointConfig &endpoint);
[[nodiscard]] QByteArray bytesAt(const json::SyntaxTree &tree, const QByteArray &pointer); // empty: no such place
[[nodiscard]] Judged judge(const Question &question);

// The edit that removes all that can be removed safely; what a fix uncovers is fixed as well. Empty: nothing.
[[nodiscard]] gateway::edit::Edit fixSafely(const Question &question);
[[nodiscard]] const problems::Fix *safeFix(const problems::Problem &problem);

} // namespace tokenlab::ui
