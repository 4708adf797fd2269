#include "ui/problems/problemrunner.h"

#include "core/text/problems.h"

#include <algorithm>

namespace tokenlab::ui {

namespace {
constexpr int pause = 120;                  // ms without a change before the document is judged
constexpr int calm = 350;                   // ms more before key hosts are asked
constexpr std::size_t inspectedAtMost = 32; // different signers of one file whose key hosts are asked
} // namespace

ProblemRunner::ProblemRunner(LabSession *session, QObject *parent)
    : QObject(parent), m_session(session), m_judged(std::make_shared<const Judged>())
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(pause);
    connect(&m_timer, &QTimer::timeout, this, &ProblemRunner::start);
    m_inspectTimer.setSingleShot(true);
    m_inspectTimer.setInterval(calm);
    connect(&m_inspectTimer, &QTimer::timeout, this, &ProblemRunner::inspect);
    connect(session, &LabSession::documentOpened, this, [this] {
        m_known.outcomes.clear();
        m_judged = std::make_shared<const Judged>();
        forgetKeys();
        emit changed();
    });
    connect(session, &LabSession::configChanged, this, [this] {
        order();
        emit changed(); // what is shown is of an older text now
    });
    connect(session, &LabSession::signerChanged, this, [this] {
        // The same signer loaded again: the gateway was restarted, and its files and key hosts may say something else.
        const gateway::EndpointConfig *endpoint = m_session->endpoint();
        if (endpoint && m_session->tree()) {
            const LoadedSigner &loaded = m_session->signer();
            const QByteArray signer = bytesAt(*m_session->tree(), endpoint->signerPointer);
            const QByteArray text = keyOf(*endpoint) + signer;
            if (loaded.loading) {
                if (std::exchange(m_started, text) == text)
                    forgetKeys();
            } else if (text == m_started && loaded.facts && loaded.facts->download) {
                m_known.signers.insert_or_assign(signer, *loaded.facts); // its key host need not be asked again
            }
        }
        order();
    });
    connect(session, &LabSession::stateChanged, this, [this] {
        rememberOutcome();
        order();
    });
    connect(session, &LabSession::bindingsChanged, this, &ProblemRunner::forgetKeys);
}

ProblemRunner::~ProblemRunner()
{
    retireInspection();
}

bool ProblemRunner::isCurrent() const
{
    return m_judged->source == m_session->document().bytes();
}

bool ProblemRunner::isSettled() const
{
    return isCurrent() && !m_timer.isActive() && !m_work.isPending();
}

bool ProblemRunner::isLoading() const
{
    return m_session->signer().loading || m_inspection || m_inspectTimer.isActive();
}

void ProblemRunner::order()
{
    m_timer.start();
}

void ProblemRunner::forgetKeys()
{
    m_known.signers.clear();
    retireInspection();
    order();
}

void ProblemRunner::retireInspection()
{
    m_inspectTimer.stop();
    if (!m_inspection)
        return;
    m_inspection->disconnect(this);
    m_inspection->deleteLater();
    m_inspection = nullptr;
}

void ProblemRunner::rememberOutcome()
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    const twin::Outcome *outcome = m_session->outcome();
    if (endpoint && !m_session->configError() && outcome && !outcome->backends.empty())
        m_known.outcomes[keyOf(*endpoint)] = std::make_shared<const twin::Outcome>(*outcome);
}

// Key hosts are asked once for each signer, as the gateway would at its start.
void ProblemRunner::inspect()
{
    if (m_inspection || !isCurrent() || m_session->signer().loading) // when that is loaded the document is judged once more
        return;
    std::erase_if(m_known.signers, [this](const auto &known) { return !m_judged->signers.contains(known.first); });
    std::vector<std::size_t> endpoints;
    std::map<QByteArray, std::size_t> texts;
    for (const auto &[text, endpoint] : m_judged->wanted) {
        if (endpoints.size() + m_known.signers.size() >= inspectedAtMost)
            break;
        endpoints.push_back(endpoint);
        texts.emplace(text, endpoint);
    }
    if (endpoints.empty())
        return;
    m_inspection = new lab::Inspection(m_judged->service, m_session->bindings(), lab::RunLimits(), this);
    m_inspection->setEndpoints(endpoints);
    connect(m_inspection, &lab::Inspection::finished, this, [this, texts](const lab::Inspected &inspected) {
        for (const auto &[text, endpoint] : texts)
            m_known.signers.insert_or_assign(text, inspected.endpoints[endpoint]);
        retireInspection();
        order();
    });
    m_inspection->start();
}

Question ProblemRunner::question() const
{
    Question question;
    question.source = m_session->document().bytes();
    question.fileName = m_session->path().isEmpty() ? QStringLiteral("krakend.json") : m_session->path();
    question.known = m_known;
    question.bindings = m_session->bindings();
    question.now = m_session->now();
    return question;
}

void ProblemRunner::start()
{
    m_timer.stop();
    // One at a time: while somebody types into a large file the judgements do not queue up.
    if (m_work.isPending()) {
        m_again = true;
        return;
    }
    m_work.order([asked = question()] { return std::make_shared<const Judged>(judge(asked)); },
                 [this](const std::shared_ptr<const Judged> &judged) {
                     if (judged->source == m_session->document().bytes())
                         m_judged = judged;
                     if (std::exchange(m_again, false))
                         order();
                     else if (!m_judged->wanted.empty())
                         m_inspectTimer.start();
                     emit changed();
                 });
}

bool ProblemRunner::apply(const problems::Problem &problem, const problems::Fix &fix)
{
    if (!isCurrent() || fix.edit.empty())
        return false;
    const QString label = text::label(fix, problem);
    m_session->edit(fix.edit, label.isEmpty() ? tr("Fix a problem") : label);
    start();
    return true;
}

std::optional<RefusalPreview> ProblemRunner::preview(const problems::Problem &problem, const problems::Fix &fix) const
{
    if (!m_judged->service || problem.endpoint >= m_judged->service->endpoints.size() || fix.arguments.size() < 2 ||
        fix.arguments[0] != "return_error_details")
        return std::nullopt;
    RefusalPreview preview;
    http::Reply reply = problems::typicalRefusal();
    const gateway::EndpointConfig &endpoint = m_judged->service->endpoints[problem.endpoint];
    if (const auto known = m_known.outcomes.find(keyOf(endpoint)); known != m_known.outcomes.end()) {
        for (const twin::BackendExchange &exchange : known->second->backends) {
            if (exchange.reply && exchange.reply->ok() && exchange.reply->value().status >= 400) {
                reply = exchange.reply->value();
                preview.seen = true;
                break;
            }
        }
    }
    preview.backendStatus = reply.status;
    preview.answers = problems::previewErrorDetails(*m_judged->service, problem.endpoint, twin::SignerState(), reply, fix.arguments[1]);
    return preview;
}

void ProblemRunner::fixAllSafe()
{
    if (!isCurrent() || m_fixing.isPending())
        return;
    const QByteArray source = m_session->document().bytes();
    m_fixing.order([asked = question()] { return fixSafely(asked); },
                   [this, source](const gateway::edit::Edit &edit) {
                       if (source == m_session->document().bytes() && !edit.empty())
                           m_session->edit(edit, tr("Fix all safe problems"));
                       start();
                       emit changed();
                   });
    emit changed();
}

} // namespace tokenlab::ui
