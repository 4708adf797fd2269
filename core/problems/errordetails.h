// What a refused login looks like to the client, without and with backend/http.return_error_details (specification §4.2, §7.2).
#pragma once

#include "core/gateway/edit.h"
#include "core/twin/respond.h"

namespace tokenlab::problems {

struct ErrorPreview {
    int beforeStatus = 0, afterStatus = 0;
    QByteArray beforeBody, afterBody;
    QByteArray leaked; // text of the backend that the client then gets to see; empty: none
};

// `name`: of return_error_details. The signer may be any state, even an empty one: nothing is signed in such an answer.
[[nodiscard]] ErrorPreview previewErrorDetails(const gateway::ServiceConfig &service, std::size_t endpoint, const twin::SignerState &signer,
                                               const http::Reply &reply, const QByteArray &name);
// Where no reply was seen yet.
[[nodiscard]] http::Reply typicalRefusal();
// `token` for `/auth/token`: stands in the answer as `error_token`.
[[nodiscard]] QByteArray detailsName(const gateway::EndpointConfig &endpoint);
// Sets it, and takes return_error_code away: the schema wants one of them. Empty: not possible in this document.
[[nodiscard]] gateway::edit::Edit detailsEdit(const json::SyntaxTree &tree, const gateway::BackendConfig &backend, const QByteArray &name);

} // namespace tokenlab::problems
