#include "ui/request/requestbar.h"

#include "core/gateway/edit.h"
#include "core/text/text.h"
#include "ui/request/pathparams.h"
#include "ui/request/stagestrip.h"
#include "ui/request/whypopup.h"
#include "ui/widgets/basics.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace tokenlab::ui {

RequestBar::RequestBar(LabSession *session, QAction *send, QAction *cancel, QMenu *exportMenu, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_sendAction(send),
      m_cancelAction(cancel),
      m_method(new QComboBox(this)),
      m_source(new QComboBox(this)),
      m_url(new QLineEdit(this)),
      m_send(new QPushButton(tr("Send"), this)),
      m_export(new QPushButton(tr("Export"), this)),
      m_params(new PathParams(this)),
      m_verdict(new Pill(this)),
      m_strip(new StageStrip(this)),
      m_sentenceRow(new QWidget(this)),
      m_sentence(plainLabel({}, nullptr, m_sentenceRow)),
      m_sentenceIcon(new QLabel(m_sentenceRow)),
      m_why(flatButton(tr("Why?"), tr("Why? Show the rule behind it"), QStringLiteral("whyButton"), m_sentenceRow)),
      m_fix(flatButton({}, tr("Correct the name in keys_to_sign"), QStringLiteral("fixNameButton"), m_sentenceRow)),
      m_remarkRow(new QWidget(this)),
      m_remark(plainLabel({}, nullptr, m_remarkRow)),
      m_remarkIcon(new QLabel(m_remarkRow))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(11, 10, 11, 8);
    column->setSpacing(7);
    auto *row = new QHBoxLayout;
    row->setSpacing(9);
    m_method->setObjectName(QStringLiteral("methodBox"));
    m_method->setAccessibleName(tr("Method of the request"));
    m_method->addItems(
        {QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"), QStringLiteral("PATCH"), QStringLiteral("DELETE")});
    m_method->setMinimumWidth(86);
    row->addWidget(m_method);
    m_url->setObjectName(QStringLiteral("urlEdit"));
    m_url->setAccessibleName(tr("Path and query of the request"));
    m_url->setFont(monoFont());
    m_url->setPlaceholderText(tr("/path?query as the client would ask the gateway"));
    row->addWidget(m_url, 1);
    m_source->setObjectName(QStringLiteral("sourceBox"));
    m_source->setAccessibleName(tr("Where the backend's reply comes from"));
    m_source->setToolTip(tr("The reply of the backend itself, or the one that you edited"));
    m_source->addItem(tr("Live backend"));
    m_source->setMinimumWidth(136);
    row->addWidget(m_source);
    m_send->setObjectName(QStringLiteral("sendButton"));
    m_send->setProperty("kind", QStringLiteral("primary"));
    m_send->setAccessibleName(tr("Send the request"));
    m_send->setMinimumWidth(84);
    row->addWidget(m_send);
    m_export->setObjectName(QStringLiteral("exportButton"));
    m_export->setProperty("kind", QStringLiteral("menu"));
    m_export->setAccessibleName(tr("Export the configuration"));
    m_export->setMenu(exportMenu);
    row->addWidget(m_export);
    column->addLayout(row);
    column->addWidget(m_params);

    auto *answer = new QHBoxLayout;
    answer->setSpacing(10);
    m_verdict->setObjectName(QStringLiteral("verdictLabel"));
    m_verdict->setAccessibleName(tr("Verdict"));
    answer->addWidget(m_verdict);
    answer->addWidget(m_strip, 1);
    column->addLayout(answer);

    auto *sentence = new QHBoxLayout(m_sentenceRow);
    sentence->setContentsMargins(2, 0, 0, 0);
    sentence->setSpacing(7);
    m_sentenceIcon->setFixedSize(14, 14);
    sentence->addWidget(m_sentenceIcon);
    m_sentence->setObjectName(QStringLiteral("failureSentence"));
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    sentence->addWidget(m_sentence, 1);
    m_fix->setProperty("kind", QStringLiteral("link"));
    m_fix->hide();
    sentence->addWidget(m_fix);
    m_why->setProperty("kind", QStringLiteral("link"));
    sentence->addWidget(m_why);
    m_sentenceRow->hide();
    column->addWidget(m_sentenceRow);

    // What the answer leaves open has a line of its own: it stands beside a failure, not in its place.
    auto *remark = new QHBoxLayout(m_remarkRow);
    remark->setContentsMargins(2, 0, 0, 0);
    remark->setSpacing(7);
    m_remarkIcon->setFixedSize(14, 14);
    remark->addWidget(m_remarkIcon);
    m_remark->setObjectName(QStringLiteral("remarkLabel"));
    m_remark->setTextInteractionFlags(Qt::TextSelectableByMouse);
    remark->addWidget(m_remark, 1);
    m_remarkRow->hide();
    column->addWidget(m_remarkRow);

    connect(m_url, &QLineEdit::textEdited, this, &RequestBar::draftEdited);
    connect(m_params, &PathParams::edited, this, [this](const QByteArray &name, const QByteArray &value) {
        RequestDraft draft = m_session->draft();
        draft.params[name] = value;
        m_session->setDraft(draft);
        forgetMissing();
    });
    connect(m_session, &LabSession::paramMissing, this, &RequestBar::showMissing);
    connect(m_method, &QComboBox::currentTextChanged, this, &RequestBar::draftEdited);
    connect(m_source, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (!m_quiet)
            m_session->chooseSource(index == 1 ? ReplySource::Edited : ReplySource::Live);
    });
    connect(m_send, &QPushButton::clicked, this, [this] {
        if (std::holds_alternative<Running>(m_session->state()))
            m_cancelAction->trigger();
        else
            m_sendAction->trigger();
    });
    connect(m_strip, &StageStrip::stageClicked, this, &RequestBar::showWhy);
    connect(m_why, &QToolButton::clicked, this, [this] { showWhy(m_failing, m_why); });
    connect(m_fix, &QToolButton::clicked, this, [this] { emit signInstead(m_misspelt, m_nearest); });
    m_ticker.setInterval(100);
    connect(&m_ticker, &QTimer::timeout, this, &RequestBar::tick);
    showSource();
    showState();
}

void RequestBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintCard(painter, rect());
}

