#include "core/problems/check.h"

#include "core/problems/rules.h"

#include <algorithm>

namespace tokenlab::problems {

qsizetype offsetOf(const json::SyntaxTree &document, const QByteArray &pointer)
{
    QByteArray place = pointer;
    int node = document.find(place);
    while (node < 0 && !place.isEmpty()) {
        place.truncate(std::max<qsizetype>(place.lastIndexOf('/'), 0));
        node = document.find(place);
    }
    if (node < 0)
        return 0;
    const json::SyntaxTree::Node &at = document.node(node);
    return at.nameRange.length() > 0 ? at.nameRange.begin : at.range.begin;
}

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
        order.emplace_back(input.document ? offsetOf(*input.document, list[i].pointer) : 0, i);
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
