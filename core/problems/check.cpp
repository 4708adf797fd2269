#include "core/problems/check.h"

#include "core/problems/rules.h"

#include <algorithm>

namespace tokenlab::problems {

namespace {

// Where a problem stands: a member that is not there counts as its nearest ancestor's place.
qsizetype placeOf(const json::SyntaxTree *tree, const Problem &problem)
{
    if (!tree)
        return 0;
    QByteArray pointer = problem.pointer;
    int node = tree->find(pointer);
    while (node < 0 && !pointer.isEmpty()) {
        pointer.truncate(std::max<qsizetype>(pointer.lastIndexOf('/'), 0));
        node = tree->find(pointer);
    }
    if (node < 0)
        return 0;
    const json::SyntaxTree::Node &at = tree->node(node);
    return at.nameRange.length() > 0 ? at.nameRange.begin : at.range.begin;
}

} // namespace

std::vector<Problem> check(const Input &input)
{
    List list;
    checkStart(input, list);
    checkSigner(input, list);
    checkKeys(input, list);
    checkTls(input, list);
    checkEndpoint(input, list);
    checkPayload(input, list);
    checkValidator(input, list);
    checkSecrets(input, list);
    checkVersion(input, list);
    checkSchema(input, list); // the last: it marks what the schema objects to among the others

    std::vector<std::pair<qsizetype, std::size_t>> order;
    order.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        order.emplace_back(placeOf(input.document, list[i]), i);
    std::stable_sort(order.begin(), order.end(), [&](const auto &a, const auto &b) {
        if (a.first != b.first)
            return a.first < b.first;
        return list[a.second].severity < list[b.second].severity;
    });
    List sorted;
    sorted.reserve(list.size());
    for (const auto &[place, index] : order)
        sorted.push_back(std::move(list[index]));
    return sorted;
}

} // namespace tokenlab::problems
