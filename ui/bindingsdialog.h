// Bindings as lines of FROM=TO. They stay in the program and never touch the file.
#pragma once

#include "core/lab/bindings.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace tokenlab::ui {

class BindingsDialog : public QDialog
{
    Q_OBJECT
public:
    explicit BindingsDialog(const lab::Bindings &bindings, QWidget *parent = nullptr);
    [[nodiscard]] const lab::Bindings &bindings() const { return m_bindings; }

private:
    void check();
    lab::Bindings m_bindings;
    QPlainTextEdit *m_lines;
    QLabel *m_error;
    QPushButton *m_use;
};

} // namespace tokenlab::ui
