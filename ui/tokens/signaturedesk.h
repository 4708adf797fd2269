// What the signatures of the tokens on show are worth with keys from elsewhere. The keys stay for all tokens until they are changed; large
// work is done in a thread, and what is overtaken is dropped.
#pragma once

#include "ui/session.h"
#include "ui/tokens/verdictdesk.h"
#include "ui/tokens/verifysource.h"
#include "ui/widgets/newest.h"

namespace tokenlab::ui {

struct SignatureState {
    enum Kind {
        Unchecked, // no key was given
        NoKeys,    // a validator's set that is not here; words: why
        Checking,
        Right,
        Wrong
    };
    Kind kind = Unchecked;
    QString words;       // a sentence
    QStringList remarks; // sentences
};

class SignatureDesk : public QObject
{
    Q_OBJECT
public:
    SignatureDesk(LabSession *session, const VerdictDesk *validators, QObject *parent = nullptr);
    void setTokens(const std::vector<QByteArray> &tokens);
    void choose(const ChosenKeys &keys);
    void clear();
    void judgeAgain(); // another minute: what is noted of dates may have changed
    [[nodiscard]] const std::optional<ChosenKeys> &chosen() const { return m_chosen; }
    [[nodiscard]] int keyCount() const; // that are checked with; -1: not known yet
    [[nodiscard]] SignatureState state(const QByteArray &token, Instant now) const;

signals:
    void changed();

private:
    using Keys = std::shared_ptr<const jose::VerificationKeys>;
    struct Order {
        Keys keys;
        QByteArray text; // of a set that is not read yet
        std::vector<QByteArray> tokens;
        Instant now;
    };
    struct Answer {
        Keys keys;
        QString fault;
        std::map<QByteArray, jose::Verification> results;
    };
    [[nodiscard]] static Answer answer(const Order &order);
    void lookAtValidators();
    void check(bool anew = true); // anew: what was said before is of other tokens or keys
    void take(const std::shared_ptr<const Answer> &answer);

    LabSession *m_session;
    const VerdictDesk *m_validators;
    std::optional<ChosenKeys> m_chosen;
    std::optional<KnownSet> m_set; // of a validator
    std::vector<QByteArray> m_tokens;
    std::shared_ptr<const Answer> m_answer; // none: being calculated
    Newest<std::shared_ptr<const Answer>> m_work;
};

} // namespace tokenlab::ui
