#include "ui/widgets/chips.h"

#include "ui/widgets/basics.h"
#include "ui/widgets/flowlayout.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QStringListModel>
#include <QToolButton>

namespace tokenlab::ui {

namespace {

class Chip : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens().accentSoft);
        painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    }
};

} // namespace

Chips::Chips(const QString &what, const QString &placeholder, QWidget *parent)
    : QWidget(parent), m_what(what), m_flow(new FlowLayout(this)), m_field(new QLineEdit(this)), m_suggestions(new QStringListModel(this))
{
    m_field->setPlaceholderText(placeholder);
    m_field->setAccessibleName(tr("Add a %1").arg(what));
    m_field->setFixedWidth(110);
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

void Chips::rebuild()
{
    // A chip's own button may be the sender: it must outlive its signal.
    const bool hadFocus = focusWidget() && focusWidget()->hasFocus() && focusWidget() != m_field;
    for (QWidget *chip : m_chips) {
        m_flow->removeWidget(chip);
        chip->hide();
        chip->deleteLater();
    }
    m_chips.clear();
    m_flow->removeWidget(m_field);
    for (qsizetype i = 0; i < m_names.size(); ++i) {
        auto *chip = new Chip(this);
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
        remove->setFocusPolicy(Qt::StrongFocus);
        remove->setAccessibleName(tr("Remove %1").arg(m_names[i]));
        remove->setEnabled(!m_readOnly);
        const int index = int(i);
        connect(remove, &QToolButton::clicked, this, [this, index] { emit removed(index); });
        row->addWidget(remove);
        m_flow->addWidget(chip);
        chip->show();
        m_chips.push_back(chip);
    }
    m_flow->addWidget(m_field);
    m_flow->invalidate();
    updateGeometry();
    if (hadFocus)
        m_field->setFocus();
}

} // namespace tokenlab::ui
