#include "ui/export/writebackdialog.h"

#include "ui/widgets/basics.h"
#include "ui/widgets/lineview.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>

namespace tokenlab::ui {

namespace {

LineView::Look lookOf(QByteArrayView line)
{
    const Tokens &t = tokens();
    if (line.startsWith("@@"))
        return {t.accentText, {}};
    if (line.startsWith("+++ ") || line.startsWith("--- ") || line.startsWith('\\'))
        return {t.muted, {}};
    if (line.startsWith('+'))
        return {t.good, t.goodSoft};
    if (line.startsWith('-'))
        return {t.bad, t.badSoft};
    return {};
}

} // namespace

WriteBackDialog::WriteBackDialog(LabSession *session, const QByteArray &text, bool isTemplate, QWidget *parent)
    : QDialog(parent),
      m_session(session),
      m_text(text),
      m_words(plainLabel({})),
      m_takesOver(plainLabel(tr("The open document takes the variables over as well, and as a template it is not played here. "
                                "Undo brings its values back."))),
      m_error(plainLabel({}, "bad")),
      m_count(new Pill),
      m_view(new LineView),
      m_write(new QPushButton(tr("&Write")))
{
    setObjectName(QStringLiteral("writeBackDialog"));
    setWindowTitle(tr("Write back"));
    resize(860, 560);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    auto *top = new QHBoxLayout;
    top->setSpacing(10);
    m_words->setObjectName(QStringLiteral("writeBackWords"));
    top->addWidget(m_words, 1);
    m_count->setObjectName(QStringLiteral("writeBackCount"));
    top->addWidget(m_count, 0, Qt::AlignTop);
    column->addLayout(top);
    auto *card = new Card;
    card->column()->setContentsMargins(4, 6, 4, 6);
    m_view->setObjectName(QStringLiteral("differenceView"));
    m_view->setAccessibleName(tr("Difference between the file and what is to be written"));
    m_view->setLineNumbers(false);
    m_view->setLook(&lookOf);
    card->column()->addWidget(m_view);
    column->addWidget(card, 1);
    m_takesOver->setObjectName(QStringLiteral("writeBackTakesOver"));
    m_takesOver->setVisible(isTemplate && session->document().bytes() != text);
    column->addWidget(m_takesOver);
    m_error->setObjectName(QStringLiteral("writeBackError"));
    m_error->hide();
    column->addWidget(m_error);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("writeBackCancel"));
    buttons->addWidget(cancel);
    m_write->setObjectName(QStringLiteral("writeBackConfirm"));
    m_write->setProperty("kind", QStringLiteral("primary"));
    buttons->addWidget(m_write);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_write, &QPushButton::clicked, this, &WriteBackDialog::write);
    look();
    cancel->setFocus(); // what changes a file is meant
}

void WriteBackDialog::look()
{
    const QString path = m_session->path(), name = QFileInfo(path).fileName();
    const auto before = readFile(path);
    if (!before && QFileInfo::exists(path)) {
        m_error->setText(tr("%1 cannot be read: %2").arg(path, before.error().reason));
        m_error->show();
    }
    m_before = before ? before.value() : QByteArray();
    const auto work = [before = m_before, text = m_text, label = name.toUtf8()] {
        Difference found = difference(before, text);
        QByteArray lines = unified(found, label, label);
        return std::make_shared<const Shown>(Shown{std::move(found), std::move(lines)});
    };
    if (m_before.size() + m_text.size() <= workedAtOnce) {
        m_looking.drop();
        show(*work());
        return;
    }
    m_write->setEnabled(false);
    m_words->setText(tr("Comparing with %1…").arg(path));
    m_looking.order(work, [this](const std::shared_ptr<const Shown> &shown) { show(*shown); });
}

void WriteBackDialog::show(const Shown &shown)
{
    const QString path = m_session->path();
    const Difference &found = shown.difference;
    m_view->setText(shown.text);
    m_words->setText(found.isEmpty() ? tr("%1 already holds this, byte for byte.").arg(path) : tr("This would change in %1").arg(path));
    m_count->show(found.isEmpty() ? tr("No difference") : tr("+%1  −%2 lines").arg(qlonglong(found.added)).arg(qlonglong(found.removed)),
                  Tone::Neutral);
    m_write->setEnabled(!found.isEmpty());
}

void WriteBackDialog::write()
{
    // What was looked at is what is replaced: another program may have written since.
    const auto now = readFile(m_session->path());
    if ((now ? now.value() : QByteArray()) != m_before) {
        look();
        m_error->setText(tr("The file changed meanwhile; this is the difference to what it holds now."));
        m_error->show();
        return;
    }
    const QByteArray &open = m_session->document().bytes();
    if (open != m_text) {
        gateway::edit::Edit whole;
        whole.push_back({{0, open.size()}, m_text});
        if (const auto least = gateway::edit::joined(open, whole))
            m_session->edit(least, tr("Write back"));
    }
    if (const auto saved = m_session->save(m_session->path()); !saved) {
        m_error->setText(tr("%1 was left as it was: %2").arg(m_session->path(), saved.error().reason));
        m_error->show();
        return;
    }
    emit written(m_session->path());
    accept();
}

} // namespace tokenlab::ui
