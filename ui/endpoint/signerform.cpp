#include "ui/endpoint/signerform.h"

#include "core/gateway/edit.h"
#include "core/json/unmarshal.h"
#include "core/json/writer.h"
#include "core/text/text.h"
#include "ui/endpoint/algorithmbox.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/chips.h"
#include "ui/widgets/longedit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

namespace {

enum SourceKind { UrlSource, FileSource };

QString keyKind(const jose::Key &key)
{
    switch (key.type()) {
    case jose::KeyType::Oct:
        return SignerForm::tr("oct %1 bit").arg(key.bits());
    case jose::KeyType::Rsa:
        return SignerForm::tr("RSA %1 bit").arg(key.bits());
    case jose::KeyType::Ec:
        return SignerForm::tr("EC %1").arg(QString::fromUtf8(key.curve()));
    case jose::KeyType::Ed25519:
        return QStringLiteral("Ed25519");
    }
    return {};
}

// The signer's members as they stand in the file, whatever their types.
struct Members {
    json::Document document;
    [[nodiscard]] json::Value find(std::string_view name) const
    {
        if (const json::Value exact = document.root().find(name); exact.exists())
            return exact;
        json::Value folded;
        for (const json::Member &member : document.root().members()) {
            if (json::equalFold(member.name, name))
                folded = member.value;
        }
        return folded;
    }
    [[nodiscard]] QString text(std::string_view name) const
    {
        const json::Value value = find(name);
        return value.isString()                    ? QString::fromUtf8(value.bytes())
               : value.exists() && !value.isNull() ? QString::fromUtf8(json::write(value))
                                                   : QString();
    }
    [[nodiscard]] QStringList list(std::string_view name) const
    {
        QStringList texts;
        for (const json::Value &element : find(name).elements())
            texts << QString::fromUtf8(element.isString() ? element.bytes() : json::write(element));
        return texts;
    }
};

// An editor's text is left alone where it already says the same, so that the caret stays.
void fill(QLineEdit *edit, const QString &text)
{
    if (edit->text() != text) {
        edit->setText(text);
        if (!edit->hasFocus())
            edit->setCursorPosition(0);
    }
}

QLineEdit *lineEdit(const QString &objectName, const QString &accessibleName, QLineEdit *edit = new QLineEdit)
{
    edit->setObjectName(objectName);
    edit->setAccessibleName(accessibleName);
    edit->setFont(monoFont());
    edit->setMinimumWidth(60);
    return edit;
}

} // namespace

