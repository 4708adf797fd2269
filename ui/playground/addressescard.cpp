#include "ui/playground/addressescard.h"

#include "ui/files.h"
#include "ui/widgets/longedit.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QStandardItemModel>
#include <QToolButton>
#include <QTreeView>

namespace tokenlab::ui {

AddressesCard::AddressesCard(Playground *playground, QWidget *parent)
    : Card(parent), m_playground(playground), m_endpoints(new QTreeView(this)), m_list(new QStandardItemModel(this))
{
    column()->addWidget(new CardHeader(tr("Addresses"), this));
    auto *body = new QVBoxLayout;
    body->setContentsMargins(13, 2, 13, 12);
    body->setSpacing(7);
    column()->addLayout(body);
    m_http = addLine(body, tr("HTTP"), {}, "playgroundHttp", tr("The HTTP address"));
    m_https = addLine(body, tr("HTTPS"), {}, "playgroundHttps", tr("The HTTPS address"));

    m_endpoints->setObjectName(QStringLiteral("playgroundEndpoints"));
    m_endpoints->setAccessibleName(tr("Endpoints of the playground"));
    m_endpoints->setModel(m_list);
    m_endpoints->setRootIsDecorated(false);
    m_endpoints->setIndentation(0);
    m_endpoints->setUniformRowHeights(true);
    m_endpoints->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_endpoints->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_endpoints->setStyleSheet(QStringLiteral("QTreeView::item { padding: 3px 4px; border: none; }"));
    m_endpoints->setToolTip(
        tr("%1 copies the address of the chosen one").arg(QKeySequence(QKeySequence::Copy).toString(QKeySequence::NativeText)));
    auto *copyAction = new QAction(tr("Copy the address"), m_endpoints);
    copyAction->setObjectName(QStringLiteral("copyPlaygroundEndpoint"));
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    m_endpoints->addAction(copyAction);
    m_endpoints->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copyAction, &QAction::triggered, this, &AddressesCard::copyEndpoint);
    fillEndpoints();
    m_endpoints->header()->hide();
    m_endpoints->header()->setStretchLastSection(true);
    m_endpoints->resizeColumnToContents(0);
    m_endpoints->resizeColumnToContents(1);
    m_endpoints->ensurePolished();
    m_endpoints->setFixedHeight(m_list->rowCount() * m_endpoints->sizeHintForRow(0) + 6);
    body->addWidget(m_endpoints);

    m_ca = addLine(body, tr("CA"), QStringLiteral("jwk_local_ca"), "playgroundCa", tr("The path of the CA's file"));
    m_ca.copy->setObjectName(QStringLiteral("copyCaPath"));
    auto *caLine = static_cast<QHBoxLayout *>(m_ca.field->parentWidget()->layout());
    m_copyPem = flatButton(tr("Copy PEM"), tr("Copy the CA's certificate as text; it is new each time the playground starts"),
                           QStringLiteral("copyCaPem"), this);
    m_saveCa = flatButton(tr("Save…"), tr("Save the CA's certificate in a file of your own"), QStringLiteral("saveCa"), this);
    caLine->addWidget(m_copyPem);
    caLine->addWidget(m_saveCa);
    m_leafPin = addLine(body, tr("Pin of the host"), QStringLiteral("jwk_fingerprints"), "playgroundLeafPin", tr("The host's pin"));
    m_caPin = addLine(body, tr("Pin of the CA"), QStringLiteral("jwk_fingerprints"), "playgroundCaPin", tr("The CA's pin"));
    connect(m_copyPem, &QToolButton::clicked, this, [this] {
        if (const auto *tls = m_playground->tls())
            copy(QString::fromUtf8(tls->caPem), tr("The CA's certificate"));
    });
    connect(m_saveCa, &QToolButton::clicked, this, &AddressesCard::chooseCaFile);
    showAddresses();
}

