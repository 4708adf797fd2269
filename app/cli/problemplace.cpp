#include "app/cli/problemplace.h"

#include "core/problems/check.h"

#include <algorithm>

namespace tokenlab::cli {

namespace {

bool isWithin(const QByteArray &pointer, const QByteArray &root)
{
    return pointer.startsWith(root) && (pointer.size() == root.size() || pointer[root.size()] == '/');
}

} // namespace

void Places::setPart(const QByteArray &given, const gateway::Completed &completed)
{
    auto tree = json::SyntaxTree::parse(completed.part);
    if (completed.kind == gateway::Completed::Whole || !tree)
        return;
    m_source = given;
    m_part = Part{completed, std::move(tree).value()};
}

Place Places::of(const QByteArray &pointer) const
{
    if (!m_part) {
        const qsizetype offset = m_document ? problems::offsetOf(*m_document, pointer) : std::max<qsizetype>(m_errorOffset, 0);
        return {json::positionOf(m_source, offset), pointer, false};
    }
    const gateway::Completed &completed = m_part->completed;
    const bool added = std::any_of(completed.added.begin(), completed.added.end(),
                                   [&](const QByteArray &place) { return isWithin(pointer, place) && place != completed.root; });
    if (added || !isWithin(pointer, completed.root))
        return {json::positionOf(m_source, 0), pointer, true};
    const QByteArray own = pointer.sliced(completed.root.size());
    const qsizetype offset = problems::offsetOf(m_part->tree, own) + completed.shift;
    return {json::positionOf(m_source, std::clamp<qsizetype>(offset, 0, m_source.size())), own, false};
}

} // namespace tokenlab::cli
