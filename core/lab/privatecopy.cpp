#include "core/lab/privatecopy.h"

#include "core/gateway/edit.h"
#include "core/lab/files.h"
#include "core/support/url.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace tokenlab::lab {

namespace {

namespace edit = gateway::edit;
using json::SyntaxTree;

QByteArray textOf(const SyntaxTree &tree, int node)
{
    const json::Range range = tree.node(node).range;
    const auto parsed = json::parse(tree.source().mid(range.begin, range.length()));
    return parsed ? parsed->root().bytes() : QByteArray();
}

// Several places at once, each in an object of its own, so that the splices lie apart.
using Settings = std::vector<std::pair<QByteArray, QByteArray>>; // pointer, JSON

QByteArray withSettings(const QByteArray &source, const Settings &settings)
{
    if (settings.empty())
        return source;
    const auto tree = SyntaxTree::parse(source);
    if (!tree)
        return source;
    edit::Edit all;
    for (const auto &[pointer, json] : settings)
        if (auto splice = edit::setAt(*tree, pointer, json))
            all.push_back(*std::move(splice));
    std::sort(all.begin(), all.end(), [](const json::Splice &a, const json::Splice &b) { return a.range.begin < b.range.begin; });
    return edit::apply(source, all);
}

class Copying
{
public:
    Copying(const gateway::ServiceConfig &service, const Bindings &bindings, const QString &workingDirectory,
            const std::function<QByteArray(const QByteArray &)> &serveFile)
        : m_service(service), m_bindings(bindings), m_directory(workingDirectory), m_serveFile(serveFile)
    {
    }

    PrivateCopy run(const QByteArray &document, std::size_t endpoint, const std::vector<StandIn> &standIns)
    {
        m_out.text = document;
        names();
        hosts(endpoint, standIns);
        m_out.text = withSettings(m_out.text, m_flags);
        m_out.text = withSettings(m_out.text, m_hosts);
        m_out.text = withSettings(m_out.text, m_patterns);
        // The longest first: an origin begins the URLs that lie on it.
        std::stable_sort(m_out.replaced.begin(), m_out.replaced.end(),
                         [](const auto &a, const auto &b) { return a.first.size() > b.first.size(); });
        return std::move(m_out);
    }

private:
    void note(const QByteArray &ours, const QByteArray &theirs)
    {
        const std::pair<QByteArray, QByteArray> item(ours, theirs);
        if (ours != theirs && std::find(m_out.replaced.begin(), m_out.replaced.end(), item) == m_out.replaced.end())
            m_out.replaced.push_back(item);
    }

    // Key URLs and files, whatever component names them.
    void names()
    {
        const auto tree = SyntaxTree::parse(m_out.text);
        if (!tree)
            return;
        edit::Edit all;
        for (int i = 0; i < tree->size(); ++i) {
            const SyntaxTree::Node &node = tree->node(i);
            if (node.type != json::Type::String || node.parent < 0)
                continue;
            const QByteArray name =
                (tree->node(node.parent).type == json::Type::Array ? tree->node(node.parent).name : node.name).toLower();
            const bool isUrl = name == "jwk_url";
            static const QByteArrayList fileNames{"jwk_local_path", "jwk_local_ca", "ca_certs", "certificate", "private_key", "public_key"};
            if (!isUrl && !fileNames.contains(name))
                continue;
            const QByteArray text = textOf(*tree, i);
            const QByteArray ours = isUrl ? keyUrl(*tree, node, text) : m_bindings.file(text).value_or(text);
            if (!isUrl)
                noteFile(ours);
            if (ours == text)
                continue;
            note(ours, text);
            if (name == "jwk_local_path")
                opened(*tree, node, ours);
            all.push_back(tree->replaceValue(i, edit::quotedBytes(ours)));
        }
        std::sort(all.begin(), all.end(), [](const json::Splice &a, const json::Splice &b) { return a.range.begin < b.range.begin; });
        m_out.text = edit::apply(m_out.text, all);
    }

    // A plain set that stands in for an encrypted one is read as what it is.
    void opened(const SyntaxTree &tree, const SyntaxTree::Node &node, const QByteArray &ours)
    {
        const QByteArray pointer = tree.pointerOf(node.parent) + "/secret_url";
        QFile file(QDir(m_directory).absoluteFilePath(QFile::decodeName(ours)));
        if (tree.find(pointer) >= 0 && file.open(QIODevice::ReadOnly) && isPlainSet(file.readAll()))
            m_flags.emplace_back(pointer, "\"\"");
    }

