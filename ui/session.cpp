#include "ui/session.h"

#include "core/gateway/pathparams.h"
#include "core/text/exports.h"
#include "core/text/text.h"
#include "core/twin/clienthead.h"

#include <QFileInfo>

namespace tokenlab::ui {

namespace {

constexpr qsizetype parseAtOnce = 512 * 1024;
constexpr qsizetype simulateAtOnce = 256 * 1024;

twin::ClientRequest requestOf(const RequestDraft &draft)
{
    twin::ClientRequest request;
    request.method = draft.method;
    request.target = gateway::filledPath(draft.target, draft.params).replace(' ', "%20"); // as every client does
    for (const QByteArray &line : draft.headers.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0)
            request.headers.append(line.first(colon).trimmed(), line.sliced(colon + 1).trimmed());
    }
    twin::settleHost(request);
    request.body = draft.body;
    return request;
}

bool mayHaveBody(QByteArrayView method)
{
    return method == "POST" || method == "PUT" || method == "PATCH";
}

// Why the text is no gateway file, with the place; empty when the gateway could read it, whatever it says then.
QString refusal(const QByteArray &text, const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    static const QStringList notJson{QStringLiteral("yml"), QStringLiteral("yaml"), QStringLiteral("toml")};
    if (notJson.contains(QFileInfo(path).suffix().toLower())) {
        const auto loaded = gateway::load(text, path);
        return loaded ? QString() : text::sentence(loaded.error(), name, text);
    }
    const auto parsed = json::parse(text);
    if (parsed || gateway::completeFragment(text).kind != gateway::Completed::Whole)
        return {};
    if (const auto use = gateway::templateUse(text, path))
        return text::sentence(*use, name, text);
    return text::sentence(parsed.error(), name, text);
}

// A finished network object may still be on the stack: it goes when control is back at the event loop.
template <class T>
void retire(std::unique_ptr<T> &object)
{
    if (!object)
        return;
    object->disconnect();
    object.release()->deleteLater();
}

} // namespace

LabSession::LabSession(const Options &options, QObject *parent)
    : QObject(parent),
      m_options(options),
      m_playground(new Playground({options.clock, options.playgroundPort, options.playgroundHttpsPort, options.anyPlaygroundPort}, this))
{
    m_parseTimer.setSingleShot(true);
    m_parseTimer.setInterval(200);
    m_restartTimer.setSingleShot(true);
    m_restartTimer.setInterval(250);
    m_simulateTimer.setSingleShot(true);
    m_simulateTimer.setInterval(150);
    connect(&m_parseTimer, &QTimer::timeout, this, &LabSession::reparse);
    connect(&m_restartTimer, &QTimer::timeout, this, &LabSession::startGateway);
    connect(&m_simulateTimer, &QTimer::timeout, this, &LabSession::simulateNow);
    connect(&m_document, &DocumentStack::spliced, this, &LabSession::documentChanged);
    connect(m_playground, &Playground::gatewayRestartWanted, this, &LabSession::restartGateway);
}

LabSession::~LabSession()
{
    retire(m_run);
    retire(m_start);
}

void LabSession::openDemo()
{
    m_bindings = {};
    if (m_playground->start()) {
        for (const auto &[from, to] : playground::demoBindings(m_playground->origin()))
            m_bindings.add({from, to});
    }
    m_demo = true;
    openText(playground::demoConfiguration(), {});
    m_completed = false;
    emit bindingsChanged();
}

Result<void, FileError> LabSession::open(const QString &path, OpenAs as)
{
    auto bytes = readFile(path);
    if (!bytes)
        return fail(bytes.error());
    if (as == OpenAs::GatewayFile && !m_document.bytes().isEmpty()) {
        const QString refused = refusal(bytes.value(), path);
        if (!refused.isEmpty())
            return fail(FileError{refused, true});
    }
    m_demo = false;
    m_bindings = {};
    openText(bytes.value(), QFileInfo(path).absoluteFilePath());
    emit bindingsChanged();
    return {};
}

void LabSession::openText(const QByteArray &text, const QString &path)
{
    cancel();
    retire(m_start);
    m_path = path;
    m_template = std::exchange(m_opening, {});
    m_completed = false;
    m_added.clear();
    QByteArray bytes = text;
    // A signer or an endpoint alone is completed to a file that could run; it needs a new name to be saved under.
    const gateway::Completed whole = gateway::completeFragment(text);
    if (whole.kind != gateway::Completed::Whole && whole.text != text && !whole.text.isEmpty()) {
        bytes = whole.text;
        m_added = whole.added;
        m_completed = true;
        m_path.clear();
    }
    m_service.reset();
    m_endpoint = 0;
    m_works.clear();
    m_work = {};
    m_signer = {};
    m_signerFingerprint.clear();
    m_state = Idle{};
    m_document.reset(bytes);
    reparse();
    emit documentOpened();
    emit sourceChanged();
    emit stateChanged();
}

