#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "core/jose/base64.h"
#include "core/lab/probe.h"
#include "core/text/connection.h"
#include "core/text/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>

#include <algorithm>

namespace tokenlab::cli {

namespace {

struct Pins {
    Q_DECLARE_TR_FUNCTIONS(Pins)
};

QByteArray isoTime(Instant instant)
{
    return QDateTime::fromSecsSinceEpoch(instant.secondsSinceEpoch, Qt::UTC).toString(Qt::ISODate).toLatin1();
}

QByteArray listOf(const std::vector<QByteArray> &texts)
{
    JsonArray out;
    for (const QByteArray &text : texts)
        out.add(jsonString(text));
    return out.text();
}

QByteArray jsonOf(const net::SeenCertificate &one)
{
    return JsonObject()
        .add("subject", jsonString(one.info.subject))
        .add("issuer", jsonString(one.info.issuer))
        .add("names", listOf(one.info.names))
        .add("notBefore", jsonString(isoTime(one.info.notBefore)))
        .add("notAfter", jsonString(isoTime(one.info.notAfter)))
        .add("key", jsonString(one.info.key))
        .add("pin", jsonString(jose::encodeBase64Url(one.info.pin)))
        .add("sent", jsonBool(one.sent))
        .add("verified", jsonBool(one.verified))
        .text();
}

QByteArray lineOf(const QString &label, const QString &value)
{
    return QStringLiteral("     %1%2\n").arg(label.leftJustified(9), value).toUtf8();
}

QByteArray textOf(const net::SeenCertificate &one, int number, bool fromHost, Instant now)
{
    QByteArray out = QStringLiteral("  %1  %2").arg(number).arg(text::inert(one.info.subject)).toUtf8();
    if (fromHost)
        out += (QStringLiteral("   (%1)").arg(text::certificateRole(one))).toUtf8();
    out += '\n';
    if (!one.info.isSelfIssued)
        out += lineOf(Pins::tr("issuer"), text::inert(one.info.issuer));
    QStringList names;
    for (const QByteArray &name : one.info.names)
        names.append(text::inert(name));
    if (!names.isEmpty())
        out += lineOf(Pins::tr("names"), names.join(QLatin1String(", ")));
    out += lineOf(Pins::tr("key"), text::inert(one.info.key + ", " + one.info.signature));
    out += lineOf(Pins::tr("dates"), text::certificateValidity(one.info, now));
    out += lineOf(Pins::tr("pin"), QString::fromLatin1(jose::encodeBase64Url(one.info.pin)));
    return out;
}

void showFile(const PinsOptions &options, Session &session)
{
    const auto bytes = readInput(options.input);
    if (!bytes)
        return session.fail(Unusable, text::inert(bytes.error()));
    const std::vector<QByteArray> found = crypto::certificatesOf(*bytes);
    if (found.empty())
        return session.fail(Unusable, Pins::tr("%1 holds no certificate (PEM or DER)").arg(displayName(options.input)));
    JsonArray list;
    QByteArray lines = Pins::tr("Certificates in %1\n").arg(displayName(options.input)).toUtf8();
    int number = 0;
    for (const QByteArray &der : found) {
        net::SeenCertificate one;
        one.info = *crypto::describeCertificate(der);
        list.add(jsonOf(one));
        lines += textOf(one, ++number, false, systemNow());
    }
    session.out(options.json ? JsonObject().add("certificates", list.text()).add("protocol", "null").add("suite", "null").text() + '\n'
                             : lines);
    session.finish(Done);
}

QByteArray stateMark(text::ConnectionStep::State state)
{
    switch (state) {
    case text::ConnectionStep::Done:
        return "ok     ";
    case text::ConnectionStep::Failed:
        return "failed ";
    case text::ConnectionStep::Attention:
        return "note   ";
    case text::ConnectionStep::NotReached:
        return "-      ";
    }
    return {};
}

struct Shown {
    const lab::ProbeTarget &target;
    const lab::Probed &probed;
    text::GatewayClient client;