void RequestBar::draftEdited()
{
    if (m_quiet)
        return;
    RequestDraft draft = m_session->draft();
    draft.method = m_method->currentText().toUtf8();
    draft.target = m_url->text().toUtf8();
    m_session->setDraft(draft);
    m_params->show(draft);
    forgetMissing();
}

void RequestBar::showMissing(const QByteArray &param)
{
    m_missing = param;
    showState();
    m_params->focusOn(param);
}

void RequestBar::forgetMissing()
{
    if (m_missing.isEmpty() || m_session->missingParam() == m_missing)
        return;
    m_missing.clear();
    showState();
}

void RequestBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitVerdict();
}

// The verdict has the width that the titles of the stages leave: it is the answer.
void RequestBar::fitVerdict()
{
    if (m_verdictText.isEmpty())
        return;
    const int padding = m_verdict->sizeHint().width() - m_verdict->fontMetrics().horizontalAdvance(m_verdict->text());
    const QMargins margins = layout()->contentsMargins();
    const int room = width() - margins.left() - margins.right() - m_strip->minimumSizeHint().width() - 10 - padding;
    m_verdict->setText(QFontMetrics(m_verdict->font()).elidedText(m_verdictText, Qt::ElideRight, qMax(room, 260)));
}

void RequestBar::showDraft()
{
    m_quiet = true;
    const RequestDraft &draft = m_session->draft();
    const QString method = QString::fromUtf8(draft.method);
    if (m_method->findText(method) < 0 && !method.isEmpty())
        m_method->addItem(method);
    m_method->setCurrentText(method);
    m_url->setText(QString::fromUtf8(draft.target));
    m_params->show(draft);
    m_missing.clear();
    const bool any = m_session->endpoint() != nullptr;
    m_method->setEnabled(any);
    m_url->setEnabled(any);
    m_quiet = false;
}

void RequestBar::showSource()
{
    m_quiet = true;
    const bool edited = m_session->hasEdited();
    if (edited && m_source->count() == 1)
        m_source->addItem(tr("Edited reply"));
    else if (!edited && m_source->count() == 2)
        m_source->removeItem(1);
    m_source->setCurrentIndex(m_session->source() == ReplySource::Edited ? 1 : 0);
    m_quiet = false;
}

void RequestBar::tick()
{
    if (const auto *running = std::get_if<Running>(&m_session->state()))
        m_verdict->show(tr("Sending… %1 s").arg(double(running->since.elapsed()) / 1000, 0, 'f', 1), Tone::Neutral);
    else
        m_ticker.stop();
}

StageStrip::Parts RequestBar::parts() const
{
    const gateway::EndpointConfig *endpoint = m_session->endpoint();
    return {!endpoint || endpoint->signer, !endpoint || endpoint->validator};
}

