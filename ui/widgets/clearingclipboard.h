// A secret on the clipboard, for a while: it goes after a delay, or when the program ends, unless something else was copied meanwhile.
#pragma once

#include "core/crypto/secretbytes.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <chrono>

class QClipboard;

namespace tokenlab::ui {

class ClearingClipboard : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::seconds usualDelay{60};

    // clipboard: the application's, or a test's; it outlives this, or is the application's own.
    explicit ClearingClipboard(QClipboard *clipboard, std::chrono::milliseconds delay = usualDelay, QObject *parent = nullptr);
    ~ClearingClipboard() override; // clears

    // The text is not kept here, only what tells it again. Clipboard histories that know the hint of password managers leave it out.
    void copy(const QString &secret);
    void copy(const crypto::SecretBytes &utf8);
    void clear(); // now, if it is still there

    [[nodiscard]] bool holds() const; // our text, to be cleared
    [[nodiscard]] std::chrono::milliseconds remaining() const;

Q_SIGNALS:
    void changed(); // holds() did
    void cleared(); // by us, not by another text

private:
    void look(); // something was copied: still ours?
    void forget();
    [[nodiscard]] QByteArray trace(const QString &text) const;

    QClipboard *const m_clipboard;
    const bool m_isApplications;
    QTimer m_timer;
    QByteArray m_salt, m_trace; // empty: nothing to clear
};

} // namespace tokenlab::ui
