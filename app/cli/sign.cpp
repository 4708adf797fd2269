#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/keysource.h"
#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/text/text.h"

namespace tokenlab::cli {

namespace {

void sign(const jose::Signer &signer, json::Value payload, const SignOptions &options, Session &session)
{
    const QByteArray bytes = json::write(payload);
    const auto token = signer.sign(bytes);
    if (!token)
        return session.fail(Negative, text::inert("unable to sign payload: " + jose::gatewayText(token.error())));
    if (options.json)
        session.out(JsonObject().add("token", jsonString(token.value())).add("header", signer.headerJson()).add("payload", bytes).text() +
                    '\n');
    else
        session.out(token.value() + '\n');
    session.finish(Done);
}

// The key set is read here, so that what is wrong with the file can be said with its place.
void signWithFile(const json::Document &payload, const SignOptions &options, Session &session)
{
    auto file = readInput(options.jwks);
    if (!file)
        return session.fail(Unusable, text::inert(file.error()));
    QByteArray bytes = std::move(file).value();
    const auto syntax = json::parse(bytes);
    if (!syntax) {
        const QString sentence = text::sentence(syntax.error(), displayName(options.jwks), bytes);
        crypto::wipe(bytes);
        return session.fail(Unusable, sentence);
    }
    const auto keys = jose::parseKeySet(bytes, jose::SetSource::LocalFile);
    crypto::wipe(bytes);
    if (!keys)
        return session.fail(Unusable, text::sentence(keys.error(), displayName(options.jwks)));
    const jose::Key *key = keys.value().find(options.kid);
    if (!key) {
        std::vector<QByteArray> kids;
        for (const jose::Key &candidate : keys.value().keys)
            kids.push_back(candidate.kid());
        const auto nearest = text::nearestName(options.kid, kids);
        const QString sentence =
            kids.empty()
                ? Session::tr("%1 has no keys in \u201ckeys\u201d").arg(displayName(options.jwks))
                : Session::tr("%1 has no key with the kid \u201c%2\u201d").arg(displayName(options.jwks), text::inert(options.kid));
        return session.fail(Negative,
                            nearest ? Session::tr("%1; did you mean \u201c%2\u201d?").arg(sentence, text::inert(*nearest)) : sentence);
    }
    const auto signer = jose::Signer::create(*key, options.alg, options.typ, options.full);
    if (!signer) {
        twin::StartError error;
        error.text = jose::gatewayText(signer.error());
        return session.fail(Negative, inOptions(text::sentence(error)));
    }
    sign(signer.value(), payload.root(), options, session);
}

// A gateway with one endpoint that signs with this URL: its start is the download, with its rules.
QByteArray gatewayFor(const SignOptions &options)
{
    JsonArray pins;
    for (const QByteArray &pin : options.pins)
        pins.add(jsonString(pin));
    JsonObject signer;
    signer.add("alg", jsonString(options.alg))
        .add("kid", jsonString(options.kid))
        .add("keys_to_sign", JsonArray().add(jsonString("payload")).text())
        .add("jwk_url", jsonString(options.jwks.toUtf8()))
        .add("typ", jsonString(options.typ))
        .add("full", jsonBool(options.full))
        .add("disable_jwk_security", jsonBool(options.insecure))
        .add("jwk_local_ca", jsonString(options.ca.toUtf8()))
        .add("jwk_fingerprints", pins.text());
    const QByteArray backend =
        JsonObject().add("host", JsonArray().add(jsonString("http://localhost")).text()).add("url_pattern", jsonString("/")).text();
    const QByteArray endpoint = JsonObject()
                                    .add("endpoint", jsonString("/sign"))
                                    .add("method", jsonString("POST"))
                                    .add("backend", JsonArray().add(backend).text())
                                    .add("extra_config", JsonObject().add("auth/signer", signer.text()).text())
                                    .text();
    return JsonObject().add("version", "3").add("endpoints", JsonArray().add(endpoint).text()).text();
}

void signWithUrl(const json::Document &payload, const SignOptions &options, Session &session)
{
    auto service = gateway::load(gatewayFor(options), QStringLiteral("sign.json"));
    if (!service)
        return session.fail(Unusable, text::sentence(service.error(), Session::tr("the key set's URL"), {}));
    auto *start = new lab::GatewayStart(std::make_shared<const gateway::ServiceConfig>(std::move(service).value()), 0, {}, {}, &session);
    QObject::connect(start, &lab::GatewayStart::finished, &session, [payload, options, &session](const twin::SignerState &state) {
        if (state.signer)
            return sign(*state.signer, payload.root(), options, session);
        if (!state.error)
            return session.fail(Outside, Session::tr("the keys were not loaded"));
        QString sentence = inOptions(text::sentence(*state.error));
        if (state.error->step == twin::StartStep::Url)
            sentence = insecureUrlSentence(options.jwks);
        const bool outside = state.error->step == twin::StartStep::Download || state.error->hangs;
        const bool unusable = state.error->step == twin::StartStep::Url || state.error->step == twin::StartStep::Fingerprints ||
                              state.error->step == twin::StartStep::Ca;
        session.fail(outside ? Outside : unusable ? Unusable : Negative, sentence);
    });
    start->start();
}

} // namespace

void run(const SignOptions &options, Session &session)
{
    const bool url = isUrl(options.jwks);
    if (const QString fault = sourceFault({options.jwks, options.ca, options.pins, options.insecure}); !fault.isEmpty())
        return session.fail(Unusable, fault);
    if (options.jwks == QLatin1String("-") && options.input == QLatin1String("-"))
        return session.fail(Unusable, Session::tr("--jwks - and the payload cannot both be standard input"));
    const auto bytes = readInput(options.input);
    if (!bytes)
        return session.fail(Unusable, text::inert(bytes.error()));
    const auto payload = json::parse(bytes.value());
    if (!payload)
        return session.fail(Unusable, text::sentence(payload.error(), displayName(options.input), bytes.value()));
    if (!payload.value().root().isObject())
        return session.fail(Unusable,
                            Session::tr("%1, line 1, column 1: the gateway signs JSON objects only").arg(displayName(options.input)));
    if (url)
        signWithUrl(payload.value(), options, session);
    else
        signWithFile(payload.value(), options, session);
}

} // namespace tokenlab::cli
