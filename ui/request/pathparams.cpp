#include "ui/request/pathparams.h"

#include "core/gateway/pathparams.h"
#include "core/text/text.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/flowlayout.h"

#include <QHBoxLayout>
#include <QLineEdit>

#include <algorithm>

namespace tokenlab::ui {

namespace {
constexpr std::size_t mostFields = 32; // more in a path are a slip of the keyboard
}

PathParams::PathParams(QWidget *parent) : QWidget(parent), m_flow(new FlowLayout(this)), m_title(new QLabel(tr("Path"), this))
{
    setObjectName(QStringLiteral("pathParams"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setProperty("role", QStringLiteral("muted"));
    m_title->setMinimumHeight(28);
    m_flow->addWidget(m_title);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    hide();
}

void PathParams::show(const RequestDraft &draft)
{
    std::vector<QByteArray> names = gateway::pathParams(draft.target);
    if (names.size() > mostFields)
        names.resize(mostFields);
    if (!std::equal(names.begin(), names.end(), m_fields.begin(), m_fields.end(),
                    [](const QByteArray &name, const Field &field) { return name == field.name; }))
        rebuild(names);
    for (const Field &field : m_fields) {
        const auto value = draft.params.find(field.name);
        const QString text = value == draft.params.end() ? QString() : QString::fromUtf8(value->second);
        if (field.edit->text() != text)
            field.edit->setText(text);
        if (!text.isEmpty())
            setStyleProperty(field.edit, "invalid", QStringLiteral("no"));
    }
    setVisible(!m_fields.empty());
}

void PathParams::rebuild(const std::vector<QByteArray> &names)
{
    for (const Field &field : m_fields) {
        m_flow->removeWidget(field.holder);
        field.holder->hide();
        field.holder->deleteLater();
    }
    m_fields.clear();
    for (const QByteArray &name : names) {
        auto *holder = new QWidget(this);
        auto *row = new QHBoxLayout(holder);
        row->setContentsMargins(0, 0, 6, 0);
        row->setSpacing(6);
        const QString shown = text::inert(name);
        auto *label = new QLabel(holder);
        label->setTextFormat(Qt::PlainText);
        label->setFont(monoFont());
        label->setText(QLatin1Char('{') + QFontMetrics(label->font()).elidedText(shown, Qt::ElideMiddle, 200) + QLatin1Char('}'));
        row->addWidget(label);
        auto *edit = new QLineEdit(holder);
        edit->setObjectName(QStringLiteral("pathParam:") + shown);
        edit->setAccessibleName(tr("Value of {%1} in the path").arg(shown));
        edit->setToolTip(tr("What the client puts in the place of {%1}").arg(shown).toHtmlEscaped());
        edit->setPlaceholderText(tr("value"));
        edit->setFont(monoFont());
        edit->setFixedWidth(150);
        row->addWidget(edit);
        label->setBuddy(edit);
        connect(edit, &QLineEdit::textEdited, this, [this, name, edit](const QString &text) {
            setStyleProperty(edit, "invalid", QStringLiteral("no"));
            emit edited(name, text.toUtf8());
        });
        m_flow->addWidget(holder);
        holder->show();
        m_fields.push_back({name, holder, edit});
    }
    m_flow->invalidate();
    updateGeometry();
}

void PathParams::focusOn(const QByteArray &name)
{
    for (const Field &field : m_fields) {
        if (field.name == name) {
            setStyleProperty(field.edit, "invalid", QStringLiteral("yes"));
            field.edit->setFocus();
        }
    }
}

} // namespace tokenlab::ui
