// What goes with a signer: the auth/validator that takes its tokens, an endpoint behind it, and the refresh endpoint. Texts are JSON in one
// line; edits lay them out in the document's style.
#pragma once

#include "core/gateway/config.h"
#include "core/gateway/edit.h"
#include "core/support/result.h"

namespace tokenlab::gateway::blocks {

struct Wishes {
    // Where the public set of an asymmetric key will be: a URL or a path. Empty: a name beside the private one is proposed.
    QByteArray publicUrl, publicPath;
    json::Value payload;    // the last payload as the backend answered it; absent: none
    bool withRoles = false; // ask for the roles of that payload too
};

struct ValidatorBlock {
    QByteArray json;
    QByteArray publicSet;                // URL or path that must hold the public halves; empty: the signer's own set serves (HS…)
    bool proposed = false;               // nobody named it: it has to be published there first
    std::vector<QByteArray> fromPayload; // members taken from the payload: `issuer`, `audience`, `roles_key`
};

struct BlockError {
    enum Kind { NoSigner, SignerUnreadable, UnknownAlgorithm, NoKeySource, NotAnEndpoint } kind = NoSigner;
    QByteArray subject; // the algorithm, the endpoint
};

[[nodiscard]] Result<ValidatorBlock, BlockError> matchingValidator(const EndpointConfig &endpoint, const Wishes &wishes = {});
[[nodiscard]] Result<ValidatorBlock, BlockError> matchingValidator(const SignerConfig &signer, const Wishes &wishes = {});

struct EndpointBlock {
    QByteArray json, path;
    ValidatorBlock validator;
};
// GET, with the hosts of the signing endpoint, at a path that the file does not have yet.
[[nodiscard]] Result<EndpointBlock, BlockError> protectedEndpoint(const ServiceConfig &service, const EndpointConfig &signing,
                                                                  const Wishes &wishes = {});
// The manual's: takes the refresh token as a bearer token, asks the backend for a new payload and signs it as the login does.
[[nodiscard]] Result<EndpointBlock, BlockError> refreshEndpoint(const ServiceConfig &service, const EndpointConfig &signing,
                                                                const Wishes &wishes = {});

// The edits that put them into the document. Empty where the place is not there.
[[nodiscard]] edit::Edit addValidator(const json::SyntaxTree &tree, QByteArrayView endpoint, const ValidatorBlock &block);
[[nodiscard]] edit::Edit addEndpoints(const json::SyntaxTree &tree, const std::vector<EndpointBlock> &blocks);

} // namespace tokenlab::gateway::blocks
