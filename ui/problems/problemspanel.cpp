#include "ui/problems/problemspanel.h"

#include "core/text/problems.h"
#include "core/text/text.h"
#include "ui/problems/problemdelegate.h"
#include "ui/problems/problemmodel.h"
#include "ui/problems/problempopup.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace tokenlab::ui {

ProblemsPanel::ProblemsPanel(LabSession *session, ProblemRunner *runner, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_runner(runner),
      m_model(new ProblemModel(this)),
      m_filter(new ProblemFilter(this)),
      m_view(new QTreeView),
      m_delegate(new ProblemDelegate(m_view)),
      m_notice(plainLabel({}, "muted")),
      m_actions(new QWidget),
      m_badge(new CountBadge),
      m_here(flatButton(tr("This endpoint"), tr("Show only what is about the chosen endpoint"), QStringLiteral("problemsHere"))),
      m_fixAll(flatButton(tr("Fix all safe"), tr("Apply every fix that changes nothing but what is plainly wrong"),
                          QStringLiteral("fixAllSafe")))
{
    setObjectName(QStringLiteral("problemsPanel"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_notice->setObjectName(QStringLiteral("problemsNotice"));
    m_notice->setContentsMargins(5, 4, 5, 4);
    m_notice->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(m_notice);
    m_filter->setSourceModel(m_model);
    m_view->setObjectName(QStringLiteral("problemsView"));
    m_view->setAccessibleName(tr("Problems of the gateway file"));
    m_view->setModel(m_filter);
    m_view->setItemDelegate(m_delegate);
    m_view->setRootIsDecorated(false);
    m_view->setMouseTracking(true);
    m_view->setExpandsOnDoubleClick(false);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    QHeaderView *header = m_view->header();
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(24);
    header->setSectionResizeMode(ProblemModel::SeverityColumn, QHeaderView::Fixed);
    header->setSectionResizeMode(ProblemModel::WhatColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(ProblemModel::WhereColumn, QHeaderView::Interactive);
    header->setSectionResizeMode(ProblemModel::LineColumn, QHeaderView::Fixed);
    header->setSectionResizeMode(ProblemModel::FixColumn, QHeaderView::Interactive);
    header->resizeSection(ProblemModel::SeverityColumn, 24);
    header->resizeSection(ProblemModel::WhereColumn, 230);
    header->resizeSection(ProblemModel::LineColumn, 52);
    header->resizeSection(ProblemModel::FixColumn, 270);
    // Sentences wrap by the width of their column.
    connect(
        header, &QHeaderView::sectionResized, m_view, [this] { m_view->doItemsLayout(); }, Qt::QueuedConnection);
    column->addWidget(m_view, 1);

    auto *row = new QHBoxLayout(m_actions);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (const problems::Severity severity : {problems::Severity::Error, problems::Severity::Warning, problems::Severity::Hint}) {
        static const char *const names[] = {"showErrors", "showWarnings", "showHints"};
        const QString words[] = {tr("Show errors"), tr("Show warnings"), tr("Show hints")};
        const auto index = std::size_t(severity);
        QToolButton *button = flatButton({}, words[index], QString::fromLatin1(names[index]), m_actions);
        button->setCheckable(true);
        button->setChecked(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setIconSize({11, 11});
        connect(button, &QToolButton::toggled, this, [this, severity](bool on) {
            m_filter->setSeverity(severity, on);
            updateNotice();
        });
        m_severities[index] = button;
        row->addWidget(button);
    }
    m_here->setCheckable(true);
    row->addWidget(m_here);
    m_fixAll->setProperty("kind", QStringLiteral("link"));
    row->addWidget(m_fixAll);
    connect(m_here, &QToolButton::toggled, this, &ProblemsPanel::showEndpoint);
    connect(m_fixAll, &QToolButton::clicked, m_runner, &ProblemRunner::fixAllSafe);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &) {
        if (const problems::Problem *problem = current())
            emit placeAsked(problem->pointer, problem->endpoint);
    });
    connect(m_view, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        QModelIndex index = m_view->indexAt(at);
        QPoint where = m_view->viewport()->mapToGlobal(at);
        if (!index.isValid() || QGuiApplication::mouseButtons() == Qt::NoButton) { // by the keyboard
            index = m_view->currentIndex();
            where = m_view->viewport()->mapToGlobal(m_view->visualRect(index.siblingAtColumn(ProblemModel::WhatColumn)).bottomLeft());
        }
        if (index.isValid())
            showMenu(index, where, false);
    });
    connect(m_delegate, &ProblemDelegate::fixClicked, this, [this](const QModelIndex &index) {
        const problems::Problem problem = m_model->problem(m_filter->mapToSource(index).row());
        if (!problem.fixes.empty())
            applyFix(problem, problem.fixes.front());
    });
    connect(m_delegate, &ProblemDelegate::moreClicked, this,
            [this](const QModelIndex &index, const QPoint &at) { showMenu(index, at, true); });
    connect(m_runner, &ProblemRunner::changed, this, &ProblemsPanel::showProblems);
    setFocusProxy(m_view);
    createActions();
    showProblems();
}

void ProblemsPanel::createActions()
{
    const auto add = [this](const QString &text, const QString &name, const QKeySequence &keys, auto &&slot) {
        auto *action = new QAction(text, m_view);
        action->setObjectName(name);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        m_view->addAction(action);
        connect(action, &QAction::triggered, this, slot);
    };
    add(tr("Go to the place"), QStringLiteral("problemGoAction"), QKeySequence(Qt::Key_Return), [this] {
        if (const problems::Problem *problem = current())
            emit placeAsked(problem->pointer, problem->endpoint);
    });
    add(tr("Apply the fix"), QStringLiteral("problemFixAction"), QKeySequence(Qt::CTRL | Qt::Key_Period), [this] {
        if (const problems::Problem *problem = current(); problem && !problem->fixes.empty())
            applyFix(*problem, problem->fixes.front());
    });
    add(tr("Explain"), QStringLiteral("problemExplainAction"), QKeySequence(Qt::Key_F1), [this] { explain(); });
    add(tr("Copy the message"), QStringLiteral("problemCopyAction"), QKeySequence::Copy, [this] {
        if (const problems::Problem *problem = current())
            QGuiApplication::clipboard()->setText(text::message(*problem));
    });
    add(tr("Copy the JSON pointer"), QStringLiteral("problemCopyPointerAction"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), [this] {
        if (const problems::Problem *problem = current())
            QGuiApplication::clipboard()->setText(QString::fromUtf8(problem->pointer));
    });
}

const problems::Problem *ProblemsPanel::current() const
{
    const QModelIndex index = m_filter->mapToSource(m_view->currentIndex());
    return index.isValid() ? &m_model->problem(index.row()) : nullptr;
}

void ProblemsPanel::showMenu(const QModelIndex &index, const QPoint &at, bool onlyFixes)
{
    m_view->setCurrentIndex(index);
    const problems::Problem *problem = current();
    if (!problem)
        return;
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("problemMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const problems::Fix &fix : problem->fixes) {
        QAction *action = menu->addAction(text::label(fix, *problem).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setEnabled(m_runner->isCurrent() && !fix.edit.empty());
        connect(action, &QAction::triggered, this, [this, problem = *problem, fix] { applyFix(problem, fix); });
    }
    if (!onlyFixes) {
        if (!problem->fixes.empty())
            menu->addSeparator();
        for (QAction *action : m_view->actions()) {
            if (action->objectName() != QLatin1String("problemFixAction"))
                menu->addAction(action);
        }
    }
    menu->popup(at);
}

void ProblemsPanel::applyFix(const problems::Problem &problem, const problems::Fix &fix)
{
    if (!m_runner->preview(problem, fix)) {
        m_runner->apply(problem, fix);
        return;
    }
    // It changes what clients get to see: that is shown first.
    auto *popup = new ProblemPopup(m_runner, problem, fix, this);
    const QRect row = m_view->visualRect(m_view->currentIndex().siblingAtColumn(ProblemModel::WhatColumn));
    popup->showAt(m_view->viewport()->mapToGlobal(row.bottomLeft()), m_view);
}

void ProblemsPanel::explain()
{
    const problems::Problem *problem = current();
    if (!problem)
        return;
    auto *popup = new ProblemPopup(m_runner, std::vector<problems::Problem>{*problem}, true, this);
    connect(popup, &ProblemPopup::placeAsked, this, &ProblemsPanel::placeAsked);
    const QRect row = m_view->visualRect(m_view->currentIndex().siblingAtColumn(ProblemModel::WhatColumn));
    popup->showAt(m_view->viewport()->mapToGlobal(row.bottomLeft()), m_view);
}

void ProblemsPanel::showEndpoint()
{
    m_filter->setEndpoint(m_here->isChecked() ? std::optional(m_session->endpointIndex()) : std::nullopt);
    updateNotice();
}

void ProblemsPanel::showProblems()
{
    const Judged &judged = *m_runner->judged();
    // The chosen row stays chosen when the list comes anew: by kind and place.
    const problems::Code *code = nullptr;
    QByteArray pointer;
    const int row = m_view->currentIndex().row();
    if (const problems::Problem *problem = current()) {
        code = problem->code;
        pointer = problem->pointer;
    }
    m_model->setJudged(m_runner->judged());
    if (code) {
        QModelIndex wanted;
        for (int i = 0; i < m_model->rowCount() && !wanted.isValid(); ++i) {
            if (m_model->problem(i).code == code && m_model->problem(i).pointer == pointer)
                wanted = m_filter->mapFromSource(m_model->index(i, ProblemModel::WhatColumn));
        }
        if (!wanted.isValid() && m_filter->rowCount() > 0)
            wanted = m_filter->index(qMin(row, m_filter->rowCount() - 1), ProblemModel::WhatColumn);
        if (wanted.isValid())
            m_view->setCurrentIndex(wanted);
    }
    m_delegate->setFixesEnabled(m_runner->isCurrent() && !m_runner->isFixing());
    m_badge->setCounts(judged.counts);
    for (const problems::Severity severity : {problems::Severity::Error, problems::Severity::Warning, problems::Severity::Hint}) {
        QToolButton *button = m_severities[std::size_t(severity)];
        button->setText(QString::number(judged.counts[std::size_t(severity)]));
        button->setIcon(iconOf(severity));
        button->setVisible(judged.counts[std::size_t(severity)] > 0 || !button->isChecked());
    }
    m_fixAll->setText(m_runner->isFixing() ? tr("Fixing…") : tr("Fix all safe (%1)").arg(judged.safe));
    m_fixAll->setVisible(judged.safe > 0);
    m_fixAll->setEnabled(m_runner->isCurrent() && !m_runner->isFixing());
    m_here->setVisible(judged.endpoints.size() > 1);
    updateNotice();
    emit summaryChanged();
}

void ProblemsPanel::updateNotice()
{
    const Judged &judged = *m_runner->judged();
    QString notice;
    if (!judged.list.empty() && m_filter->rowCount() == 0)
        notice = tr("Nothing left to show: the filter hides all %1.").arg(judged.list.size());
    else if (!judged.list.empty())
        notice.clear();
    else if (!m_runner->isCurrent())
        notice = tr("Looking for problems…");
    else if (m_runner->isLoading())
        notice = tr("No problem found in the file. The keys are still loading.");
    else if (judged.notLoaded > 0)
        notice = judged.notLoaded == 1
                     ? tr("No problem found in the file. The keys of 1 endpoint are not loaded yet: choose it to load them.")
                     : tr("No problem found in the file. The keys of %1 endpoints are not loaded yet: choose them to load them.")
                           .arg(judged.notLoaded);
    else
        notice = tr("No problem found. The gateway would start.");
    m_notice->setText(notice);
    m_notice->setVisible(!notice.isEmpty());
    m_view->setVisible(notice.isEmpty());
}

QString ProblemsPanel::summary() const
{
    const QString counts = countText(m_runner->judged()->counts);
    return counts.isEmpty() ? m_notice->text() : counts;
}

} // namespace tokenlab::ui
