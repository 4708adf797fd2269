#include "core/gateway/edit.h"

#include "core/gateway/layout.h"
#include "core/json/unmarshal.h"
#include "core/json/writer.h"

namespace tokenlab::gateway::edit {

namespace {

using json::SyntaxTree;

std::string_view view(QByteArrayView bytes)
{
    return {bytes.data(), std::size_t(bytes.size())};
}

bool isObject(const SyntaxTree &tree, int index)
{
    return index >= 0 && tree.node(index).type == json::Type::Object;
}

bool isContainer(const SyntaxTree::Node &node)
{
    return node.type == json::Type::Object || node.type == json::Type::Array;
}

// The blanks before the first token of the line that holds `at`.
QByteArray lineIndent(const QByteArray &source, qsizetype at)
{
    const qsizetype line = at > 0 ? source.lastIndexOf('\n', at - 1) + 1 : 0;
    qsizetype end = line;
    while (end < source.size() && (source[end] == ' ' || source[end] == '\t'))
        ++end;
    return source.mid(line, end - line);
}

Layout layoutOf(const SyntaxTree::Look &look)
{
    Layout layout;
    layout.lines = look.lines;
    layout.step = look.step;
    layout.colon = look.colon;
    layout.gap = look.gap;
    return layout;
}

QByteArray asChild(const SyntaxTree &tree, int container, const QByteArray &json)
{
    return laidOut(json, layoutOf(tree.lookAt(container)));
}

// A container in place of another keeps its manner: on one line, or spread.
QByteArray inPlaceOf(const SyntaxTree &tree, int index, const QByteArray &json)
{
    const SyntaxTree::Node &old = tree.node(index);
    const bool sameKind = json.trimmed().startsWith(old.type == json::Type::Object ? '{' : '[');
    if (!isContainer(old) || old.children.empty() || !sameKind)
        return asChild(tree, old.parent < 0 ? index : old.parent, json);
    Layout layout = layoutOf(tree.lookAt(index));
    layout.spreadList = layout.lines && old.type == json::Type::Array;
    return laidOut(json, layout);
}

std::optional<json::Splice> replaced(const SyntaxTree &tree, int index, const QByteArray &json)
{
    if (!json::parse(json))
        return {};
    return tree.replaceValue(index, inPlaceOf(tree, index, json));
}

std::optional<json::Splice> addedMember(const SyntaxTree &tree, int object, const QByteArray &name, const QByteArray &json)
{
    if (!json::parse(json))
        return {};
    return tree.insertMember(object, name, asChild(tree, object, json));
}

std::optional<json::Splice> addedElement(const SyntaxTree &tree, int array, const QByteArray &json)
{
    if (!json::parse(json))
        return {};
    return tree.insertElement(array, int(tree.node(array).children.size()), asChild(tree, array, json));
}

std::optional<std::vector<QByteArray>> tokens(QByteArrayView path)
{
    std::vector<QByteArray> out;
    if (path.isEmpty())
        return out;
    if (path.front() != '/')
        return {};
    for (QByteArray token : path.sliced(1).toByteArray().split('/')) {
        for (qsizetype at = token.indexOf('~'); at >= 0; at = token.indexOf('~', at + 1)) {
            if (at + 1 == token.size() || (token[at + 1] != '0' && token[at + 1] != '1'))
                return {};
        }
        out.push_back(token.replace("~1", "/").replace("~0", "~"));
    }
    return out;
}

// Components are known by their exact names; everything around them matches whatever its case.
int childOf(const SyntaxTree &tree, int container, const QByteArray &token)
{
    const SyntaxTree::Node &node = tree.node(container);
    if (node.type == json::Type::Array) {
        bool isNumber = false;
        const qulonglong place = token.toULongLong(&isNumber);
        const bool canonical = isNumber && token == QByteArray::number(place);
        return canonical && place < node.children.size() ? node.children[std::size_t(place)] : -1;
    }
    const int found = member(tree, container, token);
    if (found >= 0 && json::equalFold(view(node.name), "extra_config") && tree.node(found).name != token)
        return -1;
    return found;
}

// As far as the path exists: the last place, and how many of its tokens led there.
std::pair<int, std::size_t> deepest(const SyntaxTree &tree, const std::vector<QByteArray> &path)
{
    int current = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const int next = childOf(tree, current, path[i]);
        if (next < 0)
            return {current, i};
        current = next;
    }
    return {current, path.size()};
}

int placeOf(const SyntaxTree &tree, QByteArrayView path)
{
    // What is spelt exactly goes first: a rule points at the very member that it means.
    if (const int exact = tree.find(path); exact >= 0)
        return exact;
    const auto names = tokens(path);
    if (!names)
        return -1;
    const auto [place, depth] = deepest(tree, *names);
    return depth == names->size() ? place : -1;
}

bool isUsable(const json::Splice &splice, qsizetype from, qsizetype size)
{
    return splice.range.begin >= from && splice.range.end >= splice.range.begin && splice.range.end <= size;
}

constexpr auto signerTemplate = R"({"alg":"HS256","kid":"","keys_to_sign":["access_token"],"jwk_url":"https://"})";

} // namespace

