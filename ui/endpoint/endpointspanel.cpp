#include "ui/endpoint/endpointspanel.h"

#include "core/gateway/edit.h"
#include "ui/endpoint/endpointmodel.h"
#include "ui/widgets/basics.h"

#include <QLineEdit>
#include <QListView>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

namespace {
constexpr int searchFrom = 8; // endpoints: fewer need no filter

int rowHeight()
{
    return QFontMetrics(uiFont()).height() + 14;
}
} // namespace

EndpointsPanel::EndpointsPanel(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_header(new CardHeader(tr("Endpoints"))),
      m_model(new EndpointModel(this)),
      m_filter(new EndpointFilter(this)),
      m_list(new QListView(this)),
      m_search(new QLineEdit(this)),
      m_signing(flatButton(tr("Signing"), tr("Show only endpoints that sign"), QStringLiteral("signingOnly"))),
      m_add(flatButton(QStringLiteral("+"), tr("Add an endpoint with a signer"), QStringLiteral("addEndpoint")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 2, 10, 4);
    column->setSpacing(5);
    m_search->setObjectName(QStringLiteral("endpointFilter"));
    m_search->setPlaceholderText(tr("Filter"));
    m_search->setAccessibleName(tr("Filter the endpoints"));
    m_search->setClearButtonEnabled(true);
    column->addWidget(m_search);
    m_filter->setSourceModel(m_model);
    m_list->setObjectName(QStringLiteral("endpointList"));
    m_list->setAccessibleName(tr("Endpoints"));
    m_list->setModel(m_filter);
    m_list->setItemDelegate(new EndpointDelegate(m_list));
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list, 1);
    m_signing->setCheckable(true);
    m_header->addAction(m_signing);
    m_header->addAction(m_add);
    setMinimumHeight(3 * rowHeight() + 8); // three endpoints
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_quiet = true;
        m_filter->setText(text);
        m_quiet = false;
        showSelection();
    });
    connect(m_signing, &QToolButton::toggled, this, [this](bool on) {
        m_quiet = true;
        m_filter->setSigningOnly(on);
        m_quiet = false;
        showSelection();
    });
    connect(m_add, &QToolButton::clicked, this, [this] {
        if (!m_session->tree() || !m_session->service())
            return;
        const std::size_t before = m_session->service()->endpoints.size();
        m_session->edit(gateway::edit::addEndpoint(*m_session->tree()), tr("Add endpoint"));
        if (m_session->service() && m_session->service()->endpoints.size() > before)
            m_session->selectEndpoint(before);
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (!m_quiet && current.isValid())
            m_session->selectEndpoint(std::size_t(m_filter->mapToSource(current).row()));
    });
}

void EndpointsPanel::showConfig()
{
    m_quiet = true;
    m_model->setService(m_session->service());
    m_quiet = false;
    const bool many = m_model->rowCount() >= searchFrom;
    m_search->setVisible(many || !m_search->text().isEmpty());
    m_add->setEnabled(m_session->isEditable());
    showSelection();
}

void EndpointsPanel::showCounts(const std::vector<Counts> &counts)
{
    m_model->setCounts(counts);
}

int EndpointsPanel::contentHeight() const
{
    const QMargins margins = layout()->contentsMargins();
    const int search = m_search->isHidden() ? 0 : m_search->sizeHint().height() + layout()->spacing();
    return margins.top() + margins.bottom() + search + m_filter->rowCount() * rowHeight() + 4;
}

void EndpointsPanel::showSelection()
{
    m_quiet = true;
    const QModelIndex source = m_model->index(int(m_session->endpointIndex()), 0);
    const QModelIndex index = m_filter->mapFromSource(source);
    if (index.isValid())
        m_list->setCurrentIndex(index);
    else
        m_list->clearSelection();
    m_quiet = false;
}

} // namespace tokenlab::ui
