// Names of members and components: unknown ones, those of older releases, and those in another case than the schema's.
#include "core/problems/ruletools.h"

#include "core/gateway/components.h"
#include "core/json/utf8.h"
#include "core/problems/schema.h"
#include "core/support/nearest.h"

#include <algorithm>
#include <array>
#include <map>

namespace tokenlab::problems {

namespace {

namespace edit = gateway::edit;

struct Renamed {
    const char *before, *now;
    bool endpoint, backend;
};
// Releases before 2.0 had these; the decoder ignores them now.
constexpr std::array renamed{Renamed{"headers_to_pass", "input_headers", true, true},
                             Renamed{"querystring_params", "input_query_strings", true, true}, Renamed{"whitelist", "allow", false, true},
                             Renamed{"blacklist", "deny", false, true}};

// Read by the gateway although the schema does not know them.
bool readAnyway(const QByteArray &lower, int level)
{
    return level == 0 && lower == "allow_insecure_connections";
}

bool isAnnotation(const QByteArray &name)
{
    return name.startsWith('@') || name.startsWith('$') || name.startsWith('_') || name.startsWith('#');
}

enum Level { Top, Endpoint, Backend };

class Names
{
public:
    explicit Names(Rules &rules) : m_rules(rules) {}

    void object(int node, Level level, std::size_t endpoint)
    {
        const json::SyntaxTree &tree = m_rules.tree();
        if (node < 0 || tree.node(node).type != json::Type::Object)
            return;
        const QByteArray pointer = tree.pointerOf(node);
        const std::vector<QByteArray> known = schemaMembers(level == Top        ? QByteArray()
                                                            : level == Endpoint ? QByteArray("/endpoints/0")
                                                                                : QByteArray("/endpoints/0/backend/0"));
        for (const int child : tree.node(node).children)
            name(node, child, pointer, known, level, endpoint);
        if (const int extra = m_rules.member(node, "extra_config"); extra >= 0)
            components(extra, level, endpoint);
    }

private:
    void name(int owner, int child, const QByteArray &pointer, const std::vector<QByteArray> &known, Level level, std::size_t endpoint)
    {
        const QByteArray &name = m_rules.tree().node(child).name;
        if (isAnnotation(name) || std::find(known.begin(), known.end(), name) != known.end())
            return;
        const QByteArray at = childPointer(pointer, name);
        const QByteArray lower = name.toLower();
        if (readAnyway(lower, level))
            return;
        if (std::find(known.begin(), known.end(), lower) != known.end()) {
            const bool alone = m_rules.exact(owner, lower) < 0;
            Problem &problem = m_rules.raise(alone ? "member-case" : "member-case-unused", at, {name, lower}, endpoint);
            problem.lint = true;
            if (alone)
                Rules::offer(problem, "rename", {name, lower}, edit::renameAt(m_rules.tree(), at, lower), true);
            else
                Rules::offer(problem, "remove", {name}, edit::removeAt(m_rules.tree(), at));
            return;
        }
        for (const Renamed &old : renamed) {
            if (lower != old.before || (level == Endpoint ? !old.endpoint : level == Backend ? !old.backend : true))
                continue;
            Problem &problem = m_rules.raise("legacy-member", at, {name, old.now}, endpoint);
            problem.lint = true;
            if (m_rules.member(owner, old.now) < 0)
                Rules::offer(problem, "rename", {name, old.now}, edit::renameAt(m_rules.tree(), at, old.now));
            else
                Rules::offer(problem, "remove", {name}, edit::removeAt(m_rules.tree(), at));
            return;
        }
        const std::optional<QByteArray> nearest = nearestName(name, known);
        Problem &problem = m_rules.raise("unknown-member", at, {name, nearest.value_or(QByteArray())}, endpoint);
        problem.lint = true;
        if (nearest && m_rules.member(owner, *nearest) < 0)
            Rules::offer(problem, "rename", {name, *nearest}, edit::renameAt(m_rules.tree(), at, *nearest));
    }

    void components(int extra, Level level, std::size_t endpoint)
    {
        const json::SyntaxTree &tree = m_rules.tree();
        if (tree.node(extra).type != json::Type::Object)
            return;
        const QByteArray place = level == Top        ? QByteArray("/extra_config")
                                 : level == Endpoint ? QByteArray("/endpoints/0/extra_config")
                                                     : QByteArray("/endpoints/0/backend/0/extra_config");
        const std::vector<QByteArray> known = schemaMembers(place);
        const QByteArray pointer = tree.pointerOf(extra);
        for (const int child : tree.node(extra).children) {
            const QByteArray &name = tree.node(child).name;
            if (isAnnotation(name) || std::find(known.begin(), known.end(), name) != known.end())
                continue;
            if (gateway::publicName(name) != name || name == "auth/signer")
                continue; // rules of their own
            if (const std::vector<QByteArray> elsewhere = levelsOf(name); !elsewhere.empty()) {
                m_rules.raise("component-level", childPointer(pointer, name), {name, elsewhere.front()}, endpoint).lint = true;
                continue;
            }
            const std::optional<QByteArray> nearest = nearestName(name, known);
            Problem &problem =
                m_rules.raise("unknown-component", childPointer(pointer, name), {name, nearest.value_or(QByteArray())}, endpoint);
            problem.lint = true;
            if (nearest && m_rules.exact(extra, *nearest) < 0)
                Rules::offer(problem, "rename", {name, *nearest}, edit::renameAt(tree, problem.pointer, *nearest));
        }
    }

