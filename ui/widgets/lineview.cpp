#include "ui/widgets/lineview.h"

#include "core/text/text.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QtConcurrentRun>

#include <algorithm>
#include <cstring>

namespace tokenlab::ui {

namespace {
constexpr qsizetype rowBytes = 400;          // a row of a longer line
constexpr qsizetype indexAtOnce = 64 * 1024; // larger texts go to a thread
} // namespace

LineView::LineView(QWidget *parent)
    : QAbstractScrollArea(parent), m_index(std::make_shared<Index>()), m_watcher(new QFutureWatcher<SharedIndex>(this))
{
    // A watcher that got a newer future says nothing of the older one.
    connect(m_watcher, &QFutureWatcher<SharedIndex>::finished, this, [this] {
        if (m_indexing)
            setIndex(m_watcher->result());
    });
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setFont(monoFont());
    viewport()->setCursor(Qt::IBeamCursor);
}

void LineView::setText(const QByteArray &text)
{
    m_text = text;
    m_marks.clear();
    m_wanted = -1;
    m_anchor = m_current = -1;
    if (text.size() <= indexAtOnce) {
        setIndex(indexOf(text));
        return;
    }
    setIndex(std::make_shared<Index>());
    m_indexing = true;
    m_watcher->setFuture(QtConcurrent::run(&LineView::indexOf, text));
}

void LineView::setIndex(const SharedIndex &index)
{
    m_indexing = false;
    m_index = index;
    updateBars();
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
    viewport()->update();
    if (m_wanted >= 0)
        showOffset(m_wanted);
}

void LineView::setMarks(std::vector<Mark> marks)
{
    m_marks = std::move(marks);
    viewport()->update();
}

void LineView::showOffset(qsizetype offset)
{
    m_wanted = offset;
    if (m_indexing || m_index->rows.empty())
        return;
    m_wanted = -1;
    const auto after =
        std::upper_bound(m_index->rows.begin(), m_index->rows.end(), offset, [](qsizetype at, const Row &row) { return at < row.begin; });
    const qsizetype row = std::max<qsizetype>(0, after - m_index->rows.begin() - 1);
    verticalScrollBar()->setValue(int(row) - verticalScrollBar()->pageStep() / 3);
    // A place far to the right is brought into view as well.
    const int x = int(offset - m_index->rows[std::size_t(row)].begin) * m_charWidth;
    horizontalScrollBar()->setValue(x > viewport()->width() * 2 / 3 ? x - viewport()->width() / 3 : 0);
}

int LineView::gutter() const
{
    if (!m_numbers)
        return m_charWidth;
    return (int(QString::number(qMax(1, m_index->lines)).size()) + 2) * m_charWidth;
}

void LineView::paintMarks(QPainter &painter, const Row &row, int x, int y) const
{
    const qsizetype end = row.begin + row.length;
    auto mark =
        std::lower_bound(m_marks.begin(), m_marks.end(), row.begin, [](const Mark &m, qsizetype at) { return m.begin + m.length < at; });
    const QFontMetrics metrics(font());
    const QByteArrayView line = QByteArrayView(m_text).sliced(row.begin, row.length);
    for (; mark != m_marks.end() && mark->begin <= end; ++mark) {
        const qsizetype from = std::max(mark->begin, row.begin), to = std::min(mark->begin + mark->length, end);
        if (to < from || (to == from && mark->length > 0))
            continue;
        const int left = metrics.horizontalAdvance(text::inert(line.first(from - row.begin)));
        const int width = metrics.horizontalAdvance(text::inert(line.sliced(from - row.begin, to - from)));
        // What is missing here is a thin line where it would stand.
        const QRect place(x + left, y, qMax(2, width), m_lineHeight);
        painter.fillRect(place, tokens().badSoft);
        painter.fillRect(QRect(place.left(), place.bottom() - 1, place.width(), 2), tokens().bad);
    }
}

LineView::SharedIndex LineView::indexOf(const QByteArray &text)
{
    auto index = std::make_shared<Index>();
    const char *bytes = text.constData();
    qsizetype at = 0;
    while (at < text.size()) {
        const void *found = std::memchr(bytes + at, '\n', std::size_t(text.size() - at));
        const qsizetype end = found ? static_cast<const char *>(found) - bytes : text.size();
        int line = ++index->lines;
        qsizetype from = at;
        do {
            qsizetype to = qMin(end, from + rowBytes);
            // Not through the middle of a character; at most three continuation bytes can follow.
            for (int back = 0; back < 3 && to < end && to > from + 1 && (uchar(bytes[to]) & 0xc0) == 0x80; ++back)
                --to;
            index->rows.push_back({from, int(to - from), line});
            index->longest = qMax(index->longest, int(to - from));
            line = 0;
            from = to;
        } while (from < end);
        at = end + 1;
    }
    return index;
}

void LineView::updateBars()
{
    const QFontMetrics metrics(font());
    m_lineHeight = metrics.height() + 2;
    m_charWidth = qMax(1, metrics.horizontalAdvance(QLatin1Char('0')));
    const int visible = qMax(1, viewport()->height() / m_lineHeight);
    verticalScrollBar()->setPageStep(visible);
    verticalScrollBar()->setRange(0, int(qMax<qsizetype>(0, rowCount() - visible)));
    horizontalScrollBar()->setSingleStep(m_charWidth);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, qMax(0, (m_index->longest + 10) * m_charWidth - viewport()->width()));
}

