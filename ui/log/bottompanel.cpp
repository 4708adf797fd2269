#include "ui/log/bottompanel.h"

#include "ui/log/logmodel.h"
#include "ui/log/tracemodel.h"
#include "ui/widgets/basics.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QListView>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace tokenlab::ui {

BottomPanel::BottomPanel(QWidget *parent)
    : QWidget(parent),
      m_tabs(new QTabBar),
      m_header(new CardHeader(m_tabs)),
      m_pages(new QStackedWidget(this)),
      m_fold(flatButton(QStringLiteral("▾"), tr("Fold this panel"), QStringLiteral("bottomFold"))),
      m_logEmpty(
          plainLabel(tr("Nothing logged. Errors and warnings of this endpoint appear here as the gateway would print them."), "muted")),
      m_log(new QListView),
      m_trace(new QTreeView),
      m_logModel(new LogModel(this)),
      m_traceModel(new TraceModel(this)),
      m_logPage(new QWidget),
      m_foldedLine(plainLabel({}, "muted"))
{
    m_tabs->setObjectName(QStringLiteral("bottomTabs"));
    m_tabs->setAccessibleName(tr("Log and trace"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 2);
    column->addWidget(m_pages);
    m_foldedLine->setWordWrap(false);
    m_foldedLine->setObjectName(QStringLiteral("foldedLine"));
    m_foldedLine->hide();
    m_header->addAction(m_foldedLine);
    m_header->addAction(m_fold);

    m_log->setObjectName(QStringLiteral("logView"));
    m_log->setAccessibleName(tr("Lines that the gateway would log"));
    m_log->setModel(m_logModel);
    m_log->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_log->setWordWrap(true);
    m_log->setResizeMode(QListView::Adjust);
    m_log->setSpacing(2);
    auto *copy = new QAction(tr("Copy lines"), m_log);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, [this] {
        QByteArrayList lines;
        const auto chosen = m_log->selectionModel()->selectedRows();
        for (const QModelIndex &index : chosen)
            lines << m_logModel->lines()[std::size_t(index.row())];
        QGuiApplication::clipboard()->setText(QString::fromUtf8(lines.join('\n')));
    });
    m_log->addAction(copy);
    m_log->setContextMenuPolicy(Qt::ActionsContextMenu);

    m_trace->setObjectName(QStringLiteral("traceView"));
    m_trace->setAccessibleName(tr("Trace of the last run"));
    m_trace->setModel(m_traceModel);
    m_trace->setRootIsDecorated(false);
    m_trace->setUniformRowHeights(true);
    m_trace->setAllColumnsShowFocus(true);
    m_trace->header()->setStretchLastSection(false);
    m_trace->header()->setSectionResizeMode(TraceModel::StageColumn, QHeaderView::ResizeToContents);
    m_trace->header()->setSectionResizeMode(TraceModel::WhatColumn, QHeaderView::Stretch);
    m_trace->header()->setSectionResizeMode(TraceModel::WhereColumn, QHeaderView::Interactive);
    m_trace->header()->resizeSection(TraceModel::WhereColumn, 300);
    m_trace->header()->setSectionResizeMode(TraceModel::RuleColumn, QHeaderView::ResizeToContents);
    m_trace->header()->setSectionResizeMode(TraceModel::TimeColumn, QHeaderView::ResizeToContents);
    connect(m_trace, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (const QByteArray pointer = m_traceModel->step(index.row()).pointer; !pointer.isEmpty())
            emit placeAsked(pointer);
    });

    auto *logColumn = new QVBoxLayout(m_logPage);
    logColumn->setContentsMargins(0, 0, 0, 0);
    m_logEmpty->setContentsMargins(5, 4, 5, 4);
    m_logEmpty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    logColumn->addWidget(m_logEmpty, 1);
    logColumn->addWidget(m_log, 1);
    m_log->hide();
    addPage(m_logPage, tr("Gateway log"));
    addPage(m_trace, tr("Trace"));
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int page) {
        m_pages->setCurrentIndex(page);
        updateHeader();
    });
    connect(m_tabs, &QTabBar::tabBarClicked, this, [this] { setFolded(false); });
    connect(m_fold, &QToolButton::clicked, this, [this] { setFolded(!m_folded); });
}

void BottomPanel::addPage(QWidget *page, const QString &title, int at)
{
    const int index = at < 0 ? m_tabs->count() : at;
    m_pages->insertWidget(index, page);
    m_tabs->insertTab(index, title);
    m_tabs->setCurrentIndex(0);
    m_pages->setCurrentIndex(0);
    updateHeader();
}

void BottomPanel::setPageTitle(QWidget *page, const QString &title)
{
    m_tabs->setTabText(m_pages->indexOf(page), title);
}

void BottomPanel::showPage(QWidget *page)
{
    setFolded(false);
    m_tabs->setCurrentIndex(m_pages->indexOf(page));
}

void BottomPanel::setPageMark(QWidget *page, QWidget *mark)
{
    const int index = m_pages->indexOf(page);
    m_tabs->setTabButton(index, QTabBar::RightSide, nullptr); // the bar hides the mark it had, even if it is the new one
    m_tabs->setTabButton(index, QTabBar::RightSide, mark);
    mark->show();
}

void BottomPanel::addPageActions(QWidget *page, QWidget *actions)
{
    m_header->addAction(actions);
    m_header->addAction(m_fold); // stays the last one
    m_pageActions.emplace_back(page, actions);
    updateHeader();
}

void BottomPanel::setFoldedLine(const QString &text)
{
    m_foldedLine->setText(text);
    updateHeader();
}

void BottomPanel::updateHeader()
{
    for (const auto &[page, actions] : m_pageActions)
        actions->setVisible(!m_folded && m_pages->currentWidget() == page);
    m_foldedLine->setVisible(m_folded && !m_foldedLine->text().isEmpty());
}

void BottomPanel::showOutcome(const std::vector<twin::TraceStep> &trace, const std::vector<QByteArray> &log)
{
    m_logEmpty->setVisible(log.empty());
    m_log->setVisible(!log.empty());
    m_logModel->setLines(log);
    m_traceModel->setTrace(trace);
    setPageTitle(m_logPage, log.empty() ? tr("Gateway log") : tr("Gateway log  %1").arg(log.size()));
}

void BottomPanel::setFolded(bool folded)
{
    if (folded == m_folded)
        return;
    m_folded = folded;
    m_pages->setVisible(!folded);
    m_fold->setText(folded ? QStringLiteral("▴") : QStringLiteral("▾"));
    m_fold->setAccessibleName(folded ? tr("Unfold this panel") : tr("Fold this panel"));
    m_fold->setToolTip(m_fold->accessibleName());
    updateHeader();
    emit foldedChanged(folded);
}

} // namespace tokenlab::ui
