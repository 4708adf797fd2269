#include "ui/keys/newkeydialog.h"

#include "core/text/keys.h"
#include "ui/keys/keyquestions.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/enterpress.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenlab::ui {

namespace {

using jose::KeyType;

const char *const usual = "*"; // the algorithm is left to the key

QComboBox *box(const char *name, const QString &accessible, QWidget *parent)
{
    auto *made = new QComboBox(parent);
    made->setObjectName(QString::fromLatin1(name));
    made->setAccessibleName(accessible);
    return made;
}

QStringList algorithmsOf(const keys::MakeRequest &request)
{
    const QString suffix = request.bits >= 512   ? QStringLiteral("512")
                           : request.bits >= 384 ? QStringLiteral("384")
                                                 : QStringLiteral("256");
    switch (request.type) {
    case KeyType::Oct:
        // The largest first: a secret can be longer than an algorithm asks for.
        if (suffix == QLatin1String("512"))
            return {QStringLiteral("HS512"), QStringLiteral("HS384"), QStringLiteral("HS256")};
        return suffix == QLatin1String("384") ? QStringList{QStringLiteral("HS384"), QStringLiteral("HS256")}
                                              : QStringList{QStringLiteral("HS256")};
    case KeyType::Rsa:
        return {QStringLiteral("RS256"), QStringLiteral("RS384"), QStringLiteral("RS512"),
                QStringLiteral("PS256"), QStringLiteral("PS384"), QStringLiteral("PS512")};
    case KeyType::Ec:
        return {request.curve == "P-521"   ? QStringLiteral("ES512")
                : request.curve == "P-384" ? QStringLiteral("ES384")
                                           : QStringLiteral("ES256")};
    case KeyType::Ed25519:
        break;
    }
    return {QStringLiteral("EdDSA")};
}

} // namespace

