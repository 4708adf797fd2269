#include "core/text/connection.h"

#include "core/jose/base64.h"
#include "core/support/url.h"
#include "core/text/advice.h"
#include "core/text/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenlab::text {

namespace {

using Kind = http::TransportError::Kind;
using crypto::PeerError;

struct Connections {
    Q_DECLARE_TR_FUNCTIONS(Connections)
};

QString shown(const QByteArray &text)
{
    return inert(text);
}

QString nameOf(const net::SeenCertificate &certificate)
{
    return shown(certificate.info.name);
}

QString setting(GatewayClient client, const char *keyHost, const char *backend)
{
    return QLatin1String(client == GatewayClient::Backend ? backend : keyHost);
}

bool isOneOf(Kind kind, std::initializer_list<Kind> kinds)
{
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// In the order in which they are come to; a step fails when the error came while it was under way.
ConnectionStep::Kind failedAt(const net::SeenHop &hop, const http::TransportError &error)
{
    const net::HopReport &report = hop.report;
    if (error.kind == Kind::Dns)
        return ConnectionStep::Lookup;
    if (report.connectMs < 0)
        return ConnectionStep::Connect;
    if (hop.secure && report.protocol.isEmpty())
        return ConnectionStep::Handshake;
    if (error.kind == Kind::TlsUntrusted)
        return ConnectionStep::Trust;
    if (error.kind == Kind::PinMismatch)
        return ConnectionStep::Pins;
    return ConnectionStep::Answer;
}

QString trustText(const net::SeenHop &hop, const net::TlsPolicy &policy, ConnectionStep &step)
{
    if (!hop.trust)
        return {};
    if (*hop.trust) {
        const auto &path = (*hop.trust)->path;
        const auto root = crypto::describeCertificate(path.back());
        const QString name = root ? shown(root->name) : QString();
        return path.size() == 1 ? Connections::tr("trusted: the certificate itself is among the roots")
                                : Connections::tr("trusted, up to \u201c%1\u201d").arg(name);
    }
    const QString words = oneLine(hop.trust->error().text);
    if (policy.verify) {
        step.state = ConnectionStep::Failed;
        return words;
    }
    step.state = ConnectionStep::Attention;
    return Connections::tr("not asked for: anybody can stand in for this host. Else: %1").arg(words);
}

ConnectionRemedy words(const QString &text)
{
    ConnectionRemedy out;
    out.text = text;
    return out;
}

void remediesOfTrust(const net::SeenHop &hop, GatewayClient client, std::vector<ConnectionRemedy> &out)
{
    const PeerError &error = hop.trust->error();
    const auto &all = hop.certificates;
    switch (error.kind) {
    case PeerError::Untrusted: {
        // The topmost certificate that vouches outlives the peer's own.
        for (auto one = all.rbegin(); one != all.rend(); ++one) {
            if (!one->vouches)
                continue;
            ConnectionRemedy remedy;
            remedy.action = ConnectionRemedy::TrustCertificate;
            remedy.certificate = int(all.rend() - one) - 1;
            remedy.text = one->info.isAuthority
                              ? Connections::tr("Trust the authority \u201c%1\u201d: write it into a PEM file and name that in %2.")
                                    .arg(nameOf(*one), setting(client, "jwk_local_ca", "client_tls/ca_certs"))
                              : Connections::tr(
                                    "Trust this very certificate, \u201c%1\u201d: write it into a PEM file and name that in %2. It has to "
                                    "be replaced there when the host renews it.")
                                    .arg(nameOf(*one), setting(client, "jwk_local_ca", "client_tls/ca_certs"));
            out.push_back(remedy);
            return;
        }
        if (!all.empty() && error.text.endsWith("unknown authority"))
            out.push_back(
                words(Connections::tr(
                          "The host did not send the certificate of \u201c%1\u201d, which signed its own. Get that file, as PEM, from "
                          "whoever runs the host, and name it in %2.")
                          .arg(shown(all.back().info.issuer), setting(client, "jwk_local_ca", "client_tls/ca_certs"))));
        return;
    }
    case PeerError::WrongName: {
        if (all.empty())
            return;
        QStringList names;
        constexpr std::size_t Most = 8;
        for (const QByteArray &name : all.front().info.names) {
            if (names.size() < qsizetype(Most))
                names.append(shown(name));
        }
        if (all.front().info.names.size() > Most)
            names.append(QStringLiteral("\u2026"));
        if (!names.isEmpty())
            out.push_back(
                words(Connections::tr("Address the host by a name of its certificate (%1), or have the certificate made for this one.")
                          .arg(names.join(QLatin1String(", ")))));
        else
            out.push_back(words(
                Connections::tr("The certificate has no subjectAltName: have it made again with one. Its common name does not count.")));
        return;
    }
    case PeerError::Expired:
        out.push_back(words(Connections::tr("Renew the certificate, and see that the clocks of both machines are right.")));
        return;
    case PeerError::WrongUse:
        out.push_back(
            words(Connections::tr("The certificate is not made for servers (extendedKeyUsage): have it made again with serverAuth.")));
        return;
    case PeerError::NoCertificate:
    case PeerError::Unparsable:
    case PeerError::Other:
        out.push_back(words(Connections::tr("Have the host's certificate made again.")));
        return;
    }
}

} // namespace

std::vector<ConnectionStep> connectionSteps(const net::SeenHop &hop, const net::TlsPolicy &policy,
                                            const std::optional<http::TransportError> &error)
{
    const net::HopReport &report = hop.report;
    std::vector<ConnectionStep> out;
    const std::optional<ConnectionStep::Kind> failure = error ? std::optional(failedAt(hop, *error)) : std::nullopt;
    const auto add = [&](ConnectionStep::Kind kind, const QString &title, double ms, bool reached) -> ConnectionStep & {
        ConnectionStep step;
        step.kind = kind;
        step.title = title;
        step.ms = ms;
        step.state = reached ? ConnectionStep::Done : ConnectionStep::NotReached;
        if (failure == kind) {
            step.state = ConnectionStep::Failed;
            step.text = oneLine(error->text);
        }
        out.push_back(std::move(step));
        return out.back();
    };
    if (report.lookupMs >= 0 || failure == ConnectionStep::Lookup) {
        ConnectionStep &step = add(ConnectionStep::Lookup, Connections::tr("Name"), report.lookupMs, true);
        if (step.state == ConnectionStep::Done)
            step.text = Connections::tr("found");
    }
    {
        ConnectionStep &step = add(ConnectionStep::Connect, Connections::tr("Connection"), report.connectMs, report.connectMs >= 0);
        if (step.state == ConnectionStep::Done)
            step.text = report.proxy.isEmpty() ? shown(report.peer)
                                               : Connections::tr("%1, the proxy %2").arg(shown(report.peer), shown(report.proxy));
    }
    if (hop.secure) {
        const bool shook = !report.protocol.isEmpty();
        ConnectionStep &step = add(ConnectionStep::Handshake, Connections::tr("TLS handshake"), report.handshakeMs, shook);
        if (step.state == ConnectionStep::Done)
            step.text = QStringLiteral("%1, %2").arg(shown(report.protocol), shown(report.suite));
        ConnectionStep &trust = add(ConnectionStep::Trust, Connections::tr("Trust"), -1, hop.trust.has_value());
        if (hop.trust)
            trust.text = trustText(hop, policy, trust);
    }
    if (!policy.pins.empty()) {
        ConnectionStep &step = add(ConnectionStep::Pins, Connections::tr("Pins"), -1, hop.trust.has_value() || !hop.secure);
        const bool untrusted = policy.verify && hop.trust && !*hop.trust;
        if (untrusted)
            step.state = ConnectionStep::NotReached; // the gateway asks for trust first
        else if (step.state != ConnectionStep::NotReached)
            step.text = pinMeaning(hop, policy);
        if (step.state == ConnectionStep::Done && !report.pinsChecked)
            step.state = ConnectionStep::Attention;
    }
    ConnectionStep &answer = add(ConnectionStep::Answer, Connections::tr("Answer"), report.answerMs, report.status > 0);
    if (answer.state == ConnectionStep::Done && !report.location.isEmpty() && report.status >= 300 && report.status < 400)
        answer.text = Connections::tr("%1, on to %2").arg(report.status).arg(shown(report.location));
    else if (answer.state == ConnectionStep::Done)
        answer.text = QString::number(report.status);
    return out;
}

std::vector<ConnectionRemedy> connectionRemedies(const net::SeenHop &hop, const net::TlsPolicy &policy,
                                                 const std::optional<http::TransportError> &error, GatewayClient client)
{
    std::vector<ConnectionRemedy> out;
    if (error && error->kind == Kind::TlsUntrusted && hop.trust && !*hop.trust) {
        remediesOfTrust(hop, client, out);
        if (client != GatewayClient::Backend)
            out.push_back(words(
                policy.pins.empty()
                    ? Connections::tr("disable_jwk_security takes any certificate of anybody: with a pin beside it only the holder of the "
                                      "pinned key is talked to.")
                    : Connections::tr("The pin does not stand in for trust. With disable_jwk_security only the pin counts, and a right one "
                                      "keeps strangers out.")));
    } else if (error && error->kind == Kind::PinMismatch && !hop.certificates.empty()) {
        ConnectionRemedy remedy;
        remedy.action = ConnectionRemedy::UsePin;
        remedy.certificate = 0;
        remedy.text = Connections::tr("If this host is the right one, pin its key: %1")
                          .arg(QString::fromLatin1(jose::encodeBase64Url(hop.certificates.front().info.pin)));
        out.push_back(remedy);
        for (const net::SeenCertificate &one : hop.certificates) {
            if (std::find(policy.pins.begin(), policy.pins.end(), one.info.certificateDigest) != policy.pins.end())
                out.push_back(
                    words(Connections::tr(
                              "A pin of the configuration is the digest of the whole certificate \u201c%1\u201d; the gateway compares "
                              "digests of public keys.")
                              .arg(nameOf(one))));
        }
    } else if (error && hop.secure && hop.report.protocol.isEmpty() &&
               isOneOf(error->kind, {Kind::TlsHandshake, Kind::TlsNotTls, Kind::ClosedEarly})) {
        out.push_back(
            words(error->kind == Kind::TlsNotTls
                      ? Connections::tr("Nothing at that port speaks TLS: see the port, or the scheme of the URL.")
                      : Connections::tr("See which TLS versions (the gateway speaks 1.2 and 1.3) and suites the host has, and %1.")
                            .arg(setting(client, "cipher_suites", "client_tls"))));
    } else if (error) {
        const Advice advice = client == GatewayClient::Backend ? backendAdvice(error->text) : signerAdvice(error->text);
        if (!advice.remedy.isEmpty())
            out.push_back(words(advice.remedy));
    }
    if (!error && hop.secure && !policy.verify && !hop.pinMet && client != GatewayClient::Backend)
        out.push_back(words(
            Connections::tr("Nothing is checked here: whoever answers in this host's place gives the gateway its keys. Name the CA in "
                            "jwk_local_ca, or pin a key.")));
    if (!error && !hop.secure && client == GatewayClient::KeyHost)
        out.push_back(words(Connections::tr("The keys travel in clear. For production use https.")));
    return out;
}

QString certificateRole(const net::SeenCertificate &certificate)
{
    if (certificate.sent && certificate.verified)
        return Connections::tr("sent, verified");
    if (certificate.sent)
        return Connections::tr("sent");
    return certificate.info.isSelfIssued ? Connections::tr("trusted root, not sent") : Connections::tr("trusted, not sent");
}

QString certificateValidity(const crypto::CertificateInfo &info, Instant now)
{
    if (now < info.notBefore)
        return Connections::tr("not valid before %1 (%2)")
            .arg(utcTime(info.notBefore.secondsSinceEpoch), relativeTime(info.notBefore.secondsSinceEpoch, now));
    if (info.notAfter < now)
        return Connections::tr("expired on %1 (%2)")
            .arg(utcTime(info.notAfter.secondsSinceEpoch), relativeTime(info.notAfter.secondsSinceEpoch, now));
    return Connections::tr("valid until %1 (%2)")
        .arg(utcTime(info.notAfter.secondsSinceEpoch), relativeTime(info.notAfter.secondsSinceEpoch, now));
}

QString pinMeaning(const net::SeenHop &hop, const net::TlsPolicy &policy)
{
    if (policy.pins.empty())
        return Connections::tr("none");
    if (!hop.secure)
        return Connections::tr("not looked at: pins do not count over http");
    if (!hop.report.proxy.isEmpty())
        return Connections::tr("not looked at: pins do not count through a proxy");
    if (!hop.pinMet)
        return policy.verify ? Connections::tr("no certificate that was sent has a pinned key: the gateway breaks the connection off")
                             : Connections::tr("no certificate that was sent has a pinned key: the gateway breaks the connection off, "
                                               "disable_jwk_security or not");
    const auto met =
        std::find_if(hop.certificates.begin(), hop.certificates.end(), [](const auto &one) { return one.sent && one.pin >= 0; });
    const QString name = met == hop.certificates.end() ? QString() : nameOf(*met);
    return met != hop.certificates.end() && !met->verified && hop.trust && *hop.trust
               ? Connections::tr("pin %1 met by \u201c%2\u201d, which is sent but vouches for nothing").arg(met->pin).arg(name)
               : Connections::tr("pin %1 met by \u201c%2\u201d").arg(met == hop.certificates.end() ? 0 : met->pin).arg(name);
}

} // namespace tokenlab::text
