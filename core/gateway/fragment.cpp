// Completing what people paste: the manual shows a signer's members, an endpoint, or a file without version and backends.
#include "core/gateway/components.h"
#include "core/gateway/config.h"
#include "core/gateway/rules.h"
#include "core/json/syntaxtree.h"
#include "core/json/unmarshal.h"
#include "core/json/writer.h"

#include <algorithm>

namespace tokenlab::gateway {

namespace {

using json::SyntaxTree;
using json::Type;

const QByteArray defaultHost("http://your-backend");
const QByteArray defaultPattern("/token-issuer");
const QByteArray defaultPath("/token");
const QByteArray step("    ");

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

// The last member whose name matches as the gateway matches it, or -1.
int member(const SyntaxTree &tree, int object, std::string_view name)
{
    int found = -1;
    if (object < 0 || tree.node(object).type != Type::Object)
        return found;
    for (const int child : tree.node(object).children) {
        if (json::equalFold(view(tree.node(child).name), name))
            found = child;
    }
    return found;
}

int exactMember(const SyntaxTree &tree, int object, const QByteArray &name)
{
    int found = -1;
    if (object < 0 || tree.node(object).type != Type::Object)
        return found;
    for (const int child : tree.node(object).children) {
        if (tree.node(child).name == name)
            found = child;
    }
    return found;
}

bool isEmpty(const SyntaxTree &tree, int node)
{
    return node < 0 || tree.node(node).type == Type::Null ||
           ((tree.node(node).type == Type::Array || tree.node(node).type == Type::Object) && tree.node(node).children.empty());
}

QByteArray sourceOf(const SyntaxTree &tree, int node)
{
    const json::Range range = tree.node(node).range;
    return tree.source().mid(range.begin, range.length());
}

// Pushed right by some steps; safe, as no JSON string holds a line break.
QByteArray indented(QByteArray text, int steps)
{
    return text.replace('\n', '\n' + step.repeated(steps));
}

QByteArray quoted(const QByteArray &text)
{
    QByteArray out;
    json::appendString(out, view(text));
    return out;
}

// The backend is most likely where the key is; the example's host otherwise.
QByteArray likelyHost(const SyntaxTree &tree, int signer)
{
    const int url = member(tree, signer, "jwk_url");
    if (url < 0 || tree.node(url).type != Type::String)
        return defaultHost;
    const auto document = json::parse(sourceOf(tree, url));
    const QByteArray text = document ? document->root().bytes() : QByteArray();
    const qsizetype name = text.startsWith("http://") ? 7 : text.startsWith("https://") ? 8 : -1;
    if (name < 0)
        return defaultHost;
    qsizetype end = name;
    while (end < text.size() && !QByteArrayView("/?#").contains(text[end]))
        ++end;
    return cleanHost(text.left(end)).value_or(defaultHost);
}

int signerIn(const SyntaxTree &tree, int extraConfig)
{
    const int publicOne = exactMember(tree, extraConfig, "auth/signer");
    return publicOne >= 0 ? publicOne : exactMember(tree, extraConfig, component::signer);
}

QByteArray backendList(const QByteArray &host)
{
    return "[\n" + step + "{\n" + step + step + "\"host\": [" + quoted(host) + "],\n" + step + step +
           "\"url_pattern\": " + quoted(defaultPattern) + '\n' + step + "}\n]";
}

bool hasAny(const SyntaxTree &tree, std::initializer_list<std::string_view> names)
{
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return member(tree, 0, name) >= 0; });
}

Completed::Kind kindOf(const SyntaxTree &tree)
{
    if (tree.root().type != Type::Object)
        return Completed::Whole;
    if (hasAny(tree, {"version"}))
        return Completed::Whole;
    if (hasAny(tree, {"endpoints"}))
        return Completed::NoVersion;
    if (hasAny(tree, {"endpoint", "backend", "extra_config"}))
        return Completed::Endpoint;
    if (signerIn(tree, 0) >= 0 || exactMember(tree, 0, "auth/validator") >= 0)
        return Completed::ExtraConfig;
    if (hasAny(tree, {"alg", "kid", "keys_to_sign", "jwk_url", "jwk_local_path"}))
        return Completed::Signer;
    return Completed::Whole;
}

// An edit of the text that keeps the tree in step with it.
class Editor
{
public:
    explicit Editor(SyntaxTree tree) : m_tree(std::move(tree)) {}
    const SyntaxTree &tree() const { return m_tree; }

    void apply(const json::Splice &splice)
    {
        auto tree = SyntaxTree::parse(json::apply(m_tree.source(), splice));
        if (tree)
            m_tree = std::move(tree).value();
    }

