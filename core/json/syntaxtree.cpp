#include "core/json/syntaxtree.h"

#include "core/json/scanner.h"
#include "core/json/writer.h"

#include <algorithm>

namespace tokenlab::json {

namespace {

using detail::Context;
using detail::RawString;

QByteArray decoded(const RawString &raw)
{
    if (!raw.escaped && !raw.nonAscii)
        return QByteArray(raw.begin, qsizetype(raw.size()));
    QByteArray out(qsizetype(raw.size()) * 3, Qt::Uninitialized);
    const char *end = detail::decodeString(raw, out.data());
    out.truncate(end - out.constData());
    return out;
}

class TreeBuilder
{
public:
    TreeBuilder(const char *begin, std::vector<SyntaxTree::Node> &nodes, const Policy &policy)
        : m_begin(begin), m_nodes(nodes), m_policy(policy)
    {
    }

    [[nodiscard]] Context context() const
    {
        if (m_current < 0)
            return Context::Top;
        return node().type == Type::Object ? Context::Object : Context::Array;
    }
    void open(Context kind, const char *at)
    {
        add(kind == Context::Object ? Type::Object : Type::Array, at, at + 1);
        m_current = int(m_nodes.size()) - 1;
    }
    void close(const char *end)
    {
        node().range.end = end - m_begin;
        if (m_policy.uniqueMembers && node().type == Type::Object && (m_policy.uniqueEverywhere || node().parent < 0))
            noteDuplicate();
        m_current = node().parent;
    }
    void name(const RawString &raw)
    {
        m_nameRange = {raw.begin - 1 - m_begin, raw.end + 1 - m_begin};
        m_name = decoded(raw);
    }
    void string(const RawString &raw) { add(Type::String, raw.begin - 1, raw.end + 1); }
    void number(const char *begin, const char *end) { add(Type::Number, begin, end); }
    void literal(char first, const char *begin, const char *end) { add(first == 'n' ? Type::Null : Type::Bool, begin, end); }

    [[nodiscard]] const std::optional<SyntaxError> &duplicate() const { return m_duplicate; }

private:
    SyntaxTree::Node &node() { return m_nodes[std::size_t(m_current)]; }
    [[nodiscard]] const SyntaxTree::Node &node() const { return m_nodes[std::size_t(m_current)]; }

    void add(Type type, const char *begin, const char *end)
    {
        SyntaxTree::Node added;
        added.type = type;
        added.range = {begin - m_begin, end - m_begin};
        added.parent = m_current;
        if (m_current >= 0) {
            if (node().type == Type::Object) {
                added.nameRange = m_nameRange;
                added.name = std::move(m_name);
            }
            node().children.push_back(int(m_nodes.size()));
        }
        m_nodes.push_back(std::move(added));
    }

    void noteDuplicate()
    {
        std::vector<int> order = node().children;
        const auto nameOf = [this](int index) -> const QByteArray & { return m_nodes[std::size_t(index)].name; };
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return nameOf(a) < nameOf(b); });
        for (std::size_t i = 1; i < order.size(); ++i) {
            const qsizetype offset = m_nodes[std::size_t(order[i])].nameRange.begin;
            if (nameOf(order[i]) == nameOf(order[i - 1]) && (!m_duplicate || offset < m_duplicate->offset))
                m_duplicate = SyntaxError{SyntaxError::DuplicateMember, offset, 0, nameOf(order[i])};
        }
    }

    const char *m_begin;
    std::vector<SyntaxTree::Node> &m_nodes;
    const Policy m_policy;
    int m_current = -1;
    Range m_nameRange;
    QByteArray m_name;
    std::optional<SyntaxError> m_duplicate;
};

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool hasLineBreak(QByteArrayView text)
{
    return text.contains('\n') || text.contains('\r');
}

// What a text looks like around one container: everything an inserted piece must match.
class Style
{
public:
    explicit Style(const SyntaxTree &tree) : m_tree(tree), m_source(tree.source()) {}