SignerForm::SignerForm(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_stack(new QStackedWidget(this)),
      m_noSigner(plainLabel({}, "muted")),
      m_typeError(plainLabel({}, "bad")),
      m_readOnly(plainLabel(tr("Read-only: the file's text is broken. Last good state."), "warning")),
      m_securityShape(new QLabel),
      m_addSigner(flatButton(tr("Add a signer"), tr("Add auth/signer to this endpoint"), QStringLiteral("addSigner")))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("signerScroll"));
    scroll->setAccessibleName(tr("Signer form"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *page = new QWidget;
    page->setProperty("surface", QStringLiteral("clear"));
    buildForm(page);
    scroll->setWidget(page);
    m_stack->addWidget(scroll);
    auto *none = new QWidget;
    auto *column = new QVBoxLayout(none);
    column->setContentsMargins(13, 12, 13, 12);
    column->addWidget(m_noSigner);
    m_addSigner->setProperty("kind", QStringLiteral("link"));
    column->addWidget(m_addSigner, 0, Qt::AlignLeft);
    column->addStretch(1);
    m_stack->addWidget(none);
    connect(m_addSigner, &QToolButton::clicked, this, [this] {
        if (m_session->tree() && m_session->endpoint())
            m_session->edit(gateway::edit::addSigner(*m_session->tree(), m_session->endpoint()->pointer), tr("Add signer"));
    });
}

void SignerForm::buildForm(QWidget *page)
{
    m_algorithm = new AlgorithmBox;
    m_algorithm->setObjectName(QStringLiteral("algorithmBox"));
    m_algorithm->setAccessibleName(tr("Algorithm"));
    m_algorithmNote = plainLabel({}, "bad");
    m_kid = new QComboBox;
    m_kid->setEditable(true);
    m_kid->setInsertPolicy(QComboBox::NoInsert);
    m_kid->setObjectName(QStringLiteral("kidBox"));
    m_kid->setAccessibleName(tr("Key ID"));
    m_kid->lineEdit()->setAccessibleName(tr("Key ID"));
    m_kid->lineEdit()->setFont(monoFont());
    m_sourceKind = new QComboBox;
    m_sourceKind->addItems({tr("Key URL"), tr("Key file")});
    m_sourceKind->setObjectName(QStringLiteral("sourceKindBox"));
    m_sourceKind->setAccessibleName(tr("Kind of key source"));
    m_sourceEdit = lineEdit(QStringLiteral("keySourceEdit"), tr("Key set"), new LongEdit);
    m_keyLine = plainLabel({}, "muted");
    m_keyLine->setFont(smallFont());
    m_keyLine->setObjectName(QStringLiteral("keyLine"));
    m_restart = flatButton(tr("Restart"), tr("Load the keys again, as the gateway does when it starts"), QStringLiteral("restartButton"));
    m_restart->setProperty("kind", QStringLiteral("link"));
    m_restart->setFont(smallFont());
    m_names = new Chips(tr("name to sign"), tr("add a name"));
    m_names->field()->setObjectName(QStringLiteral("keysToSignEdit"));
    m_full = new QCheckBox(tr("JSON serialization"));
    m_full->setObjectName(QStringLiteral("fullBox"));
    m_full->setAccessibleName(tr("JSON serialization, member full"));
    m_typ = lineEdit(QStringLiteral("typEdit"), tr("Type"));
    m_typ->setPlaceholderText(QStringLiteral("JWT"));
    m_insecure = new QCheckBox(tr("Disable JWK security"));
    m_insecure->setObjectName(QStringLiteral("insecureBox"));
    m_insecure->setAccessibleName(tr("Disable JWK security"));
    m_securityNote = plainLabel({}, "warning");
    m_securityNote->setFont(smallFont());
    m_ca = lineEdit(QStringLiteral("caEdit"), tr("CA file"));
    m_ca->setPlaceholderText(tr("system's roots"));
    m_pins = lineEdit(QStringLiteral("pinsEdit"), tr("Pins, separated by commas"));
    m_pins->setPlaceholderText(tr("none"));
    m_suites = lineEdit(QStringLiteral("suitesEdit"), tr("Cipher suites, numbers separated by commas"));
    m_suites->setPlaceholderText(tr("default (9)"));
    m_securityFold = new QToolButton;
    m_securityFold->setObjectName(QStringLiteral("securityFold"));
    m_securityFold->setProperty("kind", QStringLiteral("fold"));
    m_securityFold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_securityFold->setCheckable(true);
    m_securityFold->setFocusPolicy(Qt::StrongFocus);
    m_security = new QWidget;

    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(13, 6, 13, 6);
    column->setSpacing(6);
    m_readOnly->setObjectName(QStringLiteral("signerReadOnly"));
    m_readOnly->hide();
    column->addWidget(m_readOnly);
    m_typeError->setObjectName(QStringLiteral("signerTypeError"));
    m_typeError->hide();
    column->addWidget(m_typeError);
    auto *form = new QVBoxLayout;
    form->setSpacing(5);
    const auto add = [](QVBoxLayout *to, const QString &words, const QString &member, QWidget *field, QWidget *buddy = nullptr) {
        addFormRow(to, memberLabel(words, member, buddy ? buddy : field), field);
    };
    auto *algorithmField = new QWidget;
    auto *algorithmColumn = new QVBoxLayout(algorithmField);
    algorithmColumn->setContentsMargins(0, 0, 0, 0);
    algorithmColumn->setSpacing(3);
    algorithmColumn->addWidget(m_algorithm);
    m_algorithmNote->setFont(smallFont());
    m_algorithmNote->setObjectName(QStringLiteral("algorithmNote"));
    algorithmColumn->addWidget(m_algorithmNote);
    add(form, tr("Algorithm"), QStringLiteral("alg"), algorithmField, m_algorithm);
    add(form, tr("Key ID"), QStringLiteral("kid"), m_kid);
    auto *source = new QWidget;
    auto *sourceColumn = new QVBoxLayout(source);
    sourceColumn->setContentsMargins(0, 0, 0, 0);
    sourceColumn->setSpacing(3);
    // The label of the key source is the choice between its two kinds; the source has the whole width below: URLs and paths are long.
    auto *sourceLabel = new QHBoxLayout;
    sourceLabel->setSpacing(10);
    m_sourceKind->setFixedWidth(102);
    sourceLabel->addWidget(m_sourceKind);
    m_sourceLabel = new QLabel;
    m_sourceLabel->setObjectName(QStringLiteral("keySourceMember"));
    m_sourceLabel->setTextFormat(Qt::PlainText);
    m_sourceLabel->setFont(smallMonoFont());
    m_sourceLabel->setProperty("role", QStringLiteral("muted"));
    sourceLabel->addWidget(m_sourceLabel, 1);
    sourceLabel->addWidget(m_restart);
    sourceColumn->addLayout(sourceLabel);
    sourceColumn->addWidget(m_sourceEdit);
    sourceColumn->addWidget(m_keyLine);
    form->addWidget(source);
    add(form, tr("Sign"), QStringLiteral("keys_to_sign"), m_names, m_names->field());
    add(form, tr("Form"), QStringLiteral("full"), m_full);
    add(form, tr("Type"), QStringLiteral("typ"), m_typ);
    column->addLayout(form);

    auto *foldRow = new QHBoxLayout;
    foldRow->setSpacing(4);
    foldRow->addWidget(m_securityFold);
    m_securityShape->setFixedSize(14, 14);
    foldRow->addWidget(m_securityShape);
    foldRow->addStretch(1);
    m_connection = flatButton(tr("Connection…"), tr("Look at the connection to the key host: its certificates, pins and steps"),
                              QStringLiteral("signerConnection"));
    m_connection->setProperty("kind", QStringLiteral("link"));
    m_connection->setFont(smallFont());
    foldRow->addWidget(m_connection);
    column->addLayout(foldRow);
    auto *security = new QVBoxLayout(m_security);
    security->setContentsMargins(0, 0, 0, 0);
    security->setSpacing(6);
    auto *insecure = new QWidget;
    auto *insecureColumn = new QVBoxLayout(insecure);
    insecureColumn->setContentsMargins(0, 3, 0, 0);
    insecureColumn->setSpacing(3);
    insecureColumn->addWidget(m_insecure);
    auto *insecureMember = plainLabel(QStringLiteral("disable_jwk_security"), "muted");
    insecureMember->setFont(smallMonoFont());
    insecureMember->setContentsMargins(24, 0, 0, 0);
    insecureColumn->addWidget(insecureMember);
    security->addWidget(insecure);
    security->addWidget(m_securityNote);
    add(security, tr("CA file"), QStringLiteral("jwk_local_ca"), m_ca);
    add(security, tr("Pins"), QStringLiteral("jwk_fingerprints"), m_pins);
    add(security, tr("Ciphers"), QStringLiteral("cipher_suites"), m_suites);
    column->addWidget(m_security);
    m_security->hide();
    column->addStretch(1);

    connect(m_algorithm, &QComboBox::activated, this,
            [this](int index) { setText("alg", m_algorithm->itemData(index).toString(), false); });
    connect(m_kid, &QComboBox::activated, this, [this](int index) { setText("kid", m_kid->itemData(index).toString(), false); });
    connect(m_kid->lineEdit(), &QLineEdit::textEdited, this, [this](const QString &text) { setText("kid", text, false); });
    connect(m_sourceEdit, &QLineEdit::textEdited, this, [this](const QString &text) {
        setText(m_sourceKind->currentIndex() == FileSource ? "jwk_local_path" : "jwk_url", text,
                m_sourceKind->currentIndex() == FileSource);
    });
    connect(m_sourceKind, &QComboBox::activated, this, [this] {
        updateSource();
        m_sourceEdit->setFocus();
    });
    connect(m_connection, &QToolButton::clicked, this, &SignerForm::connectionAsked);
    connect(m_restart, &QToolButton::clicked, m_session, &LabSession::restartGateway);
    connect(m_names, &Chips::added, this, [this](const QString &name) {
        if (m_session->tree())
            m_session->edit(gateway::edit::appendText(*m_session->tree(), pointer(), "keys_to_sign", name), tr("Sign %1").arg(name));
    });
    connect(m_names, &Chips::removed, this, [this](int index) {
        if (m_session->tree())
            m_session->edit(gateway::edit::removeElement(*m_session->tree(), pointer(), "keys_to_sign", index),
                            tr("Remove a name to sign"));
    });
    connect(m_full, &QCheckBox::clicked, this, [this](bool on) { setJson("full", on ? "true" : "false"); });
    connect(m_typ, &QLineEdit::textEdited, this, [this](const QString &text) { setText("typ", text, true); });
    connect(m_insecure, &QCheckBox::clicked, this, [this](bool on) { setJson("disable_jwk_security", on ? "true" : "false"); });
    connect(m_ca, &QLineEdit::textEdited, this, [this](const QString &text) { setText("jwk_local_ca", text, true); });
    connect(m_pins, &QLineEdit::textEdited, this, [this](const QString &text) {
        QStringList pins;
        for (const QString &pin : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
            pins << pin.trimmed();
        setJson("jwk_fingerprints", pins.isEmpty() ? QByteArray() : gateway::edit::stringList(pins));
    });
    connect(m_suites, &QLineEdit::textEdited, this, [this](const QString &text) {
        QByteArrayList suites;
        bool valid = true;
        for (const QString &suite : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            bool ok = false;
            suites << QByteArray::number(suite.trimmed().toUShort(&ok));
            valid = valid && ok;
        }
        setStyleProperty(m_suites, "invalid", valid ? QStringLiteral("no") : QStringLiteral("yes"));
        if (valid)
            setJson("cipher_suites", suites.isEmpty() ? QByteArray() : '[' + suites.join(", ") + ']');
    });
    connect(m_securityFold, &QToolButton::toggled, this, [this](bool open) {
        m_security->setVisible(open);
        if (open) // once it is laid out
            QTimer::singleShot(0, this, [this] {
                if (auto *scroll = findChild<QScrollArea *>(QStringLiteral("signerScroll")))
                    scroll->ensureWidgetVisible(m_security);
            });
        m_securityFold->setIcon(icon(open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), tokens().muted));
    });
    m_securityFold->setIcon(icon(QStringLiteral("chevron-right"), tokens().muted));
    // Undo in a field of the form is the document's.
    for (QLineEdit *field : {m_kid->lineEdit(), m_sourceEdit, m_typ, m_ca, m_pins, m_suites})
        field->installEventFilter(this);
    m_names->field()->installEventFilter(this);
    m_kid->installEventFilter(this); // it hands such keys to its field, past the field's filter
}

bool SignerForm::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        auto *key = static_cast<QKeyEvent *>(event);
        const bool typing = watched == m_names->field() && !m_names->field()->text().isEmpty();
        if (!typing && (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo))) {
            event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

QByteArray SignerForm::pointer() const
{
    return m_session->endpoint() ? m_session->endpoint()->signerPointer : QByteArray();
}

void SignerForm::setText(const char *member, const QString &value, bool removeWhenEmpty)
{
    setJson(member, value.isEmpty() && removeWhenEmpty ? QByteArray() : gateway::edit::quoted(value));
}

void SignerForm::setJson(const char *member, const QByteArray &json)
{
    if (m_quiet || !m_session->tree() || pointer().isEmpty())
        return;
    const QString name = QString::fromLatin1(member);
    m_session->edit(json.isEmpty() ? gateway::edit::removeMember(*m_session->tree(), pointer(), member)
                                   : gateway::edit::setMember(*m_session->tree(), pointer(), member, json),
                    tr("Change %1").arg(name), QStringLiteral("signer/") + name);
}

void SignerForm::showConfig()
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    m_addSigner->setVisible(endpoint && m_session->isEditable());
    m_noSigner->setText(endpoint ? tr("This endpoint has no signer: the gateway hands the backend's answer on as it is.")
                                 : tr("No endpoint to show. The file has to be in order first."));
    if (!endpoint || !endpoint->signer) {
        m_stack->setCurrentIndex(1);
        return;
    }
    m_stack->setCurrentIndex(0);
    const bool editable = m_session->isEditable();
    m_readOnly->setVisible(!editable);
    m_quiet = true;
    // While the text is broken the last good state stays on show, read-only.
    if (m_session->tree() && !m_session->configError()) {
        const int index = m_session->tree()->find(pointer());
        Members members;
        if (index >= 0) {
            const json::Range range = m_session->tree()->node(index).range;
            if (auto parsed = json::parse(m_session->tree()->source().mid(range.begin, range.length())))
                members.document = std::move(parsed).value();
        }
        m_algorithm->choose(members.text("alg"));
        fill(m_kid->lineEdit(), members.text("kid"));
        m_url = members.text("jwk_url").toUtf8();
        m_file = members.text("jwk_local_path").toUtf8();
        if (!m_sourceEdit->hasFocus())
            m_sourceKind->setCurrentIndex(m_file.isEmpty() ? UrlSource : FileSource);
        updateSource();
        m_names->setNames(members.list("keys_to_sign"));
        m_full->setChecked(members.find("full").asBool());
        fill(m_typ, members.text("typ"));
        const bool insecure = members.find("disable_jwk_security").asBool();
        m_insecure->setChecked(insecure);
        fill(m_ca, members.text("jwk_local_ca"));
        const auto list = [this, &members](QLineEdit *edit, std::string_view name) {
            if (!edit->hasFocus())
                fill(edit, members.list(name).join(QStringLiteral(", ")));
        };
        list(m_pins, "jwk_fingerprints");
        list(m_suites, "cipher_suites");
        const bool plainHttp = m_url.startsWith("http://");
        m_securityNote->setText(insecure && m_file.isEmpty()
                                    ? (plainHttp ? tr("Keys travel unprotected: anyone on the path can read the signing secret.")
                                                 : tr("The key host's certificate is not checked: anyone on the path can pose as it."))
                                : insecure ? tr("Lets the gateway take the key from a file without an https URL.")
                                           : QString());
        m_securityNote->setVisible(insecure);
        QStringList set;
        if (insecure)
            set << tr("checks off");
        if (!m_ca->text().isEmpty())
            set << tr("own CA");
        if (!m_pins->text().isEmpty())
            set << tr("pinned");
        if (!m_suites->text().isEmpty())
            set << tr("own ciphers");
        const QString title = tr("Security: %1").arg(set.isEmpty() ? tr("gateway's defaults") : set.join(QStringLiteral(", ")));
        setStyleProperty(m_securityFold, "tone", insecure ? QStringLiteral("warning") : QString());
        m_securityShape->setPixmap(shapeIcon(Shape::Triangle, tokens().warning).pixmap(14, 14));
        m_securityShape->setVisible(insecure);
        m_connection->setVisible(m_file.isEmpty() && !m_url.isEmpty());
        m_securityFold->setToolTip(m_securityNote->text().toHtmlEscaped());
        m_securityFold->setText(title);
        m_securityFold->setAccessibleName(title);
        const auto *error = std::get_if<json::UnmarshalError>(&*endpoint->signer);
        m_typeError->setText(error ? tr("The gateway cannot read this signer: %1").arg(text::inert(json::gatewayText(*error))) : QString());
        m_typeError->setVisible(error != nullptr);
    }
    for (QWidget *field : std::initializer_list<QWidget *>{m_algorithm, m_kid, m_sourceKind, m_full, m_insecure})
        field->setEnabled(editable);
    for (QLineEdit *field : {m_sourceEdit, m_typ, m_ca, m_pins, m_suites})
        field->setReadOnly(!editable);
    m_names->setReadOnly(!editable);
    m_quiet = false;
    showSigner();
}

