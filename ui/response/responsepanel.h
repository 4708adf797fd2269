// What the client would get: status line, headers, body.
#pragma once

#include "ui/session.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace tokenlab::ui {

class CardHeader;
class JsonEditor;
class Pill;

class ResponsePanel : public QWidget
{
    Q_OBJECT
public:
    explicit ResponsePanel(LabSession *session, QWidget *parent = nullptr);
    [[nodiscard]] CardHeader *header() const { return m_header; }
    void showState();

private:
    void showBody();
    LabSession *m_session;
    CardHeader *m_header;
    Pill *m_status;
    QToolButton *m_headersButton, *m_pretty, *m_copy;
    QLabel *m_head, *m_note;
    JsonEditor *m_body;
};

} // namespace tokenlab::ui
