#include "core/problems/signerview.h"

#include "core/gateway/routes.h"
#include "core/support/url.h"

namespace tokenlab::problems {

SignerView::SignerView(Rules &rules, const gateway::EndpointConfig &endpoint, std::size_t index)
    : m_rules(rules), m_endpoint(endpoint), m_index(index), m_node(rules.tree().find(endpoint.signerPointer))
{
    const EndpointFacts *known = facts();
    if (known && known->signer) {
        m_error = known->signer->error;
        return;
    }
    const twin::BuildStep step = twin::buildSigner(endpoint, {});
    if (const auto *state = std::get_if<twin::SignerState>(&step))
        m_error = state->error;
}

const jose::Signer *SignerView::signer() const
{
    const EndpointFacts *known = facts();
    return known && known->signer && known->signer->signer ? &*known->signer->signer : nullptr;
}

const jose::KeySet *SignerView::keys() const
{
    const EndpointFacts *known = facts();
    return known && known->signer && !known->signer->keys.keys.empty() ? &known->signer->keys : nullptr;
}

QByteArray SignerView::pointer(QByteArrayView name) const
{
    const int found = member(name);
    return found >= 0 ? tree().pointerOf(found) : m_endpoint.signerPointer;
}

Problem &SignerView::raise(std::string_view id, const QByteArray &pointer, std::vector<QByteArray> arguments) const
{
    arguments.insert(arguments.begin(), m_endpoint.method + ' ' + m_endpoint.path);
    return m_rules.raise(id, pointer, std::move(arguments), m_index);
}

Problem &SignerView::raiseStart(std::string_view id, const QByteArray &pointer, std::vector<QByteArray> arguments) const
{
    Problem &problem = raise(id, pointer, std::move(arguments));
    if (!m_error || m_error->unknown)
        return problem;
    if (m_error->hangs) {
        problem.effect = Problem::NoStart; // without a word
    } else if (m_error->crash) {
        problem.effect = Problem::Crash;
        problem.gateway = m_error->text;
    } else {
        problem.effect = Problem::SignerOff;
        problem.gateway = "ERROR [ENDPOINT: " + m_endpoint.route + "][JWTSigner] Unable to create the signer: " + m_error->text;
    }
    problem.severity = Severity::Error;
    return problem;
}

void SignerView::set(Problem &problem, const QByteArray &name, const QByteArray &shown, const QByteArray &json, bool safe) const
{
    Rules::offer(problem, "set", {name, shown}, gateway::edit::setMember(tree(), m_endpoint.signerPointer, name, json), safe);
}

void SignerView::remove(Problem &problem, const QByteArray &name, bool safe) const
{
    if (const int found = member(name); found >= 0)
        Rules::offer(problem, "remove", {name}, gateway::edit::removeAt(tree(), tree().pointerOf(found)), safe);
}

bool isLocalMiss(const SignerView &view)
{
    const twin::StartError *error = view.error();
    const gateway::SignerConfig *config = view.config();
    return error && config && !config->localPath.isEmpty() && error->step >= twin::StartStep::KeySet &&
           error->step != twin::StartStep::Algorithm && error->member != "jwk_local_path";
}

bool isOwnGateway(const gateway::SignerConfig &config, qint64 gatewayPort)
{
    const auto url = Url::parse(config.jwkUrl);
    if (!url)
        return false;
    const QByteArray host = url->hostName();
    return (host == "localhost" || host == "::1" || host.startsWith("127.")) && url->port() == gatewayPort;
}

bool isRefusedUrl(const SignerView &view)
{
    twin::Supplies supplies;
    supplies.caFile = twin::FileSupply(QByteArray());
    const twin::BuildStep step = twin::buildSigner(view.endpoint(), supplies);
    const auto *state = std::get_if<twin::SignerState>(&step);
    return state && state->error && state->error->step == twin::StartStep::Download;
}

DownloadFault downloadFault(const SignerView &view, qint64 gatewayPort)
{
    if (!view.failedAt(twin::StartStep::Download) || !view.config() || isLocalMiss(view))
        return DownloadFault::None;
    const twin::StartError &error = *view.error();
    if (error.unknown)
        return DownloadFault::Unseen;
    if (error.hangs)
        return DownloadFault::Silent;
    if (isRefusedUrl(view))
        return DownloadFault::Refused;
    if (isOwnGateway(*view.config(), gatewayPort))
        return DownloadFault::OwnGateway;
    if (error.text.contains("should have a JSON content type"))
        return DownloadFault::ContentType;
    if (error.text.contains("did not find a pinned key"))
        return DownloadFault::Pins;
    return error.text.contains(": x509: ") ? DownloadFault::Untrusted : DownloadFault::Other;
}

void eachSigner(const Input &input, List &list, const std::function<void(const SignerView &)> &visit)
{
    if (!input.service || !input.document)
        return;
    Rules rules(input, list);
    for (std::size_t i = 0; i < input.service->endpoints.size(); ++i) {
        const gateway::EndpointConfig &endpoint = input.service->endpoints[i];
        // An endpoint of another method is passed over before its signer is looked at.
        if (endpoint.signer && gateway::isRegisteredMethod(endpoint.method))
            visit(SignerView(rules, endpoint, i));
    }
}

} // namespace tokenlab::problems
