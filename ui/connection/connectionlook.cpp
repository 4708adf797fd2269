#include "ui/connection/connectionlook.h"

#include "core/jose/base64.h"
#include "core/support/url.h"
#include "core/text/text.h"

#include <algorithm>

namespace tokenlab::ui {

namespace {

using Look = ConnectionLook;

const gateway::SignerConfig *signerOf(const gateway::EndpointConfig *endpoint)
{
    return endpoint && endpoint->signer ? std::get_if<gateway::SignerConfig>(&*endpoint->signer) : nullptr;
}

Result<LookRequest, LookRefusal> keyHostRequest(const LabSession &session, LookRequest out)
{
    const gateway::EndpointConfig *endpoint = endpointNamed(session, out.endpoint);
    if (!endpoint)
        return fail(LookRefusal{Look::tr("There is no endpoint to look at."), {}});
    const auto index = std::size_t(endpoint - session.service()->endpoints.data());
    auto target = lab::keyHostTarget(session.service(), index, session.bindings(), {});
    if (!target) {
        const lab::NoKeyHost &why = target.error();
        if (why.error)
            return fail(LookRefusal{text::sentence(*why.error), why.error->text});
        return fail(LookRefusal{
            why.boundToFile
                ? Look::tr("The key host is bound to the file %1: there is no host to ask.").arg(text::inert(*why.boundToFile))
                : Look::tr("%1 has no key host: its keys come from a file, or it has no signer.").arg(text::inert(out.endpoint)),
            {}});
    }
    out.target = *std::move(target);
    out.choice.host = out.target.url;
    if (out.target.binding)
        out.bindings.push_back(*out.target.binding);
    if (const auto *config = signerOf(endpoint); config && !config->localCa.isEmpty()) {
        if (const lab::Binding *binding = session.bindings().forFile(config->localCa))
            out.bindings.push_back(*binding);
        crypto::CertificatePool pool;
        const auto &roots = out.target.policy.tls.extraRoots;
        out.caIsRead = std::any_of(roots.begin(), roots.end(), [&](const QByteArray &pem) { return pool.addPem(pem) > 0; });
    }
    return out;
}

Result<LookRequest, LookRefusal> urlRequest(LookRequest out)
{
    lab::UrlTrust trust;
    trust.verify = out.settings.verify;
    if (!out.settings.caFile.isEmpty()) {
        const auto ca = readFile(out.settings.caFile);
        const QString name = text::inert(out.settings.caFile.toUtf8());
        if (!ca)
            return fail(LookRefusal{Look::tr("The CA file %1 cannot be read: %2").arg(name, ca.error().reason), {}});
        if (crypto::CertificatePool pool; pool.addPem(*ca) == 0)
            return fail(LookRefusal{
                Look::tr("%1 holds no certificate in PEM form: the gateway would pass over it and trust nobody more.").arg(name), {}});
        trust.extraRoots.push_back(*ca);
    }
    for (const QString &pin : out.settings.pins) {
        auto decoded = jose::decodeBase64Url(pin.toUtf8());
        if (!decoded)
            return fail(
                LookRefusal{Look::tr("The pin %1 cannot be decoded.").arg(text::inert(pin.toUtf8())), jose::gatewayText(decoded.error())});
        trust.pins.push_back(*std::move(decoded));
    }
    out.target = lab::urlTarget(out.choice.host, trust, {});
    return out;
}

// What a signer would make of an answer that no signer of the document asked for.
SeenAnswer judged(const QByteArray &url, const Result<http::Reply, http::TransportError> &reply)
{
    gateway::EndpointConfig endpoint;
    gateway::SignerConfig config;
    config.alg = "HS256";
    config.jwkUrl = url;
    config.disableJwkSecurity = true; // what was verified is seen elsewhere
    endpoint.signer = config;
    twin::Supplies supplies;
    supplies.download = reply;
    SeenAnswer out;
    twin::BuildStep step = twin::buildSigner(endpoint, supplies);
    if (const auto *state = std::get_if<twin::SignerState>(&step)) {
        keys::Entries entries;
        for (const jose::Key &key : state->keys.keys)
            entries.push_back(keys::Entry::of(key));
        out.keys = keys::survey(entries);
        const auto &error = state->error;
        if (error && (error->step == twin::StartStep::Download || error->step == twin::StartStep::KeySet))
            out.refusal = error;
        out.ofSet = out.refusal.has_value();
    }
    return out;
}

Seen seenOf(const LookRequest &request, const lab::Probed &probed)
{
    Seen out;
    out.request = request;
    out.hops = probed.hops;
    out.words = probed.gatewayText;
    out.hangs = probed.hangs;
    out.ms = probed.durationMs;
    if (probed.signer)
        out.startError = probed.signer->error;
    if (!probed.reply) {
        out.error = probed.reply.error();
        return out;
    }
    SeenAnswer answer;
    if (request.choice.kind != ConnectionChoice::BackendHost)
        answer = judged(request.choice.host, probed.reply);
    if (probed.signer) {
        answer.kid = probed.signer->config.kid;
        answer.ofSet = answer.refusal.has_value();
        answer.refusal = probed.signer->error;
    }
    answer.status = probed.reply->status;
    answer.contentType = probed.reply->headers.first("Content-Type").value_or(QByteArray());
    answer.size = probed.reply->body.size();
    out.answer = std::move(answer);
    return out;
}

} // namespace

QString shownUrl(const QByteArray &url)
{
    const auto parsed = Url::parse(url);
    return text::inert(parsed && parsed->user ? parsed->redacted() : url);
}

std::vector<ConnectionChoice> connectionChoices(const LabSession &session)
{
    std::vector<ConnectionChoice> out;
    const gateway::EndpointConfig *endpoint = session.endpoint();
    if (!endpoint)
        return out;
    if (const auto *config = signerOf(endpoint); config && config->localPath.isEmpty() && !config->jwkUrl.isEmpty())
        out.push_back({ConnectionChoice::KeyHost, config->jwkUrl});
    for (const gateway::BackendConfig &backend : endpoint->backends) {
        for (const QByteArray &host : backend.hosts) {
            const ConnectionChoice choice{ConnectionChoice::BackendHost, host};
            if (std::find(out.begin(), out.end(), choice) == out.end())
                out.push_back(choice);
        }
    }
    return out;
}

text::GatewayClient LookRequest::client() const
{
    return choice.kind == ConnectionChoice::KeyHost       ? text::GatewayClient::KeyHost
           : choice.kind == ConnectionChoice::BackendHost ? text::GatewayClient::Backend
                                                          : text::GatewayClient::Alone;
}

QByteArray endpointName(const gateway::EndpointConfig *endpoint)
{
    return endpoint ? endpoint->method + ' ' + endpoint->path : QByteArray();
}

const gateway::EndpointConfig *endpointNamed(const LabSession &session, const QByteArray &name)
{
    if (!session.service())
        return nullptr;
    const auto &all = session.service()->endpoints;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto &one) { return endpointName(&one) == name; });
    return found == all.end() ? nullptr : &*found;
}

