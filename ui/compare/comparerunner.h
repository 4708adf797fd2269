// Runs one comparison at a time for the window. What the document, the endpoint or the bindings were when it began must hold until its
// end: a later change stops it, and a finished one is of an older configuration from then on.
#pragma once

#include "core/lab/compare.h"
#include "ui/session.h"

namespace tokenlab::ui {

class CompareRunner : public QObject
{
    Q_OBJECT
public:
    enum class State { Nothing, Waiting, Running, Finished, Failed, Stopped }; // Waiting: for the lab's own keys and run
    explicit CompareRunner(LabSession *session, QObject *parent = nullptr);
    ~CompareRunner() override; // ends a started gateway

    // gateway: as lab::chooseGateway() takes it; empty: what is found on this machine.
    void start(const QString &gateway);
    void cancel();
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isBusy() const { return m_state == State::Waiting || m_state == State::Running; }
    [[nodiscard]] lab::Compare::Phase phase() const { return m_phase; }
    [[nodiscard]] const lab::CompareResult *result() const { return m_result ? &*m_result : nullptr; }
    [[nodiscard]] bool isOutdated() const { return m_outdated; } // the result's configuration or request is no longer the window's
    [[nodiscard]] const std::optional<twin::GatewayTrouble> &trouble() const { return m_trouble; }
    // For tests: how long a gateway may take to listen.
    void setStartDeadline(std::chrono::milliseconds deadline) { m_deadline = deadline; }

signals:
    void changed();

private:
    void proceed();
    void changedBelow();
    void stop(State state);
    void set(State state);
    void fail(const twin::GatewayTrouble &trouble);

    LabSession *m_session;
    State m_state = State::Nothing;
    lab::Compare::Phase m_phase = lab::Compare::AskingLab;
    std::variant<lab::GatewayProgram, QByteArray> m_gateway;
    lab::Compare *m_compare = nullptr;
    std::optional<lab::CompareResult> m_result;
    std::optional<twin::GatewayTrouble> m_trouble;
    std::chrono::milliseconds m_deadline{20000};
    bool m_outdated = false;
};

} // namespace tokenlab::ui
