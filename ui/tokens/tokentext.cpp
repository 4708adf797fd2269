#include "ui/tokens/tokentext.h"

#include "ui/widgets/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>

namespace tokenlab::ui {

namespace {
constexpr int rowsShown = 6;
constexpr qsizetype charactersLaidOut = 16 * 1024; // unfolded
constexpr qsizetype charactersFolded = 2 * 1024;   // more than the rows shown hold
} // namespace

TokenText::TokenText(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFont(monoFont());
}

void TokenText::setToken(const QByteArray &token, const jose::DecodedToken &decoded)
{
    m_text = QString::fromLatin1(token.left(charactersLaidOut));
    m_length = token.size();
    m_parts.clear();
    m_whole = false;
    qsizetype from = 0;
    int kind = 0;
    // In a flattened token the parts stand in another order, so each is looked for from the start.
    for (const QByteArray &part : {decoded.protectedPart, decoded.payloadPart, decoded.signaturePart}) {
        const qsizetype at = part.isEmpty() ? -1 : token.indexOf(part, decoded.form == jose::DecodedToken::Compact ? from : 0);
        if (at >= 0 && at < m_text.size())
            m_parts.push_back({int(at), int(qMin(part.size(), m_text.size() - at)), kind});
        if (at >= 0)
            from = at + part.size() + 1;
        ++kind;
    }
    setAccessibleName(tr("Token: %1").arg(m_text.size() == m_length ? m_text : m_text.left(charactersFolded) + QChar(0x2026)));
    setToolTip(m_length > charactersLaidOut ? tr("Click to show the first %1 characters; Copy has all of them").arg(charactersLaidOut)
                                            : tr("Click to show all of a long token"));
    updateGeometry();
    update();
}

QList<QTextLayout::FormatRange> TokenText::formats() const
{
    const Tokens &t = tokens();
    QList<QTextLayout::FormatRange> ranges;
    const int laidOut = int(shown().size());
    for (const Part &part : m_parts) {
        if (part.begin >= laidOut)
            continue;
        QTextCharFormat format;
        format.setForeground(part.kind == 0 ? t.tokenHeader : part.kind == 1 ? t.tokenPayload : t.tokenSignature);
        ranges << QTextLayout::FormatRange{part.begin, qMin(part.length, laidOut - part.begin), format};
    }
    return ranges;
}

void TokenText::arrange(QTextLayout &layout, int width) const
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAnywhere);
    layout.setTextOption(option);
    layout.setFont(font());
    layout.setFormats(formats());
    layout.beginLayout();
    qreal y = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(qMax(40, width));
        line.setPosition(QPointF(0, y));
        y += line.height() + 1;
        if (!m_whole && layout.lineCount() >= rowsShown)
            break;
    }
    layout.endLayout();
}

QString TokenText::shown() const
{
    return m_whole ? m_text : m_text.left(charactersFolded);
}

int TokenText::heightForWidth(int width) const
{
    QTextLayout layout(shown());
    arrange(layout, width);
    if (layout.lineCount() == 0)
        return 0;
    const QTextLine last = layout.lineAt(layout.lineCount() - 1);
    return int(last.y() + last.height()) + 2;
}

void TokenText::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(tokens().muted);
    QTextLayout layout(shown());
    arrange(layout, width());
    layout.draw(&painter, QPointF(0, 0));
    if (layout.lineCount() == 0)
        return;
    const QTextLine last = layout.lineAt(layout.lineCount() - 1);
    if (last.textStart() + last.textLength() < m_length) {
        const QString more = tr(" … %n more characters ", nullptr, int(m_length - last.textStart() - last.textLength()));
        painter.setFont(smallFont());
        const int w = painter.fontMetrics().horizontalAdvance(more);
        const QRectF area(width() - w, last.y(), w, last.height() + 1);
        painter.fillRect(area, tokens().card);
        painter.drawText(area, Qt::AlignCenter, more);
    }
}

void TokenText::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

void TokenText::mouseReleaseEvent(QMouseEvent *)
{
    m_whole = !m_whole;
    updateGeometry();
    update();
}

} // namespace tokenlab::ui
