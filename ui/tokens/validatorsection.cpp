#include "ui/tokens/validatorsection.h"

#include "core/text/text.h"
#include "core/text/validators.h"
#include "ui/widgets/basics.h"

#include <QIcon>
#include <QScreen>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr std::size_t shownRows = 6;

bool isUnknown(const twin::EndpointVerdict &verdict)
{
    return !verdict.startError &&
           (verdict.verdict.status == 0 || (verdict.verdict.incomplete && verdict.verdict.decided == twin::ValidatorRule::Unknown));
}

std::pair<Shape, Tone> lookOf(const twin::EndpointVerdict &verdict)
{
    if (isUnknown(verdict))
        return {Shape::Ring, Tone::Neutral};
    if (verdict.startError || !verdict.verdict.passed())
        return {Shape::Cross, Tone::Bad};
    return verdict.verdict.incomplete ? std::pair(Shape::Triangle, Tone::Warning) : std::pair(Shape::Check, Tone::Good);
}

// `GET /account: 200, all checks pass`: the status leads, as with those that refuse.
QString lineOf(const twin::EndpointVerdict &verdict, Instant now)
{
    if (!isUnknown(verdict) && !verdict.startError && verdict.verdict.passed() && !verdict.verdict.incomplete)
        return ValidatorSection::tr("%1: 200, %2")
            .arg(text::inert(verdict.method + ' ' + verdict.path), text::validatorReason(verdict.verdict, now));
    return text::sentence(verdict, now);
}

} // namespace

VerdictSummary summaryOf(const Verdicts &verdicts)
{
    if (verdicts.empty())
        return {{}, Tone::Neutral};
    if (verdicts.size() == 1) {
        const twin::EndpointVerdict &one = verdicts.front();
        if (isUnknown(one))
            return {{}, Tone::Neutral};
        QString path = text::inert(one.method + ' ' + one.path);
        if (path.size() > 22)
            path = path.first(21) + QStringLiteral("…");
        return {one.startError ? ValidatorSection::tr("%1: no start").arg(path)
                               : QStringLiteral("%1: %2").arg(path).arg(one.verdict.status),
                lookOf(one).second};
    }
    const auto passed = std::count_if(verdicts.begin(), verdicts.end(),
                                      [](const twin::EndpointVerdict &one) { return !isUnknown(one) && one.verdict.passed(); });
    const auto unknown = std::count_if(verdicts.begin(), verdicts.end(), isUnknown);
    if (unknown == std::ptrdiff_t(verdicts.size()))
        return {{}, Tone::Neutral};
    return {ValidatorSection::tr("%1 of %2 accept").arg(passed).arg(verdicts.size()),
            passed + unknown == std::ptrdiff_t(verdicts.size()) ? Tone::Good : Tone::Bad};
}

