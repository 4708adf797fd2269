// The gateway's start as far as a validator is concerned: its order, its words, and whether the process survives.
#include "core/gateway/components.h"
#include "core/jose/jws.h"
#include "core/keys/keyfile.h"
#include "core/support/url.h"
#include "core/twin/keysource.h"
#include "core/twin/validator.h"

namespace tokenlab::twin {
namespace {

using gateway::ValidatorConfig;

QByteArray prefixOf(const gateway::EndpointConfig &endpoint)
{
    return "[ENDPOINT: " + endpoint.route + "][JWTValidator] ";
}

class ValidatorBuilder
{
public:
    explicit ValidatorBuilder(const gateway::EndpointConfig &endpoint) : m_prefix(prefixOf(endpoint)) { m_state.route = endpoint.route; }

    [[nodiscard]] ValidatorState &state() { return m_state; }
    [[nodiscard]] ValidatorState done() { return std::move(m_state); }

    // The endpoint answers 401 for ever.
    [[nodiscard]] ValidatorState unusable(const QByteArray &text, const QByteArray &member)
    {
        ValidatorError &error = set(text, member);
        error.logLine = "WARNING " + m_prefix + "Unable to parse the configuration: " + text;
        return done();
    }
    // The process exits.
    [[nodiscard]] ValidatorState fatal(const QByteArray &text, const QByteArray &member)
    {
        ValidatorError &error = set(text, member);
        error.fatal = true;
        error.logLine = "FATAL " + m_prefix + "Unable to create the validator: " + text;
        return done();
    }
    [[nodiscard]] ValidatorState crashed(const QByteArray &text, const QByteArray &member)
    {
        set(text, member).crash = true;
        return done();
    }

private:
    ValidatorError &set(const QByteArray &text, const QByteArray &member)
    {
        ValidatorError &error = m_state.error.emplace();
        error.text = text;
        error.member = member;
        error.rule = QByteArrayLiteral("§8.1");
        return error;
    }

    QByteArray m_prefix;
    ValidatorState m_state;
};

// A nested key with a dot is looked at for `http`, four bytes long or not.
bool readsPastRolesKey(const ValidatorConfig &config)
{
    return config.rolesKeyIsNested && config.rolesKey.contains('.') && config.rolesKey.size() < 4;
}

} // namespace

ValidatorStep buildValidator(const gateway::EndpointConfig &endpoint, const Supplies &supplies)
{
    ValidatorBuilder builder(endpoint);
    if (!endpoint.validator)
        return builder.done();
    builder.state().enabled = true;
    builder.state().hasRejecter = endpoint.extraConfig.find(gateway::innerName("validation/cel").constData()).exists();
    if (const auto *bad = std::get_if<json::UnmarshalError>(&*endpoint.validator)) {
        const qsizetype dot = bad->field.indexOf('.');
        return builder.unusable(json::gatewayText(*bad), dot < 0 ? bad->field : bad->field.first(dot));
    }
    builder.state().config = std::get<ValidatorConfig>(*endpoint.validator);
    const ValidatorConfig &config = builder.state().config;

    if (!config.jwkUrl.startsWith("https://") && !config.disableJwkSecurity) {
        return builder.unusable(QByteArrayLiteral("JWK client is using an insecure connection to the JWK service"),
                                config.jwkUrl.isEmpty() ? QByteArrayLiteral("disable_jwk_security") : QByteArrayLiteral("jwk_url"));
    }
    if (!jose::algorithmFromName(config.alg))
        return builder.fatal("JOSE: unknown algorithm " + config.alg, QByteArrayLiteral("alg"));
    auto pins = decodePins(config.fingerprints);
    if (!pins)
        return builder.fatal(pins.error().text, pins.error().member);
    builder.state().pins = std::move(*pins);
    if (!config.localCa.isEmpty()) {
        if (!supplies.caFile)
            return Need(NeedCaFile{config.localCa});
        if (!*supplies.caFile)
            return builder.fatal(caFileText(config.localCa, supplies.caFile->error()), QByteArrayLiteral("jwk_local_ca"));
        builder.state().extraRoots.push_back(**supplies.caFile);
    }
    if (!config.localPath.isEmpty()) {
        if (config.cache)
            return builder.fatal(QByteArrayLiteral("cache could not be used with jwk_local_path"), QByteArrayLiteral("cache"));
        if (!supplies.keyFile)
            return Need(NeedKeyFile{config.localPath});
        if (!*supplies.keyFile)
            return builder.fatal(supplies.keyFile->error(), QByteArrayLiteral("jwk_local_path"));
        auto opened = keys::openKeyFile(**supplies.keyFile, supplies.keyFileIsOpen ? QByteArray() : config.secretUrl, config.cypherKey);
        if (!opened) {
            const QByteArray member = config.secretUrl.isEmpty() ? QByteArrayLiteral("jwk_local_path") : QByteArrayLiteral("secret_url");
            if (opened.error().notSimulated) {
                ValidatorState state = builder.unusable(opened.error().text, member);
                state.error->unknown = true;
                state.error->logLine.clear();
                return state;
            }
            return opened.error().crash ? builder.crashed(opened.error().text, member) : builder.fatal(opened.error().text, member);
        }
        auto set = jose::parseKeySet(opened->view(), jose::SetSource::LocalFile);
        if (!set)
            return builder.fatal(set.error().text, QByteArrayLiteral("jwk_local_path"));
        builder.state().localKeys = std::move(*set);
    }
    if (readsPastRolesKey(config)) {
        return builder.crashed("panic: runtime error: slice bounds out of range [:4] with length " +
                                   QByteArray::number(config.rolesKey.size()),
                               QByteArrayLiteral("roles_key"));
    }
    return builder.done();
}

QByteArray validatorKeyUrl(const ValidatorState &state)
{
    const auto url = Url::parse(state.config.jwkUrl);
    return url ? url->redacted() : state.config.jwkUrl;
}

} // namespace tokenlab::twin
