#include "core/playground/demo.h"
#include "app/cli/commands.h"
#include "app/cli/outcometext.h"
#include "app/cli/startgateway.h"
#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/text/text.h"

namespace tokenlab::cli {

namespace {

QByteArray heading(const QString &title)
{
    return '\n' + title.toUtf8() + "\n\n";
}

QByteArray pretty(const QByteArray &text)
{
    const auto document = json::parse(text);
    return (document ? json::writePretty(document.value().root()) : text).trimmed() + '\n';
}

QByteArray story(const twin::Outcome &outcome, const QByteArray &configuration)
{
    QByteArray out =
        Session::tr("The manual's example: a client logs in with POST /token, the gateway signs what the login backend returns.").toUtf8() +
        '\n';
    out += heading(Session::tr("1. The payload that the backend returns"));
    out += pretty(outcome.payloadText);
    out += heading(Session::tr("2. The signed response. %1").arg(text::verdict(outcome)));
    out += text::inert(outcome.response.body).toUtf8() + '\n';
    out += heading(Session::tr("3. The tokens, decoded")).chopped(1) + tokensText(outcome, systemNow());
    out += heading(Session::tr("4. The gateway's configuration that does it"));
    out += configuration.trimmed() + '\n';
    out += heading(Session::tr("How to go on"));
    out += "  token-lab playground                  # the same backend, until Ctrl+C\n"
           "  token-lab send --config demo          # in another terminal: every stage of the same request\n"
           "  token-lab export demo -o krakend.json # the configuration as a file, to change and to send\n"
           "  token-lab                             # the window\n";
    return out;
}

} // namespace

void run(const DemoOptions &options, Session &session)
{
    auto *backend = new playground::DemoBackend(systemNow, &session);
    if (const auto port = backend->start(0, true); !port)
        return session.fail(Outside, Session::tr("the demo backend cannot listen on loopback (%1)").arg(port.error().text));

    RequestOptions request;
    request.config = QStringLiteral("demo");
    request.json = options.json;
    request.binds.push_back("demo=" + backend->origin());
    const auto prepared = prepare(request, session);
    if (!prepared)
        return;
    startGateway(*prepared, false, session, [prepared = *prepared, request, &session](const Started &started) {
        auto *run = new lab::Run(runInput(prepared, started), &session);
        QObject::connect(run, &lab::Run::finished, &session, [request, prepared, &session](const twin::Outcome &outcome) {
            if (request.json || outcome.verdict != twin::Verdict::Signed)
                return report(outcome, prepared, request, session);
            session.out(story(outcome, prepared.configuration.text));
            session.finish(Done);
        });
        run->start();
    });
}

} // namespace tokenlab::cli
