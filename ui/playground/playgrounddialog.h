// The Playground window: what it serves, how the document reaches it, and what it does wrong on order, with what the gateway makes of that.
// Not modal: a fault is switched here, the answer is read in the main window.
#pragma once

#include "ui/session.h"

#include <QDialog>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;
class QTreeView;
class QVBoxLayout;

namespace tokenlab::ui {

class AddressesCard;
class Card;
class FaultsModel;

class PlaygroundDialog : public QDialog
{
    Q_OBJECT
public:
    // send, restart: the main window's actions.
    PlaygroundDialog(LabSession *session, QAction *send, QAction *restart, QWidget *parent = nullptr);
    ~PlaygroundDialog() override;
    [[nodiscard]] AddressesCard *addresses() const { return m_addresses; }
    void showGateway(); // what runs, and what it answered last

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] Card *documentCard();
    [[nodiscard]] Card *faultsCard();
    void showPlayground();
    void showReach();
    void showFaults();
    void showFaultDetails();
    void say(const QString &words, bool bad);
    [[nodiscard]] QString faultHint() const; // why a fault that is on does not show; empty: it does

    LabSession *m_session;
    Playground *m_playground;
    QAction *m_sendAction, *m_restartAction;
    QLabel *m_state;
    QPushButton *m_start;
    AddressesCard *m_addresses;
    QComboBox *m_lead;
    QLabel *m_reach;
    QPushButton *m_use;
    FaultsModel *m_model;
    QTreeView *m_faults;
    QLabel *m_faultName, *m_effect, *m_consequence, *m_hint;
    QPushButton *m_useForFault;
    QToolButton *m_noFault;
    QCheckBox *m_restarts;
    QLabel *m_gateway, *m_outcomeIcon, *m_outcome, *m_words;
    playground::FaultSet m_shown;
    bool m_outdated = false; // the login answers otherwise than when it was asked last
};

} // namespace tokenlab::ui