Result<void, FileError> LabSession::save(const QString &path)
{
    if (isRendered() && QFileInfo(path).canonicalFilePath() == QFileInfo(m_template).canonicalFilePath())
        return fail(FileError{tr("it is the template; what it was rendered to is not written over it")});
    if (auto written = writeFile(path, m_document.bytes()); !written)
        return fail(written.error());
    m_path = QFileInfo(path).absoluteFilePath();
    m_completed = false;
    m_demo = false;
    m_document.undoStack()->setClean();
    if (isRendered()) {
        m_template.clear();
        emit configChanged();
    }
    emit bindingsChanged();
    return {};
}

void LabSession::edit(const std::optional<json::Splice> &splice, const QString &label, const QString &mergeKey)
{
    if (splice && !isRendered())
        m_document.edit(*splice, label, mergeKey);
}

void LabSession::edit(const gateway::edit::Edit &edit, const QString &label)
{
    if (!isRendered())
        m_document.edit(edit, label);
}

void LabSession::documentChanged()
{
    m_tree.reset();
    if (m_document.bytes().size() > parseAtOnce)
        m_parseTimer.start();
    else
        reparse();
}

void LabSession::reparse()
{
    m_parseTimer.stop();
    const QByteArray &bytes = m_document.bytes();
    auto tree = json::SyntaxTree::parse(bytes);
    if (tree)
        m_tree = std::move(tree).value();
    else
        m_tree.reset();
    auto loaded = gateway::load(bytes, m_path.isEmpty() ? QStringLiteral("krakend.json") : m_path);
    if (!loaded) {
        m_configError = loaded.error();
        emit configChanged();
        if (!m_service)
            setState(Finished{twin::outcomeOfConfigError(*m_configError), ReplySource::Live});
        return;
    }
    m_configError.reset();
    const QByteArray before = draftKey();
    const bool first = !m_service;
    const std::size_t endpointsBefore = first ? 0 : m_service->endpoints.size();
    m_service = std::make_shared<const gateway::ServiceConfig>(std::move(loaded).value());
    // The same endpoint stays chosen when others come and go around it.
    std::size_t chosen = qMin(m_endpoint, m_service->endpoints.empty() ? 0 : m_service->endpoints.size() - 1);
    if (first) {
        const gateway::EndpointConfig *wanted = gateway::findEndpoint(*m_service, {}, {});
        if (wanted)
            chosen = std::size_t(wanted - m_service->endpoints.data());
    } else {
        const auto keyOf = [](const gateway::EndpointConfig &e) { return QByteArray(e.method + ' ' + e.path); };
        if (m_service->endpoints.empty() || keyOf(m_service->endpoints[chosen]) != before) {
            for (std::size_t i = 0; i < m_service->endpoints.size(); ++i) {
                if (keyOf(m_service->endpoints[i]) == before)
                    chosen = i;
            }
        }
    }
    m_endpoint = chosen;
    const QByteArray after = draftKey();
    if (first) {
        loadWork();
    } else if (after != before && m_service->endpoints.size() != endpointsBefore) {
        // Taken out of the file: what was done there waits for its return.
        cancel();
        m_signer = {};
        m_works[before] = std::move(m_work);
        loadWork();
        m_state = Idle{};
    } else if (after != before) {
        // Renamed in place: the request follows its endpoint.
        if (m_work.draft.target == before.mid(before.indexOf(' ') + 1) && endpoint()) {
            m_work.draft.target = endpoint()->path;
            m_work.draft.method = endpoint()->method;
        }
    }
    emit configChanged();
    if (first || after != before) {
        emit endpointChanged();
        emit sourceChanged();
        emit stateChanged();
    }
    if (signerFingerprint() != m_signerFingerprint || first) {
        if (first)
            startGateway();
        else
            m_restartTimer.start();
    } else {
        refresh();
    }
}

const gateway::EndpointConfig *LabSession::endpoint() const
{
    return m_service && m_endpoint < m_service->endpoints.size() ? &m_service->endpoints[m_endpoint] : nullptr;
}

QByteArray LabSession::draftKey() const
{
    const gateway::EndpointConfig *e = endpoint();
    return e ? e->method + ' ' + e->path : QByteArray();
}