    static std::vector<QByteArray> levelsOf(const QByteArray &name)
    {
        std::vector<QByteArray> out;
        for (const auto &[level, place] :
             {std::pair("endpoint", "/endpoints/0/extra_config"), std::pair("backend", "/endpoints/0/backend/0/extra_config"),
              std::pair("service", "/extra_config")}) {
            const std::vector<QByteArray> known = schemaMembers(place);
            if (std::find(known.begin(), known.end(), name) != known.end())
                out.emplace_back(level);
        }
        return out;
    }

    Rules &m_rules;
};

// Places that a hostile file may have by the thousand.
constexpr int mostTwice = 200;

std::size_t endpointAt(const QByteArray &pointer)
{
    if (!pointer.startsWith("/endpoints/"))
        return Problem::npos;
    const qsizetype end = pointer.indexOf('/', 11);
    bool ok = false;
    const qulonglong index = pointer.mid(11, end < 0 ? -1 : end - 11).toULongLong(&ok);
    return ok ? std::size_t(index) : Problem::npos;
}

// The same name twice in one object: the last one counts, anywhere in the file.
void twice(Rules &rules)
{
    const json::SyntaxTree &tree = rules.tree();
    int told = 0;
    for (int object = 0; object < tree.size() && told < mostTwice; ++object) {
        const std::vector<int> &children = tree.node(object).children;
        if (tree.node(object).type != json::Type::Object || children.size() < 2)
            continue;
        std::map<QByteArray, int> last;
        for (const int child : children)
            last.insert_or_assign(tree.node(child).name, child);
        if (last.size() == children.size())
            continue;
        for (const int child : children) {
            const int counts = last.at(tree.node(child).name);
            if (counts == child || told == mostTwice)
                continue;
            ++told;
            const auto line = [&](int node) {
                return QByteArray::number(json::positionOf(tree.source(), tree.node(node).nameRange.begin).line);
            };
            const QByteArray pointer = tree.pointerOf(counts);
            Problem &problem =
                rules.raise("member-twice", pointer, {tree.node(child).name, line(child), line(counts)}, endpointAt(pointer));
            Rules::offer(problem, "remove", {tree.node(child).name + " (" + line(child) + ')'}, std::optional(tree.remove(child)));
        }
    }
}

// Said once, at the first place.
void otherEncoding(Rules &rules)
{
    const QByteArray &source = rules.tree().source();
    const char *const end = source.constData() + source.size();
    const char *first = nullptr;
    qsizetype count = 0;
    for (const char *at = source.constData(); at < end;) {
        const char *fault = json::detail::checkUtf8(at, end).fault;
        if (!fault)
            break;
        if (!first)
            first = fault;
        ++count;
        at = fault + 1;
    }
    if (!first)
        return;
    const int node = rules.tree().at(first - source.constData());
    const QByteArray pointer = node < 0 ? QByteArray() : rules.tree().pointerOf(node);
    rules.raise("text-not-utf8", pointer, {QByteArray::number(count)}, endpointAt(pointer));
}

} // namespace

void checkNames(Rules &rules)
{
    twice(rules);
    otherEncoding(rules);
    Names names(rules);
    const json::SyntaxTree &tree = rules.tree();
    names.object(0, Top, Problem::npos);
    const int endpoints = rules.member(0, "endpoints");
    if (endpoints < 0)
        return;
    std::vector<int> list = tree.node(endpoints).children;
    if (tree.node(endpoints).type == json::Type::Object)
        list = {endpoints}; // one stands for a list of one
    for (std::size_t i = 0; i < list.size(); ++i) {
        names.object(list[i], Endpoint, i);
        const int backends = rules.member(list[i], "backend");
        if (backends < 0)
            continue;
        if (tree.node(backends).type == json::Type::Object)
            names.object(backends, Backend, i);
        else if (tree.node(backends).type == json::Type::Array)
            for (const int backend : tree.node(backends).children)
                names.object(backend, Backend, i);
    }
}

} // namespace tokenlab::problems