    QByteArray keyUrl(const SyntaxTree &tree, const SyntaxTree::Node &node, const QByteArray &text)
    {
        QByteArray ours = m_bindings.url(text).value_or(text);
        if (ours == text)
            return text;
        if (!ours.startsWith("http://") && !ours.startsWith("https://"))
            ours = m_serveFile(ours);
        // The document's URL was safe; what stands in for it must not be refused for a reason that is the lab's own.
        if (text.startsWith("https://") && ours.startsWith("http://"))
            m_flags.emplace_back(tree.pointerOf(node.parent) + "/disable_jwk_security", "true");
        return ours;
    }

    void noteFile(const QByteArray &path)
    {
        const QFileInfo info(QDir(m_directory), QFile::decodeName(path));
        if (!path.isEmpty() && info.isFile() && !m_out.files.contains(info.absoluteFilePath()))
            m_out.files.append(info.absoluteFilePath());
    }

    void hosts(std::size_t asked, const std::vector<StandIn> &standIns)
    {
        for (std::size_t i = 0; i < m_service.endpoints.size(); ++i) {
            const gateway::EndpointConfig &endpoint = m_service.endpoints[i];
            for (std::size_t k = 0; k < endpoint.backends.size(); ++k) {
                const auto standIn =
                    std::find_if(standIns.begin(), standIns.end(), [&](const StandIn &one) { return i == asked && one.backend == k; });
                host(endpoint.backends[k], standIn == standIns.end() ? QByteArray() : standIn->origin);
            }
        }
    }

    void host(const gateway::BackendConfig &backend, const QByteArray &standIn)
    {
        if (backend.hosts.empty() || backend.pointer.isEmpty())
            return;
        const QByteArray &host = backend.hosts.front();
        QByteArray ours;
        if (!standIn.isEmpty()) {
            // A host may go on with a path.
            const qsizetype scheme = host.indexOf("://");
            const qsizetype path = host.indexOf('/', scheme < 0 ? 0 : scheme + 3);
            ours = path < 0 ? standIn : standIn + host.mid(path);
            note(standIn, path < 0 ? host : host.first(path));
        } else if (const auto bound = m_bindings.url(host)) {
            ours = *bound;
            note(ours, host);
        } else if (const auto whole = m_bindings.url(host + backend.urlPatternText)) {
            // The binding reaches into the path.
            const qsizetype scheme = whole->indexOf("://");
            const qsizetype path = whole->indexOf('/', scheme < 0 ? 0 : scheme + 3);
            ours = path < 0 ? *whole : whole->first(path);
            m_patterns.emplace_back(backend.pointer + "/url_pattern", edit::quotedBytes(path < 0 ? QByteArray("/") : whole->mid(path)));
            note(*whole, host + backend.urlPatternText);
        } else {
            return;
        }
        while (ours.endsWith('/'))
            ours.chop(1);
        m_hosts.emplace_back(backend.pointer + "/host", '[' + edit::quotedBytes(ours) + ']');
    }

    const gateway::ServiceConfig &m_service;
    const Bindings &m_bindings;
    QString m_directory;
    const std::function<QByteArray(const QByteArray &)> &m_serveFile;
    Settings m_flags, m_hosts, m_patterns;
    PrivateCopy m_out;
};

} // namespace

QByteArray PrivateCopy::restored(QByteArray out) const
{
    for (const auto &[ours, theirs] : replaced)
        out.replace(ours, theirs);
    return out;
}

PrivateCopy privateCopy(const QByteArray &document, const gateway::ServiceConfig &service, std::size_t endpoint, const Bindings &bindings,
                        const std::vector<StandIn> &standIns, const QString &workingDirectory,
                        const std::function<QByteArray(const QByteArray &path)> &serveFile)
{
    return Copying(service, bindings, workingDirectory, serveFile).run(document, endpoint, standIns);
}

QByteArray withPort(const QByteArray &document, quint16 port)
{
    QByteArray out = document;
    const auto change = [&out](const std::function<std::optional<json::Splice>(const SyntaxTree &)> &make) {
        const auto tree = SyntaxTree::parse(out);
        if (!tree || tree->root().type != json::Type::Object)
            return;
        if (const auto splice = make(*tree))
            out = json::apply(out, *splice);
    };
    change([port](const SyntaxTree &tree) { return edit::setMember(tree, "", "port", QByteArray::number(port)); });
    change([](const SyntaxTree &tree) { return edit::setMember(tree, "", "listen_ip", "\"127.0.0.1\""); });
    for (const char *name : {"/extra_config/telemetry~1logging", "/extra_config/github_com~1devopsfaith~1krakend-gologging",
                             "/extra_config/telemetry~1gelf", "/extra_config/github_com~1devopsfaith~1krakend-gelf",
                             "/extra_config/telemetry~1logstash", "/extra_config/github_com~1devopsfaith~1krakend-logstash"})
        change([name](const SyntaxTree &tree) { return tree.find(name) < 0 ? std::nullopt : edit::removeAt(tree, name); });
    return out;
}

} // namespace tokenlab::lab
