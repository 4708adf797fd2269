#include "ui/tokens/verifykeysdialog.h"

#include "core/support/url.h"
#include "core/text/text.h"
#include "ui/keys/keyquestions.h"
#include "ui/tokens/verifykeyloader.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/enterpress.h"
#include "ui/widgets/longedit.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr int longestPaste = 64 * 1024; // characters; more is a file's business

QVBoxLayout *pageColumn(QWidget *page)
{
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(9);
    return column;
}

QPushButton *plainButton(const QString &text, const QString &accessible, const char *name)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setAccessibleName(accessible);
    button->setAutoDefault(false);
    return button;
}

QWidget *beside(QWidget *field, QWidget *button)
{
    auto *row = new QWidget;
    auto *cells = new QHBoxLayout(row);
    cells->setContentsMargins(0, 0, 0, 0);
    cells->setSpacing(6);
    cells->addWidget(field, 1);
    cells->addWidget(button);
    return row;
}

template <class T>
T *named(T *field, const char *name, const QString &accessible)
{
    field->setObjectName(QString::fromLatin1(name));
    field->setAccessibleName(accessible);
    return field;
}

} // namespace

VerifyKeysDialog::VerifyKeysDialog(LabSession *session, std::vector<KnownSet> sets, const std::optional<ChosenKeys> &now, QWidget *parent)
    : QDialog(parent),
      m_session(session),
      m_sets(std::move(sets)),
      m_loader(new VerifyKeyLoader(session->bindings(), this)),
      m_from(named(new QComboBox(this), "verifyFrom", tr("Where the keys come from"))),
      m_pages(new QStackedWidget(this)),
      m_words(plainLabel({}, "bad", this)),
      m_progress(new QProgressBar(this))
{
    setObjectName(QStringLiteral("verifyKeysDialog"));
    setWindowTitle(tr("Check signatures with a key"));
    setAcceptDrops(true);
    setMinimumWidth(600);
    QVBoxLayout *column = dialogColumn(this);
    column->addWidget(
        plainLabel(tr("Give the keys that the readers of the tokens have, from elsewhere than the gateway. They stay for every "
                      "token until the program ends, and are not written anywhere."),
                   "muted", this));
    m_from->addItem(tr("A file"), VerifySource::File);
    m_from->addItem(tr("A URL"), VerifySource::Url);
    m_from->addItem(tr("A pasted text"), VerifySource::Pasted);
    for (const KnownSet &set : m_sets)
        m_from->addItem(tr("The validator of %1").arg(text::inert(set.endpoint)), VerifySource::Validator);
    m_from->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    addFormRow(column, memberLabel(tr("Keys from"), {}, m_from), m_from);
    m_pages->addWidget(filePage());
    m_pages->addWidget(urlPage());
    m_pages->addWidget(pastePage());
    m_pages->addWidget(validatorPage());
    column->addWidget(m_pages);
    m_words->setObjectName(QStringLiteral("verifyError"));
    column->addWidget(m_words);
    m_progress->setObjectName(QStringLiteral("verifyProgress"));
    m_progress->setAccessibleName(tr("Reading the keys"));
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    column->addWidget(m_progress);
    column->addStretch(1);
    auto *box = new QDialogButtonBox(this);
    m_take = box->addButton(tr("Check with it"), QDialogButtonBox::AcceptRole);
    m_take->setObjectName(QStringLiteral("verifyTake"));
    setStyleProperty(m_take, "kind", QStringLiteral("primary"));
    m_take->setDefault(true);
    box->addButton(QDialogButtonBox::Cancel);
    connect(box, &QDialogButtonBox::accepted, this, &VerifyKeysDialog::take);
    connect(box, &QDialogButtonBox::rejected, this, &VerifyKeysDialog::reject);
    column->addWidget(box);

    connect(m_from, &QComboBox::currentIndexChanged, this, [this] {
        m_loader->cancel();
        say({}, false);
        refresh();
    });
    for (QLineEdit *field : std::initializer_list<QLineEdit *>{m_file, m_url, m_caFile, m_pins, m_paste})
        connect(field, &QLineEdit::textChanged, this, [this] {
            say({}, false);
            refresh();
        });
    connect(m_insecure, &QCheckBox::toggled, this, [this] { say({}, false); });
    connect(m_loader, &VerifyKeyLoader::busyChanged, this, &VerifyKeysDialog::refresh);
    connect(m_loader, &VerifyKeyLoader::failed, this, [this](const QString &words) {
        say(words, true);
        refresh();
    });
    connect(m_loader, &VerifyKeyLoader::loaded, this, [this](const ChosenKeys &keys) {
        emit chosen(keys);
        accept();
    });
    if (now) {
        const VerifySource &before = now->source;
        m_file->setText(before.file);
        m_url->setText(before.url);
        m_caFile->setText(before.caFile);
        m_pins->setText(before.pins);
        m_insecure->setChecked(before.insecure);
        const auto set = std::find_if(m_sets.begin(), m_sets.end(), [&](const KnownSet &one) { return one.source == before.validator; });
        if (before.kind != VerifySource::Validator)
            m_from->setCurrentIndex(m_from->findData(before.kind));
        else if (set != m_sets.end())
            m_from->setCurrentIndex(m_from->findData(before.kind) + int(set - m_sets.begin()));
    }
    say({}, false);
    refresh();
    m_from->setFocus();
}

