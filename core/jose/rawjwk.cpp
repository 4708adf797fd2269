#include "core/jose/rawjwk.h"

#include "core/jose/base64.h"
#include "core/json/parse.h"

#include <QSet>

namespace tokenlab::jose {
namespace {

using json::Type;
using Node = json::SyntaxTree::Node;

struct TextMember {
    const char *name;
    QByteArray RawJwk::*field;
};
constexpr TextMember textMembers[] = {{"use", &RawJwk::use}, {"kty", &RawJwk::kty}, {"kid", &RawJwk::kid}, {"crv", &RawJwk::crv},
                                      {"alg", &RawJwk::alg}, {"x5u", &RawJwk::x5u}, {"x5t", &RawJwk::x5t}, {"x5t#S256", &RawJwk::x5tS256}};

struct BytesMember {
    const char *name;
    std::optional<QByteArray> RawJwk::*field;
};
constexpr BytesMember bytesMembers[] = {{"k", &RawJwk::k},   {"x", &RawJwk::x},   {"y", &RawJwk::y},  {"n", &RawJwk::n},
                                        {"e", &RawJwk::e},   {"d", &RawJwk::d},   {"p", &RawJwk::p},  {"q", &RawJwk::q},
                                        {"dp", &RawJwk::dp}, {"dq", &RawJwk::dq}, {"qi", &RawJwk::qi}};

class Reader
{
public:
    explicit Reader(const json::SyntaxTree &tree) : m_tree(tree) {}

    Result<RawJwk, KeySetError> read(int index)
    {
        const Node &node = m_tree.node(index);
        if (node.type == Type::Null)
            return std::move(m_raw);
        if (node.type != Type::Object)
            return fail(mismatch(node.type, "jose.rawJSONWebKey", {}));
        QSet<QByteArrayView> seen;
        seen.reserve(qsizetype(node.children.size()));
        for (const int child : node.children) {
            const Node &member = m_tree.node(child);
            if (seen.contains(member.name))
                return fail(KeySetError{"json: duplicate key '" + member.name + "' in object", -1, member.name});
            seen.insert(member.name);
            if (!readMember(member))
                return fail(*m_error);
        }
        if (m_error)
            return fail(*m_error);
        return std::move(m_raw);
    }

private:
    static KeySetError mismatch(Type type, const char *goType, const QByteArray &member)
    {
        return {"json: cannot unmarshal " + json::kindName(type) + " into Go value of type " + goType, -1, member};
    }

    // Of a string node. Where there are no escapes nothing is copied but the text itself.
    QByteArray textOf(const Node &node) const
    {
        const QByteArray literal = QByteArray::fromRawData(m_tree.source().constData() + node.range.begin, node.range.length());
        const auto document = json::parse(literal);
        return document ? document->root().bytes() : QByteArray();
    }

    // False: reading ends here.
    bool stop(KeySetError error)
    {
        m_error = std::move(error);
        return false;
    }

    bool remember(KeySetError error)
    {
        if (!m_error)
            m_error = std::move(error);
        return true;
    }

    bool readMember(const Node &member)
    {
        for (const TextMember &text : textMembers)
            if (member.name == text.name)
                return readText(member, member.name, m_raw.*text.field);
        for (const BytesMember &bytes : bytesMembers)
            if (member.name == bytes.name)
                return readBytes(member, m_raw.*bytes.field);
        if (member.name == "x5c")
            return readChain(member);
        if (member.name == "key_ops" && member.type == Type::Array)
            readOperations(member);
        return true;
    }

    void readOperations(const Node &node)
    {
        m_raw.keyOps.emplace();
        for (const int child : node.children)
            if (m_tree.node(child).type == Type::String)
                m_raw.keyOps->push_back(textOf(m_tree.node(child)));
    }

    bool readText(const Node &node, const QByteArray &name, QByteArray &out)
    {
        switch (node.type) {
        case Type::Null:
            return true;
        case Type::String:
            out = textOf(node);
            return true;
        case Type::Number:
            return stop(mismatch(node.type, "string", name));
        default:
            return remember(mismatch(node.type, "string", name));
        }
    }

    bool readBytes(const Node &node, std::optional<QByteArray> &out)
    {
        if (node.type == Type::Null)
            return true;
        if (node.type != Type::String)
            return stop(mismatch(node.type, "string", node.name));
        QByteArray text = textOf(node);
        QByteArrayView trimmed = text;
        while (trimmed.endsWith('='))
            trimmed.chop(1);
        auto bytes = decodeBase64RawUrl(trimmed);
        crypto::wipe(text);
        if (!bytes)
            return stop({gatewayText(bytes.error()), -1, node.name});
        out = std::move(*bytes);
        return true;
    }

    bool readChain(const Node &node)
    {
        switch (node.type) {
        case Type::Null:
            return true;
        case Type::Number:
            return stop(mismatch(node.type, "[]string", node.name));
        case Type::Array:
            break;
        default:
            return remember(mismatch(node.type, "[]string", node.name));
        }
        for (const int child : node.children) {
            m_raw.x5c.emplace_back();
            if (!readText(m_tree.node(child), node.name, m_raw.x5c.back()))
                return false;
        }
        return true;
    }

    const json::SyntaxTree &m_tree;
    RawJwk m_raw;
    std::optional<KeySetError> m_error;
};

} // namespace

RawJwk::~RawJwk()
{
    for (const BytesMember &bytes : bytesMembers)
        if (std::optional<QByteArray> &field = this->*bytes.field)
            crypto::wipe(*field);
}

Result<RawJwk, KeySetError> readRawJwk(const json::SyntaxTree &tree, int node)
{
    return Reader(tree).read(node);
}

} // namespace tokenlab::jose
