#include "core/jose/parsedjws.h"

#include "core/crypto/certificatekey.h"
#include "core/jose/base64.h"
#include "core/jose/jwk_p.h"
#include "core/jose/jws.h"
#include "core/json/forkvalue.h"
#include "core/json/parse.h"
#include "core/json/syntaxtree.h"
#include "core/support/url.h"

#include <set>

namespace tokenlab::jose {

namespace {

using RawHeader = ParsedJws::RawHeader;
using json::SyntaxTree;
using json::Type;

constexpr const char *cryptoFailure = "go-jose/go-jose: error in cryptographic primitive";

// The fork has no limit of depth of its own; names that stand twice are looked for while decoding, in its order.
constexpr json::Policy forkSyntax()
{
    json::Policy policy = json::Policy::standard();
    policy.maxDepth = 0;
    return policy;
}

Result<SyntaxTree, QByteArray> parseTree(const QByteArray &text)
{
    auto tree = SyntaxTree::parse(text, forkSyntax());
    if (!tree)
        return fail(json::gatewayText(tree.error()));
    return std::move(*tree);
}

QByteArray rawOf(const SyntaxTree &tree, int node)
{
    const json::Range range = tree.node(node).range;
    return tree.source().mid(range.begin, range.length());
}

QByteArray typeError(Type type, const char *goType)
{
    return "json: cannot unmarshal " + json::kindName(type) + " into Go value of type " + goType;
}

// Decoding goes on after a value of a wrong type, and its error loses against what ends the decoding at once; but a number never fits
// silently.
struct Errors {
    QByteArray remembered;

