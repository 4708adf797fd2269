#include "ui/compare/comparepanel.h"

#include "core/text/comparison.h"
#include "core/text/text.h"
#include "ui/compare/comparetable.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/lineview.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr int rememberedGateways = 6;
constexpr int comfortable = 300; // height of the dock with a result in it

LineView *lineView(const QString &accessibleName, const QString &objectName)
{
    auto *view = new LineView;
    view->setObjectName(objectName);
    view->setAccessibleName(accessibleName);
    return view;
}

QWidget *titled(const QString &title, QWidget *view)
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    QLabel *label = plainLabel(title, "muted");
    label->setContentsMargins(6, 0, 0, 0);
    column->addWidget(label);
    column->addWidget(view, 1);
    return box;
}

} // namespace

ComparePanel::ComparePanel(LabSession *session, bool remember, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_remember(remember),
      m_runner(new CompareRunner(session, this)),
      m_actions(new QWidget),
      m_gateway(new QComboBox),
      m_choose(flatButton(tr("Choose…"), tr("Choose a krakend program"), QStringLiteral("chooseGateway"))),
      m_compare(new QPushButton(tr("Compare"))),
      m_cancel(new QPushButton(tr("Cancel"))),
      m_summary(new Pill),
      m_context(plainLabel({}, "muted")),
      m_text(plainLabel({}, "muted")),
      m_fix(flatButton(tr("Choose a file…"), tr("Choose a krakend program"), QStringLiteral("compareFix"))),
      m_tabs(new QTabBar),
      m_copy(flatButton(tr("Copy"), tr("Copy the whole comparison"), QStringLiteral("copyComparison"))),
      m_top(new QWidget(this)),
      m_pages(new QStackedWidget),
      m_model(new CompareModel(this)),
      m_table(new QTableView),
      m_labBody(lineView(tr("Body as the lab says"), QStringLiteral("labBodyView"))),
      m_gatewayBody(lineView(tr("Body as the gateway answered"), QStringLiteral("gatewayBodyView"))),
      m_log(lineView(tr("The gateway's own log"), QStringLiteral("gatewayLogView"))),
      m_notes(plainLabel({}, "muted")),
      m_bodies(new QWidget),
      m_resultArea(new QWidget(this))
{
    setObjectName(QStringLiteral("comparePanel"));
    setFocusPolicy(Qt::NoFocus);
    auto *actionRow = new QHBoxLayout(m_actions);
    actionRow->setContentsMargins(0, 0, 0, 4);
    actionRow->setSpacing(6);
    m_gateway->setObjectName(QStringLiteral("gatewayBox"));
    m_gateway->setAccessibleName(tr("Gateway to compare with"));
    m_gateway->setToolTip(tr("A krakend program, docker:VERSION, or the URL of a running gateway. Empty: the one in the PATH, or that "
                             "TOKENLAB_KRAKEND names."));
    m_gateway->setEditable(true);
    m_gateway->setInsertPolicy(QComboBox::NoInsert);
    m_gateway->setMinimumWidth(280);
    m_gateway->lineEdit()->setObjectName(QStringLiteral("gatewayEdit"));
    m_gateway->lineEdit()->setAccessibleName(m_gateway->accessibleName());
    actionRow->addWidget(m_gateway);
    actionRow->addWidget(m_choose);
    m_compare->setObjectName(QStringLiteral("compareButton"));
    m_compare->setToolTip(tr("Ask the lab and the gateway the same (%1)")
                              .arg(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return).toString(QKeySequence::NativeText)));
    actionRow->addWidget(m_compare);
    m_cancel->setObjectName(QStringLiteral("cancelCompare"));
    m_cancel->hide();
    actionRow->addWidget(m_cancel);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 2, 0, 0);
    column->setSpacing(4);
    auto *top = new QHBoxLayout(m_top);
    top->setContentsMargins(5, 0, 0, 0);
    top->setSpacing(10);
    m_summary->setObjectName(QStringLiteral("compareSummary"));
    m_summary->setAccessibleName(tr("Result of the comparison"));
    top->addWidget(m_summary);
    m_context->setObjectName(QStringLiteral("compareContext"));
    m_context->setWordWrap(false);
    m_context->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    top->addWidget(m_context, 1);
    m_tabs->setObjectName(QStringLiteral("compareTabs"));
    m_tabs->setAccessibleName(tr("Views of the comparison"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Side by side"));
    m_tabs->addTab(tr("Bodies"));
    m_tabs->addTab(tr("Gateway's log"));
    top->addWidget(m_tabs);
    top->addWidget(m_copy);
    column->addWidget(m_top);

    auto *textRow = new QHBoxLayout;
    textRow->setContentsMargins(5, 0, 5, 0);
    m_text->setObjectName(QStringLiteral("compareText"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    textRow->addWidget(m_text, 1);
    m_fix->setProperty("kind", QStringLiteral("link"));
    textRow->addWidget(m_fix, 0, Qt::AlignTop);
    column->addLayout(textRow);

    auto *area = new QVBoxLayout(m_resultArea);
    area->setContentsMargins(0, 0, 0, 0);
    area->setSpacing(2);
    area->addWidget(m_pages, 1);
    m_notes->setObjectName(QStringLiteral("compareNotes"));
    m_notes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notes->setContentsMargins(6, 2, 6, 2);
    area->addWidget(m_notes);
    column->addWidget(m_resultArea, 1);
    column->addStretch(0);

    m_table->setObjectName(QStringLiteral("compareTable"));
    m_table->setAccessibleName(tr("Lab and gateway side by side"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new CompareDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(QFontMetrics(uiFont()).height() + 9);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(CompareModel::WhatColumn, QHeaderView::Interactive);
    m_table->horizontalHeader()->setSectionResizeMode(CompareModel::LabColumn, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(CompareModel::GatewayColumn, QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(CompareModel::WhatColumn, 270);
    auto *copy = new QAction(tr("Copy rows"), m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, [this] { copyRows(false); });
    m_table->addAction(copy);
    for (const bool lab : {true, false}) {
        auto *one = new QAction(lab ? tr("Copy the lab's value") : tr("Copy the gateway's value"), m_table);
        connect(one, &QAction::triggered, this, [this, lab] {
            if (const QModelIndex index = m_table->currentIndex(); index.isValid())
                QGuiApplication::clipboard()->setText(
                    QString::fromUtf8(lab ? m_model->row(index.row()).lab : m_model->row(index.row()).gateway));
        });
        m_table->addAction(one);
    }
    if (auto *corner = m_table->findChild<QAbstractButton *>())
        corner->setAccessibleName(tr("Select all rows"));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);

    auto *bodies = new QHBoxLayout(m_bodies);
    bodies->setContentsMargins(0, 0, 0, 0);
    bodies->setSpacing(10);
    bodies->addWidget(titled(tr("Lab"), m_labBody), 1);
    bodies->addWidget(titled(tr("Gateway"), m_gatewayBody), 1);
    m_pages->addWidget(m_table);
    m_pages->addWidget(m_bodies);
    m_pages->addWidget(m_log);

    connect(m_tabs, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_copy, &QToolButton::clicked, this, [this] { copyRows(true); });
    connect(m_compare, &QPushButton::clicked, this, &ComparePanel::compare);
    connect(m_cancel, &QPushButton::clicked, m_runner, &CompareRunner::cancel);
    connect(m_gateway->lineEdit(), &QLineEdit::returnPressed, this, &ComparePanel::compare);
    connect(m_choose, &QToolButton::clicked, this, &ComparePanel::chooseFile);
    connect(m_fix, &QToolButton::clicked, this, &ComparePanel::chooseFile);
    connect(m_runner, &CompareRunner::changed, this, &ComparePanel::showState);
    m_tick.setInterval(250);
    connect(&m_tick, &QTimer::timeout, this, &ComparePanel::showProgress);

    const auto found = lab::findGateway();
    m_gateway->lineEdit()->setPlaceholderText(found ? tr("%1 (found here)").arg(found.value().displayName())
                                                    : tr("a krakend file, docker:VERSION or http://…"));
    if (m_remember) {
        QSettings settings;
        m_gateway->addItems(settings.value(QStringLiteral("gateways")).toStringList());
        m_gateway->setEditText(settings.value(QStringLiteral("gateway")).toString());
    } else {
        m_gateway->setEditText({});
    }
    showState();
}

void ComparePanel::compare()
{
    const QString name = m_gateway->currentText().trimmed();
    rememberGateway(name);
    m_since.start();
    m_runner->start(name);
}

// A URL with a password is used, not kept.
void ComparePanel::rememberGateway(const QString &name)
{
    const bool secret = name.contains(QLatin1String("://")) && name.contains(QLatin1Char('@'));
    if (!secret && !name.isEmpty()) {
        const QString text = name;
        if (const int at = m_gateway->findText(text, Qt::MatchExactly | Qt::MatchCaseSensitive); at >= 0)
            m_gateway->removeItem(at);
        m_gateway->insertItem(0, text);
        while (m_gateway->count() > rememberedGateways)
            m_gateway->removeItem(m_gateway->count() - 1);
        m_gateway->setEditText(text);
    }
    if (!m_remember || secret)
        return;
    QStringList all;
    for (int i = 0; i < m_gateway->count(); ++i)
        all << m_gateway->itemText(i);
    QSettings settings;
    settings.setValue(QStringLiteral("gateways"), all);
    settings.setValue(QStringLiteral("gateway"), name);
}

void ComparePanel::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Choose a krakend program"), QFileInfo(m_gateway->currentText()).absolutePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("gatewayDialog"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) { m_gateway->setEditText(path); });
    dialog->open();
}

QString ComparePanel::phaseText() const
{
    if (m_runner->state() == CompareRunner::State::Waiting)
        return tr("Waiting for the lab's own answer…");
    switch (m_runner->phase()) {
    case lab::Compare::AskingLab:
        return tr("Asking the lab…");
    case lab::Compare::StartingGateway:
        return tr("Starting the gateway on a private copy of the file…");
    case lab::Compare::AskingGateway:
        return tr("Asking the gateway…");
    case lab::Compare::StoppingGateway:
        return tr("Ending the gateway…");
    }
    return {};
}

QString ComparePanel::sentence() const
{
    switch (m_runner->state()) {
    case CompareRunner::State::Nothing:
        return tr("Compare starts a real KrakenD on a private copy of this file, asks it the same request and shows where it and the lab "
                  "part: status, headers, body, tokens, log, and what the backends received.");
    case CompareRunner::State::Stopped:
        return m_session->isIntact() ? tr("Stopped: it was of an older configuration. Compare again.")
                                     : tr("The file cannot be read as it is now; mend it first.");
    case CompareRunner::State::Failed: {
        QString words = m_runner->trouble() ? text::sentence(*m_runner->trouble()) : QString();
        if (!words.isEmpty())
            words[0] = words[0].toUpper();
        return words + QLatin1Char('.');
    }
    default:
        return {};
    }
}

void ComparePanel::showProgress()
{
    const qint64 seconds = m_since.isValid() ? m_since.elapsed() / 1000 : 0;
    m_summary->show(phaseText(), Tone::Neutral);
    m_context->setText(seconds >= 2 ? tr("%1 s").arg(seconds) : QString());
}

void ComparePanel::showState()
{
    const bool busy = m_runner->isBusy();
    const lab::CompareResult *result = m_runner->result();
    m_compare->setVisible(!busy);
    m_cancel->setVisible(busy);
    m_gateway->setEnabled(!busy);
    m_choose->setEnabled(!busy);
    const QString words = sentence();
    const bool failed = m_runner->state() == CompareRunner::State::Failed;
    m_text->setText(words);
    m_text->setVisible(!words.isEmpty());
    setStyleProperty(m_text, "role", failed ? QStringLiteral("bad") : QStringLiteral("muted"));
    const auto &trouble = m_runner->trouble();
    m_fix->setVisible(failed && trouble &&
                      (trouble->kind == twin::GatewayTrouble::NoProgram || trouble->kind == twin::GatewayTrouble::NotExecutable));
    m_tabs->setVisible(result != nullptr);
    m_copy->setVisible(result != nullptr);
    m_resultArea->setVisible(result != nullptr);
    m_top->setVisible(busy || result);
    if (busy) {
        m_tick.start();
        showProgress();
    } else {
        m_tick.stop();
    }
    if (!result)
        m_shown = nullptr;
    else
        showResult();
}

void ComparePanel::showResult()
{
    const lab::CompareResult &result = *m_runner->result();
    const bool equal = result.comparison.equal(), outdated = m_runner->isOutdated();
    m_summary->show(text::summary(result.comparison, result.gateway), equal || outdated ? Tone::Neutral : Tone::Bad);
    QStringList context;
    if (outdated)
        context << tr("of an older configuration");
    context << text::inert(result.lab.method + ' ' + result.lab.endpoint) << text::inert(result.gatewayName.toUtf8());
    if (!result.gateway.release.isEmpty())
        context << tr("KrakenD %1").arg(text::inert(result.gateway.release));
    m_context->setText(context.join(QStringLiteral(" · ")));
    m_context->setToolTip(QStringLiteral("<p>") + m_context->text().toHtmlEscaped() + QStringLiteral("</p>"));
    m_model->setOutdated(outdated);
    if (m_shown == m_runner->result() && outdated)
        return;
    m_shown = &result;
    m_model->setRows(rowsOf(result));
    m_model->setOutdated(outdated);
    if (m_model->rowCount() > 0)
        m_table->setCurrentIndex(m_model->index(0, 0));
    QStringList notes;
    for (const twin::CompareNote &note : result.notes)
        notes << text::sentence(note);
    for (const QByteArray &note : result.lab.notes)
        notes << text::inert(note);
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());

    const bool bodies = result.gateway.answered && (!result.lab.response.body.isEmpty() || !result.gateway.response.body.isEmpty());
    m_tabs->setTabVisible(BodiesPage, bodies);
    m_tabs->setTabVisible(LogPage, result.gateway.logKnown); // a gateway elsewhere keeps it to itself
    m_tabs->updateGeometry();
    // One that does not start says why in its log; where only the bodies differ the rows still come first.
    m_tabs->setCurrentIndex(RowsPage);
    m_log->setText(result.gateway.wholeLog);
    m_labBody->setText({});
    m_gatewayBody->setText({});
    if (bodies) {
        const auto show = [this](const std::shared_ptr<const BodyPair> &pair) {
            const auto marks = [](const std::vector<Span> &spans) {
                std::vector<LineView::Mark> list;
                for (const Span &span : spans)
                    list.push_back({span.begin, span.length});
                return list;
            };
            m_labBody->setText(pair->lab);
            m_labBody->setMarks(marks(pair->labSpans));
            m_gatewayBody->setText(pair->gateway);
            m_gatewayBody->setMarks(marks(pair->gatewaySpans));
            if (!pair->labSpans.empty())
                m_labBody->showOffset(pair->labSpans.front().begin);
            if (!pair->gatewaySpans.empty())
                m_gatewayBody->showOffset(pair->gatewaySpans.front().begin);
        };
        m_pairing.order([mine = result.lab.response.body,
                         its = result.gateway.response.body] { return std::make_shared<const BodyPair>(bodyPair(mine, its)); },
                        show);
    } else {
        m_pairing.drop();
    }
    emit roomWanted(comfortable);
}

void ComparePanel::copyRows(bool all)
{
    QList<int> rows;
    if (all) {
        for (int i = 0; i < m_model->rowCount(); ++i)
            rows << i;
    } else {
        const auto chosen = m_table->selectionModel()->selectedRows();
        for (const QModelIndex &index : chosen)
            rows << index.row();
        std::sort(rows.begin(), rows.end());
    }
    QByteArray text = m_model->text(rows);
    if (all && m_runner->result())
        text = (m_summary->text() + QLatin1Char('\n') + m_context->text() + QLatin1Char('\n')).toUtf8() + text + '\n';
    QGuiApplication::clipboard()->setText(QString::fromUtf8(text));
}

void ComparePanel::setCanCompare(bool can)
{
    m_compare->setEnabled(can);
}

} // namespace tokenlab::ui