QByteArray configurationOf(const LabSession &session, const ConnectionChoice &choice, const QByteArray &endpoint,
                           const UrlSettings &settings)
{
    QByteArrayList out{QByteArray::number(int(choice.kind))};
    if (choice.kind != ConnectionChoice::KeyHost)
        out << choice.host;
    const auto list = [&out](const auto &texts) {
        for (const auto &one : texts)
            out << one;
        out << QByteArray();
    };
    const auto numbers = [&out](const std::vector<quint16> &some) {
        for (const quint16 one : some)
            out << QByteArray::number(one);
        out << QByteArray();
    };
    if (choice.kind == ConnectionChoice::AnyUrl) {
        out << settings.caFile.toUtf8() << settings.pins.join(QLatin1Char(',')).toUtf8() << (settings.verify ? "verify" : "");
        return out.join('\n');
    }
    const gateway::EndpointConfig *at = endpointNamed(session, endpoint);
    if (!at)
        return {};
    if (choice.kind == ConnectionChoice::KeyHost) {
        const auto *config = signerOf(at);
        if (!config)
            return {};
        out << config->jwkUrl << config->localCa << config->localPath << config->alg << config->kid
            << (config->disableJwkSecurity ? "disabled" : "");
        list(config->fingerprints);
        numbers(config->cipherSuites);
    } else {
        const gateway::ClientTls &tls = session.service()->clientTls;
        const bool there = std::any_of(at->backends.begin(), at->backends.end(), [&](const gateway::BackendConfig &backend) {
            return std::find(backend.hosts.begin(), backend.hosts.end(), choice.host) != backend.hosts.end();
        });
        out << (there ? "there" : "") << (tls.configured ? "configured" : "") << (tls.allowInsecure ? "insecure" : "")
            << (tls.disableSystemCaPool ? "own roots" : "") << QByteArray::number(tls.minVersion) << QByteArray::number(tls.maxVersion);
        list(tls.caCerts);
        numbers(tls.cipherSuites);
        numbers(tls.curves);
        for (const auto &[certificate, key] : tls.clientCerts)
            out << certificate << key;
    }
    for (const lab::Binding &binding : session.bindings().all())
        out << binding.from << binding.to;
    return out.join('\n');
}

