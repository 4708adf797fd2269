// What every validator of the document says to the tokens on show. Keys are loaded as the gateway would, large work is done in a thread.
#pragma once

#include "core/lab/validatorkeys.h"
#include "core/twin/tokenverdicts.h"
#include "ui/session.h"
#include "ui/widgets/newest.h"

namespace tokenlab::ui {

using Verdicts = std::vector<twin::EndpointVerdict>;

// A key set that validators of the document check with.
struct KnownSet {
    QByteArray source;                // where they have it from: a path, or a URL without its password
    QByteArray endpoint;              // `GET /account`: the first that does
    std::optional<jose::KeySet> keys; // of a file
    QByteArray text;                  // of a URL, as it answered
    QString fault;                    // why it cannot be had; "" with neither keys nor text: it was not asked for yet
    [[nodiscard]] bool isHere() const { return keys || !text.isEmpty(); }
};

class VerdictDesk : public QObject
{
    Q_OBJECT
public:
    explicit VerdictDesk(LabSession *session, QObject *parent = nullptr);
    ~VerdictDesk() override;
    void setTokens(const std::vector<QByteArray> &tokens);
    void judgeAgain(); // another minute
    // None: not judged yet.
    [[nodiscard]] const Verdicts *verdicts(const QByteArray &token) const;
    [[nodiscard]] bool isLoading() const { return !m_downloads.empty(); } // a key set is on its way
    [[nodiscard]] int validators() const;                                 // in the document
    [[nodiscard]] std::vector<KnownSet> knownSets() const;                // each source once

signals:
    void changed();

private:
    // Endpoints with the same text have the same validator: its keys are loaded once.
    struct Place {
        std::size_t endpoint;
        QByteArray text;
    };
    using States = std::map<QByteArray, twin::ValidatorState>;
    struct Order {
        std::shared_ptr<const gateway::ServiceConfig> service;
        std::vector<Place> places;
        States states;
        lab::Bindings bindings;
        std::vector<QByteArray> tokens;
        Instant now;
    };
    struct Need {
        Place place;
        QByteArray token;
    };
    struct Answer {
        States states;
        std::map<QByteArray, Verdicts> verdicts; // by token
        std::vector<Need> needs;                 // a download each
    };
    [[nodiscard]] static Answer answer(Order order);
    [[nodiscard]] std::vector<Place> places() const;
    void forget();
    void start();
    void download(const std::vector<Need> &needs, const std::shared_ptr<const gateway::ServiceConfig> &service);

    LabSession *m_session;
    QTimer m_timer;
    std::vector<QByteArray> m_tokens;
    States m_states;
    std::map<QByteArray, Verdicts> m_verdicts;
    std::map<QByteArray, lab::ValidatorKeys *> m_downloads; // by text
    Newest<std::shared_ptr<const Answer>> m_work;
};

} // namespace tokenlab::ui
