// The signer of the chosen endpoint as a form. Every change is a splice of one member; everything else in the file stays as it is.
#pragma once

#include "ui/session.h"
#include "ui/widgets/newest.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace tokenlab::ui {

class AlgorithmBox;
class Chips;

class SignerForm : public QWidget
{
    Q_OBJECT
public:
    explicit SignerForm(LabSession *session, QWidget *parent = nullptr);
    void showConfig();
    void showSigner();  // the loaded keys
    void showOutcome(); // suggestions from the last payload

signals:
    void connectionAsked(); // of the key host

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildForm(QWidget *page);
    void setText(const char *member, const QString &value, bool removeWhenEmpty);
    void setJson(const char *member, const QByteArray &json);
    [[nodiscard]] QByteArray pointer() const;
    void updateSource();
    [[nodiscard]] QString algorithmTrouble(const LoadedSigner &signer) const;

    LabSession *m_session;
    QStackedWidget *m_stack;
    QLabel *m_noSigner, *m_typeError, *m_readOnly, *m_securityShape;
    QToolButton *m_addSigner;
    AlgorithmBox *m_algorithm;
    QComboBox *m_kid, *m_sourceKind;
    QLineEdit *m_sourceEdit, *m_typ, *m_ca, *m_pins, *m_suites;
    QLabel *m_keyLine, *m_algorithmNote, *m_securityNote, *m_sourceLabel;
    QToolButton *m_restart, *m_securityFold, *m_connection;
    Chips *m_names;
    QCheckBox *m_full, *m_insecure;
    QWidget *m_security;
    bool m_quiet = false;
    Newest<std::vector<QByteArray>> m_payloadNames;
    QByteArray m_url, m_file;
};

} // namespace tokenlab::ui