VerifyKeysDialog::~VerifyKeysDialog()
{
    m_loader->disconnect(this);
    m_paste->disconnect(this);
    m_paste->clear();
}

QWidget *VerifyKeysDialog::filePage()
{
    auto *page = new QWidget;
    QVBoxLayout *column = pageColumn(page);
    m_file = named(new LongEdit, "verifyFile", tr("File with the keys"));
    QPushButton *browse = plainButton(tr("Choose…"), tr("Choose the file with the keys"), "verifyBrowse");
    connect(browse, &QPushButton::clicked, this, [this] { chooseFile(tr("A file with keys"), m_file); });
    addFormRow(column, memberLabel(tr("File"), {}, m_file), beside(m_file, browse));
    column->addWidget(plainLabel(
        tr("A JWK set or a JWK, PEM, DER, a certificate, PKCS#12, OpenSSH, or a bare secret. Of a key pair the public half alone "
           "is kept."),
        "muted"));
    column->addStretch(1);
    return page;
}

QWidget *VerifyKeysDialog::urlPage()
{
    auto *page = new QWidget;
    QVBoxLayout *column = pageColumn(page);
    m_url = named(new LongEdit, "verifyUrl", tr("URL of the key set"));
    m_url->setPlaceholderText(QStringLiteral("https://keys.example/.well-known/jwks.json"));
    m_url->setFont(monoFont());
    addFormRow(column, memberLabel(tr("URL"), {}, m_url), m_url);
    m_bound = plainLabel({}, "muted");
    m_bound->setObjectName(QStringLiteral("verifyBound"));
    column->addWidget(m_bound);
    m_caFile = named(new LongEdit, "verifyCa", tr("File with an authority to trust"));
    m_caFile->setPlaceholderText(tr("the system's authorities alone"));
    QPushButton *browse = plainButton(tr("Choose…"), tr("Choose the file with the authority"), "verifyCaBrowse");
    connect(browse, &QPushButton::clicked, this, [this] { chooseFile(tr("A PEM file with authorities"), m_caFile); });
    addFormRow(column, memberLabel(tr("Trust also"), QStringLiteral("jwk_local_ca"), m_caFile), beside(m_caFile, browse));
    m_pins = named(new QLineEdit, "verifyPins", tr("Pins of the key host"));
    m_pins->setFont(monoFont());
    m_pins->setPlaceholderText(tr("none"));
    addFormRow(column, memberLabel(tr("Pins"), QStringLiteral("jwk_fingerprints"), m_pins), m_pins);
    m_insecure = named(new QCheckBox(tr("Take http, and whoever answers over https (disable_jwk_security)")), "verifyInsecure",
                       tr("Take unprotected answers"));
    column->addWidget(m_insecure);
    column->addStretch(1);
    return page;
}

QWidget *VerifyKeysDialog::pastePage()
{
    auto *page = new QWidget;
    QVBoxLayout *column = pageColumn(page);
    m_paste = named(new QLineEdit, "verifyPaste", tr("The key, the key set or the secret"));
    m_paste->setEchoMode(QLineEdit::Password);
    m_paste->setFont(monoFont());
    m_paste->setMaxLength(longestPaste + 1);
    QPushButton *paste = plainButton(tr("Paste"), tr("Paste from the clipboard"), "verifyPasteButton");
    connect(paste, &QPushButton::clicked, this, [this] {
        m_paste->setText(QGuiApplication::clipboard()->text());
        if (m_paste->text().isEmpty())
            say(tr("There is no text on the clipboard."), true);
    });
    addFormRow(column, memberLabel(tr("Text"), {}, m_paste), beside(m_paste, paste));
    m_show = named(new QCheckBox(tr("Show the text")), "verifyShow", tr("Show the pasted text"));
    connect(m_show, &QCheckBox::toggled, this, [this](bool on) { m_paste->setEchoMode(on ? QLineEdit::Normal : QLineEdit::Password); });
    column->addWidget(m_show);
    column->addWidget(
        plainLabel(tr("A JWK set, a JWK, PEM, or a bare secret; of a secret that could be hex or base64 as well you are asked "
                      "which it is."),
                   "muted"));
    column->addStretch(1);
    return page;
}