void LineView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const Tokens &t = tokens();
    painter.fillRect(viewport()->rect(), t.card);
    painter.setFont(font());
    const int gutter = this->gutter();
    const qsizetype first = verticalScrollBar()->value();
    const qsizetype from = qMin(m_anchor, m_current), to = qMax(m_anchor, m_current);
    int y = 0;
    for (qsizetype i = first; i < rowCount() && y < viewport()->height(); ++i, y += m_lineHeight) {
        const Row &row = m_index->rows[std::size_t(i)];
        const Look look = m_look ? m_look(QByteArrayView(m_text).sliced(row.begin, row.length)) : Look();
        if (look.background.isValid())
            painter.fillRect(0, y, viewport()->width(), m_lineHeight, look.background);
        if (m_anchor >= 0 && i >= from && i <= to)
            painter.fillRect(0, y, viewport()->width(), m_lineHeight, t.accentSoft);
        paintMarks(painter, row, gutter - horizontalScrollBar()->value(), y);
        painter.setPen(look.text.isValid() ? look.text : t.text);
        const QString shown = text::inert(QByteArrayView(m_text).sliced(row.begin, row.length));
        painter.drawText(QRect(gutter - horizontalScrollBar()->value(), y, (int(shown.size()) + 20) * m_charWidth * 2, m_lineHeight),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown);
        if (m_numbers)
            painter.fillRect(0, y, gutter - m_charWidth / 2, m_lineHeight, t.card);
        if (m_numbers && row.line > 0) {
            painter.setPen(t.faint);
            painter.drawText(QRect(0, y, gutter - m_charWidth, m_lineHeight), Qt::AlignRight | Qt::AlignVCenter, QString::number(row.line));
        }
    }
}

void LineView::resizeEvent(QResizeEvent *)
{
    updateBars();
}

void LineView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        viewport()->update();
}

qsizetype LineView::rowAt(int y) const
{
    return qBound<qsizetype>(0, qsizetype(verticalScrollBar()->value()) + y / m_lineHeight, qMax<qsizetype>(0, rowCount() - 1));
}

void LineView::select(qsizetype anchor, qsizetype current)
{
    m_anchor = anchor;
    m_current = current;
    if (current < verticalScrollBar()->value())
        verticalScrollBar()->setValue(int(current));
    else if (current >= verticalScrollBar()->value() + verticalScrollBar()->pageStep())
        verticalScrollBar()->setValue(int(current - verticalScrollBar()->pageStep() + 1));
    viewport()->update();
}

void LineView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        m_current = rowCount() - 1;
        viewport()->update();
        return;
    }
    const int page = verticalScrollBar()->pageStep();
    qsizetype step = 0;
    switch (event->key()) {
    case Qt::Key_Up:
        step = -1;
        break;
    case Qt::Key_Down:
        step = 1;
        break;
    case Qt::Key_PageUp:
        step = -page;
        break;
    case Qt::Key_PageDown:
        step = page;
        break;
    case Qt::Key_Home:
        step = -rowCount();
        break;
    case Qt::Key_End:
        step = rowCount();
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    if (rowCount() == 0)
        return;
    const qsizetype current = qBound<qsizetype>(0, qMax<qsizetype>(0, m_current) + step, rowCount() - 1);
    select(event->modifiers().testFlag(Qt::ShiftModifier) && m_anchor >= 0 ? m_anchor : current, current);
}

void LineView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rowCount() > 0) {
        const qsizetype row = rowAt(int(event->position().y()));
        select(event->modifiers().testFlag(Qt::ShiftModifier) && m_anchor >= 0 ? m_anchor : row, row);
    }
}

void LineView::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons().testFlag(Qt::LeftButton) && m_anchor >= 0)
        select(m_anchor, rowAt(int(event->position().y())));
}

void LineView::copySelection() const
{
    if (m_anchor < 0 || rowCount() == 0)
        return;
    const Row &first = m_index->rows[std::size_t(qMin(m_anchor, m_current))];
    const Row &last = m_index->rows[std::size_t(qMax(m_anchor, m_current))];
    QGuiApplication::clipboard()->setText(QString::fromUtf8(m_text.mid(first.begin, last.begin + last.length - first.begin)));
}

void LineView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *copy = menu->addAction(tr("Copy lines"), this, [this] { copySelection(); });
    copy->setEnabled(m_anchor >= 0);
    menu->addAction(tr("Copy everything"), this, [this] { QGuiApplication::clipboard()->setText(QString::fromUtf8(m_text)); });
    menu->popup(event->globalPos());
}

} // namespace tokenlab::ui
