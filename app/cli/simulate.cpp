#include "app/cli/commands.h"
#include "app/cli/startgateway.h"
#include "core/lab/validatorkeys.h"
#include "core/text/text.h"

namespace tokenlab::cli {

namespace {

// None: the session has been told.
std::optional<std::vector<http::Reply>> readReplies(const SimulateOptions &options, std::size_t wanted, Session &session)
{
    if (options.responses.size() != wanted) {
        session.fail(Unusable, Session::tr("the endpoint asks %1, and %2 were given with --response")
                                   .arg(wanted == 1 ? Session::tr("1 backend") : Session::tr("%1 backends").arg(wanted))
                                   .arg(options.responses.size()));
        return std::nullopt;
    }
    std::vector<http::Reply> replies;
    for (const QString &name : options.responses) {
        const auto bytes = readInput(name);
        if (!bytes) {
            session.fail(Unusable, Session::tr("--response: %1").arg(text::inert(bytes.error())));
            return std::nullopt;
        }
        auto reply = http::parseReply(bytes.value());
        if (!reply) {
            session.fail(Unusable, text::sentence(reply.error(), displayName(name), bytes.value()));
            return std::nullopt;
        }
        replies.push_back(std::move(reply).value());
    }
    return replies;
}

} // namespace

void run(const SimulateOptions &options, Session &session)
{
    if (options.request.config == QLatin1String("-") && options.responses.front() == QLatin1String("-"))
        return session.fail(Unusable, Session::tr("--config - and --response - cannot both be standard input"));
    const auto prepared = prepare(options.request, session);
    if (!prepared)
        return;
    const gateway::EndpointConfig &endpoint = prepared->configuration.service->endpoints[prepared->endpoint];
    const auto replies = readReplies(options, prepared->unmatched ? options.responses.size() : endpoint.backends.size(), session);
    if (!replies)
        return;
    startGateway(*prepared, options.request.whole, session,
                 [prepared = *prepared, replies = *replies, options, &session](const Started &started) {
                     if (started.doesNotStart)
                         return report(*started.doesNotStart, options.request, session);
                     // No backend is asked, but a validator's key host is: its answer decides.
                     auto *keys = new lab::ValidatorKeys(started.validator, prepared.request, prepared.bindings, {}, &session);
                     QObject::connect(keys, &lab::ValidatorKeys::finished, &session,
                                      [prepared, started, replies, options, &session](const twin::ValidatorState &state) {
                                          lab::RunInput input = runInput(prepared, started);
                                          input.validator = state;
                                          report(lab::simulate(input, replies, systemNow()), prepared, options.request, session);
                                      });
                     keys->start();
                 });
}

} // namespace tokenlab::cli