    [[nodiscard]] QByteArray lineEnd() const
    {
        const qsizetype at = m_source.indexOf('\n');
        if (at < 0)
            return m_source.contains('\r') ? "\r" : "\n";
        return at > 0 && m_source[at - 1] == '\r' ? "\r\n" : "\n";
    }

    // The blanks before a position, and whether a line begins with them.
    [[nodiscard]] QByteArray blanksBefore(qsizetype position) const
    {
        qsizetype begin = position;
        while (begin > 0 && isBlank(m_source[begin - 1]))
            --begin;
        return m_source.mid(begin, position - begin);
    }

    // The indentation of the line that a position is on.
    [[nodiscard]] QByteArray indentAt(qsizetype position) const
    {
        qsizetype begin = position;
        while (begin > 0 && m_source[begin - 1] != '\n' && m_source[begin - 1] != '\r')
            --begin;
        qsizetype end = begin;
        while (end < position && (m_source[end] == ' ' || m_source[end] == '\t'))
            ++end;
        return m_source.mid(begin, end - begin);
    }

    [[nodiscard]] qsizetype start(int index) const
    {
        const SyntaxTree::Node &node = m_tree.node(index);
        return node.nameRange.length() > 0 ? node.nameRange.begin : node.range.begin;
    }

    // What stands between a name and its value: the nearest example decides.
    [[nodiscard]] QByteArray colon(int container) const
    {
        const std::vector<int> &children = m_tree.node(container).children;
        int example = -1;
        if (m_tree.node(container).type == Type::Object && !children.empty())
            example = children.back();
        for (int up = container; example < 0 && up >= 0; up = m_tree.node(up).parent) {
            if (m_tree.node(up).nameRange.length() > 0)
                example = up;
        }
        for (int i = 0; example < 0 && i < m_tree.size(); ++i) {
            if (m_tree.node(i).nameRange.length() > 0)
                example = i;
        }
        if (example < 0)
            return ": ";
        const SyntaxTree::Node &node = m_tree.node(example);
        const QByteArray text = m_source.mid(node.nameRange.end, node.range.begin - node.nameRange.end);
        return hasLineBreak(text) ? QByteArray(": ") : text;
    }

    // Blanks that separate a further child of a container that has some; with a line break where they stand on lines of their own.
    [[nodiscard]] QByteArray gap(int container) const
    {
        const std::vector<int> &children = m_tree.node(container).children;
        if (children.size() > 1)
            return blanksBefore(start(children.back()));
        QByteArray first = blanksBefore(start(children.front()));
        if (hasLineBreak(first) || !first.isEmpty())
            return first;
        return colon(container).endsWith(' ') ? " " : "";
    }

    // One step of indentation, as the document shows it.
    [[nodiscard]] QByteArray step() const
    {
        for (int i = 0; i < m_tree.size(); ++i) {
            const SyntaxTree::Node &node = m_tree.node(i);
            if (node.children.empty())
                continue;
            const qsizetype child = start(node.children.front());
            if (!hasLineBreak(blanksBefore(child)))
                continue;
            const QByteArray inner = indentAt(child);
            const QByteArray outer = indentAt(start(i));
            if (inner.size() > outer.size() && inner.startsWith(outer))
                return inner.mid(outer.size());
        }
        return "  ";
    }

    // Is an empty container to be opened over several lines? When its own siblings have lines of their own.
    [[nodiscard]] bool opensOnLines(int container) const
    {
        const int parent = m_tree.node(container).parent;
        if (parent < 0) {
            const Range range = m_tree.node(container).range;
            return hasLineBreak(QByteArrayView(m_source).sliced(range.begin, range.length()));
        }
        return hasLineBreak(blanksBefore(start(m_tree.node(parent).children.front())));
    }

