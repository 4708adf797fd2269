#include "ui/keys/keydetails.h"

#include "core/gateway/edit.h"
#include "core/jose/jws.h"
#include "core/text/keys.h"
#include "core/text/text.h"
#include "ui/keys/keysmodel.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/elidedlabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace tokenlab::ui {

namespace {

constexpr std::array publicNames = {"kty", "use", "key_ops", "alg", "kid", "x5u", "x5c", "x5t", "x5t#S256", "n", "e", "crv", "x", "y"};

bool isPublic(const QByteArray &name)
{
    return std::any_of(publicNames.begin(), publicNames.end(), [&](const char *one) { return name == one; });
}

} // namespace

QByteArray membersText(const keys::Entry &entry, bool revealed)
{
    QByteArray source = entry.json().view().toByteArray();
    QByteArray text;
    if (const auto tree = json::SyntaxTree::parse(source); tree && tree->root().type == json::Type::Object && !revealed) {
        text = "{";
        for (const int child : tree->root().children) {
            const json::SyntaxTree::Node &node = tree->node(child);
            if (text.size() > 1)
                text += ',';
            text += gateway::edit::quotedBytes(node.name) + ':';
            if (isPublic(node.name))
                text += QByteArrayView(source).sliced(node.range.begin, node.range.length());
            else
                text += gateway::edit::quoted(QStringLiteral("\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022"));
        }
        text = gateway::edit::prettyLossless(text + '}');
    } else if (revealed || !entry.hasPrivateMembers()) {
        text = gateway::edit::prettyLossless(source);
    }
    crypto::wipe(source);
    return text;
}

