#include "core/keys/entry.h"

#include "core/crypto/hash.h"
#include "core/jose/base64.h"
#include "core/json/syntaxtree.h"
#include "core/json/writer.h"

#include <algorithm>
#include <array>

namespace tokenlab::keys {
namespace {

using crypto::SecretBytes;
using json::SyntaxTree;
using json::Type;

constexpr std::array labelNames = {"kid", "alg", "use"};
constexpr std::array privateNames = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"};

template <std::size_t N>
bool isOneOf(const std::array<const char *, N> &names, const QByteArray &name)
{
    return std::any_of(names.begin(), names.end(), [&](const char *one) { return name == one; });
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

void appendMember(QByteArray &out, const char *name, QByteArrayView value)
{
    if (out.size() > 1)
        out += ',';
    out += '"';
    out += name;
    out += "\":";
    out += value;
}

QByteArray quotedText(const QByteArray &text)
{
    QByteArray out;
    json::appendString(out, viewOf(text), json::Escapes::Minimal);
    return out;
}

// Not copied: it may hold secrets, and must not outlive them.
std::optional<SyntaxTree> treeOf(const SecretBytes &json)
{
    const QByteArrayView view = json.view();
    auto tree = SyntaxTree::parse(QByteArray::fromRawData(view.data(), view.size()));
    if (!tree)
        return {};
    return std::move(*tree);
}

QByteArrayView slice(const SyntaxTree &tree, const json::Range &range)
{
    return QByteArrayView(tree.source()).sliced(range.begin, range.length());
}

QByteArray textOf(const SyntaxTree &tree, int node)
{
    if (tree.node(node).type != Type::String)
        return {};
    const QByteArrayView literal = slice(tree, tree.node(node).range);
    const auto document = json::parse(QByteArray::fromRawData(literal.data(), literal.size()));
    return document ? document->root().bytes() : QByteArray();
}

// A text, or a list of texts: what the public members beside the key are.
bool isPlain(const SyntaxTree &tree, int node)
{
    const SyntaxTree::Node &value = tree.node(node);
    if (value.type == Type::String)
        return true;
    return value.type == Type::Array &&
           std::all_of(value.children.begin(), value.children.end(), [&](int child) { return tree.node(child).type == Type::String; });
}

// RFC 7517 §4.3: what the other half does.
QByteArray publicOperations(const SyntaxTree &tree, int node)
{
    std::vector<QByteArray> operations;
    for (const int child : tree.node(node).children) {
        QByteArray operation = textOf(tree, child);
        if (operation == "sign" || operation == "verify")
            operation = "verify";
        else if (operation == "decrypt" || operation == "encrypt")
            operation = "encrypt";
        else if (operation == "unwrapKey" || operation == "wrapKey")
            operation = "wrapKey";
        else
            continue;
        if (std::find(operations.begin(), operations.end(), operation) == operations.end())
            operations.push_back(operation);
    }
    QByteArray out = "[";
    for (const QByteArray &operation : operations)
        out += (out.size() > 1 ? "," : "") + quotedText(operation);
    return out + ']';
}

} // namespace

Entry Entry::of(const jose::Key &key, const std::vector<QByteArray> &chain)
{
    const SecretBytes jwk = key.toPrivateJwk();
    if (chain.empty())
        return ofJson(jwk.view());
    QByteArray text;
    qsizetype size = jwk.size() + 256;
    for (const QByteArray &der : chain)
        size += der.size() * 2;
    text.reserve(size);
    text += jwk.view().chopped(1);
    QByteArray list;
    for (const QByteArray &der : chain)
        list += (list.isEmpty() ? "[\"" : ",\"") + jose::encodeBase64(der) + '"';
    appendMember(text, "x5c", list + ']');
    appendMember(text, "x5t", '"' + jose::encodeBase64RawUrl(crypto::digest(crypto::Hash::Sha1, chain.front())) + '"');
    appendMember(text, "x5t#S256", '"' + jose::encodeBase64RawUrl(crypto::digest(crypto::Hash::Sha256, chain.front())) + '"');
    text += '}';
    Entry entry = ofJson(text);
    crypto::wipe(text);
    return entry;
}

Entry Entry::ofJson(QByteArrayView json)
{
    // Without blanks between its parts: a key takes one line, whatever it was laid out like.
    SecretBytes compact = SecretBytes::zeros(json.size());
    unsigned char *out = compact.mutableData();
    qsizetype size = 0;
    bool inText = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (!inText && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        out[size++] = static_cast<unsigned char>(c);
        if (c == '"')
            inText = !inText;
        else if (c == '\\' && inText && i + 1 < json.size())
            out[size++] = static_cast<unsigned char>(json[++i]);
    }
    Entry entry;
    entry.m_json = SecretBytes(compact.view().first(size));
    entry.read();
    return entry;
}

void Entry::read()
{
    auto key = jose::parseKey(m_json.view());
    if (key)
        m_key = std::move(*key);
    else
        m_refusal = key.error();
    const auto tree = treeOf(m_json);
    if (!tree || tree->root().type != Type::Object)
        return;
    for (const int child : tree->root().children) {
        const SyntaxTree::Node &member = tree->node(child);
        if (member.name == "kid")
            m_labels.kid = textOf(*tree, child);
        else if (member.name == "alg")
            m_labels.alg = textOf(*tree, child);
        else if (member.name == "use")
            m_labels.use = textOf(*tree, child);
        else if (member.name == "x5c")
            m_hasChain = member.type == Type::Array && !member.children.empty();
        m_private = m_private || isOneOf(privateNames, member.name);
    }
}

Entry Entry::withLabels(const jose::KeyLabels &labels) const
{
    const auto tree = treeOf(m_json);
    if (!tree || tree->root().type != Type::Object)
        return *this;
    QByteArray text;
    text.reserve(m_json.size() + 6 * (labels.kid.size() + labels.alg.size() + labels.use.size()) + 64);
    text += '{';
    const QByteArray *const values[] = {&labels.kid, &labels.alg, &labels.use};
    bool written[] = {false, false, false};
    const auto label = [&](std::size_t i) {
        if (!written[i] && !values[i]->isEmpty())
            appendMember(text, labelNames[i], quotedText(*values[i]));
        written[i] = true;
    };
    for (const int child : tree->root().children) {
        const SyntaxTree::Node &member = tree->node(child);
        const auto known = std::find_if(labelNames.begin(), labelNames.end(), [&](const char *name) { return member.name == name; });
        if (known != labelNames.end()) {
            label(std::size_t(known - labelNames.begin()));
            continue;
        }
        if (text.size() > 1)
            text += ',';
        text += slice(*tree, member.nameRange);
        text += ':';
        text += slice(*tree, member.range);
    }
    for (std::size_t i = 0; i < labelNames.size(); ++i)
        label(i);
    text += '}';
    Entry entry = ofJson(text);
    crypto::wipe(text);
    return entry;
}

std::optional<QByteArray> Entry::publicJson() const
{
    if (!m_key || m_key->type() == jose::KeyType::Oct)
        return {};
    QByteArray text = m_key->toPublicJwk();
    const auto tree = treeOf(m_json);
    if (!tree || text.isEmpty())
        return {};
    text.chop(1);
    for (const int child : tree->root().children) {
        const SyntaxTree::Node &member = tree->node(child);
        if (member.name == "key_ops" && member.type == Type::Array)
            appendMember(text, "key_ops", publicOperations(*tree, child));
        for (const char *name : {"x5c", "x5t", "x5t#S256", "x5u"})
            if (member.name == name && isPlain(*tree, child))
                appendMember(text, name, slice(*tree, member.range));
    }
    return text + '}';
}

SecretBytes writePrivate(const Entries &entries)
{
    qsizetype size = 32;
    for (const Entry &entry : entries)
        size += entry.json().size() + 4;
    QByteArray text;
    text.reserve(size);
    text += "{\"keys\":[";
    const char *separator = "\n";
    for (const Entry &entry : entries) {
        text += separator;
        text += entry.json().view();
        separator = ",\n";
    }
    text += entries.empty() ? "]}\n" : "\n]}\n";
    SecretBytes result{QByteArrayView(text)};
    crypto::wipe(text);
    return result;
}

PublicSet writePublic(const Entries &entries)
{
    PublicSet set;
    set.text = "{\"keys\":[";
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (const auto json = entries[i].publicJson()) {
            set.text += (set.count++ ? ",\n" : "\n") + *json;
            continue;
        }
        set.leftOut.push_back(i);
    }
    set.text += set.count ? "\n]}\n" : "]}\n";
    return set;
}

} // namespace tokenlab::keys