    // The member with this JSON where there is none or an empty one.
    void fill(int object, const QByteArray &name, const QByteArray &json)
    {
        const int there = member(m_tree, object, view(name));
        apply(there < 0 ? m_tree.insertMember(object, name, json) : m_tree.replaceValue(there, json));
    }

private:
    SyntaxTree m_tree;
};

void completeEndpoint(Editor &editor, const QByteArray &at, std::vector<QByteArray> &added, const QByteArray &prefix)
{
    const auto here = [&] { return editor.tree().find(at); };
    if (here() < 0 || editor.tree().node(here()).type != Type::Object)
        return;
    if (member(editor.tree(), here(), "endpoint") < 0) {
        editor.fill(here(), "endpoint", quoted(defaultPath));
        added.push_back(prefix + at + "/endpoint");
    }
    if (isEmpty(editor.tree(), member(editor.tree(), here(), "backend"))) {
        const int extra = member(editor.tree(), here(), "extra_config");
        editor.fill(here(), "backend", backendList(likelyHost(editor.tree(), signerIn(editor.tree(), extra))));
        added.push_back(prefix + at + "/backend");
    }
}

QByteArray wholeFile(const QByteArray &endpoint)
{
    return "{\n" + step + "\"version\": 3,\n" + step + "\"endpoints\": [\n" + step + step + indented(endpoint, 2) + '\n' + step + "]\n}\n";
}

QByteArray endpointAround(const QByteArray &extraConfig, const QByteArray &host)
{
    return "{\n" + step + "\"endpoint\": " + quoted(defaultPath) + ",\n" + step + "\"method\": \"POST\",\n" + step +
           "\"backend\": " + indented(backendList(host), 1) + ",\n" + step + "\"extra_config\": " + indented(extraConfig, 1) + "\n}";
}

} // namespace

Completed completeFragment(const QByteArray &text)
{
    auto parsed = SyntaxTree::parse(text);
    if (!parsed) {
        // `"auth/signer": {…}` as it stands in a file, perhaps with its comma.
        QByteArray inner = text.trimmed();
        if (inner.endsWith(','))
            inner.chop(1);
        if (!inner.startsWith('"'))
            return {text, Completed::Whole, {}};
        parsed = SyntaxTree::parse("{\n" + step + inner + "\n}");
        if (!parsed || kindOf(parsed.value()) == Completed::Whole)
            return {text, Completed::Whole, {}};
    }
    Editor editor(std::move(parsed).value());
    const SyntaxTree &tree = editor.tree();
    Completed out;
    out.kind = kindOf(tree);
    switch (out.kind) {
    case Completed::Whole:
        out.text = text;
        break;
    case Completed::NoVersion: {
        editor.fill(0, "version", "3");
        out.added.push_back("/version");
        const int endpoints = member(tree, 0, "endpoints");
        const QByteArray pointer = tree.pointerOf(endpoints);
        if (tree.node(endpoints).type == Type::Array) {
            const std::size_t count = tree.node(endpoints).children.size();
            for (std::size_t i = 0; i < count; ++i)
                completeEndpoint(editor, pointer + '/' + QByteArray::number(qulonglong(i)), out.added, {});
        } else {
            completeEndpoint(editor, pointer, out.added, {});
        }
        out.text = tree.source();
        break;
    }
    case Completed::Endpoint:
        out.added = {"/version"};
        // An extra_config with a signer and nothing around it: the signer of a login, as when it stands alone.
        if (!hasAny(tree, {"endpoint", "method"}) && signerIn(tree, member(tree, 0, "extra_config")) >= 0) {
            editor.fill(0, "method", quoted("POST"));
            out.added.push_back("/endpoints/0/method");
        }
        completeEndpoint(editor, {}, out.added, "/endpoints/0");
        out.text = wholeFile(sourceOf(tree, 0));
        break;
    case Completed::ExtraConfig:
    case Completed::Signer: {
        const bool signer = out.kind == Completed::Signer;
        const QByteArray inner = sourceOf(tree, 0);
        const QByteArray extra = signer ? "{\n" + step + "\"auth/signer\": " + indented(inner, 1) + "\n}" : inner;
        out.text = wholeFile(endpointAround(extra, likelyHost(tree, signer ? 0 : signerIn(tree, 0))));
        out.added = {"/version", "/endpoints/0/endpoint", "/endpoints/0/method", "/endpoints/0/backend"};
        break;
    }
    }
    return out;
}

} // namespace tokenlab::gateway
