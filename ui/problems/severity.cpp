#include "ui/problems/severity.h"

#include <QIcon>
#include <QPainter>

namespace tokenlab::ui {

namespace {
constexpr int shapeSize = 10, gap = 3, between = 9, behind = 10;
constexpr problems::Severity all[] = {problems::Severity::Error, problems::Severity::Warning, problems::Severity::Hint};

QFont countFont()
{
    QFont font = smallFont();
    font.setWeight(QFont::DemiBold);
    return font;
}
} // namespace

Shape shapeOf(problems::Severity severity)
{
    return severity == problems::Severity::Error ? Shape::Cross : severity == problems::Severity::Warning ? Shape::Triangle : Shape::Dot;
}

Tone toneOf(problems::Severity severity)
{
    return severity == problems::Severity::Error ? Tone::Bad : severity == problems::Severity::Warning ? Tone::Warning : Tone::Accent;
}

QIcon iconOf(problems::Severity severity)
{
    return shapeIcon(shapeOf(severity), toneColor(toneOf(severity)));
}

QString severityName(problems::Severity severity)
{
    return severity == problems::Severity::Error     ? CountBadge::tr("Error")
           : severity == problems::Severity::Warning ? CountBadge::tr("Warning")
                                                     : CountBadge::tr("Hint");
}

QString countText(const Counts &counts)
{
    const auto [errors, warnings, hints] = counts;
    QStringList parts;
    if (errors)
        parts << (errors == 1 ? CountBadge::tr("1 error") : CountBadge::tr("%1 errors").arg(errors));
    if (warnings)
        parts << (warnings == 1 ? CountBadge::tr("1 warning") : CountBadge::tr("%1 warnings").arg(warnings));
    if (hints)
        parts << (hints == 1 ? CountBadge::tr("1 hint") : CountBadge::tr("%1 hints").arg(hints));
    return parts.join(QStringLiteral(" · "));
}

std::optional<problems::Severity> worst(const Counts &counts)
{
    for (const problems::Severity severity : all) {
        if (counts[std::size_t(severity)] > 0)
            return severity;
    }
    return std::nullopt;
}

CountBadge::CountBadge(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("problemBadge"));
    setAttribute(Qt::WA_TransparentForMouseEvents); // the tab below takes the click
    setFocusPolicy(Qt::NoFocus);
}

void CountBadge::setCounts(const Counts &counts)
{
    m_counts = counts;
    setAccessibleName(countText(counts));
    updateGeometry();
    resize(sizeHint());
    update();
}

QSize CountBadge::sizeHint() const
{
    const QFontMetrics metrics(countFont());
    int width = 0;
    for (const int count : m_counts) {
        if (count > 0)
            width += (width > 0 ? between : 0) + shapeSize + gap + metrics.horizontalAdvance(QString::number(count));
    }
    return {width > 0 ? width + behind : 0, metrics.height()};
}

void CountBadge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(countFont());
    const QFontMetrics metrics(countFont());
    int x = 0;
    for (const problems::Severity severity : all) {
        const int count = m_counts[std::size_t(severity)];
        if (count == 0)
            continue;
        const QColor color = toneColor(toneOf(severity));
        paintShape(painter, QRectF(x, (height() - shapeSize) / 2.0, shapeSize, shapeSize), shapeOf(severity), color);
        x += shapeSize + gap;
        painter.setPen(color);
        const QString text = QString::number(count);
        const int width = metrics.horizontalAdvance(text);
        painter.drawText(QRect(x, 0, width + 1, height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        x += width + between;
    }
}

} // namespace tokenlab::ui