    // A value's text with this document's line ends, its further lines moved in. Line breaks in JSON stand between tokens only.
    [[nodiscard]] QByteArray adapted(const QByteArray &json, const QByteArray &indent) const
    {
        if (!hasLineBreak(json))
            return json;
        QByteArray out;
        const QByteArray breakText = lineEnd() + indent;
        for (qsizetype i = 0; i < json.size(); ++i) {
            if (json[i] == '\r' && i + 1 < json.size() && json[i + 1] == '\n')
                continue;
            if (json[i] == '\n' || json[i] == '\r')
                out += breakText;
            else
                out += json[i];
        }
        return out;
    }

private:
    const SyntaxTree &m_tree;
    const QByteArray &m_source;
};

QByteArray quotedName(const QByteArray &name)
{
    QByteArray out;
    appendString(out, std::string_view(name.constData(), std::size_t(name.size())), Escapes::Minimal);
    return out;
}

// The first child of an empty container: replaces all between its brackets.
Splice fillEmpty(const SyntaxTree &tree, int container, const QByteArray &prefix, const QByteArray &json)
{
    const Style style(tree);
    const Range range = tree.node(container).range;
    const Range inside{range.begin + 1, range.end - 1};
    const QByteArray outer = style.indentAt(style.start(container));
    if (!style.opensOnLines(container))
        return {inside, prefix + style.adapted(json, outer)};
    const QByteArray inner = outer + style.step();
    return {inside, style.lineEnd() + inner + prefix + style.adapted(json, inner) + style.lineEnd() + outer};
}

} // namespace

Result<SyntaxTree, SyntaxError> SyntaxTree::parse(const QByteArray &source, const Policy &policy)
{
    SyntaxTree tree;
    tree.m_source = source;
    TreeBuilder builder(tree.m_source.constData(), tree.m_nodes, policy);
    detail::Scanner<TreeBuilder> scanner(tree.m_source, policy, builder);
    if (!scanner.run())
        return fail(scanner.error());
    if (builder.duplicate())
        return fail(*builder.duplicate());
    return tree;
}

int SyntaxTree::find(QByteArrayView pointer) const
{
    if (pointer.isEmpty())
        return 0;
    if (pointer.front() != '/')
        return -1;
    int current = 0;
    for (qsizetype begin = 1;;) {
        qsizetype end = pointer.indexOf('/', begin);
        if (end < 0)
            end = pointer.size();
        QByteArray token;
        for (qsizetype i = begin; i < end; ++i) {
            if (pointer[i] != '~') {
                token += pointer[i];
                continue;
            }
            if (++i == end || (pointer[i] != '0' && pointer[i] != '1'))
                return -1;
            token += pointer[i] == '0' ? '~' : '/';
        }
        const Node &container = node(current);
        int found = -1;
        if (container.type == Type::Object) {
            const auto last =
                std::find_if(container.children.rbegin(), container.children.rend(), [&](int child) { return node(child).name == token; });
            if (last != container.children.rend())
                found = *last;
        } else if (container.type == Type::Array) {
            // Plain decimal without leading zeros; `-` names an element that is not there.
            const bool decimal = !token.isEmpty() && (token == "0" || token.front() != '0') &&
                                 std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
            bool fits = false;
            const qulonglong index = decimal ? token.toULongLong(&fits) : 0;
            if (fits && index < container.children.size())
                found = container.children[std::size_t(index)];
        }
        if (found < 0)
            return -1;
        current = found;
        if (end == pointer.size())
            return current;
        begin = end + 1;
    }
}

QByteArray SyntaxTree::pointerOf(int index) const
{
    std::vector<int> path;
    for (int up = index; up > 0; up = node(up).parent)
        path.push_back(up);
    QByteArray out;
    for (auto it = path.rbegin(); it != path.rend(); ++it) {
        out += '/';
        const Node &container = node(node(*it).parent);
        if (container.type == Type::Object) {
            QByteArray name = node(*it).name;
            out += name.replace('~', "~0").replace('/', "~1");
        } else {
            // Children come in ascending order of their index.
            const auto place = std::lower_bound(container.children.begin(), container.children.end(), *it);
            out += QByteArray::number(qsizetype(place - container.children.begin()));
        }
    }
    return out;
}

