#include "core/jose/jwk.h"
#include "core/jose/rawjwk.h"
#include "core/json/parse.h"
#include "core/json/syntaxtree.h"
#include "core/json/unmarshal.h"

namespace tokenlab::jose {
namespace {

using json::Type;

struct GoNames {
    const char *type;  // as Go prints the whole value's type
    const char *field; // the struct field of `keys`
};

GoNames namesOf(SetSource source)
{
    return source == SetSource::LocalFile ? GoNames{"jose.JSONWebKeySet", "JSONWebKeySet.keys"} : GoNames{"auth0.JWKS", "JWKS.keys"};
}

Result<std::vector<Key>, KeySetError> readKeys(const json::SyntaxTree &tree, const json::SyntaxTree::Node &array)
{
    std::vector<Key> keys;
    keys.reserve(array.children.size());
    int index = 0;
    for (const int child : array.children) {
        const auto raw = readRawJwk(tree, child);
        auto key = raw ? buildKey(*raw) : Result<Key, KeySetError>(fail(raw.error()));
        if (!key) {
            KeySetError error = key.error();
            error.index = index;
            return fail(std::move(error));
        }
        keys.push_back(std::move(*key));
        ++index;
    }
    return keys;
}

Result<json::SyntaxTree, KeySetError> parseTree(QByteArrayView text, const json::Policy &policy)
{
    // Not copied: the text may hold secrets, and the tree does not outlive this call.
    auto tree = json::SyntaxTree::parse(QByteArray::fromRawData(text.data(), text.size()), policy);
    if (!tree)
        return fail(KeySetError{json::gatewayText(tree.error()), -1, {}});
    return std::move(*tree);
}

} // namespace

Result<KeySet, KeySetError> parseKeySet(QByteArrayView text, SetSource source)
{
    const auto tree = parseTree(text, source == SetSource::Remote ? json::Policy::stream() : json::Policy::standard());
    if (!tree)
        return fail(tree.error());
    const GoNames names = namesOf(source);
    const json::SyntaxTree::Node &root = tree->root();
    KeySet set;
    if (root.type == Type::Null)
        return set;
    if (root.type != Type::Object)
        return fail(KeySetError{"json: cannot unmarshal " + json::kindName(root.type) + " into Go value of type " + names.type, -1, {}});
    // Of several `keys` members each is read, the last one counts. A wrong type is remembered, a bad key ends the reading.
    std::optional<KeySetError> remembered;
    for (const int child : root.children) {
        const json::SyntaxTree::Node &member = tree->node(child);
        if (!json::equalFold({member.name.constData(), std::size_t(member.name.size())}, "keys"))
            continue;
        switch (member.type) {
        case Type::Null:
            set.keys.clear();
            break;
        case Type::Array: {
            auto keys = readKeys(*tree, member);
            if (!keys)
                return fail(keys.error());
            set.keys = std::move(*keys);
            break;
        }
        default:
            if (!remembered)
                remembered = KeySetError{"json: cannot unmarshal " + json::kindName(member.type) + " into Go struct field " + names.field +
                                             " of type []jose.JSONWebKey",
                                         -1, "keys"};
        }
    }
    if (remembered)
        return fail(*remembered);
    return set;
}

Result<Key, KeySetError> parseKey(QByteArrayView text)
{
    const auto tree = parseTree(text, json::Policy::standard());
    if (!tree)
        return fail(tree.error());
    const auto raw = readRawJwk(*tree, 0);
    if (!raw)
        return fail(raw.error());
    return buildKey(*raw);
}

} // namespace tokenlab::jose
