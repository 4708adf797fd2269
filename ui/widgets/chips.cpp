#include "ui/widgets/chips.h"

#include "ui/widgets/basics.h"
#include "ui/widgets/flowlayout.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QStringListModel>
#include <QToolButton>

#include <algorithm>

namespace tokenlab::ui {

namespace {

// Reached by Tab as any field; the × is for the mouse.
class Chip : public QWidget
{
public:
    explicit Chip(QWidget *parent) : QWidget(parent)
    {
        setObjectName(QStringLiteral("chip"));
        setFocusPolicy(Qt::StrongFocus);
    }

protected:
    void focusInEvent(QFocusEvent *) override { update(); }
    void focusOutEvent(QFocusEvent *) override { update(); }
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(hasFocus() ? QPen(tokens().accent, 1.5) : QPen(Qt::NoPen));
        painter.setBrush(tokens().accentSoft);
        const QRectF shape = hasFocus() ? QRectF(rect()).adjusted(1, 1, -1, -1) : QRectF(rect());
        painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2);
    }
};

} // namespace

Chips::Chips(const QString &what, const QString &placeholder, QWidget *parent)
    : QWidget(parent), m_what(what), m_flow(new FlowLayout(this)), m_field(new QLineEdit(this)), m_suggestions(new QStringListModel(this))
{
    m_field->setPlaceholderText(placeholder);
    m_field->setAccessibleName(tr("Add a %1").arg(what));
    m_field->setFixedWidth(110);
    m_field->installEventFilter(this);
    auto *completer = new QCompleter(m_suggestions, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    m_field->setCompleter(completer);
    m_flow->addWidget(m_field);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(m_field, &QLineEdit::returnPressed, this, [this] {
        const QString name = m_field->text();
        if (name.isEmpty())
            return;
        m_field->clear();
        emit added(name);
    });
}

void Chips::setNames(const QStringList &names)
{
    if (names == m_names)
        return;
    m_names = names;
    rebuild();
}

void Chips::setSuggestions(const QStringList &names)
{
    m_suggestions->setStringList(names);
}

void Chips::setReadOnly(bool readOnly)
{
    if (readOnly == m_readOnly)
        return;
    m_readOnly = readOnly;
    m_field->setEnabled(!readOnly);
    rebuild();
}

bool Chips::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (watched == m_field) {
        if (!m_field->text().isEmpty() || m_chips.empty() || m_readOnly)
            return QWidget::eventFilter(watched, event);
        if (key == Qt::Key_Backspace) {
            emit removed(int(m_chips.size()) - 1);
            return true;
        }
        if (key == Qt::Key_Left) {
            m_chips.back()->setFocus(Qt::TabFocusReason);
            return true;
        }
        return QWidget::eventFilter(watched, event);
    }
    const auto chip = std::find(m_chips.begin(), m_chips.end(), watched);
    if (chip == m_chips.end())
        return QWidget::eventFilter(watched, event);
    const auto index = int(chip - m_chips.begin());
    switch (key) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        if (!m_readOnly)
            emit removed(index); // the chip is gone now
        return true;
    case Qt::Key_Left:
        focusChip(qMax(0, index - 1));
        return true;
    case Qt::Key_Right:
        focusChip(index + 1);
        return true;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void Chips::focusChip(int index)
{
    QWidget *wanted = index >= 0 && index < int(m_chips.size()) ? m_chips[std::size_t(index)] : static_cast<QWidget *>(m_field);
    wanted->setFocus(Qt::TabFocusReason);
}

void Chips::rebuild()
{
    // A chip may be the sender: it must outlive its signal.
    const auto focused = std::find_if(m_chips.begin(), m_chips.end(), [](const QWidget *chip) { return chip->hasFocus(); });
    const int focusedIndex = focused == m_chips.end() ? -1 : int(focused - m_chips.begin());
    for (QWidget *chip : m_chips) {
        m_flow->removeWidget(chip);
        chip->hide();
        chip->deleteLater();
    }
    m_chips.clear();
    m_flow->removeWidget(m_field);
    for (qsizetype i = 0; i < m_names.size(); ++i) {
        auto *chip = new Chip(this);
        chip->setAccessibleName(m_readOnly ? tr("%1, %2").arg(m_names[i], m_what)
                                           : tr("%1, %2; Delete removes it").arg(m_names[i], m_what));
        chip->installEventFilter(this);
        auto *row = new QHBoxLayout(chip);
        row->setContentsMargins(10, 2, 5, 2);
        row->setSpacing(3);
        auto *label = new QLabel(chip);
        label->setTextFormat(Qt::PlainText);
        QFont f = smallFont();
        f.setWeight(QFont::DemiBold);
        label->setFont(f);
        label->setText(QFontMetrics(f).elidedText(m_names[i], Qt::ElideMiddle, 180));
        label->setToolTip(m_names[i].toHtmlEscaped());
        label->setProperty("tone", QStringLiteral("accent"));
        row->addWidget(label);
        auto *remove = new QToolButton(chip);
        remove->setText(QStringLiteral("×"));
        remove->setProperty("kind", QStringLiteral("chip"));
        remove->setFixedSize(16, 16);
        remove->setFocusPolicy(Qt::NoFocus);
        remove->setAccessibleName(tr("Remove %1").arg(m_names[i]));
        remove->setToolTip(tr("Remove (Delete)"));
        remove->setEnabled(!m_readOnly);
        const int index = int(i);
        connect(remove, &QToolButton::clicked, this, [this, index] { emit removed(index); });
        row->addWidget(remove);
        m_flow->addWidget(chip);
        chip->show();
        m_chips.push_back(chip);
    }
    m_flow->addWidget(m_field);
    orderTabs();
    m_flow->invalidate();
    updateGeometry();
    if (focusedIndex >= 0)
        focusChip(qMin(focusedIndex, int(m_chips.size()) - 1));
}

// As they stand: the chips, then the field. New widgets would come last of the whole window.
void Chips::orderTabs()
{
    QWidget *before = m_field;
    for (QWidget *chip : m_chips) {
        setTabOrder(before, chip);
        before = chip;
    }
    if (before != m_field)
        setTabOrder(before, m_field);
}

} // namespace tokenlab::ui
