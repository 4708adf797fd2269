// lura's entity formatter (specification §4.4): target, allow or deny, mapping, group, in this order. Values are immutable, so each step
// makes what it changes anew and shares the rest.
#include "core/twin/backenddata.h"

#include <QList>

#include <algorithm>
#include <map>

namespace tokenlab::twin {
namespace {

using json::Arena;
using json::Document;
using json::Member;
using json::Value;

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

Value target(Arena &arena, Value data, const QByteArray &path)
{
    for (const QByteArray &part : path.split('.')) {
        const Value next = data.find(view(part));
        if (!next.exists() || !next.isMap())
            return arena.object({});
        data = next;
    }
    return data;
}

// The paths of allow or deny as a tree. Which of two paths wins where one is the beginning of the other differs: the last one for allow,
// the shorter for deny.
struct PathTree {
    std::map<std::string_view, PathTree> children;
    bool leaf = false;

    void add(const QByteArray &path, bool allow)
    {
        PathTree *at = this;
        for (qsizetype i = 0; i <= path.size();) {
            qsizetype end = path.indexOf('.', i);
            if (end < 0)
                end = path.size();
            at = &at->children[std::string_view(path.constData() + i, std::size_t(end - i))];
            i = end + 1;
            if (i > path.size()) {
                at->leaf = true;
                at->children.clear();
            } else if (at->leaf) {
                if (!allow)
                    return;
                at->leaf = false;
            }
        }
    }
};

// Absent when nothing is left of it.
Value allowed(Arena &arena, Value data, const PathTree &tree)
{
    std::vector<Member> kept;
    for (const Member &member : data.members()) {
        const auto found = tree.children.find(member.name);
        if (found == tree.children.end())
            continue;
        if (found->second.leaf) {
            kept.push_back(member);
        } else if (member.value.isMap()) {
            if (const Value inner = allowed(arena, member.value, found->second); inner.exists())
                kept.push_back({member.name, inner});
        }
    }
    return kept.empty() ? Value() : arena.object(kept);
}

// An object that loses everything stays, empty.
Value denied(Arena &arena, Value data, const PathTree &tree)
{
    std::vector<Member> kept;
    kept.reserve(data.size());
    for (const Member &member : data.members()) {
        const auto found = tree.children.find(member.name);
        if (found == tree.children.end())
            kept.push_back(member);
        else if (!found->second.leaf)
            kept.push_back({member.name,
                            member.value.isMap() && !member.value.isNilMap() ? denied(arena, member.value, found->second) : member.value});
    }
    return arena.object(kept);
}

QByteArray mappedName(const QByteArray &name)
{
    const qsizetype dot = name.indexOf('.');
    return dot < 0 ? name : name.first(dot);
}

// Each renaming sees what the one before left; a member renamed to itself is lost.
Value mapped(Arena &arena, Value data, const std::vector<std::pair<QByteArray, QByteArray>> &mapping)
{
    std::map<std::string_view, Value> members;
    for (const Member &member : data.members())
        members[member.name] = member.value;
    for (const auto &[from, to] : mapping) {
        const auto found = members.find(view(from));
        if (found == members.end())
            continue;
        const Value value = found->second;
        members[arena.copy(view(mappedName(to)))] = value;
        members.erase(view(from));
    }
    std::vector<Member> list;
    list.reserve(members.size());
    for (const auto &[name, value] : members)
        list.push_back({name, value});
    return arena.object(list);
}

} // namespace

bool mappingOrderMatters(const gateway::BackendConfig &backend, Value data)
{
    if (backend.mapping.size() < 2)
        return false;
    std::map<QByteArray, int> targets;
    for (const auto &[from, to] : backend.mapping) {
        const QByteArray name = mappedName(to);
        const bool present = data.find(view(from)).exists();
        if (present)
            ++targets[name];
        const bool chained = std::any_of(backend.mapping.begin(), backend.mapping.end(),
                                         [&](const auto &other) { return other.first == name && other.first != from; });
        if (present && chained)
            return true;
    }
    return std::any_of(targets.begin(), targets.end(), [](const auto &item) { return item.second > 1; });
}

Document format(const gateway::BackendConfig &backend, const Document &data)
{
    if (backend.target.isEmpty() && backend.allow.empty() && backend.deny.empty() && backend.mapping.empty() && backend.group.isEmpty())
        return data;
    auto arena = std::make_shared<Arena>();
    arena->keep(data.arena());
    Value value = data.root();
    if (!backend.target.isEmpty())
        value = target(*arena, value, backend.target);
    if (value.size() > 0 && (!backend.allow.empty() || !backend.deny.empty())) {
        const bool allow = !backend.allow.empty();
        PathTree tree;
        for (const QByteArray &path : allow ? backend.allow : backend.deny)
            tree.add(path, allow);
        value = allow ? allowed(*arena, value, tree) : denied(*arena, value, tree);
        if (!value.exists())
            value = arena->object({});
    }
    if (value.size() > 0 && !backend.mapping.empty())
        value = mapped(*arena, value, backend.mapping);
    if (!backend.group.isEmpty()) {
        const Member member{arena->copy(view(backend.group)), value};
        value = arena->object({&member, 1});
    }
    return Document(std::move(arena), value);
}

} // namespace tokenlab::twin