int SyntaxTree::at(qsizetype offset) const
{
    const auto covers = [offset](const Range &range) { return range.begin <= offset && offset < range.end; };
    if (!covers(root().range))
        return -1;
    int current = 0;
    for (;;) {
        const std::vector<int> &children = node(current).children;
        // The first child that ends behind the offset.
        const auto candidate =
            std::partition_point(children.begin(), children.end(), [&](int child) { return node(child).range.end <= offset; });
        if (candidate == children.end() || !(covers(node(*candidate).range) || covers(node(*candidate).nameRange)))
            return current;
        current = *candidate;
    }
}

Splice SyntaxTree::replaceValue(int index, const QByteArray &json) const
{
    const Style style(*this);
    return {node(index).range, style.adapted(json, style.indentAt(style.start(index)))};
}

Splice SyntaxTree::insertMember(int objectIndex, const QByteArray &name, const QByteArray &json) const
{
    const Style style(*this);
    const QByteArray prefix = quotedName(name) + style.colon(objectIndex);
    const Node &object = node(objectIndex);
    if (object.children.empty())
        return fillEmpty(*this, objectIndex, prefix, json);
    const qsizetype end = node(object.children.back()).range.end;
    const QByteArray gap = style.gap(objectIndex);
    const QByteArray indent = style.indentAt(style.start(object.children.back()));
    return {{end, end}, ',' + gap + prefix + style.adapted(json, indent)};
}

Splice SyntaxTree::insertElement(int arrayIndex, int before, const QByteArray &json) const
{
    const Style style(*this);
    const Node &array = node(arrayIndex);
    if (array.children.empty())
        return fillEmpty(*this, arrayIndex, {}, json);
    const QByteArray gap = style.gap(arrayIndex);
    const auto place = std::size_t(std::max(before, 0));
    if (place >= array.children.size()) {
        const qsizetype end = node(array.children.back()).range.end;
        return {{end, end}, ',' + gap + style.adapted(json, style.indentAt(style.start(array.children.back())))};
    }
    const qsizetype begin = node(array.children[place]).range.begin;
    return {{begin, begin}, style.adapted(json, style.indentAt(begin)) + ',' + gap};
}

Splice SyntaxTree::remove(int index) const
{
    const Style style(*this);
    const Node &removed = node(index);
    if (removed.parent < 0)
        return {removed.range, {}};
    const Node &container = node(removed.parent);
    const auto place = std::find(container.children.begin(), container.children.end(), index);
    if (container.children.size() == 1)
        return {{container.range.begin + 1, container.range.end - 1}, {}};
    if (place == container.children.begin())
        return {{style.start(index), style.start(*(place + 1))}, {}};
    return {{node(*(place - 1)).range.end, removed.range.end}, {}};
}

Splice SyntaxTree::renameMember(int index, const QByteArray &name) const
{
    return {node(index).nameRange, quotedName(name)};
}

SyntaxTree::Look SyntaxTree::lookAt(int containerIndex) const
{
    const Style style(*this);
    Look look;
    look.step = style.step();
    look.colon = style.colon(containerIndex);
    if (node(containerIndex).children.empty()) {
        look.lines = style.opensOnLines(containerIndex);
        look.gap = look.colon.endsWith(' ') ? " " : "";
        return look;
    }
    look.gap = style.gap(containerIndex);
    look.lines = hasLineBreak(style.blanksBefore(style.start(node(containerIndex).children.front())));
    if (hasLineBreak(look.gap))
        look.gap = " ";
    return look;
}

QByteArray apply(const QByteArray &source, const Splice &splice)
{
    QByteArray out;
    out.reserve(source.size() - splice.range.length() + splice.text.size());
    const QByteArrayView view(source);
    out += view.first(splice.range.begin);
    out += splice.text;
    out += view.sliced(splice.range.end);
    return out;
}

Splice inverse(const QByteArray &source, const Splice &splice)
{
    return {{splice.range.begin, splice.range.begin + splice.text.size()}, source.mid(splice.range.begin, splice.range.length())};
}

} // namespace tokenlab::json
