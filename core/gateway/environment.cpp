#include "core/gateway/environment.h"

#include <QList>
#include <QString>

namespace tokenlab::gateway {

namespace {

using json::Value;

// The variables as a tree; a place holds a text or further places.
struct Tree {
    QByteArray text;
    bool isText = false;
    std::map<QByteArray, Tree> members;
};

// Go's strings.ToLower; bytes that are not UTF-8 stay.
QByteArray lowered(const QByteArray &name)
{
    const QString text = QString::fromUtf8(name);
    return text.toUtf8() == name ? text.toLower().toUtf8() : name.toLower();
}

void insert(Tree &root, const QByteArray &name, const QByteArray &value)
{
    const QList<QByteArray> parts = name.split('.');
    Tree *at = &root;
    for (qsizetype i = 0; i + 1 < parts.size(); ++i) {
        Tree &next = at->members[parts[i]];
        // Below a text there is no place: the gateway goes on at the level where it is.
        if (!next.isText)
            at = &next;
    }
    Tree leaf;
    leaf.text = value;
    leaf.isText = true;
    at->members[parts.back()] = leaf;
}

// As deep as a variable's name has dots, which the operating system bounds; cut off well before the stack is.
constexpr int maxDepth = 500;

Value merged(Value into, const Tree &tree, json::Arena &arena, int depth)
{
    if (tree.isText || depth > maxDepth)
        return arena.string({tree.text.constData(), std::size_t(tree.text.size())});
    std::vector<json::Member> members;
    if (into.isObject())
        members.assign(into.members().begin(), into.members().end());
    for (const auto &[name, below] : tree.members) {
        const std::string_view key{name.constData(), std::size_t(name.size())};
        const Value before = into.isObject() ? into.find(key) : Value();
        members.push_back({arena.copy(key), merged(before, below, arena, depth + 1)});
    }
    return arena.object(members);
}

} // namespace

Value withEnvironment(Value root, const Environment &environment, json::Arena &arena)
{
    const QByteArray prefix("KRAKEND_");
    Tree tree;
    for (const auto &[name, value] : environment) {
        if (name.startsWith(prefix) && name.size() > prefix.size())
            insert(tree, lowered(name.mid(prefix.size())), value);
    }
    return tree.members.empty() ? root : merged(root, tree, arena, 0);
}

} // namespace tokenlab::gateway
