#include "core/gateway/loadaround.h"

#include "core/gateway/edit.h"
#include "core/gateway/rules.h"

#include <algorithm>

namespace tokenlab::gateway {

namespace {

constexpr int mostLoads = 40, fewestLoads = 4;
constexpr qsizetype mostBytes = qsizetype(16) << 20; // of all copies together

const QByteArray someBackend = QByteArrayLiteral(R"({"url_pattern":"/","host":["http://backend"]})");

QByteArray parentOf(const QByteArray &pointer)
{
    return pointer.left(std::max<qsizetype>(pointer.lastIndexOf('/'), 0));
}

// `endpoints/#/backend/#` of `/endpoints/3/backend/0`.
QByteArray shapeOf(const QByteArray &pointer)
{
    QByteArray out;
    for (const QByteArray &part : pointer.mid(1).split('/')) {
        const bool number = !part.isEmpty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
        out += (out.isEmpty() ? "" : "/") + (number ? QByteArray("#") : part.toLower());
    }
    return out;
}

class Around
{
public:
    explicit Around(const QByteArray &text) : m_text(text) {}

    LoadedAround run(const ConfigError &first)
    {
        m_out.errors.push_back(first);
        int loads = int(std::clamp<qsizetype>(mostBytes / std::max<qsizetype>(m_text.size(), 1), fewestLoads, mostLoads));
        while (loads-- > 0 && takeOut(m_out.errors.back())) {
            auto service = load(m_text, QStringLiteral("krakend.json"));
            if (service) {
                m_out.service = std::move(service).value();
                for (EndpointConfig &endpoint : m_out.service->endpoints) {
                    const auto path = m_paths.find(endpoint.pointer);
                    if (path == m_paths.end())
                        continue;
                    endpoint.path = path->second;
                    endpoint.route = routeOf(endpoint.path, endpointParameters(endpoint.path, false));
                }
                break;
            }
            const ConfigError &next = service.error();
            const bool again = std::any_of(m_out.errors.begin(), m_out.errors.end(), [&](const ConfigError &known) {
                return known.text == next.text && known.pointer == next.pointer && known.offset == next.offset;
            });
            if (again)
                break;
            m_out.errors.push_back(next);
        }
        return std::move(m_out);
    }

private:
    bool takeOut(const ConfigError &error)
    {
        const auto tree = json::SyntaxTree::parse(m_text);
        if (!tree || tree->root().type != json::Type::Object)
            return false;
        const auto splice = without(*tree, error);
        if (!splice)
            return false;
        m_text = json::apply(m_text, *splice);
        return true;
    }

    std::optional<json::Splice> without(const json::SyntaxTree &tree, const ConfigError &error)
    {
        const int node = tree.find(error.pointer);
        if (error.offset >= 0) { // a number that is too large
            const int at = tree.at(error.offset);
            return at > 0 && tree.node(at).type == json::Type::Number ? std::optional(tree.replaceValue(at, "0")) : std::nullopt;
        }
        if (error.text.startsWith("unsupported version: "))
            return edit::setMember(tree, {}, "version", "3");
        if (error.text.endsWith("endpoint, since it has 0 backends defined!"))
            return invent(edit::setMember(tree, error.pointer, "backend", '[' + someBackend + ']'), error.pointer + "/backend");
        if (node <= 0)
            return std::nullopt;
        const bool isText = tree.node(node).type == json::Type::String;
        if (error.text.endsWith("endpoint, since it is invalid!!!"))
            return isText ? otherPath(tree, node, error.pointer) : std::nullopt;
        if (error.text.startsWith("can not use NoOp encoding"))
            return isText ? std::optional(tree.replaceValue(node, R"("json")"))
                          : edit::setMember(tree, error.pointer, "output_encoding", R"("json")");
        if (error.text.endsWith(" not valid: invalid host"))
            return tree.replaceValue(node, R"("http://backend")");
        if (error.text.startsWith("undefined output param ") || error.text.startsWith("input and output params do not match"))
            return isText ? std::optional(tree.replaceValue(node, edit::quotedBytes(written(tree, node).replace('{', "").replace('}', ""))))
                          : std::nullopt;
        return other(tree, node, error.pointer);
    }

    // Of a wrong kind, no duration, no address, or null.
    std::optional<json::Splice> other(const json::SyntaxTree &tree, int node, const QByteArray &pointer)
    {
        const QByteArray shape = shapeOf(pointer);
        if (shape == "endpoints/#") {
            const QByteArray endpoint = R"({"endpoint":"/token-lab-)" + pointer.mid(11) + R"(","backend":[)" + someBackend + "]}";
            return invent(tree.replaceValue(node, endpoint), pointer);
        }
        if (shape.endsWith("backend/#"))
            return invent(tree.replaceValue(node, someBackend), pointer);
        if (shape == "endpoints/#/backend")
            return invent(tree.replaceValue(node, '[' + someBackend + ']'), pointer);
        if (shape == "async_agent/#")
            return invent(tree.replaceValue(node, R"({"backend":[]})"), pointer);
        if (shape == "endpoints/#/endpoint")
            return tree.replaceValue(node, R"("/token-lab-)" + QByteArray::number(tree.node(node).range.begin) + '"');
        if (shape == "version")
            return tree.replaceValue(node, "3");
        // An element of a list keeps its place, so that the others keep theirs.
        if (tree.node(tree.node(node).parent).type == json::Type::Array)
            return tree.replaceValue(node, R"("")");
        return tree.remove(node);
    }

    // The same parameters under a name that the gateway takes; the file's own name is put back afterwards.
    std::optional<json::Splice> otherPath(const json::SyntaxTree &tree, int node, const QByteArray &pointer)
    {
        const QByteArray path = cleanPath(written(tree, node));
        QByteArray other = "/token-lab-" + QByteArray::number(tree.node(node).range.begin) + path;
        other.replace('*', "").replace("/__", "/");
        if (isForbiddenPath(other))
            return std::nullopt;
        m_paths.insert_or_assign(parentOf(pointer), path);
        return tree.replaceValue(node, edit::quotedBytes(other));
    }

    std::optional<json::Splice> invent(std::optional<json::Splice> splice, const QByteArray &pointer)
    {
        m_out.invented.push_back(pointer);
        return splice;
    }

    static QByteArray written(const json::SyntaxTree &tree, int node)
    {
        const json::Range range = tree.node(node).range;
        const auto value = json::parse(tree.source().mid(range.begin, range.length()));
        return value ? value->root().bytes() : QByteArray();
    }

    QByteArray m_text;
    std::map<QByteArray, QByteArray> m_paths; // by endpoint, as written
    LoadedAround m_out;
};

} // namespace

LoadedAround loadAround(const QByteArray &text, const ConfigError &first)
{
    return Around(text).run(first);
}

} // namespace tokenlab::gateway
