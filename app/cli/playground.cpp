#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/jsontext.h"
#include "core/lab/privatefolder.h"
#include "core/playground/demo.h"
#include "core/text/text.h"

#include <algorithm>

namespace tokenlab::cli {

namespace {

using playground::Fault;
using playground::FaultSet;

QByteArray groupName(playground::FaultGroup group)
{
    switch (group) {
    case playground::FaultGroup::Certificate:
        return "certificate";
    case playground::FaultGroup::Port:
        return "port";
    case playground::FaultGroup::KeySet:
        return "key-set";
    case playground::FaultGroup::Login:
        return "login";
    }
    return {};
}

QByteArray faultsJson()
{
    JsonArray faults;
    for (const playground::FaultInfo &info : playground::faults()) {
        faults.add(JsonObject()
                       .add("name", jsonString(info.name))
                       .add("group", jsonString(groupName(info.group)))
                       .add("playground", jsonString(playground::faultEffect(info.fault).toUtf8()))
                       .add("gateway", jsonString(playground::faultConsequence(info.fault).toUtf8()))
                       .text());
    }
    return JsonObject().add("faults", faults.text()).text();
}

QString groupHeading(playground::FaultGroup group)
{
    switch (group) {
    case playground::FaultGroup::Certificate:
        return Session::tr("Of the certificate that the HTTPS port shows:");
    case playground::FaultGroup::Port:
        return Session::tr("Of the ports:");
    case playground::FaultGroup::KeySet:
        return Session::tr("Of the key sets, over HTTP and HTTPS:");
    case playground::FaultGroup::Login:
        return Session::tr("Of the login, over HTTP and HTTPS:");
    }
    return {};
}

QByteArray faultsText()
{
    QByteArray out;
    std::optional<playground::FaultGroup> group;
    for (const playground::FaultInfo &info : playground::faults()) {
        if (group != info.group)
            out += (group ? "\n" : "") + groupHeading(info.group).toUtf8() + '\n';
        group = info.group;
        out += "  " + QByteArray(info.name).leftJustified(20) + playground::faultEffect(info.fault).toUtf8() + '\n' + QByteArray(22, ' ') +
               playground::faultConsequence(info.fault).toUtf8() + '\n';
    }
    return out + '\n' + Session::tr("One of each group at a time.").toUtf8() + '\n';
}

Result<FaultSet, QString> faultsOf(const std::vector<QByteArray> &names)
{
    FaultSet out;
    for (const QByteArray &name : names) {
        const auto fault = playground::faultNamed(name);
        if (!fault) {
            const auto nearest = playground::nearestFault(name);
            return fail(
                nearest
                    ? Session::tr("--fault %1: there is no such fault, did you mean %2? (see token-lab playground --list-faults)")
                          .arg(text::inert(name), QString::fromLatin1(*nearest))
                    : Session::tr("--fault %1: there is no such fault (see token-lab playground --list-faults)").arg(text::inert(name)));
        }
        if (const auto other = out.of(playground::faultInfo(*fault).group); other && other != fault)
            return fail(Session::tr("--fault %1 and --fault %2 exclude one another (see token-lab playground --list-faults)")
                            .arg(QString::fromLatin1(playground::faultInfo(*other).name), QString::fromLatin1(name)));
        out.add(*fault);
    }
    return out;
}

// As a shell takes it for one word.
QByteArray quoted(const QByteArray &word)
{
    const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || QByteArrayView("/._-:=@%+,").contains(c);
    });
    return plain ? word : '\'' + QByteArray(word).replace('\'', "'\\''") + '\'';
}

QByteArray sendOverTls(const playground::PlaygroundTls &tls)
{
    return "token-lab send --config " + quoted(tls.configurationFile.toUtf8()) + " --data " +
           quoted(playground::demoRequestBody().trimmed());
}

QByteArray addressesJson(const playground::DemoBackend &backend, const playground::PlaygroundTls &tls)
{
    const QByteArray origin = backend.origin();
    JsonArray bindings, faults;
    for (const auto &[from, to] : playground::demoBindings(origin))
        bindings.add(JsonObject().add("from", jsonString(from)).add("to", jsonString(to)).text());
    for (const Fault fault : backend.faults())
        faults.add(jsonString(playground::faultInfo(fault).name));
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
        .add("https", JsonObject()
                          .add("origin", jsonString(tls.origin))
                          .add("ca", jsonString(tls.caFile.toUtf8()))
                          .add("config", jsonString(tls.configurationFile.toUtf8()))
                          .add("pins", JsonObject().add("leaf", jsonString(tls.leafPin)).add("ca", jsonString(tls.caPin)).text())
                          .text())
        .add("faults", faults.text())
        .text();
}

