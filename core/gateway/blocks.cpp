#include "core/gateway/blocks.h"

#include "core/gateway/routes.h"
#include "core/jose/jws.h"
#include "core/json/writer.h"

#include <algorithm>

namespace tokenlab::gateway::blocks {

namespace {

// Members in the order in which people write them.
class ObjectText
{
public:
    void add(const QByteArray &name, const QByteArray &json)
    {
        m_text += (m_text.isEmpty() ? "" : ",") + edit::quotedBytes(name) + ':' + json;
    }
    void addText(const QByteArray &name, const QByteArray &text) { add(name, edit::quotedBytes(text)); }
    void addTexts(const QByteArray &name, const std::vector<QByteArray> &texts)
    {
        QByteArrayList quoted;
        for (const QByteArray &text : texts)
            quoted += edit::quotedBytes(text);
        add(name, '[' + quoted.join(',') + ']');
    }
    [[nodiscard]] QByteArray text() const { return '{' + m_text + '}'; }

private:
    QByteArray m_text;
};

// `…/keys/private.json` becomes `…/keys/public.json`, any other name `public-NAME`; what follows a `?` belongs to the name.
QByteArray publicNameBeside(const QByteArray &place)
{
    const qsizetype query = place.startsWith("http") ? place.indexOf('?') : -1;
    const QByteArray path = query < 0 ? place : place.first(query);
    const qsizetype host = path.indexOf("://");
    const qsizetype slash = path.lastIndexOf('/');
    const bool hasPath = slash >= 0 && (host < 0 || slash > host + 2);
    if (!hasPath && host >= 0)
        return path + "/public.json";
    QByteArray name = path.sliced(slash + 1);
    if (name.contains("private"))
        name.replace("private", "public");
    else
        name = name.isEmpty() ? "public.json" : "public-" + name;
    return path.first(slash + 1) + name;
}

bool isTextList(json::Value value)
{
    const auto elements = value.elements();
    return value.isArray() && !elements.empty() &&
           std::all_of(elements.begin(), elements.end(), [](json::Value v) { return v.isString(); });
}

std::vector<QByteArray> texts(json::Value value)
{
    std::vector<QByteArray> out;
    if (value.isString())
        return {value.bytes()};
    for (const json::Value element : value.elements())
        out.push_back(element.bytes());
    return out;
}

// The claims that become the access token: the first signed object.
json::Value claimsOf(const SignerConfig &signer, json::Value payload)
{
    for (const QByteArray &name : signer.keysToSign) {
        const json::Value found = payload.find({name.constData(), std::size_t(name.size())});
        if (found.isObject())
            return found;
    }
    return {};
}

const SignerConfig *signerOf(const EndpointConfig &endpoint)
{
    return endpoint.signer ? std::get_if<SignerConfig>(&*endpoint.signer) : nullptr;
}

// Of one and the same path no two; parameters of other routes do not matter for a fixed text at the top.
QByteArray freePath(const ServiceConfig &service, const QByteArray &wanted, const QByteArray &method)
{
    for (int i = 1;; ++i) {
        QByteArray path = i == 1 ? wanted : wanted + '-' + QByteArray::number(i);
        const bool taken = std::any_of(service.endpoints.begin(), service.endpoints.end(), [&](const EndpointConfig &endpoint) {
            return endpoint.method == method && registeredRoute(endpoint.route) == path;
        });
        if (!taken)
            return path;
    }
}

QByteArray backendOf(const EndpointConfig &signing, const QByteArray &pattern)
{
    ObjectText backend;
    if (!signing.backends.empty() && !signing.backends.front().hosts.empty())
        backend.addTexts("host", signing.backends.front().hosts);
    backend.addText("url_pattern", pattern);
    return '[' + backend.text() + ']';
}

QByteArray signerText(const SignerConfig &signer)
{
    ObjectText out;
    out.addText("alg", signer.alg);
    out.addText("kid", signer.kid);
    if (!signer.typ.isEmpty())
        out.addText("typ", signer.typ);
    out.addTexts("keys_to_sign", signer.keysToSign);
    if (!signer.jwkUrl.isEmpty())
        out.addText("jwk_url", signer.jwkUrl);
    if (!signer.localPath.isEmpty())
        out.addText("jwk_local_path", signer.localPath);
    if (signer.full)
        out.add("full", "true");
    if (signer.disableJwkSecurity)
        out.add("disable_jwk_security", "true");
    if (!signer.fingerprints.empty())
        out.addTexts("jwk_fingerprints", signer.fingerprints);
    if (!signer.cipherSuites.empty()) {
        QByteArrayList numbers;
        for (const quint16 suite : signer.cipherSuites)
            numbers += QByteArray::number(suite);
        out.add("cipher_suites", '[' + numbers.join(',') + ']');
    }
    if (!signer.localCa.isEmpty())
        out.addText("jwk_local_ca", signer.localCa);
    if (!signer.secretUrl.isEmpty())
        out.addText("secret_url", signer.secretUrl);
    if (!signer.cypherKey.isEmpty())
        out.addText("cypher_key", signer.cypherKey.toBase64());
    return out.text();
}

QByteArray withMember(QByteArray object, const QByteArray &name, const QByteArray &json)
{
    object.chop(1);
    return object + (object.size() > 1 ? "," : "") + edit::quotedBytes(name) + ':' + json + '}';
}

} // namespace

Result<ValidatorBlock, BlockError> matchingValidator(const SignerConfig &signer, const Wishes &wishes)
{
    const auto algorithm = jose::algorithmFromName(signer.alg);
    if (!algorithm)
        return fail(BlockError{BlockError::UnknownAlgorithm, signer.alg});
    if (signer.localPath.isEmpty() && signer.jwkUrl.isEmpty())
        return fail(BlockError{BlockError::NoKeySource, {}});
    ValidatorBlock block;
    const bool symmetric = jose::keyTypeOf(*algorithm) == jose::KeyType::Oct;
    // A secret checks as it signs; of the others a validator takes public keys alone.
    QByteArray url, path;
    if (symmetric) {
        path = signer.localPath;
        url = path.isEmpty() ? signer.jwkUrl : QByteArray();
    } else {
        path = wishes.publicPath;
        url = path.isEmpty() ? wishes.publicUrl : QByteArray();
        block.proposed = path.isEmpty() && url.isEmpty();
        if (block.proposed && !signer.localPath.isEmpty())
            path = publicNameBeside(signer.localPath);
        else if (block.proposed)
            url = publicNameBeside(signer.jwkUrl);
        block.publicSet = path.isEmpty() ? url : path;
    }

    ObjectText out;
    out.addText("alg", signer.alg);
    if (!path.isEmpty()) {
        out.addText("jwk_local_path", path);
        // The gateway asks for an https URL or for this, although nothing is fetched.
        out.add("disable_jwk_security", "true");
        if (symmetric && !signer.secretUrl.isEmpty())
            out.addText("secret_url", signer.secretUrl);
        if (symmetric && !signer.cypherKey.isEmpty())
            out.addText("cypher_key", signer.cypherKey.toBase64());
    } else {
        out.addText("jwk_url", url);
        if (signer.disableJwkSecurity || !url.startsWith("https://"))
            out.add("disable_jwk_security", "true");
        if (!signer.fingerprints.empty())
            out.addTexts("jwk_fingerprints", signer.fingerprints);
        if (!signer.localCa.isEmpty())
            out.addText("jwk_local_ca", signer.localCa);
        if (!signer.cipherSuites.empty()) {
            QByteArrayList numbers;
            for (const quint16 suite : signer.cipherSuites)
                numbers += QByteArray::number(suite);
            out.add("cipher_suites", '[' + numbers.join(',') + ']');
        }
        // Else the set is fetched twice for every request.
        out.add("cache", "true");
    }
    out.addText("key_identify_strategy", "kid"); // the signer writes no x5t

    if (const json::Value claims = claimsOf(signer, wishes.payload); claims.exists()) {
        if (const json::Value issuer = claims.find("iss"); issuer.isString() && !issuer.text().empty()) {
            out.addText("issuer", issuer.bytes());
            block.fromPayload.push_back("issuer");
        }
        if (const json::Value audience = claims.find("aud"); (audience.isString() && !audience.text().empty()) || isTextList(audience)) {
            out.addTexts("audience", texts(audience));
            block.fromPayload.push_back("audience");
        }
        if (const json::Value roles = claims.find("roles"); isTextList(roles)) {
            out.addText("roles_key", "roles");
            block.fromPayload.push_back("roles_key");
            if (wishes.withRoles) {
                out.addTexts("roles", texts(roles));
                block.fromPayload.push_back("roles");
            }
        }
    }
    block.json = out.text();
    return block;
}

Result<ValidatorBlock, BlockError> matchingValidator(const EndpointConfig &endpoint, const Wishes &wishes)
{
    if (!endpoint.signer)
        return fail(BlockError{BlockError::NoSigner, endpoint.path});
    const SignerConfig *signer = signerOf(endpoint);
    return signer ? matchingValidator(*signer, wishes) : fail(BlockError{BlockError::SignerUnreadable, endpoint.path});
}

Result<EndpointBlock, BlockError> protectedEndpoint(const ServiceConfig &service, const EndpointConfig &signing, const Wishes &wishes)
{
    auto validator = matchingValidator(signing, wishes);
    if (!validator)
        return fail(validator.error());
    EndpointBlock block;
    block.validator = std::move(validator).value();
    block.path = freePath(service, "/private", "GET");
    ObjectText out;
    out.addText("endpoint", block.path);
    out.addText("method", "GET");
    // The backend sees the caller's token only when it is passed on.
    out.addTexts("input_headers", {"Authorization"});
    out.add("backend", backendOf(signing, block.path));
    out.add("extra_config", "{\"auth/validator\":" + block.validator.json + '}');
    block.json = out.text();
    return block;
}

Result<EndpointBlock, BlockError> refreshEndpoint(const ServiceConfig &service, const EndpointConfig &signing, const Wishes &wishes)
{
    // Refresh tokens carry no roles.
    Wishes plain = wishes;
    plain.withRoles = false;
    auto validator = matchingValidator(signing, plain);
    if (!validator)
        return fail(validator.error());
    EndpointBlock block;
    block.validator = std::move(validator).value();
    // Whose token it is goes to the backend, which need not take tokens apart.
    block.validator.json = withMember(block.validator.json, "propagate_claims", "[[\"sub\",\"X-User\"]]");
    block.path = freePath(service, "/refresh", "POST");
    ObjectText out;
    out.addText("endpoint", block.path);
    out.addText("method", "POST");
    out.addTexts("input_headers", {"Authorization", "Content-Type", "X-User"});
    out.add("backend", backendOf(signing, "/refresh"));
    out.add("extra_config", "{\"auth/validator\":" + block.validator.json + ",\"auth/signer\":" + signerText(*signerOf(signing)) + '}');
    block.json = out.text();
    return block;
}

edit::Edit addValidator(const json::SyntaxTree &tree, QByteArrayView endpoint, const ValidatorBlock &block)
{
    const int index = tree.find(endpoint);
    if (index < 0 || tree.node(index).type != json::Type::Object)
        return {};
    // A legacy name beside it would be overruled; where it stands, it is the one to replace.
    const QByteArray legacy = endpoint.toByteArray() + "/extra_config/github.com~1devopsfaith~1krakend-jose~1validator";
    const QByteArray current = endpoint.toByteArray() + "/extra_config/auth~1validator";
    const bool useLegacy = tree.find(legacy) >= 0 && tree.find(current) < 0;
    const auto splice = edit::setAt(tree, useLegacy ? legacy : current, block.json);
    return splice ? edit::Edit{*splice} : edit::Edit{};
}

edit::Edit addEndpoints(const json::SyntaxTree &tree, const std::vector<EndpointBlock> &blocks)
{
    // One after the other, each over the text that the last one left; what came of it is one step.
    QByteArray text = tree.source();
    for (const EndpointBlock &block : blocks) {
        const auto now = json::SyntaxTree::parse(text);
        if (!now)
            return {};
        const auto splice = edit::addEndpoint(now.value(), block.json);
        if (!splice)
            return {};
        text = json::apply(text, *splice);
    }
    const edit::Edit whole{{{0, tree.source().size()}, text}};
    const auto splice = edit::joined(tree.source(), whole);
    return splice ? edit::Edit{*splice} : edit::Edit{};
}

} // namespace tokenlab::gateway::blocks