void SignerForm::updateSource()
{
    const bool file = m_sourceKind->currentIndex() == FileSource;
    m_sourceLabel->setText(file ? QStringLiteral("jwk_local_path") : QStringLiteral("jwk_url"));
    m_sourceEdit->setPlaceholderText(file ? tr("path of a key set") : QStringLiteral("https://…/jwk.json"));
    fill(m_sourceEdit, QString::fromUtf8(file ? m_file : m_url));
}

// Why the chosen algorithm is the trouble, if it is.
QString SignerForm::algorithmTrouble(const LoadedSigner &signer) const
{
    const QByteArray name = m_algorithm->currentData().toString().toUtf8();
    if (name.isEmpty())
        return tr("The gateway needs an algorithm.");
    const auto algorithm = jose::algorithmFromName(name);
    if (!algorithm)
        return tr("The gateway does not know this algorithm.");
    if (const jose::Key *key = signer.state.keys.find(m_kid->currentText().toUtf8()); key && key->type() != jose::keyTypeOf(*algorithm))
        return tr("Needs %1; the loaded key is %2.").arg(neededKey(*algorithm), keyKind(*key));
    const auto &error = signer.state.error;
    return error && !signer.loading && error->step == twin::StartStep::Algorithm
               ? tr("The loaded key cannot do it: %1").arg(text::inert(error->text))
               : QString();
}

