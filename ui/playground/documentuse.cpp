#include "ui/playground/documentuse.h"

#include "core/gateway/edit.h"
#include "ui/bindings/bindingsmodel.h"

#include <QFileInfo>

#include <algorithm>

namespace tokenlab::ui {

namespace {

using Side = Playground::Side;

constexpr qsizetype workedOut = 512 * 1024;

// A key URL of the document and the object that names it.
struct KeySource {
    QByteArray pointer, url, localCa;
    bool insecure = false;
    bool ofChosen = false;
};

template <class Config>
void listSource(std::vector<KeySource> &out, const Config *config, const QByteArray &pointer, bool ofChosen)
{
    if (config && !config->jwkUrl.isEmpty() && config->localPath.isEmpty())
        out.push_back({pointer, config->jwkUrl, config->localCa, config->disableJwkSecurity, ofChosen});
}

std::vector<KeySource> sourcesOf(const gateway::EndpointConfig &endpoint, bool ofChosen)
{
    std::vector<KeySource> out;
    if (endpoint.signer)
        listSource(out, std::get_if<gateway::SignerConfig>(&*endpoint.signer), endpoint.signerPointer, ofChosen);
    if (endpoint.validator)
        listSource(out, std::get_if<gateway::ValidatorConfig>(&*endpoint.validator), endpoint.validatorPointer, ofChosen);
    return out;
}

std::vector<KeySource> allSources(const LabSession &session)
{
    std::vector<KeySource> out;
    for (const gateway::EndpointConfig &endpoint : session.service()->endpoints) {
        for (KeySource &source : sourcesOf(endpoint, &endpoint == session.endpoint()))
            out.push_back(std::move(source));
    }
    return out;
}

Side sideOf(const LabSession &session, const QByteArray &url)
{
    return session.playground()->sideOf(session.bindings().url(url).value_or(url));
}

bool isPlain(const QByteArray &url)
{
    return url.toLower().startsWith("http://");
}

class BindingsCommand : public QUndoCommand
{
public:
    struct Change {
        QByteArray from;
        std::optional<QByteArray> before, after;
    };
    BindingsCommand(LabSession *session, std::vector<Change> changes, const QString &label)
        : QUndoCommand(label), m_session(session), m_changes(std::move(changes))
    {
    }
    void redo() override { apply(&Change::before, &Change::after); }
    void undo() override { apply(&Change::after, &Change::before); }

private:
    // Others may have been changed meanwhile, and stay.
    void apply(std::optional<QByteArray> Change::*before, std::optional<QByteArray> Change::*after)
    {
        lab::Bindings bindings;
        for (const lab::Binding &one : m_session->bindings().all()) {
            const bool replaced = std::any_of(m_changes.begin(), m_changes.end(),
                                              [&](const Change &change) { return change.from == one.from && change.*before == one.to; });
            if (!replaced)
                bindings.add(one);
        }
        for (const Change &change : m_changes) {
            if (change.*after)
                bindings.add({change.from, *(change.*after)});
        }
        m_session->setBindings(bindings);
    }

