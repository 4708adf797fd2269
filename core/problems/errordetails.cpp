#include "core/problems/errordetails.h"

#include <algorithm>

namespace tokenlab::problems {

namespace {

// A path that the endpoint's route takes: `/user/{id}` as `/user/1`.
QByteArray examplePath(const QByteArray &path)
{
    QByteArray out;
    for (qsizetype at = 0; at < path.size(); ++at) {
        const qsizetype end = path[at] == '{' ? path.indexOf('}', at) : -1;
        if (end < 0) {
            out += path[at];
            continue;
        }
        out += '1';
        at = end;
    }
    return out.endsWith("/*") ? out.chopped(1) + 'x' : out;
}

// Signs with a key that exists nowhere: for documents whose own key is not at hand.
twin::SignerState standIn(gateway::EndpointConfig endpoint)
{
    gateway::SignerConfig config;
    if (const auto *own = endpoint.signer ? std::get_if<gateway::SignerConfig>(&*endpoint.signer) : nullptr)
        config.keysToSign = own->keysToSign;
    config.alg = "HS256";
    config.kid = "preview";
    config.jwkUrl = "https://preview";
    config.localPath = "preview";
    endpoint.signer = config;
    twin::Supplies supplies;
    supplies.keyFile = QByteArray(R"({"keys":[{"kty":"oct","kid":"preview","k":"cHJldmlldw"}]})");
    const twin::BuildStep step = twin::buildSigner(endpoint, supplies);
    const auto *state = std::get_if<twin::SignerState>(&step);
    return state ? *state : twin::SignerState();
}

twin::Outcome outcomeOf(const gateway::ServiceConfig &service, std::size_t endpoint, const twin::SignerState &signer,
                        const http::Reply &reply)
{
    const gateway::EndpointConfig &config = service.endpoints[endpoint];
    twin::ClientRequest request;
    request.method = config.method;
    request.target = examplePath(config.path);
    std::vector<twin::BackendReply> replies(config.backends.size());
    for (std::size_t i = 0; i < replies.size(); ++i) {
        replies[i].sent.method = config.backends[i].method.toUpper();
        replies[i].sent.url = (config.backends[i].hosts.empty() ? QByteArray("http://backend") : config.backends[i].hosts.front()) +
                              config.backends[i].urlPatternText;
        replies[i].reply = reply;
    }
    return twin::respond(service, config, signer, std::nullopt, request, Instant{}, replies);
}

} // namespace

ErrorPreview previewErrorDetails(const gateway::ServiceConfig &service, std::size_t endpoint, const twin::SignerState &signer,
                                 const http::Reply &reply, const QByteArray &name)
{
    ErrorPreview preview;
    if (endpoint >= service.endpoints.size())
        return preview;
    const twin::SignerState state = signer.signer ? signer : standIn(service.endpoints[endpoint]);
    const twin::Outcome before = outcomeOf(service, endpoint, state, reply);
    gateway::ServiceConfig changed = service;
    for (gateway::BackendConfig &backend : changed.endpoints[endpoint].backends) {
        backend.http.returnErrorDetails = name;
        backend.http.hasReturnErrorDetails = true;
        backend.http.returnErrorCode = false;
    }
    const twin::Outcome after = outcomeOf(changed, endpoint, state, reply);
    preview.beforeStatus = before.response.status;
    preview.beforeBody = before.response.body;
    preview.afterStatus = after.response.status;
    preview.afterBody = after.response.body;
    if (!reply.body.isEmpty() && after.response.body != before.response.body)
        preview.leaked = reply.body;
    return preview;
}

http::Reply typicalRefusal()
{
    http::Reply reply;
    reply.status = 401;
    reply.reason = "Unauthorized";
    reply.headers.append("Content-Type", "application/json");
    reply.body = R"({"error":"invalid credentials"})";
    return reply;
}

QByteArray detailsName(const gateway::EndpointConfig &endpoint)
{
    QByteArray name = endpoint.path;
    while (name.endsWith('/') || name.endsWith('}') || name.endsWith('*'))
        name.truncate(std::max<qsizetype>(name.lastIndexOf('/'), 0));
    name = name.sliced(name.lastIndexOf('/') + 1);
    const bool plain = !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    return plain ? name : QByteArray("backend");
}

gateway::edit::Edit detailsEdit(const json::SyntaxTree &tree, const gateway::BackendConfig &backend, const QByteArray &name)
{
    namespace edit = gateway::edit;
    const QByteArray extra = backend.pointer + "/extra_config/backend~1http";
    const int code = tree.find(extra + "/return_error_code");
    if (code >= 0 && tree.find(extra + "/return_error_details") < 0) {
        // One member takes the other's place.
        const json::SyntaxTree::Node &node = tree.node(code);
        return {{{node.nameRange.begin, node.range.end}, "\"return_error_details\": " + edit::quotedBytes(name)}};
    }
    if (const auto splice = edit::setAt(tree, extra + "/return_error_details", edit::quotedBytes(name)))
        return {*splice};
    return {};
}

} // namespace tokenlab::problems