NewKeyDialog::NewKeyDialog(keys::Entries beside, Instant now, QWidget *parent)
    : QDialog(parent),
      m_beside(std::move(beside)),
      m_now(now),
      m_kind(box("newKeyKind", tr("Type of the key"), this)),
      m_size(box("newKeySize", tr("Size or curve"), this)),
      m_kidRule(box("newKeyKidRule", tr("How the key ID is made"), this)),
      m_alg(box("newKeyAlg", tr("Algorithm"), this)),
      m_use(box("newKeyUse", tr("Use"), this)),
      m_kid(new QLineEdit(this)),
      m_note(plainLabel({}, "muted", this)),
      m_error(plainLabel({}, "bad", this)),
      m_elapsed(plainLabel({}, "muted", this)),
      m_progress(new QProgressBar(this)),
      m_create(new QPushButton(tr("&Create"), this)),
      m_cancel(new QPushButton(tr("Cancel"), this))
{
    setObjectName(QStringLiteral("newKeyDialog"));
    setWindowTitle(tr("New key"));
    setMinimumWidth(480);
    m_kind->addItem(tr("Secret, for HS256, HS384, HS512 (oct)"), int(KeyType::Oct));
    m_kind->addItem(tr("RSA, for RS… and PS…"), int(KeyType::Rsa));
    m_kind->addItem(tr("Elliptic curve, for ES…"), int(KeyType::Ec));
    m_kind->addItem(tr("Ed25519, for EdDSA (OKP)"), int(KeyType::Ed25519));
    m_kind->setCurrentIndex(2);
    m_kidRule->addItem(tr("Its thumbprint (RFC 7638)"), keys::KidRule::Thumbprint);
    m_kidRule->addItem(tr("Today's date"), keys::KidRule::Date);
    m_kidRule->addItem(tr("By hand"), keys::KidRule::Given);
    m_use->addItem(tr("sig, for signatures"), QStringLiteral("sig"));
    m_use->addItem(tr("Not said"), QString());
    m_kid->setObjectName(QStringLiteral("newKeyKid"));
    m_kid->setAccessibleName(tr("Key ID"));
    m_kid->setFont(monoFont());
    m_kid->setPlaceholderText(tr("sim2"));
    m_note->setFont(smallFont());
    m_note->setObjectName(QStringLiteral("newKeyNote"));
    m_error->setObjectName(QStringLiteral("newKeyError"));

    QVBoxLayout *column = dialogColumn(this);
    const auto add = [column](const QString &words, const QString &member, QWidget *field, QWidget *buddy) {
        addFormRow(column, memberLabel(words, member, buddy), field);
    };
    add(tr("Type"), QStringLiteral("kty"), m_kind, m_kind);
    add(tr("Size"), QString(), m_size, m_size);
    auto *kid = new QWidget(this);
    auto *kidColumn = new QVBoxLayout(kid);
    kidColumn->setContentsMargins(0, 0, 0, 0);
    kidColumn->setSpacing(6);
    kidColumn->addWidget(m_kidRule);
    kidColumn->addWidget(m_kid);
    kidColumn->addWidget(m_note);
    add(tr("Key ID"), QStringLiteral("kid"), kid, m_kidRule);
    add(tr("Algorithm"), QStringLiteral("alg"), m_alg, m_alg);
    add(tr("Use"), QStringLiteral("use"), m_use, m_use);
    column->addWidget(m_error);

    m_progress->setObjectName(QStringLiteral("makeProgress"));
    m_progress->setAccessibleName(tr("The key is being made"));
    m_progress->setRange(0, 0); // nobody can tell when the primes are found
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_progress->setStyleSheet(QStringLiteral("QProgressBar { background: %1; border: none; border-radius: 3px; }"
                                             "QProgressBar::chunk { background: %2; border-radius: 3px; width: 60px; }")
                                  .arg(tokens().accentSoft.name(), tokens().accent.name()));
    m_elapsed->setObjectName(QStringLiteral("makeElapsed"));
    column->addWidget(m_progress);
    column->addWidget(m_elapsed);
    column->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    m_cancel->setObjectName(QStringLiteral("newKeyCancel"));
    m_cancel->setAutoDefault(false);
    m_create->setObjectName(QStringLiteral("newKeyCreate"));
    m_create->setProperty("kind", QStringLiteral("primary"));
    m_create->setDefault(true);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_create);
    column->addLayout(buttons);

    connect(m_kind, &QComboBox::currentIndexChanged, this, &NewKeyDialog::showKind);
    connect(m_size, &QComboBox::currentIndexChanged, this, &NewKeyDialog::showAlgorithms);
    connect(m_kidRule, &QComboBox::currentIndexChanged, this, [this] {
        check();
        if (m_kid->isVisible())
            m_kid->setFocus();
    });
    connect(m_kid, &QLineEdit::textChanged, this, &NewKeyDialog::check);
    connect(m_create, &QPushButton::clicked, this, &NewKeyDialog::create);
    connect(m_cancel, &QPushButton::clicked, this, &NewKeyDialog::reject);
    m_tick.setInterval(200);
    connect(&m_tick, &QTimer::timeout, this,
            [this] { m_elapsed->setText(tr("Looking for primes… %1 s").arg(double(m_since.elapsed()) / 1000, 0, 'f', 1)); });
    showKind();
    setRunning(false);
    m_kind->setFocus();
}

NewKeyDialog::~NewKeyDialog() = default;

void NewKeyDialog::showKind()
{
    const auto type = KeyType(m_kind->currentData().toInt());
    {
        const QSignalBlocker quiet(m_size);
        m_size->clear();
        switch (type) {
        case KeyType::Oct:
            for (const int bits : {256, 384, 512})
                m_size->addItem(tr("%1 bits").arg(bits), bits);
            break;
        case KeyType::Rsa:
            for (const int bits : {2048, 3072, 4096})
                m_size->addItem(tr("%1 bits").arg(bits), bits);
            break;
        case KeyType::Ec:
            for (const char *curve : {"P-256", "P-384", "P-521"})
                m_size->addItem(QString::fromLatin1(curve), QString::fromLatin1(curve));
            break;
        case KeyType::Ed25519:
            m_size->addItem(QStringLiteral("Ed25519"), 256);
            break;
        }
        m_size->setEnabled(m_size->count() > 1);
    }
    showAlgorithms();
}

