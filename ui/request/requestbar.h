// The top of the window: method, URL, reply source, Send, Export; under it the verdict, the stage strip and the sentence of what failed.
#pragma once

#include "ui/request/stagestrip.h"
#include "ui/session.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QToolButton;

namespace tokenlab::ui {

class PathParams;
class Pill;

class RequestBar : public QWidget
{
    Q_OBJECT
public:
    RequestBar(LabSession *session, QAction *send, QAction *cancel, QMenu *exportMenu, QWidget *parent = nullptr);
    void showDraft();
    void showState();
    void showSource();

signals:
    void placeAsked(const QByteArray &pointer);
    void connectionAsked();                                              // of the key host
    void signInstead(const QByteArray &name, const QByteArray &instead); // in keys_to_sign

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void draftEdited();
    void showMissing(const QByteArray &param);
    void forgetMissing();
    void fitVerdict();
    [[nodiscard]] StageStrip::Parts parts() const;
    void tick();
    void showWhy(twin::Stage stage, QWidget *anchor);
    void showRemarks(const twin::Outcome *outcome);
    [[nodiscard]] QString signSentence(const twin::Outcome &outcome);

    LabSession *m_session;
    QAction *m_sendAction, *m_cancelAction;
    QComboBox *m_method, *m_source;
    QLineEdit *m_url;
    QPushButton *m_send, *m_export;
    PathParams *m_params;
    Pill *m_verdict;
    QString m_verdictText;
    StageStrip *m_strip;
    QWidget *m_sentenceRow;
    QLabel *m_sentence;
    QLabel *m_sentenceIcon;
    QToolButton *m_why, *m_fix;
    QWidget *m_remarkRow;
    QLabel *m_remark, *m_remarkIcon;
    QByteArray m_misspelt, m_nearest, m_missing; // m_missing: the placeholder for which Send was refused
    twin::Stage m_failing = twin::Stage::Config;
    QTimer m_ticker;
    bool m_quiet = false;
};

} // namespace tokenlab::ui