    [[nodiscard]] Result<void, QByteArray> wrong(Type type, const char *goType)
    {
        const QByteArray text = typeError(type, goType);
        if (type == Type::Number)
            return fail(text);
        if (remembered.isEmpty())
            remembered = text;
        return {};
    }
};

Result<QByteArray, QByteArray> readString(const QByteArray &raw)
{
    const auto document = json::parse(raw, forkSyntax());
    if (!document)
        return fail(json::gatewayText(document.error()));
    const json::Value value = document->root();
    if (value.isNull())
        return QByteArray();
    if (!value.isString())
        return fail(typeError(value.type(), "string"));
    return value.bytes();
}

Result<std::vector<QByteArray>, QByteArray> readStrings(const QByteArray &raw)
{
    const auto document = json::parse(raw, forkSyntax());
    if (!document)
        return fail(json::gatewayText(document.error()));
    std::vector<QByteArray> out;
    if (document->root().isNull())
        return out;
    if (!document->root().isArray())
        return fail(typeError(document->root().type(), "[]string"));
    Errors errors;
    for (const json::Value element : document->root().elements()) {
        out.push_back(element.isString() ? element.bytes() : QByteArray());
        if (element.isString() || element.isNull())
            continue;
        if (auto wrong = errors.wrong(element.type(), "string"); !wrong)
            return fail(wrong.error());
    }
    if (!errors.remembered.isEmpty())
        return fail(errors.remembered);
    return out;
}

Result<QByteArray, QByteArray> decodePart(QByteArrayView text)
{
    while (text.endsWith('='))
        text.chop(1);
    auto bytes = decodeBase64RawUrl(text);
    if (!bytes)
        return fail(gatewayText(bytes.error()));
    return std::move(*bytes);
}

// A map of names to raw values. A null leaves it empty.
Result<RawHeader, QByteArray> readRawHeader(const SyntaxTree &tree, int node, Errors &errors)
{
    RawHeader header;
    const SyntaxTree::Node &root = tree.node(node);
    if (root.type == Type::Null)
        return header;
    if (root.type != Type::Object) {
        if (auto wrong = errors.wrong(root.type, "jose.rawHeader"); !wrong)
            return fail(wrong.error());
        return header;
    }
    for (const int child : root.children) {
        const SyntaxTree::Node &member = tree.node(child);
        const auto [at, isNew] = header.try_emplace(member.name, member.type == Type::Null ? QByteArray() : rawOf(tree, child));
        if (!isNew)
            return fail(json::duplicateText(member.name));
    }
    return header;
}

Result<RawHeader, QByteArray> readProtected(const QByteArray &text)
{
    const auto tree = parseTree(text);
    if (!tree)
        return fail(tree.error());
    Errors errors;
    auto header = readRawHeader(*tree, 0, errors);
    if (header && !errors.remembered.isEmpty())
        return fail(errors.remembered);
    return header;
}

// Present, and no empty text.
bool isSet(const RawHeader &header, const QByteArray &name)
{
    const auto found = header.find(name);
    return found != header.end() && !found->second.isEmpty() && found->second != "\"\"";
}

void merge(RawHeader &into, const RawHeader &from)
{
    for (const auto &[name, raw] : from)
        if (!isSet(into, name))
            into[name] = raw;
}

QByteArray textMember(const RawHeader &header, const QByteArray &name)
{
    const auto found = header.find(name);
    if (found == header.end() || found->second.isEmpty())
        return {};
    const auto text = readString(found->second);
    return text ? *text : QByteArray();
}

// Empty: nothing to object to.
QByteArray memberError(const QByteArray &name, const QByteArray &raw)
{
    const auto failed = [&raw](const char *what, const QByteArray &text) {
        return QByteArray("failed to unmarshal ") + what + ": " + text + ": " + quoted(raw);
    };
    const auto text = [&](const char *what) {
        const auto read = readString(raw);
        return read ? QByteArray() : failed(what, read.error());
    };
    if (name == "kid")
        return text("key ID");
    if (name == "alg")
        return text("algorithm");
    if (name == "nonce")
        return text("nonce");
    if (name == "jwk") {
        const auto key = parseKey(raw);
        return key ? QByteArray() : failed("JWK", key.error().text);
    }
    if (name == "x5c") {
        const auto chain = readStrings(raw);
        if (!chain)
            return failed("x5c header", chain.error());
        for (const QByteArray &certificate : *chain) {
            const auto der = decodeBase64(certificate);
            if (!der)
                return failed("x5c header", gatewayText(der.error()));
            if (const auto read = crypto::readCertificateKey(*der); !read)
                return failed("x5c header", read.error().what);
        }
        return {};
    }
    const auto tree = parseTree(raw);
    const QByteArray error = tree ? json::forkValueError(*tree, 0) : tree.error();
    return error.isEmpty() ? QByteArray() : failed("value", error);
}

Result<void, JwsError> checkMembers(const RawHeader &header)
{
    JwsError error;
    for (const auto &[name, raw] : header) {
        if (raw.isEmpty())
            continue;
        const QByteArray text = memberError(name, raw);
        if (text.isEmpty())
            continue;
        error.anyOfThese = !error.text.isEmpty();
        if (error.text.isEmpty())
            error.text = text;
    }
    if (!error.text.isEmpty())
        return fail(error);
    return {};
}

bool isUsablePublic(const QByteArray &jwk)
{
    const auto key = parseKey(jwk);
    return key && !key->isPrivate() && !(key->type() == KeyType::Rsa && withoutLeadingZeros(key->d()->rsa.e).isEmpty());
}

QByteArray withoutSpace(QByteArrayView token)
{
    const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    QByteArray out;
    if (std::all_of(token.begin(), token.end(), ascii)) {
        out.reserve(token.size());
        for (const char c : token)
            if (c != ' ' && !(c >= '\t' && c <= '\r'))
                out += c;
        return out;
    }
    QString text = QString::fromUtf8(token);
    text.removeIf([](QChar c) {
        const char16_t u = c.unicode();
        return u == ' ' || (u >= '\t' && u <= '\r') || u == 0x85 || u == 0xA0 || u == 0x1680 || (u >= 0x2000 && u <= 0x200A) ||
               u == 0x2028 || u == 0x2029 || u == 0x202F || u == 0x205F || u == 0x3000;
    });
    return text.toUtf8();
}

// What one signature is made of before anything is checked.
struct SignatureParts {
    std::optional<QByteArray> protectedBytes, signature;
    std::optional<RawHeader> header; // unprotected
};
struct Parts {
    std::optional<QByteArray> payload;
    SignatureParts own;                     // of the flattened form
    std::vector<SignatureParts> signatures; // of the general form
};

class FullFormReader
{
public:
    explicit FullFormReader(const SyntaxTree &tree) : m_tree(tree) {}

