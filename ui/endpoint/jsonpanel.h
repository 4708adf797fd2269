// The whole file as text; the same document and undo as the forms.
#pragma once

#include "ui/session.h"

#include <QWidget>

namespace tokenlab::ui {

class JsonEditor;

class JsonPanel : public QWidget
{
    Q_OBJECT
public:
    explicit JsonPanel(LabSession *session, QWidget *parent = nullptr);
    void showDocument();
    void showPlace(const QByteArray &pointer, bool whole = false); // selects the name, or the whole member
    void showError();
    [[nodiscard]] JsonEditor *editor() const { return m_editor; }

private:
    LabSession *m_session;
    JsonEditor *m_editor;
    bool m_own = false; // the change under way came from this editor
};

} // namespace tokenlab::ui