QByteArray addressesText(const playground::DemoBackend &backend, const playground::PlaygroundTls &tls)
{
    const QByteArray origin = backend.origin();
    QByteArray out = Session::tr("The demo backend listens at %1 and %2; Ctrl+C ends it.")
                         .arg(QString::fromUtf8(origin), QString::fromUtf8(tls.origin))
                         .toUtf8() +
                     "\n\n"
                     "  POST " +
                     origin + "/token-issuer        " + Session::tr("the login: user john, password doe").toUtf8() + "\n  POST " + origin +
                     "/refresh             " + Session::tr("new tokens").toUtf8() + "\n  GET  " + origin + "/jwk/symmetric.json  " +
                     Session::tr("the secret key that signs").toUtf8() + "\n  GET  " + origin + "/jwk/private.json    " +
                     Session::tr("private keys for the other algorithms").toUtf8() + "\n  GET  " + origin + "/jwk/public.json     " +
                     Session::tr("their public halves").toUtf8() + "\n\n" +
                     Session::tr("Over HTTPS the same, with a CA of its own; its files go when the playground ends.").toUtf8() +
                     "\n\n  jwk_local_ca      " + tls.caFile.toUtf8() + "\n  jwk_fingerprints  " + tls.leafPin + "  " +
                     Session::tr("the host's certificate").toUtf8() + "\n                    " + tls.caPin + "  " +
                     Session::tr("the CA's").toUtf8() + "\n  krakend.json      " + tls.configurationFile.toUtf8() + "\n\n";
    if (!backend.faults().isEmpty()) {
        out += Session::tr("It goes wrong, as was asked for:").toUtf8() + "\n\n";
        for (const Fault fault : backend.faults())
            out += "  " + QByteArray(playground::faultInfo(fault).name) + ": " + playground::faultEffect(fault).toUtf8() + ' ' +
                   playground::faultConsequence(fault).toUtf8() + '\n';
        out += '\n';
    }
    return out + Session::tr("In another terminal:").toUtf8() + "\n\n  token-lab send --config demo" +
           (origin == "http://127.0.0.1:8400" ? QByteArray() : " --bind demo=" + origin) + "\n  " + sendOverTls(tls) + '\n';
}

} // namespace

void run(const PlaygroundOptions &options, Session &session)
{
    if (options.listFaults || std::find(options.faults.begin(), options.faults.end(), "list") != options.faults.end()) {
        session.out(options.json ? faultsJson() + '\n' : faultsText());
        return session.finish(Done);
    }
    const auto faults = faultsOf(options.faults);
    if (!faults)
        return session.fail(Unusable, faults.error());

    auto *backend = new playground::DemoBackend(systemNow, &session);
    const auto notFree = [&session](quint16 port, const QString &why) {
        session.fail(Outside, Session::tr("port %1 is not free (%2)").arg(QString::number(port), why));
    };
    const auto cannotListen = [&session](const QString &why) {
        session.fail(Outside, Session::tr("the demo backend cannot listen on loopback (%1)").arg(why));
    };
    // A port that was asked for is kept to; the usual one gives way to any free one.
    const auto port = options.port ? backend->start(*options.port, false) : backend->start();
    if (!port)
        return options.port ? notFree(*options.port, port.error().text) : cannotListen(port.error().text);

    // Shared with the connection below, so that it goes with the session. What a killed playground left is swept.
    lab::PrivateFolder::sweep();
    const std::shared_ptr<lab::PrivateFolder> folder = lab::PrivateFolder::create();
    if (!folder)
        return session.fail(Outside, Session::tr("no private folder can be made in %1").arg(lab::PrivateFolder::standardParent()));
    const auto https = options.httpsPort ? backend->startHttps(*options.httpsPort, false, folder->path())
                                         : backend->startHttps(8443, true, folder->path());
    if (!https)
        return options.httpsPort ? notFree(*options.httpsPort, https.error().text) : cannotListen(https.error().text);
    if (const auto set = backend->setFaults(*faults); !set)
        return cannotListen(set.error().text);

    auto *interrupt = new Interrupt(&session);
    QObject::connect(interrupt, &Interrupt::caught, &session, [&session, folder] { session.finish(Done); });
    session.out(options.json ? addressesJson(*backend, *backend->tls()) + '\n' : addressesText(*backend, *backend->tls()));
}

} // namespace tokenlab::cli
