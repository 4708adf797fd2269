// The Connection window: a key host, a backend's host or any URL as the gateway's client meets it, and what to change about it. Not modal:
// the document is worked on beside it.
#pragma once

#include "ui/connection/connectionlook.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace tokenlab::ui {

class Banner;
class CertificateView;
class HopView;

class ConnectionDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ConnectionDialog(LabSession *session, QWidget *parent = nullptr);
    ~ConnectionDialog() override;

    // Chooses it and connects. host "": the first of its kind.
    void lookAt(ConnectionChoice::Kind kind, const QByteArray &host = {});
    void reject() override; // a run first, then the window

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] QLayout *buildTarget();
    [[nodiscard]] QWidget *buildSettings();
    [[nodiscard]] QWidget *buildResult();
    void fillChoices();
    [[nodiscard]] ConnectionChoice chosen() const;
    [[nodiscard]] UrlSettings settings() const;
    void connectNow();
    void lookAgain();
    void run(const ConnectionChoice &choice, const QByteArray &endpoint);
    void cancel();
    void showSeen(const Seen &seen);
    void showIdle();
    void updateBusy();
    void updateOutdated();
    void updateEditable();
    void trust(std::size_t hop, int certificate);
    void trustInto(std::size_t hop, int certificate, const QString &path);
    void usePin(std::size_t hop, int certificate);
    void savePem(std::size_t hop, int certificate);
    void chooseFile(const QString &title, const char *name, bool toSave, const QString &suggested,
                    const std::function<void(const QString &)> &then);
    [[nodiscard]] const net::SeenCertificate *certificateAt(std::size_t hop, int certificate) const;
    void changed(const QString &words); // by us, so that what is shown is of before
    void say(const QString &words, bool bad = false);

    LabSession *m_session;
    ConnectionLook *m_look;
    std::vector<ConnectionChoice> m_choices;
    std::optional<Seen> m_seen;
    QComboBox *m_choice;
    QWidget *m_settings;
    QLineEdit *m_url, *m_ca, *m_pins;
    QCheckBox *m_insecure;
    QPushButton *m_connect, *m_cancel;
    QToolButton *m_browse = nullptr;
    QLabel *m_elapsed, *m_title;
    Banner *m_notice;
    HopView *m_hops;
    QScrollArea *m_scroll;
    CertificateView *m_certificates;
    QTimer m_tick;
    QString m_change;       // what we changed since the look
    bool m_written = false; // a file that the look read
    bool m_saysOutdated = false, m_quiet = false;
};

} // namespace tokenlab::ui