    LabSession *m_session;
    std::vector<Change> m_changes;
};

std::optional<QByteArray> boundTo(const LabSession &session, const QByteArray &from)
{
    for (const lab::Binding &one : session.bindings().all()) {
        if (one.from == from)
            return one.to;
    }
    return std::nullopt;
}

// Nothing where all of it is so already.
std::unique_ptr<BindingsCommand> bindingStep(LabSession &session, std::vector<BindingsCommand::Change> changes, const QString &label)
{
    for (BindingsCommand::Change &change : changes)
        change.before = boundTo(session, change.from);
    changes.erase(
        std::remove_if(changes.begin(), changes.end(), [](const BindingsCommand::Change &change) { return change.before == change.after; }),
        changes.end());
    return changes.empty() ? nullptr : std::make_unique<BindingsCommand>(&session, std::move(changes), label);
}

// Edits one after the other, each over the text that the last one left.
class Rewriter
{
public:
    explicit Rewriter(QByteArray text) : m_text(std::move(text)) {}
    void set(const QByteArray &object, const QByteArray &member, const QByteArray &json)
    {
        take([&](const json::SyntaxTree &tree) { return gateway::edit::setMember(tree, object, member, json); });
    }
    void remove(const QByteArray &object, const QByteArray &member)
    {
        take([&](const json::SyntaxTree &tree) { return gateway::edit::removeMember(tree, object, member); });
    }
    void append(const QByteArray &object, const QByteArray &member, const QString &text)
    {
        take([&](const json::SyntaxTree &tree) { return gateway::edit::appendText(tree, object, member, text); });
    }
    [[nodiscard]] const QByteArray &text() const { return m_text; }

private:
    void take(const std::function<std::optional<json::Splice>(const json::SyntaxTree &)> &make)
    {
        const auto tree = json::SyntaxTree::parse(m_text);
        if (const auto splice = tree ? make(*tree) : std::nullopt)
            m_text = json::apply(m_text, *splice);
    }
    QByteArray m_text;
};

struct Plan {
    QByteArray text;
    std::vector<BindingsCommand::Change> bindings;
    HttpsUse use;
};

std::optional<Plan> planOf(const LabSession &session, const QString &caFile)
{
    const auto *tls = session.playground()->tls();
    if (!tls || caFile.isEmpty() || !session.isEditable())
        return std::nullopt;
    std::vector<KeySource> sources = allSources(session);
    const auto leads = [&session](const KeySource &source) { return sideOf(session, source.url) != Side::Neither; };
    const bool any = std::any_of(sources.begin(), sources.end(), leads);
    sources.erase(
        std::remove_if(sources.begin(), sources.end(), [&](const KeySource &source) { return any ? !leads(source) : !source.ofChosen; }),
        sources.end());
    if (sources.empty())
        return std::nullopt;

    Plan plan;
    plan.use.keySources = int(sources.size());
    const QByteArray quotedCa = gateway::edit::quoted(caFile);
    Rewriter text(session.document().bytes());
    const auto lead = [&plan](const QByteArray &from, std::optional<QByteArray> to) {
        for (BindingsCommand::Change &change : plan.bindings) {
            if (change.from == from) {
                change.after = std::move(to);
                return;
            }
        }
        plan.bindings.push_back({from, std::nullopt, std::move(to)});
    };
    for (const lab::Binding &binding : session.bindings().all()) {
        if (session.playground()->sideOf(binding.to) == Side::Http)
            lead(binding.from, tls->origin + binding.to.mid(originOf(binding.to).size()));
    }
    std::vector<QByteArray> left; // origins of key URLs that are written otherwise now
    for (const KeySource &source : sources) {
        text.set(source.pointer, "jwk_local_ca", quotedCa);
        if (!any)
            continue;
        if (isPlain(source.url)) {
            const QByteArray origin = originOf(source.url), rest = source.url.mid(origin.size());
            const bool direct = session.playground()->sideOf(source.url) == Side::Http;
            const QByteArray secure = direct ? tls->origin : "https" + origin.mid(origin.indexOf("://"));
            text.set(source.pointer, "jwk_url", gateway::edit::quotedBytes(secure + rest));
            if (!direct) {
                lead(secure, tls->origin);
                left.push_back(origin);
            }
        }
        if (source.insecure)
            text.remove(source.pointer, "disable_jwk_security");
    }
    bool login = false;
    for (const gateway::EndpointConfig &endpoint : session.service()->endpoints) {
        for (const gateway::BackendConfig &backend : endpoint.backends) {
            for (const QByteArray &host : backend.hosts) {
                if (sideOf(session, host) == Side::Neither)
                    continue;
                const bool direct = session.playground()->sideOf(host) != Side::Neither;
                login = login || !direct || !isPlain(host);
                left.erase(std::remove(left.begin(), left.end(), originOf(host)), left.end());
            }
        }
    }
    for (const QByteArray &origin : left)
        lead(origin, std::nullopt);
    const gateway::ClientTls &client = session.service()->clientTls;
    const bool trusted = std::find(client.caCerts.begin(), client.caCerts.end(), caFile.toUtf8()) != client.caCerts.end();
    if (login && !trusted && !client.allowInsecure) {
        plan.use.clientTls = true;
        if (client.configured)
            text.append("/client_tls", "ca_certs", caFile);
        else // a client_tls without min_version would want TLS 1.3
            text.set({}, "client_tls", "{\"ca_certs\": [" + quotedCa + "], \"min_version\": \"TLS12\"}");
    }
    plan.text = text.text();
    return plan;
}

} // namespace

PlaygroundReach playgroundReach(const LabSession &session, const QString &caFile)
{
    PlaygroundReach reach;
    if (!session.service() || !session.endpoint())
        return reach;
    const auto add = [&](const QByteArray &url) {
        const QByteArray origin = originOf(url);
        if (!origin.isEmpty() && session.playground()->sideOf(origin) == Side::Neither &&
            std::find(reach.origins.begin(), reach.origins.end(), origin) == reach.origins.end())
            reach.origins.push_back(origin);
    };
    for (const gateway::EndpointConfig &endpoint : session.service()->endpoints) {
        const bool chosen = &endpoint == session.endpoint();
        if (!chosen && !session.isDemo())
            continue;
        for (const KeySource &source : sourcesOf(endpoint, chosen))
            add(source.url);
        for (const gateway::BackendConfig &backend : endpoint.backends) {
            for (const QByteArray &host : backend.hosts)
                add(host);
        }
    }
    int http = 0, https = 0;
    for (const QByteArray &origin : reach.origins) {
        const Side side = sideOf(session, origin);
        http += side == Side::Http;
        https += side == Side::Https;
    }
    const int all = int(reach.origins.size());
    reach.lead = http + https == 0 ? HostsLead::AsWritten
                 : http == all     ? HostsLead::Http
                 : https == all    ? HostsLead::Https
                                   : HostsLead::Several;
    // Where the signer's and the validator's ways differ, the one that is verified decides what can be seen.
    for (const KeySource &source : sourcesOf(*session.endpoint(), true)) {
        const Side side = sideOf(session, source.url);
        reach.keys = qMax(reach.keys, side);
        reach.verifiesKeys = reach.verifiesKeys || (side == Side::Https && !source.insecure);
        const auto *tls = session.playground()->tls();
        const QString ca = QString::fromUtf8(session.bindings().file(source.localCa).value_or(source.localCa));
        reach.namesCa = reach.namesCa || (tls && !ca.isEmpty() && (ca == tls->caFile || ca == caFile));
    }
    for (const gateway::BackendConfig &backend : session.endpoint()->backends) {
        for (const QByteArray &host : backend.hosts)
            reach.login = qMax(reach.login, sideOf(session, host));
    }
    return reach;
}

void leadHosts(LabSession &session, HostsLead lead)
{
    const auto *tls = session.playground()->tls();
    if (!session.playground()->isRunning() || lead == HostsLead::Several || (lead == HostsLead::Https && !tls))
        return;
    std::vector<BindingsCommand::Change> changes;
    for (const QByteArray &origin : playgroundReach(session, {}).origins) {
        BindingsCommand::Change change{origin, {}, {}};
        if (lead != HostsLead::AsWritten)
            change.after = lead == HostsLead::Http ? session.playground()->origin() : tls->origin;
        changes.push_back(change);
    }
    const QString label = lead == HostsLead::AsWritten ? Playground::tr("Bind no hosts to the playground")
                          : lead == HostsLead::Http    ? Playground::tr("Bind the hosts to the playground, HTTP")
                                                       : Playground::tr("Bind the hosts to the playground, HTTPS");
    if (auto step = bindingStep(session, std::move(changes), label))
        session.document().undoStack()->push(step.release());
}

std::optional<HttpsUse> httpsUse(const LabSession &session, const QString &caFile)
{
    // Asked after each keystroke: what would be written is not worked out for a huge file.
    if (session.document().bytes().size() > workedOut && session.playground()->tls() && session.isEditable()) {
        const int sources = int(allSources(session).size());
        return sources > 0 ? std::optional(HttpsUse{sources, false}) : std::nullopt;
    }
    const auto plan = planOf(session, caFile);
    if (!plan || (plan->text == session.document().bytes() &&
                  std::all_of(plan->bindings.begin(), plan->bindings.end(),
                              [&session](const BindingsCommand::Change &change) { return boundTo(session, change.from) == change.after; })))
        return std::nullopt;
    return plan->use;
}

void useHttps(LabSession &session, const QString &caFile)
{
    auto plan = planOf(session, caFile);
    if (!plan)
        return;
    const QString label = Playground::tr("Use the playground over HTTPS");
    const QByteArray source = session.document().bytes();
    auto step = bindingStep(session, std::move(plan->bindings), label);
    QUndoStack *undo = session.document().undoStack();
    const auto edit = [&] { session.edit(gateway::edit::Edit{{{0, source.size()}, plan->text}}, label); };
    if (!step)
        return edit();
    if (plan->text == source) {
        undo->push(step.release());
        return;
    }
    undo->beginMacro(label);
    undo->push(step.release());
    edit();
    undo->endMacro();
}

} // namespace tokenlab::ui
