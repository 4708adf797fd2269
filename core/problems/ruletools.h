// What the rules share: raising a problem, offering a fix, and looking into the document.
#pragma once

#include "core/problems/rules.h"

#include <functional>

namespace tokenlab::problems {

// Codes of the rules about endpoints, payloads, validators, schema, secrets and versions; catalog() has them too.
[[nodiscard]] std::span<const Code> ruleCodes();

class Rules
{
public:
    // The input has a document.
    Rules(const Input &input, List &list) : m_input(input), m_list(list), m_tree(*input.document) {}

    [[nodiscard]] const json::SyntaxTree &tree() const { return m_tree; }
    // Stays good until the next one is raised.
    Problem &raise(std::string_view id, const QByteArray &pointer, std::vector<QByteArray> arguments = {},
                   std::size_t endpoint = Problem::npos);
    // Nothing is offered where the splice is none.
    static void offer(Problem &problem, QByteArray kind, std::vector<QByteArray> arguments, const std::optional<json::Splice> &splice,
                      bool safe = false);
    static void offer(Problem &problem, QByteArray kind, std::vector<QByteArray> arguments, gateway::edit::Edit edit, bool safe = false);

    // The member as the gateway reads it, case aside where it is an own member of the file's structs; -1: none.
    [[nodiscard]] int member(int object, QByteArrayView name) const;
    [[nodiscard]] int exact(int object, QByteArrayView name) const; // the last one of that very name
    // A text's content, a number as written; empty for other kinds.
    [[nodiscard]] QByteArray text(int node) const;
    [[nodiscard]] bool isTrue(int node) const;
    // Every node below `from` and itself, parents first.
    void walk(int from, const std::function<void(int)> &visit) const;

    [[nodiscard]] const EndpointFacts *facts(std::size_t endpoint) const;

private:
    const Input &m_input;
    List &m_list;
    const json::SyntaxTree &m_tree;
};

[[nodiscard]] QByteArray childPointer(const QByteArray &pointer, QByteArrayView name);
[[nodiscard]] QByteArray childPointer(const QByteArray &pointer, std::size_t index);
// The endpoint signs, or would if its signer could be read.
[[nodiscard]] bool signs(const gateway::EndpointConfig &endpoint);
[[nodiscard]] const gateway::SignerConfig *signerOf(const gateway::EndpointConfig &endpoint);
[[nodiscard]] const gateway::ValidatorConfig *validatorOf(const gateway::EndpointConfig &endpoint);

// Names of members and components; part of checkEndpoint.
void checkNames(Rules &rules);

} // namespace tokenlab::problems