void NewKeyDialog::showAlgorithms()
{
    const QVariant before = m_alg->currentData();
    m_alg->clear();
    const QStringList fitting = algorithmsOf(request());
    m_alg->addItem(tr("The usual one: %1").arg(fitting.front()), QString::fromLatin1(usual));
    for (const QString &name : fitting)
        m_alg->addItem(name, name);
    m_alg->addItem(tr("Not said"), QString());
    m_alg->setCurrentIndex(qMax(0, m_alg->findData(before)));
    check();
}

keys::MakeRequest NewKeyDialog::request() const
{
    keys::MakeRequest wanted;
    wanted.type = KeyType(m_kind->currentData().toInt());
    if (wanted.type == KeyType::Ec)
        wanted.curve = m_size->currentData().toString().toLatin1();
    else if (wanted.type != KeyType::Ed25519)
        wanted.bits = m_size->currentData().toInt();
    wanted.kid = {keys::KidRule::Kind(m_kidRule->currentData().toInt()), m_kid->text().toUtf8(), m_now};
    if (m_alg->currentData().isValid() && m_alg->currentData().toString() != QLatin1String(usual))
        wanted.alg = m_alg->currentData().toString().toLatin1();
    wanted.use = m_use->currentData().toString().toLatin1();
    return wanted;
}

void NewKeyDialog::check()
{
    const keys::MakeRequest wanted = request();
    const bool byHand = wanted.kid.kind == keys::KidRule::Given;
    m_kid->setVisible(byHand);
    QString wrong;
    if (byHand &&
        std::any_of(m_beside.begin(), m_beside.end(), [&](const keys::Entry &entry) { return entry.labels().kid == wanted.kid.text; }))
        wrong =
            wanted.kid.text.isEmpty() ? tr("The set has a key without a key ID already.") : tr("The set has a key with this ID already.");
    else if (const auto refused = keys::refusedRequest(wanted))
        wrong = text::sentence(*refused);
    m_note->setText(byHand                                   ? tr("What the signer's kid names.")
                    : wanted.kid.kind == keys::KidRule::Date ? tr("A number is added where the set has today's already.")
                    : wanted.type == KeyType::Oct
                        ? tr("Of a secret it is a hash of the secret itself, and stands in every token: harmless at this length.")
                        : tr("The same for everybody who has the public key."));
    m_error->setText(wrong);
    m_error->setVisible(!wrong.isEmpty());
    setStyleProperty(m_kid, "invalid", byHand && !wrong.isEmpty() ? QStringLiteral("yes") : QStringLiteral("no"));
    m_create->setEnabled(wrong.isEmpty() && !m_job);
}

void NewKeyDialog::create()
{
    if (m_job || !m_create->isEnabled())
        return;
    m_job = std::make_unique<keys::MakeJob>(request(), m_beside);
    connect(m_job.get(), &keys::MakeJob::finished, this, [this](const Result<keys::Entry, keys::MakeError> &result) {
        m_job->disconnect(this);
        m_job.release()->deleteLater(); // it is on the stack
        setRunning(false);
        if (!result) {
            m_error->setText(text::sentence(result.error()));
            m_error->show();
            return;
        }
        emit made(*result);
        accept();
    });
    setRunning(true);
    m_job->start();
}

void NewKeyDialog::reject()
{
    if (!m_job) {
        QDialog::reject();
        return;
    }
    m_job->disconnect(this);
    m_job->cancel();
    m_job.reset();
    setRunning(false);
    m_create->setFocus();
}

void NewKeyDialog::setRunning(bool running)
{
    for (QWidget *field : std::initializer_list<QWidget *>{m_kind, m_kidRule, m_kid, m_alg, m_use})
        field->setEnabled(!running);
    m_size->setEnabled(!running && m_size->count() > 1);
    m_progress->setVisible(running);
    m_elapsed->setVisible(running);
    m_cancel->setText(running ? tr("Stop") : tr("Cancel"));
    if (running) {
        m_elapsed->setText(tr("Looking for primes…"));
        m_since.start();
        m_tick.start();
        m_create->setEnabled(false);
    } else {
        m_tick.stop();
        check();
    }
}

void NewKeyDialog::keyPressEvent(QKeyEvent *event)
{
    if (!pressFocused(this, event))
        QDialog::keyPressEvent(event);
}

} // namespace tokenlab::ui
