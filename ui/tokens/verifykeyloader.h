// Keys to verify with, from where the user says: a file, a URL, or a pasted text. Asks for a passphrase, and how a bare secret is read.
#pragma once

#include "core/lab/keytext.h"
#include "ui/keys/keyimporter.h"
#include "ui/tokens/verifysource.h"
#include "ui/widgets/newest.h"

namespace tokenlab::ui {

class VerifyKeyLoader : public QObject
{
    Q_OBJECT
public:
    VerifyKeyLoader(lab::Bindings bindings, QWidget *window); // of the questions; a URL goes through the bindings
    ~VerifyKeyLoader() override;

    // One at a time; a newer one takes the place of an older. Not for the set of a validator.
    void start(const VerifySource &source, const crypto::SecretBytes &pasted = {});
    void cancel();
    [[nodiscard]] bool isBusy() const { return m_download || m_reading.isPending() || m_importer->isBusy(); }

signals:
    void busyChanged();
    void loaded(const tokenlab::ui::ChosenKeys &keys);
    void failed(const QString &words);

private:
    void download();
    void take(const crypto::SecretBytes &text, bool mayBeSecret);
    void finish(jose::VerificationKeys keys);
    void refuse(const QString &words);

    lab::Bindings m_bindings;
    KeyImporter *m_importer;
    QPointer<lab::KeyText> m_download;
    Newest<std::shared_ptr<const Result<jose::VerificationKeys, QString>>> m_reading;
    VerifySource m_source;
    QString m_name;
};

} // namespace tokenlab::ui
