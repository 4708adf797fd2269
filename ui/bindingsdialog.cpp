#include "ui/bindingsdialog.h"

#include "core/text/text.h"
#include "ui/widgets/basics.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

BindingsDialog::BindingsDialog(const lab::Bindings &bindings, QWidget *parent)
    : QDialog(parent), m_bindings(bindings), m_lines(new QPlainTextEdit(this)), m_error(plainLabel({}, "bad", this))
{
    setObjectName(QStringLiteral("bindingsDialog"));
    setWindowTitle(tr("Bindings"));
    resize(620, 300);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(9);
    column->addWidget(plainLabel(tr("A binding leads a host, key URL or file of the configuration to one that this computer can reach. "
                                    "One a line: FROM=TO. Bindings are never written to the file.")));
    m_lines->setObjectName(QStringLiteral("bindingsEdit"));
    m_lines->setAccessibleName(tr("Bindings, one a line, FROM=TO"));
    m_lines->setFont(monoFont());
    m_lines->setTabChangesFocus(true);
    m_lines->setPlaceholderText(QStringLiteral("https://login.example.com=http://127.0.0.1:8400"));
    QByteArrayList lines;
    for (const lab::Binding &binding : bindings.all())
        lines << binding.from + '=' + binding.to;
    m_lines->setPlainText(QString::fromUtf8(lines.join('\n')));
    column->addWidget(m_lines, 1);
    m_error->setObjectName(QStringLiteral("bindingsError"));
    column->addWidget(m_error);
    auto *buttons = new QDialogButtonBox(this);
    m_use = buttons->addButton(tr("Use these"), QDialogButtonBox::AcceptRole);
    m_use->setProperty("kind", QStringLiteral("primary"));
    buttons->addButton(QDialogButtonBox::Cancel);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_lines, &QPlainTextEdit::textChanged, this, &BindingsDialog::check);
    check();
}

void BindingsDialog::check()
{
    m_bindings = {};
    QString error;
    const QStringList lines = m_lines->toPlainText().split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QByteArray line = lines[i].trimmed().toUtf8();
        if (line.isEmpty())
            continue;
        auto binding = lab::parseBinding(line);
        if (binding)
            m_bindings.add(binding.value());
        else if (error.isEmpty())
            error = tr("Line %1 is no binding: %2").arg(i + 1).arg(text::inert(binding.error().text));
    }
    m_error->setText(error);
    m_error->setVisible(!error.isEmpty());
    m_use->setEnabled(error.isEmpty());
}

} // namespace tokenlab::ui
