// The certificates that were seen, of every hop: as sent and as verified; and all about the chosen one, with what can be done with it.
#pragma once

#include "ui/connection/connectionlook.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QStandardItemModel;
class QTreeView;
class QVBoxLayout;

namespace tokenlab::ui {

class WrapLabel;

class CertificateView : public QWidget
{
    Q_OBJECT
public:
    explicit CertificateView(QWidget *parent = nullptr);
    void show(const Seen &seen, Instant now);
    void showNone(const QString &words);
    void setEditable(const QString &whyNot);
    void choose(std::size_t hop, int certificate);

Q_SIGNALS:
    void trustAsked(std::size_t hop, int certificate);
    void pinAsked(std::size_t hop, int certificate);
    void saveAsked(std::size_t hop, int certificate);
    void copied(const QString &words); // it is on the clipboard

private:
    struct Place {
        std::size_t hop = 0;
        int certificate = 0;
    };
    void showChosen();
    void updateButtons();
    void addRow(const QString &title, const QString &member, const char *name, bool mono);
    [[nodiscard]] const net::SeenCertificate *chosen() const;
    [[nodiscard]] QString whyNoTrust() const; // besides what the document says
    [[nodiscard]] QString whyNoPin() const;

    std::optional<Seen> m_seen;
    Instant m_now;
    std::vector<Place> m_places;
    QString m_whyNot;
    QStackedWidget *m_pages;
    QLabel *m_none;
    QStandardItemModel *m_model;
    QTreeView *m_list;
    QScrollArea *m_scroll;
    QVBoxLayout *m_form;
    std::map<QByteArray, WrapLabel *> m_values;
    std::map<QByteArray, QWidget *> m_labels;
    QPushButton *m_trust, *m_pin, *m_copyPin, *m_copyPem, *m_savePem;
    WrapLabel *m_hint;
};

} // namespace tokenlab::ui
