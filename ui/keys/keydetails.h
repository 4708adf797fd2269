// What the chosen key of a set is: its members, the private ones hidden until asked for, its warnings, and the labels that can be edited.
#pragma once

#include "core/keys/survey.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;
class QVBoxLayout;

namespace tokenlab::ui {

class ElidedLabel;
class Pill;

class KeyDetails : public QWidget
{
    Q_OBJECT
public:
    explicit KeyDetails(QWidget *parent = nullptr);

    void show(const keys::Entry &entry, const keys::Row &row);
    void showNone(const QString &words);
    // What is wrong with a label that was typed; the field keeps it to be mended.
    void showLabelError(const QString &words);

signals:
    void labelsEdited(const tokenlab::jose::KeyLabels &labels);
    void publicAsked();  // on the clipboard
    void privateAsked(); // likewise

protected:
    void hideEvent(QHideEvent *event) override; // what was shown is hidden again

private:
    void edited();
    void showMembers();
    void showWarnings(const keys::Row &row);

    std::optional<keys::Entry> m_entry;
    QWidget *m_body;
    QLabel *m_none, *m_error, *m_thumbprint;
    ElidedLabel *m_title;
    Pill *m_kind, *m_half;
    QVBoxLayout *m_warnings;
    QLineEdit *m_kid;
    QComboBox *m_alg, *m_use;
    QPlainTextEdit *m_members;
    QToolButton *m_reveal, *m_copyPublic, *m_copyPrivate;
};

// The JWK laid out, private members replaced by dots unless they are to be seen. Everything counts as private but what is known as public.
[[nodiscard]] QByteArray membersText(const keys::Entry &entry, bool revealed);

} // namespace tokenlab::ui
