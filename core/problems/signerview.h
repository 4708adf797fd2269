// One endpoint that signs, as the rules about its signer, keys and TLS see it. Private to core/problems.
#pragma once

#include "core/problems/ruletools.h"

#include <functional>

namespace tokenlab::problems {

class SignerView
{
public:
    // The endpoint has a signer that the gateway would build.
    SignerView(Rules &rules, const gateway::EndpointConfig &endpoint, std::size_t index);

    [[nodiscard]] const gateway::EndpointConfig &endpoint() const { return m_endpoint; }
    [[nodiscard]] const gateway::SignerConfig *config() const { return signerOf(m_endpoint); } // nullptr: it cannot be read
    [[nodiscard]] const EndpointFacts *facts() const { return m_rules.facts(m_index); }
    // As it was built with the real files and downloads, else as far as the file alone tells. nullptr: it would be built, or is not known.
    [[nodiscard]] const twin::StartError *error() const { return m_error ? &*m_error : nullptr; }
    // Built, or refused at a later step than this: what comes before was looked at and found good.
    [[nodiscard]] bool failedAt(twin::StartStep step) const { return m_error && m_error->step == step; }
    [[nodiscard]] const jose::Signer *signer() const;
    [[nodiscard]] const jose::KeySet *keys() const; // nullptr: none were loaded

    [[nodiscard]] const json::SyntaxTree &tree() const { return m_rules.tree(); }
    [[nodiscard]] Rules &rules() const { return m_rules; }
    [[nodiscard]] int node() const { return m_node; }
    [[nodiscard]] int member(QByteArrayView name) const { return m_rules.member(m_node, name); }
    // Of the member as it is spelt in the file, or of the signer where it has none.
    [[nodiscard]] QByteArray pointer(QByteArrayView name) const;

    // The first argument of every sentence is `POST /token`.
    Problem &raise(std::string_view id, const QByteArray &pointer, std::vector<QByteArray> arguments = {}) const;
    // The same for what the gateway's start ended with: its line and what it does go with it.
    Problem &raiseStart(std::string_view id, const QByteArray &pointer, std::vector<QByteArray> arguments = {}) const;

    void set(Problem &problem, const QByteArray &name, const QByteArray &shown, const QByteArray &json, bool safe = false) const;
    void remove(Problem &problem, const QByteArray &name, bool safe = false) const;

private:
    Rules &m_rules;
    const gateway::EndpointConfig &m_endpoint;
    std::size_t m_index;
    int m_node;
    std::optional<twin::StartError> m_error;
};

// How a download of the key set ended, for the rules that each take their part of it. None: it did not end the start.
enum class DownloadFault { None, Refused, OwnGateway, Silent, Unseen, ContentType, Pins, Untrusted, Other };
// Where the key file lacks the kid the download is beside the point: None.
[[nodiscard]] DownloadFault downloadFault(const SignerView &view, qint64 gatewayPort);
// The file was read, has no such kid, and the gateway turned to jwk_url.
[[nodiscard]] bool isLocalMiss(const SignerView &view);
[[nodiscard]] bool isOwnGateway(const gateway::SignerConfig &config, qint64 gatewayPort);
// The gateway refuses jwk_url before it asks anybody.
[[nodiscard]] bool isRefusedUrl(const SignerView &view);

// Every endpoint whose signer the gateway builds.
void eachSigner(const Input &input, List &list, const std::function<void(const SignerView &)> &visit);

} // namespace tokenlab::problems
