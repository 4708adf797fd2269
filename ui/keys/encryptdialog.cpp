#include "ui/keys/encryptdialog.h"

#include "core/gateway/edit.h"
#include "core/jose/base64.h"
#include "core/keys/import.h"
#include "core/text/keys.h"
#include "core/text/text.h"
#include "ui/keys/keyquestions.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/enterpress.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

namespace tokenlab::ui {

namespace {

QLineEdit *secretField(const char *name, const QString &accessible, bool readOnly)
{
    auto *field = new QLineEdit;
    field->setObjectName(QString::fromLatin1(name));
    field->setAccessibleName(accessible);
    field->setFont(monoFont());
    field->setEchoMode(QLineEdit::Password);
    field->setReadOnly(readOnly);
    return field;
}

QPushButton *pushButton(const QString &text, const char *name, bool primary = false)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setAutoDefault(false);
    if (primary)
        button->setProperty("kind", QStringLiteral("primary"));
    return button;
}

QVBoxLayout *pageColumn(QWidget *page)
{
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(13, 10, 13, 12);
    column->setSpacing(9);
    return column;
}

} // namespace

EncryptDialog::EncryptDialog(LabSession *session, keys::Entries entries, QWidget *parent)
    : QDialog(parent), m_session(session), m_entries(std::move(entries)), m_tabs(new QTabBar(this)), m_words(plainLabel({}, nullptr, this))
{
    setObjectName(QStringLiteral("encryptDialog"));
    setWindowTitle(tr("Encrypted key sets"));
    resize(680, 520);
    QVBoxLayout *column = dialogColumn(this);
    auto *card = new Card(this);
    m_tabs->setObjectName(QStringLiteral("encryptTabs"));
    m_tabs->setAccessibleName(tr("What to do with an encrypted key set"));
    m_tabs->addTab(tr("Encrypt"));
    m_tabs->addTab(tr("Open or re-key"));
    card->column()->addWidget(new CardHeader(m_tabs, card));
    auto *pages = new QStackedWidget(card);
    pages->addWidget(makePage());
    pages->addWidget(openPage());
    pages->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    card->column()->addWidget(pages);
    column->addWidget(card);
    connect(m_tabs, &QTabBar::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    connect(m_tabs, &QTabBar::currentChanged, this, [this] { say({}, "muted"); });
    m_words->setObjectName(QStringLiteral("encryptWords"));
    column->addWidget(m_words);
    column->addWidget(resultCard());
    column->addStretch(1);
    auto *bottom = new QHBoxLayout;
    bottom->addStretch(1);
    QPushButton *close = pushButton(tr("Close"), "encryptClose");
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    bottom->addWidget(close);
    column->addLayout(bottom);
    say({}, "muted");
    if (m_entries.empty())
        m_tabs->setCurrentIndex(1);
    updateButtons();
}

EncryptDialog::~EncryptDialog()
{
    for (QLineEdit *field : {m_openUrl, m_openKey, m_secretUrl, m_cypherKey})
        field->clear();
}

QWidget *EncryptDialog::makePage()
{
    auto *page = new QWidget;
    QVBoxLayout *column = pageColumn(page);
    column->addWidget(plainLabel(tr("The gateway opens an encrypted set with three things that belong together: the file, the key that "
                                    "encrypts it (cypher_key, itself encrypted) and what opens that key (secret_url). Who has all three "
                                    "has the keys."),
                                 "muted"));
    m_which = new QComboBox;
    m_which->setObjectName(QStringLiteral("encryptWhich"));
    m_which->setAccessibleName(tr("secret_url to use"));
    m_which->addItem(tr("A new one"));
    if (signer() && !signer()->secretUrl.isEmpty())
        m_which->addItem(tr("The document's, so that a deployment keeps its secret"));
    m_which->setEnabled(m_which->count() > 1);
    addFormRow(column, memberLabel(tr("Secret"), QStringLiteral("secret_url"), m_which), m_which);
    auto *row = new QHBoxLayout;
    row->addWidget(plainLabel(m_entries.size() == 1 ? tr("The set that is open: 1 key.")
                                                    : tr("The set that is open: %1 keys.").arg(qulonglong(m_entries.size())),
                              nullptr),
                   1);
    m_make = pushButton(tr("&Encrypt"), "encryptMake", true);
    connect(m_make, &QPushButton::clicked, this, &EncryptDialog::make);
    row->addWidget(m_make);
    column->addLayout(row);
    column->addStretch(1);
    return page;
}

QWidget *EncryptDialog::openPage()
{
    auto *page = new QWidget;
    QVBoxLayout *column = pageColumn(page);
    auto *fileRow = new QWidget;
    auto *cells = new QHBoxLayout(fileRow);
    cells->setContentsMargins(0, 0, 0, 0);
    cells->setSpacing(6);
    m_file = new QLineEdit;
    m_file->setObjectName(QStringLiteral("sealedFile"));
    m_file->setAccessibleName(tr("Encrypted file"));
    cells->addWidget(m_file, 1);
    QPushButton *browse = pushButton(tr("Choose…"), "sealedBrowse");
    cells->addWidget(browse);
    m_openUrl = secretField("sealedSecretUrl", tr("secret_url of the file"), false);
    m_openKey = secretField("sealedCypherKey", tr("cypher_key of the file"), false);
    addFormRow(column, memberLabel(tr("File"), QStringLiteral("jwk_local_path"), m_file), fileRow);
    addFormRow(column, memberLabel(tr("Secret"), QStringLiteral("secret_url"), m_openUrl), m_openUrl);
    addFormRow(column, memberLabel(tr("Key"), QStringLiteral("cypher_key"), m_openKey), m_openKey);
    m_keepUrl = new QCheckBox(tr("Re-keying keeps secret_url; cypher_key and the file are new"));
    m_keepUrl->setObjectName(QStringLiteral("sealedKeepUrl"));
    column->addWidget(m_keepUrl);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    m_rekey = pushButton(tr("&Re-key"), "sealedRekey");
    m_open = pushButton(tr("&Open"), "sealedOpen", true);
    row->addWidget(m_rekey);
    row->addWidget(m_open);
    column->addLayout(row);
    if (const gateway::SignerConfig *config = signer(); config && !config->secretUrl.isEmpty()) {
        m_file->setText(QString::fromUtf8(m_session->bindings().file(config->localPath).value_or(config->localPath)));
        m_openUrl->setText(QString::fromUtf8(config->secretUrl));
        m_openKey->setText(QString::fromLatin1(jose::encodeBase64(config->cypherKey)));
    }
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Encrypted key set"), QFileInfo(m_file->text()).absolutePath());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, m_file, &QLineEdit::setText);
        dialog->open();
    });
    for (QLineEdit *field : {m_file, m_openUrl, m_openKey})
        connect(field, &QLineEdit::textChanged, this, &EncryptDialog::updateButtons);
    connect(m_open, &QPushButton::clicked, this, &EncryptDialog::openSealed);
    connect(m_rekey, &QPushButton::clicked, this, &EncryptDialog::rekey);
    return page;
}

