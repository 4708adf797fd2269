// Which keys the signatures of the tokens are checked with: a file's, a URL's, pasted ones, or those that a validator of the document has.
#pragma once

#include "ui/session.h"
#include "ui/tokens/verdictdesk.h"
#include "ui/tokens/verifysource.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace tokenlab::ui {

class LongEdit;
class VerifyKeyLoader;

class VerifyKeysDialog : public QDialog
{
    Q_OBJECT
public:
    // now: what is checked with already; a pasted text does not come back.
    VerifyKeysDialog(LabSession *session, std::vector<KnownSet> sets, const std::optional<ChosenKeys> &now, QWidget *parent = nullptr);
    ~VerifyKeysDialog() override;

    void reject() override; // what is being read first, then the dialog

signals:
    void chosen(const tokenlab::ui::ChosenKeys &keys);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    [[nodiscard]] QWidget *filePage();
    [[nodiscard]] QWidget *urlPage();
    [[nodiscard]] QWidget *pastePage();
    [[nodiscard]] QWidget *validatorPage();
    [[nodiscard]] VerifySource source() const;
    void chooseFile(const QString &title, LongEdit *field);
    void take();
    void refresh();
    void say(const QString &words, bool bad);

    LabSession *m_session;
    std::vector<KnownSet> m_sets;
    VerifyKeyLoader *m_loader;
    QComboBox *m_from;
    QStackedWidget *m_pages;
    LongEdit *m_file = nullptr, *m_url = nullptr, *m_caFile = nullptr;
    QLineEdit *m_pins = nullptr, *m_paste = nullptr;
    QCheckBox *m_insecure = nullptr, *m_show = nullptr;
    QLabel *m_validator = nullptr, *m_bound = nullptr, *m_words;
    QProgressBar *m_progress;
    QPushButton *m_take;
};

} // namespace tokenlab::ui
