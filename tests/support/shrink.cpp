// Smaller variants of a case that showed a difference.
#include "tests/support/randomcases.h"

#include "core/json/parse.h"
#include "core/json/writer.h"

namespace tokenlab::testsupport {
namespace {

using json::Arena;
using json::Member;
using json::Value;

// Each variant of a value with one member or element less, outer ones first; what `keep` names at the top stays.
void withoutOne(Arena &arena, Value value, const std::function<void(Value)> &found, const QByteArrayList &keep = {})
{
    if (value.isObject()) {
        const auto members = value.members();
        for (std::size_t i = 0; i < members.size(); ++i) {
            const QByteArray name(members[i].name.data(), qsizetype(members[i].name.size()));
            std::vector<Member> rest(members.begin(), members.end());
            if (!keep.contains(name)) {
                rest.erase(rest.begin() + std::ptrdiff_t(i));
                found(arena.object(rest));
            }
        }
        for (std::size_t i = 0; i < members.size(); ++i) {
            std::vector<Member> copy(members.begin(), members.end());
            withoutOne(arena, members[i].value, [&](Value inner) {
                copy[i].value = inner;
                found(arena.object(copy));
            });
        }
    } else if (value.isArray()) {
        const auto elements = value.elements();
        for (std::size_t i = 0; i < elements.size(); ++i) {
            std::vector<Value> rest(elements.begin(), elements.end());
            rest.erase(rest.begin() + std::ptrdiff_t(i));
            found(arena.array(rest));
        }
        for (std::size_t i = 0; i < elements.size(); ++i) {
            std::vector<Value> copy(elements.begin(), elements.end());
            withoutOne(arena, elements[i], [&](Value inner) {
                copy[i] = inner;
                found(arena.array(copy));
            });
        }
    }
}

std::vector<QByteArray> smallerBodies(const QByteArray &body)
{
    std::vector<QByteArray> out;
    if (const auto parsed = json::parse(body, json::Policy::stream())) {
        Arena arena;
        if (const QByteArray same = json::write(parsed->root()); same.size() < body.size())
            out.push_back(same);
        withoutOne(arena, parsed->root(), [&out](Value smaller) { out.push_back(json::write(smaller)); });
    }
    for (qsizetype piece = body.size() / 2; piece > 0; piece /= 2) {
        if (piece < body.size() / 32 && piece > 4)
            continue;
        for (qsizetype at = 0; at < body.size() && out.size() < 400; at += piece)
            out.push_back(QByteArray(body).remove(at, piece));
    }
    return out;
}

Value withMember(Arena &arena, Value object, std::string_view name, Value value)
{
    std::vector<Member> members;
    for (const Member &member : object.members())
        if (member.name != name)
            members.push_back(member);
    members.push_back({name, value});
    return arena.object(members);
}

} // namespace

std::vector<QByteArray> smallerCases(const QByteArray &caseText)
{
    std::vector<QByteArray> out;
    const auto parsed = json::parse(caseText);
    if (!parsed)
        return out;
    Arena arena;
    const Value root = parsed->root();
    // Backends and their replies go together: one less of both.
    const Value backends = root.find("endpoint").find("backend");
    const Value replies = root.find("backends");
    if (backends.size() > 1 && backends.size() == replies.size()) {
        for (std::size_t i = 0; i < backends.size(); ++i) {
            std::vector<Value> fewer(backends.elements().begin(), backends.elements().end());
            std::vector<Value> fewerReplies(replies.elements().begin(), replies.elements().end());
            fewer.erase(fewer.begin() + std::ptrdiff_t(i));
            fewerReplies.erase(fewerReplies.begin() + std::ptrdiff_t(i));
            const Value endpoint = withMember(arena, root.find("endpoint"), "backend", arena.array(fewer));
            out.push_back(
                json::write(withMember(arena, withMember(arena, root, "endpoint", endpoint), "backends", arena.array(fewerReplies))));
        }
    }
    for (const std::string_view part : {"endpoint", "jwks", "request"}) {
        const Value value = root.find(part);
        if (!value.exists())
            continue;
        withoutOne(arena, value,
                   [&](Value smaller) {
                       // An endpoint with another number of backends is another case.
                       if (part != "endpoint" || smaller.find("backend").size() == backends.size())
                           out.push_back(json::write(withMember(arena, root, part, smaller)));
                   },
                   {"backend", "bodyBase64"});
    }
    for (std::size_t i = 0; i < replies.size(); ++i) {
        const Value reply = replies.at(i);
        for (const QByteArray &body : smallerBodies(QByteArray::fromBase64(reply.find("bodyBase64").bytes()))) {
            const QByteArray encoded = body.toBase64();
            std::vector<Value> changed(replies.elements().begin(), replies.elements().end());
            changed[i] = withMember(arena, reply, "bodyBase64", arena.string({encoded.constData(), std::size_t(encoded.size())}));
            out.push_back(json::write(withMember(arena, root, "backends", arena.array(changed))));
        }
    }
    return out;
}

std::vector<QByteArray> smallerValidatorCases(const QByteArray &caseText)
{
    std::vector<QByteArray> out;
    const auto parsed = json::parse(caseText);
    if (!parsed)
        return out;
    Arena arena;
    const Value root = parsed->root();
    // Key sets that are kept as a text are one member, and go as a whole.
    withoutOne(arena, root, [&out](Value smaller) { out.push_back(json::write(smaller)); }, {"validator", "token"});
    return out;
}

} // namespace tokenlab::testsupport