QWidget *VerifyKeysDialog::validatorPage()
{
    auto *page = new QWidget;
    QVBoxLayout *column = pageColumn(page);
    m_validator = plainLabel({}, nullptr);
    m_validator->setObjectName(QStringLiteral("verifyValidator"));
    column->addWidget(m_validator);
    column->addWidget(plainLabel(tr("It is the set that the gateway checks tokens with at that endpoint, as it was loaded last. The check "
                                    "here is stricter than the gateway's: see Validators for what that says."),
                                 "muted"));
    column->addStretch(1);
    return page;
}

VerifySource VerifyKeysDialog::source() const
{
    VerifySource source;
    source.kind = VerifySource::Kind(m_from->currentData().toInt());
    source.file = m_file->text();
    source.url = m_url->text();
    source.caFile = m_caFile->text();
    source.pins = m_pins->text();
    source.insecure = m_insecure->isChecked();
    if (source.kind == VerifySource::Validator)
        source.validator = m_sets[std::size_t(m_from->currentIndex() - m_from->findData(VerifySource::Validator))].source;
    return source;
}

void VerifyKeysDialog::chooseFile(const QString &title, LongEdit *field)
{
    const QString now = field->text().isEmpty() ? m_session->path() : field->text();
    auto *dialog = new QFileDialog(this, title, QFileInfo(now).absolutePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, field, &QLineEdit::setText);
    dialog->open();
}

void VerifyKeysDialog::take()
{
    say({}, false);
    const VerifySource from = source();
    if (from.kind == VerifySource::Validator) {
        emit chosen({from, m_from->currentText(), nullptr});
        accept();
        return;
    }
    crypto::SecretBytes pasted;
    if (from.kind == VerifySource::Pasted) {
        if (m_paste->text().size() > longestPaste) {
            say(tr("The text is longer than %1 characters: give it as a file.").arg(longestPaste), true);
            return;
        }
        QByteArray utf8 = m_paste->text().toUtf8();
        pasted = crypto::SecretBytes{QByteArrayView(utf8)};
        crypto::wipe(utf8);
    }
    m_loader->start(from, pasted);
    refresh();
}

void VerifyKeysDialog::refresh()
{
    const VerifySource from = source();
    m_pages->setCurrentIndex(from.kind);
    const bool busy = m_loader->isBusy();
    m_progress->setVisible(busy);
    const bool filled = from.kind == VerifySource::File     ? !from.file.isEmpty()
                        : from.kind == VerifySource::Url    ? !from.url.trimmed().isEmpty()
                        : from.kind == VerifySource::Pasted ? !m_paste->text().isEmpty()
                                                            : true;
    m_take->setEnabled(filled && !busy);
    const QByteArray url = from.url.trimmed().toUtf8();
    const lab::Binding *binding = url.isEmpty() ? nullptr : m_session->bindings().forUrl(url);
    m_bound->setText(binding ? tr("Bound: it is fetched from %1.").arg(text::inert(withoutPassword(lab::bound(url, *binding))))
                             : QString());
    m_bound->setVisible(binding);
    if (from.kind == VerifySource::Validator) {
        const KnownSet &set = m_sets[std::size_t(m_from->currentIndex() - m_from->findData(VerifySource::Validator))];
        const QString where = text::inert(set.source);
        m_validator->setText(!set.fault.isEmpty() ? tr("From %1. It cannot be had: %2").arg(where, set.fault)
                             : set.isHere()       ? tr("From %1.").arg(where)
                                                  : tr("From %1. It was not asked for yet.").arg(where));
    }
}

void VerifyKeysDialog::say(const QString &words, bool bad)
{
    setStyleProperty(m_words, "role", bad ? QStringLiteral("bad") : QStringLiteral("muted"));
    m_words->setText(words);
    m_words->setVisible(!words.isEmpty());
}

void VerifyKeysDialog::reject()
{
    if (m_loader->isBusy()) {
        m_loader->cancel();
        refresh();
        return;
    }
    QDialog::reject();
}

void VerifyKeysDialog::keyPressEvent(QKeyEvent *event)
{
    if (!pressFocused(this, event))
        QDialog::keyPressEvent(event);
}

void VerifyKeysDialog::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void VerifyKeysDialog::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    m_from->setCurrentIndex(m_from->findData(VerifySource::File));
    m_file->setText(event->mimeData()->urls().front().toLocalFile());
}

} // namespace tokenlab::ui
