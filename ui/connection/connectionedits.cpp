#include "ui/connection/connectionedits.h"

#include "core/gateway/edit.h"
#include "core/support/url.h"
#include "core/text/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace tokenlab::ui {

namespace {

struct Edits {
    Q_DECLARE_TR_FUNCTIONS(ConnectionEdits)
};

// The signer that was looked at, as it is now; empty where it asks another host by now.
QByteArray signerPointer(const LabSession &session, const LookRequest &request)
{
    const gateway::EndpointConfig *endpoint = endpointNamed(session, request.endpoint);
    const auto *config = endpoint && endpoint->signer ? std::get_if<gateway::SignerConfig>(&*endpoint->signer) : nullptr;
    return config && config->jwkUrl == request.choice.host ? endpoint->signerPointer : QByteArray();
}

QByteArray pointerOfMember(const json::SyntaxTree &tree, int index)
{
    QByteArray name = tree.node(index).name;
    return '/' + name.replace('~', "~0").replace('/', "~1");
}

} // namespace

QString whyNoEdit(const LabSession &session, const LookRequest &request)
{
    if (request.choice.kind == ConnectionChoice::AnyUrl)
        return {};
    if (session.isRendered())
        return Edits::tr("The document was rendered from a template and is read-only.");
    if (!session.isIntact())
        return Edits::tr("The document's text is broken: mend it first.");
    if (request.choice.kind == ConnectionChoice::KeyHost && signerPointer(session, request).isEmpty())
        return Edits::tr("The document no longer has a signer with this key host.");
    return {};
}

std::optional<json::Splice> trustEdit(const LabSession &session, const LookRequest &request, const QString &path)
{
    if (!session.tree())
        return {};
    const json::SyntaxTree &tree = *session.tree();
    if (request.choice.kind == ConnectionChoice::KeyHost)
        return gateway::edit::setMember(tree, signerPointer(session, request), "jwk_local_ca", gateway::edit::quoted(path));
    const gateway::ClientTls &tls = session.service()->clientTls;
    if (std::find(tls.caCerts.begin(), tls.caCerts.end(), path.toUtf8()) != tls.caCerts.end())
        return {};
    const int at = gateway::edit::member(tree, 0, "client_tls");
    if (at >= 0 && tree.node(at).type == json::Type::Object)
        return gateway::edit::appendText(tree, pointerOfMember(tree, at), "ca_certs", path);
    // A client_tls that names no version means TLS 1.3 alone; without one it was 1.2, too.
    return gateway::edit::setMember(tree, {}, "client_tls",
                                    "{\"ca_certs\": " + gateway::edit::stringList({path}) +
                                        (tls.configured ? "}" : ", \"min_version\": \"TLS12\"}"));
}

std::optional<json::Splice> pinEdit(const LabSession &session, const LookRequest &request, const QByteArray &pin)
{
    if (!session.tree())
        return {};
    return gateway::edit::appendText(*session.tree(), signerPointer(session, request), "jwk_fingerprints", QString::fromLatin1(pin));
}

TrustFile trustFile(const Seen &seen, std::size_t hop, const net::SeenCertificate &certificate)
{
    TrustFile out;
    bool othersTrusted = false;
    for (std::size_t i = 0; i < seen.hops.size(); ++i)
        othersTrusted = othersTrusted || (i != hop && seen.hops[i].trust && seen.hops[i].trust->ok());
    // client_tls takes a list; a signer one file.
    if (seen.request.choice.kind != ConnectionChoice::BackendHost && othersTrusted) {
        for (const QByteArray &file : seen.policy().extraRoots) {
            for (const QByteArray &der : crypto::certificatesOf(file)) {
                if (der == certificate.der)
                    continue;
                out.pem += crypto::certificatePem(der);
                ++out.kept;
            }
        }
    }
    out.pem += crypto::certificatePem(certificate.der);
    return out;
}

QString trustFileName(const net::SeenHop &hop, const net::SeenCertificate &certificate)
{
    const auto url = Url::parse(hop.report.url);
    QString host = url ? QString::fromLatin1(url->hostName()) : QString();
    static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9.-]+"));
    host.replace(others, QStringLiteral("-"));
    host = host.left(100);
    while (host.startsWith(QLatin1Char('.')) || host.startsWith(QLatin1Char('-')))
        host.remove(0, 1);
    if (host.isEmpty())
        host = QStringLiteral("host");
    return host + (certificate.info.isAuthority ? QStringLiteral("-ca.pem") : QStringLiteral(".pem"));
}

bool isPinned(const Seen &seen, const net::SeenCertificate &certificate)
{
    const auto &pins = seen.policy().pins;
    return std::find(pins.begin(), pins.end(), certificate.info.pin) != pins.end();
}

QString meaningAsPin(const Seen &seen, std::size_t hop, std::size_t certificate)
{
    net::SeenHop as = seen.hops[hop];
    net::SeenCertificate &one = as.certificates[certificate];
    if (!one.sent)
        return Edits::tr("not sent by the host: the gateway would find no pinned key and break the connection off");
    net::TlsPolicy policy = seen.policy();
    if (!isPinned(seen, one)) {
        policy.pins.push_back(one.info.pin);
        for (net::SeenCertificate &other : as.certificates)
            other.pin = -1;
        one.pin = int(policy.pins.size()) - 1;
        as.pinMet = true;
    }
    QString words = text::pinMeaning(as, policy);
    if (!as.report.proxy.isEmpty())
        return words;
    const bool untrusted = as.trust && !as.trust->ok();
    if (policy.verify && untrusted)
        words += Edits::tr("; but trust is asked for first, and is missing");
    else if (policy.verify)
        words += Edits::tr("; trust and pin are both asked for");
    else
        words += Edits::tr("; nothing else is checked, and only the holder of this key is talked to");
    return words;
}

} // namespace tokenlab::ui
