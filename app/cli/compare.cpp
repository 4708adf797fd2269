#include "app/cli/commands.h"
#include "app/cli/comparetext.h"
#include "app/cli/interrupt.h"
#include "app/cli/startgateway.h"
#include "core/text/comparison.h"

namespace tokenlab::cli {

void run(const CompareOptions &options, Session &session)
{
    const auto gateway = lab::chooseGateway(options.gateway);
    if (!gateway)
        return session.fail(Unusable, text::sentence(gateway.error()));
    const auto prepared = prepare(options.request, session, Refusal::AsError);
    if (!prepared)
        return;
    // Ctrl+C ends the gateway too: the session's children go with it.
    auto *interrupt = new Interrupt(&session);
    QObject::connect(interrupt, &Interrupt::caught, &session, [&session] { session.fail(Outside, Session::tr("interrupted")); });
    startGateway(*prepared, options.request.whole, session,
                 [prepared = *prepared, gateway = gateway.value(), options, &session](const Started &started) {
                     lab::CompareInput input;
                     input.run = runInput(prepared, started);
                     input.lab = started.doesNotStart;
                     input.document = prepared.configuration.text;
                     input.gatewayEnvironment = options.request.gatewayEnv;
                     input.gateway = gateway;
                     auto *compare = new lab::Compare(std::move(input), &session);
                     QObject::connect(compare, &lab::Compare::failed, &session, [&session](const twin::GatewayTrouble &trouble) {
                         session.fail(trouble.kind == twin::GatewayTrouble::BadUrl ? Unusable : Outside, text::sentence(trouble));
                     });
                     QObject::connect(compare, &lab::Compare::finished, &session, [options, &session](const lab::CompareResult &result) {
                         session.out(options.request.json ? compareJson(result, session.remarks(), options.request.showSecrets) + '\n'
                                                          : compareText(result, options.log, options.request.showSecrets));
                         session.finish(result.comparison.equal() ? Done : Negative);
                     });
                     compare->start();
                 });
}

} // namespace tokenlab::cli