    [[nodiscard]] std::optional<http::TransportError> errorAt(std::size_t hop) const
    {
        return !probed.reply && hop + 1 == probed.hops.size() ? std::optional(probed.reply.error()) : std::nullopt;
    }
    // What follows "Unable to create the signer" where a key host is the document's, else the transport's words.
    [[nodiscard]] QByteArray refusal() const
    {
        if (probed.signer)
            return probed.signer->error ? probed.signer->error->text : QByteArray();
        return probed.gatewayText;
    }
    [[nodiscard]] QByteArray json() const;
    [[nodiscard]] QByteArray text() const;
};

QByteArray Shown::json() const
{
    const net::SeenHop *last = nullptr;
    JsonArray hops;
    for (const net::SeenHop &hop : probed.hops) {
        if (!hop.certificates.empty())
            last = &hop;
        const net::HopReport &report = hop.report;
        hops.add(JsonObject()
                     .add("url", jsonString(report.url))
                     .add("peer", jsonString(report.peer))
                     .add("proxy", jsonStringOrNull(report.proxy))
                     .add("protocol", jsonStringOrNull(report.protocol))
                     .add("suite", jsonStringOrNull(report.suite))
                     .add("status", report.status > 0 ? QByteArray::number(report.status) : "null")
                     .add("location", jsonStringOrNull(report.location))
                     .text());
    }
    JsonArray list;
    if (last) {
        for (const net::SeenCertificate &one : last->certificates)
            list.add(jsonOf(one));
    }
    const bool trusted = last && last->trust && last->trust->ok();
    return JsonObject()
               .add("url", jsonString(target.url))
               .add("certificates", list.text())
               .add("protocol", jsonStringOrNull(last ? last->report.protocol : QByteArray()))
               .add("suite", jsonStringOrNull(last ? last->report.suite : QByteArray()))
               .add("trusted", jsonBool(trusted))
               .add("error", jsonStringOrNull(refusal()))
               .add("hops", hops.text())
               .text() +
           '\n';
}

QByteArray Shown::text() const
{
    const Instant now = systemNow();
    QByteArray out;
    for (std::size_t i = 0; i < probed.hops.size(); ++i) {
        const net::SeenHop &hop = probed.hops[i];
        out += text::inert(hop.report.url).toUtf8() + '\n';
        for (const text::ConnectionStep &step : text::connectionSteps(hop, target.policy.tls, errorAt(i))) {
            out += "  " + step.title.leftJustified(14).toUtf8() + stateMark(step.state) + step.text.toUtf8();
            if (step.ms >= 0)
                out += QStringLiteral(" \u00b7 %1 ms").arg(step.ms, 0, 'f', step.ms < 10 ? 1 : 0).toUtf8();
            while (out.endsWith(' '))
                out.chop(1);
            out += '\n';
        }
        if (!hop.certificates.empty())
            out += '\n' + Pins::tr("Certificates").toUtf8() + '\n';
        int number = 0;
        for (const net::SeenCertificate &one : hop.certificates)
            out += textOf(one, ++number, true, now);
        const auto remedies = text::connectionRemedies(hop, target.policy.tls, errorAt(i), client);
        if (!remedies.empty())
            out += '\n';
        for (const text::ConnectionRemedy &remedy : remedies)
            out += "\u2192 " + remedy.text.toUtf8() + '\n';
        if (i + 1 < probed.hops.size())
            out += '\n';
    }
    if (probed.signer && probed.signer->error)
        out += '\n' + Pins::tr("The gateway: %1").arg(text::sentence(*probed.signer->error)).toUtf8() + '\n';
    else if (!probed.gatewayText.isEmpty())
        out += '\n' + Pins::tr("The gateway: %1").arg(text::inert(probed.gatewayText)).toUtf8() + '\n';
    return out;
}

void show(const Shown &shown, bool json, Session &session)
{
    session.out(json ? shown.json() : shown.text());
    using Kind = http::TransportError::Kind;
    if (shown.refusal().isEmpty())
        return session.finish(Done);
    const Kind kind = shown.probed.reply ? Kind::Other : shown.probed.reply.error().kind;
    const bool outside = !shown.probed.reply && kind != Kind::TlsUntrusted && kind != Kind::PinMismatch && kind != Kind::BadUrl &&
                         kind != Kind::TlsHandshake;
    session.finish(outside ? Outside : Negative);
}

void look(lab::ProbeTarget target, text::GatewayClient client, bool json, Session &session)
{
    auto *probe = new lab::Probe(target, &session);
    QObject::connect(probe, &lab::Probe::finished, &session,
                     [target = std::move(target), client, json, &session](const lab::Probed &probed) {
                         show(Shown{target, probed, client}, json, session);
                     });
    probe->start();
}

void lookAtUrl(const PinsOptions &options, Session &session)
{
    lab::UrlTrust trust;
    trust.verify = !options.insecure;
    if (!options.ca.isEmpty()) {
        const auto ca = readInput(options.ca);
        if (!ca)
            return session.fail(Unusable, text::inert(ca.error()));
        if (crypto::CertificatePool pool; pool.addPem(*ca) == 0)
            return session.fail(Unusable,
                                Pins::tr("%1 holds no certificate in PEM form: the gateway would pass over it and trust nobody more")
                                    .arg(displayName(options.ca)));
        trust.extraRoots.push_back(*ca);
    }
    for (const QByteArray &pin : options.pins) {
        auto decoded = jose::decodeBase64Url(pin);
        if (!decoded)
            return session.fail(Unusable,
                                Pins::tr("--pin %1: %2").arg(text::inert(pin), QString::fromLatin1(jose::gatewayText(decoded.error()))));
        trust.pins.push_back(*std::move(decoded));
    }
    look(lab::urlTarget(options.input.toUtf8(), trust, {}), text::GatewayClient::Alone, options.json, session);
}

void lookAtKeyHost(const Configuration &configuration, std::size_t endpoint, const lab::Bindings &bindings, const PinsOptions &options,
                   Session &session)
{
    auto target = lab::keyHostTarget(configuration.service, endpoint, bindings, {});
    if (target)
        return look(*std::move(target), text::GatewayClient::KeyHost, options.json, session);
    const lab::NoKeyHost &why = target.error();
    const QString path = text::inert(configuration.service->endpoints[endpoint].path);
    if (why.error)
        return session.fail(Negative, text::sentence(*why.error));
    session.fail(
        Negative,
        why.boundToFile
            ? Pins::tr("the key host of %1 is bound to the file %2: there is no host to ask").arg(path, text::inert(*why.boundToFile))
            : Pins::tr("%1 has no key host: its keys come from a file, or it has no signer").arg(path));
}

void lookAtBackend(const Configuration &configuration, std::size_t endpoint, const lab::Bindings &bindings, const PinsOptions &options,
                   Session &session)
{
    std::vector<QByteArray> hosts;
    for (const gateway::BackendConfig &backend : configuration.service->endpoints[endpoint].backends)
        hosts.insert(hosts.end(), backend.hosts.begin(), backend.hosts.end());
    if (std::find(hosts.begin(), hosts.end(), options.backend) == hosts.end()) {
        QStringList listed;
        for (const QByteArray &host : hosts)
            listed.append(text::inert(host));
        listed.removeDuplicates();
        return session.fail(Unusable, Pins::tr("%1 has no backend host %2; it has %3")
                                          .arg(text::inert(configuration.service->endpoints[endpoint].path), text::inert(options.backend),
                                               listed.join(QLatin1String(", "))));
    }
    look(lab::backendTarget(*configuration.service, options.backend, bindings, {}), text::GatewayClient::Backend, options.json, session);
}

} // namespace

void run(const PinsOptions &options, Session &session)
{
    if (options.config.isEmpty() == options.input.isEmpty())
        return session.fail(Unusable, Pins::tr("a URL or a file with certificates is wanted, or --config"));
    if (options.config.isEmpty()) {
        if (!options.backend.isEmpty() || !options.endpoint.isEmpty() || !options.method.isEmpty() || !options.binds.empty())
            return session.fail(Unusable, Pins::tr("--endpoint, --method, --backend and --bind go with --config"));
        const bool isUrl = options.input.contains(QLatin1String("://")) && !QFile::exists(options.input);
        if (isUrl)
            return lookAtUrl(options, session);
        if (!options.ca.isEmpty() || !options.pins.empty() || options.insecure)
            return session.fail(Unusable, Pins::tr("--ca, --pin and --insecure are for a URL"));
        return showFile(options, session);
    }
    if (!options.ca.isEmpty() || !options.pins.empty() || options.insecure)
        return session.fail(Unusable, Pins::tr("with --config, trust and pins are the file's: --ca, --pin and --insecure are for a URL"));
    const auto configuration = loadConfiguration(options.config, options.gatewayEnv, session);
    if (!configuration)
        return session.fail(Unusable, configuration.error().sentence);
    const auto bindings = parseBindings(options.binds, configuration->isDemo);
    if (!bindings)
        return session.fail(Unusable, bindings.error());
    const auto endpoint = chooseEndpoint(*configuration, options.endpoint, options.method, session);
    if (!endpoint)
        return;
    if (options.backend.isEmpty())
        lookAtKeyHost(*configuration, *endpoint, *bindings, options, session);
    else
        lookAtBackend(*configuration, *endpoint, *bindings, options, session);
}

} // namespace tokenlab::cli
