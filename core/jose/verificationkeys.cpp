// Keys to verify with: only public halves and secrets are kept.
#include "core/jose/rawjwk.h"
#include "core/jose/verify.h"
#include "core/json/parse.h"

#include <algorithm>

namespace tokenlab::jose {
namespace {

using json::Type;

void drop(std::optional<QByteArray> &secret)
{
    if (secret)
        crypto::wipe(*secret);
    secret.reset();
}

Result<Key, KeySetError> readKey(const json::SyntaxTree &tree, int node)
{
    auto raw = readRawJwk(tree, node);
    if (!raw)
        return fail(raw.error());
    if (raw->kty == "OKP" && raw->crv == "Ed25519" && raw->x && raw->x->size() != 32)
        return fail(KeySetError{"wrong length for x", -1, "x"});
    if (raw->kty != "oct" && raw->d) {
        if (raw->keyOps && std::find(raw->keyOps->begin(), raw->keyOps->end(), "sign") != raw->keyOps->end())
            raw->keyOps->push_back("verify"); // what the private half signs
        for (auto *secret : {&raw->d, &raw->p, &raw->q, &raw->dp, &raw->dq, &raw->qi})
            drop(*secret);
    }
    return buildKey(*raw);
}

} // namespace

Result<VerificationKeys, KeySetError> readVerificationKeys(QByteArrayView text)
{
    // Not copied: the text may hold secrets, and the tree does not outlive this call.
    const auto tree = json::SyntaxTree::parse(QByteArray::fromRawData(text.data(), text.size()), json::Policy::strict());
    if (!tree)
        return fail(KeySetError{json::gatewayText(tree.error()), -1, {}});
    const json::SyntaxTree::Node &root = tree->root();
    const auto member = [&](const char *name) {
        const auto found =
            std::find_if(root.children.begin(), root.children.end(), [&](int child) { return tree->node(child).name == name; });
        return found == root.children.end() ? -1 : *found;
    };
    VerificationKeys keys;
    const int list = root.type == Type::Object ? member("keys") : -1;
    keys.isSet = list >= 0;
    if (!keys.isSet) {
        if (root.type != Type::Object || member("kty") < 0)
            return fail(KeySetError{"neither a JWK set nor a JWK", -1, {}});
        auto key = readKey(*tree, 0);
        if (!key)
            return fail(key.error());
        keys.set.keys.push_back(std::move(*key));
        return keys;
    }
    if (tree->node(list).type != Type::Array)
        return fail(KeySetError{"keys is " + json::kindName(tree->node(list).type) + ", not array", -1, "keys"});
    int index = 0;
    for (const int child : tree->node(list).children) {
        auto key = readKey(*tree, child);
        if (key) {
            keys.set.keys.push_back(std::move(*key));
        } else {
            KeySetError error = key.error();
            error.index = index;
            keys.skipped.push_back(std::move(error));
        }
        ++index;
    }
    return keys;
}

} // namespace tokenlab::jose
