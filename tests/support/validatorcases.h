// Pairs of an auth/validator and a request, in the form of tests/data/validator-cases.json: what the twin says to them, and one
// configuration that puts them all to a real gateway.
#pragma once

#include "core/gateway/config.h"
#include "core/json/value.h"
#include "core/support/clock.h"
#include "core/support/result.h"
#include "core/twin/validator.h"

#include <map>
#include <optional>
#include <vector>

namespace tokenlab::testsupport {

struct ValidatorCase {
    QByteArray name;
    json::Value validator;          // with `{{jwks}}` and `{{dir}}`
    std::optional<QByteArray> jwks; // what the key URL answers (200, JSON); none: the URL answers nothing
    std::map<QByteArray, QByteArray> files;
    http::HeaderList headers; // of the request, the token among them
    QByteArray urlSuffix;     // goes behind the backend's path: `/{JWT.sub}`
    std::optional<int> status;
    std::optional<QByteArray> log; // the line after the prefix, with operation_debug: `Unable to validate the token: …`
};

struct ValidatorCases {
    json::Document document; // keeps the validators alive
    std::vector<ValidatorCase> cases;
    qint64 now = 0; // when they were asked; 0: does not matter
};
[[nodiscard]] Result<ValidatorCases, QByteArray> parseValidatorCases(const QByteArray &text);

// Case N is the endpoint `/cN` with one backend at `/b/N`, its key set `/j/N`, its files in `caseN`.
[[nodiscard]] QByteArray validatorConfiguration(const std::vector<ValidatorCase> &cases, const QByteArray &origin, const QByteArray &folder,
                                                int port);
[[nodiscard]] twin::ClientRequest validatorRequest(const ValidatorCase &c, std::size_t index);

// The twin's verdict, files and key set played from the case, with the state that led to it.
struct ValidatorPlay {
    twin::ValidatorState state;
    twin::ValidatorVerdict verdict;
};
[[nodiscard]] ValidatorPlay playValidator(const gateway::ServiceConfig &service, const ValidatorCase &c, std::size_t index, Instant now);
// What the backend gets behind a verdict that passed.
[[nodiscard]] twin::BackendRequest playForward(const gateway::ServiceConfig &service, const ValidatorCase &c, std::size_t index,
                                               const ValidatorPlay &played);

} // namespace tokenlab::testsupport
