#include "ui/bindings/bindingsdialog.h"

#include "ui/bindings/bindingsmodel.h"
#include "ui/widgets/basics.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace tokenlab::ui {

BindingsDialog::BindingsDialog(const gateway::ServiceConfig *service, const lab::Bindings &bindings, QWidget *parent)
    : QDialog(parent),
      m_model(new BindingsModel(service, bindings, this)),
      m_table(new QTreeView(this)),
      m_error(plainLabel({}, "bad", this)),
      m_remove(new QPushButton(tr("Remove the row"), this))
{
    setObjectName(QStringLiteral("bindingsDialog"));
    setWindowTitle(tr("Bindings"));
    resize(760, 460);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(9);
    column->addWidget(plainLabel(tr("The file names hosts, keys and certificates as production has them. Here you say where they lead on "
                                    "this computer. Nothing of it is written to the file."),
                                 nullptr, this));
    m_table->setObjectName(QStringLiteral("bindingsTable"));
    m_table->setAccessibleName(tr("Bindings"));
    m_table->setModel(m_model);
    m_table->setRootIsDecorated(false);
    m_table->setIndentation(0);
    m_table->setUniformRowHeights(true);
    m_table->setAllColumnsShowFocus(true);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed |
                             QAbstractItemView::SelectedClicked);
    m_table->setStyleSheet(
        QStringLiteral("QTreeView::item { padding: 5px 4px; border: none; } QTreeView::item:selected { background: %1; color: %2; }")
            .arg(tokens().accentSoft.name(), tokens().text.name()));
    m_table->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_table->header()->resizeSection(BindingsModel::KindColumn, 92);
    m_table->header()->resizeSection(BindingsModel::FromColumn, 320);
    auto *card = new Card(this);
    card->column()->setContentsMargins(8, 6, 8, 6);
    card->column()->addWidget(m_table);
    column->addWidget(card, 1);
    column->addWidget(
        plainLabel(tr("A host is led to a URL (http://127.0.0.1:8400), a key URL to a URL or a file, a file to a file. What is left empty "
                      "stays as it is. A row by hand may lead just the beginning of a URL elsewhere, up to a slash."),
                   "muted", this));
    m_error->setObjectName(QStringLiteral("bindingsError"));
    column->addWidget(m_error);
    auto *bottom = new QHBoxLayout;
    auto *add = new QPushButton(tr("Add a row"), this);
    add->setObjectName(QStringLiteral("addBinding"));
    m_remove->setObjectName(QStringLiteral("removeBinding"));
    for (QPushButton *button : {add, m_remove}) {
        button->setAutoDefault(false);
        bottom->addWidget(button);
    }
    bottom->addStretch(1);
    auto *buttons = new QDialogButtonBox(this);
    m_use = buttons->addButton(tr("Use these"), QDialogButtonBox::AcceptRole);
    m_use->setObjectName(QStringLiteral("useBindings"));
    setStyleProperty(m_use, "kind", QStringLiteral("primary"));
    buttons->addButton(QDialogButtonBox::Cancel);
    bottom->addWidget(buttons);
    column->addLayout(bottom);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(add, &QPushButton::clicked, this, &BindingsDialog::addByHand);
    connect(m_remove, &QPushButton::clicked, this, &BindingsDialog::removeByHand);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, changed, this, &BindingsDialog::check);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &BindingsDialog::check);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &BindingsDialog::check);
    if (m_model->rowCount() > 0)
        m_table->setCurrentIndex(m_model->index(0, BindingsModel::ToColumn));
    m_table->setFocus();
    check();
}

lab::Bindings BindingsDialog::bindings() const
{
    return m_model->bindings();
}

void BindingsDialog::addByHand()
{
    const QModelIndex from = m_model->index(m_model->addRow(), BindingsModel::FromColumn);
    m_table->setCurrentIndex(from);
    m_table->edit(from);
}

void BindingsDialog::removeByHand()
{
    m_model->removeRowByHand(m_table->currentIndex().row());
    m_table->setFocus();
}

// Delete takes a row by hand away, and the binding off one of the file's.
void BindingsDialog::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Delete || !m_table->hasFocus() || !m_table->currentIndex().isValid()) {
        QDialog::keyPressEvent(event);
        return;
    }
    const int row = m_table->currentIndex().row();
    if (m_model->isByHand(row))
        removeByHand();
    else
        m_model->setData(m_model->index(row, BindingsModel::ToColumn), QString(), Qt::EditRole);
}

void BindingsDialog::check()
{
    const auto error = m_model->firstError();
    m_error->setText(error ? tr("Row %1: %2").arg(error->first + 1).arg(error->second) : QString());
    m_error->setVisible(error.has_value());
    m_use->setEnabled(!error);
    m_remove->setEnabled(m_model->isByHand(m_table->currentIndex().row()));
}

} // namespace tokenlab::ui
