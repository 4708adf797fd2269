#include "ui/widgets/basics.h"

#include <QFile>
#include <QHBoxLayout>
#include <QIcon>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QSvgRenderer>
#include <QTabBar>
#include <QToolButton>

namespace tokenlab::ui {

QPixmap iconPixmap(const QString &name, const QColor &color, int size, qreal ratio)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(pixmap.size())));
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

QIcon icon(const QString &name, const QColor &color)
{
    QIcon result;
    for (const qreal ratio : {1.0, 2.0, 3.0})
        result.addPixmap(iconPixmap(name, color, 16, ratio));
    return result;
}

void paintShape(QPainter &painter, const QRectF &rect, Shape shape, const QColor &color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal s = qMin(rect.width(), rect.height());
    painter.translate(rect.center() - QPointF(s / 2, s / 2));
    painter.scale(s / 16, s / 16);
    QPen pen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    QPainterPath path;
    switch (shape) {
    case Shape::Check:
        path.moveTo(3, 8.5);
        path.lineTo(6.5, 12);
        path.lineTo(13, 4.5);
        painter.drawPath(path);
        break;
    case Shape::Triangle:
        path.moveTo(8, 2.5);
        path.lineTo(14.5, 13.5);
        path.lineTo(1.5, 13.5);
        path.closeSubpath();
        painter.setPen(QPen(color, 1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(color);
        painter.drawPath(path);
        break;
    case Shape::Cross:
        painter.drawLine(QPointF(4, 4), QPointF(12, 12));
        painter.drawLine(QPointF(12, 4), QPointF(4, 12));
        break;
    case Shape::Dash:
        painter.drawLine(QPointF(4, 8), QPointF(12, 8));
        break;
    case Shape::Ring:
        painter.setPen(QPen(color, 1.5));
        painter.drawEllipse(QPointF(8, 8), 4, 4);
        break;
    case Shape::Dot:
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(QPointF(8, 8), 4.5, 4.5);
        break;
    }
    painter.restore();
}

QIcon shapeIcon(Shape shape, const QColor &color)
{
    QIcon result;
    for (const qreal ratio : {1.0, 2.0}) {
        QPixmap pixmap(QSize(14, 14) * ratio);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintShape(painter, QRectF(QPointF(0, 0), QSizeF(pixmap.size())), shape, color);
        painter.end();
        pixmap.setDevicePixelRatio(ratio);
        result.addPixmap(pixmap);
    }
    return result;
}

static QString toneName(Tone tone)
{
    switch (tone) {
    case Tone::Accent:
        return QStringLiteral("accent");
    case Tone::Good:
        return QStringLiteral("good");
    case Tone::Warning:
        return QStringLiteral("warning");
    case Tone::Bad:
        return QStringLiteral("bad");
    case Tone::Neutral:
        break;
    }
    return QStringLiteral("neutral");
}

Pill::Pill(QWidget *parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setProperty("pill", QStringLiteral("yes"));
    setProperty("tone", QStringLiteral("neutral"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    QFont f = smallFont();
    f.setWeight(QFont::DemiBold);
    setFont(f);
}

void Pill::show(const QString &text, Tone tone)
{
    m_tone = tone;
    setText(text);
    setStyleProperty(this, "tone", toneName(tone));
    setVisible(!text.isEmpty());
}

CardHeader::CardHeader(const QString &title, QWidget *parent, bool slim) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(13, 8, 9, 4);
    m_row->setSpacing(6);
    auto *label = new QLabel(title, this);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("role", QStringLiteral("title"));
    m_row->addWidget(label);
    m_row->addStretch(1);
    if (slim)
        m_row->setContentsMargins(13, 0, 9, 4);
    else
        setMinimumHeight(36);
}

CardHeader::CardHeader(QTabBar *tabs, QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(11, 6, 9, 0);
    m_row->setSpacing(6);
    tabs->setDrawBase(false);
    tabs->setExpanding(false);
    tabs->setElideMode(Qt::ElideNone);
    tabs->setUsesScrollButtons(false);
    m_row->addWidget(tabs);
    m_row->addStretch(1);
    setMinimumHeight(36);
}

void CardHeader::addAction(QWidget *widget)
{
    m_row->addWidget(widget);
}

void CardHeader::addBeside(QWidget *widget)
{
    m_row->insertWidget(m_beside++, widget);
}

Card::Card(QWidget *parent) : QFrame(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(1, 1, 1, 1);
    m_column->setSpacing(0);
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintCard(painter, rect());
}

CardDock::CardDock(const QString &title, CardHeader *header, QWidget *body, bool framed, QWidget *parent)
    : QDockWidget(title, parent), m_framed(framed)
{
    setTitleBarWidget(header);
    auto *holder = new QWidget(this);
    auto *column = new QVBoxLayout(holder);
    column->setContentsMargins(framed ? 1 : 0, 0, framed ? 1 : 0, framed ? 6 : 0);
    column->setSpacing(0);
    column->addWidget(body);
    setWidget(holder);
}

void CardDock::paintEvent(QPaintEvent *event)
{
    if (!m_framed) {
        QDockWidget::paintEvent(event);
        return;
    }
    QPainter painter(this);
    if (isFloating())
        painter.fillRect(rect(), tokens().window);
    paintCard(painter, rect());
}

Banner::Banner(QWidget *parent) : QFrame(parent), m_text(plainLabel({})), m_action(new QToolButton(this)), m_close(new QToolButton(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(30, 5, 6, 5);
    row->setSpacing(8);
    m_text->setParent(this);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setObjectName(QStringLiteral("bannerText"));
    row->addWidget(m_text, 1);
    m_action->setProperty("kind", QStringLiteral("link"));
    m_action->setObjectName(QStringLiteral("bannerAction"));
    row->addWidget(m_action);
    m_close->setText(QStringLiteral("×"));
    m_close->setAccessibleName(tr("Dismiss this notice"));
    m_close->setToolTip(tr("Dismiss"));
    m_close->setObjectName(QStringLiteral("bannerClose"));
    row->addWidget(m_close);
    connect(m_action, &QToolButton::clicked, this, &Banner::actionTriggered);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        emit dismissed();
    });
    m_action->setAccessibleName(tr("Do what the notice offers"));
    hide();
}

void Banner::showText(const QString &text, Tone tone, const QString &action)
{
    m_tone = tone;
    m_text->setText(text);
    m_action->setText(action);
    m_action->setAccessibleName(action.isEmpty() ? tr("Do what the notice offers") : action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    update();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneBackground(m_tone));
    painter.drawRoundedRect(rect(), 8, 8);
    const ui::Shape shape = m_tone == Tone::Bad ? ui::Shape::Cross : m_tone == Tone::Warning ? ui::Shape::Triangle : ui::Shape::Dot;
    paintShape(painter, QRectF(11, height() / 2.0 - 6, 12, 12), shape, toneColor(m_tone));
}

QLabel *plainLabel(const QString &text, const char *role, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    if (role)
        label->setProperty("role", QString::fromLatin1(role));
    return label;
}

QToolButton *flatButton(const QString &text, const QString &accessibleName, const QString &objectName, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setText(text);
    button->setAccessibleName(accessibleName);
    button->setToolTip(accessibleName);
    button->setObjectName(objectName);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

void addFormRow(QVBoxLayout *form, QWidget *label, QWidget *field)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    label->setFixedWidth(102);
    row->addWidget(label, 0, Qt::AlignTop);
    row->addWidget(field, 1);
    form->addLayout(row);
}

static QWidget *labelBox(const QString &words, const QString &member, QWidget *buddy, bool caption)
{
    auto *box = new QWidget;
    auto *column = new QBoxLayout(caption ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom, box);
    column->setContentsMargins(0, caption ? 0 : 3, 0, 0);
    column->setSpacing(caption ? 7 : 0);
    auto *label = new QLabel(words, box);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(buddy);
    column->addWidget(label);
    if (!member.isEmpty()) {
        auto *name = new QLabel(member, box);
        name->setTextFormat(Qt::PlainText);
        name->setFont(smallMonoFont());
        name->setProperty("role", QStringLiteral("muted"));
        column->addWidget(name);
    }
    if (caption)
        column->addStretch(1);
    return box;
}

QWidget *memberLabel(const QString &words, const QString &member, QWidget *buddy)
{
    return labelBox(words, member, buddy, false);
}

QWidget *memberCaption(const QString &words, const QString &member, QWidget *buddy)
{
    return labelBox(words, member, buddy, true);
}

} // namespace tokenlab::ui
