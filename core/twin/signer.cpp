#include "core/twin/signer.h"

#include "core/keys/keyfile.h"
#include "core/support/url.h"
#include "core/twin/keysource.h"

namespace tokenlab::twin {
namespace {

using gateway::SignerConfig;

// What is known so far, and how each way out is made from it.
struct Builder {
    SignerState state;

    [[nodiscard]] SignerState failed(StartStep step, const QByteArray &text, const QByteArray &member, const QByteArray &rule)
    {
        StartError error;
        error.step = step;
        error.text = text;
        error.member = member;
        error.rule = rule;
        state.error = std::move(error);
        return std::move(state);
    }

    [[nodiscard]] SignerState crashed(StartStep step, const QByteArray &text, const QByteArray &member, const QByteArray &rule)
    {
        SignerState out = failed(step, text, member, rule);
        out.error->crash = true;
        return out;
    }
};

SignerState withKey(Builder &&builder, const jose::Key &key)
{
    const SignerConfig &config = builder.state.config;
    auto signer = jose::Signer::create(key, config.alg, config.typ, config.full);
    if (!signer) {
        const QByteArray text = jose::gatewayText(signer.error());
        return builder.failed(StartStep::Algorithm, text, QByteArrayLiteral("alg"), QByteArrayLiteral("§6.2"));
    }
    builder.state.signer = *signer;
    return std::move(builder.state);
}

BuildStep afterDownload(Builder &&builder, const DownloadSupply &supply, bool localMiss)
{
    auto set = downloadedKeys(supply);
    if (!set) {
        const KeyHostFault &fault = set.error();
        const char *rule = fault.step == StartStep::Download ? "§2.3" : fault.step == StartStep::KeySet ? "§2.2" : "§2.1";
        SignerState state = builder.failed(fault.step, fault.text, QByteArrayLiteral("jwk_url"), rule);
        state.error->unknown = fault.unknown;
        return state;
    }
    if (localMiss) {
        return builder.crashed(StartStep::KeyLookup,
                               QByteArrayLiteral("panic: runtime error: invalid memory address or nil pointer dereference"),
                               QByteArrayLiteral("kid"), QByteArrayLiteral("§2.1"));
    }
    builder.state.keys = std::move(*set);
    const jose::Key *key = builder.state.keys.find(builder.state.config.kid);
    if (!key) {
        return builder.failed(StartStep::KeyLookup, QByteArrayLiteral("no Keys have been found"), QByteArrayLiteral("kid"),
                              QByteArrayLiteral("§2.1"));
    }
    return withKey(std::move(builder), jose::Key(*key));
}

BuildStep download(Builder &&builder, std::vector<QByteArray> pins, const Supplies &supplies, bool localMiss)
{
    const SignerConfig &config = builder.state.config;
    if (const auto refused = refusedUrl(config.jwkUrl)) {
        return builder.failed(StartStep::Download, *refused, localMiss ? QByteArrayLiteral("kid") : QByteArrayLiteral("jwk_url"),
                              localMiss ? QByteArrayLiteral("§2.1") : QByteArrayLiteral("§2.3"));
    }
    if (supplies.downloadHangs) {
        SignerState state = builder.failed(StartStep::Download, {}, QByteArrayLiteral("jwk_url"), QByteArrayLiteral("§2.3"));
        state.error->hangs = true;
        return state;
    }
    if (!supplies.download) {
        NeedDownload need;
        need.url = config.jwkUrl;
        need.verify = !config.disableJwkSecurity;
        need.pins = std::move(pins);
        need.cipherSuites = config.cipherSuites;
        if (supplies.caFile && *supplies.caFile)
            need.extraRoots.push_back(**supplies.caFile);
        return Need(std::move(need));
    }
    return afterDownload(std::move(builder), *supplies.download, localMiss);
}

} // namespace

QByteArray keyUrlForDisplay(const gateway::EndpointConfig &endpoint)
{
    const auto *config = endpoint.signer ? std::get_if<SignerConfig>(&*endpoint.signer) : nullptr;
    if (!config)
        return {};
    const auto url = Url::parse(config->jwkUrl);
    return url ? url->redacted() : config->jwkUrl;
}

BuildStep buildSigner(const gateway::EndpointConfig &endpoint, const Supplies &supplies)
{
    Builder builder;
    if (!endpoint.signer)
        return std::move(builder.state);
    builder.state.enabled = true;
    if (const auto *bad = std::get_if<json::UnmarshalError>(&*endpoint.signer)) {
        const qsizetype dot = bad->field.indexOf('.');
        return builder.failed(StartStep::ConfigTypes, json::gatewayText(*bad), dot < 0 ? bad->field : bad->field.first(dot),
                              QByteArrayLiteral("§1.5.1"));
    }
    builder.state.config = std::get<SignerConfig>(*endpoint.signer);
    const SignerConfig &config = builder.state.config;

    if (!config.jwkUrl.startsWith("https://") && !config.disableJwkSecurity) {
        return builder.failed(StartStep::Url, QByteArrayLiteral("JWK client is using an insecure connection to the JWK service"),
                              config.jwkUrl.isEmpty() ? QByteArrayLiteral("disable_jwk_security") : QByteArrayLiteral("jwk_url"),
                              QByteArrayLiteral("§1.5.2"));
    }

    auto pins = decodePins(config.fingerprints);
    if (!pins)
        return builder.failed(StartStep::Fingerprints, pins.error().text, pins.error().member, QByteArrayLiteral("§1.5.3"));

    if (!config.localCa.isEmpty()) {
        if (!supplies.caFile)
            return Need(NeedCaFile{config.localCa});
        if (!*supplies.caFile) {
            return builder.failed(StartStep::Ca, caFileText(config.localCa, supplies.caFile->error()), QByteArrayLiteral("jwk_local_ca"),
                                  QByteArrayLiteral("§1.5.4"));
        }
    }

    if (config.localPath.isEmpty())
        return download(std::move(builder), std::move(*pins), supplies, false);

    if (!supplies.keyFile)
        return Need(NeedKeyFile{config.localPath});
    if (!*supplies.keyFile) {
        return builder.failed(StartStep::KeyFile, supplies.keyFile->error(), QByteArrayLiteral("jwk_local_path"),
                              QByteArrayLiteral("§1.5.5"));
    }
    auto opened = keys::openKeyFile(**supplies.keyFile, supplies.keyFileIsOpen ? QByteArray() : config.secretUrl, config.cypherKey);
    if (!opened) {
        const QByteArray member = config.secretUrl.isEmpty() ? QByteArrayLiteral("jwk_local_path") : QByteArrayLiteral("secret_url");
        const keys::KeyFileError &error = opened.error();
        SignerState state = error.crash ? builder.crashed(StartStep::KeyFile, error.text, member, QByteArrayLiteral("§10"))
                                        : builder.failed(StartStep::KeyFile, error.text, member, QByteArrayLiteral("§10"));
        state.error->unknown = error.notSimulated;
        return state;
    }
    auto set = jose::parseKeySet(opened->view(), jose::SetSource::LocalFile);
    if (!set)
        return builder.failed(StartStep::KeySet, set.error().text, QByteArrayLiteral("jwk_local_path"), QByteArrayLiteral("§2.2"));
    builder.state.keys = std::move(*set);
    // A key set without the kid makes the gateway turn to jwk_url, and its own message is never seen.
    const jose::Key *key = builder.state.keys.find(config.kid);
    if (!key)
        return download(std::move(builder), std::move(*pins), supplies, true);
    return withKey(std::move(builder), jose::Key(*key));
}

} // namespace tokenlab::twin