void LabSession::loadWork()
{
    const gateway::EndpointConfig *e = endpoint();
    if (!e) {
        m_work = {};
        return;
    }
    if (const auto kept = m_works.find(draftKey()); kept != m_works.end()) {
        m_work = std::move(kept->second);
        m_works.erase(kept);
        return;
    }
    m_work = {};
    m_work.draft.method = e->method.isEmpty() ? QByteArray("GET") : e->method;
    m_work.draft.target = e->path;
    if (mayHaveBody(m_work.draft.method)) {
        m_work.draft.headers = "Content-Type: application/json";
        // The demonstration's refresh asks for no login.
        m_work.draft.body = !m_demo                 ? QByteArray("{}")
                            : e->path == "/refresh" ? QByteArray(R"({"refresh_token": "from the login"})")
                                                    : playground::demoRequestBody();
    }
}

void LabSession::selectEndpoint(std::size_t index)
{
    if (!m_service || index >= m_service->endpoints.size() || index == m_endpoint)
        return;
    cancel();
    m_works[draftKey()] = std::move(m_work);
    m_endpoint = index;
    loadWork();
    m_signer = {};
    m_state = Idle{};
    emit endpointChanged();
    emit sourceChanged();
    emit stateChanged();
    startGateway();
}

QByteArray LabSession::signerFingerprint() const
{
    const gateway::EndpointConfig *e = endpoint();
    if (!e)
        return {};
    QByteArray text = draftKey() + '\n';
    for (const QByteArray &pointer : {e->signerPointer, e->validatorPointer}) {
        const int index = m_tree && !pointer.isEmpty() ? m_tree->find(pointer) : -1;
        if (index >= 0) {
            const json::Range range = m_tree->node(index).range;
            text += m_tree->source().mid(range.begin, range.length()) + '\n';
        }
    }
    for (const lab::Binding &binding : m_bindings.all())
        text += '\n' + binding.from + '=' + binding.to;
    return text;
}

void LabSession::restartGateway()
{
    startGateway();
}

void LabSession::setBindings(const lab::Bindings &bindings)
{
    m_bindings = bindings;
    emit bindingsChanged();
    startGateway();
}

void LabSession::startGateway()
{
    m_restartTimer.stop();
    retire(m_start);
    m_signerFingerprint = signerFingerprint();
    if (!endpoint()) {
        m_signer = {};
        emit signerChanged();
        return;
    }
    m_signer.loading = true;
    const quint64 id = ++m_startId;
    auto since = std::make_shared<QElapsedTimer>();
    since->start();
    m_start = std::make_unique<lab::GatewayStart>(m_service, m_endpoint, m_bindings, m_options.limits);
    connect(m_start.get(), &lab::GatewayStart::finished, this, [this, id, since](const twin::SignerState &state) {
        if (id != m_startId)
            return;
        m_signer = {state,
                    m_start->validator(),
                    QDateTime::currentDateTime(),
                    double(since->nsecsElapsed()) / 1e6,
                    false,
                    std::make_shared<const problems::EndpointFacts>(m_start->facts())};
        retire(m_start);
        emit signerChanged();
        if (m_sendWhenLoaded) {
            m_sendWhenLoaded = false;
            startRun();
        } else {
            refresh();
        }
    });
    emit signerChanged();
    m_start->start();
}

lab::RunInput LabSession::input() const
{
    lab::RunInput in;
    in.service = m_service;
    in.endpoint = m_endpoint;
    in.signer = m_signer.state;
    in.keyMs = m_signer.ms;
    in.validator = m_signer.validator;
    in.request = m_work.sent;
    in.bindings = m_bindings;
    in.limits = m_options.limits;
    return in;
}

lab::RunInput LabSession::draftInput() const
{
    lab::RunInput in = input();
    in.request = requestOf(m_work.draft);
    return in;
}

bool LabSession::isOfDraft() const
{
    const twin::ClientRequest now = requestOf(m_work.draft);
    return now.method == m_work.sent.method && now.target == m_work.sent.target && now.headers == m_work.sent.headers &&
           now.body == m_work.sent.body;
}

std::optional<QByteArray> LabSession::missingParam() const
{
    for (const QByteArray &name : gateway::pathParams(m_work.draft.target)) {
        const auto value = m_work.draft.params.find(name);
        if (value == m_work.draft.params.end() || value->second.isEmpty())
            return name;
    }
    return std::nullopt;
}

