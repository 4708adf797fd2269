#include "ui/response/responsepanel.h"

#include "core/text/text.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/jsoneditor.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

namespace {

constexpr qsizetype shownText = 40; // of a long text: a token's member fits a line of the narrowest window

QString reason(int status)
{
    switch (status) {
    case 200:
        return QStringLiteral("OK");
    case 201:
        return QStringLiteral("Created");
    case 301:
        return QStringLiteral("Moved Permanently");
    case 307:
        return QStringLiteral("Temporary Redirect");
    case 400:
        return QStringLiteral("Bad Request");
    case 401:
        return QStringLiteral("Unauthorized");
    case 403:
        return QStringLiteral("Forbidden");
    case 404:
        return QStringLiteral("Not Found");
    case 405:
        return QStringLiteral("Method Not Allowed");
    case 500:
        return QStringLiteral("Internal Server Error");
    case 502:
        return QStringLiteral("Bad Gateway");
    case 503:
        return QStringLiteral("Service Unavailable");
    default:
        return {};
    }
}

// Green is for what was signed alone: claims that go out in clear are no success, whatever the status says.
Tone toneOf(const twin::Outcome &outcome)
{
    switch (outcome.verdict) {
    case twin::Verdict::Signed:
        return Tone::Good;
    case twin::Verdict::PartlySigned:
        return Tone::Warning;
    case twin::Verdict::Unsigned:
        return outcome.signs ? Tone::Bad : Tone::Neutral;
    case twin::Verdict::Incomplete:
        return Tone::Neutral;
    case twin::Verdict::Refused:
    case twin::Verdict::DoesNotStart:
        break;
    }
    return Tone::Bad;
}

// Why there is nothing to show.
QString silence(const twin::Outcome &outcome)
{
    if (outcome.verdict == twin::Verdict::Incomplete || outcome.verdict == twin::Verdict::Refused)
        return text::verdict(outcome) + QLatin1Char('.');
    return outcome.hangs ? ResponsePanel::tr("The gateway would wait for ever; nothing answers.")
                         : ResponsePanel::tr("The gateway does not start; nothing answers.");
}

} // namespace

ResponsePanel::ResponsePanel(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_header(new CardHeader(tr("Gateway response"))),
      m_status(new Pill),
      m_headersButton(
          flatButton(tr("Headers"), tr("Show the response's status line and headers"), QStringLiteral("responseHeadersButton"))),
      m_pretty(flatButton(tr("Pretty"), tr("Lay the body out for reading; long texts are shortened"), QStringLiteral("responsePretty"))),
      m_copy(flatButton({}, tr("Copy the body as the gateway would send it"), QStringLiteral("copyResponse"))),
      m_head(plainLabel({}, "muted")),
      m_note(plainLabel({}, "muted")),
      m_body(new JsonEditor(tr("Body of the gateway's response"), QStringLiteral("responseBody"), JsonEditor::Undo::Own))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 2, 0, 2);
    column->setSpacing(4);
    m_status->setObjectName(QStringLiteral("responseStatus"));
    m_header->addAction(m_status);
    m_headersButton->setCheckable(true);
    m_header->addAction(m_headersButton);
    m_pretty->setCheckable(true);
    m_pretty->setChecked(true);
    m_header->addAction(m_pretty);
    m_copy->setText(tr("Copy"));
    m_header->addAction(m_copy);
    m_head->setFont(monoFont());
    m_head->setContentsMargins(13, 0, 13, 2);
    m_head->setObjectName(QStringLiteral("responseHead"));
    m_head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_head->hide();
    column->addWidget(m_head);
    m_note->setContentsMargins(13, 0, 13, 0);
    m_note->setObjectName(QStringLiteral("responseNote"));
    column->addWidget(m_note);
    m_body->setReadOnly(true);
    m_body->setWrap(true);
    column->addWidget(m_body, 1);
    connect(m_headersButton, &QToolButton::toggled, this, [this](bool on) { m_head->setVisible(on && !m_head->text().isEmpty()); });
    connect(m_pretty, &QToolButton::toggled, this, &ResponsePanel::showBody);
    connect(m_copy, &QToolButton::clicked, this, [this] {
        if (const twin::Outcome *outcome = m_session->outcome())
            QGuiApplication::clipboard()->setText(QString::fromUtf8(outcome->response.body));
    });
    showState();
}

void ResponsePanel::showState()
{
    const twin::Outcome *outcome = m_session->outcome();
    const bool answers = outcome && outcome->response.status > 0;
    QString note;
    if (std::holds_alternative<Running>(m_session->state()))
        note = tr("Waiting for the backend…");
    else if (!outcome)
        note = tr("What the client would get appears here.");
    else if (!answers)
        note = silence(*outcome);
    else if (outcome->response.body.isEmpty())
        note = tr("Empty body.");
    if (answers) {
        const int status = outcome->response.status;
        const QString line = tr("%1 %2").arg(status).arg(reason(status)).trimmed();
        const bool outdated = m_session->configError().has_value();
        m_status->show(line, outdated ? Tone::Neutral : toneOf(*outcome));
        if (outdated)
            note = tr("From before the file's text broke.");
        QStringList lines{QStringLiteral("HTTP/1.1 ") + line};
        for (const http::Header &header : outcome->response.headers)
            lines << text::inert(header.name) + QLatin1String(": ") + text::inert(header.value);
        m_head->setText(lines.join(QLatin1Char('\n')));
        if (outcome->brokenOff)
            note = tr("The client would see the connection break off: the announced length does not fit the body.");
    } else {
        m_status->show({}, Tone::Neutral);
        m_head->clear();
    }
    m_head->setVisible(m_headersButton->isChecked() && answers);
    m_copy->setEnabled(answers && !outcome->response.body.isEmpty());
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    showBody();
}

void ResponsePanel::showBody()
{
    const twin::Outcome *outcome = m_session->outcome();
    if (!outcome) {
        m_body->setText({});
        return;
    }
    const QByteArray &body = outcome->response.body;
    if (m_pretty->isChecked())
        m_body->showPretty(body, shownText);
    else
        m_body->setText(body);
}

} // namespace tokenlab::ui