    Result<Parts, QByteArray> read()
    {
        Parts parts;
        if (auto done = readObject(0, parts.own, &parts); !done)
            return fail(done.error());
        if (!m_errors.remembered.isEmpty())
            return fail(m_errors.remembered);
        return parts;
    }

private:
    Result<void, QByteArray> readObject(int node, SignatureParts &into, Parts *whole)
    {
        std::set<QByteArray> names;
        for (const int child : m_tree.node(node).children) {
            const QByteArray &name = m_tree.node(child).name;
            if (!names.insert(name).second)
                return fail(json::duplicateText(name));
            Result<void, QByteArray> done;
            if (name == "protected")
                done = readBytes(child, into.protectedBytes);
            else if (name == "signature")
                done = readBytes(child, into.signature);
            else if (name == "header")
                done = readHeader(child, into.header);
            else if (whole && name == "payload")
                done = readBytes(child, whole->payload);
            else if (whole && name == "signatures")
                done = readSignatures(child, *whole);
            if (!done)
                return done;
        }
        return {};
    }

    Result<void, QByteArray> readBytes(int node, std::optional<QByteArray> &into)
    {
        if (m_tree.node(node).type == Type::Null)
            return {};
        const auto text = readString(rawOf(m_tree, node));
        if (!text)
            return fail(text.error());
        auto bytes = decodePart(*text);
        if (!bytes)
            return fail(bytes.error());
        into = std::move(*bytes);
        return {};
    }

    Result<void, QByteArray> readHeader(int node, std::optional<RawHeader> &into)
    {
        if (m_tree.node(node).type == Type::Null)
            return {};
        auto header = readRawHeader(m_tree, node, m_errors);
        if (!header)
            return fail(header.error());
        into = std::move(*header);
        return {};
    }

    Result<void, QByteArray> readSignatures(int node, Parts &into)
    {
        const SyntaxTree::Node &list = m_tree.node(node);
        if (list.type == Type::Null)
            return {};
        if (list.type != Type::Array)
            return m_errors.wrong(list.type, "[]jose.rawSignatureInfo");
        for (const int child : list.children) {
            SignatureParts &one = into.signatures.emplace_back();
            const Type type = m_tree.node(child).type;
            const Result<void, QByteArray> done = type == Type::Object ? readObject(child, one, nullptr)
                                                  : type == Type::Null ? Result<void, QByteArray>()
                                                                       : m_errors.wrong(type, "jose.rawSignatureInfo");
            if (!done)
                return done;
        }
        return {};
    }

