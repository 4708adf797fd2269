#include "ui/keys/keyimporter.h"

#include "core/text/keys.h"
#include "ui/keys/keyquestions.h"

#include <QFutureWatcher>
#include <QtConcurrent>

namespace tokenlab::ui {

KeyImporter::KeyImporter(QWidget *parent) : QObject(parent), m_window(parent) {}

void KeyImporter::start(crypto::SecretBytes bytes, const QString &name)
{
    cancel();
    m_bytes = std::make_shared<const crypto::SecretBytes>(std::move(bytes));
    m_name = name;
    read();
}

void KeyImporter::cancel()
{
    ++m_id;
    delete m_question;
    forget();
    setBusy(false);
}

void KeyImporter::read()
{
    using Outcome = std::shared_ptr<const Result<keys::Imported, keys::ImportError>>;
    const quint64 id = ++m_id;
    setBusy(true);
    auto *watcher = new QFutureWatcher<Outcome>(this);
    connect(watcher, &QFutureWatcher<Outcome>::finished, this, [this, watcher, id] {
        watcher->deleteLater();
        if (id != m_id)
            return;
        setBusy(false);
        const Outcome outcome = watcher->result();
        take(*outcome);
    });
    watcher->setFuture(QtConcurrent::run([bytes = m_bytes, passphrase = m_passphrase]() -> Outcome {
        return std::make_shared<const Result<keys::Imported, keys::ImportError>>(keys::import(bytes->view(), {passphrase.get(), {}}));
    }));
}

void KeyImporter::take(const Result<keys::Imported, keys::ImportError> &result)
{
    if (result) {
        if (!result->readings.empty())
            return askReading(result->readings);
        forget();
        emit found(*result, m_name);
        return;
    }
    const keys::ImportError &error = result.error();
    if (error.kind == keys::ImportError::PassphraseNeeded || error.kind == keys::ImportError::WrongPassphrase)
        return askPassphrase(error.kind == keys::ImportError::WrongPassphrase && m_passphrase);
    forget();
    emit failed(text::sentence(error, m_name));
}

void KeyImporter::askPassphrase(bool again)
{
    auto *dialog = new PassphraseDialog(m_name, again, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_question = dialog;
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_passphrase = std::make_shared<const crypto::SecretBytes>(dialog->passphrase());
        read();
    });
    connect(dialog, &QDialog::rejected, this, &KeyImporter::forget);
    dialog->open();
}

void KeyImporter::askReading(const std::vector<keys::Reading> &readings)
{
    auto *dialog = new ReadingDialog(readings, m_name, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_question = dialog;
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        keys::Imported imported;
        imported.entries.push_back(keys::secretEntry(dialog->chosen().secret));
        imported.sources.push_back({keys::Form::Secret, 1, 1, {}});
        forget();
        emit found(imported, m_name);
    });
    connect(dialog, &QDialog::rejected, this, &KeyImporter::forget);
    dialog->open();
}

void KeyImporter::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    emit busyChanged();
}

void KeyImporter::forget()
{
    m_bytes.reset();
    m_passphrase.reset();
}

} // namespace tokenlab::ui
