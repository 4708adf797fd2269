// What importing keys may have to ask.
#pragma once

#include "core/keys/import.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
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

// A dialog's usual frame: a column with margins; and its buttons at the bottom, the first of them primary.
[[nodiscard]] QVBoxLayout *dialogColumn(QDialog *dialog);

} // namespace tokenlab::ui
