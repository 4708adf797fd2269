#include "ui/compare/comparerunner.h"

#include <utility>

namespace tokenlab::ui {

CompareRunner::CompareRunner(LabSession *session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(session, &LabSession::documentOpened, this, &CompareRunner::changedBelow);
    connect(&session->document(), &DocumentStack::spliced, this, &CompareRunner::changedBelow);
    connect(session, &LabSession::endpointChanged, this, &CompareRunner::changedBelow);
    connect(session, &LabSession::bindingsChanged, this, &CompareRunner::changedBelow);
    // What a comparison waits for: keys that are being loaded, a run that goes on, a text that is being parsed.
    connect(session, &LabSession::signerChanged, this, &CompareRunner::proceed);
    connect(session, &LabSession::stateChanged, this, &CompareRunner::proceed);
    connect(session, &LabSession::configChanged, this, &CompareRunner::proceed);
}

CompareRunner::~CompareRunner()
{
    delete std::exchange(m_compare, nullptr);
}

void CompareRunner::start(const QString &gateway)
{
    if (isBusy())
        return;
    m_result.reset();
    m_trouble.reset();
    m_outdated = false;
    auto chosen = lab::chooseGateway(gateway.trimmed());
    if (!chosen) {
        fail(chosen.error());
        return;
    }
    m_gateway = std::move(chosen).value();
    set(State::Waiting);
    proceed();
}

void CompareRunner::proceed()
{
    if (m_state != State::Waiting || !m_session->isSettled())
        return;
    if (!m_session->isIntact() || !m_session->endpoint()) {
        stop(State::Stopped);
        return;
    }
    lab::CompareInput input;
    input.run = m_session->draftInput();
    input.document = m_session->document().bytes();
    // The window's answer, edited reply included, is what the gateway is held against; another request is asked of both.
    if (m_session->outcome() && m_session->isOfDraft())
        input.lab = *m_session->outcome();
    input.gateway = m_gateway;
    input.startDeadline = m_deadline;
    m_compare = new lab::Compare(std::move(input), this);
    const auto *mine = m_compare;
    connect(m_compare, &lab::Compare::phase, this, [this, mine](lab::Compare::Phase phase) {
        if (mine != m_compare)
            return;
        m_phase = phase;
        emit changed();
    });
    connect(m_compare, &lab::Compare::finished, this, [this, mine](const lab::CompareResult &result) {
        if (mine != m_compare)
            return;
        m_result = result;
        stop(State::Finished);
    });
    connect(m_compare, &lab::Compare::failed, this, [this, mine](const twin::GatewayTrouble &trouble) {
        if (mine != m_compare)
            return;
        fail(trouble);
    });
    m_phase = m_session->outcome() ? lab::Compare::StartingGateway : lab::Compare::AskingLab;
    set(State::Running);
    m_compare->start();
}

void CompareRunner::cancel()
{
    if (isBusy())
        stop(State::Nothing);
}

void CompareRunner::changedBelow()
{
    if (isBusy()) {
        stop(State::Stopped);
    } else if (m_result && !m_outdated) {
        m_outdated = true;
        emit changed();
    }
}

void CompareRunner::fail(const twin::GatewayTrouble &trouble)
{
    m_trouble = trouble;
    stop(State::Failed);
}

void CompareRunner::stop(State state)
{
    // It may be the one that calls; a gateway that it started ends with it.
    if (lab::Compare *compare = std::exchange(m_compare, nullptr)) {
        compare->disconnect(this);
        compare->deleteLater();
    }
    set(state);
}

void CompareRunner::set(State state)
{
    m_state = state;
    emit changed();
}

} // namespace tokenlab::ui
