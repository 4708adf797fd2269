// Secrets that stand in the file in clear. Their values never become arguments.
#include "core/problems/ruletools.h"

#include <algorithm>

namespace tokenlab::problems {

namespace {

bool looksLikeASecretsName(const QByteArray &name)
{
    QByteArray plain = name.toLower();
    plain.replace('_', "").replace('-', "");
    for (const char *word : {"password", "passwd", "passphrase", "clientsecret", "apikey", "privatekey", "secretkey", "accesskey"})
        if (plain.contains(word))
            return true;
    return plain == "secret" || plain == "pwd";
}

// `scheme://user:password@host`: true with a password.
bool hasPassword(const QByteArray &text)
{
    const qsizetype scheme = text.indexOf("://");
    if (scheme <= 0)
        return false;
    const qsizetype from = scheme + 3;
    qsizetype end = from;
    while (end < text.size() && text[end] != '/' && text[end] != '?' && text[end] != '#')
        ++end;
    const qsizetype at = text.left(end).lastIndexOf('@');
    const qsizetype colon = text.indexOf(':', from);
    return at > from && colon >= from && colon < at && colon + 1 < at;
}

class Secrets
{
public:
    explicit Secrets(Rules &rules) : m_rules(rules) {}

    void visit(int node)
    {
        const json::SyntaxTree &tree = m_rules.tree();
        const json::SyntaxTree::Node &at = tree.node(node);
        if (at.type == json::Type::Object)
            keys(node);
        if (at.type != json::Type::String)
            return;
        const QByteArray text = m_rules.text(node);
        if (hasPassword(text))
            m_rules.raise("secret-in-url", tree.pointerOf(node), {at.name}, endpointOf(node));
        else if (text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----"))
            m_rules.raise("secret-key-inline", tree.pointerOf(node), {"PEM"}, endpointOf(node));
        else if (!text.isEmpty() && looksLikeASecretsName(at.name) && !isPlaceholder(text) && !isReference(at.name, text))
            m_rules.raise("secret-member", tree.pointerOf(node), {at.name}, endpointOf(node));
    }

private:
    // Left for a template or a variable to fill.
    static bool isPlaceholder(const QByteArray &text) { return text.contains("{{") || text.contains("${") || text.startsWith('$'); }
    // The path of a file is no secret.
    static bool isReference(const QByteArray &name, const QByteArray &text)
    {
        return name == "private_key" || text.startsWith('/') || text.startsWith("./") || text.endsWith(".pem") || text.endsWith(".key");
    }

    void keys(int node)
    {
        const json::SyntaxTree &tree = m_rules.tree();
        const int cypher = m_rules.exact(node, "cypher_key");
        const int keeper = m_rules.exact(node, "secret_url");
        if (cypher >= 0 && keeper >= 0 && !m_rules.text(cypher).isEmpty()) {
            const QByteArray url = m_rules.text(keeper);
            const QByteArray scheme = url.left(std::max<qsizetype>(url.indexOf("://"), 0)).toLower();
            // The key of this keeper is its own host name: both halves lie beside each other.
            if (scheme == "base64key" && url.size() > scheme.size() + 3 && !isPlaceholder(url))
                m_rules.raise("secret-keeper-inline", tree.pointerOf(keeper), {"secret_url"}, endpointOf(node));
        }
        const int kty = m_rules.exact(node, "kty");
        if (kty < 0)
            return;
        const QByteArray type = m_rules.text(kty);
        const bool isPrivate = m_rules.exact(node, "d") >= 0 || (type == "oct" && m_rules.exact(node, "k") >= 0);
        if (isPrivate)
            m_rules.raise("secret-key-inline", tree.pointerOf(node), {"JWK"}, endpointOf(node));
    }

    [[nodiscard]] std::size_t endpointOf(int node) const
    {
        const QByteArray pointer = m_rules.tree().pointerOf(node);
        if (!pointer.startsWith("/endpoints/"))
            return Problem::npos;
        const QByteArray rest = pointer.sliced(11);
        const qsizetype slash = rest.indexOf('/');
        bool ok = false;
        const qulonglong index = (slash < 0 ? rest : rest.left(slash)).toULongLong(&ok);
        return ok ? std::size_t(index) : Problem::npos;
    }

    Rules &m_rules;
};

} // namespace

void checkSecrets(const Input &input, List &list)
{
    if (!input.document)
        return;
    Rules rules(input, list);
    Secrets secrets(rules);
    rules.walk(0, [&](int node) { secrets.visit(node); });
}

} // namespace tokenlab::problems
