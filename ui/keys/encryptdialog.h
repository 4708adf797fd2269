// Key sets encrypted for jwk_local_path: making one, opening one, giving one other keys; and its three parts, which go together, into the
// document as one step.
#pragma once

#include "core/keys/encrypted.h"
#include "core/keys/entry.h"
#include "ui/session.h"

#include <QDialog>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTabBar;
class QToolButton;

namespace tokenlab::ui {

class Card;

class EncryptDialog : public QDialog
{
    Q_OBJECT
public:
    EncryptDialog(LabSession *session, keys::Entries entries, QWidget *parent = nullptr);
    ~EncryptDialog() override;

    void make();       // from the entries
    void openSealed(); // emits opened()
    void rekey();      // of the file that is named
    void saveFile(const QString &path);
    void putIntoDocument();

signals:
    void opened(const tokenlab::keys::Entries &entries, const QString &name);
    void secretCopied(const tokenlab::crypto::SecretBytes &text);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QWidget *makePage();
    [[nodiscard]] QWidget *openPage();
    [[nodiscard]] QWidget *resultCard();
    [[nodiscard]] const gateway::SignerConfig *signer() const;
    [[nodiscard]] Result<crypto::SecretBytes, keys::EncryptedFault> read();
    void take(const Result<keys::EncryptedKeyFile, keys::EncryptedFault> &made, const QString &words);
    void say(const QString &words, const char *role);
    void refuse(const keys::EncryptedFault &fault);
    void updateButtons();

    LabSession *m_session;
    keys::Entries m_entries;
    std::optional<keys::EncryptedKeyFile> m_made;
    QString m_savedAs;
    QTabBar *m_tabs;
    QComboBox *m_which = nullptr;
    QCheckBox *m_keepUrl = nullptr, *m_show = nullptr;
    QLineEdit *m_file = nullptr, *m_openUrl = nullptr, *m_openKey = nullptr;
    QLineEdit *m_secretUrl = nullptr, *m_cypherKey = nullptr;
    Card *m_result = nullptr;
    QLabel *m_words, *m_fileLabel = nullptr;
    QPushButton *m_make = nullptr, *m_open = nullptr, *m_rekey = nullptr, *m_save = nullptr, *m_put = nullptr;
};

} // namespace tokenlab::ui
