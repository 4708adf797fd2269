#include "core/gateway/exports.h"

#include "core/gateway/components.h"
#include "core/json/unmarshal.h"

#include <QDir>

#include <algorithm>
#include <array>
#include <functional>

namespace tokenlab::gateway {

namespace {

using json::SyntaxTree;

constexpr std::array kindNames{"gateway", "endpoint", "signer", "validator"};

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

std::optional<QByteArray> textAt(const SyntaxTree &tree, int node)
{
    if (node < 0 || tree.node(node).type != json::Type::String)
        return {};
    const json::Range range = tree.node(node).range;
    const auto document = json::parse(tree.source().mid(range.begin, range.length()));
    return document ? std::optional(document.value().root().bytes()) : std::nullopt;
}

bool hasPassword(const QByteArray &url)
{
    const qsizetype scheme = url.indexOf("://");
    if (scheme < 0)
        return false;
    qsizetype end = scheme + 3;
    while (end < url.size() && !QByteArrayView("/?#").contains(url[end]))
        ++end;
    return url.mid(scheme + 3, end - scheme - 3).contains('@');
}

// What a text of the document means for an export.
enum class Meaning { Host, Url, Path, SecretUrl, CypherKey };
struct Found {
    int node = -1;
    Meaning meaning = Meaning::Host;
    QByteArray member;
    QByteArray value;
};

// Texts and lists of texts at a member.
void collect(const SyntaxTree &tree, int object, const QByteArray &member, Meaning meaning, std::vector<Found> &found)
{
    const int node = edit::member(tree, object, member);
    if (node < 0)
        return;
    if (const auto text = textAt(tree, node); text && !text->isEmpty())
        found.push_back({node, meaning, member, *text});
    if (tree.node(node).type != json::Type::Array)
        return;
    for (const int child : tree.node(node).children) {
        if (const auto text = textAt(tree, child); text && !text->isEmpty())
            found.push_back({child, meaning, member, *text});
    }
}

void collectKeys(const SyntaxTree &tree, int component, std::vector<Found> &found)
{
    collect(tree, component, "jwk_url", Meaning::Url, found);
    collect(tree, component, "jwk_local_path", Meaning::Path, found);
    collect(tree, component, "jwk_local_ca", Meaning::Path, found);
    collect(tree, component, "secret_url", Meaning::SecretUrl, found);
    collect(tree, component, "cypher_key", Meaning::CypherKey, found);
}

const std::vector<int> &childrenOf(const SyntaxTree &tree, int node)
{
    static const std::vector<int> none;
    return node < 0 ? none : tree.node(node).children;
}

// A list, or the single thing that the gateway takes for one.
std::vector<int> listOf(const SyntaxTree &tree, int node)
{
    if (node < 0)
        return {};
    return tree.node(node).type == json::Type::Array ? childrenOf(tree, node) : std::vector<int>{node};
}

void collectEndpoint(const SyntaxTree &tree, int endpoint, std::vector<Found> &found)
{
    for (const int backend : listOf(tree, edit::member(tree, endpoint, "backend")))
        collect(tree, backend, "host", Meaning::Host, found);
    for (const int component : childrenOf(tree, edit::member(tree, endpoint, "extra_config"))) {
        const QByteArray inner = innerName(tree.node(component).name);
        if (inner == innerName("auth/signer") || inner == innerName("auth/validator"))
            collectKeys(tree, component, found);
    }
}

void collectGateway(const SyntaxTree &tree, std::vector<Found> &found)
{
    collect(tree, 0, "host", Meaning::Host, found);
    const int client = edit::member(tree, 0, "client_tls");
    collect(tree, client, "ca_certs", Meaning::Path, found);
    for (const int pair : listOf(tree, edit::member(tree, client, "client_certs"))) {
        collect(tree, pair, "certificate", Meaning::Path, found);
        collect(tree, pair, "private_key", Meaning::Path, found);
    }
    const int server = edit::member(tree, 0, "tls");
    collect(tree, server, "public_key", Meaning::Path, found);
    collect(tree, server, "private_key", Meaning::Path, found);
    for (const int pair : listOf(tree, edit::member(tree, server, "keys"))) {
        collect(tree, pair, "public_key", Meaning::Path, found);
        collect(tree, pair, "private_key", Meaning::Path, found);
    }
    for (const int endpoint : listOf(tree, edit::member(tree, 0, "endpoints")))
        collectEndpoint(tree, endpoint, found);
}

std::vector<Found> collected(const SyntaxTree &tree, ExportKind kind)
{
    std::vector<Found> found;
    if (tree.root().type != json::Type::Object)
        return found;
    switch (kind) {
    case ExportKind::Gateway:
        collectGateway(tree, found);
        break;
    case ExportKind::Endpoint:
        collectEndpoint(tree, 0, found);
        break;
    case ExportKind::Signer:
    case ExportKind::Validator:
        collectKeys(tree, 0, found);
        break;
    }
    std::sort(found.begin(), found.end(),
              [&](const Found &a, const Found &b) { return tree.node(a.node).range.begin < tree.node(b.node).range.begin; });
    return found;
}

QByteArray upperName(QByteArrayView text)
{
    QByteArray out;
    for (const char c : text) {
        const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (alphanumeric)
            out += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
        else if (!out.isEmpty() && !out.endsWith('_'))
            out += '_';
    }
    while (out.endsWith('_'))
        out.chop(1);
    return out;
}

QByteArray wantedName(const Found &found)
{
    switch (found.meaning) {
    case Meaning::Host: {
        const qsizetype scheme = found.value.indexOf("://");
        const QByteArray name = upperName(scheme < 0 ? QByteArrayView(found.value) : QByteArrayView(found.value).sliced(scheme + 3));
        return "HOST_" + (name.isEmpty() ? QByteArray("BACKEND") : name);
    }
    case Meaning::SecretUrl:
        return "JWK_SECRET_URL";
    case Meaning::CypherKey:
        return "JWK_CYPHER_KEY";
    case Meaning::Url:
    case Meaning::Path:
        break;
    }
    return upperName(found.member);
}

// One value, one variable; two values never share one.
QByteArray variableFor(const Found &found, std::vector<Placeholder> &all)
{
    const QByteArray wanted = wantedName(found);
    for (int i = 1;; ++i) {
        const QByteArray candidate = i == 1 ? wanted : wanted + '_' + QByteArray::number(i);
        const auto same = std::find_if(all.begin(), all.end(), [&](const Placeholder &p) { return p.name == candidate; });
        if (same == all.end()) {
            const bool secret = found.meaning == Meaning::SecretUrl || found.meaning == Meaning::CypherKey || hasPassword(found.value);
            all.push_back({candidate, found.value, secret});
            return candidate;
        }
        if (same->value == found.value)
            return candidate;
    }
}

QByteArray relativePath(const QByteArray &path, const QByteArray &folder)
{
    if (!path.startsWith('/'))
        return path;
    const QString relative = QDir(QString::fromUtf8(folder)).relativeFilePath(QString::fromUtf8(path));
    const QByteArray out = relative.toUtf8();
    return out.startsWith("../") ? out : "./" + out;
}

// What a template would take for an action stays a text.
QByteArray shielded(const QByteArray &text)
{
    return QByteArray(text).replace("{{", "{{ \"{{\" }}");
}

void adapt(Exported &out, const ExportWishes &wishes)
{
    const auto tree = SyntaxTree::parse(out.text);
    if (!tree)
        return;
    const std::vector<Found> found = collected(tree.value(), wishes.kind);
    QByteArray text;
    qsizetype done = 0;
    const auto copy = [&](qsizetype end) {
        const QByteArray piece = out.text.mid(done, end - done);
        text += wishes.placeholders ? shielded(piece) : piece;
    };
    for (const Found &one : found) {
        const json::Range range = tree.value().node(one.node).range;
        Found as = one;
        if (as.meaning == Meaning::Path && !wishes.relativeTo.isEmpty()) {
            as.value = relativePath(one.value, wishes.relativeTo);
            if (as.value != one.value)
                out.paths.emplace_back(one.value, as.value);
        }
        if (!wishes.placeholders) {
            out.hasSecrets =
                out.hasSecrets || as.meaning == Meaning::SecretUrl || as.meaning == Meaning::CypherKey || hasPassword(as.value);
            if (as.value == one.value)
                continue;
        }
        copy(range.begin);
        text += wishes.placeholders ? "\"{{ env \"" + variableFor(as, out.placeholders) + "\" }}\"" : edit::quotedBytes(as.value);
        done = range.end;
    }
    copy(out.text.size());
    out.text = text;
    out.isTemplate = wishes.placeholders && !out.placeholders.empty();
    // Bytes of cypher_key may stand as a list of numbers, too.
    if (!out.hasSecrets) {
        for (int i = 0; i < tree.value().size(); ++i) {
            const SyntaxTree::Node &node = tree.value().node(i);
            if (node.type == json::Type::Array && json::equalFold(view(node.name), "cypher_key"))
                out.hasSecrets = true;
        }
    }
}

QByteArray validatorPointer(const SyntaxTree &tree, const EndpointConfig &endpoint)
{
    if (!endpoint.validatorPointer.isEmpty())
        return endpoint.validatorPointer;
    const int index = tree.find(endpoint.pointer);
    const int extra = edit::member(tree, index, "extra_config");
    QByteArray pointer;
    for (const int component : childrenOf(tree, extra)) {
        const QByteArray &name = tree.node(component).name;
        if (name == "auth/validator")
            return tree.pointerOf(component);
        if (innerName(name) == innerName("auth/validator") || name == innerName("auth/validator"))
            pointer = tree.pointerOf(component);
    }
    return pointer;
}

} // namespace

std::optional<ExportKind> exportKindFromName(QByteArrayView name)
{
    for (std::size_t i = 0; i < kindNames.size(); ++i) {
        if (name == QByteArrayView(kindNames[i]))
            return ExportKind(i);
    }
    return {};
}

QByteArray name(ExportKind kind)
{
    return kindNames[std::size_t(kind)];
}

QByteArray name(Requirement::Kind kind)
{
    static constexpr std::array names{"key-file",  "public-key-file", "ca-file",  "certificate-file", "private-key-file",
                                      "key-url",   "backend-host",    "variable", "secret-keeper",    "port",
                                      "public-set"};
    return names[std::size_t(kind)];
}

QByteArray name(LocalState state)
{
    static constexpr std::array names{"", "present", "missing", "unreadable", "open"};
    return names[std::size_t(state)];
}

Result<Exported, ExportError> exported(const QByteArray &text, const ServiceConfig &service, const ExportWishes &wishes)
{
    Exported out;
    if (wishes.kind == ExportKind::Gateway) {
        out.text = text;
        adapt(out, wishes);
        return out;
    }
    if (wishes.endpoint >= service.endpoints.size())
        return fail(ExportError{ExportError::NoEndpoint, {}, {}});
    const EndpointConfig &endpoint = service.endpoints[wishes.endpoint];
    const auto tree = SyntaxTree::parse(text);
    if (!tree)
        return fail(ExportError{ExportError::NotJson, endpoint.path, {}});
    QByteArray pointer = endpoint.pointer;
    if (wishes.kind == ExportKind::Signer) {
        if (!endpoint.signer)
            return fail(ExportError{ExportError::NoSigner, endpoint.path, {}});
        pointer = endpoint.signerPointer;
    } else if (wishes.kind == ExportKind::Validator) {
        pointer = validatorPointer(tree.value(), endpoint);
        if (pointer.isEmpty()) {
            auto made = blocks::matchingValidator(endpoint, wishes.validator);
            if (!made)
                return fail(ExportError{ExportError::NoValidator, endpoint.path, made.error()});
            out.madeValidator = true;
            out.validator = std::move(made).value();
            out.text = edit::prettyLossless(out.validator.json) + '\n';
            adapt(out, wishes);
            return out;
        }
    }
    if (tree.value().find(pointer) < 0)
        return fail(ExportError{ExportError::NotInFile, pointer, {}});
    out.text = edit::excerpt(tree.value(), pointer) + '\n';
    adapt(out, wishes);
    return out;
}

std::vector<Requirement> requirements(const ServiceConfig &service, const ExportWishes &wishes, const Exported &exported)
{
    std::vector<Requirement> out;
    const auto add = [&](Requirement requirement) {
        if (requirement.subject.isEmpty())
            return;
        const auto same = std::find_if(out.begin(), out.end(), [&](const Requirement &known) {
            return known.kind == requirement.kind && known.subject == requirement.subject && known.encrypted == requirement.encrypted;
        });
        if (same == out.end()) {
            out.push_back(std::move(requirement));
            return;
        }
        for (const QByteArray &path : requirement.endpoints) {
            if (std::find(same->endpoints.begin(), same->endpoints.end(), path) == same->endpoints.end())
                same->endpoints.push_back(path);
        }
    };
    const auto file = [&](Requirement::Kind kind, const QByteArray &path, const QByteArray &pointer, const std::vector<QByteArray> &paths,
                          bool encrypted = false) {
        const QByteArray subject = wishes.relativeTo.isEmpty() || path.isEmpty() ? path : relativePath(path, wishes.relativeTo);
        const bool secret = kind == Requirement::KeyFile || kind == Requirement::PrivateKeyFile;
        add({kind, subject, pointer, paths, !subject.startsWith('/'), secret, encrypted});
    };
    for (const Placeholder &placeholder : exported.placeholders)
        add({Requirement::Variable, placeholder.name, {}, {}, false, placeholder.secret, false});

    const auto keeper = [&](const QByteArray &secretUrl, const QByteArray &pointer, const QByteArray &path) {
        const qsizetype scheme = secretUrl.indexOf("://");
        if (scheme > 0 && secretUrl.first(scheme).toLower() != "base64key")
            add({Requirement::SecretKeeper, secretUrl.first(scheme), pointer, {path}, false, false, false});
    };
    const auto ofSigner = [&](const SignerConfig &signer, const EndpointConfig &endpoint) {
        file(Requirement::KeyFile, signer.localPath, endpoint.signerPointer + "/jwk_local_path", {endpoint.path},
             !signer.secretUrl.isEmpty());
        file(Requirement::CaFile, signer.localCa, endpoint.signerPointer + "/jwk_local_ca", {endpoint.path});
        if (!signer.localPath.isEmpty())
            keeper(signer.secretUrl, endpoint.signerPointer + "/secret_url", endpoint.path);
        else
            add({Requirement::KeyUrl, signer.jwkUrl, endpoint.signerPointer + "/jwk_url", {endpoint.path}, false, false, false});
    };
    const auto ofValidator = [&](const ValidatorConfig &validator, const EndpointConfig &endpoint) {
        const bool symmetric = validator.alg.startsWith("HS");
        file(symmetric ? Requirement::KeyFile : Requirement::PublicKeyFile, validator.localPath,
             endpoint.validatorPointer + "/jwk_local_path", {endpoint.path}, !validator.secretUrl.isEmpty());
        file(Requirement::CaFile, validator.localCa, endpoint.validatorPointer + "/jwk_local_ca", {endpoint.path});
        if (!validator.localPath.isEmpty())
            keeper(validator.secretUrl, endpoint.validatorPointer + "/secret_url", endpoint.path);
        else
            add({Requirement::KeyUrl, validator.jwkUrl, endpoint.validatorPointer + "/jwk_url", {endpoint.path}, false, false, false});
    };
    const bool whole = wishes.kind == ExportKind::Gateway;
    const auto concerns = [&](std::size_t index) { return whole || index == wishes.endpoint; };
    for (std::size_t i = 0; i < service.endpoints.size(); ++i) {
        const EndpointConfig &endpoint = service.endpoints[i];
        if (!concerns(i))
            continue;
        const auto *signer = endpoint.signer ? std::get_if<SignerConfig>(&*endpoint.signer) : nullptr;
        if (signer && wishes.kind != ExportKind::Validator)
            ofSigner(*signer, endpoint);
        const auto *validator = endpoint.validator ? std::get_if<ValidatorConfig>(&*endpoint.validator) : nullptr;
        if (validator && wishes.kind != ExportKind::Signer)
            ofValidator(*validator, endpoint);
        if (wishes.kind == ExportKind::Validator && exported.madeValidator) {
            if (exported.validator.proposed)
                add({Requirement::PublicSet, exported.validator.publicSet, {}, {endpoint.path}, false, false, false});
            else if (exported.validator.publicSet.isEmpty() && signer)
                ofSigner(*signer, endpoint);
            else if (exported.validator.publicSet.contains("://"))
                add({Requirement::KeyUrl, exported.validator.publicSet, {}, {endpoint.path}, false, false, false});
            else
                file(Requirement::PublicKeyFile, exported.validator.publicSet, {}, {endpoint.path});
        }
    }
    if (whole) {
        for (const QByteArray &path : service.clientTls.caCerts)
            file(Requirement::CaFile, path, "/client_tls/ca_certs", {});
        for (const auto &[certificate, key] : service.clientTls.clientCerts) {
            file(Requirement::CertificateFile, certificate, "/client_tls/client_certs", {});
            file(Requirement::PrivateKeyFile, key, "/client_tls/client_certs", {});
        }
        for (const auto &[certificate, key] : service.serverTls.value_or(std::vector<std::pair<QByteArray, QByteArray>>())) {
            file(Requirement::CertificateFile, certificate, "/tls", {});
            file(Requirement::PrivateKeyFile, key, "/tls", {});
        }
    }
    if (wishes.kind == ExportKind::Gateway || wishes.kind == ExportKind::Endpoint) {
        for (std::size_t i = 0; i < service.endpoints.size(); ++i) {
            if (!concerns(i))
                continue;
            for (const BackendConfig &backend : service.endpoints[i].backends) {
                for (const QByteArray &host : backend.hosts)
                    add({Requirement::BackendHost, host, backend.pointer + "/host", {service.endpoints[i].path}, false, false, false});
            }
        }
    }
    if (whole)
        add({Requirement::Port, QByteArray::number(service.port), "/port", {}, false, false, false});
    const auto rank = [](Requirement::Kind kind) {
        switch (kind) {
        case Requirement::Variable:
            return 0;
        case Requirement::KeyUrl:
        case Requirement::SecretKeeper:
        case Requirement::PublicSet:
            return 2;
        case Requirement::BackendHost:
            return 3;
        case Requirement::Port:
            return 4;
        default:
            return 1;
        }
    };
    std::stable_sort(out.begin(), out.end(), [&](const Requirement &a, const Requirement &b) { return rank(a.kind) < rank(b.kind); });
    return out;
}

} // namespace tokenlab::gateway
