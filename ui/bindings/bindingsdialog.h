// Where hosts, key URLs and files of the configuration lead on this computer. Bindings stay in the program and never touch the file.
#pragma once

#include "core/gateway/config.h"
#include "core/lab/bindings.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTreeView;

namespace tokenlab::ui {

class BindingsModel;

class BindingsDialog : public QDialog
{
    Q_OBJECT
public:
    BindingsDialog(const gateway::ServiceConfig *service, const lab::Bindings &bindings, QWidget *parent = nullptr);
    [[nodiscard]] lab::Bindings bindings() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void check();
    void addByHand();
    void removeByHand();

    BindingsModel *m_model;
    QTreeView *m_table;
    QLabel *m_error;
    QPushButton *m_use, *m_remove;
};

} // namespace tokenlab::ui
