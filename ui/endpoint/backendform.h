// What the endpoint forwards and where: its filters and one backend, edited in place.
#pragma once

#include "ui/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace tokenlab::ui {

class Chips;

class BackendForm : public QWidget
{
    Q_OBJECT
public:
    explicit BackendForm(LabSession *session, QWidget *parent = nullptr);
    void showConfig();

signals:
    void connectionAsked(const QByteArray &host);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QByteArray backendPointer() const;
    [[nodiscard]] QByteArray firstHost() const; // of the chosen backend
    void setText(const QByteArray &object, const char *member, const QString &value, bool removeWhenEmpty);
    [[nodiscard]] QString textAt(const QByteArray &object, QByteArrayView member) const;
    [[nodiscard]] QStringList listAt(const QByteArray &object, QByteArrayView member) const;

    LabSession *m_session;
    QWidget *m_form;
    QLabel *m_none, *m_readOnly;
    QComboBox *m_backend, *m_method, *m_encoding;
    QLineEdit *m_urlPattern, *m_host, *m_errorDetails;
    QWidget *m_backendLabel;
    QToolButton *m_connection;
    Chips *m_headers, *m_queries;
    bool m_quiet = false;
};

} // namespace tokenlab::ui
