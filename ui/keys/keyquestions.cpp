#include "ui/keys/keyquestions.h"

#include "core/text/keys.h"
#include "core/text/text.h"
#include "ui/widgets/basics.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

namespace {

constexpr qsizetype shownBytes = 24;

QDialogButtonBox *buttons(QDialog *dialog, const QString &accept, const QString &objectName)
{
    auto *box = new QDialogButtonBox(dialog);
    QPushButton *button = box->addButton(accept, QDialogButtonBox::AcceptRole);
    button->setObjectName(objectName);
    setStyleProperty(button, "kind", QStringLiteral("primary"));
    button->setDefault(true);
    box->addButton(QDialogButtonBox::Cancel);
    QObject::connect(box, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(box, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return box;
}

QString enoughFor(qsizetype bits)
{
    return bits >= 512   ? ReadingDialog::tr("enough for HS256, HS384 and HS512")
           : bits >= 384 ? ReadingDialog::tr("enough for HS256 and HS384")
           : bits >= 256 ? ReadingDialog::tr("enough for HS256")
                         : ReadingDialog::tr("short even for HS256, which wants 256 bits");
}

} // namespace

QVBoxLayout *dialogColumn(QDialog *dialog)
{
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    return column;
}

PassphraseDialog::PassphraseDialog(const QString &name, bool again, QWidget *parent) : QDialog(parent), m_field(new QLineEdit(this))
{
    setObjectName(QStringLiteral("passphraseDialog"));
    setWindowTitle(tr("Passphrase"));
    setMinimumWidth(420);
    QVBoxLayout *column = dialogColumn(this);
    column->addWidget(plainLabel(tr("%1 is protected by a passphrase.").arg(name), nullptr, this));
    m_field->setObjectName(QStringLiteral("passphraseField"));
    m_field->setAccessibleName(tr("Passphrase of %1").arg(name));
    m_field->setEchoMode(QLineEdit::Password);
    column->addWidget(m_field);
    if (again) {
        QLabel *wrong = plainLabel(tr("The passphrase does not open it. Try another one."), "bad", this);
        wrong->setObjectName(QStringLiteral("passphraseWrong"));
        setStyleProperty(m_field, "invalid", QStringLiteral("yes"));
        column->addWidget(wrong);
    }
    column->addWidget(buttons(this, tr("Unlock"), QStringLiteral("passphraseUnlock")));
    m_field->setFocus();
}

PassphraseDialog::~PassphraseDialog()
{
    m_field->clear();
}

crypto::SecretBytes PassphraseDialog::passphrase() const
{
    QByteArray utf8 = m_field->text().toUtf8();
    crypto::SecretBytes secret{QByteArrayView(utf8)};
    crypto::wipe(utf8);
    return secret;
}

PrivatePemDialog::PrivatePemDialog(const QStringList &names, const QString &leftOut, QWidget *parent)
    : QDialog(parent), m_passphrase(new QLineEdit(this)), m_again(new QLineEdit(this)), m_words(plainLabel({}, "muted", this))
{
    setObjectName(QStringLiteral("privatePemDialog"));
    setWindowTitle(tr("Export private keys?"));
    setMinimumWidth(520);
    QVBoxLayout *column = dialogColumn(this);
    QLabel *what =
        plainLabel(names.size() == 1
                       ? tr("The file will hold the private key %1. Who has it signs tokens that every reader believes.").arg(names.front())
                       : tr("The file will hold the private keys %1. Who has it signs tokens that every reader believes.")
                             .arg(names.join(QStringLiteral(", "))),
                   nullptr, this);
    what->setObjectName(QStringLiteral("privatePemWhat"));
    column->addWidget(what);
    column->addWidget(plainLabel(tr("It is PEM (PKCS#8), for nobody but you to read on this computer. For others take Public keys as PEM."),
                                 "muted", this));
    if (!leftOut.isEmpty())
        column->addWidget(plainLabel(leftOut, "muted", this));
    m_passphrase->setObjectName(QStringLiteral("privatePemPassphrase"));
    m_passphrase->setAccessibleName(tr("Passphrase, or nothing"));
    m_passphrase->setPlaceholderText(tr("none: the file is in clear"));
    m_again->setObjectName(QStringLiteral("privatePemAgain"));
    m_again->setAccessibleName(tr("The passphrase once more"));
    for (QLineEdit *field : {m_passphrase, m_again}) {
        field->setEchoMode(QLineEdit::Password);
        connect(field, &QLineEdit::textChanged, this, &PrivatePemDialog::judge);
    }
    addFormRow(column, memberLabel(tr("Passphrase"), {}, m_passphrase), m_passphrase);
    addFormRow(column, memberLabel(tr("Once more"), {}, m_again), m_again);
    m_words->setObjectName(QStringLiteral("privatePemWords"));
    column->addWidget(m_words);
    QDialogButtonBox *box = buttons(this, tr("Choose the file…"), QStringLiteral("privatePemNext"));
    m_next = findChild<QPushButton *>(QStringLiteral("privatePemNext"));
    column->addWidget(box);
    judge();
    m_passphrase->setFocus();
}

PrivatePemDialog::~PrivatePemDialog()
{
    for (QLineEdit *field : {m_passphrase, m_again}) {
        field->disconnect(this);
        field->clear();
    }
}

void PrivatePemDialog::judge()
{
    const bool none = m_passphrase->text().isEmpty();
    m_again->setEnabled(!none);
    const bool differ = !none && m_passphrase->text() != m_again->text();
    m_words->setText(none     ? tr("Without a passphrase the file alone is the key.")
                     : differ ? tr("The two are not the same yet.")
                              : tr("The keys are encrypted with AES-256; the passphrase is asked for wherever they are read."));
    m_next->setEnabled(!differ);
}

std::optional<crypto::SecretBytes> PrivatePemDialog::passphrase() const
{
    if (m_passphrase->text().isEmpty())
        return std::nullopt;
    QByteArray utf8 = m_passphrase->text().toUtf8();
    crypto::SecretBytes secret{QByteArrayView(utf8)};
    crypto::wipe(utf8);
    return secret;
}

ReadingDialog::ReadingDialog(std::vector<keys::Reading> readings, const QString &file, QWidget *parent)
    : QDialog(parent), m_readings(std::move(readings)), m_choice(new QComboBox(this))
{
    setObjectName(QStringLiteral("readingDialog"));
    setWindowTitle(tr("The text, or its bytes?"));
    setMinimumWidth(540);
    QVBoxLayout *column = dialogColumn(this);
    column->addWidget(
        plainLabel(tr("%1 holds a bare secret. Programs differ in what they take for the key: the characters as they stand, or "
                      "the bytes that they stand for. Both sides have to mean the same.")
                       .arg(file),
                   nullptr, this));
    auto *card = new Card(this);
    auto *grid = new QGridLayout;
    grid->setContentsMargins(13, 10, 13, 10);
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(2, 1);
    int row = 0;
    m_choice->setObjectName(QStringLiteral("readingChoice"));
    m_choice->setAccessibleName(tr("How the secret is read"));
    for (const keys::Reading &reading : m_readings) {
        const QString encoding = text::encodingName(reading.encoding), title = encoding.left(1).toUpper() + encoding.mid(1);
        const QString bits = tr("%1 bits").arg(qlonglong(reading.bits()));
        auto *words = plainLabel(title, "title", this);
        words->setWordWrap(false);
        grid->addWidget(words, row, 0);
        auto *length = plainLabel(tr("%1 bytes, %2").arg(qlonglong(reading.secret.size())).arg(bits), nullptr, this);
        length->setWordWrap(false);
        length->setObjectName(QStringLiteral("readingLength%1").arg(row / 2));
        grid->addWidget(length, row, 1);
        grid->addWidget(plainLabel(enoughFor(reading.bits()), "muted", this), row, 2);
        auto *bytes = plainLabel({}, "muted", this);
        bytes->setFont(monoFont());
        bytes->setObjectName(QStringLiteral("readingBytes%1").arg(row / 2));
        grid->addWidget(bytes, row + 1, 0, 1, 3);
        m_bytes.push_back(bytes);
        m_choice->addItem(tr("%1 (%2)").arg(title, bits));
        row += 2;
    }
    card->column()->addLayout(grid);
    column->addWidget(card);
    auto *shown = new QCheckBox(tr("Show the bytes"), this);
    shown->setObjectName(QStringLiteral("readingShowBytes"));
    connect(shown, &QCheckBox::toggled, this, &ReadingDialog::showBytes);
    column->addWidget(shown);
    addFormRow(column, memberLabel(tr("Take it as"), {}, m_choice), m_choice);
    column->addWidget(buttons(this, tr("Take it"), QStringLiteral("readingTake")));
    showBytes(false);
    m_choice->setFocus();
}

const keys::Reading &ReadingDialog::chosen() const
{
    return m_readings[std::size_t(qMax(0, m_choice->currentIndex()))];
}

void ReadingDialog::showBytes(bool shown)
{
    for (std::size_t i = 0; i < m_bytes.size(); ++i) {
        const QByteArrayView view = m_readings[i].secret.view();
        if (shown) {
            QByteArray head = view.first(qMin(view.size(), shownBytes)).toByteArray().toHex(' ');
            m_bytes[i]->setText(QString::fromLatin1(head) + (view.size() > shownBytes ? QStringLiteral(" \u2026") : QString()));
            crypto::wipe(head);
        } else {
            m_bytes[i]->clear();
        }
        m_bytes[i]->setVisible(shown);
    }
}

} // namespace tokenlab::ui
