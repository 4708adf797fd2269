// Export: what kind, how, what the bytes are, and what must be there where they are deployed.
#pragma once

#include "core/gateway/exports.h"
#include "ui/session.h"
#include "ui/widgets/newest.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QToolButton;

namespace tokenlab::ui {

class JsonEditor;

class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ExportDialog(LabSession *session, QWidget *parent = nullptr);
    [[nodiscard]] QByteArray text() const; // what is shown, copied and saved; empty: nothing can be exported
    void setKind(gateway::ExportKind kind);

signals:
    void said(const QString &text); // for the status bar
    void written(const QString &path);

private:
    using Made = std::shared_ptr<const Result<gateway::Exported, gateway::ExportError>>;
    [[nodiscard]] gateway::ExportKind kind() const;
    [[nodiscard]] QString folder() const; // what relative paths are seen from
    void makeAgain();
    void show(const Made &made);
    void showChecklist();
    void copy();
    void saveAs();
    void writeBack();
    void fail(const QString &title, const QString &text);

    LabSession *m_session;
    QComboBox *m_kind, *m_endpoint;
    QCheckBox *m_placeholders, *m_relative;
    QLineEdit *m_folder, *m_publicSet;
    QWidget *m_publicRow, *m_endpointRow;
    JsonEditor *m_preview;
    QListWidget *m_list;
    QLabel *m_listTitle, *m_notice, *m_error, *m_refusal;
    QToolButton *m_snippet;
    QWidget *m_refusalRow;
    QPushButton *m_copy, *m_save, *m_writeBack;
    gateway::ExportWishes m_wishes;
    std::shared_ptr<const gateway::ServiceConfig> m_service;
    Made m_made;
    json::Document m_payload; // m_wishes looks into it
    Newest<Made> m_making;
};

} // namespace tokenlab::ui
