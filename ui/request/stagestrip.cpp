#include "ui/request/stagestrip.h"

#include "core/text/text.h"
#include "ui/widgets/basics.h"

#include <QHBoxLayout>
#include <QPainter>

namespace tokenlab::ui {

namespace {

int weight(twin::StepState state)
{
    switch (state) {
    case twin::StepState::Failed:
        return 3;
    case twin::StepState::Warning:
        return 2;
    case twin::StepState::Ok:
        return 1;
    case twin::StepState::Skipped:
        break;
    }
    return 0;
}

QString stateName(twin::Stage stage, const StageSummary &summary)
{
    if (summary.absent)
        return stage == twin::Stage::Validators ? StageStrip::tr("no validator on this endpoint")
                                                : StageStrip::tr("no signer on this endpoint");
    if (!summary.reached)
        return StageStrip::tr("not reached");
    switch (summary.state) {
    case twin::StepState::Ok:
        return StageStrip::tr("in order");
    case twin::StepState::Failed:
        return StageStrip::tr("failed");
    case twin::StepState::Warning:
        return StageStrip::tr("warning");
    case twin::StepState::Skipped:
        break;
    }
    return StageStrip::tr("not reached");
}

constexpr int shapeSize = 12, gap = 4, pad = 4;
constexpr int longestDetail = 220;

// What the endpoint does not have carries no mark: it is neither open nor in trouble.
int shapeRoom(const StageSummary &summary)
{
    return summary.absent ? 0 : shapeSize + gap;
}

// Which details go first where there is no room for all; that of a stage in trouble goes last of all.
constexpr std::array givesWay{twin::Stage::Key,   twin::Stage::Config,     twin::Stage::Request, twin::Stage::Shape,
                              twin::Stage::Reply, twin::Stage::Validators, twin::Stage::Backend, twin::Stage::Sign};

} // namespace

StageButton::StageButton(twin::Stage stage, QWidget *parent) : QAbstractButton(parent), m_stage(stage)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setText(text::stageTitle(stage));
    setObjectName(QStringLiteral("stage") + text::stageTitle(stage));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setSummary({});
}

void StageButton::setSummary(const StageSummary &summary)
{
    m_summary = summary;
    setAccessibleName(summary.detail.isEmpty() ? tr("%1: %2").arg(text(), stateName(m_stage, summary))
                                               : tr("%1: %2, %3").arg(text(), stateName(m_stage, summary), summary.detail));
    setToolTip(tr("%1 — why?").arg(accessibleName()).toHtmlEscaped());
    updateGeometry();
    update();
}

void StageButton::setDetailShown(bool shown)
{
    if (shown == m_detailShown)
        return;
    m_detailShown = shown;
    updateGeometry();
    update();
}

int StageButton::widthWith(bool detail) const
{
    QFont strong = uiFont();
    strong.setWeight(QFont::DemiBold);
    const int title = 2 * pad + shapeRoom(m_summary) + QFontMetrics(strong).horizontalAdvance(text()) + 1;
    return title + (detail && !m_summary.detail.isEmpty()
                        ? gap + qMin(longestDetail, QFontMetrics(uiFont()).horizontalAdvance(m_summary.detail) + 1)
                        : 0);
}

QSize StageButton::sizeHint() const
{
    return {widthWith(m_detailShown), QFontMetrics(uiFont()).height() + 8};
}

void StageButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &t = tokens();
    if (underMouse() || isDown()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(isDown() ? t.accentSoft : t.window);
        painter.drawRoundedRect(rect(), 6, 6);
    }
    if (hasFocus()) {
        painter.setPen(t.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    Shape shape = Shape::Ring;
    QColor color = t.faint, titleColor = t.muted, detailColor = t.muted;
    if (m_summary.reached) {
        titleColor = t.text;
        switch (m_summary.state) {
        case twin::StepState::Ok:
            shape = Shape::Check;
            color = t.good;
            break;
        case twin::StepState::Failed:
            shape = Shape::Cross;
            color = t.bad;
            titleColor = detailColor = t.bad;
            break;
        case twin::StepState::Warning:
            shape = Shape::Triangle;
            color = titleColor = detailColor = t.warning;
            break;
        case twin::StepState::Skipped:
            titleColor = t.muted;
            break;
        }
    }
    if (!m_summary.absent)
        paintShape(painter, QRectF(pad, (height() - shapeSize) / 2.0, shapeSize, shapeSize), shape, color);
    else
        titleColor = t.faint;
    QFont strong = uiFont();
    strong.setWeight(m_summary.absent ? QFont::Normal : QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(titleColor);
    const int titleWidth = QFontMetrics(strong).horizontalAdvance(text()) + 1;
    int x = pad + shapeRoom(m_summary);
    painter.drawText(QRect(x, 0, titleWidth, height()), Qt::AlignVCenter | Qt::AlignLeft, text());
    x += titleWidth + gap;
    const int room = width() - pad - x + 2;
    if (m_detailShown && !m_summary.detail.isEmpty()) {
        painter.setFont(uiFont());
        painter.setPen(detailColor);
        painter.drawText(QRect(x, 0, room, height()), Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetrics(uiFont()).elidedText(m_summary.detail, Qt::ElideRight, room));
    }
}

StageStrip::StageStrip(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("stageStrip"));
    setAccessibleName(tr("Stages of the answer"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(1);
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        auto *button = new StageButton(twin::Stage(i), this);
        m_buttons[i] = button;
        if (i > 0) {
            auto *arrow = new QLabel(QStringLiteral("›"), this);
            arrow->setProperty("role", QStringLiteral("muted"));
            row->addWidget(arrow);
        }
        row->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, [this, button] { emit stageClicked(button->stage(), button); });
    }
    row->addStretch(1);
}

void StageStrip::setTrace(const std::vector<twin::TraceStep> &trace, Parts parts)
{
    m_trace = trace;
    m_summaries = {};
    for (std::size_t i = 0; i < trace.size(); ++i) {
        const twin::TraceStep &step = trace[i];
        StageSummary &summary = m_summaries[std::size_t(step.stage)];
        if (summary.reached && weight(step.state) <= weight(summary.state)) {
            if (summary.detail.isEmpty())
                summary.detail = text::inert(step.detail);
            continue;
        }
        summary.reached = true;
        summary.state = step.state;
        summary.step = int(i);
        summary.detail = text::inert(step.detail);
        if (summary.detail.isEmpty() && step.durationMs >= 0 &&
            (step.state == twin::StepState::Ok || step.state == twin::StepState::Warning))
            summary.detail = tr("%1 ms").arg(qMax(1, qRound(step.durationMs)));
    }
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        StageSummary &summary = m_summaries[i];
        const auto stage = twin::Stage(i);
        const bool lacking = stage == twin::Stage::Validators ? !parts.validator
                                                              : (stage == twin::Stage::Key || stage == twin::Stage::Sign) && !parts.signer;
        summary.absent = lacking && (!summary.reached || summary.state == twin::StepState::Skipped);
        m_buttons[i]->setSummary(summary);
    }
    fit();
}

int StageStrip::titlesWidth() const
{
    int width = 0;
    for (int i = 0; i < layout()->count(); ++i) {
        const QWidget *item = layout()->itemAt(i)->widget();
        if (const auto *button = qobject_cast<const StageButton *>(item))
            width += button->widthWith(false);
        else if (item)
            width += item->sizeHint().width();
        width += layout()->spacing();
    }
    return width;
}

QSize StageStrip::minimumSizeHint() const
{
    return {titlesWidth(), m_buttons.front()->sizeHint().height()};
}

void StageStrip::fit()
{
    int wanted = titlesWidth();
    for (const StageButton *button : m_buttons)
        wanted += button->widthWith(true) - button->widthWith(false);
    std::array<bool, 8> shown{};
    shown.fill(true);
    for (const bool troubled : {false, true}) {
        for (const twin::Stage stage : givesWay) {
            const auto at = std::size_t(stage);
            const bool isTroubled = m_summaries[at].state == twin::StepState::Failed || m_summaries[at].state == twin::StepState::Warning;
            if (wanted <= width() || isTroubled != troubled)
                continue;
            wanted -= m_buttons[at]->widthWith(true) - m_buttons[at]->widthWith(false);
            shown[at] = false;
        }
    }
    for (std::size_t i = 0; i < m_buttons.size(); ++i)
        m_buttons[i]->setDetailShown(shown[i]);
}

void StageStrip::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void StageStrip::setDetail(twin::Stage stage, const QString &detail)
{
    StageSummary &summary = m_summaries[std::size_t(stage)];
    if (!summary.reached)
        return;
    summary.detail = detail;
    m_buttons[std::size_t(stage)]->setSummary(summary);
    fit();
}

std::optional<std::size_t> StageStrip::firstFailing() const
{
    std::optional<std::size_t> warning;
    for (std::size_t i = 0; i < m_trace.size(); ++i) {
        if (m_trace[i].state == twin::StepState::Failed)
            return i;
        if (m_trace[i].state == twin::StepState::Warning && !warning)
            warning = i;
    }
    return warning;
}

} // namespace tokenlab::ui
