#include "ui/problems/problempopup.h"

#include "core/text/problems.h"
#include "core/text/text.h"
#include "ui/problems/severity.h"

#include <QGridLayout>
#include <QPushButton>
#include <QScreen>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr int popupWidth = 440;
constexpr qsizetype shownBytes = 400; // of a body in the preview
constexpr std::size_t shownProblems = 4;

QString shown(const QByteArray &body)
{
    if (body.isEmpty())
        return ProblemPopup::tr("empty body");
    return text::inert(body.first(qMin(body.size(), shownBytes))) + (body.size() > shownBytes ? QStringLiteral("…") : QString());
}

QLabel *monoLabel(const QString &text, const char *role, QWidget *parent)
{
    QLabel *label = plainLabel(text, role, parent);
    label->setFont(smallMonoFont());
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QFrame *ruleLine(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setFixedHeight(1);
    line->setStyleSheet(QStringLiteral("background: %1;").arg(tokens().border.name()));
    return line;
}

} // namespace

ProblemPopup::ProblemPopup(ProblemRunner *runner, QWidget *parent)
    : QFrame(parent, Qt::Popup), m_runner(runner), m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("problemPopup"));
    setAttribute(Qt::WA_DeleteOnClose);
    setStyleSheet(
        QStringLiteral("#problemPopup { background: %1; border: 1px solid %2; }").arg(tokens().card.name(), tokens().borderStrong.name()));
    setFixedWidth(popupWidth);
    m_column->setContentsMargins(16, 13, 16, 13);
    m_column->setSpacing(7);
}

ProblemPopup::ProblemPopup(ProblemRunner *runner, const std::vector<problems::Problem> &problems, bool explain, QWidget *parent)
    : ProblemPopup(runner, parent)
{
    setAccessibleName(problems.empty() ? tr("Problem") : text::message(problems.front()));
    for (std::size_t i = 0; i < problems.size() && i < shownProblems; ++i) {
        if (i > 0)
            m_column->addWidget(ruleLine(this));
        addProblem(problems[i], explain);
    }
    if (problems.size() > shownProblems)
        m_column->addWidget(plainLabel(tr("And %1 more, in the list of problems.").arg(problems.size() - shownProblems), "muted", this));
}

ProblemPopup::ProblemPopup(ProblemRunner *runner, const problems::Problem &problem, const problems::Fix &fix, QWidget *parent)
    : ProblemPopup(runner, parent)
{
    const QString label = text::label(fix, problem);
    setAccessibleName(label);
    m_column->addWidget(plainLabel(label, "title", this));
    if (const auto preview = m_runner->preview(problem, fix))
        addPreview(*preview);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 4, 0, 0);
    row->addStretch(1);
    auto *cancel = new QPushButton(tr("Leave it"), this);
    cancel->setObjectName(QStringLiteral("previewCancel"));
    connect(cancel, &QPushButton::clicked, this, &QWidget::close);
    auto *apply = new QPushButton(tr("Apply"), this);
    apply->setProperty("kind", QStringLiteral("primary"));
    apply->setObjectName(QStringLiteral("previewApply"));
    apply->setDefault(true);
    connect(apply, &QPushButton::clicked, this, [this, problem, fix] {
        m_runner->apply(problem, fix);
        close();
    });
    row->addWidget(cancel);
    row->addWidget(apply);
    m_column->addLayout(row);
    setFocusProxy(apply);
}

void ProblemPopup::addProblem(const problems::Problem &problem, bool explain)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    auto *shape = new QLabel(this);
    shape->setPixmap(iconOf(problem.severity).pixmap(14, 14));
    shape->setFixedSize(14, 18);
    shape->setAccessibleName(severityName(problem.severity));
    row->addWidget(shape, 0, Qt::AlignTop);
    auto *message = plainLabel(text::message(problem), "title", this);
    message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    message->setObjectName(QStringLiteral("problemMessage"));
    row->addWidget(message, 1);
    m_column->addLayout(row);
    if (!problem.gateway.isEmpty())
        m_column->addWidget(monoLabel(text::inert(problem.gateway), "muted", this));
    if (explain && problem.code) {
        if (const QString why = text::explanation(*problem.code); !why.isEmpty()) {
            auto *words = plainLabel(why, nullptr, this);
            words->setTextInteractionFlags(Qt::TextSelectableByMouse);
            words->setObjectName(QStringLiteral("problemExplanation"));
            m_column->addWidget(words);
        }
        const QString code = QString::fromUtf8(problem.code->id.data(), qsizetype(problem.code->id.size()));
        m_column->addWidget(monoLabel(code + (problem.lint ? tr(" · the official schema objects too") : QString()), "muted", this));
    }
    for (const problems::Fix &fix : problem.fixes)
        addFix(problem, fix);
    if (explain && !problem.pointer.isEmpty()) {
        auto *go = flatButton(tr("Go to %1").arg(text::inert(problem.pointer)),
                              tr("Go to %1 in the configuration").arg(text::inert(problem.pointer)), QStringLiteral("problemGo"), this);
        go->setProperty("kind", QStringLiteral("link"));
        go->setText(go->fontMetrics().elidedText(go->text(), Qt::ElideMiddle, popupWidth - 50));
        m_column->addWidget(go, 0, Qt::AlignLeft);
        connect(go, &QToolButton::clicked, this, [this, pointer = problem.pointer, endpoint = problem.endpoint] {
            emit placeAsked(pointer, endpoint);
            close();
        });
    }
}

