// What the playground serves and where: addresses, endpoints, user and password, the CA and the pins, each to be copied.
#pragma once

#include "ui/playground/playground.h"
#include "ui/widgets/basics.h"

class QLineEdit;
class QStandardItemModel;
class QToolButton;
class QTreeView;

namespace tokenlab::ui {

class AddressesCard : public Card
{
    Q_OBJECT
public:
    explicit AddressesCard(Playground *playground, QWidget *parent = nullptr);
    void showAddresses();
    // Where the CA lies for others: the file it was saved as, else the private one, which goes with the program.
    [[nodiscard]] QString caFile() const;
    void saveCa(const QString &path);

signals:
    void said(const QString &words, bool bad);
    void caSaved();

private:
    struct Row {
        QLineEdit *field;
        QWidget *copy;
    };
    [[nodiscard]] Row addLine(QVBoxLayout *column, const QString &words, const QString &member, const char *name, const QString &copied);
    void copy(const QString &text, const QString &what);
    void fillEndpoints();
    void copyEndpoint();
    void chooseCaFile();

    Playground *m_playground;
    Row m_http{}, m_https{}, m_ca{}, m_leafPin{}, m_caPin{};
    QTreeView *m_endpoints;
    QStandardItemModel *m_list;
    QToolButton *m_copyPem, *m_saveCa;
    QString m_savedCa;
};

} // namespace tokenlab::ui
