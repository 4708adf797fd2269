// Members of auth/signer, as far as they are wrong by themselves (specification §1.4, §1.5, §2.1, §6.2).
#include "core/problems/signerview.h"

#include "core/jose/base64.h"
#include "core/support/nearest.h"

#include <algorithm>
#include <array>
#include <set>

namespace tokenlab::problems {

namespace {

namespace edit = gateway::edit;
using gateway::SignerConfig;
using twin::StartStep;

const std::vector<QByteArray> &signerMembers()
{
    static const std::vector<QByteArray> names{"alg",           "kid",          "typ",
                                               "jwk_url",       "full",         "keys_to_sign",
                                               "cipher_suites", "secret_url",   "disable_jwk_security",
                                               "cypher_key",    "jwk_local_ca", "jwk_fingerprints",
                                               "jwk_local_path"};
    return names;
}

// Members of the validator, or of other products, that people give a signer.
bool isIgnored(const QByteArray &name)
{
    static const std::set<QByteArray> names{"leeway",
                                            "cache",
                                            "cache_duration",
                                            "key_identify_strategy",
                                            "operation_debug",
                                            "failed_jwk_key_cooldown",
                                            "issuer",
                                            "audience",
                                            "roles",
                                            "roles_key",
                                            "roles_key_is_nested",
                                            "scopes",
                                            "scopes_key",
                                            "scopes_matcher",
                                            "propagate_claims",
                                            "propagate_claims_preserve_array",
                                            "cookie_key",
                                            "auth_header_name",
                                            "expiration",
                                            "exp",
                                            "ttl",
                                            "iss",
                                            "aud"};
    return names.contains(name);
}

bool isAnnotation(const QByteArray &name)
{
    return name.startsWith('@') || name.startsWith('$') || name.startsWith('_') || name.startsWith('#');
}

void types(const SignerView &view)
{
    if (!view.failedAt(StartStep::ConfigTypes))
        return;
    const twin::StartError &error = *view.error();
    const json::SyntaxTree &tree = view.tree();
    if (error.text.startsWith("illegal base64 data")) {
        const QByteArray at = view.pointer("cypher_key");
        Problem &problem = view.raiseStart("cypher-key-base64", at, {error.text});
        QByteArray text = view.rules().text(view.member("cypher_key"));
        for (const char blank : {' ', '\t', '\n', '\r'})
            text.replace(blank, QByteArray());
        text.replace('-', '+').replace('_', '/');
        while (text.endsWith('='))
            text.chop(1);
        while (text.size() % 4 != 0)
            text += '=';
        if (const int node = view.member("cypher_key"); node >= 0 && jose::decodeBase64(text))
            Rules::offer(problem, "convert", {"cypher_key", "base64"}, std::optional(tree.replaceValue(node, edit::quotedBytes(text))),
                         true);
        return;
    }
    const QByteArray member = error.member;
    Problem &problem =
        view.raiseStart("signer-type", view.pointer(member), {member.isEmpty() ? QByteArray("auth/signer") : member, error.text});
    const int node = view.member(member);
    if (node < 0)
        return;
    const json::SyntaxTree::Node &at = tree.node(node);
    const QByteArray source = tree.source().mid(at.range.begin, at.range.length());
    const QByteArray text = view.rules().text(node);
    const auto convert = [&](const QByteArray &json) {
        Rules::offer(problem, "convert", {member, json}, std::optional(tree.replaceValue(node, json)), true);
    };
    const bool isList = member == "keys_to_sign" || member == "jwk_fingerprints" || member == "cipher_suites";
    const bool isFlag = member == "full" || member == "disable_jwk_security";
    if (isFlag && at.type == json::Type::String && (text == "true" || text == "false"))
        convert(text);
    else if (isList && (at.type == json::Type::String || at.type == json::Type::Number) && !text.isEmpty() &&
             (member != "cipher_suites" || at.type == json::Type::Number))
        convert('[' + source + ']');
    else if (!isList && !isFlag && at.type == json::Type::Number)
        convert('"' + source + '"');
}

void url(const SignerView &view, const SignerConfig &config, qint64 port)
{
    const bool local = !config.localPath.isEmpty();
    const QByteArray shown = twin::keyUrlForDisplay(view.endpoint());
    if (view.failedAt(StartStep::Url)) {
        if (config.jwkUrl.isEmpty() && local) {
            const bool isFalse = view.member("disable_jwk_security") >= 0;
            Problem &problem = view.raiseStart(isFalse ? "flag-false-local" : "local-flag-missing",
                                               view.pointer(isFalse ? "disable_jwk_security" : "jwk_local_path"));
            // Nothing is contacted while there is no URL: the flag opens no door.
            view.set(problem, "disable_jwk_security", "true", "true", true);
        } else if (config.jwkUrl.isEmpty()) {
            view.raiseStart("url-missing", view.endpoint().signerPointer);
        } else {
            Problem &problem = view.raiseStart("url-insecure", view.pointer("jwk_url"), {shown});
            const QByteArray trimmed = config.jwkUrl.trimmed();
            if (trimmed.left(8).toLower() == "https://") {
                const QByteArray mended = "https://" + trimmed.sliced(8);
                view.set(problem, "jwk_url", "https://…", edit::quotedBytes(mended), true);
            } else {
                if (trimmed.left(7).toLower() == "http://")
                    view.set(problem, "jwk_url", "https://…", edit::quotedBytes("https://" + trimmed.sliced(7)));
                view.set(problem, "disable_jwk_security", "true", "true");
            }
        }
        return;
    }
    if (local) {
        if (!config.jwkUrl.isEmpty()) {
            Problem &problem = view.raise("url-unused", view.pointer("jwk_url"), {shown});
            if (config.disableJwkSecurity)
                view.remove(problem, "jwk_url");
        }
        return;
    }
    if (config.jwkUrl.isEmpty()) {
        if (view.failedAt(StartStep::Download))
            view.raiseStart("url-missing", view.endpoint().signerPointer);
        else
            view.raise("url-missing", view.endpoint().signerPointer);
        return;
    }
    if (isRefusedUrl(view)) {
        if (view.failedAt(StartStep::Download))
            view.raiseStart("url-invalid", view.pointer("jwk_url"), {shown, view.error()->text});
        else
            view.raise("url-invalid", view.pointer("jwk_url"), {shown, {}});
        return;
    }
    if (downloadFault(view, port) == DownloadFault::OwnGateway)
        view.raiseStart("url-own-gateway", view.pointer("jwk_url"), {shown});
    else if (isOwnGateway(config, port))
        view.raise("url-own-gateway", view.pointer("jwk_url"), {shown}).severity = Severity::Warning;
    if (config.disableJwkSecurity && config.jwkUrl.startsWith("https://")) {
        Problem &problem = view.raise("flag-over-https", view.pointer("disable_jwk_security"), {shown});
        view.remove(problem, "disable_jwk_security");
    } else if (config.jwkUrl.startsWith("http://")) {
        Problem &problem = view.raise("url-plain", view.pointer("jwk_url"), {shown});
        view.set(problem, "jwk_url", "https://…", edit::quotedBytes("https://" + config.jwkUrl.sliced(7)));
    }
}

void algorithm(const SignerView &view, const SignerConfig &config)
{
    if (jose::algorithmFromName(config.alg))
        return;
    std::vector<QByteArray> names;
    for (const jose::Algorithm one : jose::allAlgorithms())
        names.push_back(jose::name(one));
    const auto same =
        std::find_if(names.begin(), names.end(), [&](const QByteArray &name) { return name.toLower() == config.alg.trimmed().toLower(); });
    const std::string_view id = config.alg.isEmpty() ? "alg-missing" : same != names.end() ? "alg-case" : "alg-unknown";
    // A public key is refused before its algorithm is looked at.
    const bool decided = view.failedAt(StartStep::Algorithm) && !view.error()->text.contains("unsupported key type");
    const std::optional<QByteArray> nearest = same != names.end() ? std::optional(*same) : nearestName(config.alg, names);
    Problem &problem = decided ? view.raiseStart(id, view.pointer("alg"), {config.alg, nearest.value_or(QByteArray())})
                               : view.raise(id, view.pointer("alg"), {config.alg, nearest.value_or(QByteArray())});
    if (!view.error()) { // nobody looked at the keys: whatever they are, this is how it ends
        problem.gateway = "ERROR [ENDPOINT: " + view.endpoint().route +
                          "][JWTSigner] Unable to create the signer: go-jose/go-jose: unknown/unsupported algorithm";
        problem.effect = Problem::SignerOff;
    }
    if (nearest)
        view.set(problem, "alg", *nearest, edit::quotedBytes(*nearest), same != names.end());
}

QByteArray listOf(const std::vector<QByteArray> &names)
{
    QByteArray out("[");
    for (const QByteArray &name : names)
        out += (out.size() > 1 ? ", " : "") + edit::quotedBytes(name);
    return out + ']';
}

// The members of the last payload that are objects: what a signer could sign.
std::vector<QByteArray> signable(const SignerView &view)
{
    std::vector<QByteArray> out;
    const EndpointFacts *facts = view.facts();
    if (!facts || !facts->lastOutcome)
        return out;
    const auto payload = json::parse(facts->lastOutcome->payloadText);
    if (!payload || !payload->root().isObject())
        return out;
    for (const QByteArray &name : edit::memberNames(facts->lastOutcome->payloadText))
        if (payload->root().find(std::string_view(name.constData(), std::size_t(name.size()))).isObject())
            out.push_back(name);
    return out;
}

void keysToSign(const SignerView &view, const SignerConfig &config)
{
    const QByteArray list = view.pointer("keys_to_sign");
    if (config.keysToSign.empty()) {
        Problem &problem = view.raise("keys-to-sign-empty", list);
        std::vector<QByteArray> names = signable(view);
        const bool guessed = names.empty();
        if (guessed)
            names = {"access_token", "refresh_token"};
        view.set(problem, "keys_to_sign", listOf(names), listOf(names));
        return;
    }
    const int node = view.member("keys_to_sign");
    const auto place = [&](std::size_t index) {
        const bool elements = node >= 0 && view.tree().node(node).type == json::Type::Array &&
                              view.tree().node(node).children.size() == config.keysToSign.size();
        return elements ? childPointer(list, index) : list;
    };
    const std::vector<QByteArray> there = signable(view);
    std::set<QByteArray> seen;
    for (std::size_t i = 0; i < config.keysToSign.size(); ++i) {
        const QByteArray &name = config.keysToSign[i];
        if (!seen.insert(name).second) {
            Problem &problem = view.raise("keys-to-sign-twice", place(i), {name});
            Rules::offer(problem, "remove", {name}, edit::removeAt(view.tree(), place(i)), true);
            continue;
        }
        if (!name.contains('.') || std::find(there.begin(), there.end(), name) != there.end())
            continue;
        const QByteArray first = name.left(name.indexOf('.'));
        Problem &problem = view.raise("keys-to-sign-dotted", place(i), {name, first});
        const bool isThere = there.empty() || std::find(there.begin(), there.end(), first) != there.end();
        const int element = view.tree().find(place(i));
        if (!first.isEmpty() && isThere && element >= 0 && view.tree().node(element).type == json::Type::String)
            Rules::offer(problem, "set", {name, first}, std::optional(view.tree().replaceValue(element, edit::quotedBytes(first))));
    }
}

void names(const SignerView &view)
{
    const json::SyntaxTree &tree = view.tree();
    if (view.node() < 0 || tree.node(view.node()).type != json::Type::Object)
        return;
    const std::vector<QByteArray> &known = signerMembers();
    for (const int child : tree.node(view.node()).children) {
        const QByteArray &name = tree.node(child).name;
        if (isAnnotation(name) || std::find(known.begin(), known.end(), name) != known.end())
            continue;
        const QByteArray at = childPointer(view.endpoint().signerPointer, name);
        const auto folded = std::find_if(known.begin(), known.end(), [&](const QByteArray &one) {
            return json::equalFold({one.constData(), std::size_t(one.size())}, {name.constData(), std::size_t(name.size())});
        });
        if (folded != known.end()) {
            const bool used = view.member(*folded) == child;
            Problem &problem = view.raise(used ? "signer-case" : "signer-case-unused", at, {name, *folded});
            if (used)
                Rules::offer(problem, "rename", {name, *folded}, edit::renameAt(tree, at, *folded), true);
            else
                Rules::offer(problem, "remove", {name}, edit::removeAt(tree, at));
            continue;
        }
        const std::optional<QByteArray> nearest = isIgnored(name) ? std::nullopt : nearestName(name, known);
        Problem &problem = view.raise(nearest ? "signer-typo" : "signer-ignored", at, {name, nearest.value_or(QByteArray())});
        if (nearest && view.member(*nearest) < 0)
            Rules::offer(problem, "rename", {name, *nearest}, edit::renameAt(tree, at, *nearest));
        else
            Rules::offer(problem, "remove", {name}, edit::removeAt(tree, at));
    }
}

void others(const SignerView &view, const SignerConfig &config)
{
    if (config.kid.isEmpty())
        view.raise("kid-empty", view.pointer("kid"));
    if (!config.typ.isEmpty()) {
        Problem &problem = view.raise("typ-schema", view.pointer("typ"), {config.typ});
        view.remove(problem, "typ");
    }
    if (!config.localPath.isEmpty() && config.secretUrl.isEmpty() && !config.cypherKey.isEmpty()) {
        Problem &problem = view.raise("cypher-without-keeper", view.pointer("cypher_key"));
        view.remove(problem, "cypher_key");
    }
    if (config.localPath.isEmpty() && !config.secretUrl.isEmpty()) {
        Problem &problem = view.raise("keeper-unused", view.pointer("secret_url"));
        view.remove(problem, "secret_url");
    }
}

} // namespace

void checkSigner(const Input &input, List &list)
{
    eachSigner(input, list, [&](const SignerView &view) {
        types(view);
        names(view);
        const SignerConfig *config = view.config();
        if (!config)
            return;
        url(view, *config, input.service->port);
        algorithm(view, *config);
        keysToSign(view, *config);
        others(view, *config);
    });
}

} // namespace tokenlab::problems
