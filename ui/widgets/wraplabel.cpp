#include "ui/widgets/wraplabel.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>
#include <QTextLayout>

#include <cmath>

namespace tokenlab::ui {

namespace {
constexpr int narrowest = 40;
}

WrapLabel::WrapLabel(const QString &text, const char *role, QWidget *parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    if (role)
        setProperty("role", QString::fromLatin1(role));
    auto *copy = new QAction(tr("Copy"), this);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(this->text()); });
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

qreal WrapLabel::arrange(QTextLayout &layout, int width) const
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.setFont(font());
    layout.beginLayout();
    qreal y = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(qMax(narrowest, width));
        line.setPosition(QPointF(0, y));
        y += std::ceil(line.height()) + 1;
    }
    layout.endLayout();
    return y;
}

int WrapLabel::heightForWidth(int width) const
{
    const QMargins margins = contentsMargins();
    QTextLayout layout(text());
    return int(std::ceil(arrange(layout, width - margins.left() - margins.right()))) + margins.top() + margins.bottom();
}

QSize WrapLabel::sizeHint() const
{
    return {qMin(420, fontMetrics().horizontalAdvance(text()) + 2), heightForWidth(420)};
}

QSize WrapLabel::minimumSizeHint() const
{
    return {narrowest, fontMetrics().height() + 1};
}

void WrapLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    QTextLayout layout(text());
    const QRect area = contentsRect();
    (void)arrange(layout, area.width());
    layout.draw(&painter, area.topLeft());
}

} // namespace tokenlab::ui
