#include "ui/endpoint/backendform.h"

#include "core/gateway/edit.h"
#include "core/json/value.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/chips.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <tuple>

namespace tokenlab::ui {

BackendForm::BackendForm(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_form(new QWidget),
      m_none(plainLabel(tr("No endpoint to show. The file has to be in order first."), "muted", this)),
      m_readOnly(plainLabel(tr("Read-only: the file's text is broken. Last good state."), "warning", m_form)),
      m_backend(new QComboBox),
      m_method(new QComboBox),
      m_encoding(new QComboBox),
      m_urlPattern(new QLineEdit),
      m_host(new QLineEdit),
      m_errorDetails(new QLineEdit),
      m_headers(new Chips(tr("header to forward"), tr("add a header"))),
      m_queries(new Chips(tr("query string to forward"), tr("add a name")))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_none->setContentsMargins(13, 12, 13, 12);
    m_none->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    outer->addWidget(m_none);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("backendScroll"));
    scroll->setAccessibleName(tr("Backend form"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_form->setProperty("surface", QStringLiteral("clear"));
    scroll->setWidget(m_form);
    outer->addWidget(scroll, 1);

    auto *form = new QVBoxLayout(m_form);
    form->setContentsMargins(13, 8, 13, 8);
    form->setSpacing(3);
    m_readOnly->setObjectName(QStringLiteral("backendReadOnly"));
    m_readOnly->hide();
    form->addWidget(m_readOnly);
    // The labels stand above their fields: the member names are too long for a column of their own.
    const auto addTo = [](QBoxLayout *to, const QString &words, const QString &member, QWidget *field, const QString &objectName) {
        field->setObjectName(objectName);
        if (!qobject_cast<Chips *>(field))
            field->setAccessibleName(words);
        QWidget *label = memberCaption(words, member, qobject_cast<Chips *>(field) ? static_cast<Chips *>(field)->field() : field);
        to->addWidget(label);
        to->addWidget(field);
        to->addSpacing(4);
        return label;
    };
    const auto add = [form, addTo](const QString &words, const QString &member, QWidget *field, const QString &objectName) {
        return addTo(form, words, member, field, objectName);
    };
    m_backendLabel = add(tr("Backend"), {}, m_backend, QStringLiteral("backendChoice"));
    add(tr("URL pattern"), QStringLiteral("url_pattern"), m_urlPattern, QStringLiteral("urlPatternEdit"));
    QWidget *hostLabel = add(tr("Hosts"), QStringLiteral("host"), m_host, QStringLiteral("hostEdit"));
    m_connection = flatButton(tr("Connection…"), tr("Look at the connection to the first host: its certificates and steps"),
                              QStringLiteral("backendConnection"));
    m_connection->setProperty("kind", QStringLiteral("link"));
    m_connection->setFont(smallFont());
    hostLabel->layout()->addWidget(m_connection);
    connect(m_connection, &QToolButton::clicked, this, [this] {
        if (const QByteArray host = firstHost(); !host.isEmpty())
            emit connectionAsked(host);
    });
    auto *pair = new QHBoxLayout;
    pair->setSpacing(10);
    for (const auto &[words, member, box, objectName] :
         {std::tuple{tr("Method"), QStringLiteral("method"), m_method, QStringLiteral("backendMethodBox")},
          std::tuple{tr("Encoding"), QStringLiteral("encoding"), m_encoding, QStringLiteral("encodingBox")}}) {
        auto *half = new QVBoxLayout;
        half->setSpacing(3);
        box->setMinimumWidth(60);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        addTo(half, words, member, box, objectName);
        pair->addLayout(half, 1);
    }
    form->addLayout(pair);
    add(tr("Error details"), QStringLiteral("return_error_details"), m_errorDetails, QStringLiteral("errorDetailsEdit"));
    add(tr("Headers"), QStringLiteral("input_headers"), m_headers, QStringLiteral("inputHeaders"));
    add(tr("Queries"), QStringLiteral("input_query_strings"), m_queries, QStringLiteral("inputQueries"));
    form->addStretch(1);
    m_method->addItem(tr("the endpoint's"), QString());
    for (const char *method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
        m_method->addItem(QString::fromLatin1(method), QString::fromLatin1(method));
    m_encoding->addItem(tr("json (default)"), QString());
    for (const char *encoding : {"json", "safejson", "string", "no-op", "xml", "rss"})
        m_encoding->addItem(QString::fromLatin1(encoding), QString::fromLatin1(encoding));
    m_errorDetails->setPlaceholderText(tr("a name: hand errors on"));
    m_errorDetails->setToolTip(tr("return_error_details: a refused login reaches the client with its reason"));
    m_host->setPlaceholderText(tr("the service's"));
    for (QLineEdit *edit : {m_urlPattern, m_host, m_errorDetails}) {
        edit->setFont(monoFont());
        edit->installEventFilter(this);
    }
    for (const Chips *field : {m_headers, m_queries})
        field->field()->installEventFilter(this);

    connect(m_backend, &QComboBox::activated, this, [this] { showConfig(); });
    connect(m_urlPattern, &QLineEdit::textEdited, this,
            [this](const QString &text) { setText(backendPointer(), "url_pattern", text, false); });
    connect(m_host, &QLineEdit::textEdited, this, [this](const QString &text) {
        if (m_quiet || !m_session->tree())
            return;
        QStringList hosts;
        for (const QString &host : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
            hosts << host.trimmed();
        m_session->edit(hosts.isEmpty()
                            ? gateway::edit::removeMember(*m_session->tree(), backendPointer(), "host")
                            : gateway::edit::setMember(*m_session->tree(), backendPointer(), "host", gateway::edit::stringList(hosts)),
                        tr("Change host"), QStringLiteral("backend/host"));
    });
    connect(m_method, &QComboBox::activated, this,
            [this] { setText(backendPointer(), "method", m_method->currentData().toString(), true); });
    connect(m_encoding, &QComboBox::activated, this,
            [this] { setText(backendPointer(), "encoding", m_encoding->currentData().toString(), true); });
    connect(m_errorDetails, &QLineEdit::textEdited, this, [this](const QString &text) {
        if (m_quiet || !m_session->tree())
            return;
        const json::SyntaxTree &tree = *m_session->tree();
        const QByteArray extra = backendPointer() + "/extra_config", http = extra + "/backend~1http";
        const QString label = tr("Change return_error_details");
        const QString key = QStringLiteral("backend/return_error_details");
        if (tree.find(http) >= 0)
            setText(http, "return_error_details", text, true);
        else if (tree.find(extra) >= 0)
            m_session->edit(
                gateway::edit::setMember(tree, extra, "backend/http", "{\"return_error_details\": " + gateway::edit::quoted(text) + "}"),
                label, key);
        else
            m_session->edit(gateway::edit::setMember(tree, backendPointer(), "extra_config",
                                                     "{\"backend/http\": {\"return_error_details\": " + gateway::edit::quoted(text) + "}}"),
                            label, key);
    });
    const auto chips = [this](Chips *field, const char *member) {
        connect(field, &Chips::added, this, [this, member](const QString &name) {
            if (m_session->tree() && m_session->endpoint())
                m_session->edit(gateway::edit::appendText(*m_session->tree(), m_session->endpoint()->pointer, member, name),
                                tr("Forward %1").arg(name));
        });
        connect(field, &Chips::removed, this, [this, member](int index) {
            if (m_session->tree() && m_session->endpoint())
                m_session->edit(gateway::edit::removeElement(*m_session->tree(), m_session->endpoint()->pointer, member, index),
                                tr("Forward less"));
        });
    };
    chips(m_headers, "input_headers");
    chips(m_queries, "input_query_strings");
    m_headers->setSuggestions({QStringLiteral("*"), QStringLiteral("Authorization"), QStringLiteral("Content-Type"),
                               QStringLiteral("Cookie"), QStringLiteral("User-Agent"), QStringLiteral("X-Request-Id")});
    showConfig();
}

bool BackendForm::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        auto *key = static_cast<QKeyEvent *>(event);
        const bool typing =
            (watched == m_headers->field() || watched == m_queries->field()) && !static_cast<QLineEdit *>(watched)->text().isEmpty();
        if (!typing && (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo))) {
            event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

QByteArray BackendForm::firstHost() const
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    const auto index = std::size_t(qMax(0, m_backend->currentIndex()));
    const bool any = endpoint && index < endpoint->backends.size() && !endpoint->backends[index].hosts.empty();
    return any ? endpoint->backends[index].hosts.front() : QByteArray();
}

QByteArray BackendForm::backendPointer() const
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    const auto index = std::size_t(qMax(0, m_backend->currentIndex()));
    return endpoint && index < endpoint->backends.size() ? endpoint->backends[index].pointer : QByteArray();
}

void BackendForm::setText(const QByteArray &object, const char *member, const QString &value, bool removeWhenEmpty)
{
    if (m_quiet || !m_session->tree())
        return;
    const QString name = QString::fromLatin1(member);
    m_session->edit(value.isEmpty() && removeWhenEmpty
                        ? gateway::edit::removeMember(*m_session->tree(), object, member)
                        : gateway::edit::setMember(*m_session->tree(), object, member, gateway::edit::quoted(value)),
                    tr("Change %1").arg(name), QStringLiteral("backend/") + name);
}

QStringList BackendForm::listAt(const QByteArray &object, QByteArrayView member) const
{
    const json::SyntaxTree &tree = *m_session->tree();
    const int index = gateway::edit::member(tree, tree.find(object), member);
    if (index < 0)
        return {};
    const json::Range range = tree.node(index).range;
    QStringList texts;
    if (auto parsed = json::parse(tree.source().mid(range.begin, range.length()))) {
        const json::Value root = parsed.value().root();
        if (root.isString())
            texts << QString::fromUtf8(root.bytes());
        for (const json::Value &element : root.elements())
            texts << QString::fromUtf8(element.bytes());
    }
    return texts;
}

QString BackendForm::textAt(const QByteArray &object, QByteArrayView member) const
{
    return listAt(object, member).value(0);
}

void BackendForm::showConfig()
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    m_none->setVisible(!endpoint);
    m_form->setVisible(endpoint);
    if (!endpoint)
        return;
    const bool editable = m_session->isEditable();
    m_readOnly->setVisible(!editable);
    m_quiet = true;
    const int count = int(endpoint->backends.size());
    if (m_backend->count() != count) {
        m_backend->clear();
        for (int i = 0; i < count; ++i)
            m_backend->addItem(tr("%1 of %2").arg(i + 1).arg(count));
    }
    m_backend->setVisible(count > 1);
    m_backendLabel->setVisible(count > 1);
    if (editable) {
        const QByteArray backend = backendPointer();
        const auto show = [](QLineEdit *edit, const QString &text) {
            if (!edit->hasFocus() && edit->text() != text) {
                edit->setText(text);
                edit->setCursorPosition(0);
            }
        };
        show(m_urlPattern, textAt(backend, "url_pattern"));
        show(m_host, listAt(backend, "host").join(QStringLiteral(", ")));
        show(m_errorDetails, textAt(backend + "/extra_config/backend~1http", "return_error_details"));
        const auto choose = [](QComboBox *box, const QString &value) {
            int at = box->findData(value);
            if (at < 0 && !value.isEmpty()) {
                box->addItem(value, value);
                at = box->count() - 1;
            }
            box->setCurrentIndex(qMax(0, at));
        };
        choose(m_method, textAt(backend, "method"));
        choose(m_encoding, textAt(backend, "encoding"));
        m_headers->setNames(listAt(endpoint->pointer, "input_headers"));
        m_queries->setNames(listAt(endpoint->pointer, "input_query_strings"));
    }
    for (QLineEdit *field : {m_urlPattern, m_host, m_errorDetails})
        field->setReadOnly(!editable);
    m_connection->setVisible(!firstHost().isEmpty());
    m_method->setEnabled(editable);
    m_encoding->setEnabled(editable);
    m_headers->setReadOnly(!editable);
    m_queries->setReadOnly(!editable);
    m_quiet = false;
}

} // namespace tokenlab::ui
