#include "ui/problems/problemmodel.h"

#include "core/text/problems.h"
#include "core/text/text.h"
#include "ui/problems/severity.h"
#include "ui/widgets/theme.h"

#include <QIcon>

namespace tokenlab::ui {

void ProblemModel::setJudged(std::shared_ptr<const Judged> judged)
{
    beginResetModel();
    m_judged = std::move(judged);
    endResetModel();
}

int ProblemModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_judged->list.size());
}

int ProblemModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString ProblemModel::endpointName(const problems::Problem &problem) const
{
    if (!m_judged->service || problem.endpoint >= m_judged->service->endpoints.size())
        return {};
    const gateway::EndpointConfig &endpoint = m_judged->service->endpoints[problem.endpoint];
    return text::inert(endpoint.method) + QLatin1Char(' ') + text::inert(endpoint.path);
}

// The last name of the place, as people call it: `jwk_url`; `backend 1` where it is an element.
QString ProblemModel::member(const problems::Problem &problem) const
{
    const QByteArray inner = m_judged->service && problem.endpoint < m_judged->service->endpoints.size() &&
                                     problem.pointer.startsWith(m_judged->service->endpoints[problem.endpoint].pointer)
                                 ? problem.pointer.sliced(m_judged->service->endpoints[problem.endpoint].pointer.size())
                                 : problem.pointer;
    const QByteArrayList parts = inner.split('/');
    if (parts.size() < 2)
        return {};
    const auto decoded = [](QByteArray part) { return text::inert(part.replace("~1", "/").replace("~0", "~")); };
    bool number = false;
    const int index = parts.last().toInt(&number);
    if (number && parts.size() > 2)
        return decoded(parts[parts.size() - 2]) + QLatin1Char(' ') + QString::number(index + 1);
    return decoded(parts.last());
}

QVariant ProblemModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const problems::Problem &problem = m_judged->list[std::size_t(index.row())];
    switch (role) {
    case SeverityRole:
        return int(problem.severity);
    case GatewayRole:
        return problem.gateway.isEmpty() ? QString() : text::inert(problem.gateway);
    case LintRole:
        return problem.lint;
    case EndpointRole:
        return problem.endpoint == problems::Problem::npos ? QVariant() : QVariant(qulonglong(problem.endpoint));
    case FixCountRole:
        return int(problem.fixes.size());
    case PlaceRole:
        return problem.pointer;
    case Qt::DecorationRole:
        return index.column() == SeverityColumn ? QVariant(iconOf(problem.severity)) : QVariant();
    case Qt::AccessibleTextRole:
        if (index.column() == SeverityColumn)
            return severityName(problem.severity);
        return data(index, Qt::DisplayRole);
    case Qt::ToolTipRole: {
        QStringList lines;
        if (index.column() == WhereColumn || index.column() == LineColumn) {
            lines << (problem.pointer.isEmpty() ? ProblemModel::tr("The whole file") : text::inert(problem.pointer));
            if (const int line = m_judged->lines[std::size_t(index.row())]; line > 0)
                lines << tr("Line %1").arg(line);
        } else if (index.column() == FixColumn) {
            for (const problems::Fix &fix : problem.fixes)
                lines << text::label(fix, problem);
        } else if (index.column() == SeverityColumn) {
            lines << severityName(problem.severity);
        } else {
            lines << text::message(problem);
            if (!problem.gateway.isEmpty())
                lines << tr("The gateway says: %1").arg(text::inert(problem.gateway));
            if (problem.lint)
                lines << tr("The official schema objects too: krakend check reports it.");
        }
        QStringList escaped;
        for (const QString &line : lines)
            escaped << line.toHtmlEscaped();
        return lines.isEmpty() ? QVariant() : QVariant(QStringLiteral("<p>%1</p>").arg(escaped.join(QStringLiteral("</p><p>"))));
    }
    case Qt::TextAlignmentRole:
        return index.column() == LineColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::FontRole:
        return index.column() == LineColumn ? QVariant(smallMonoFont()) : QVariant();
    case Qt::ForegroundRole:
        return index.column() == LineColumn ? QVariant(tokens().muted) : QVariant();
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case WhatColumn:
        return text::message(problem);
    case WhereColumn: {
        const QString endpoint = endpointName(problem), inner = member(problem);
        return endpoint.isEmpty() ? (inner.isEmpty() ? tr("The whole file") : inner)
               : inner.isEmpty()  ? endpoint
                                  : endpoint + QStringLiteral(" · ") + inner;
    }
    case LineColumn: {
        const int line = m_judged->lines[std::size_t(index.row())];
        return line > 0 ? QVariant(line) : QVariant();
    }
    case FixColumn:
        return problem.fixes.empty() ? QString() : text::label(problem.fixes.front(), problem);
    default:
        return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == LineColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return smallFont();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case WhatColumn:
        return tr("Problem");
    case WhereColumn:
        return tr("Where");
    case LineColumn:
        return tr("Line");
    case FixColumn:
        return tr("Fix");
    default:
        return QString();
    }
}

void ProblemFilter::setSeverity(problems::Severity severity, bool shown)
{
    m_shown[std::size_t(severity)] = shown;
    invalidateFilter();
}

void ProblemFilter::setEndpoint(std::optional<std::size_t> endpoint)
{
    if (m_endpoint == endpoint)
        return;
    m_endpoint = endpoint;
    invalidateFilter();
}

bool ProblemFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (!m_shown[std::size_t(index.data(ProblemModel::SeverityRole).toInt())])
        return false;
    const QVariant endpoint = index.data(ProblemModel::EndpointRole);
    return !m_endpoint || !endpoint.isValid() || endpoint.toULongLong() == *m_endpoint;
}

} // namespace tokenlab::ui
