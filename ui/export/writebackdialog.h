// What would change in the opened file, line by line, before it is written.
#pragma once

#include "ui/session.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace tokenlab::ui {

class LineView;
class Pill;

class WriteBackDialog : public QDialog
{
    Q_OBJECT
public:
    // text: what the session's file is to hold.
    WriteBackDialog(LabSession *session, const QByteArray &text, QWidget *parent = nullptr);

signals:
    void written(const QString &path);

private:
    void look(); // reads the file and shows how it differs
    void write();

    LabSession *m_session;
    QByteArray m_text, m_before;
    QLabel *m_words, *m_error;
    Pill *m_count;
    LineView *m_view;
    QPushButton *m_write;
};

} // namespace tokenlab::ui