QByteArray apply(const QByteArray &source, const Edit &edit)
{
    const QByteArrayView all(source);
    QByteArray out;
    qsizetype done = 0;
    for (const json::Splice &splice : edit) {
        if (!isUsable(splice, done, source.size()))
            continue;
        out += all.sliced(done, splice.range.begin - done);
        out += splice.text;
        done = splice.range.end;
    }
    out += all.sliced(done);
    return out;
}

Edit inverse(const QByteArray &source, const Edit &edit)
{
    Edit back;
    qsizetype done = 0, shift = 0;
    for (const json::Splice &splice : edit) {
        if (!isUsable(splice, done, source.size()))
            continue;
        const qsizetype begin = splice.range.begin + shift;
        back.push_back({{begin, begin + splice.text.size()}, source.mid(splice.range.begin, splice.range.length())});
        done = splice.range.end;
        shift += splice.text.size() - splice.range.length();
    }
    return back;
}

std::optional<json::Splice> joined(const QByteArray &source, const Edit &edit)
{
    const QByteArray target = apply(source, edit);
    const qsizetype common = std::min(source.size(), target.size());
    qsizetype front = 0;
    while (front < common && source[front] == target[front])
        ++front;
    if (front == source.size() && front == target.size())
        return {};
    qsizetype back = 0;
    while (back < common - front && source[source.size() - 1 - back] == target[target.size() - 1 - back])
        ++back;
    // Characters stay whole: an editor counts in them.
    const auto inside = [](const QByteArray &text, qsizetype at) { return at < text.size() && (uchar(text[at]) & 0xc0) == 0x80; };
    while (front > 0 && (inside(source, front) || inside(target, front)))
        --front;
    while (back > 0 && (inside(source, source.size() - back) || inside(target, target.size() - back)))
        --back;
    return json::Splice{{front, source.size() - back}, target.mid(front, target.size() - back - front)};
}

QByteArray quotedBytes(QByteArrayView utf8)
{
    QByteArray out;
    json::appendString(out, view(utf8), json::Escapes::Minimal);
    return out;
}

QByteArray quoted(const QString &text)
{
    return quotedBytes(text.toUtf8());
}

QByteArray stringList(const QStringList &texts)
{
    QByteArrayList quotedTexts;
    for (const QString &text : texts)
        quotedTexts << quoted(text);
    return '[' + quotedTexts.join(", ") + ']';
}

int member(const SyntaxTree &tree, int object, QByteArrayView name)
{
    if (!isObject(tree, object))
        return -1;
    int found = -1;
    bool exact = false;
    for (const int child : tree.node(object).children) {
        const QByteArray &childName = tree.node(child).name;
        if (childName == name) {
            found = child;
            exact = true;
        } else if (!exact && json::equalFold(view(childName), view(name))) {
            found = child;
        }
    }
    return found;
}

std::optional<json::Splice> setMember(const SyntaxTree &tree, QByteArrayView object, const QByteArray &name, const QByteArray &json)
{
    const int index = tree.find(object);
    if (!isObject(tree, index))
        return {};
    const int existing = member(tree, index, name);
    return existing >= 0 ? replaced(tree, existing, json) : addedMember(tree, index, name, json);
}

std::optional<json::Splice> setAt(const SyntaxTree &tree, QByteArrayView path, const QByteArray &json)
{
    if (const int exact = tree.find(path); exact >= 0)
        return replaced(tree, exact, json);
    const auto names = tokens(path);
    if (!names)
        return {};
    const auto [place, depth] = deepest(tree, *names);
    if (depth == names->size())
        return replaced(tree, place, json);
    // What is missing below the first missing name; arrays are not guessed.
    QByteArray inner = json;
    for (std::size_t i = names->size(); i > depth + 1; --i)
        inner = '{' + quotedBytes((*names)[i - 1]) + ':' + inner + '}';
    const QByteArray &name = (*names)[depth];
    switch (tree.node(place).type) {
    case json::Type::Object:
        return addedMember(tree, place, name, inner);
    case json::Type::Array:
        if (name != "-" && name != QByteArray::number(qulonglong(tree.node(place).children.size())))
            return {};
        return addedElement(tree, place, inner);
    case json::Type::Null: // as good as missing
        return place > 0 ? replaced(tree, place, '{' + quotedBytes(name) + ':' + inner + '}') : std::nullopt;
    default:
        return {};
    }
}

std::optional<json::Splice> removeAt(const SyntaxTree &tree, QByteArrayView path)
{
    const int index = placeOf(tree, path);
    return index > 0 ? std::optional(tree.remove(index)) : std::nullopt;
}