AddressesCard::Row AddressesCard::addLine(QVBoxLayout *column, const QString &words, const QString &member, const char *name,
                                          const QString &copied)
{
    auto *line = new QWidget(this);
    auto *cells = new QHBoxLayout(line);
    cells->setContentsMargins(0, 0, 0, 0);
    cells->setSpacing(4);
    auto *field = new LongEdit(line);
    field->setObjectName(QString::fromLatin1(name));
    field->setAccessibleName(member.isEmpty() ? tr("%1 address of the playground").arg(words) : words);
    field->setFont(monoFont());
    field->setReadOnly(true);
    QToolButton *copyButton = flatButton(tr("Copy"), tr("Copy: %1").arg(copied), QString::fromLatin1(name) + QStringLiteral("Copy"), line);
    cells->addWidget(field, 1);
    cells->addWidget(copyButton);
    addFormRow(column, memberLabel(words, member, field), line);
    connect(copyButton, &QToolButton::clicked, this, [this, field, copied] { copy(field->text(), copied); });
    return {field, copyButton};
}

void AddressesCard::fillEndpoints()
{
    const auto row = [this](const char *method, const char *path, const QString &words) {
        QList<QStandardItem *> items;
        for (const QString &text : {QString::fromLatin1(method), QString::fromLatin1(path), words})
            items << new QStandardItem(text);
        items[1]->setFont(monoFont());
        items[2]->setToolTip(words.toHtmlEscaped());
        items[0]->setAccessibleText(QStringLiteral("%1 %2: %3").arg(items[0]->text(), items[1]->text(), words));
        m_list->appendRow(items);
    };
    row("POST", "/token-issuer", tr("the login: user john, password doe"));
    row("POST", "/login", tr("the same; answers with a session cookie"));
    row("POST", "/refresh", tr("new tokens, for a refresh_token"));
    row("GET", "/account", tr("something for a validator to guard"));
    row("GET", "/jwk/symmetric.json", tr("the secret key sim2 that signs"));
    row("GET", "/jwk/private.json", tr("private keys for all algorithms"));
    row("GET", "/jwk/public.json", tr("their public halves"));
}

void AddressesCard::showAddresses()
{
    const auto *tls = m_playground->tls();
    const auto show = [](const Row &row, const QString &text) {
        row.field->setText(text);
        row.field->setCursorPosition(0);
        row.field->setEnabled(!text.isEmpty());
        row.copy->setEnabled(!text.isEmpty());
    };
    show(m_http, QString::fromUtf8(m_playground->origin()));
    show(m_https, tls ? QString::fromUtf8(tls->origin) : QString());
    show(m_ca, caFile());
    show(m_leafPin, tls ? QString::fromLatin1(tls->leafPin) : QString());
    show(m_caPin, tls ? QString::fromLatin1(tls->caPin) : QString());
    m_copyPem->setEnabled(tls);
    m_saveCa->setEnabled(tls);
    m_endpoints->setEnabled(m_playground->isRunning());
}

QString AddressesCard::caFile() const
{
    const auto *tls = m_playground->tls();
    if (!tls)
        return {};
    return !m_savedCa.isEmpty() && QFileInfo::exists(m_savedCa) ? m_savedCa : tls->caFile;
}

void AddressesCard::copy(const QString &text, const QString &what)
{
    QGuiApplication::clipboard()->setText(text);
    emit said(tr("%1 is on the clipboard.").arg(what), false);
}

void AddressesCard::copyEndpoint()
{
    const QModelIndex chosen = m_endpoints->currentIndex();
    if (chosen.isValid())
        copy(m_http.field->text() + m_list->item(chosen.row(), 1)->text(), tr("The address"));
}

void AddressesCard::chooseCaFile()
{
    auto *dialog = new QFileDialog(this, tr("Save the playground's CA"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("saveCaFile"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Certificates (*.pem *.crt)"), tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("pem"));
    dialog->selectFile(m_savedCa.isEmpty() ? QStringLiteral("playground-ca.pem") : m_savedCa);
    connect(dialog, &QFileDialog::fileSelected, this, &AddressesCard::saveCa);
    dialog->open();
}

void AddressesCard::saveCa(const QString &path)
{
    const auto *tls = m_playground->tls();
    if (!tls)
        return;
    if (const auto written = writeFile(path, tls->caPem); !written) {
        emit said(tr("%1 was left as it was: %2").arg(path, written.error().reason), true);
        return;
    }
    m_savedCa = QFileInfo(path).absoluteFilePath();
    showAddresses();
    emit said(tr("The CA's certificate is saved in %1. The playground makes a new CA each time it starts.").arg(m_savedCa), false);
    emit caSaved();
}

} // namespace tokenlab::ui
