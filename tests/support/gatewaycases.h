// The recorded cases of tests/data (their form: what the gateway was given, what it answered) for the twin, for the lab over real sockets
// and for the real gateway: laid out as one configuration file with an endpoint a case.
#pragma once

#include "core/gateway/config.h"
#include "core/http/message.h"
#include "core/json/value.h"
#include "core/support/result.h"
#include "core/twin/respond.h"

#include <QByteArrayList>

#include <map>
#include <optional>
#include <vector>

namespace tokenlab::testsupport {

// What a client and the log show.
struct Answer {
    int status = 0;
    QByteArray contentType; // "": no such header
    QByteArray body;
    bool brokenOff = false;
    QByteArrayList log; // ERROR and WARNING lines
};

struct CannedReply {
    int status = 200;
    http::HeaderList headers;
    QByteArray body;
    // As a client sees it: Content-Length added, nothing after a 204 or 304.
    [[nodiscard]] http::Reply toReply() const;
};

struct GatewayCase {
    QByteArray name;
    json::Value endpoint; // with placeholders
    std::vector<CannedReply> backends;
    std::optional<CannedReply> jwks;
    std::map<QByteArray, QByteArray> files;
    std::optional<QByteArray> request;
    std::optional<Answer> expect; // with placeholders
};

struct GatewayCases {
    json::Document document; // keeps the endpoints alive
    std::vector<GatewayCase> cases;
};
// The error is a sentence for the test's output.
[[nodiscard]] Result<GatewayCases, QByteArray> loadGatewayCases(const QString &fileName);
[[nodiscard]] Result<GatewayCases, QByteArray> parseGatewayCases(const QByteArray &text);

// One configuration for all cases; case N is the endpoint `/cN`, its backends `/b/N/K`, its key set `/j/N`.
class Layout
{
public:
    // folder: each case has its own folder `caseN` in it. origin: of the server that plays backends and key host.
    Layout(const std::vector<GatewayCase> &cases, const QByteArray &origin, const QByteArray &folder, int port);

    [[nodiscard]] const QByteArray &configuration() const { return m_configuration; }
    [[nodiscard]] QByteArray caseFolder(std::size_t index) const { return m_folder + "/case" + QByteArray::number(qulonglong(index)); }
    [[nodiscard]] QByteArray jwksUrl(std::size_t index) const { return m_origin + "/j/" + QByteArray::number(qulonglong(index)); }
    [[nodiscard]] QByteArray path(std::size_t index) const { return "/c" + QByteArray::number(qulonglong(index)); }
    // The case's files, on disk. False where that failed.
    [[nodiscard]] bool writeFiles(std::size_t index) const;
    // What the server answers to a path; nothing: 404.
    [[nodiscard]] const CannedReply *route(const QByteArray &path) const;

    // An answer with the placeholders put back and the signatures of randomised algorithms blurred, fit to be compared.
    [[nodiscard]] Answer withPlaceholders(std::size_t index, const Answer &answer) const;

private:
    [[nodiscard]] QByteArray putBack(std::size_t index, QByteArray text) const;

    const std::vector<GatewayCase> &m_cases;
    QByteArray m_origin, m_folder, m_configuration;
    std::map<QByteArray, CannedReply> m_routes;
};

// Signatures are blurred in texts with a header of a randomised algorithm only.
[[nodiscard]] QByteArray blurSignatures(const QByteArray &text, const QByteArray &alg);
// `alg` of the case's signer, "" where there is none.
[[nodiscard]] QByteArray algorithmOf(const GatewayCase &c);

// Every difference as a line; empty: equal.
[[nodiscard]] QByteArrayList differences(const Answer &expected, const Answer &actual);

[[nodiscard]] Answer answerOf(const twin::Outcome &outcome);

// The pure twin's answer to a case: files and key host are played from the case itself. configuration: loaded from the layout's.
[[nodiscard]] twin::Outcome playPure(const gateway::ServiceConfig &service, const Layout &layout, const std::vector<GatewayCase> &cases,
                                     std::size_t index);
[[nodiscard]] twin::ClientRequest clientRequest(const gateway::ServiceConfig &service, const Layout &layout, const GatewayCase &c,
                                                std::size_t index);

} // namespace tokenlab::testsupport
