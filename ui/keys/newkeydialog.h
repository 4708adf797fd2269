// A new key: what kind, how it is called, what it is for. RSA keys take their time: made in a thread, with a way back.
#pragma once

#include "core/keys/maker.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace tokenlab::ui {

class NewKeyDialog : public QDialog
{
    Q_OBJECT
public:
    NewKeyDialog(keys::Entries beside, Instant now, QWidget *parent = nullptr);
    ~NewKeyDialog() override;

    void reject() override; // while one is made: stops that, and the dialog stays

signals:
    void made(const tokenlab::keys::Entry &entry);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] keys::MakeRequest request() const;
    void showKind();
    void showAlgorithms();
    void check();
    void create();
    void setRunning(bool running);

    keys::Entries m_beside;
    Instant m_now;
    QComboBox *m_kind, *m_size, *m_kidRule, *m_alg, *m_use;
    QLineEdit *m_kid;
    QLabel *m_note, *m_error, *m_elapsed;
    QProgressBar *m_progress;
    QPushButton *m_create, *m_cancel;
    std::unique_ptr<keys::MakeJob> m_job;
    QElapsedTimer m_since;
    QTimer m_tick;
};

} // namespace tokenlab::ui