QWidget *EncryptDialog::resultCard()
{
    m_result = new Card;
    auto *body = new QWidget;
    QVBoxLayout *column = pageColumn(body);
    const auto part = [this, column](const QString &words, const QString &member, QLineEdit *field, const char *copyName) {
        auto *line = new QWidget;
        auto *cells = new QHBoxLayout(line);
        cells->setContentsMargins(0, 0, 0, 0);
        cells->setSpacing(4);
        cells->addWidget(field, 1);
        QToolButton *copy = flatButton(tr("Copy"), tr("Copy %1, for a minute").arg(member), QString::fromLatin1(copyName));
        cells->addWidget(copy);
        addFormRow(column, memberLabel(words, member, field), line);
        connect(copy, &QToolButton::clicked, this, [this, field, member] {
            QByteArray utf8 = field->text().toUtf8();
            emit secretCopied(crypto::SecretBytes{QByteArrayView(utf8)});
            crypto::wipe(utf8);
            say(tr("%1 is on the clipboard for a minute.").arg(member), "muted");
        });
    };
    m_secretUrl = secretField("madeSecretUrl", tr("The secret_url that was made"), true);
    m_cypherKey = secretField("madeCypherKey", tr("The cypher_key that was made"), true);
    part(tr("Secret"), QStringLiteral("secret_url"), m_secretUrl, "copySecretUrl");
    part(tr("Key"), QStringLiteral("cypher_key"), m_cypherKey, "copyCypherKey");
    auto *fileRow = new QWidget;
    auto *cells = new QHBoxLayout(fileRow);
    cells->setContentsMargins(0, 0, 0, 0);
    cells->setSpacing(6);
    m_fileLabel = plainLabel({}, "muted");
    m_fileLabel->setObjectName(QStringLiteral("madeFile"));
    cells->addWidget(m_fileLabel, 1);
    m_save = pushButton(tr("&Save file…"), "saveEncrypted");
    cells->addWidget(m_save);
    addFormRow(column, memberLabel(tr("File"), QStringLiteral("jwk_local_path"), m_save), fileRow);
    auto *row = new QHBoxLayout;
    m_show = new QCheckBox(tr("Show the secrets"));
    m_show->setObjectName(QStringLiteral("showMadeSecrets"));
    row->addWidget(m_show);
    row->addStretch(1);
    m_put = pushButton(tr("&Put these into the document"), "putIntoDocument", true);
    row->addWidget(m_put);
    column->addLayout(row);
    m_result->column()->addWidget(body);
    m_result->hide();
    connect(m_show, &QCheckBox::toggled, this, [this](bool shown) {
        for (QLineEdit *field : {m_secretUrl, m_cypherKey})
            field->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    });
    connect(m_save, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Save the encrypted key set"), QFileInfo(m_session->path()).absolutePath());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setObjectName(QStringLiteral("saveEncryptedFile"));
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->selectFile(m_file->text().isEmpty() ? QStringLiteral("keys.enc") : QFileInfo(m_file->text()).fileName());
        connect(dialog, &QFileDialog::fileSelected, this, &EncryptDialog::saveFile);
        dialog->open();
    });
    connect(m_put, &QPushButton::clicked, this, &EncryptDialog::putIntoDocument);
    return m_result;
}

