#include "ui/endpoint/endpointmodel.h"

#include "core/text/text.h"
#include "ui/widgets/theme.h"

#include <QPainter>

namespace tokenlab::ui {

void EndpointModel::setService(std::shared_ptr<const gateway::ServiceConfig> service)
{
    beginResetModel();
    m_service = std::move(service);
    endResetModel();
}

void EndpointModel::setCounts(const std::vector<Counts> &counts)
{
    if (counts == m_counts)
        return;
    m_counts = counts;
    if (rowCount() > 0)
        emit dataChanged(index(0), index(rowCount() - 1), {CountsRole, Qt::ToolTipRole, Qt::AccessibleTextRole});
}

int EndpointModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_service ? 0 : int(m_service->endpoints.size());
}

QVariant EndpointModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const gateway::EndpointConfig &e = m_service->endpoints[std::size_t(index.row())];
    const bool validates =
        e.extraConfig.find("github.com/devopsfaith/krakend-jose/validator").exists() || e.extraConfig.find("auth/validator").exists();
    const Counts counts = std::size_t(index.row()) < m_counts.size() ? m_counts[std::size_t(index.row())] : Counts{};
    const QString counted = countText(counts);
    switch (role) {
    case CountsRole:
        return QVariant::fromValue(counts);
    case Qt::ToolTipRole:
        return counted.isEmpty() ? QVariant() : QVariant(counted);
    case Qt::DisplayRole:
        return QString(text::inert(e.method) + QLatin1Char(' ') + text::inert(e.path));
    case Qt::AccessibleTextRole:
        return QString(text::inert(e.method) + QLatin1Char(' ') + text::inert(e.path) + QLatin1String(", ") +
                       (e.signer    ? tr("signer")
                        : validates ? tr("validator")
                                    : tr("no signer")) +
                       (counted.isEmpty() ? QString() : QLatin1String(", ") + counted));
    case MethodRole:
        return text::inert(e.method);
    case PathRole:
        return text::inert(e.path);
    case TagRole:
        return e.signer && validates ? tr("signer, validator") : e.signer ? tr("signer") : validates ? tr("validator") : QString();
    case SignsRole:
        return e.signer.has_value();
    default:
        return {};
    }
}

void EndpointFilter::setText(const QString &text)
{
    m_text = text;
    invalidateFilter();
}

void EndpointFilter::setSigningOnly(bool only)
{
    m_signingOnly = only;
    invalidateFilter();
}

bool EndpointFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (m_signingOnly && !index.data(EndpointModel::SignsRole).toBool())
        return false;
    return m_text.isEmpty() || index.data(Qt::DisplayRole).toString().contains(m_text, Qt::CaseInsensitive);
}

void EndpointDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Tokens &t = tokens();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect rect = option.rect.adjusted(0, 1, 0, -1);
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.state & QStyle::State_Selected ? t.accentSoft : t.window);
        painter->drawRoundedRect(rect, 6, 6);
    }
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange) {
        painter->setPen(t.accent);
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    const QRect inner = rect.adjusted(11, 0, -11, 0);
    const QFont normal = uiFont();
    const QFontMetrics metrics(normal);
    QFont strong = smallMonoFont();
    strong.setWeight(QFont::DemiBold);
    painter->setFont(strong);
    painter->setPen(t.muted);
    const int methodWidth = QFontMetrics(strong).horizontalAdvance(QStringLiteral("DELETE")) + 10;
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, index.data(EndpointModel::MethodRole).toString());
    const QString tag = index.data(EndpointModel::TagRole).toString();
    const QFont small = smallFont();
    // One width for the usual tags, so that the marks beside them line up.
    const int tagWidth = qMax(QFontMetrics(small).horizontalAdvance(tag), QFontMetrics(small).horizontalAdvance(tr("validator"))) + 8;
    painter->setFont(small);
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignRight, tag);
    // The worst of its problems: a shape, and how many are that bad.
    int markWidth = 0;
    const Counts counts = index.data(EndpointModel::CountsRole).value<Counts>();
    if (const auto severity = worst(counts); severity && *severity != problems::Severity::Hint) {
        const QString number = QString::number(counts[std::size_t(*severity)]);
        const int numberWidth = QFontMetrics(small).horizontalAdvance(number);
        const int right = inner.right() - tagWidth - 6;
        const QColor color = toneColor(toneOf(*severity));
        painter->setPen(color);
        painter->drawText(QRect(right - numberWidth, inner.top(), numberWidth + 1, inner.height()), Qt::AlignVCenter | Qt::AlignRight,
                          number);
        paintShape(*painter, QRectF(right - numberWidth - 14, inner.center().y() - 4.5, 10, 10), shapeOf(*severity), color);
        markWidth = numberWidth + 24;
    }
    painter->setFont(normal);
    painter->setPen(t.text);
    const QRect middle = inner.adjusted(methodWidth, 0, -tagWidth - markWidth, 0);
    painter->drawText(middle, Qt::AlignVCenter | Qt::AlignLeft,
                      metrics.elidedText(index.data(EndpointModel::PathRole).toString(), Qt::ElideMiddle, middle.width()));
    painter->restore();
}

QSize EndpointDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {120, QFontMetrics(uiFont()).height() + 14};
}

} // namespace tokenlab::ui
