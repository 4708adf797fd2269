// Stand-in keys: where the document's key cannot be had here, or cannot do the algorithm that was chosen, a key of the same ID that can is
// made, written for its owner alone, and bound in its place. The document is not touched; one undo takes it back.
#pragma once

#include "core/keys/maker.h"
#include "ui/session.h"

namespace tokenlab::ui {

struct StandInPlan {
    enum Why { Unreachable, OtherAlgorithm, NoAuthorities };
    Why why = Unreachable;
    QByteArray from;                         // what will be bound: the signer's jwk_local_path or jwk_url; "": no key is needed
    QByteArray caFrom;                       // NoAuthorities: jwk_local_ca, which will be bound to a file without any
    QByteArray kid, alg;                     // of the chosen endpoint's signer
    keys::Entries kept;                      // the loaded keys that still serve
    std::vector<keys::MakeRequest> requests; // of the chosen signer first, then of others that read the same place
    friend bool operator==(const StandInPlan &a, const StandInPlan &b)
    {
        return a.why == b.why && a.from == b.from && a.caFrom == b.caFrom && a.kid == b.kid && a.alg == b.alg;
    }
};
// None: the key is there, or what is wrong is not the key.
[[nodiscard]] std::optional<StandInPlan> standInPlan(const LabSession &session);

class StandIn : public QObject
{
    Q_OBJECT
public:
    // folder: where the keys are kept; it is made, for its owner alone.
    StandIn(LabSession *session, const QString &folder, QObject *parent = nullptr);
    [[nodiscard]] static QString usualFolder();

    void start(const StandInPlan &plan);
    void cancel();
    [[nodiscard]] bool isBusy() const { return m_job != nullptr; }

signals:
    void made(const tokenlab::keys::Entries &entries, const QString &path); // path "": no key was needed
    void failed(const QString &words);

private:
    void next();
    void finish();
    // A file of its own in the folder, for its owner alone; the error is a sentence.
    [[nodiscard]] Result<QString, QString> write(const QString &stem, const QString &suffix, const crypto::SecretBytes &text);

    LabSession *m_session;
    QString m_folder;
    StandInPlan m_plan;
    keys::Entries m_entries;
    std::size_t m_at = 0;
    std::unique_ptr<keys::MakeJob> m_job;
};

} // namespace tokenlab::ui