const gateway::SignerConfig *EncryptDialog::signer() const
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    return endpoint && endpoint->signer ? std::get_if<gateway::SignerConfig>(&*endpoint->signer) : nullptr;
}

void EncryptDialog::make()
{
    const crypto::SecretBytes set = keys::writePrivate(m_entries);
    const bool keep = m_which->currentIndex() == 1 && signer();
    take(keep ? keys::sealSet(set, signer()->secretUrl) : keys::sealSet(set), tr("Encrypted. Save the file, and keep the two texts."));
}

Result<crypto::SecretBytes, keys::EncryptedFault> EncryptDialog::read()
{
    const auto file = readFile(m_file->text());
    if (!file)
        return fail(keys::EncryptedFault{keys::EncryptedFault::Failed, {}, file.error().reason.toUtf8(), false});
    QByteArray url = m_openUrl->text().trimmed().toUtf8(), key = m_openKey->text().trimmed().toLatin1();
    auto set = keys::openEncrypted(*file, url, key);
    crypto::wipe(url);
    crypto::wipe(key);
    return set;
}

void EncryptDialog::openSealed()
{
    const auto set = read();
    if (!set)
        return refuse(set.error());
    auto imported = keys::import(set->view());
    if (!imported || !imported->readings.empty()) {
        say(imported ? tr("It opens, and holds no key set.") : text::sentence(imported.error(), QFileInfo(m_file->text()).fileName()),
            "bad");
        return;
    }
    emit opened(imported->entries, QFileInfo(m_file->text()).fileName());
    accept();
}

void EncryptDialog::rekey()
{
    const auto set = read();
    if (!set)
        return refuse(set.error());
    QByteArray url = m_openUrl->text().trimmed().toUtf8();
    const bool keep = m_keepUrl->isChecked();
    take(keep ? keys::sealSet(*set, url) : keys::sealSet(*set),
         keep ? tr("Encrypted again: cypher_key and the file are new. The old file stays as it is until it is saved over.")
              : tr("Encrypted again: all three are new. The old file stays as it is until it is saved over."));
    crypto::wipe(url);
}