KeyDetails::KeyDetails(QWidget *parent)
    : QWidget(parent),
      m_body(new QWidget(this)),
      m_none(plainLabel({}, "muted", this)),
      m_error(plainLabel({}, "bad", this)),
      m_thumbprint(new QLabel(this)),
      m_title(new ElidedLabel(this)),
      m_kind(new Pill(this)),
      m_half(new Pill(this)),
      m_warnings(new QVBoxLayout),
      m_kid(new QLineEdit(this)),
      m_alg(new QComboBox(this)),
      m_use(new QComboBox(this)),
      m_members(new QPlainTextEdit(this)),
      m_reveal(
          flatButton(tr("Show private members"), tr("Show the private members of the key"), QStringLiteral("showPrivateMembers"), this)),
      m_copyPublic(flatButton(tr("Copy public"), tr("Copy the public key as a JWK"), QStringLiteral("copyPublicJwk"), this)),
      m_copyPrivate(
          flatButton(tr("Copy private…"), tr("Copy the private key as a JWK, for a minute"), QStringLiteral("copyPrivateJwk"), this))
{
    setObjectName(QStringLiteral("keyDetails"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_none->setObjectName(QStringLiteral("keyDetailsNone"));
    m_none->setAlignment(Qt::AlignCenter);
    outer->addWidget(m_none, 1);
    outer->addWidget(m_body, 1);
    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(13, 10, 13, 12);
    column->setSpacing(8);

    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    m_title->setProperty("role", QStringLiteral("title"));
    m_title->setObjectName(QStringLiteral("keyTitle"));
    top->addWidget(m_title, 1);
    top->addWidget(m_kind);
    top->addWidget(m_half);
    column->addLayout(top);
    m_warnings->setSpacing(4);
    column->addLayout(m_warnings);

    m_kid->setObjectName(QStringLiteral("keyKid"));
    m_kid->setAccessibleName(tr("Key ID"));
    m_kid->setFont(monoFont());
    m_kid->setPlaceholderText(tr("none"));
    for (QComboBox *box : {m_alg, m_use})
        box->setEditable(true);
    m_alg->setObjectName(QStringLiteral("keyAlg"));
    m_alg->setAccessibleName(tr("Algorithm"));
    m_use->setObjectName(QStringLiteral("keyUse"));
    m_use->setAccessibleName(tr("Use"));
    for (QComboBox *box : {m_alg, m_use}) {
        box->setInsertPolicy(QComboBox::NoInsert);
        box->lineEdit()->setPlaceholderText(tr("not said"));
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
    }
    m_thumbprint->setObjectName(QStringLiteral("keyThumbprint"));
    m_thumbprint->setTextFormat(Qt::PlainText);
    m_thumbprint->setFont(smallMonoFont());
    m_thumbprint->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_thumbprint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_error->setObjectName(QStringLiteral("keyLabelError"));
    addFormRow(column, memberLabel(tr("Key ID"), QStringLiteral("kid"), m_kid), m_kid);
    column->addWidget(m_error);
    addFormRow(column, memberLabel(tr("Algorithm"), QStringLiteral("alg"), m_alg), m_alg);
    addFormRow(column, memberLabel(tr("Use"), QStringLiteral("use"), m_use), m_use);
    addFormRow(column, memberLabel(tr("Thumbprint"), QStringLiteral("RFC 7638"), nullptr), m_thumbprint);

    auto *actions = new QHBoxLayout;
    actions->setSpacing(4);
    auto *members = new QLabel(tr("Members"), this);
    members->setProperty("role", QStringLiteral("title"));
    members->setBuddy(m_members);
    actions->addWidget(members);
    actions->addStretch(1);
    m_reveal->setCheckable(true);
    actions->addWidget(m_reveal);
    column->addLayout(actions);
    m_members->setObjectName(QStringLiteral("keyMembers"));
    m_members->setAccessibleName(tr("Members of the key"));
    m_members->setReadOnly(true);
    m_members->setFont(monoFont());
    m_members->setUndoRedoEnabled(false);
    m_members->setTabChangesFocus(true);
    column->addWidget(m_members, 1);
    auto *copies = new QHBoxLayout;
    copies->setSpacing(4);
    copies->addStretch(1);
    copies->addWidget(m_copyPublic);
    copies->addWidget(m_copyPrivate);
    column->addLayout(copies);

    connect(m_kid, &QLineEdit::editingFinished, this, &KeyDetails::edited);
    for (QComboBox *box : {m_alg, m_use}) {
        connect(box, &QComboBox::activated, this, &KeyDetails::edited);
        connect(box->lineEdit(), &QLineEdit::editingFinished, this, &KeyDetails::edited);
    }
    connect(m_reveal, &QToolButton::toggled, this, [this](bool on) {
        m_reveal->setText(on ? tr("Hide private members") : tr("Show private members"));
        showMembers();
    });
    connect(m_copyPublic, &QToolButton::clicked, this, &KeyDetails::publicAsked);
    connect(m_copyPrivate, &QToolButton::clicked, this, &KeyDetails::privateAsked);
    showNone({});
}

void KeyDetails::show(const keys::Entry &entry, const keys::Row &row)
{
    m_entry.reset(); // nothing of what is set below is an edit
    m_reveal->setChecked(false);
    m_title->setWhole(row.kid.isEmpty() ? tr("(no kid)") : text::inert(row.kid));
    const QString kind = text::kindOfKey(row);
    m_kind->show(kind, Tone::Neutral);
    m_half->show(halfName(row), row.isPrivate || row.isSecret ? Tone::Accent : Tone::Neutral);
    showWarnings(row);
    m_error->hide();
    setStyleProperty(m_kid, "invalid", QStringLiteral("no"));
    m_kid->setText(QString::fromUtf8(row.kid));
    m_alg->clear();
    if (entry.key()) {
        for (const jose::Algorithm algorithm : jose::allAlgorithms()) {
            if (keys::fits(*entry.key(), jose::name(algorithm)))
                m_alg->addItem(QString::fromLatin1(jose::name(algorithm)));
        }
    }
    m_alg->setEditText(QString::fromUtf8(row.alg));
    m_use->clear();
    m_use->addItems({QStringLiteral("sig"), QStringLiteral("enc")});
    m_use->setEditText(QString::fromUtf8(row.use));
    m_thumbprint->setText(row.thumbprint.isEmpty() ? tr("none: the gateway refuses the key") : QString::fromLatin1(row.thumbprint));
    m_thumbprint->setToolTip(m_thumbprint->text());
    const bool editable = entry.key().has_value() || entry.refusal().has_value();
    for (QWidget *field : std::initializer_list<QWidget *>{m_kid, m_alg, m_use})
        field->setEnabled(editable);
    m_reveal->setVisible(entry.hasPrivateMembers());
    m_copyPrivate->setVisible(entry.hasPrivateMembers());
    m_copyPublic->setVisible(!row.isSecret);
    m_copyPublic->setEnabled(entry.publicJson().has_value());
    m_entry = entry;
    showMembers();
    m_none->hide();
    m_body->show();
}

void KeyDetails::showNone(const QString &words)
{
    m_entry.reset();
    m_members->clear();
    m_none->setText(words);
    m_body->hide();
    m_none->show();
}

void KeyDetails::showLabelError(const QString &words)
{
    m_error->setText(words);
    m_error->setVisible(!words.isEmpty());
    setStyleProperty(m_kid, "invalid", words.isEmpty() ? QStringLiteral("no") : QStringLiteral("yes"));
}

void KeyDetails::edited()
{
    if (!m_entry)
        return;
    jose::KeyLabels labels = m_entry->labels();
    labels.kid = m_kid->text().toUtf8();
    labels.alg = m_alg->currentText().trimmed().toUtf8();
    labels.use = m_use->currentText().trimmed().toUtf8();
    const jose::KeyLabels &now = m_entry->labels();
    if (labels.kid != now.kid || labels.alg != now.alg || labels.use != now.use)
        emit labelsEdited(labels);
    else
        showLabelError({});
}

void KeyDetails::showMembers()
{
    if (!m_entry)
        return;
    QByteArray text = membersText(*m_entry, m_reveal->isChecked());
    m_members->setPlainText(text::inert(text).isEmpty() ? tr("Not shown: it may hold a private key, and is no JWK.")
                                                        : QString::fromUtf8(text));
    crypto::wipe(text);
}

void KeyDetails::showWarnings(const keys::Row &row)
{
    while (QLayoutItem *item = m_warnings->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int index = 0;
    for (const keys::Finding &finding : row.findings) {
        const auto [shape, tone] = lookOf(finding.warning);
        auto *line = new QWidget(m_body);
        line->setObjectName(QStringLiteral("keyWarning%1").arg(index++));
        auto *cells = new QHBoxLayout(line);
        cells->setContentsMargins(0, 0, 0, 0);
        cells->setSpacing(7);
        auto *mark = new QLabel(line);
        mark->setPixmap(shapeIcon(shape, toneColor(tone)).pixmap(13, 13));
        cells->addWidget(mark, 0, Qt::AlignTop);
        cells->addWidget(plainLabel(sentenceOf(finding), tone == Tone::Bad ? "bad" : tone == Tone::Warning ? "warning" : "muted", line), 1);
        m_warnings->addWidget(line);
    }
}

void KeyDetails::hideEvent(QHideEvent *event)
{
    m_reveal->setChecked(false);
    QWidget::hideEvent(event);
}

} // namespace tokenlab::ui
