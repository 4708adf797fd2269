// New keys: made at once, or by a job in a thread that can be cancelled (RSA takes its time).
#pragma once

#include "core/keys/entry.h"
#include "core/support/clock.h"

#include <QObject>

#include <atomic>
#include <thread>

namespace tokenlab::keys {

struct KidRule {
    enum Kind {
        Given,     // text
        Date,      // `2026-11-24` of now; `2026-11-24-2` where the set has that already
        Thumbprint // RFC 7638
    };
    Kind kind = Thumbprint;
    QByteArray text;
    Instant now;
};
[[nodiscard]] QByteArray kidFor(const KidRule &rule, const jose::Key &key, const Entries &beside);

// The algorithm that fits best: `HS384` of a secret of 384 bits, `RS256`, `ES512` of P-521, `EdDSA`.
[[nodiscard]] QByteArray usualAlgorithm(const jose::Key &key);
// Whether a key can do what the name says; false for names of no signing algorithm.
[[nodiscard]] bool fits(const jose::Key &key, QByteArrayView algorithm);

struct MakeRequest {
    jose::KeyType type = jose::KeyType::Oct;
    int bits = 256;             // oct 256, 384, 512; RSA 2048, 3072, 4096
    QByteArray curve = "P-256"; // EC
    KidRule kid;
    std::optional<QByteArray> alg; // none: the usual one; "": no such member
    QByteArray use = "sig";
};
struct MakeError {
    enum Kind { BadSize, BadCurve, BadAlgorithm, Cancelled, Failed };
    Kind kind = Failed;
    QByteArray detail; // what was asked for, or a library's words
};

// What can be refused without making anything.
[[nodiscard]] std::optional<MakeError> refusedRequest(const MakeRequest &request);
// beside: the set that the key goes into, for its kid.
[[nodiscard]] Result<Entry, MakeError> make(const MakeRequest &request, const Entries &beside, const std::atomic_bool *cancelled = nullptr);

// One key made in a thread of its own. finished() comes once, from the event loop of the job's thread; not after cancel() and not when
// the job is deleted before, which waits for the thread's end (some milliseconds).
class MakeJob : public QObject
{
    Q_OBJECT
public:
    MakeJob(MakeRequest request, Entries beside, QObject *parent = nullptr);
    ~MakeJob() override;

    void start();
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_running; }

Q_SIGNALS:
    void finished(const Result<Entry, MakeError> &made);

private:
    MakeRequest m_request;
    Entries m_beside;
    std::atomic_bool m_cancelled = false;
    std::thread m_thread; // joined: what OpenSSL keeps for a thread is given back then
    bool m_running = false;
};

} // namespace tokenlab::keys
