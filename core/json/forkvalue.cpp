#include "core/json/forkvalue.h"

#include <QtNumeric>

#include <map>
#include <set>

namespace tokenlab::json {
namespace {

bool overflows(QByteArrayView literal)
{
    const auto number = parse(literal.toByteArray());
    return number && qIsInf(number->root().toDouble());
}

} // namespace

QByteArray duplicateText(const QByteArray &name)
{
    return "json: duplicate key '" + name + "' in object";
}

QByteArray forkValueError(const SyntaxTree &tree, int node)
{
    const Range range = tree.node(node).range;
    std::map<int, std::set<QByteArray>> names; // by object
    QByteArray number;
    // Nodes stand in source order, so what is inside follows at once.
    for (int i = node; i < tree.size() && tree.node(i).range.begin < range.end; ++i) {
        const SyntaxTree::Node &inner = tree.node(i);
        if (i != node && tree.node(inner.parent).type == Type::Object && !names[inner.parent].insert(inner.name).second)
            return duplicateText(inner.name);
        if (inner.type != Type::Number || !number.isEmpty())
            continue;
        const QByteArrayView literal = QByteArrayView(tree.source()).sliced(inner.range.begin, inner.range.length());
        if (overflows(literal))
            number = "json: cannot unmarshal number " + literal.toByteArray() + " into Go value of type float64";
    }
    return number;
}

} // namespace tokenlab::json