void RequestBar::showState()
{
    const bool running = std::holds_alternative<Running>(m_session->state());
    const twin::Outcome *outcome = m_session->outcome();
    // A broken file decides, whatever the panels still show of the last good one.
    std::optional<twin::Outcome> broken;
    if (m_session->configError()) {
        broken = twin::outcomeOfConfigError(*m_session->configError());
        outcome = &*broken;
    }
    m_strip->setTrace(running ? std::vector<twin::TraceStep>() : broken ? broken->trace : m_session->trace(), parts());
    m_send->setText(running ? tr("Cancel") : tr("Send"));
    m_send->setAccessibleName(running ? tr("Cancel the request") : tr("Send the request"));
    m_send->setToolTip((running ? m_cancelAction : m_sendAction)->toolTip());
    m_send->setEnabled(running || m_sendAction->isEnabled());
    m_sentenceRow->hide();
    m_fix->hide();
    m_why->show();
    m_verdictText.clear();
    showRemarks(running || broken ? nullptr : outcome);
    if (running) {
        m_missing.clear();
        m_ticker.start();
        tick();
        return;
    }
    if (!m_missing.isEmpty() && !broken) {
        const QString name = text::inert(m_missing);
        m_verdict->show(tr("Not sent: {%1} has no value").arg(name), Tone::Warning);
        m_verdict->setToolTip({});
        m_sentenceIcon->setPixmap(shapeIcon(Shape::Triangle, tokens().warning).pixmap(14, 14));
        m_sentence->setText(tr("The path needs a value for {%1}: fill it in above, or write it into the URL.").arg(name));
        m_why->hide();
        m_sentenceRow->show();
        return;
    }
    if (!outcome) {
        m_verdict->show(m_session->signer().loading ? tr("Loading the key…") : tr("Ready: press Send"), Tone::Neutral);
        return;
    }
    Tone tone = Tone::Bad;
    switch (outcome->verdict) {
    case twin::Verdict::Signed:
        tone = Tone::Accent; // not green: that would read as verified
        break;
    case twin::Verdict::PartlySigned:
    case twin::Verdict::Incomplete:
        tone = Tone::Warning;
        break;
    case twin::Verdict::Unsigned:
        if (!outcome->signs)
            tone = Tone::Neutral;
        break;
    case twin::Verdict::Refused:
    case twin::Verdict::DoesNotStart:
        break;
    }
    const QString verdict = text::verdict(*outcome);
    m_verdict->show(verdict, tone);
    m_verdictText = verdict;
    fitVerdict();
    m_verdict->setToolTip(verdict.toHtmlEscaped());
    m_verdict->setAccessibleName(tr("Verdict: %1").arg(verdict));

    if (!outcome->fields.empty())
        m_strip->setDetail(twin::Stage::Sign, tr("%1 of %2")
                                                  .arg(std::count_if(outcome->fields.begin(), outcome->fields.end(),
                                                                     [](const twin::FieldOutcome &field) {
                                                                         return field.kind == twin::FieldOutcome::Signed ||
                                                                                field.kind == twin::FieldOutcome::AlreadySigned;
                                                                     }))
                                                  .arg(outcome->fields.size()));
    const auto failing = m_strip->firstFailing();
    if (!failing || broken) // the banner over the bar says it, with its place
        return;
    const twin::TraceStep &step = m_strip->trace()[*failing];
    m_failing = step.stage;
    QString sentence = step.stage == twin::Stage::Sign ? signSentence(*outcome) : QString();
    if (sentence.isEmpty())
        sentence = text::step(step);
    const bool bad = step.state == twin::StepState::Failed;
    m_sentenceIcon->setPixmap(shapeIcon(bad ? Shape::Cross : Shape::Triangle, bad ? tokens().bad : tokens().warning).pixmap(14, 14));
    m_sentence->setText(sentence);
    m_sentenceRow->show();
}

// The field that was not signed in words, with the nearest name of the payload; offers to correct the name.
QString RequestBar::signSentence(const twin::Outcome &outcome)
{
    const auto field = std::find_if(outcome.fields.begin(), outcome.fields.end(), [](const twin::FieldOutcome &f) {
        return f.kind == twin::FieldOutcome::Missing || f.kind == twin::FieldOutcome::NotAnObject;
    });
    if (field == outcome.fields.end())
        return {};
    const std::vector<QByteArray> names = gateway::edit::memberNames(outcome.payloadText);
    if (const auto nearest = text::nearestName(field->name, names); nearest && field->kind == twin::FieldOutcome::Missing) {
        m_misspelt = field->name;
        m_nearest = *nearest;
        m_fix->setText(tr("Sign “%1”").arg(QFontMetrics(m_fix->font()).elidedText(text::inert(*nearest), Qt::ElideMiddle, 180)));
        m_fix->setVisible(m_session->isEditable());
    }
    return text::sentence(*field, names);
}

void RequestBar::showRemarks(const twin::Outcome *outcome)
{
    QStringList remarks;
    if (outcome) {
        for (const QByteArray &component : outcome->notSimulated)
            remarks << text::componentNotSimulated(component);
        for (const QByteArray &note : outcome->notes) {
            QString words = text::inert(note);
            words[0] = words[0].toUpper();
            remarks << (words.endsWith(QLatin1Char('.')) ? words : words + QLatin1Char('.'));
        }
    }
    const bool open = outcome && !outcome->notSimulated.empty();
    m_remarkIcon->setPixmap(shapeIcon(open ? Shape::Triangle : Shape::Dot, open ? tokens().warning : tokens().accent).pixmap(14, 14));
    m_remark->setText(remarks.join(QLatin1Char(' ')));
    m_remarkRow->setVisible(!remarks.isEmpty());
}

void RequestBar::showWhy(twin::Stage stage, QWidget *anchor)
{
    auto *popup = new WhyPopup(stage, m_strip->trace(), m_strip->summary(stage).absent, this);
    connect(popup, &WhyPopup::placeAsked, this, &RequestBar::placeAsked);
    connect(popup, &WhyPopup::connectionAsked, this, &RequestBar::connectionAsked);
    const auto &error = m_session->signer().state.error;
    if (stage == twin::Stage::Key && error && error->step == twin::StartStep::Download)
        popup->offerConnection();
    popup->showBelow(anchor);
}

} // namespace tokenlab::ui
