// What would change in the opened file, line by line, before it is written.
#pragma once

#include "core/support/difference.h"
#include "ui/session.h"
#include "ui/widgets/newest.h"

#include <QDialog>

#include <memory>

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
    // isTemplate: with placeholders where the open document may have values.
    WriteBackDialog(LabSession *session, const QByteArray &text, bool isTemplate, QWidget *parent = nullptr);
    [[nodiscard]] bool isLooking() const { return m_looking.isPending(); } // large texts are compared in a thread

signals:
    void written(const QString &path);

private:
    struct Shown {
        Difference difference;
        QByteArray text;
    };
    void look(); // reads the file and shows how it differs
    void show(const Shown &shown);
    void write();

    LabSession *m_session;
    QByteArray m_text, m_before;
    Newest<std::shared_ptr<const Shown>> m_looking;
    QLabel *m_words, *m_takesOver, *m_error;
    Pill *m_count;
    LineView *m_view;
    QPushButton *m_write;
};

} // namespace tokenlab::ui
