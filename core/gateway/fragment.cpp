// Completing what people paste: the manual shows a signer's members, an endpoint, or a file without version and backends.
#include "core/gateway/fragment.h"

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

// Objects that an endpoint list of a file could hold.
bool isEndpointList(const SyntaxTree &tree)
{
    const std::vector<int> &all = tree.root().children;
    return tree.root().type == Type::Array && !all.empty() && std::all_of(all.begin(), all.end(), [&](int node) {
               return tree.node(node).type == Type::Object && member(tree, node, "version") < 0 && member(tree, node, "endpoint") >= 0;
           });
}

Fragment kindOf(const SyntaxTree &tree)
{
    if (isEndpointList(tree))
        return Fragment::EndpointList;
    if (tree.root().type != Type::Object)
        return Fragment::Whole;
    if (hasAny(tree, {"version"}))
        return Fragment::Whole;
    if (hasAny(tree, {"endpoints"}))
        return Fragment::NoVersion;
    if (hasAny(tree, {"endpoint", "backend"}))
        return Fragment::Endpoint;
    if (hasAny(tree, {"url_pattern"}))
        return Fragment::Backend;
    if (hasAny(tree, {"extra_config"}))
        return Fragment::Endpoint;
    if (signerIn(tree, 0) >= 0 || exactMember(tree, 0, "auth/validator") >= 0 ||
        exactMember(tree, 0, "github.com/devopsfaith/krakend-jose/validator") >= 0)
        return Fragment::ExtraConfig;
    if (hasAny(tree, {"alg", "kid", "keys_to_sign", "jwk_url", "jwk_local_path"})) {
        const bool validates = hasAny(tree, {"issuer", "audience", "roles", "roles_key", "scopes", "scopes_key", "cache", "cookie_key",
                                             "auth_header_name", "propagate_claims", "key_identify_strategy"});
        return validates && !hasAny(tree, {"keys_to_sign", "kid"}) ? Fragment::Validator : Fragment::Signer;
    }
    return Fragment::Whole;
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

// Without extra_config where there is none.
QByteArray endpointAround(const QByteArray &extraConfig, const QByteArray &backends)
{
    return "{\n" + step + "\"endpoint\": " + quoted(defaultPath) + ",\n" + step + "\"method\": \"POST\",\n" + step +
           "\"backend\": " + indented(backends, 1) +
           (extraConfig.isEmpty() ? QByteArray() : ",\n" + step + "\"extra_config\": " + indented(extraConfig, 1)) + "\n}";
}

struct Parsed {
    SyntaxTree tree;
    qsizetype shift = 0; // from a place in it to that in the text
};

// The text, or what it is with braces or brackets around it: parts are pasted as they stand in a file, with their commas.
std::optional<Parsed> parsedFragment(const QByteArray &text)
{
    auto parsed = SyntaxTree::parse(text);
    if (parsed)
        return Parsed{std::move(parsed).value(), 0};
    QByteArray inner = text.trimmed();
    const qsizetype begin = text.indexOf(inner);
    const QByteArray open = "{\n" + step, openList = "[\n" + step;
    if (inner.endsWith(','))
        inner.chop(1);
    const bool objects = inner.startsWith('{') && inner.endsWith('}');
    const struct {
        bool fits;
        QByteArray before, after;
    } frames[] = {{inner.startsWith('"'), open, "\n}"}, {objects, {}, {}}, {objects, openList, "\n]"}};
    for (const auto &frame : frames) {
        if (!frame.fits)
            continue;
        parsed = SyntaxTree::parse(frame.before + inner + frame.after);
        if (parsed && kindOf(parsed.value()) != Fragment::Whole)
            return Parsed{std::move(parsed).value(), begin - frame.before.size()};
    }
    return {};
}

} // namespace

Fragment fragmentOf(const QByteArray &text)
{
    const auto parsed = parsedFragment(text);
    return parsed ? kindOf(parsed->tree) : Fragment::Whole;
}

Completed completeFragment(const QByteArray &text)
{
    auto parsed = parsedFragment(text);
    if (!parsed)
        return {text, Completed::Whole, {}, {}, text, 0};
    Completed out;
    out.part = parsed->tree.source();
    out.shift = parsed->shift;
    Editor editor(std::move(parsed->tree));
    const SyntaxTree &tree = editor.tree();
    const Fragment kind = kindOf(tree);
    switch (kind) {
    case Fragment::Whole:
        out.text = text;
        break;
    case Fragment::EndpointList: {
        out.kind = Completed::NoVersion;
        out.root = "/endpoints";
        out.added.push_back("/version");
        const std::size_t count = tree.root().children.size();
        for (std::size_t i = 0; i < count; ++i)
            completeEndpoint(editor, '/' + QByteArray::number(qulonglong(i)), out.added, "/endpoints");
        out.text = "{\n" + step + "\"version\": 3,\n" + step + "\"endpoints\": " + indented(sourceOf(tree, 0), 1) + "\n}\n";
        break;
    }
    case Fragment::Backend:
        out.kind = Completed::Endpoint;
        out.text = wholeFile(endpointAround({}, "[\n" + step + indented(sourceOf(tree, 0), 1) + "\n]"));
        out.root = "/endpoints/0/backend/0";
        out.added = {"/version", "/endpoints/0/endpoint", "/endpoints/0/method"};
        break;
    case Fragment::NoVersion: {
        out.kind = Completed::NoVersion;
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
    case Fragment::Endpoint:
        out.kind = Completed::Endpoint;
        out.root = "/endpoints/0";
        out.added = {"/version"};
        // An extra_config with a signer and nothing around it: the signer of a login, as when it stands alone.
        if (!hasAny(tree, {"endpoint", "method"}) && signerIn(tree, member(tree, 0, "extra_config")) >= 0) {
            editor.fill(0, "method", quoted("POST"));
            out.added.push_back("/endpoints/0/method");
        }
        completeEndpoint(editor, {}, out.added, "/endpoints/0");
        out.text = wholeFile(sourceOf(tree, 0));
        break;
    case Fragment::ExtraConfig:
    case Fragment::Validator:
    case Fragment::Signer: {
        const bool signer = kind == Fragment::Signer, whole = kind == Fragment::ExtraConfig;
        out.kind = signer ? Completed::Signer : Completed::ExtraConfig;
        const QByteArray inner = sourceOf(tree, 0);
        const QByteArray name = signer ? "auth/signer" : "auth/validator";
        const QByteArray extra = whole ? inner : "{\n" + step + quoted(name) + ": " + indented(inner, 1) + "\n}";
        out.root = "/endpoints/0/extra_config" + (whole ? QByteArray() : signer ? "/auth~1signer" : "/auth~1validator");
        out.text = wholeFile(endpointAround(extra, backendList(likelyHost(tree, whole ? signerIn(tree, 0) : 0))));
        out.added = {"/version", "/endpoints/0/endpoint", "/endpoints/0/method", "/endpoints/0/backend"};
        break;
    }
    }
    return out;
}

} // namespace tokenlab::gateway