static LookRequest backendRequest(const LabSession &session, LookRequest out)
{
    const std::vector<QByteArray> &files = session.service()->clientTls.caCerts;
    out.target = lab::backendTarget(*session.service(), out.choice.host, session.bindings(), {});
    if (out.target.binding)
        out.bindings.push_back(*out.target.binding);
    for (const QByteArray &path : files) {
        if (const lab::Binding *binding = session.bindings().forFile(path))
            out.bindings.push_back(*binding);
    }
    out.caIsRead = files.size() == out.target.policy.tls.extraRoots.size();
    return out;
}

Result<LookRequest, LookRefusal> lookRequest(const LabSession &session, const ConnectionChoice &choice, const QByteArray &endpoint,
                                             const UrlSettings &settings)
{
    LookRequest request;
    request.choice = choice;
    request.settings = settings;
    request.endpoint = endpoint;
    request.configuration = configurationOf(session, choice, endpoint, settings);
    if (choice.kind == ConnectionChoice::AnyUrl)
        return urlRequest(std::move(request));
    if (!session.service())
        return fail(LookRefusal{Look::tr("There is no endpoint to look at."), {}});
    if (choice.kind == ConnectionChoice::BackendHost)
        return backendRequest(session, std::move(request));
    return keyHostRequest(session, std::move(request));
}

std::optional<http::TransportError> Seen::errorAt(std::size_t hop) const
{
    return hop + 1 == hops.size() ? error : std::nullopt;
}

ConnectionLook::~ConnectionLook()
{
    cancel();
}

void ConnectionLook::start(const LookRequest &request)
{
    cancel();
    auto *probe = new lab::Probe(request.target, this);
    m_probe = probe;
    m_since.start();
    connect(probe, &lab::Probe::finished, this, [this, probe, request](const lab::Probed &probed) {
        probe->deleteLater(); // it is still on the stack
        if (m_probe != probe)
            return;
        m_probe = nullptr;
        Q_EMIT finished(seenOf(request, probed));
    });
    probe->start();
}

void ConnectionLook::cancel()
{
    if (!m_probe)
        return;
    lab::Probe *probe = std::exchange(m_probe, nullptr);
    probe->disconnect(this);
    probe->abort();
    probe->deleteLater();
}

} // namespace tokenlab::ui
