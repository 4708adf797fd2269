// Keys from bytes of any form, with the questions that some forms ask: the passphrase, and whether a bare secret is the text or its bytes.
// The reading itself, which may have to stretch a passphrase, is done in a thread.
#pragma once

#include "core/keys/import.h"

#include <QPointer>
#include <QWidget>

namespace tokenlab::ui {

class KeyImporter : public QObject
{
    Q_OBJECT
public:
    explicit KeyImporter(QWidget *parent); // of the questions

    // name: what the user knows it by. One at a time; a new one takes the place of one that still asks.
    void start(crypto::SecretBytes bytes, const QString &name);
    void cancel();
    [[nodiscard]] bool isBusy() const { return m_busy; }

signals:
    void busyChanged();
    void found(const tokenlab::keys::Imported &imported, const QString &name);
    void failed(const QString &words);

private:
    void read();
    void take(const Result<keys::Imported, keys::ImportError> &result);
    void askPassphrase(bool again);
    void askReading(const std::vector<keys::Reading> &readings);
    void setBusy(bool busy);
    void forget();

    QWidget *m_window;
    QPointer<QWidget> m_question;
    std::shared_ptr<const crypto::SecretBytes> m_bytes;
    std::shared_ptr<const crypto::SecretBytes> m_passphrase;
    QString m_name;
    quint64 m_id = 0;
    bool m_busy = false;
};

} // namespace tokenlab::ui