void EncryptDialog::take(const Result<keys::EncryptedKeyFile, keys::EncryptedFault> &made, const QString &words)
{
    m_savedAs.clear();
    if (!made) {
        m_made.reset();
        m_result->hide();
        return refuse(made.error());
    }
    m_made = *made;
    m_secretUrl->setText(QString::fromUtf8(made->secretUrl.view()));
    m_cypherKey->setText(QString::fromLatin1(made->cypherKey));
    m_secretUrl->setCursorPosition(0);
    m_cypherKey->setCursorPosition(0);
    m_fileLabel->setText(tr("%1 bytes, not saved yet").arg(made->file.size()));
    m_show->setChecked(false);
    m_result->show();
    say(words, "muted");
    updateButtons();
    m_save->setFocus();
}

void EncryptDialog::saveFile(const QString &path)
{
    if (!m_made)
        return;
    if (const auto written = writeFile(path, m_made->file, Access::OwnerOnly); !written) {
        say(tr("%1 was left as it was: %2").arg(path, written.error().reason), "bad");
        return;
    }
    m_savedAs = QFileInfo(path).absoluteFilePath();
    m_fileLabel->setText(m_savedAs);
    say(tr("Saved in %1.").arg(m_savedAs), "muted");
    updateButtons();
    if (m_put->isEnabled())
        m_put->setFocus();
}

void EncryptDialog::putIntoDocument()
{
    if (!m_made || m_savedAs.isEmpty() || !m_session->isEditable() || !signer())
        return;
    const gateway::SignerConfig before = *signer();
    const QByteArray pointer = m_session->endpoint()->signerPointer;
    std::vector<std::pair<QByteArray, QByteArray>> members{
        {"jwk_local_path", gateway::edit::quoted(m_savedAs)},
        {"secret_url", gateway::edit::quotedBytes(m_made->secretUrl.view())},
        {"cypher_key", gateway::edit::quotedBytes(m_made->cypherKey)},
    };
    // Without an https URL the gateway starts no signer but with this, though it contacts nobody.
    const bool needsFlag = !before.jwkUrl.startsWith("https://") && !before.disableJwkSecurity;
    if (needsFlag)
        members.emplace_back("disable_jwk_security", "true");
    const QByteArray source = m_session->document().bytes();
    QByteArray text = source;
    for (const auto &[name, json] : members) {
        const auto tree = json::SyntaxTree::parse(text);
        const auto splice = tree ? gateway::edit::setMember(*tree, pointer, name, json) : std::nullopt;
        if (!splice) {
            say(tr("The signer of the document cannot be edited."), "bad");
            return;
        }
        text = json::apply(text, *splice);
    }
    gateway::edit::Edit whole;
    whole.push_back({{0, source.size()}, text});
    m_session->edit(gateway::edit::joined(source, whole), tr("Use the encrypted key set"));
    crypto::wipe(text);
    say(needsFlag
            ? tr("In the document, with disable_jwk_security, which a key file needs where there is no https URL. Undo takes it back.")
            : tr("In the document. Undo takes it back."),
        "muted");
}

void EncryptDialog::refuse(const keys::EncryptedFault &fault)
{
    const QString words = text::sentence(fault);
    say(words.left(1).toUpper() + words.mid(1) +
            (fault.gateway.isEmpty() ? QString() : QLatin1Char('\n') + tr("The gateway would say: %1").arg(text::inert(fault.gateway))),
        "bad");
}

void EncryptDialog::say(const QString &words, const char *role)
{
    m_words->setText(words);
    setStyleProperty(m_words, "role", QString::fromLatin1(role));
    m_words->setVisible(!words.isEmpty());
}

void EncryptDialog::updateButtons()
{
    if (!m_put)
        return;
    m_make->setEnabled(!m_entries.empty());
    const bool named = !m_file->text().isEmpty();
    m_open->setEnabled(named);
    m_rekey->setEnabled(named);
    m_put->setEnabled(m_made && !m_savedAs.isEmpty() && m_session->isEditable() && signer());
    m_put->setToolTip(m_savedAs.isEmpty() ? tr("Save the file first")
                                          : tr("Sets secret_url, cypher_key and jwk_local_path of the chosen signer"));
}

void EncryptDialog::keyPressEvent(QKeyEvent *event)
{
    if (!pressFocused(this, event))
        QDialog::keyPressEvent(event);
}

} // namespace tokenlab::ui
