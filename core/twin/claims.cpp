#include "core/twin/claims.h"

#include "core/gateway/goparse.h"
#include "core/json/forkvalue.h"
#include "core/json/parse.h"
#include "core/json/writer.h"

#include <QList>

#include <charconv>
#include <cmath>
#include <set>

namespace tokenlab::twin {
namespace {

using json::SyntaxTree;
using json::Type;

constexpr const char *noDate = "go-jose/go-jose/jwt: expected number value to unmarshal NumericDate";
constexpr const char *noAudience = "go-jose/go-jose/jwt: expected string or array value to unmarshal to Audience";

constexpr json::Policy forkSyntax()
{
    json::Policy policy = json::Policy::standard();
    policy.maxDepth = 0;
    return policy;
}

QByteArray typeError(Type type, const char *goType)
{
    return "json: cannot unmarshal " + json::kindName(type) + " into Go value of type " + goType;
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

class ClaimReader
{
public:
    explicit ClaimReader(const SyntaxTree &tree) : m_tree(tree) {}

    Result<RegisteredClaims, ClaimFault> read()
    {
        const SyntaxTree::Node &root = m_tree.root();
        if (root.type == Type::Null)
            return m_claims;
        if (root.type != Type::Object)
            return fail(ClaimFault{typeError(root.type, "jwt.Claims"), {}});
        std::set<QByteArray> names;
        for (const int child : root.children) {
            const QByteArray &name = m_tree.node(child).name;
            if (!names.insert(name).second)
                return fail(ClaimFault{json::duplicateText(name), name});
            if (auto done = readMember(name, child); !done)
                return fail(done.error());
        }
        if (m_remembered)
            return fail(*m_remembered);
        return m_claims;
    }

private:
    Result<void, ClaimFault> readMember(const QByteArray &name, int node)
    {
        if (name == "iss")
            return readString(name, node, &m_claims.issuer);
        if (name == "sub" || name == "jti")
            return readString(name, node, nullptr);
        if (name == "aud")
            return readAudience(node);
        if (name == "exp")
            return readDate(name, node, m_claims.expiry);
        if (name == "nbf")
            return readDate(name, node, m_claims.notBefore);
        if (name == "iat")
            return readDate(name, node, m_claims.issuedAt);
        return {};
    }

    // The first wrong type is remembered; a number where a text belongs ends the reading at once.
    Result<void, ClaimFault> readString(const QByteArray &name, int node, QByteArray *into)
    {
        const Type type = m_tree.node(node).type;
        if (type == Type::Null)
            return {};
        if (type == Type::String) {
            if (into)
                *into = value(node).root().bytes();
            return {};
        }
        const ClaimFault fault{typeError(type, "string"), name};
        if (type == Type::Number)
            return fail(fault);
        if (!m_remembered)
            m_remembered = fault;
        return {};
    }

    Result<void, ClaimFault> readAudience(int node)
    {
        if (const QByteArray error = json::forkValueError(m_tree, node); !error.isEmpty())
            return fail(ClaimFault{error, "aud"});
        const json::Document document = value(node);
        const json::Value audience = document.root();
        if (audience.isString()) {
            m_claims.audience = {audience.bytes()};
            return {};
        }
        if (!audience.isArray())
            return fail(ClaimFault{noAudience, "aud"});
        for (const json::Value element : audience.elements()) {
            if (!element.isString())
                return fail(ClaimFault{noAudience, "aud"});
            m_claims.audience.push_back(element.bytes());
        }
        return {};
    }

    Result<void, ClaimFault> readDate(const QByteArray &name, int node, std::optional<qint64> &into)
    {
        const Type type = m_tree.node(node).type;
        if (type == Type::Null)
            return {};
        const double number = type == Type::Number ? value(node).root().toDouble() : std::numeric_limits<double>::infinity();
        if (std::isinf(number))
            return fail(ClaimFault{noDate, name});
        into = gateway::truncate(number);
        return {};
    }

    [[nodiscard]] json::Document value(int node) const
    {
        const json::Range range = m_tree.node(node).range;
        const auto document = json::parse(m_tree.source().mid(range.begin, range.length()), forkSyntax());
        return document ? *document : json::Document();
    }

    const SyntaxTree &m_tree;
    RegisteredClaims m_claims;
    std::optional<ClaimFault> m_remembered;
};

// fmt's %v of a float64: shortest digits, an exponent below 1e-4 and from 1e6.
QByteArray formatV(double number)
{
    if (number == 0)
        return std::signbit(number) ? "-0" : "0";
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::scientific).ptr;
    const QByteArray scientific(digits, qsizetype(end - digits));
    const int exponent = scientific.mid(scientific.indexOf('e') + 1).toInt();
    if (exponent >= -4 && exponent < 6)
        return gateway::formatPlain(number);
    return scientific;
}

// What Get makes of a single number.
QByteArray numberText(double number)
{
    if (std::abs(number - std::round(number)) <= 1e-6)
        return QByteArray::number(gateway::truncate(std::round(number)));
    return QByteArray::number(number, 'f', 6);
}

// fmt's %v of a decoded value.
QByteArray formatElement(json::Value value, int depth = 0)
{
    if (depth > 200)
        return {};
    QByteArray out;
    switch (value.type()) {
    case Type::Null:
        return "<nil>";
    case Type::Bool:
        return value.asBool() ? "true" : "false";
    case Type::Number:
        return formatV(value.toDouble());
    case Type::String:
        return value.bytes();
    case Type::Array:
        for (const json::Value element : value.elements())
            out += (out.isEmpty() ? "[" : " ") + formatElement(element, depth + 1);
        return out.isEmpty() ? QByteArray("[]") : out + ']';
    case Type::Object:
        for (const json::Member &member : value.members()) {
            out += out.isEmpty() ? "map[" : " ";
            out += QByteArray(member.name.data(), qsizetype(member.name.size())) + ':' + formatElement(member.value, depth + 1);
        }
        return out.isEmpty() ? QByteArray("map[]") : out + ']';
    }
    return out;
}

QByteArray marshalled(json::Value value)
{
    const QByteArray text = json::write(value);
    return gateway::withFloatNumbers(viewOf(text));
}

} // namespace

Result<RegisteredClaims, ClaimFault> readRegisteredClaims(const QByteArray &payload)
{
    const auto tree = SyntaxTree::parse(payload, forkSyntax());
    if (!tree)
        return fail(ClaimFault{json::gatewayText(tree.error()), {}});
    return ClaimReader(*tree).read();
}

Result<json::Document, ClaimFault> readClaimMap(const QByteArray &payload)
{
    const auto tree = SyntaxTree::parse(payload, forkSyntax());
    if (!tree)
        return fail(ClaimFault{json::gatewayText(tree.error()), {}});
    if (const QByteArray error = json::forkValueError(*tree, 0); !error.isEmpty())
        return fail(ClaimFault{error, {}});
    const auto document = json::parse(payload, forkSyntax());
    if (!document)
        return fail(ClaimFault{json::gatewayText(document.error()), {}});
    if (document->root().isObject())
        return *document;
    auto arena = std::make_shared<json::Arena>();
    const json::Value empty = arena->object({});
    return json::Document(arena, empty);
}

std::optional<QByteArray> claimText(json::Value claims, const QByteArray &name)
{
    const json::Value value = claims.find(viewOf(name));
    if (!value.exists())
        return std::nullopt;
    if (value.isString())
        return value.bytes();
    if (value.isNumber())
        return numberText(value.toDouble());
    if (!value.isArray())
        return marshalled(value);
    QByteArray out;
    for (std::size_t i = 0; i < value.size(); ++i)
        out += (i > 0 ? "," : "") + formatElement(value.at(i));
    return out;
}

std::optional<std::vector<QByteArray>> claimLines(json::Value claims, const QByteArray &name)
{
    const json::Value value = claims.find(viewOf(name));
    if (!value.exists())
        return std::nullopt;
    std::vector<QByteArray> lines;
    if (!value.isArray())
        lines.push_back(claimText(claims, name).value_or(QByteArray()));
    for (const json::Value element : value.elements())
        lines.push_back(formatElement(element));
    return lines;
}

json::Value claimHolder(json::Value claims, const QByteArray &path, QByteArray &lastName)
{
    const auto names = path.split('.');
    for (qsizetype i = 0; i + 1 < names.size(); ++i) {
        const json::Value next = claims.find(viewOf(names[i]));
        if (!next.isObject()) {
            lastName = path;
            return {};
        }
        claims = next;
    }
    lastName = names.last();
    return claims;
}

} // namespace tokenlab::twin
