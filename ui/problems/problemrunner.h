// Judges the session's document in a worker thread whenever it, the loaded keys, the last outcome or the bindings change. Late judgements
// are dropped; a fix is only applied to the text it was made for.
#pragma once

#include "core/lab/inspection.h"
#include "core/problems/errordetails.h"
#include "ui/problems/judged.h"
#include "ui/session.h"
#include "ui/widgets/newest.h"

namespace tokenlab::ui {

// What a refused login looks like before and after a fix that hands errors on.
struct RefusalPreview {
    problems::ErrorPreview answers;
    int backendStatus = 0;
    bool seen = false; // in the last run; else a typical refusal
};

class ProblemRunner : public QObject
{
    Q_OBJECT
public:
    explicit ProblemRunner(LabSession *session, QObject *parent = nullptr);
    ~ProblemRunner() override;

    // The last judgement, of an older text while another one is under way. Never null.
    [[nodiscard]] const std::shared_ptr<const Judged> &judged() const { return m_judged; }
    [[nodiscard]] bool isCurrent() const; // of the document as it is
    [[nodiscard]] bool isSettled() const; // current, and nothing new is under way
    [[nodiscard]] bool isLoading() const; // the chosen endpoint's keys are on their way
    [[nodiscard]] bool isFixing() const { return m_fixing.isPending(); }
    // One step of undo. False: the text is another by now.
    bool apply(const problems::Problem &problem, const problems::Fix &fix);
    [[nodiscard]] std::optional<RefusalPreview> preview(const problems::Problem &problem, const problems::Fix &fix) const;
    void fixAllSafe(); // in a worker; one step of undo

signals:
    void changed();

private:
    void order();
    void start();
    void forgetKeys();
    void rememberOutcome();
    void inspect();
    void retireInspection();
    [[nodiscard]] Question question() const;

    LabSession *m_session;
    QTimer m_timer, m_inspectTimer;
    Known m_known;
    lab::Inspection *m_inspection = nullptr;
    QByteArray m_started; // the signer that the session loaded last
    std::shared_ptr<const Judged> m_judged;
    Newest<std::shared_ptr<const Judged>> m_work;
    Newest<gateway::edit::Edit> m_fixing;
    bool m_again = false;
};

} // namespace tokenlab::ui
