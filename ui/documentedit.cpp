#include "ui/documentedit.h"

#include "core/json/unmarshal.h"
#include "ui/widgets/jsonpretty.h"

namespace tokenlab::ui::edit {

namespace {

std::string_view view(QByteArrayView bytes)
{
    return {bytes.data(), std::size_t(bytes.size())};
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

// Laid out so that it fits as a child of the node whose line starts at `at`.
QByteArray indented(const QByteArray &json, const QByteArray &indent)
{
    QByteArray text = prettyLossless(json);
    text.replace("\n", "\n" + indent);
    return text;
}

QByteArray childIndent(const json::SyntaxTree &tree, int index)
{
    const json::SyntaxTree::Node &node = tree.node(index);
    if (!node.children.empty()) {
        const json::SyntaxTree::Node &child = tree.node(node.children.front());
        return lineIndent(tree.source(), child.nameRange.length() > 0 ? child.nameRange.begin : child.range.begin);
    }
    return lineIndent(tree.source(), node.range.begin) + "  ";
}

constexpr auto signerTemplate = R"({"alg":"HS256","kid":"","keys_to_sign":["access_token"],"jwk_url":"https://"})";

} // namespace

QByteArray quoted(const QString &text)
{
    QByteArray out = "\"";
    for (const char c : text.toUtf8()) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (uchar(c) < 0x20) {
            out += "\\u00" + QByteArray::number(uchar(c), 16).rightJustified(2, '0');
        } else {
            out += c;
        }
    }
    return out + '"';
}

QByteArray stringList(const QStringList &texts)
{
    QByteArrayList quotedTexts;
    for (const QString &text : texts)
        quotedTexts << quoted(text);
    return '[' + quotedTexts.join(", ") + ']';
}

int member(const json::SyntaxTree &tree, int object, QByteArrayView name)
{
    if (object < 0 || tree.node(object).type != json::Type::Object)
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

std::optional<json::Splice> setMember(const json::SyntaxTree &tree, QByteArrayView object, const QByteArray &name, const QByteArray &json)
{
    const int index = tree.find(object);
    if (index < 0 || tree.node(index).type != json::Type::Object)
        return {};
    const int existing = member(tree, index, name);
    return existing >= 0 ? tree.replaceValue(existing, json) : tree.insertMember(index, name, json);
}

std::optional<json::Splice> removeMember(const json::SyntaxTree &tree, QByteArrayView object, QByteArrayView name)
{
    const int existing = member(tree, tree.find(object), name);
    if (existing < 0)
        return {};
    return tree.remove(existing);
}

std::optional<json::Splice> appendText(const json::SyntaxTree &tree, QByteArrayView object, const QByteArray &name, const QString &text)
{
    const int index = tree.find(object);
    const int existing = member(tree, index, name);
    if (existing < 0)
        return setMember(tree, object, name, stringList({text}));
    const json::SyntaxTree::Node &node = tree.node(existing);
    if (node.type == json::Type::Array)
        return tree.insertElement(existing, int(node.children.size()), quoted(text));
    const QByteArray old = tree.source().mid(node.range.begin, node.range.length());
    return tree.replaceValue(existing, node.type == json::Type::Null ? stringList({text}) : '[' + old + ", " + quoted(text) + ']');
}

std::optional<json::Splice> removeElement(const json::SyntaxTree &tree, QByteArrayView object, QByteArrayView name, int index)
{
    const int existing = member(tree, tree.find(object), name);
    if (existing < 0)
        return {};
    const json::SyntaxTree::Node &node = tree.node(existing);
    if (node.type != json::Type::Array || index < 0 || index >= int(node.children.size()))
        return {};
    return tree.remove(node.children[std::size_t(index)]);
}

std::optional<json::Splice> replaceText(const json::SyntaxTree &tree, QByteArrayView object, QByteArrayView name, QByteArrayView from,
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

std::optional<json::Splice> addSigner(const json::SyntaxTree &tree, QByteArrayView endpoint)
{
    const int index = tree.find(endpoint);
    if (index < 0 || tree.node(index).type != json::Type::Object)
        return {};
    const int extra = member(tree, index, "extra_config");
    if (extra >= 0 && tree.node(extra).type == json::Type::Object)
        return tree.insertMember(extra, "auth/signer", indented(signerTemplate, childIndent(tree, extra)));
    const QByteArray json = indented(QByteArray("{\"auth/signer\":") + signerTemplate + '}', childIndent(tree, index));
    return extra >= 0 ? tree.replaceValue(extra, json) : tree.insertMember(index, "extra_config", json);
}

std::optional<json::Splice> addEndpoint(const json::SyntaxTree &tree)
{
    const int endpoints = member(tree, 0, "endpoints");
    const QByteArray endpoint = QByteArray(R"({"endpoint":"/new-token","method":"POST","backend":[{"url_pattern":"/token-issuer",)"
                                           R"("host":["http://localhost:8000"]}],"extra_config":{"auth/signer":)") +
                                signerTemplate + "}}";
    if (endpoints < 0)
        return tree.root().type == json::Type::Object
                   ? std::optional(tree.insertMember(0, "endpoints", indented('[' + endpoint + ']', childIndent(tree, 0))))
                   : std::nullopt;
    if (tree.node(endpoints).type != json::Type::Array)
        return {};
    return tree.insertElement(endpoints, int(tree.node(endpoints).children.size()), indented(endpoint, childIndent(tree, endpoints)));
}

QByteArray excerpt(const json::SyntaxTree &tree, QByteArrayView pointer)
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

} // namespace tokenlab::ui::edit
