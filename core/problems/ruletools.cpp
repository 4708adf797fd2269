#include "core/problems/ruletools.h"

#include "core/json/parse.h"

#include <algorithm>

namespace tokenlab::problems {

Problem &Rules::raise(std::string_view id, const QByteArray &pointer, std::vector<QByteArray> arguments, std::size_t endpoint)
{
    Problem problem;
    problem.code = findCode(id);
    if (problem.code)
        problem.severity = problem.code->severity;
    problem.pointer = pointer;
    problem.arguments = std::move(arguments);
    problem.endpoint = endpoint;
    m_list.push_back(std::move(problem));
    return m_list.back();
}

void Rules::offer(Problem &problem, QByteArray kind, std::vector<QByteArray> arguments, const std::optional<json::Splice> &splice,
                  bool safe)
{
    if (splice)
        problem.fixes.push_back({std::move(kind), std::move(arguments), {*splice}, safe});
}

void Rules::offer(Problem &problem, QByteArray kind, std::vector<QByteArray> arguments, gateway::edit::Edit edit, bool safe)
{
    if (!edit.empty())
        problem.fixes.push_back({std::move(kind), std::move(arguments), std::move(edit), safe});
}

int Rules::member(int object, QByteArrayView name) const
{
    if (object < 0 || m_tree.node(object).type != json::Type::Object)
        return -1;
    return gateway::edit::member(m_tree, object, name);
}

int Rules::exact(int object, QByteArrayView name) const
{
    if (object < 0 || m_tree.node(object).type != json::Type::Object)
        return -1;
    int found = -1;
    for (const int child : m_tree.node(object).children)
        if (QByteArrayView(m_tree.node(child).name) == name)
            found = child;
    return found;
}

QByteArray Rules::text(int node) const
{
    if (node < 0)
        return {};
    const json::SyntaxTree::Node &at = m_tree.node(node);
    const QByteArray source = m_tree.source().mid(at.range.begin, at.range.length());
    if (at.type == json::Type::Number)
        return source;
    if (at.type != json::Type::String)
        return {};
    const auto value = json::parse(source);
    return value ? value->root().bytes() : QByteArray();
}

bool Rules::isTrue(int node) const
{
    if (node < 0 || m_tree.node(node).type != json::Type::Bool)
        return false;
    return m_tree.source().at(m_tree.node(node).range.begin) == 't';
}

void Rules::walk(int from, const std::function<void(int)> &visit) const
{
    if (from < 0)
        return;
    // A stack of our own: the document may be as deep as the parser allows.
    std::vector<int> open{from};
    while (!open.empty()) {
        const int at = open.back();
        open.pop_back();
        visit(at);
        const std::vector<int> &children = m_tree.node(at).children;
        open.insert(open.end(), children.rbegin(), children.rend());
    }
}

const EndpointFacts *Rules::facts(std::size_t endpoint) const
{
    return endpoint < m_input.endpoints.size() ? &m_input.endpoints[endpoint] : nullptr;
}

QByteArray childPointer(const QByteArray &pointer, QByteArrayView name)
{
    QByteArray token = name.toByteArray();
    token.replace('~', "~0").replace('/', "~1");
    return pointer + '/' + token;
}

QByteArray childPointer(const QByteArray &pointer, std::size_t index)
{
    return pointer + '/' + QByteArray::number(qulonglong(index));
}

bool signs(const gateway::EndpointConfig &endpoint)
{
    return endpoint.signer.has_value();
}

const gateway::SignerConfig *signerOf(const gateway::EndpointConfig &endpoint)
{
    return endpoint.signer ? std::get_if<gateway::SignerConfig>(&*endpoint.signer) : nullptr;
}

const gateway::ValidatorConfig *validatorOf(const gateway::EndpointConfig &endpoint)
{
    return endpoint.validator ? std::get_if<gateway::ValidatorConfig>(&*endpoint.validator) : nullptr;
}

} // namespace tokenlab::problems