void ProblemPopup::addFix(const problems::Problem &problem, const problems::Fix &fix)
{
    const QString label = text::label(fix, problem);
    auto *button = flatButton(fontMetrics().elidedText(label, Qt::ElideMiddle, popupWidth - 60), label, QStringLiteral("popupFix"), this);
    button->setProperty("kind", QStringLiteral("link"));
    button->setEnabled(m_runner->isCurrent());
    m_column->addWidget(button, 0, Qt::AlignLeft);
    const auto preview = m_runner->preview(problem, fix);
    if (preview)
        addPreview(*preview);
    connect(button, &QToolButton::clicked, this, [this, problem, fix] {
        m_runner->apply(problem, fix);
        close();
    });
}

void ProblemPopup::addPreview(const RefusalPreview &preview)
{
    m_column->addWidget(
        plainLabel(preview.seen ? tr("The backend refused the last login with %1. What the client gets:").arg(preview.backendStatus)
                                : tr("When the backend refuses a login, with %1 for example, the client gets:").arg(preview.backendStatus),
                   "muted", this));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(2, 1);
    const auto add = [this, grid](int row, const QString &when, int status, const QByteArray &body) {
        auto *name = plainLabel(when, "muted", this);
        name->setWordWrap(false);
        grid->addWidget(name, row, 0, Qt::AlignTop);
        auto *pill = new Pill(this);
        pill->show(QString::number(status), status < 400 ? Tone::Good : Tone::Bad);
        pill->setObjectName(row == 0 ? QStringLiteral("previewBeforeStatus") : QStringLiteral("previewAfterStatus"));
        grid->addWidget(pill, row, 1, Qt::AlignTop);
        auto *text = monoLabel(shown(body), body.isEmpty() ? "muted" : nullptr, this);
        text->setObjectName(row == 0 ? QStringLiteral("previewBeforeBody") : QStringLiteral("previewAfterBody"));
        text->setContentsMargins(0, 3, 0, 0);
        grid->addWidget(text, row, 2, Qt::AlignTop);
    };
    add(0, tr("Now"), preview.answers.beforeStatus, preview.answers.beforeBody);
    add(1, tr("Then"), preview.answers.afterStatus, preview.answers.afterBody);
    m_column->addLayout(grid);
    if (preview.answers.leaked.isEmpty())
        return;
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    auto *shape = new QLabel(this);
    shape->setPixmap(iconOf(problems::Severity::Warning).pixmap(14, 14));
    shape->setFixedSize(14, 18);
    row->addWidget(shape, 0, Qt::AlignTop);
    auto *leak = plainLabel(tr("The backend's own words reach the client: %1").arg(shown(preview.answers.leaked)), "warning", this);
    leak->setObjectName(QStringLiteral("previewLeak"));
    row->addWidget(leak, 1);
    m_column->addLayout(row);
}

void ProblemPopup::showAt(const QPoint &global, const QWidget *anchor)
{
    adjustSize();
    if (layout()->hasHeightForWidth())
        resize(width(), layout()->heightForWidth(width()));
    QPoint at = global;
    if (const QScreen *screen = anchor->screen()) {
        const QRect area = screen->availableGeometry();
        at.setX(std::clamp(at.x(), area.left(), std::max(area.left(), area.right() - width())));
        if (at.y() + height() > area.bottom())
            at.setY(std::max(area.top(), area.bottom() - height()));
    }
    move(at);
    show();
    setFocus();
}

} // namespace tokenlab::ui
