// The middle of the window: the request's body and headers above, what went to the backend and what it replied below.
#pragma once

#include "ui/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QTabBar;
class QTextDocument;
class QToolButton;
class QTreeView;

namespace tokenlab::ui {

class HeadersModel;
class JsonEditor;
class Pill;

class RequestPanel : public QWidget
{
    Q_OBJECT
public:
    explicit RequestPanel(LabSession *session, QWidget *parent = nullptr);
    void showDraft();
    void showEndpoint(); // its own request, with its own undo
    void forgetOthers(); // another document was opened

private:
    LabSession *m_session;
    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    JsonEditor *m_body;
    QPlainTextEdit *m_headers;
    QLabel *m_form;
    std::map<QByteArray, QTextDocument *> m_headerTexts; // by endpoint
    bool m_quiet = false;
};

class ReplyPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ReplyPanel(LabSession *session, QWidget *parent = nullptr);
    void showState();
    void showSource();
    void showEndpoint();
    void forgetOthers();

private:
    void switchReply();
    void showReply(bool force);
    void showSent();
    [[nodiscard]] std::size_t backend() const;

    LabSession *m_session;
    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    QComboBox *m_backend;
    Pill *m_status;
    QToolButton *m_pretty, *m_restore;
    JsonEditor *m_reply;
    QLabel *m_replyNote;
    QLineEdit *m_sentLine;
    QTreeView *m_sentHeaders;
    HeadersModel *m_sentModel;
    JsonEditor *m_sentBody;
    QByteArray m_shown; // the reply's bytes that the editor shows
    bool m_quiet = false, m_isPretty = true;
};

} // namespace tokenlab::ui