    const SyntaxTree &m_tree;
    Errors m_errors;
};

Result<Parts, QByteArray> readCompact(QByteArrayView token)
{
    if (token.count('.') != 2)
        return fail(QByteArray("go-jose/go-jose: compact JWS format must have three parts"));
    const qsizetype first = token.indexOf('.');
    const qsizetype second = token.indexOf('.', first + 1);
    Parts parts;
    const struct {
        QByteArrayView text;
        std::optional<QByteArray> &into;
    } three[] = {{token.first(first), parts.own.protectedBytes},
                 {token.sliced(first + 1, second - first - 1), parts.payload},
                 {token.sliced(second + 1), parts.own.signature}};
    for (const auto &part : three) {
        auto bytes = decodePart(part.text);
        if (!bytes)
            return fail(bytes.error());
        part.into = std::move(*bytes);
    }
    return parts;
}

} // namespace

// Turns parts into a token, checking one signature after the other.
class JwsReader
{
public:
    static Result<ParsedJws, JwsError> assemble(Parts &&parts)
    {
        if (!parts.payload)
            return fail(JwsError{"go-jose/go-jose: missing payload in JWS message"});
        ParsedJws jws;
        jws.m_payload = std::move(*parts.payload);
        const bool flattened = parts.signatures.empty();
        if (flattened)
            parts.signatures.push_back(std::move(parts.own));
        jws.m_signatures = parts.signatures.size();
        for (std::size_t i = 0; i < parts.signatures.size(); ++i)
            if (auto added = add(jws, parts.signatures[i], i == 0, flattened); !added)
                return fail(added.error());
        return jws;
    }

private:
    static Result<void, JwsError> add(ParsedJws &jws, SignatureParts &one, bool isFirst, bool flattened)
    {
        RawHeader shielded;
        if (one.protectedBytes && !one.protectedBytes->isEmpty()) {
            auto header = readProtected(*one.protectedBytes);
            if (!header)
                return fail(JwsError{header.error()});
            shielded = std::move(*header);
        }
        if (one.header && !textMember(*one.header, "nonce").isEmpty())
            return fail(JwsError{"go-jose/go-jose: Nonce parameter included in unprotected header"});
        RawHeader merged;
        merge(merged, shielded);
        // Among several signatures the unprotected header is not looked at until the signature is verified.
        RawHeader seen = merged;
        if (one.header) {
            merge(merged, *one.header);
            if (flattened)
                seen = merged;
        }
        const RawHeader *const unprotectedSeen = flattened && one.header ? &*one.header : nullptr;
        for (const RawHeader *header : std::initializer_list<const RawHeader *>{&seen, unprotectedSeen, &shielded})
            if (header)
                if (auto checked = checkMembers(*header); !checked)
                    return checked;
        if (const auto jwk = seen.find("jwk"); jwk != seen.end() && !jwk->second.isEmpty() && !isUsablePublic(jwk->second))
            return fail(JwsError{"go-jose/go-jose: invalid embedded jwk, must be public key"});
        if (!isFirst)
            return {};
        jws.m_alg = textMember(seen, "alg");
        jws.m_kid = textMember(seen, "kid");
        const auto optionalText = [&seen](const QByteArray &name) -> std::optional<QByteArray> {
            const auto found = seen.find(name);
            if (found == seen.end() || !found->second.startsWith('"'))
                return std::nullopt;
            return textMember(seen, name);
        };
        jws.m_x5t = optionalText("x5t");
        jws.m_x5tS256 = optionalText("x5t#S256");
        jws.m_merged = std::move(merged);
        jws.m_protectedBytes = std::move(one.protectedBytes);
        jws.m_signature = one.signature.value_or(QByteArray());
        return {};
    }
};

Result<ParsedJws, JwsError> ParsedJws::parse(QByteArrayView token)
{
    const QByteArray text = withoutSpace(token);
    if (!text.startsWith('{')) {
        auto parts = readCompact(text);
        return parts ? JwsReader::assemble(std::move(*parts)) : fail(JwsError{parts.error()});
    }
    const auto tree = parseTree(text);
    if (!tree)
        return fail(JwsError{tree.error()});
    auto parts = FullFormReader(*tree).read();
    return parts ? JwsReader::assemble(std::move(*parts)) : fail(JwsError{parts.error()});
}

Result<void, JwsError> ParsedJws::verify(const Key &key) const
{
    if (key.isPrivate() && key.type() != KeyType::Oct) {
        JwsError error{"go-jose/go-jose: unsupported key type/format"};
        error.unsupportedKey = true;
        return fail(error);
    }
    if (m_signatures > 1)
        return fail(JwsError{"go-jose/go-jose: too many signatures in payload; expecting only one"});
    JwsError failure{cryptoFailure};
    if (const auto crit = m_merged.find("crit"); crit != m_merged.end() && !crit->second.isEmpty()) {
        failure.critical = true;
        const auto names = readStrings(crit->second);
        if (!names) {
            failure.text = names.error();
            return fail(failure);
        }
        for (const QByteArray &name : *names)
            if (name != "b64")
                return fail(failure);
        failure.critical = false;
    }
    bool base64 = true;
    QByteArray input;
    if (m_protectedBytes) {
        const auto header = readProtected(*m_protectedBytes);
        if (!header)
            return fail(failure);
        if (const auto b64 = header->find("b64"); b64 != header->end())
            base64 = b64->second != "false";
        input = encodeBase64RawUrl(*m_protectedBytes);
    }
    input += '.';
    input += base64 ? encodeBase64RawUrl(m_payload) : m_payload;
    const auto algorithm = algorithmFromName(textMember(m_merged, "alg"));
    if (!algorithm || !verifySignature(key, *algorithm, input, m_signature))
        return fail(failure);
    return {};
}

} // namespace tokenlab::jose