std::optional<json::Splice> renameAt(const SyntaxTree &tree, QByteArrayView path, const QByteArray &name)
{
    const int index = placeOf(tree, path);
    if (index <= 0 || tree.node(index).nameRange.length() == 0)
        return {};
    // A second member of that name would hide one of the two.
    for (const int sibling : tree.node(tree.node(index).parent).children) {
        if (tree.node(sibling).name == name)
            return {};
    }
    return tree.renameMember(index, name);
}

std::optional<json::Splice> removeMember(const SyntaxTree &tree, QByteArrayView object, QByteArrayView name)
{
    const int existing = member(tree, tree.find(object), name);
    if (existing < 0)
        return {};
    return tree.remove(existing);
}

std::optional<json::Splice> appendText(const SyntaxTree &tree, QByteArrayView object, const QByteArray &name, const QString &text)
{
    const int index = tree.find(object);
    const int existing = member(tree, index, name);
    if (existing < 0)
        return setMember(tree, object, name, stringList({text}));
    const SyntaxTree::Node &node = tree.node(existing);
    if (node.type == json::Type::Array)
        return tree.insertElement(existing, int(node.children.size()), quoted(text));
    const QByteArray old = tree.source().mid(node.range.begin, node.range.length());
    return tree.replaceValue(existing, node.type == json::Type::Null ? stringList({text}) : '[' + old + ", " + quoted(text) + ']');
}

std::optional<json::Splice> removeElement(const SyntaxTree &tree, QByteArrayView object, QByteArrayView name, int index)
{
    const int existing = member(tree, tree.find(object), name);
    if (existing < 0)
        return {};
    const SyntaxTree::Node &node = tree.node(existing);
    if (node.type != json::Type::Array || index < 0 || index >= int(node.children.size()))
        return {};
    return tree.remove(node.children[std::size_t(index)]);
}

std::optional<json::Splice> replaceText(const SyntaxTree &tree, QByteArrayView object, QByteArrayView name, QByteArrayView from,
                                        const QString &to)
{
    const int existing = member(tree, tree.find(object), name);
    if (existing < 0 || tree.node(existing).type != json::Type::Array)
        return {};
    for (const int child : tree.node(existing).children) {
        const json::Range range = tree.node(child).range;
        const auto element = json::parse(tree.source().mid(range.begin, range.length()));
        if (element && element.value().root().isString() && element.value().root().bytes() == from)
            return tree.replaceValue(child, quoted(to));
    }
    return {};
}

std::vector<QByteArray> memberNames(const QByteArray &json)
{
    std::vector<QByteArray> names;
    if (const auto document = json::parse(json)) {
        for (const json::Member &member : document.value().root().members())
            names.emplace_back(member.name.data(), qsizetype(member.name.size()));
    }
    return names;
}

std::optional<json::Splice> addSigner(const SyntaxTree &tree, QByteArrayView endpoint)
{
    const int index = tree.find(endpoint);
    if (!isObject(tree, index))
        return {};
    const int extra = member(tree, index, "extra_config");
    if (isObject(tree, extra))
        return addedMember(tree, extra, "auth/signer", signerTemplate);
    const QByteArray json = QByteArray("{\"auth/signer\":") + signerTemplate + '}';
    return extra >= 0 ? replaced(tree, extra, json) : addedMember(tree, index, "extra_config", json);
}

std::optional<json::Splice> addEndpoint(const SyntaxTree &tree, const QByteArray &json)
{
    const QByteArray endpoint = json.isEmpty()
                                    ? QByteArray(R"({"endpoint":"/new-token","method":"POST","backend":[{"url_pattern":"/token-issuer",)"
                                                 R"("host":["http://localhost:8000"]}],"extra_config":{"auth/signer":)") +
                                          signerTemplate + "}}"
                                    : json;
    const int endpoints = member(tree, 0, "endpoints");
    if (endpoints < 0)
        return isObject(tree, 0) ? addedMember(tree, 0, "endpoints", '[' + endpoint + ']') : std::nullopt;
    const SyntaxTree::Node &node = tree.node(endpoints);
    if (node.type == json::Type::Array)
        return addedElement(tree, endpoints, endpoint);
    if (node.type == json::Type::Null)
        return replaced(tree, endpoints, '[' + endpoint + ']');
    return {};
}

QByteArray excerpt(const SyntaxTree &tree, QByteArrayView pointer)
{
    const int index = tree.find(pointer);
    if (index < 0)
        return {};
    const json::Range range = tree.node(index).range;
    QByteArray text = tree.source().mid(range.begin, range.length());
    const QByteArray indent = lineIndent(tree.source(), range.begin);
    if (!indent.isEmpty())
        text.replace("\n" + indent, "\n");
    return text;
}

} // namespace tokenlab::gateway::edit
