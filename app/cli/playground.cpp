#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/jsontext.h"
#include "core/playground/demo.h"

namespace tokenlab::cli {

namespace {

QByteArray addressesJson(const QByteArray &origin)
{
    JsonArray bindings;
    for (const auto &[from, to] : playground::demoBindings(origin))
        bindings.add(JsonObject().add("from", jsonString(from)).add("to", jsonString(to)).text());
    return JsonObject()
        .add("origin", jsonString(origin))
        .add("login", jsonString(origin + "/token-issuer"))
        .add("refresh", jsonString(origin + "/refresh"))
        .add("jwks", JsonArray()
                         .add(jsonString(origin + "/jwk/symmetric.json"))
                         .add(jsonString(origin + "/jwk/private.json"))
                         .add(jsonString(origin + "/jwk/public.json"))
                         .text())
        .add("bindings", bindings.text())
        .text();
}

QByteArray addressesText(const QByteArray &origin)
{
    return Session::tr("The demo backend listens at %1; Ctrl+C ends it.").arg(QString::fromUtf8(origin)).toUtf8() +
           "\n\n"
           "  POST " +
           origin + "/token-issuer        " + Session::tr("the login: user john, password doe").toUtf8() + "\n  POST " + origin +
           "/refresh             " + Session::tr("new tokens").toUtf8() + "\n  GET  " + origin + "/jwk/symmetric.json  " +
           Session::tr("the secret key that signs").toUtf8() + "\n  GET  " + origin + "/jwk/private.json    " +
           Session::tr("private keys for the other algorithms").toUtf8() + "\n  GET  " + origin + "/jwk/public.json     " +
           Session::tr("their public halves").toUtf8() + "\n\n" + Session::tr("In another terminal:").toUtf8() +
           "\n\n  token-lab send --config demo" + (origin == "http://127.0.0.1:8400" ? QByteArray() : " --bind demo=" + origin) + '\n';
}

} // namespace

void run(const PlaygroundOptions &options, Session &session)
{
    auto *backend = new playground::DemoBackend(systemNow, &session);
    // A port that was asked for is kept to; the usual one gives way to any free one.
    const auto port = options.port ? backend->start(*options.port, false) : backend->start();
    if (!port)
        return session.fail(Outside, options.port
                                         ? Session::tr("port %1 is not free (%2)").arg(QString::number(*options.port), port.error().text)
                                         : Session::tr("the demo backend cannot listen on loopback (%1)").arg(port.error().text));
    auto *interrupt = new Interrupt(&session);
    QObject::connect(interrupt, &Interrupt::caught, &session, [&session] { session.finish(Done); });
    session.out(options.json ? addressesJson(backend->origin()) + '\n' : addressesText(backend->origin()));
}

} // namespace tokenlab::cli
