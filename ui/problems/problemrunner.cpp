#include "ui/problems/problemrunner.h"

#include "core/text/problems.h"

namespace tokenlab::ui {

namespace {
constexpr int pause = 120; // ms without a change before the document is judged
}

ProblemRunner::ProblemRunner(LabSession *session, QObject *parent)
    : QObject(parent), m_session(session), m_judged(std::make_shared<const Judged>())
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(pause);
    connect(&m_timer, &QTimer::timeout, this, &ProblemRunner::start);
    connect(session, &LabSession::documentOpened, this, [this] {
        m_known.clear();
        m_judged = std::make_shared<const Judged>();
        order();
        emit changed();
    });
    connect(session, &LabSession::configChanged, this, [this] {
        order();
        emit changed(); // what is shown is of an older text now
    });
    connect(session, &LabSession::signerChanged, this, [this] {
        rememberSigner();
        order();
    });
    connect(session, &LabSession::stateChanged, this, [this] {
        rememberOutcome();
        order();
    });
    connect(session, &LabSession::bindingsChanged, this, [this] {
        for (auto &[key, known] : m_known)
            known.signer.reset();
        order();
    });
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
    return m_session->signer().loading;
}

void ProblemRunner::order()
{
    m_timer.start();
}

// What the session knows of the chosen endpoint stays known when another one is chosen.
void ProblemRunner::rememberSigner()
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    if (!endpoint || !m_session->tree() || m_session->configError())
        return;
    KnownEndpoint &known = m_known[keyOf(*endpoint)];
    const LoadedSigner &signer = m_session->signer();
    known.signer.reset();
    if (!signer.loading && signer.at.isValid()) {
        known.signerText = bytesAt(*m_session->tree(), endpoint->signerPointer);
        known.signer = signer.state;
    }
}

void ProblemRunner::rememberOutcome()
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    if (!endpoint || !m_session->tree() || m_session->configError())
        return;
    KnownEndpoint &known = m_known[keyOf(*endpoint)];
    const twin::Outcome *outcome = m_session->outcome();
    if (outcome && !outcome->backends.empty())
        known.outcome = std::make_shared<const twin::Outcome>(*outcome);
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
    const auto known = m_known.find(keyOf(m_judged->service->endpoints[problem.endpoint]));
    if (known != m_known.end() && known->second.outcome) {
        for (const twin::BackendExchange &exchange : known->second.outcome->backends) {
            if (exchange.reply && exchange.reply->ok() && exchange.reply->value().status >= 400) {
                reply = exchange.reply->value();
                preview.seen = true;
                break;
            }
        }
    }
    const twin::SignerState signer = known != m_known.end() && known->second.signer ? *known->second.signer : twin::SignerState();
    preview.backendStatus = reply.status;
    preview.answers = problems::previewErrorDetails(*m_judged->service, problem.endpoint, signer, reply, fix.arguments[1]);
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