ValidatorSection::ValidatorSection(QWidget *parent)
    : QWidget(parent),
      m_rows(new QVBoxLayout),
      m_note(plainLabel({}, "muted", this)),
      m_add(flatButton(tr("Add one…"), tr("Add an endpoint whose validator takes this token"), QStringLiteral("addValidator"), this)),
      m_more(flatButton({}, tr("Show all validators"), QStringLiteral("moreValidators"), this))
{
    setObjectName(QStringLiteral("validatorSection"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    auto *title = plainLabel(tr("Validators"), "title", this);
    title->setWordWrap(false);
    head->addWidget(title);
    m_note->setObjectName(QStringLiteral("validatorNote"));
    head->addWidget(m_note, 1);
    m_add->setProperty("kind", QStringLiteral("link"));
    head->addWidget(m_add);
    column->addLayout(head);
    m_rows->setSpacing(0);
    column->addLayout(m_rows);
    m_more->setProperty("kind", QStringLiteral("link"));
    column->addWidget(m_more, 0, Qt::AlignLeft);
    connect(m_add, &QToolButton::clicked, this, &ValidatorSection::addAsked);
    connect(m_more, &QToolButton::clicked, this, [this] {
        m_all = true;
        const Verdicts verdicts = m_verdicts;
        show(&verdicts, int(verdicts.size()), m_loading, m_now, {});
    });
}

void ValidatorSection::show(const Verdicts *verdicts, int validators, bool loading, Instant now, const QString &refused)
{
    m_now = now;
    m_loading = loading;
    if (verdicts)
        m_verdicts = *verdicts;
    else if (validators == 0)
        m_verdicts.clear();
    m_note->setText(validators == 0 ? tr("none in this document. %1").arg(refused) : m_verdicts.empty() ? tr("judging…") : QString());
    m_note->setVisible(!m_note->text().isEmpty());
    m_add->setVisible(validators == 0 && refused.isEmpty());
    const std::size_t rows = m_all ? m_verdicts.size() : std::min(m_verdicts.size(), shownRows);
    while (m_buttons.size() > rows) {
        m_buttons.back()->hide();
        m_buttons.back()->deleteLater();
        m_buttons.pop_back();
    }
    while (m_buttons.size() < rows) {
        auto *row = flatButton({}, {}, QStringLiteral("verdictRow"), this);
        row->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        row->setProperty("kind", QStringLiteral("verdict"));
        row->setIconSize({13, 13});
        row->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        const std::size_t index = m_buttons.size();
        connect(row, &QToolButton::clicked, this, [this, row, index] {
            if (index < m_verdicts.size())
                explain(row, m_verdicts[index]);
        });
        m_rows->addWidget(row);
        m_buttons.push_back(row);
    }
    for (std::size_t i = 0; i < rows; ++i)
        showRow(m_buttons[i], m_verdicts[i], now);
    m_more->setText(tr("Show all %1").arg(m_verdicts.size()));
    m_more->setVisible(rows < m_verdicts.size());
    elide();
}

void ValidatorSection::showRow(QToolButton *row, const twin::EndpointVerdict &verdict, Instant now)
{
    const auto [shape, tone] = lookOf(verdict);
    const bool waits = m_loading && isUnknown(verdict);
    const QString line =
        waits ? tr("%1: its key set is loading…").arg(text::inert(verdict.method + ' ' + verdict.path)) : lineOf(verdict, now);
    row->setIcon(shapeIcon(shape, toneColor(tone)));
    row->setProperty("line", line);
    row->setAccessibleName(line);
    setStyleProperty(row, "tone", tone == Tone::Bad ? QStringLiteral("bad") : QStringLiteral("neutral"));
    const QString why = text::validatorSentence(verdict.verdict, now);
    row->setToolTip(QStringLiteral("<p>%1</p>").arg((why.isEmpty() ? line : why).toHtmlEscaped()));
}

void ValidatorSection::elide()
{
    for (QToolButton *row : m_buttons)
        row->setText(QLatin1Char(' ') +
                     row->fontMetrics().elidedText(row->property("line").toString(), Qt::ElideRight, std::max(60, width() - 40)));
}

void ValidatorSection::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    elide();
}

void ValidatorSection::explain(QToolButton *row, const twin::EndpointVerdict &verdict)
{
    auto *popup = new QFrame(row, Qt::Popup);
    popup->setObjectName(QStringLiteral("verdictPopup"));
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setStyleSheet(
        QStringLiteral("#verdictPopup { background: %1; border: 1px solid %2; }").arg(tokens().card.name(), tokens().borderStrong.name()));
    popup->setFixedWidth(430);
    auto *column = new QVBoxLayout(popup);
    column->setContentsMargins(16, 13, 16, 13);
    column->setSpacing(7);
    column->addWidget(plainLabel(row->property("line").toString(), "title", popup));
    const auto add = [popup, column](const QString &text, const char *role, bool mono = false) {
        if (text.isEmpty())
            return;
        QLabel *label = plainLabel(text, role, popup);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        if (mono)
            label->setFont(smallMonoFont());
        column->addWidget(label);
    };
    add(verdict.startError ? text::sentence(*verdict.startError) : text::validatorSentence(verdict.verdict, m_now), nullptr);
    add(text::inert(verdict.verdict.gatewayText), "muted", true);
    for (const QByteArray &line : verdict.verdict.log)
        add(text::inert(line), "muted", true);
    add(text::validatorRuleSentence(verdict.verdict.rule), "muted");
    auto *go = flatButton(tr("Go to the validator"), tr("Go to the validator in the configuration"), QStringLiteral("verdictGo"), popup);
    go->setProperty("kind", QStringLiteral("link"));
    column->addWidget(go, 0, Qt::AlignLeft);
    connect(go, &QToolButton::clicked, this, [this, popup, pointer = verdict.pointer] {
        popup->close();
        emit placeAsked(pointer);
    });
    popup->adjustSize();
    if (column->hasHeightForWidth())
        popup->resize(popup->width(), column->heightForWidth(popup->width()));
    QPoint at = row->mapToGlobal(QPoint(0, row->height() + 3));
    if (const QScreen *screen = row->screen()) {
        const QRect area = screen->availableGeometry();
        at.setX(std::clamp(at.x(), area.left(), std::max(area.left(), area.right() - popup->width())));
        at.setY(std::min(at.y(), std::max(area.top(), area.bottom() - popup->height())));
    }
    popup->move(at);
    popup->show();
    popup->setFocus();
}

} // namespace tokenlab::ui
