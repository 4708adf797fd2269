// What importing keys may have to ask.
#pragma once

#include "core/keys/import.h"

#include <QDialog>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace tokenlab::ui {

class PassphraseDialog : public QDialog
{
    Q_OBJECT
public:
    // again: the last one was wrong.
    PassphraseDialog(const QString &name, bool again, QWidget *parent = nullptr);
    ~PassphraseDialog() override;
    [[nodiscard]] crypto::SecretBytes passphrase() const;

private:
    QLineEdit *m_field;
};

// "Is this the text or its bytes?": each reading with its length, and its bytes when asked for.
class ReadingDialog : public QDialog
{
    Q_OBJECT
public:
    ReadingDialog(std::vector<keys::Reading> readings, const QString &file, QWidget *parent = nullptr);
    [[nodiscard]] const keys::Reading &chosen() const;

private:
    void showBytes(bool shown);

    std::vector<keys::Reading> m_readings;
    QComboBox *m_choice;
    std::vector<QLabel *> m_bytes;
};

// Before private keys are written as PEM: what that means, and a passphrase for who wants one.
class PrivatePemDialog : public QDialog
{
    Q_OBJECT
public:
    // names: of the keys, as the table has them; leftOut: a sentence about the others, or "".
    PrivatePemDialog(const QStringList &names, const QString &leftOut, QWidget *parent = nullptr);
    ~PrivatePemDialog() override;
    [[nodiscard]] std::optional<crypto::SecretBytes> passphrase() const; // none: in clear

private:
    void judge();

    QLineEdit *m_passphrase, *m_again;
    QLabel *m_words;
    QPushButton *m_next = nullptr;
};

// A dialog's usual frame: a column with margins; and its buttons at the bottom, the first of them primary.
[[nodiscard]] QVBoxLayout *dialogColumn(QDialog *dialog);

} // namespace tokenlab::ui
