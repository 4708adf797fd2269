#include "ui/request/requestpanel.h"

#include "core/gateway/edit.h"
#include "core/json/parse.h"
#include "core/text/text.h"
#include "ui/request/headersmodel.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/jsoneditor.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextDocumentLayout>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTabBar>
#include <QTextDocument>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace tokenlab::ui {

namespace {

QString sizeText(qsizetype bytes)
{
    if (bytes < 1000)
        return ReplyPanel::tr("%1 B").arg(bytes);
    if (bytes < 1000 * 1000)
        return ReplyPanel::tr("%1 kB").arg(double(bytes) / 1000, 0, 'f', 1);
    return ReplyPanel::tr("%1 MB").arg(double(bytes) / 1000 / 1000, 0, 'f', 1);
}

QByteArray endpointKey(const LabSession &session)
{
    const gateway::EndpointConfig *endpoint = session.endpoint();
    return endpoint ? endpoint->method + ' ' + endpoint->path : QByteArray();
}

Card *cardIn(QWidget *panel)
{
    auto *outer = new QVBoxLayout(panel);
    outer->setContentsMargins(0, 0, 0, 0);
    auto *card = new Card(panel);
    outer->addWidget(card);
    return card;
}

} // namespace

RequestPanel::RequestPanel(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_tabs(new QTabBar),
      m_pages(new QStackedWidget),
      m_body(new JsonEditor(tr("Request body"), QStringLiteral("requestBody"), JsonEditor::Undo::Own)),
      m_headers(new QPlainTextEdit),
      m_form(plainLabel({}, "muted"))
{
    Card *card = cardIn(this);
    m_tabs->addTab(tr("Request body"));
    m_tabs->addTab(tr("Headers"));
    m_tabs->setObjectName(QStringLiteral("requestTabs"));
    m_tabs->setAccessibleName(tr("Parts of the request"));
    auto *header = new CardHeader(m_tabs, card);
    m_form->setWordWrap(false);
    m_form->setFont(smallFont());
    header->addAction(m_form);
    card->column()->addWidget(header);
    m_pages->addWidget(m_body);
    m_headers->setObjectName(QStringLiteral("requestHeaders"));
    m_headers->setAccessibleName(tr("Request headers, one a line"));
    m_headers->setFont(monoFont());
    m_headers->setPlaceholderText(tr("Name: value, one a line"));
    m_headers->setTabChangesFocus(true);
    m_headers->setFrameShape(QFrame::NoFrame);
    m_headers->setStyleSheet(QStringLiteral("QPlainTextEdit { border: none; background: transparent; padding: 0 9px; }"));
    m_pages->addWidget(m_headers);
    auto *body = new QWidget(card);
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(0, 6, 0, 8);
    column->addWidget(m_pages);
    card->column()->addWidget(body, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    const auto store = [this] {
        if (m_quiet)
            return;
        RequestDraft draft = m_session->draft();
        draft.body = m_body->text();
        draft.headers = m_headers->toPlainText().toUtf8();
        m_session->setDraft(draft);
        m_form->setText(draft.body.isEmpty() ? tr("empty") : json::parse(draft.body) ? tr("JSON") : tr("not JSON"));
    };
    connect(m_body, &JsonEditor::edited, this, store);
    connect(m_headers, &QPlainTextEdit::textChanged, this, store);
    setMinimumHeight(128);
}

void RequestPanel::showEndpoint()
{
    m_quiet = true;
    const QByteArray key = endpointKey(*m_session);
    m_body->switchTo(key);
    QTextDocument *&text = m_headerTexts[key];
    if (!text) {
        text = new QTextDocument(this);
        text->setDocumentLayout(new QPlainTextDocumentLayout(text));
        text->setDefaultFont(monoFont());
    }
    if (m_headers->document() != text)
        m_headers->setDocument(text);
    m_quiet = false;
    showDraft();
}

void RequestPanel::forgetOthers()
{
    m_body->forgetOthers();
    for (auto at = m_headerTexts.begin(); at != m_headerTexts.end();) {
        const bool shown = at->second == m_headers->document();
        if (!shown)
            at->second->deleteLater();
        at = shown ? std::next(at) : m_headerTexts.erase(at);
    }
}

void RequestPanel::showDraft()
{
    m_quiet = true;
    const RequestDraft &draft = m_session->draft();
    if (m_body->text() != draft.body) {
        const bool layOut = draft.body.size() > 2 && draft.body.size() <= workedAtOnce && !draft.body.contains('\n');
        m_body->setText(layOut && json::parse(draft.body) ? gateway::edit::prettyLossless(draft.body) : draft.body);
    }
    if (m_headers->toPlainText().toUtf8() != draft.headers)
        m_headers->setPlainText(QString::fromUtf8(draft.headers));
    m_quiet = false;
    RequestDraft shown = draft;
    shown.body = m_body->text();
    m_session->setDraft(shown);
    m_form->setText(shown.body.isEmpty() ? tr("empty") : json::parse(shown.body) ? tr("JSON") : tr("not JSON"));
}

ReplyPanel::ReplyPanel(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_tabs(new QTabBar),
      m_pages(new QStackedWidget),
      m_backend(new QComboBox),
      m_status(new Pill),
      m_pretty(flatButton(tr("Pretty"), tr("Lay the reply out for reading"), QStringLiteral("replyPretty"))),
      m_restore(flatButton(tr("Restore"), tr("Back to the backend's own reply; the edit stays in the source box"),
                           QStringLiteral("restoreReply"))),
      m_reply(new JsonEditor(tr("Backend reply, editable"), QStringLiteral("replyBody"), JsonEditor::Undo::Own)),
      m_replyNote(plainLabel({}, "muted")),
      m_sentLine(new QLineEdit),
      m_sentHeaders(new QTreeView),
      m_sentModel(new HeadersModel(this)),
      m_sentBody(new JsonEditor(tr("Body sent to the backend"), QStringLiteral("sentBody"), JsonEditor::Undo::Own))
{
    Card *card = cardIn(this);
    m_tabs->addTab(tr("Backend reply"));
    m_tabs->addTab(tr("Sent to backend"));
    m_tabs->setObjectName(QStringLiteral("replyTabs"));
    m_tabs->setAccessibleName(tr("Conversation with the backend"));
    auto *header = new CardHeader(m_tabs, card);
    m_backend->setObjectName(QStringLiteral("backendBox"));
    m_backend->setAccessibleName(tr("Backend"));
    m_backend->hide();
    header->addBeside(m_backend);
    header->addAction(m_status);
    m_restore->setProperty("kind", QStringLiteral("link"));
    m_restore->hide();
    header->addAction(m_restore);
    m_pretty->setCheckable(true);
    m_pretty->setChecked(true);
    header->addAction(m_pretty);
    card->column()->addWidget(header);

    auto *replyPage = new QWidget;
    auto *replyColumn = new QVBoxLayout(replyPage);
    replyColumn->setContentsMargins(0, 0, 0, 0);
    replyColumn->setSpacing(4);
    m_replyNote->setContentsMargins(13, 0, 13, 0);
    m_replyNote->setFont(smallFont());
    m_replyNote->setObjectName(QStringLiteral("replyNote"));
    replyColumn->addWidget(m_replyNote);
    replyColumn->addWidget(m_reply, 1);
    m_pages->addWidget(replyPage);

    auto *sentPage = new QWidget;
    auto *sentColumn = new QVBoxLayout(sentPage);
    sentColumn->setContentsMargins(0, 0, 0, 0);
    auto *sentHead = new QVBoxLayout;
    sentHead->setContentsMargins(10, 0, 8, 0);
    sentHead->setSpacing(5);
    sentColumn->addLayout(sentHead);
    sentColumn->setSpacing(5);
    m_sentLine->setFont(monoFont());
    m_sentLine->setObjectName(QStringLiteral("sentLine"));
    m_sentLine->setReadOnly(true);
    m_sentLine->setAccessibleName(tr("Method and URL sent to the backend"));
    m_sentLine->setStyleSheet(QStringLiteral("QLineEdit { border: none; background: transparent; padding: 0; color: palette(text); }"));
    sentHead->addWidget(m_sentLine);
    m_sentHeaders->setObjectName(QStringLiteral("sentHeaders"));
    m_sentHeaders->setAccessibleName(tr("Headers sent to the backend, and what was dropped"));
    m_sentHeaders->setModel(m_sentModel);
    m_sentHeaders->setRootIsDecorated(false);
    m_sentHeaders->setIndentation(0);
    m_sentHeaders->setUniformRowHeights(true);
    m_sentHeaders->setAllColumnsShowFocus(true);
    m_sentHeaders->header()->setSectionResizeMode(HeadersModel::NameColumn, QHeaderView::ResizeToContents);
    m_sentHeaders->header()->setSectionResizeMode(HeadersModel::ValueColumn, QHeaderView::Interactive);
    m_sentHeaders->header()->resizeSection(HeadersModel::ValueColumn, 190);
    sentHead->addWidget(m_sentHeaders);
    m_sentBody->setReadOnly(true);
    m_sentBody->setWrap(true);
    sentColumn->addWidget(m_sentBody, 1);
    m_pages->addWidget(sentPage);

    auto *body = new QWidget(card);
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(0, 6, 0, 8);
    column->addWidget(m_pages);
    card->column()->addWidget(body, 1);

    connect(m_tabs, &QTabBar::currentChanged, this, [this](int page) {
        m_pages->setCurrentIndex(page);
        m_pretty->setVisible(page == 0 && m_session->source() == ReplySource::Live);
    });
    connect(m_backend, &QComboBox::currentIndexChanged, this, [this] {
        if (m_quiet)
            return;
        switchReply();
        showReply(true);
        showSent();
    });
    connect(m_reply, &JsonEditor::edited, this, [this] {
        if (m_quiet)
            return;
        m_shown = m_reply->text();
        m_session->editReply(backend(), m_shown);
    });
    connect(m_pretty, &QToolButton::toggled, this, [this](bool on) {
        m_isPretty = on;
        showReply(true);
    });
    connect(m_reply, &JsonEditor::arranged, this, [this] { showReply(false); });
    connect(m_restore, &QToolButton::clicked, this, [this] { m_session->chooseSource(ReplySource::Live); });
    showReply(true);
}

std::size_t ReplyPanel::backend() const
{
    return std::size_t(qMax(0, m_backend->currentIndex()));
}

void ReplyPanel::showEndpoint()
{
    m_quiet = true;
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    const int count = endpoint ? int(endpoint->backends.size()) : 0;
    const int before = qMax(0, m_backend->currentIndex());
    m_backend->clear();
    for (int i = 0; i < count; ++i)
        m_backend->addItem(tr("Backend %1").arg(i + 1));
    m_backend->setCurrentIndex(qMin(before, count - 1));
    m_backend->setVisible(count > 1);
    m_quiet = false;
    switchReply();
}

// An edited reply is found as it was left, with its undo.
void ReplyPanel::switchReply()
{
    m_quiet = true;
    if (m_reply->switchTo(endpointKey(*m_session) + ' ' + QByteArray::number(qulonglong(backend()))))
        m_shown = m_reply->text();
    m_quiet = false;
}

void ReplyPanel::forgetOthers()
{
    m_reply->forgetOthers();
}

void ReplyPanel::showState()
{
    showReply(false);
    showSent();
}

void ReplyPanel::showSource()
{
    const bool edited = m_session->source() == ReplySource::Edited;
    m_restore->setVisible(edited);
    m_pretty->setVisible(!edited && m_tabs->currentIndex() == 0); // what you type stays as you typed it
    showReply(false);
}

void ReplyPanel::showReply(bool force)
{
    const auto reply = m_session->reply(backend());
    const twin::Outcome *outcome = m_session->outcome();
    const bool edited = m_session->source() == ReplySource::Edited;
    QString note;
    if (reply) {
        const auto type = reply->headers.first("Content-Type");
        m_status->show(tr("%1 %2").arg(reply->status).arg(text::inert(reply->reason)).trimmed(),
                       edited                                         ? Tone::Warning
                       : reply->status == 200 || reply->status == 201 ? Tone::Good
                                                                      : Tone::Bad);
        QStringList facts;
        facts << (type ? text::inert(*type) : tr("no content type")) << sizeText(reply->body.size());
        if (!edited && outcome && backend() < outcome->backends.size() && outcome->backends[backend()].durationMs > 0)
            facts << tr("%1 ms").arg(qMax(1, qRound(outcome->backends[backend()].durationMs)));
        note = edited ? tr("Edited by you · %1").arg(sizeText(reply->body.size())) : facts.join(QStringLiteral(" · "));
        if (reply->cut)
            note += QLatin1Char(' ') + tr("The connection ended before the announced length.");
        // While typing the editor already holds the newest text.
        if (force || reply->body != m_shown) {
            m_quiet = true;
            m_shown = reply->body;
            if (m_isPretty && !edited)
                m_reply->showPretty(reply->body);
            else
                m_reply->setText(reply->body);
            m_quiet = false;
        }
        if (m_reply->isArranging())
            note += QStringLiteral(" · ") + tr("Being laid out…");
        else if (m_reply->isLarge())
            note += QStringLiteral(" · ") + tr("Too long to edit here: shown read-only.");
    } else {
        m_status->show({}, Tone::Neutral);
        if (outcome && backend() < outcome->backends.size() && outcome->backends[backend()].reply)
            note = text::sentence(outcome->backends[backend()].reply->error());
        else if (outcome)
            note = tr("The backend was not asked. Type a reply to see what the gateway would make of it.");
        else
            note = tr("Press Send, or type a reply to see what the gateway would make of it.");
        if (force || !m_shown.isEmpty()) {
            m_quiet = true;
            m_shown.clear();
            m_reply->setText({});
            m_quiet = false;
        }
    }
    m_replyNote->setText(note);
    m_replyNote->setVisible(!note.isEmpty());
}

void ReplyPanel::showSent()
{
    const twin::Outcome *outcome = m_session->outcome();
    if (!outcome || backend() >= outcome->backends.size()) {
        m_sentLine->setText(tr("Nothing was sent to this backend yet."));
        m_sentModel->setHeaders({}, {});
        m_sentBody->setText({});
        m_tabs->setTabText(1, tr("Sent to backend"));
        return;
    }
    const twin::BackendExchange &exchange = outcome->backends[backend()];
    m_sentLine->setText(text::inert(exchange.sent.method) + QLatin1Char(' ') + text::inert(exchange.sent.url));
    m_sentLine->setCursorPosition(0);
    m_sentModel->setHeaders(exchange.sent.headers, exchange.dropped);
    const int rows = qMin(m_sentModel->rowCount(), 12);
    m_sentHeaders->setFixedHeight(m_sentHeaders->header()->sizeHint().height() + rows * qMax(16, m_sentHeaders->sizeHintForRow(0)) + 12);
    m_sentBody->showPretty(exchange.sent.body);
    m_tabs->setTabText(1, exchange.dropped.empty() ? tr("Sent to backend")
                                                   : tr("Sent to backend · %n dropped", nullptr, int(exchange.dropped.size())));
}

} // namespace tokenlab::ui