void SignerForm::showSigner()
{
    const LoadedSigner &signer = m_session->signer();
    m_quiet = true;
    const QString kid = m_kid->currentText();
    m_kid->clear();
    for (const jose::Key &key : signer.state.keys.keys) {
        const QString id = QString::fromUtf8(key.kid());
        m_kid->addItem(id, id);
    }
    m_kid->setCurrentIndex(m_kid->findData(kid));
    m_kid->setEditText(kid);
    m_kid->lineEdit()->setCursorPosition(int(kid.size()));
    m_quiet = false;

    const auto &error = signer.state.error;
    const bool failed = error && !signer.loading;
    m_algorithmNote->setText(algorithmTrouble(signer));
    m_algorithmNote->setVisible(!m_algorithmNote->text().isEmpty());

    const std::vector<jose::Key> &keys = signer.state.keys.keys;
    QString line;
    if (signer.loading) {
        line = tr("Loading, as the gateway does when it starts…");
    } else if (signer.at.isValid()) {
        const QString time = QLocale().toString(signer.at.time(), QStringLiteral("HH:mm"));
        const jose::Key *key = signer.state.keys.find(kid.toUtf8());
        if (keys.empty())
            line = tr("No key loaded at gateway start %1").arg(time); // why not, the line under the stages says
        else if (keys.size() == 1)
            line = tr("1 key, %1, as loaded at gateway start %2").arg(keyKind(keys.front()), time);
        else
            line = tr("%n keys, this one %1, as loaded at gateway start %2", nullptr, int(keys.size()))
                       .arg(key ? keyKind(*key) : tr("not among them"), time);
    }
    m_keyLine->setText(line);
    // Red where the keys are what is wrong, not where they are as good as the algorithm lets them be.
    const bool ofKeys = failed && error->step != twin::StartStep::Algorithm && error->step != twin::StartStep::ConfigTypes;
    setStyleProperty(m_keyLine, "role", ofKeys ? QStringLiteral("bad") : QStringLiteral("muted"));
}

void SignerForm::showOutcome()
{
    const twin::Outcome *outcome = m_session->outcome();
    if (!outcome || outcome->payloadText.isEmpty())
        return;
    const auto suggest = [this](const std::vector<QByteArray> &members) {
        QStringList names;
        for (const QByteArray &member : members) {
            const QString name = QString::fromUtf8(member);
            if (!m_names->names().contains(name))
                names << name;
        }
        m_names->setSuggestions(names);
    };
    m_payloadNames.drop();
    if (outcome->payloadText.size() <= workedAtOnce)
        suggest(gateway::edit::memberNames(outcome->payloadText));
    else
        m_payloadNames.order([text = outcome->payloadText] { return gateway::edit::memberNames(text); }, suggest);
}

} // namespace tokenlab::ui
