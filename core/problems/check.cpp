#include "core/problems/check.h"

#include "core/gateway/loadaround.h"
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

namespace {

// What ends the gateway's start hides everything else in the file: the rest is judged as if it were mended.
std::vector<QByteArray> lookAround(Input &input, std::vector<gateway::ConfigError> &more)
{
    if (input.service || !input.document || !input.configError || input.configError->kind == gateway::ConfigError::NotReadYet ||
        input.configError->kind == gateway::ConfigError::Unreadable)
        return {};
    gateway::LoadedAround around = gateway::loadAround(input.document->source(), *input.configError);
    if (around.service)
        input.service = std::make_shared<const gateway::ServiceConfig>(*std::move(around.service));
    more.assign(std::next(around.errors.begin()), around.errors.end());
    return std::move(around.invented);
}

} // namespace

std::vector<Problem> check(const Input &given)
{
    Input input = given;
    std::vector<gateway::ConfigError> more;
    const std::vector<QByteArray> invented = lookAround(input, more);
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
    std::erase_if(list, [&](const Problem &problem) {
        return std::any_of(invented.begin(), invented.end(),
                           [&](const QByteArray &place) { return problem.pointer == place || problem.pointer.startsWith(place + '/'); });
    });
    List stops; // the first is what the gateway says
    if (input.configError)
        checkRefused(input, *input.configError, stops);
    for (const gateway::ConfigError &error : more)
        checkRefused(input, error, stops);
    list.insert(list.begin(), std::make_move_iterator(stops.begin()), std::make_move_iterator(stops.end()));
    checkSchema(input, list); // the last: it marks what the schema objects to among the others

    std::vector<std::pair<qsizetype, std::size_t>> order;
    order.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        order.emplace_back(input.document ? offsetOf(*input.document, list[i].pointer) : 0, i);
    std::stable_sort(order.begin() + (input.configError ? 1 : 0), order.end(), [&](const auto &a, const auto &b) {
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
