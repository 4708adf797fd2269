#include "app/cli/commands.h"
#include "app/cli/startgateway.h"

namespace tokenlab::cli {

void run(const SendOptions &options, Session &session)
{
    const auto prepared = prepare(options.request, session);
    if (!prepared)
        return;
    startGateway(*prepared, options.request.whole, session, [prepared = *prepared, options, &session](const Started &started) {
        if (started.doesNotStart)
            return report(*started.doesNotStart, options.request, session);
        auto *run = new lab::Run(runInput(prepared, started), &session);
        QObject::connect(run, &lab::Run::finished, &session, [prepared, options, &session](const twin::Outcome &outcome) {
            if (prepared.configuration.isDemo && outcome.signerError && outcome.signerError->text.contains("connection refused"))
                session.notice(Session::tr("the demo backend does not run; start it in another terminal with token-lab playground"));
            report(outcome, prepared, options.request, session);
        });
        run->start();
    });
}

} // namespace tokenlab::cli