void LabSession::send()
{
    if (std::holds_alternative<Running>(m_state))
        return;
    if (m_parseTimer.isActive())
        reparse();
    if (m_configError) {
        setState(Finished{twin::outcomeOfConfigError(*m_configError), ReplySource::Live});
        return;
    }
    if (!endpoint())
        return;
    if (const auto missing = missingParam()) {
        emit paramMissing(*missing);
        return;
    }
    m_before = m_state;
    QElapsedTimer since;
    since.start();
    setState(Running{since});
    if (m_restartTimer.isActive())
        startGateway();
    if (m_signer.loading)
        m_sendWhenLoaded = true;
    else
        startRun();
}

void LabSession::startRun()
{
    m_work.sent = requestOf(m_work.draft);
    const quint64 id = ++m_runId;
    retire(m_run);
    m_run = std::make_unique<lab::Run>(input());
    connect(m_run.get(), &lab::Run::finished, this, [this, id](const twin::Outcome &outcome) {
        if (id != m_runId)
            return;
        retire(m_run);
        m_work.live = outcome.backends;
        m_work.hasLive = true;
        // An edit is not lost by sending: it can be chosen again.
        m_work.source = ReplySource::Live;
        setState(Finished{outcome, ReplySource::Live});
        emit sourceChanged();
    });
    m_run->start();
}

void LabSession::cancel()
{
    m_sendWhenLoaded = false;
    if (!std::holds_alternative<Running>(m_state))
        return;
    ++m_runId;
    if (m_run)
        m_run->cancel();
    retire(m_run);
    setState(m_before);
}

void LabSession::setState(RunState state)
{
    m_state = std::move(state);
    emit stateChanged();
}

const twin::Outcome *LabSession::outcome() const
{
    const auto *finished = std::get_if<Finished>(&m_state);
    return finished ? &finished->outcome : nullptr;
}

std::optional<http::Reply> LabSession::reply(std::size_t backend) const
{
    std::optional<http::Reply> found;
    if (m_work.hasLive && backend < m_work.live.size() && m_work.live[backend].reply && m_work.live[backend].reply->ok())
        found = m_work.live[backend].reply->value();
    if (m_work.source == ReplySource::Edited) {
        if (const auto edited = m_work.edited.find(backend); edited != m_work.edited.end()) {
            if (!found) {
                found = http::Reply{};
                found->status = 200;
                found->reason = "OK";
                found->headers.append("Content-Type", "application/json");
            }
            found->body = edited->second;
            found->cut = false;
            if (found->headers.contains("Content-Length"))
                found->headers.set("Content-Length", QByteArray::number(found->body.size()));
            found->headers.remove("Content-Encoding");
        }
    }
    return found;
}

void LabSession::editReply(std::size_t backend, const QByteArray &body)
{
    if (m_work.source == ReplySource::Live)
        m_work.edited.clear();
    m_work.edited[backend] = body;
    const bool switched = m_work.source != ReplySource::Edited;
    m_work.source = ReplySource::Edited;
    if (!m_work.hasLive)
        m_work.sent = requestOf(m_work.draft);
    if (switched)
        emit sourceChanged();
    if (body.size() > simulateAtOnce)
        m_simulateTimer.start();
    else
        simulateNow();
}

void LabSession::chooseSource(ReplySource source)
{
    if (source == m_work.source || (source == ReplySource::Edited && !hasEdited()))
        return;
    m_work.source = source;
    emit sourceChanged();
    refresh();
}

void LabSession::refresh()
{
    if (std::holds_alternative<Running>(m_state))
        return;
    if (!m_service || m_configError)
        return;
    simulateNow();
}

void LabSession::simulateNow()
{
    m_simulateTimer.stop();
    const gateway::EndpointConfig *e = endpoint();
    if (!e || std::holds_alternative<Running>(m_state))
        return;
    if (m_signer.loading || !m_signer.at.isValid())
        return; // comes back when the signer is loaded
    std::vector<lab::GivenReply> replies;
    bool complete = !e->backends.empty();
    for (std::size_t i = 0; i < e->backends.size() && complete; ++i) {
        // A backend that failed in the last run fails again, unless a reply was typed for it.
        if (auto one = reply(i))
            replies.emplace_back(*std::move(one));
        else if (m_work.hasLive && i < m_work.live.size() && m_work.live[i].reply)
            replies.push_back(*m_work.live[i].reply);
        else
            complete = false;
    }
    // A signer that was not built answers without asking any backend.
    if (!complete && m_signer.state.error) {
        replies.clear();
        if (!m_work.hasLive)
            m_work.sent = requestOf(m_work.draft);
    } else if (!complete) {
        if (m_work.source == ReplySource::Edited || !m_work.hasLive || m_work.live.empty())
            setState(Idle{});
        return;
    }
    setState(Finished{lab::simulate(input(), replies, now()), m_work.source});
}

} // namespace tokenlab::ui
