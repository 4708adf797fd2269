// Documents for the tables of rules: JSON in single quotes, and what check() says of them.
#pragma once

#include "core/problems/check.h"
#include "core/problems/ruletools.h"

#include <QByteArray>

namespace tokenlab::problems {

inline QByteArray inQuotes(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

inline QByteArray signerText()
{
    return inQuotes("'auth/signer':{'alg':'HS256','kid':'sim2','keys_to_sign':['access_token','refresh_token'],"
                    "'jwk_url':'https://keys/jwk.json'}");
}

// A whole file around the members of its first endpoint; `backend`: members of its only backend beside url_pattern; `top`: of the file.
inline QByteArray withEndpoint(const QByteArray &endpoint = {}, const QByteArray &backend = {}, const QByteArray &top = {},
                               const QByteArray &extra = signerText())
{
    const auto more = [](const QByteArray &members) { return members.isEmpty() ? QByteArray() : ',' + members; };
    return inQuotes("{'version':3,'host':['https://backend']") + more(top) +
           inQuotes(",'endpoints':[{'endpoint':'/token','method':'POST'") +
           (endpoint.contains("\"backend\"") ? QByteArray() : inQuotes(",'backend':[{'url_pattern':'/login'") + more(backend) + "}]") +
           more(endpoint) + inQuotes(",'extra_config':{") + extra + "}}]}";
}

struct Checked {
    std::optional<json::SyntaxTree> tree;
    Input input;
    List problems;
};

inline void checkDocument(const QByteArray &text, Checked &out, std::vector<EndpointFacts> facts = {}, qint64 now = 1'700'000'000)
{
    out.input.source = text;
    out.input.fileName = QStringLiteral("krakend.json");
    if (auto tree = json::SyntaxTree::parse(text))
        out.tree = *std::move(tree);
    out.input.document = out.tree ? &*out.tree : nullptr;
    auto service = gateway::load(text, out.input.fileName);
    if (service)
        out.input.service = std::make_shared<const gateway::ServiceConfig>(*std::move(service));
    else
        out.input.configError = service.error();
    out.input.endpoints = std::move(facts);
    out.input.now.secondsSinceEpoch = now;
    out.problems = check(out.input);
}

inline const Problem *findProblem(const List &list, const QByteArray &code)
{
    for (const Problem &problem : list)
        if (problem.code && QByteArray(problem.code->id.data(), qsizetype(problem.code->id.size())) == code)
            return &problem;
    return nullptr;
}

} // namespace tokenlab::problems
