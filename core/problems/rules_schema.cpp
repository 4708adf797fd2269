// What only the official schema objects to (specification §9), and which of the other problems it shares.
#include "core/problems/ruletools.h"
#include "core/problems/schema.h"

#include <algorithm>

namespace tokenlab::problems {

namespace {

// The names between single quotes of `additional properties 'typ', 'x' not allowed` and `missing property 'kid'`.
std::vector<QByteArray> namesIn(const QByteArray &message)
{
    std::vector<QByteArray> out;
    for (qsizetype at = message.indexOf('\''); at >= 0; at = message.indexOf('\'', at)) {
        QByteArray name;
        for (++at; at < message.size() && message[at] != '\''; ++at) {
            if (message[at] == '\\' && at + 1 < message.size())
                ++at;
            name += message[at];
        }
        out.push_back(name);
        ++at;
    }
    return out;
}

// The places that a violation is about.
std::vector<QByteArray> placesOf(const SchemaViolation &violation)
{
    if (!violation.message.startsWith("additional properties "))
        return {violation.pointer};
    std::vector<QByteArray> out;
    for (const QByteArray &name : namesIn(violation.message))
        out.push_back(childPointer(violation.pointer, name));
    return out;
}

std::size_t endpointOf(const QByteArray &pointer)
{
    if (!pointer.startsWith("/endpoints/"))
        return Problem::npos;
    const qsizetype end = pointer.indexOf('/', 11);
    bool ok = false;
    const qulonglong index = pointer.mid(11, end < 0 ? -1 : end - 11).toULongLong(&ok);
    return ok ? std::size_t(index) : Problem::npos;
}

} // namespace

void checkSchema(const Input &input, List &list)
{
    if (!input.document)
        return;
    Rules rules(input, list);
    for (const SchemaViolation &violation : lintCauses(*input.document)) {
        for (const QByteArray &place : placesOf(violation)) {
            // Said by another rule already, at this place or, for a list, at one of its elements' own.
            bool told = false;
            for (Problem &problem : list) {
                const bool isWhole = problem.pointer == place;
                const bool aboutMember = violation.message.startsWith("missing propert") && problem.pointer.startsWith(place + '/') && [&] {
                    const std::vector<QByteArray> names = namesIn(violation.message);
                    return std::any_of(names.begin(), names.end(),
                                       [&](const QByteArray &name) { return problem.pointer == childPointer(place, name); });
                }();
                if (!isWhole && !aboutMember)
                    continue;
                problem.lint = true;
                // A sentence about the whole object does not say which member is wrong.
                told = told || violation.pointer != place || aboutMember || input.document->find(place) < 0 ||
                       (input.document->node(input.document->find(place)).type != json::Type::Object);
            }
            if (told)
                continue;
            const QByteArray message = violation.pointer == place
                                           ? violation.message
                                           : "additional properties '" +
                                                 place.sliced(place.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~") +
                                                 "' not allowed";
            Problem &problem = rules.raise("schema", place, {message}, endpointOf(place));
            problem.lint = true;
            if (violation.pointer != place)
                Rules::offer(problem, "remove", {place.sliced(place.lastIndexOf('/') + 1)},
                             gateway::edit::removeAt(*input.document, place));
        }
    }
    for (const QByteArray &place : unjudged(*input.document))
        rules.raise("schema-unjudged", place, {place.sliced(place.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~")},
                    endpointOf(place));
}

} // namespace tokenlab::problems
